"""Stand-in of `slicer.ScriptedLoadableModule`: public behaviour of the four base classes."""

import importlib
import logging
import os
import unittest

import qt
import slicer

__all__ = [
    "ScriptedLoadableModule",
    "ScriptedLoadableModuleWidget",
    "ScriptedLoadableModuleLogic",
    "ScriptedLoadableModuleTest",
]


def _moduleName(instance, suffix):
    return type(instance).__name__.removesuffix(suffix)


class ScriptedLoadableModule:
    """Describes the module on `parent` and registers its self test."""

    def __init__(self, parent):
        super().__init__()
        self.parent, self.moduleName = parent, type(self).__name__
        for suffix in (".svg", ".png"):
            icon = self.resourcePath(f"Icons/{self.moduleName}{suffix}")
            if os.path.isfile(icon):
                parent.icon = qt.QIcon(icon)
                break
        slicer.selfTests[self.moduleName] = self.runTest

    def resourcePath(self, filename):
        """Path of a file below `Resources/`."""
        return os.path.join(os.path.dirname(self.parent.path), "Resources", filename)

    def getDefaultModuleDocumentationLink(self, docPage=None):
        """Link to the documentation in the application's own manual, where there is none for an extension."""
        return ""

    def runTest(self, msec=100, **kwargs):
        """Run `<Module>Test.runTest`; AssertionError if there is no such class."""
        cases = importlib.import_module(type(self).__module__)
        case = getattr(cases, self.moduleName + "Test", None)
        if case is None:
            raise AssertionError(f"there is no class {self.moduleName}Test")
        test = case()
        test.messageDelay = msec
        test.runTest(**kwargs)


class ScriptedLoadableModuleWidget:
    """The module's panel."""

    def __init__(self, parent=None):
        super().__init__()
        self.moduleName = _moduleName(self, "Widget")
        toBool = slicer.util.toBool
        self.developerMode = slicer.util.settingsValue("Developer/DeveloperMode", False, converter=toBool)
        self.parent = parent or self._ownParent()
        self.layout = self.parent.layout()
        if not parent:
            self.setup()
            self.parent.show()
        manager = slicer.app.moduleManager()
        manager.connect("moduleAboutToBeUnloaded(QString)", self._onModuleAboutToBeUnloaded)

    @staticmethod
    def _ownParent():
        parent = slicer.qMRMLWidget()
        parent.setLayout(qt.QVBoxLayout())
        parent.setMRMLScene(slicer.mrmlScene)
        return parent

    def _onModuleAboutToBeUnloaded(self, moduleName):
        if moduleName == self.moduleName:
            self.cleanup()
            manager = slicer.app.moduleManager()
            manager.disconnect("moduleAboutToBeUnloaded(QString)", self._onModuleAboutToBeUnloaded)

    def resourcePath(self, filename):
        """Path of a file below `Resources/`."""
        return os.path.join(os.path.dirname(slicer.util.modulePath(self.moduleName)), "Resources", filename)

    def setup(self):
        """Build the panel; the real one adds the developer section here."""

    def cleanup(self):
        """The panel goes: unloading, reload, end of the application."""

    def enter(self):
        """The user comes to the module."""

    def exit(self):
        """The user leaves the module."""

    def onReload(self):
        """The developer presses Reload."""
        slicer.util.reloadScriptedModule(self.moduleName)


class ScriptedLoadableModuleLogic:
    """The module's work; owns the parameter node of the scene."""

    def __init__(self, parent=None):
        super().__init__()
        self.moduleName, self.isSingletonParameterNode = _moduleName(self, "Logic"), True

    def getAllParameterNodes(self):
        """All parameter nodes of this module in the scene."""
        nodes = slicer.util.getNodesByClass("vtkMRMLScriptedModuleNode")
        return [node for node in nodes if node.GetAttribute("ModuleName") == self.moduleName]

    def getParameterNode(self):
        """The parameter node, made at the first call."""
        if self.isSingletonParameterNode:
            found = slicer.mrmlScene.GetSingletonNode(self.moduleName, "vtkMRMLScriptedModuleNode")
        else:
            found = next(iter(self.getAllParameterNodes()), None)
        if found is None:
            return slicer.mrmlScene.AddNode(self.createParameterNode())
        found.SetAttribute("ModuleName", self.moduleName)
        return found

    def createParameterNode(self):
        """A new parameter node, not yet in the scene."""
        node = slicer.vtkMRMLScriptedModuleNode()
        node.SetName(slicer.mrmlScene.GenerateUniqueName(self.moduleName))
        node.SetAttribute("ModuleName", self.moduleName)
        if self.isSingletonParameterNode:
            node.SetSingletonTag(self.moduleName)
        return node


class ScriptedLoadableModuleTest(unittest.TestCase):
    """The module's self test."""

    messageDelay = 50

    def delayDisplay(self, message, requestedDelay=None, msec=None):
        """Tell what is tested now and let events run."""
        slicer.util.delayDisplay(message, 0)

    def runTest(self, **kwargs):
        """Overridden by the module."""
        logging.warning("No test is defined in %s", type(self).__name__)
