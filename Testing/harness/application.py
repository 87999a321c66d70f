"""Starting the harness: puts `qt`, `ctk` and the missing parts of `slicer` in place, once per process."""

import importlib
import os
import sys
import time
import types
from pathlib import Path

from .qtsignals import recordedExceptions

_PYTHON_PARTS = ("i18n", "parameterNodeWrapper", "testing", "ScriptedLoadableModule")
# C++ modules of which the real logic is here.
_CORE_MODULES = {
    "colors": "vtkSlicerColorLogic",
    "cropvolume": "vtkSlicerCropVolumeLogic",
    "markups": "vtkSlicerMarkupsLogic",
    "segmentations": "vtkSlicerSegmentationsModuleLogic",
    "sequences": "vtkSlicerSequencesLogic",
    "subjecthierarchy": "vtkSlicerSubjectHierarchyModuleLogic",
    "transforms": "vtkSlicerTransformLogic",
    "volumes": "vtkSlicerVolumesLogic",
}
_application = None


class HarnessApp:
    """The running harness; also reachable through the functions of the package."""

    def __init__(self, application, vtkOutput):
        self.qtApplication, self._vtkOutput = application, vtkOutput

    recordedExceptions = recordedExceptions

    def loadModule(self, path):
        """Load a scripted module as the module factory does; ValueError if the name is taken."""
        from .modules import LoadedModule

        path = os.path.abspath(path)
        name = Path(path).stem
        if slicerModule(name) is not None:
            raise ValueError(f"a module {name} is loaded already; unload it first")
        return LoadedModule(name, path)

    def completeStartup(self):
        """Emit startupCompleted, as the application does when all modules are loaded."""
        self.qtApplication.startupCompleted.emit()

    def vtkErrors(self):
        """Error and warning lines that VTK and MRML printed since the last call."""
        text, self._vtkOutput = self._vtkOutput.GetOutput(), _captureVtkOutput()
        return [line for line in text.splitlines() if line.startswith(("ERROR:", "Warning:"))]


def slicerModule(name):
    """The loaded module of this name, or None."""
    import slicer

    return slicer.app.moduleManager().module(name)


def start(modulePath=None):
    """Set up `slicer`, `qt`, `ctk` and `slicer.app` (at the first call); load a module if a path is given.

    Returns the HarnessApp. The platform is "offscreen" unless QT_QPA_PLATFORM says otherwise.
    """
    global _application
    if _application is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _application = _setUp()
    if modulePath is not None and slicerModule(Path(modulePath).stem) is None:
        _application.loadModule(modulePath)
    return _application


def _setUp():
    import slicer

    from . import dialogs, modules, qtmodule, slicerapp
    from .widgets import ctkwidgets, mrmlwidgets

    vtkOutput = _captureVtkOutput()
    _removeLeakedFunctions(slicer)
    sys.modules["qt"], sys.modules["ctk"] = qtmodule.qt, ctkwidgets.ctk
    for name, widget in mrmlwidgets.exported.items():
        setattr(slicer, name, widget)
    slicer.qSlicerScriptedLoadableModule = modules.qSlicerScriptedLoadableModule
    slicer.app = application = slicerapp.qSlicerApplication()
    slicer.mrmlScene = application.mrmlScene()
    slicer.modules = sys.modules["slicer.modules"] = types.ModuleType("slicer.modules")
    slicer.selfTests = {}
    for name, logic in _CORE_MODULES.items():
        setattr(slicer.modules, name, modules.CoreModule(name, getattr(slicer, logic), application))
    application.applicationLogic().SetModuleLogic("Colors", slicer.modules.colors.logic())
    slicer.__path__.append(str(Path(__file__).parent / "slicerpython"))
    dialogs.install(qtmodule.qt)
    dialogs.answerQuestions(slicer.util)
    for name in _PYTHON_PARTS:
        importlib.import_module(f"slicer.{name}")
    return HarnessApp(application, vtkOutput)


def _captureVtkOutput():
    import vtk

    output = vtk.vtkStringOutputWindow()
    vtk.vtkOutputWindow.SetInstance(output)
    return output


def _removeLeakedFunctions(slicer):
    """The wheel copies every name of slicer.util into slicer; the application does not."""
    for name, value in list(vars(slicer.util).items()):
        if getattr(value, "__module__", "") == "slicer.util" and vars(slicer).get(name) is value:
            delattr(slicer, name)


def loadModule(path):
    """Load a scripted module from its file; returns the LoadedModule, with enter, exit, reload, unload."""
    return start().loadModule(path)


def processEventsUntil(condition, seconds=10.0):
    """Run the event loop until `condition()` is true; AssertionError when the time is over."""
    application = start().qtApplication
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"the condition did not come true within {seconds} s")
        application.processEvents()
        time.sleep(0.005)


def screenshot(widget, path, scale=1):
    """Paint a widget (shown or not) into a PNG file, `scale` pixels per point; returns the Path."""
    from PySide6 import QtCore, QtGui

    if widget.width < widget.sizeHint().width() or not widget.isVisible():
        widget.adjustSize()
    widget.show()
    start().qtApplication.processEvents()
    picture = QtGui.QPixmap(int(widget.width * scale), int(widget.height * scale))
    picture.setDevicePixelRatio(scale)
    picture.fill(QtCore.Qt.GlobalColor.transparent)
    widget.render(picture)
    if not picture.save(str(path)):
        raise OSError(f"the picture could not be written to {path}")
    return Path(path)
