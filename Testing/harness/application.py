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
        self.mainWindow = None

    recordedExceptions = recordedExceptions

    def loadModule(self, path, completeStartup=True):
        """Load a scripted module as the module factory does; ValueError if the name is taken.

        :param completeStartup: send startupCompleted to what the module has connected; False if more modules
            follow.
        """
        from .modules import LoadedModule

        path = os.path.abspath(path)
        name = Path(path).stem
        if slicerModule(name) is not None:
            raise ValueError(f"a module {name} is loaded already; unload it first")
        module = LoadedModule(name, path)
        if completeStartup:
            self.completeStartup()
        return module

    def completeStartup(self):
        """Send startupCompleted, as the application does when all modules are loaded; to each slot once."""
        self.qtApplication._completeStartup()

    def openMainWindow(self):
        """Open a main window with slice views, if there is none; returns its layout manager.

        What is loaded later finds it through slicer.app.layoutManager() and slicer.util.mainWindow().
        """
        from .mainwindow import MainWindow

        if self.mainWindow is None:
            self.mainWindow = MainWindow()
            self.qtApplication._layoutManager = self.mainWindow.layoutManager
        return self.mainWindow.layoutManager

    def closeMainWindow(self):
        """Close the main window and remove the nodes of its views."""
        if self.mainWindow is not None:
            self.qtApplication._layoutManager = None
            opened, self.mainWindow = self.mainWindow, None
            opened.close()

    def vtkErrors(self):
        """Error and warning lines that VTK and MRML printed since the last call."""
        text, self._vtkOutput = self._vtkOutput.GetOutput(), _captureVtkOutput()
        return [line for line in text.splitlines() if line.startswith(("ERROR:", "Warning:"))]


def slicerModule(name):
    """The loaded module of this name, or None."""
    import slicer

    return slicer.app.moduleManager().module(name)


def start(modulePath=None, mainWindow=False):
    """Set up `slicer`, `qt`, `ctk` and `slicer.app` (at the first call); load a module if a path is given.

    Returns the HarnessApp. The platform is "offscreen" unless QT_QPA_PLATFORM says otherwise.

    :param mainWindow: open a main window with slice views as well; without it `slicer.app.layoutManager()`
        is None, as in Slicer's generic tests of modules.
    """
    global _application
    if _application is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _application = _setUp()
    if mainWindow:
        _application.openMainWindow()
    if modulePath is not None and slicerModule(Path(modulePath).stem) is None:
        _application.loadModule(modulePath)
    return _application


def _setUp():
    import slicer

    from . import dialogs, modules, qtmodule, slicerapp, subjecthierarchy
    from .widgets import ctkwidgets, mrmlwidgets

    vtkOutput = _captureVtkOutput()
    _removeLeakedFunctions(slicer)
    sys.modules["qt"], sys.modules["ctk"] = qtmodule.qt, ctkwidgets.ctk
    for name, widget in mrmlwidgets.exported.items():
        setattr(slicer, name, widget)
    for standin in (
        subjecthierarchy.qSlicerSubjectHierarchyPluginHandler,
        subjecthierarchy.qSlicerSubjectHierarchyScriptedPlugin,
    ):
        setattr(slicer, standin.__name__, standin)
    slicer.qSlicerScriptedLoadableModule = modules.qSlicerScriptedLoadableModule
    slicer.app = application = slicerapp.qSlicerApplication()
    slicer.mrmlScene = application.mrmlScene()
    slicer.modules = sys.modules["slicer.modules"] = types.ModuleType("slicer.modules")
    slicer.selfTests = {}
    for name, logic in _CORE_MODULES.items():
        setattr(slicer.modules, name, modules.CoreModule(name, getattr(slicer, logic), application))
    application.applicationLogic().SetModuleLogic("Colors", slicer.modules.colors.logic())
    sys.path.append(str(Path(__file__).parent / "modulepath"))
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


def loadModule(path, completeStartup=True):
    """Load a scripted module from its file; returns the LoadedModule, with enter, exit, reload, unload."""
    return start().loadModule(path, completeStartup)


def processEventsUntil(condition, seconds=10.0):
    """Run the event loop until `condition()` is true; AssertionError when the time is over."""
    from PySide6 import QtCore

    application = start().qtApplication
    end = time.monotonic() + seconds
    pulse = QtCore.QTimer()
    pulse.start(5)
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"the condition did not come true within {seconds} s")
        # Waits for an event as the application does; the timer's come where nothing else happens.
        application.processEvents(QtCore.QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def screenshot(widget, path, scale=1, width=None):
    """Paint a widget (shown or not) into a PNG file, `scale` pixels per point; returns the Path.

    :param width: makes the widget that wide and as high as its contents then need; None leaves its size,
        but for a widget that was never shown.
    """
    from . import pictures

    start()
    return pictures.screenshot(widget, path, scale, width)


def slicePicture(name, path=None, size=None):
    """What the slice view of this name shows, as uint8 array (rows from the top, columns, 3).

    :param path: PNG file that is written as well.
    :param size: (width, height) that the view is given for the picture; None: the size it has.
    """
    from . import pictures

    return pictures.slicePicture(name, path, size)


def applicationPicture(module, path, size=(1200, 800), panelWidth=400, scale=1, seen=None):
    """Write a picture of the main window: the panel of a loaded module, and the slice views of the layout.

    Needs `start(mainWindow=True)`; returns the Path.

    :param seen: widget of the panel that is scrolled to.
    """
    if start().mainWindow is None:
        raise RuntimeError("there is no main window: start the harness with mainWindow=True")
    return start().mainWindow.picture(module, path, size, panelWidth, scale, seen)


def resources():
    """What this process holds now (holdings.Resources): `resources().since(before)` says what is more."""
    from .holdings import resources as count

    start()
    return count()


def language(*paths):
    """Put translation files (.ts or .qm) into use; a context manager, or call its stop().

    Made before and after stay in their languages: load the module (or reload it) in the `with` block.
    """
    from .translating import Language

    return Language(start().qtApplication, paths)


def contextMenu(node):
    """The actions (QAction) that a person sees in the menu of a node in the Data module; trigger() one."""
    from . import subjecthierarchy

    return subjecthierarchy.contextMenu(node)


def cutTexts(widget):
    """List the visible texts of a widget's parts that do not fit at the present size (cuttexts.CutText)."""
    from . import cuttexts

    return cuttexts.cutTexts(widget)
