"""What a person who looks at the panel cannot read, because it is cut or beside the panel."""

import re
import time

import harness
import person
import slicer
from PySide6 import QtCore, QtWidgets

# A path may be longer than the field in which it is typed, and names of several nodes longer than a list.
MAY_BE_CUT = {"pythonPathLineEdit", "batchVolumesComboBox"}
CELL_MARGINS = 6  # pixels
PATIENCE = 1.0  # seconds
COLLAPSIBLE = ("inputs", "region", "batch", "compare", "report", "provenance", "advanced")


def unreadable(widget):
    """Sentences about texts of `widget` that are cut at its present size; names of nodes may be."""
    found = [cut for cut in harness.cutTexts(widget) if cut.name not in MAY_BE_CUT]
    found = [cut for cut in found if slicer.mrmlScene.GetFirstNodeByName(cut.text) is None]
    tables = QtWidgets.QWidget.findChildren(widget, QtWidgets.QTableWidget)
    cells = [cell for table in tables if QtWidgets.QWidget.isVisibleTo(table, widget) for cell in _cut(table)]
    return [f"{cut.name} is cut: {cut.text!r}" for cut in found] + cells


def _cut(table):
    """Sentences about cells with a word that is wider than its column; names of nodes may be."""
    metrics, cell = QtWidgets.QWidget.fontMetrics(table), QtWidgets.QTableWidget.item
    for row in range(QtWidgets.QTableWidget.rowCount(table)):
        for column in range(QtWidgets.QTableWidget.columnCount(table)):
            text = cell(table, row, column).text() if cell(table, row, column) is not None else ""
            spans = QtWidgets.QTableView.columnSpan(table, row, column) > 1
            if spans or slicer.mrmlScene.GetFirstNodeByName(text) is not None:
                continue
            room = QtWidgets.QTableView.columnWidth(table, column) - CELL_MARGINS
            for word in re.split(r"(?<=-)|\s|(?<=[\u3000-\u9fff])", text):
                if metrics.horizontalAdvance(word) > room:
                    yield f"a cell of {table.objectName} is cut: {text!r}"


def openOnly(panel, *names):
    """Open these sections and close the others."""
    for name in COLLAPSIBLE:
        getattr(panel.ui, name + "CollapsibleButton").collapsed = name not in names


class PanelHolder:
    """Holds the panel as Slicer does: in an area that scrolls, as wide as the user likes."""

    def __init__(self, widget):
        """Take the widget of a module; `release` gives it back."""
        self.widget = widget
        self._area = QtWidgets.QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setVerticalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._area.setWidget(widget)
        widget.show()
        self._area.show()

    def release(self):
        """Let the widget go."""
        self._area.takeWidget()
        self._area.close()

    def complaints(self, width):
        """Make the panel this wide; returns what a person cannot read then."""
        extra = self._area.width() - self._area.viewport().width()
        self._area.resize(width + extra, 700)
        found, end = None, time.monotonic() + PATIENCE
        while found is None or (found and time.monotonic() < end):
            person.waitSeconds(0.02)  # labels that wrap know their height only after their width
            wide = QtWidgets.QWidget.width(self.widget)
            found = unreadable(self.widget) + ([] if wide == width else [f"the panel needs {wide} pixels"])
        return found
