"""The inner part of the stand-ins with a list to tick: a combo box whose items have check boxes."""

from PySide6 import QtCore, QtGui, QtWidgets

_CHECKED, _UNCHECKED = QtCore.Qt.CheckState.Checked, QtCore.Qt.CheckState.Unchecked
_DATA = QtCore.Qt.ItemDataRole.UserRole


class CheckableComboBox(QtWidgets.QComboBox):
    """Shows None, All, or the names of the ticked items, as CTK's ctkCheckableComboBox does."""

    checkedChanged = QtCore.Signal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self._before, self._filling = [], False
        self.setModel(QtGui.QStandardItemModel(self))
        self.model().itemChanged.connect(self._itemChanged)

    def fill(self, items):
        """Show items [(text, data)]; those that were there before keep their tick."""
        ticked = self.checkedData()
        self._filling = True
        self.clear()
        for text, data in items:
            item = QtGui.QStandardItem(text)
            item.setData(data, _DATA)
            item.setCheckable(True)
            item.setCheckState(_CHECKED if data in ticked else _UNCHECKED)
            self.model().appendRow(item)
        self._filling = False
        self._itemChanged()

    def _items(self):
        return [self.model().item(row) for row in range(self.model().rowCount())]

    def allData(self):
        """Data of all items."""
        return [item.data(_DATA) for item in self._items()]

    def checkedData(self):
        """Data of the ticked items, in the order of the list."""
        return [item.data(_DATA) for item in self._items() if item.checkState() == _CHECKED]

    def check(self, data, state=_CHECKED):
        """Tick an item, or untick it."""
        for item in self._items():
            if item.data(_DATA) == data:
                item.setCheckState(QtCore.Qt.CheckState(state))

    def setUserCheckable(self, data, checkable):
        """Let a person tick an item, or not."""
        for item in self._items():
            if item.data(_DATA) == data:
                item.setCheckable(checkable)

    def _itemChanged(self, item=None):
        if not self._filling and self.checkedData() != self._before:
            self._before = self.checkedData()
            self.update()
            self.checkedChanged.emit()

    def shownText(self):
        """What the closed box says."""
        names = [item.text() for item in self._items() if item.checkState() == _CHECKED]
        if not names:
            return "None"
        return "All" if len(names) == self.count() else ", ".join(names)

    def paintEvent(self, event):
        """Draw the box with that text."""
        painter, option = QtWidgets.QStylePainter(self), QtWidgets.QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shownText()
        painter.drawComplexControl(QtWidgets.QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QtWidgets.QStyle.ControlElement.CE_ComboBoxLabel, option)
