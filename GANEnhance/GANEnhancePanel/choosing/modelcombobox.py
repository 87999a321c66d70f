"""Fills the combo box that holds the chosen model; gray lines can be looked at, and are not run."""

import qt


def fillModels(comboBox, found, chosen):
    """Show the Choices `found` and the one named `chosen`, without telling anybody of a change."""
    before = [_shown(comboBox, index) for index in range(comboBox.count)]
    comboBox.blockSignals(True)
    if before != [(each.name, each.text, each.toolTip) for each in found]:
        comboBox.clear()
        for index, each in enumerate(found):
            comboBox.addItem(each.text, each.name)
            comboBox.setItemData(index, each.toolTip, qt.Qt.ToolTipRole)
            if each.isGray:
                comboBox.setItemData(index, gray(comboBox), qt.Qt.ForegroundRole)
    comboBox.setCurrentIndex([each.name for each in found].index(chosen))
    comboBox.blockSignals(False)


def gray(widget):
    """Return the brush of texts that cannot be used, in the colors that the user has chosen."""
    return qt.QBrush(widget.palette.color(qt.QPalette.Disabled, qt.QPalette.Text))


def _shown(comboBox, index):
    return (
        comboBox.itemData(index),
        comboBox.itemText(index),
        comboBox.itemData(index, qt.Qt.ToolTipRole),
    )
