"""Stand-ins of `slicer.app` and its managers, over real MRML logic from slicer-core.

The application is in testing mode (message boxes are only logged, nothing is installed). Without a main
window `layoutManager()` is None, as in Slicer's generic tests of modules.
"""

import atexit
import os
import tempfile
import types

import slicer
from PySide6 import QtCore, QtWidgets
from PySide6.QtCore import Signal

from .ctkwidgets import prop
from .qtobjects import pythonQtClass, standin
from .subjecthierarchy import SubjectHierarchyItems

QObject = pythonQtClass(QtCore.QObject)
_VOLUME_SUFFIXES = (".nrrd", ".nhdr", ".nii", ".nii.gz", ".mha", ".mhd", ".dcm")
_SCENE_SUFFIXES = (".mrml", ".mrb")


@standin
class qSlicerModuleManager(QObject):
    """Knows the loaded modules by name."""

    moduleLoaded = Signal(str)
    moduleAboutToBeUnloaded = Signal(str)

    def __init__(self):
        super().__init__()
        self._modules = {}

    def module(self, name):
        """The module of this name, or None."""
        return self._modules.get(name)

    def modulesNames(self):
        """Names of the loaded modules."""
        return tuple(self._modules)


@standin
class qSlicerIOManager(QObject):
    """Reads and writes volumes and scenes; enough for slicer.util's load and save functions."""

    def __init__(self, application):
        super().__init__()
        self._application = application

    def fileType(self, path):
        """ "VolumeFile", "SceneFile", "SequenceFile", "SegmentationFile" or "NoFile", by the suffix."""
        name = str(path).lower()
        if name.endswith((".seq.nrrd", ".seq.nhdr", ".seg.nrrd", ".seg.nhdr")):
            return "SequenceFile" if ".seq." in name else "SegmentationFile"
        if name.endswith(_SCENE_SUFFIXES):
            return "SceneFile"
        return "VolumeFile" if name.endswith(_VOLUME_SUFFIXES) else "NoFile"

    def loadNodes(self, fileType, properties, nodes=None, messages=None):
        """Load a file into the scene; True for success."""
        path = properties["fileName"]
        if fileType == "VolumeFile":
            return self._loadVolume(path, properties, nodes)
        if fileType in ("SequenceFile", "SegmentationFile"):
            return self._loadOther(fileType, path, properties, nodes)
        if fileType == "SceneFile":
            return self._loadScene(path, properties.get("clear", True), messages)
        return False

    def _loadVolume(self, path, properties, nodes):
        name = properties.get("name") or os.path.basename(path).split(".")[0]
        logic = slicer.modules.volumes.logic()
        node = logic.AddArchetypeVolume(path, name, 1 if properties.get("labelmap") else 0)
        if node is None:
            return False
        if nodes is not None:
            nodes.AddItem(node)
        if properties.get("show", True):
            self._application.applicationLogic().GetSelectionNode().SetActiveVolumeID(node.GetID())
        return True

    @staticmethod
    def _loadOther(fileType, path, properties, nodes):
        scene = slicer.mrmlScene
        if fileType == "SequenceFile":
            node = slicer.modules.sequences.logic().AddSequence(path)
        else:
            storage = scene.AddNewNodeByClass("vtkMRMLSegmentationStorageNode")
            node = scene.AddNewNodeByClass("vtkMRMLSegmentationNode")
            storage.SetFileName(path)
            if not storage.ReadData(node):
                scene.RemoveNode(node)
                scene.RemoveNode(storage)
                return False
            node.SetAndObserveStorageNodeID(storage.GetID())
        if node is None:
            return False
        node.SetName(properties.get("name") or os.path.basename(path).split(".")[0])
        if nodes is not None:
            nodes.AddItem(node)
        return True

    @staticmethod
    def _loadScene(path, clear, messages):
        scene = slicer.mrmlScene
        if path.endswith(".mrb"):
            return bool(scene.ReadFromMRB(path, clear, messages))
        scene.SetURL(path)
        return bool(scene.Connect(messages) if clear else scene.Import(messages))

    def fileWriterFileType(self, node, suffix=""):
        """What kind of file a node (or the scene) is written to."""
        return "SceneFile" if node is slicer.mrmlScene else "VolumeFile"

    def saveNodes(self, fileType, properties, messages=None):
        """Write a node or the scene; True for success."""
        scene, path = slicer.mrmlScene, properties["fileName"]
        if fileType != "SceneFile":
            node = scene.GetNodeByID(properties["nodeID"])
            if node.GetStorageNode() is None:
                node.AddDefaultStorageNode()
            node.GetStorageNode().SetFileName(path)
            return bool(node.GetStorageNode().WriteData(node))
        if path.endswith(".mrb"):
            return bool(scene.WriteToMRB(path, None, messages))
        scene.SetURL(path)
        return bool(scene.Commit(path, messages))


@standin
class qSlicerApplication(pythonQtClass(QtWidgets.QApplication)):
    """`slicer.app`."""

    _sceneSet = Signal(object)
    startupCompleted = Signal()
    standinSignals = {"mrmlSceneChanged(vtkMRMLScene*)": "_sceneSet(PyObject)"}

    def __init__(self):
        super().__init__(["Slicer"])
        self._folder = tempfile.TemporaryDirectory(prefix="Slicer-harness-")
        self._useOwnSettings()
        self._logic = slicer.vtkSlicerApplicationLogic()
        self._scene = slicer.vtkMRMLScene()
        self._logic.SetMRMLScene(self._scene)
        self._shareColors()
        self._layoutManager, self._started, self._localeName = None, [], "en_US"
        self._modules, self._files = qSlicerModuleManager(), qSlicerIOManager(self)
        self._startup = QtCore.QProcessEnvironment.systemEnvironment()
        self._enableBundles()
        self._hierarchyItems = SubjectHierarchyItems(self._scene)

    def _useOwnSettings(self):
        """User settings are switched off in testing mode: they live in the temporary folder."""
        self.setApplicationName("Slicer")
        self.setOrganizationName("NA-MIC")
        ini = QtCore.QSettings.Format.IniFormat
        QtCore.QSettings.setDefaultFormat(ini)
        QtCore.QSettings.setPath(ini, QtCore.QSettings.Scope.UserScope, self._folder.name)
        self._settings = pythonQtClass(QtCore.QSettings)()
        self._settings.setValue("Developer/SelfTestDisplayMessageDelay", "10")
        atexit.register(self._removeFolder)

    def _removeFolder(self):
        self._settings.sync()  # else Qt writes the file, and its folder, when all else is gone
        self._folder.cleanup()

    def _shareColors(self):
        """The color tables of label maps are files of the application; these are as short as they can be."""
        share = os.path.join(self._folder.name, "share")
        os.makedirs(os.path.join(share, "ColorFiles"))
        for name in ("GenericColors", "GenericAnatomyColors"):
            with open(os.path.join(share, "ColorFiles", f"{name}.txt"), "w") as file:
                file.write("# Color table file\n0 background 0 0 0 0\n1 tissue 128 174 128 255\n")
        self._logic.SetHomeDirectory(self._folder.name)
        self._logic.SetShareDirectory("share")  # below the home directory

    def _enableBundles(self):
        """Without a cache manager the scene cannot read .mrb files."""
        cache, files = slicer.vtkCacheManager(), slicer.vtkDataIOManager()
        cache.SetRemoteCacheDirectory(os.path.join(self._folder.name, "cache"))
        cache.SetMRMLScene(self._scene)
        files.SetCacheManager(cache)
        self._scene.SetCacheManager(cache)
        self._scene.SetDataIOManager(files)

    def mrmlScene(self):
        """The scene."""
        return self._scene

    def applicationLogic(self):
        """The real vtkSlicerApplicationLogic."""
        return self._logic

    def moduleManager(self):
        """The module manager."""
        return self._modules

    def _completeStartup(self):
        """Call each slot of startupCompleted that was not called yet."""
        for name, function, slot, _ in list(self._connections()):
            if name == "startupCompleted" and function not in self._started:
                self._started.append(function)
                slot()

    def coreIOManager(self):
        """The manager of reading and writing."""
        return self._files

    ioManager = coreIOManager

    def layoutManager(self):
        """None, unless the harness has opened a main window."""
        return self._layoutManager

    def testingEnabled(self):
        """True: the harness is testing mode."""
        return True

    def commandOptions(self):
        """Command line options that scripts ask for."""
        return types.SimpleNamespace(testingEnabled=True, noMainWindow=self._layoutManager is None)

    def userSettings(self):
        """Settings of the user (a file of the temporary folder)."""
        return self._settings

    settings = revisionUserSettings = userSettings

    def startupEnvironment(self):
        """Environment before the application changed it."""
        return self._startup

    environment = startupEnvironment

    def pauseRender(self):
        """Nothing is rendered here."""

    def resumeRender(self):
        """Nothing is rendered here."""

    temporaryPath = prop(str, lambda self: self._folder.name)
    cachePath = prop(str, lambda self: os.path.join(self._folder.name, "cache"))
    slicerHome = prop(str, lambda self: self._folder.name)
    applicationLocaleName = prop(str, lambda self: self._localeName)
    majorVersion = prop(int, lambda self: 5)
    minorVersion = prop(int, lambda self: 13)
