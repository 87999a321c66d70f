"""What the application's Qt side does for the subject hierarchy: items of nodes, plugins, context menus.

Items are made by plugins in C++; here for the same kinds of nodes (sequences have none). Scripted plugins are
real: `slicer.qSlicerSubjectHierarchyScriptedPlugin(None).setPythonSource(path)` loads the class and registers
it; `harness.contextMenu(node)` gives the actions that a person sees on a node in the Data module.
"""

import importlib.util
import os
import sys
from pathlib import Path

import slicer
import vtk
from PySide6 import QtCore, QtGui

from .ctkwidgets import prop
from .qtobjects import pythonQtClass, standin

QObject = pythonQtClass(QtCore.QObject)
_SUFFIX = "SubjectHierarchyPlugin"
# Names of the plugins in C++ and the nodes that they own.
_OWNERS = {
    "Markups": ("vtkMRMLMarkupsNode",),
    "Models": ("vtkMRMLModelNode",),
    "Plots": ("vtkMRMLPlotChartNode", "vtkMRMLPlotSeriesNode"),
    "Segmentations": ("vtkMRMLSegmentationNode",),
    "Tables": ("vtkMRMLTableNode",),
    "Texts": ("vtkMRMLTextNode",),
    "Transforms": ("vtkMRMLTransformNode",),
    "LabelMaps": ("vtkMRMLLabelMapVolumeNode",),
    "Volumes": ("vtkMRMLVolumeNode",),
    "Default": (),
}


class SubjectHierarchyItems:
    """Gives each node that a plugin knows an item, and takes it away with the node."""

    def __init__(self, scene):
        events = {
            scene.NodeAddedEvent: self._nodeAdded,
            scene.NodeAboutToBeRemovedEvent: self._nodeAboutToBeRemoved,
            scene.EndImportEvent: self._sceneChanged,
            scene.EndBatchProcessEvent: self._sceneChanged,
            scene.EndCloseEvent: self._sceneChanged,
        }
        for event, function in events.items():
            scene.AddObserver(event, function)

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _nodeAdded(self, scene, event, node):
        if not scene.IsImporting():
            self._add(scene, node)

    @staticmethod
    def _add(scene, node):
        known = any(node.IsA(kind) for kinds in _OWNERS.values() for kind in kinds)
        if known and not node.GetHideFromEditors():
            hierarchy = scene.GetSubjectHierarchyNode()
            if not hierarchy.GetItemByDataNode(node):
                hierarchy.CreateItem(hierarchy.GetSceneItemID(), node)

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _nodeAboutToBeRemoved(self, scene, event, node):
        if scene.IsClosing() or node.IsA("vtkMRMLSubjectHierarchyNode"):
            return
        hierarchy = scene.GetSubjectHierarchyNode()
        item = hierarchy.GetItemByDataNode(node)
        if item:
            hierarchy.RemoveItem(item, False, False)

    def _sceneChanged(self, scene, event):
        """After loading and closing: one hierarchy, with an item for each node."""
        scene.GetSubjectHierarchyNode()
        for number in range(scene.GetNumberOfNodes()):
            self._add(scene, scene.GetNthNode(number))


class _CorePlugin:
    """A plugin of Slicer in C++: knows what it owns, offers no menu."""

    def __init__(self, name):
        self.name = name

    def canOwnSubjectHierarchyItem(self, itemID):
        """Confidence that the item is of this plugin's kind."""
        node = slicer.mrmlScene.GetSubjectHierarchyNode().GetItemDataNode(itemID)
        owns = node is not None and any(node.IsA(kind) for kind in _OWNERS[self.name])
        return 0.5 if owns else 0.0

    def visibilityIcon(self, visible):
        """An empty icon."""
        return QtGui.QIcon()

    def switchToModule(self, name):
        """Go to a module, if there is a main window."""
        if slicer.util.mainWindow() is not None:
            slicer.util.selectModule(name)


def _asked(name, default):
    """A method without arguments that the Python class may define."""

    def call(self):
        return self._ask(name, default)

    call.__name__, call.__doc__ = name, f"`{name}` of the Python class."
    return call


def _askedOfItem(name, default):
    """A method of an item that the Python class may define."""

    def call(self, itemID):
        return self._ask(name, default, itemID)

    call.__name__, call.__doc__ = name, f"`{name}` of the Python class."
    return call


@standin
class qSlicerSubjectHierarchyScriptedPlugin(QObject):
    """A plugin whose class is in a Python file."""

    def __init__(self, parent):
        super().__init__(parent)
        self._name, self._path, self._python = "UnnamedScriptedPlugin", "", None

    def _rename(self, name):
        self._name = name

    def pythonSource(self):
        """Path of the Python file."""
        return self._path

    def setPythonSource(self, path):
        """Load the class (file name, with "SubjectHierarchyPlugin" at its end) and make its object."""
        if not path.endswith(".py"):
            return False
        module = os.path.basename(path).partition(".")[0]
        className = module if module.endswith(_SUFFIX) else module + _SUFFIX
        if not hasattr(sys.modules.get(module), className):
            spec = importlib.util.spec_from_file_location(module, path)
            sys.modules[module] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[module])
        self._path = path
        self._python = getattr(sys.modules[module], className)(self)
        setattr(slicer, className, self._python)
        return True

    def self(self):
        """The object of the Python class."""
        return self._python

    name = prop(str, lambda self: self._name, _rename)
    canOwnSubjectHierarchyItem = _askedOfItem("canOwnSubjectHierarchyItem", 0.0)
    roleForPlugin = _asked("roleForPlugin", "")
    itemContextMenuActions = _asked("itemContextMenuActions", [])
    sceneContextMenuActions = _asked("sceneContextMenuActions", [])
    viewContextMenuActions = _asked("viewContextMenuActions", [])
    showContextMenuActionsForItem = _askedOfItem("showContextMenuActionsForItem", None)
    tooltip = _askedOfItem("tooltip", "")

    def _ask(self, method, default, *arguments):
        function = getattr(self._python, method, None)
        return default if function is None else function(*arguments)

    def canAddNodeToSubjectHierarchy(self, node, parentItemID=0):
        """`canAddNodeToSubjectHierarchy` of the Python class."""
        return self._ask("canAddNodeToSubjectHierarchy", 0.0, node, parentItemID)

    def showViewContextMenuActionsForItem(self, itemID, eventData):
        """`showViewContextMenuActionsForItem` of the Python class."""
        self._ask("showViewContextMenuActionsForItem", None, itemID, eventData)

    def _hideAllActions(self):
        for action in [*self.itemContextMenuActions(), *self.sceneContextMenuActions()]:
            action.setVisible(False)


@standin
class qSlicerSubjectHierarchyPluginHandler(QObject):
    """The one object that knows all plugins, and the item whose menu is open."""

    _only = None

    def __init__(self):
        super().__init__()
        self._plugins, self._item = [], 0
        self._core = {name: _CorePlugin(name) for name in _OWNERS}

    @classmethod
    def instance(cls):
        """The one handler."""
        if cls._only is None:
            cls._only = cls()
        return cls._only

    def registerPlugin(self, plugin):
        """Register a plugin; False if there is one of its name, or if it has none."""
        if not plugin.name or self.pluginByName(plugin.name) is not None:
            return False
        for action in plugin.viewContextMenuActions():
            assert action.objectName, f"the view action {action.text} of {plugin.name} has no object name"
        self._plugins.append(plugin)
        return True

    def registeredPlugins(self):
        """The scripted plugins."""
        return tuple(self._plugins)

    def pluginByName(self, name):
        """The plugin of this name, or None."""
        scripted = {plugin.name: plugin for plugin in self._plugins}
        return scripted.get(name) or self._core.get(name)

    def defaultPlugin(self):
        """The plugin for items that no other one owns."""
        return self._core["Default"]

    def subjectHierarchyNode(self):
        """The subject hierarchy."""
        return slicer.mrmlScene.GetSubjectHierarchyNode()

    def mrmlScene(self):
        """The scene."""
        return slicer.mrmlScene

    def currentItem(self):
        """Item whose menu is open, or was the last; 0 if there is none."""
        return self._item

    def setCurrentItem(self, itemID):
        """Say whose menu is open."""
        self._item = itemID

    def currentItems(self):
        """All chosen items."""
        return (self._item,) if self._item else ()

    def _forget(self, folder):
        """Drop the plugins whose file is below a folder: the module that brought them is unloaded."""
        inside = [p for p in self._plugins if Path(folder) in Path(p.pythonSource()).parents]
        for plugin in inside:
            self._plugins.remove(plugin)
            delattr(slicer, type(plugin.self()).__name__)
            sys.modules.pop(type(plugin.self()).__module__, None)
            plugin.deleteLater()


def contextMenu(node):
    """The actions (QAction) that a person sees in the menu of a node in the Data module."""
    handler = qSlicerSubjectHierarchyPluginHandler.instance()
    item = slicer.mrmlScene.GetSubjectHierarchyNode().GetItemByDataNode(node)
    if not item:
        raise ValueError(f"{node.GetName()} has no item in the subject hierarchy")
    handler.setCurrentItem(item)
    for plugin in handler.registeredPlugins():
        plugin._hideAllActions()
    for plugin in handler.registeredPlugins():
        plugin.showContextMenuActionsForItem(item)
    actions = [action for p in handler.registeredPlugins() for action in p.itemContextMenuActions()]
    return [action for action in actions if action.isVisible()]
