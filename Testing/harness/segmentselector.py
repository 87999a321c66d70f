"""Stand-in of the widget that chooses a segmentation and one of its segments, or several."""

import slicer
from PySide6 import QtWidgets
from PySide6.QtCore import Signal

from .checkablecombobox import CheckableComboBox
from .ctkwidgets import prop
from .mrmlwidgets import export, qMRMLWidget
from .nodecombobox import qMRMLNodeComboBox

_EVENTS = ("SegmentAdded", "SegmentRemoved", "SegmentModified")
_NONE = "None"


def _forwarded(name, kind=bool):
    """A property of the inner node combo box."""
    return prop(kind, lambda self: getattr(self._nodes, name), lambda self, v: self._setOfNodes(name, v))


@export
class qMRMLSegmentSelectorWidget(qMRMLWidget):
    """A node combo box of segmentations over a combo box of segments."""

    _nodeSet, _nodeSetFlag = Signal(object), Signal(bool)
    currentSegmentChanged = Signal(str)
    segmentSelectionChanged = Signal("QStringList")
    standinSignals = qMRMLWidget.standinSignals | {
        "currentNodeChanged(vtkMRMLNode*)": "_nodeSet(PyObject)",
        "currentNodeChanged(bool)": "_nodeSetFlag(bool)",
    }
    overloadedSignals = frozenset({"currentNodeChanged"})

    def __init__(self, parent=None):
        super().__init__(parent)
        self._multi, self._segment, self._node, self._tags = False, "", None, []
        self._nodes = qMRMLNodeComboBox(self)
        self._nodes.nodeTypes, self._nodes.addEnabled = ["vtkMRMLSegmentationNode"], False
        self._nodes.removeEnabled = False
        self._combo, self._list = QtWidgets.QComboBox(self), CheckableComboBox(self)
        self._message = QtWidgets.QLabel(self)
        self._grid = QtWidgets.QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(self._nodes, 0, 0)
        self._place(False)
        self._nodes.connect("currentNodeChanged(vtkMRMLNode*)", self._nodeChosen)
        self._combo.currentIndexChanged.connect(self._picked)
        self._list.checkedChanged.connect(self._ticked)
        self.destroyed.connect(self._stopObserving)
        self._fill()

    def _place(self, horizontal):
        self._isHorizontal = horizontal
        for part in (self._combo, self._list, self._message):
            self._grid.removeWidget(part)
            self._grid.addWidget(part, *((0, 1) if horizontal else (1, 0)))

    def _useScene(self):
        self._nodes.setMRMLScene(self._scene)

    def _setOfNodes(self, name, value):
        setattr(self._nodes, name, value)
        self._fill()

    def _stopObserving(self):
        for segmentation, tag in self._tags:
            segmentation.RemoveObserver(tag)
        self._tags = []

    def _nodeChosen(self, node):
        if node is not self._node:
            self._stopObserving()
            self._node = node
            if node is not None:
                segmentation = node.GetSegmentation()
                events = [getattr(slicer.vtkSegmentation, name) for name in _EVENTS]
                self._tags = [(segmentation, segmentation.AddObserver(e, self._changed)) for e in events]
            self._fill()
        self._nodeSet.emit(node)
        self._nodeSetFlag.emit(node is not None)

    def _changed(self, caller, event):
        self._fill()

    def _segments(self):
        if self._node is None:
            return []
        segmentation = self._node.GetSegmentation()
        ids = [segmentation.GetNthSegmentID(i) for i in range(segmentation.GetNumberOfSegments())]
        return [(segmentation.GetSegment(identifier).GetName(), identifier) for identifier in ids]

    def _fill(self):
        segments = self._segments()
        self._message.setText("No segments in segmentation" if self._node else "No node is selected")
        self._message.setVisible(not segments)
        self._combo.setVisible(bool(segments) and not self._multi)
        self._list.setVisible(bool(segments) and self._multi)
        self._list.fill(segments)
        wasBlocked = self._combo.blockSignals(True)
        self._combo.clear()
        if segments and self._nodes.noneEnabled:
            self._combo.addItem(_NONE, _NONE)
        for name, identifier in segments:
            self._combo.addItem(name, identifier)
        ids = [identifier for _, identifier in segments]
        keeps = self._segment in ids or (self._nodes.noneEnabled and not self._segment)
        self._combo.setCurrentIndex(self._combo.findData(self._segment or _NONE) if keeps else -1)
        self._combo.blockSignals(wasBlocked)
        if segments and not keeps and not self._multi:
            self._combo.setCurrentIndex(1 if self._nodes.noneEnabled else 0)

    def _picked(self, index):
        if self._node is not None and index >= 0:
            data = self._combo.itemData(index)
            self._segment = "" if data == _NONE else data
            self.currentSegmentChanged.emit(self._segment)

    def _ticked(self):
        if self._node is not None and self._multi:
            self.segmentSelectionChanged.emit(self._list.checkedData())

    def currentNode(self):
        """The chosen segmentation, or None."""
        return self._nodes.currentNode()

    def currentNodeID(self):
        """Its ID, or ""."""
        return self._nodes.currentNodeID

    def setCurrentNode(self, node):
        """Choose a segmentation."""
        self._nodes.setCurrentNode(node)

    def setCurrentNodeID(self, identifier):
        """Choose a segmentation by ID."""
        self._nodes.setCurrentNodeID(identifier)

    def currentSegmentID(self):
        """ID of the chosen segment; it outlives the segmentation, as in the real widget."""
        return "" if self._multi else self._segment

    def setCurrentSegmentID(self, identifier):
        """Choose a segment; an unknown one changes nothing."""
        data = identifier or (_NONE if self._nodes.noneEnabled else "")
        index = self._combo.findData(data)
        if not self._multi and index >= 0:
            self._combo.setCurrentIndex(index)

    def segmentIDs(self):
        """IDs of all segments, of a selector of several only, as in the real widget."""
        return tuple(self._list.allData()) if self._multi else ()

    def selectedSegmentIDs(self):
        """IDs of the ticked segments."""
        return tuple(self._list.checkedData()) if self._multi else ()

    def setSelectedSegmentIDs(self, ids):
        """Tick these segments and no others."""
        for identifier in self._list.allData() if self._multi else []:
            self._list.check(identifier, 2 if identifier in ids else 0)

    def _setMulti(self, multi):
        self._multi, self._segment = multi, ""
        self._fill()

    multiSelection = prop(bool, lambda self: self._multi, _setMulti)
    horizontalLayout = prop(bool, lambda self: self._isHorizontal, _place)
    segmentationNodeSelectorVisible = prop(
        bool, lambda self: not self._nodes.isHidden(), lambda self, v: self._nodes.setVisible(v)
    )
    noneEnabled = _forwarded("noneEnabled")
    editEnabled = _forwarded("editEnabled")
    selectNodeUponCreation = _forwarded("selectNodeUponCreation")
