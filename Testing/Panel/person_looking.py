"""What a person who looks at the panel cannot read, because it is cut or beside the panel."""

import time

import harness
import person
import slicer
from PySide6 import QtCore, QtWidgets

# A path may be longer than the field in which it is typed, and names of several nodes longer than a list.
MAY_BE_CUT = {"pythonPathLineEdit", "batchVolumesComboBox"}
PATIENCE = 1.0  # seconds
COLLAPSIBLE = ("inputs", "region", "batch", "compare", "report", "provenance", "advanced")


def unreadable(widget):
    """Sentences about texts of `widget` that are cut at its present size; names of nodes may be."""
    found = [cut for cut in harness.cutTexts(widget) if cut.name not in MAY_BE_CUT]
    found = [cut for cut in found if slicer.mrmlScene.GetFirstNodeByName(cut.text) is None]
    return [f"{cut.name} is cut: {cut.text!r}" for cut in found]


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
