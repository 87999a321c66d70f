"""The moves of a person who enhances several volumes, and what that person reads in the table."""

import harness
import person
import slicer


def check(panel, *nodes):
    """Open the part of the panel and check these volumes."""
    panel.ui.batchCollapsibleButton.collapsed = False
    for node in nodes:
        panel.ui.batchVolumesComboBox.check(node)
    harness.processEventsUntil(lambda: set(kept(panel)) >= set(nodes), seconds=5)


def uncheck(panel, *nodes):
    """Take the check marks away."""
    for node in nodes:
        panel.ui.batchVolumesComboBox.uncheck(node)
    harness.processEventsUntil(lambda: not set(kept(panel)) & set(nodes), seconds=5)


def checked(panel):
    """The volumes that the list shows as checked."""
    return list(panel.ui.batchVolumesComboBox.checkedNodes())


def kept(panel):
    """The volumes that the scene keeps as checked."""
    node = panel.panel.parameterNode.parameterNode
    role = "GANEnhance.batchVolume"
    return [node.GetNthNodeReference(role, n) for n in range(node.GetNumberOfNodeReferences(role))]


def start(panel, model="median"):
    """Choose a model and press Enhance all."""
    person.choose(panel.ui.modelComboBox, model)
    assert panel.ui.enhanceAllButton.enabled, panel.ui.enhanceAllButton.toolTip
    panel.ui.enhanceAllButton.click()
    assert panel.ui.enhanceButton.text == "Cancel"


def enhanceAll(panel, model="median"):
    """Start and wait until all is over."""
    start(panel, model)
    person.waitUntilReady(panel)
    return table(panel)


def table(panel):
    """Texts of the table, row by row; [] if it is not shown."""
    box = panel.ui.batchTable
    if box.isHidden():
        return []
    return [
        [box.item(row, column).text() for column in range(box.columnCount)] for row in range(box.rowCount)
    ]


def outcomes(panel):
    """{volume: what the table says of it}."""
    return {row[0]: row[1] for row in table(panel)}


def waitForOutcome(panel, name, text, seconds=90):
    """Wait until the table says this of a volume."""
    harness.processEventsUntil(lambda: outcomes(panel).get(name) == text, seconds)


def results():
    """The volumes that GANEnhance made, by their names."""
    return {n.GetName(): n for n in person.volumes() if n.GetAttribute("GANEnhance.Model")}


def clipboard():
    """What was copied."""
    return slicer.app.clipboard().text()
