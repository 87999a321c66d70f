"""Stand-ins of the widgets that hold a panel, over a real vtkMRMLScene: qMRMLWidget, qSlicerWidget.

They are published as `slicer.qMRMLWidget` and so on; those that choose nodes and segments are in
nodecombobox and segmentselector. Public names are those of Slicer's headers, no others.
"""

from PySide6 import QtWidgets
from PySide6.QtCore import Signal

from .ctkwidgets import QWidget, parentOf, prop
from .qtmodule import customWidgets
from .qtobjects import pythonQtClass, standin

exported = {}  # {class name: class}, what `slicer` gets


def export(cls):
    """Class decorator: make the stand-in known to `slicer` and to the `.ui` loader."""
    cls = standin(cls)
    exported[cls.__name__] = customWidgets[cls.__name__] = cls
    return cls


SCENE_CHANGED = {"mrmlSceneChanged(vtkMRMLScene*)": "_sceneSet(PyObject)"}


class SceneWidget(QWidget):
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
class qMRMLWidget(SceneWidget):
    """Root of a panel."""

    standinSignals = SCENE_CHANGED

    def mrmlScene(self):
        """The scene, or None."""
        return self._scene


@export
class qSlicerWidget(SceneWidget):
    """Root of a module's widget in the application."""

    standinSignals = SCENE_CHANGED


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
