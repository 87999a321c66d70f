"""Stand-ins of the widgets that choose one node of the scene, or several."""

import vtk
from PySide6 import QtCore, QtWidgets
from PySide6.QtCore import Signal

from .checkablecombobox import CheckableComboBox
from .ctkwidgets import fillRow, prop
from .mrmlwidgets import SceneWidget, export


def _setting(name, kind):
    """A property of the node combo box whose change fills the list again."""

    def put(self, value):
        self._settings[name] = list(value) if kind == "QStringList" else value
        self._fill()

    return prop(kind, lambda self: self._settings[name], put)


@export
class qMRMLNodeComboBox(SceneWidget):
    """Choice of one node of the scene; makes and removes nodes if that is allowed."""

    _nodeSet, _nodeSetFlag = Signal(object), Signal(bool)
    _nodeMade, _nodeMadeByUser = Signal(object), Signal(object)
    currentNodeIDChanged = Signal(str)
    standinSignals = {
        "currentNodeChanged(vtkMRMLNode*)": "_nodeSet(PyObject)",
        "currentNodeChanged(bool)": "_nodeSetFlag(bool)",
        "nodeAdded(vtkMRMLNode*)": "_nodeMade(PyObject)",
        "nodeAddedByUser(vtkMRMLNode*)": "_nodeMadeByUser(PyObject)",
    }
    overloadedSignals = frozenset({"currentNodeChanged"})

    def __init__(self, parent=None):
        super().__init__(parent)
        self._observed, self._named, self._id, self._attributes = [], [], "", []
        self._settings = {
            "nodeTypes": [],
            "hideChildNodeTypes": [],
            "noneEnabled": False,
            "addEnabled": True,
            "removeEnabled": True,
            "editEnabled": False,
            "renameEnabled": False,
            "showHidden": False,
            "showChildNodeTypes": True,
            "selectNodeUponCreation": True,
            "baseName": "",
            "noneDisplay": "None",
        }
        self._makeBox()
        fillRow(self, self._combo)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self._combo)
        self.setEnabled(False)  # until there is a scene
        self.destroyed.connect(self._stopObserving)

    def _makeBox(self):
        self._combo = QtWidgets.QComboBox(self)
        self._combo.activated.connect(self._picked)

    nodeTypes = _setting("nodeTypes", "QStringList")
    hideChildNodeTypes = _setting("hideChildNodeTypes", "QStringList")
    noneEnabled = _setting("noneEnabled", bool)
    addEnabled = _setting("addEnabled", bool)
    removeEnabled = _setting("removeEnabled", bool)
    editEnabled = _setting("editEnabled", bool)
    renameEnabled = _setting("renameEnabled", bool)
    showHidden = _setting("showHidden", bool)
    showChildNodeTypes = _setting("showChildNodeTypes", bool)
    selectNodeUponCreation = _setting("selectNodeUponCreation", bool)
    baseName = _setting("baseName", str)
    noneDisplay = _setting("noneDisplay", str)

    def mrmlScene(self):
        """The scene, or None."""
        return self._scene

    def _stopObserving(self):
        for observed, tag in self._observed + self._named:
            observed.RemoveObserver(tag)
        self._observed, self._named = [], []

    def _useScene(self):
        self._stopObserving()
        scene = self._scene
        self.setEnabled(scene is not None)
        if scene is not None:
            events = (scene.NodeAddedEvent, scene.NodeRemovedEvent, scene.EndBatchProcessEvent)
            self._observed = [(scene, scene.AddObserver(event, self._sceneEvent)) for event in events]
        self._fill()

    def _sceneEvent(self, caller, event):
        if not self._scene.IsBatchProcessing():
            self._fill()

    def _eligible(self, node):
        settings = self._settings
        if node.GetHideFromEditors() and not settings["showHidden"]:
            return False
        if any(node.IsA(kind) for kind in settings["hideChildNodeTypes"]):
            return False
        if not settings["showChildNodeTypes"] and node.GetClassName() not in settings["nodeTypes"]:
            return False
        return all(
            node.GetAttribute(name) is not None if value is None else node.GetAttribute(name) == str(value)
            for kind, name, value in self._attributes
            if node.IsA(kind)
        )

    def _nodes(self):
        if self._scene is None:
            return []
        # By the scene's own search: going through all nodes from Python takes longer than what is tested.
        found = {}
        for kind in self._settings["nodeTypes"]:
            nodes = self._scene.GetNodesByClass(kind)
            nodes.UnRegister(None)
            found.update({nodes.GetItemAsObject(i): None for i in range(nodes.GetNumberOfItems())})
        return sorted(filter(self._eligible, found), key=self._scene.IsNodePresent)

    def _listenToNames(self, nodes):
        for node, tag in self._named:
            node.RemoveObserver(tag)
        self._named = [(n, n.AddObserver(vtk.vtkCommand.ModifiedEvent, self._nodeModified)) for n in nodes]

    def _nodeModified(self, node, event):
        """A node has another name, perhaps; the real box says currentNodeChanged again for the chosen one."""
        index = self._combo.findData(node.GetID())
        if index >= 0 and self._combo.itemText(index) != node.GetName():
            self._combo.setItemText(index, node.GetName())
            if node.GetID() == self._id:
                self._tell(node)

    def _fill(self):
        nodes = self._nodes()
        self._listenToNames(nodes)
        self._combo.clear()
        if self._settings["noneEnabled"]:
            self._combo.addItem(self._settings["noneDisplay"], "")
        for node in nodes:
            self._combo.addItem(node.GetName(), node.GetID())
        if self._scene is not None:
            self._addActions()
        if self._id not in [node.GetID() for node in nodes]:
            self._choose(None)  # the real widget does not pick another node by itself
        self._show()

    def _addActions(self):
        if self._settings["addEnabled"]:
            for kind in self._settings["nodeTypes"]:
                self._combo.addItem(f"Create new {self._label(kind)}", "+" + kind)
        if self._settings["removeEnabled"]:
            self._combo.addItem("Delete current", "-")

    def _label(self, kind):
        return self._settings["baseName"] or self._scene.GetTagByClassName(kind) or kind

    def _show(self):
        without = 0 if self._settings["noneEnabled"] else -1
        self._combo.setCurrentIndex(self._combo.findData(self._id) if self._id else without)

    def _picked(self, index):
        data = self._combo.itemData(index) or ""
        if data.startswith("+"):
            self._nodeMadeByUser.emit(self.addNode(data[1:]))
        elif data == "-":
            self.removeCurrentNode()
        else:
            self.setCurrentNodeID(data)
        self._show()

    def _choose(self, node):
        identifier = node.GetID() if node is not None else ""
        if identifier != self._id:
            self._id = identifier
            self._show()
            self._tell(node)

    def _tell(self, node):
        self._nodeSet.emit(node)
        self._nodeSetFlag.emit(node is not None)
        self.currentNodeIDChanged.emit(self._id)

    def currentNode(self):
        """The chosen node, or None."""
        return self._scene.GetNodeByID(self._id) if self._scene is not None and self._id else None

    def setCurrentNode(self, node):
        """Choose a node (or an ID); None, or a node that is not in the list, chooses nothing."""
        if isinstance(node, str):
            node = self._scene.GetNodeByID(node) if self._scene is not None and node else None
        self._choose(node if node is not None and node in self._nodes() else None)

    def setCurrentNodeID(self, identifier):
        """Choose by ID."""
        self.setCurrentNode(identifier)

    def _adjustTo(self, policy):
        self._combo.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy(policy))

    def setCurrentNodeIndex(self, index):
        """Choose by the place in the list, counted without "None"."""
        nodes = self._nodes()
        self.setCurrentNode(nodes[index] if 0 <= index < len(nodes) else None)

    def nodeCount(self):
        """Number of nodes in the list."""
        return len(self._nodes())

    def nodeFromIndex(self, index):
        """Node at a place of the list."""
        return self._nodes()[index]

    def addAttribute(self, nodeType, name, value=None):
        """Show nodes of a type only if they have this attribute (with this value, if one is given)."""
        self._attributes.append((nodeType, name, value))
        self._fill()

    def addNode(self, nodeType=None):
        """Make a node of a type (the first of `nodeTypes` by default) in the scene."""
        kind = nodeType or self._settings["nodeTypes"][0]
        node = self._scene.AddNewNodeByClass(kind, self._scene.GenerateUniqueName(self._label(kind)))
        if self._settings["selectNodeUponCreation"]:
            self.setCurrentNode(node)
        self._nodeMade.emit(node)
        return node

    def removeCurrentNode(self):
        """Remove the chosen node from the scene."""
        if self.currentNode() is not None:
            self._scene.RemoveNode(self.currentNode())

    currentNodeID = prop(str, lambda self: self._id, setCurrentNodeID)
    sizeAdjustPolicy = prop(
        QtWidgets.QComboBox.SizeAdjustPolicy, lambda self: self._combo.sizeAdjustPolicy(), _adjustTo
    )


@export
class qMRMLCheckableNodeComboBox(qMRMLNodeComboBox):
    """Choice of several nodes by ticks; new nodes are not ticked."""

    checkedNodesChanged = Signal()

    def _makeBox(self):
        self._combo = CheckableComboBox(self)
        self._combo.checkedChanged.connect(self._checksChanged)
        for name in ("addEnabled", "removeEnabled", "editEnabled", "renameEnabled"):
            self._settings[name] = False

    def _checksChanged(self):
        self.checkedNodesChanged.emit()

    def _fill(self):
        nodes = self._nodes()
        self._listenToNames(nodes)
        self._combo.fill([(node.GetName(), node.GetID()) for node in nodes])

    def _ofIds(self, ids):
        return [self._scene.GetNodeByID(identifier) for identifier in ids]

    def checkedNodes(self):
        """The ticked nodes, in the order of the scene."""
        return self._ofIds(self._combo.checkedData())

    def uncheckedNodes(self):
        """The other nodes."""
        ticked = self._combo.checkedData()
        return self._ofIds(identifier for identifier in self._combo.allData() if identifier not in ticked)

    def allChecked(self):
        """Whether every node is ticked."""
        return not self.uncheckedNodes()

    def noneChecked(self):
        """Whether no node is ticked."""
        return not self.checkedNodes()

    def checkState(self, node):
        """Whether a node is ticked, as Qt.CheckState."""
        isTicked = node is not None and node.GetID() in self._combo.checkedData()
        return QtCore.Qt.CheckState.Checked if isTicked else QtCore.Qt.CheckState.Unchecked

    def setCheckState(self, node, state):
        """Tick a node, or untick it."""
        if node is not None:
            self._combo.check(node.GetID(), state)

    def setUserCheckable(self, node, checkable):
        """Let a person tick this node, or not."""
        self._combo.setUserCheckable(node.GetID(), checkable)

    def check(self, node):
        """Tick a node."""
        self.setCheckState(node, QtCore.Qt.CheckState.Checked)

    def uncheck(self, node):
        """Untick a node."""
        self.setCheckState(node, QtCore.Qt.CheckState.Unchecked)
