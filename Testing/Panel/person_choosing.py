"""The moves of a person who chooses a model, adds one or removes one."""

import harness


def isSeen(panel, widget):
    """Return whether a widget is seen where the panel is."""
    return widget.isVisibleTo(panel.ui.inputsCollapsibleButton)


def line(panel, name):
    """Return the index of a model in the combo box."""
    index = panel.ui.modelComboBox.findData(name)
    assert index >= 0, name
    return index


def isGray(panel, name):
    """Return whether the line of a model is gray."""
    import qt

    return panel.ui.modelComboBox.itemData(line(panel, name), qt.Qt.ForegroundRole) is not None


def toolTip(panel, name):
    """Return the tool tip of a model's line."""
    import qt

    return panel.ui.modelComboBox.itemData(line(panel, name), qt.Qt.ToolTipRole)


def card(panel):
    """Return what the card says, without the invisible spaces that let it wrap."""
    return panel.ui.modelNoteLabel.text.replace("\u200b", "")


def message(panel):
    """Return what is said of adding and removing."""
    return panel.ui.modelMessageLabel.text.replace("\u200b", "")


def waitForVerdicts(panel, seconds=60):
    """Wait until the worker has said which models suit the volume."""
    harness.processEventsUntil(lambda: panel.panel.verdicts, seconds)


def found(panel):
    """Return the names of the models in the list below the search."""
    import qt

    tree = panel.ui.modelTree
    return [tree.topLevelItem(row).data(0, qt.Qt.UserRole) for row in range(tree.topLevelItemCount)]


def action(panel, text):
    """Return the action of the menu of models whose text begins so."""
    actions = [each for each in panel.ui.modelFilesButton.menu().actions() if not each.isSeparator()]
    (one,) = [each for each in actions if each.text.startswith(text)]
    return one


def restart(panel):
    """Let the worker begin anew, in the environment of now."""
    panel.panel.restartWorker()
    harness.processEventsUntil(lambda: panel.models, seconds=60)


def waitUntilAdded(panel, seconds=60):
    """Wait until no model is being added any more, and the list is there again."""
    harness.processEventsUntil(lambda: not isSeen(panel, panel.ui.modelWorkBox), seconds)
