"""Stand-ins of the qMRML and qSlicer widgets that the panel may use, over a real vtkMRMLScene.

They are published as `slicer.qMRMLWidget` and so on. Public names are those of Slicer's headers, no others.
"""

from PySide6 import QtWidgets
from PySide6.QtCore import Signal

from .ctkwidgets import QWidget, fillRow, parentOf, prop
from .qtmodule import customWidgets
from .qtobjects import pythonQtClass, standin

exported = {}  # {class name: class}, what `slicer` gets


def export(cls):
    """Class decorator: make the stand-in known to `slicer` and to the `.ui` loader."""
    cls = standin(cls)
    exported[cls.__name__] = customWidgets[cls.__name__] = cls
    return cls


_SCENE_CHANGED = {"mrmlSceneChanged(vtkMRMLScene*)": "_sceneSet(PyObject)"}


class _SceneWidget(QWidget):
    """A widget with a MRML scene."""

    _sceneSet = Signal(object)

    def __init__(self, parent=None):
        super().__init__(parentOf(parent))
        self._scene = None

    def setMRMLScene(self, scene):
        """Set the scene; emits mrmlSceneChanged if it is another one."""
        if scene is not self._scene:
            self._scene = scene
            self._useScene()
            self._sceneSet.emit(scene)

    def _useScene(self):
        pass


@export
class qMRMLWidget(_SceneWidget):
    """Root of a panel."""

    standinSignals = _SCENE_CHANGED

    def mrmlScene(self):
        """The scene, or None."""
        return self._scene


@export
class qSlicerWidget(_SceneWidget):
    """Root of a module's widget in the application."""

    standinSignals = _SCENE_CHANGED


@export
class qSlicerScriptedLoadableModuleWidget(qSlicerWidget):
    """The widget that the application makes for a scripted module; the Python widget is built into it."""

    def __init__(self, module):
        super().__init__()
        self._module, self._entered, self._pythonWidget = module, False, None
        self.setLayout(pythonQtClass(QtWidgets.QVBoxLayout)())

    def self(self):
        """The module's Python widget."""
        return self._pythonWidget

    def reload(self):
        """Make the Python widget again, from the class that is in `sys.modules` now."""
        self._pythonWidget = self._module._makePythonWidget(self)
        self._pythonWidget.setup()

    def enter(self):
        """The user comes to the module."""
        self._entered = True
        self._pythonWidget.enter()

    def exit(self):
        """The user leaves the module."""
        self._entered = False
        self._pythonWidget.exit()

    isEntered = prop(bool, lambda self: self._entered)
    moduleName = prop(str, lambda self: self._module.name)


def _setting(name, kind):
    """A property of the node combo box whose change fills the list again."""

    def put(self, value):
        self._settings[name] = list(value) if kind == "QStringList" else value
        self._fill()

    return prop(kind, lambda self: self._settings[name], put)


@export
class qMRMLNodeComboBox(_SceneWidget):
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
        self._observed, self._id, self._attributes = [], "", []
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
        self._combo = QtWidgets.QComboBox(self)
        fillRow(self, self._combo)
        self._combo.activated.connect(self._picked)
        self.destroyed.connect(self._stopObserving)

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
        for scene, tag in self._observed:
            scene.RemoveObserver(tag)
        self._observed = []

    def _useScene(self):
        self._stopObserving()
        scene = self._scene
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
        if not any(node.IsA(kind) for kind in settings["nodeTypes"]):
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
        every = [self._scene.GetNthNode(i) for i in range(self._scene.GetNumberOfNodes())]
        return [node for node in every if self._eligible(node)]

    def _fill(self):
        nodes = self._nodes()
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
            self._nodeSet.emit(node)
            self._nodeSetFlag.emit(node is not None)
            self.currentNodeIDChanged.emit(identifier)

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
