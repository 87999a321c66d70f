"""Loading of scripted modules, as Slicer's module factory does it."""

import importlib
import os
import sys
import types

import shiboken6
import slicer
from PySide6 import QtCore, QtGui

from . import qtsignals
from .ctkwidgets import prop
from .mrmlwidgets import exported
from .qtobjects import pythonQtClass, standin
from .subjecthierarchy import qSlicerSubjectHierarchyPluginHandler

QObject = pythonQtClass(QtCore.QObject)


class CoreModule:
    """A C++ module of Slicer of which only the (real) logic is here, as `slicer.modules.volumes`."""

    def __init__(self, name, logicClass, application):
        self.name, self._logic = name, logicClass()
        if hasattr(self._logic, "SetMRMLApplicationLogic"):
            self._logic.SetMRMLApplicationLogic(application.applicationLogic())
        self._logic.SetMRMLScene(application.mrmlScene())

    def logic(self):
        """The module's logic."""
        return self._logic


def _described(name, kind, default):
    """A property that the module's Python class sets to describe the module."""

    def put(self, value):
        self._description[name] = value

    return prop(kind, lambda self: self._description.get(name, default), put)


@standin
class qSlicerScriptedLoadableModule(QObject):
    """`slicer.modules.<name in lower case>`; the module's Python class describes itself on it."""

    def __init__(self, name, path):
        super().__init__()
        self._name, self._path, self._description, self._widget = name, path, {}, None

    def _makePythonWidget(self, representation):
        pythonClass = getattr(sys.modules[self._name], self._name + "Widget")
        widget = pythonClass(representation)
        setattr(slicer.modules, self._name + "Widget", widget)
        return widget

    def widgetRepresentation(self):
        """The module's widget, made at the first call."""
        if self._widget is None:
            self._widget = self.createNewWidgetRepresentation()
        return self._widget

    def createNewWidgetRepresentation(self):
        """One more widget of the module."""
        widget = exported["qSlicerScriptedLoadableModuleWidget"](self)
        widget.setMRMLScene(slicer.mrmlScene)
        widget.reload()
        return widget

    def logic(self):
        """None: a scripted module's logic belongs to its widget."""
        return None

    name = prop(str, lambda self: self._name)
    path = prop(str, lambda self: self._path)
    icon = _described("icon", QtGui.QIcon, QtGui.QIcon())
    hidden = _described("hidden", bool, False)
    index = _described("index", int, -1)
    title = _described("title", str, "")
    helpText = _described("helpText", str, "")
    acknowledgementText = _described("acknowledgementText", str, "")
    categories = _described("categories", "QStringList", [])
    dependencies = _described("dependencies", "QStringList", [])
    contributors = _described("contributors", "QStringList", [])
    associatedNodeTypes = _described("associatedNodeTypes", "QStringList", [])


class LoadedModule:
    """What a test holds of a loaded module: the moves of a user who comes, goes, reloads."""

    def __init__(self, name, path):
        self.name, self.path, self._forgotten = name, path, []
        self.folder = os.path.dirname(path)
        sys.path.insert(0, self.folder)  # Slicer appends; in front, no installed library hides the tree's own
        self.module = qSlicerScriptedLoadableModule(name, path)
        python = importlib.import_module(name)
        self.instance = getattr(python, name)(self.module)
        setattr(slicer.modules, name + "Instance", self.instance)
        setattr(slicer.modules, name.lower(), self.module)
        if hasattr(self.instance, "setup"):
            self.instance.setup()
        manager = slicer.app.moduleManager()
        manager._modules[name] = self.module
        manager.moduleLoaded.emit(name)

    @property
    def python(self):
        """The imported Python file, the newest after a reload."""
        return sys.modules[self.name]

    @property
    def widget(self):
        """The module's Python widget (`GANEnhanceWidget`)."""
        return self.widgetRepresentation().self()

    def widgetRepresentation(self):
        """The Qt widget of the module, made at the first call."""
        return self.module.widgetRepresentation()

    def enter(self):
        """The user chooses the module."""
        self.widgetRepresentation().enter()

    def exit(self):
        """The user chooses another module."""
        self.widgetRepresentation().exit()

    def reload(self):
        """The user presses Reload in the developer section."""
        self.widget.onReload()

    def runSelfTest(self):
        """The user presses "Reload and Test" or starts the test from the Self Tests module."""
        slicer.selfTests[self.name](msec=0)

    def unload(self):
        """The application ends or unloads the module: cleanup, then forget all of its Python modules."""
        manager = slicer.app.moduleManager()
        if manager.module(self.name) is not self.module:
            return  # unloaded before
        manager.moduleAboutToBeUnloaded.emit(self.name)
        if self.module._widget is not None:
            self.module._widget.delete()
            self.module._widget = None
        manager._modules.pop(self.name)
        for attribute in (self.name + "Widget", self.name + "Instance", self.name.lower()):
            if hasattr(slicer.modules, attribute):
                delattr(slicer.modules, attribute)
        slicer.selfTests.pop(self.name, None)
        sys.path.remove(self.folder)
        qSlicerSubjectHierarchyPluginHandler.instance()._forget(self.folder)
        self._leaveApplication()
        for name, imported in list(sys.modules.items()):
            if isinstance(imported, types.ModuleType) and str(getattr(imported, "__file__", "")).startswith(
                self.folder + os.sep
            ):
                del sys.modules[name]

    def _leaveApplication(self):
        """Disconnect the application from the module; what `cleanup` should have done is a leftover."""
        for name, function, _, _ in [c for c in slicer.app._connections() if self._isMine(c[1])]:
            if hasattr(function, "__self__") and function.__self__ is not self.instance:
                self._forgotten.append(
                    f"slicer.app.{name} of {self.name} still calls {function.__qualname__}"
                )
            slicer.app.disconnect(name, function)
        slicer.app._started = [each for each in slicer.app._started if not self._isMine(each)]

    def _isMine(self, function):
        return _sourceFile(function).startswith(self.folder + os.sep)

    def leftovers(self):
        """What still calls code of this module: timers, processes, the application; one sentence each."""
        sentences = list(self._forgotten)
        for owner in list(qtsignals.connectedObjects):
            running = shiboken6.isValid(owner) and (
                isinstance(owner, QtCore.QTimer)
                and owner.isActive()
                or isinstance(owner, QtCore.QProcess)
                and owner.state() != QtCore.QProcess.ProcessState.NotRunning
            )
            mine = [c for c in owner._connections() if self._isMine(c[1])]
            if running and mine:
                names = ", ".join(
                    getattr(function, "__qualname__", repr(function)) for _, function, _, _ in mine
                )
                sentences.append(f"a {owner.className()} of {self.name} still runs and calls {names}")
        return sentences


def _sourceFile(function):
    plain = getattr(function, "__func__", function)
    return getattr(getattr(plain, "__code__", None), "co_filename", "")
