"""The order in which the Tab key goes through the panel: as a person reads it, over all .ui files."""

import ctk
import qt


def stops(widget):
    """Return what takes the Tab key in the layout of `widget`, from the first to the last.

    A widget that takes no key itself, as a section or a slider with its number, may have parts that do.
    """
    found = []
    _addLayout(widget.layout(), found)
    return found


def _addLayout(layout, found):
    if layout is None:
        return
    for index in range(layout.count()):
        item = layout.itemAt(index)
        widget = item.widget()
        if widget is None:
            _addLayout(item.layout(), found)
            continue
        takesKeys = bool(widget.property("focusPolicy") & qt.Qt.TabFocus)
        if takesKeys:
            found.append(widget)
        if not takesKeys or isinstance(widget, ctk.ctkCollapsibleButton):
            _addLayout(widget.layout(), found)


def setTabOrder(panel):
    """Let the Tab key follow the layouts of the panel."""
    order = stops(panel)
    for index in range(1, len(order)):
        qt.QWidget.setTabOrder(order[index - 1], order[index])
