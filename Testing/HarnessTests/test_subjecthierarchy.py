"""Items of the subject hierarchy, scripted plugins and their menus, as in the Data module."""

import harness
import pytest

harness.start()
import slicer  # noqa: E402

pytestmark = pytest.mark.usefixtures("slicerApp")

PLUGIN = '''
import qt
import slicer


class {name}SubjectHierarchyPlugin:
    """Offers two actions for nodes with an attribute."""

    filePath = __file__

    def __init__(self, scriptedPlugin):
        scriptedPlugin.name = "{name}"
        self.scriptedPlugin, self.heard = scriptedPlugin, []
        handler = slicer.qSlicerSubjectHierarchyPluginHandler.instance()
        self.registered = handler.registerPlugin(scriptedPlugin)
        self.first = qt.QAction("First", scriptedPlugin)
        self.first.connect("triggered()", self.onFirst)
        self.second = qt.QAction("Second", scriptedPlugin)

    def onFirst(self):
        handler = slicer.qSlicerSubjectHierarchyPluginHandler.instance()
        node = slicer.mrmlScene.GetSubjectHierarchyNode().GetItemDataNode(handler.currentItem())
        self.heard.append(node.GetName())

    def itemContextMenuActions(self):
        return [self.first, self.second]

    def showContextMenuActionsForItem(self, itemID):
        node = slicer.mrmlScene.GetSubjectHierarchyNode().GetItemDataNode(itemID)
        self.first.visible = node.GetAttribute("Mine") == "yes"
'''


def itemOf(node):
    """Item of a node, 0 if it has none."""
    return slicer.mrmlScene.GetSubjectHierarchyNode().GetItemByDataNode(node)


@pytest.mark.parametrize(
    "kind",
    ["ScalarVolume", "LabelMapVolume", "LinearTransform", "Segmentation", "MarkupsROI", "Table", "Text"],
)
def test_nodes_have_items_that_go_with_them(kind):
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    node = slicer.mrmlScene.AddNewNodeByClass(f"vtkMRML{kind}Node")
    item = itemOf(node)
    assert item and hierarchy.GetItemParent(item) == hierarchy.GetSceneItemID()
    slicer.mrmlScene.RemoveNode(node)
    assert hierarchy.GetNumberOfItems() == 0


def test_hidden_nodes_and_sequences_have_none():
    hidden = slicer.vtkMRMLScalarVolumeNode()
    hidden.SetHideFromEditors(True)
    assert itemOf(slicer.mrmlScene.AddNode(hidden)) == 0
    assert itemOf(slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceNode")) == 0


def test_a_scene_without_hierarchy_gets_items(volume, tmp_path):
    folder = slicer.mrmlScene.GetSubjectHierarchyNode()
    folder.SetItemParent(itemOf(volume), folder.CreateFolderItem(folder.GetSceneItemID(), "Study"))
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    item = itemOf(slicer.util.getNode("Volume"))
    assert hierarchy.GetItemName(hierarchy.GetItemParent(item)) == "Study"
    assert hierarchy.GetNumberOfItems() == 2


@pytest.fixture
def plugin(tmp_path):
    """A scripted plugin from a file; forgotten at the end."""
    path = tmp_path / "HarnessSubjectHierarchyPlugin.py"
    path.write_text(PLUGIN.format(name="Harness"))
    made = slicer.qSlicerSubjectHierarchyScriptedPlugin(None)
    assert made.setPythonSource(str(path)) and slicer.HarnessSubjectHierarchyPlugin is made.self()
    yield made
    handler = slicer.qSlicerSubjectHierarchyPluginHandler.instance()
    handler._forget(str(tmp_path))
    assert made not in handler.registeredPlugins()


def test_a_person_uses_the_menu_of_a_node(plugin, volume):
    assert harness.contextMenu(volume) == []
    volume.SetAttribute("Mine", "yes")
    (action,) = harness.contextMenu(volume)
    action.trigger()
    assert action.text == "First" and plugin.self().heard == ["Volume"]


def test_a_plugin_is_registered_once(plugin, tmp_path):
    handler = slicer.qSlicerSubjectHierarchyPluginHandler.instance()
    assert plugin.self().registered and handler.pluginByName("Harness") is plugin
    again = slicer.qSlicerSubjectHierarchyScriptedPlugin(None)
    again.setPythonSource(str(tmp_path / "HarnessSubjectHierarchyPlugin.py"))
    assert not again.self().registered and handler.pluginByName("Harness") is plugin


def test_plugins_of_slicer_know_their_nodes(volume):
    handler = slicer.qSlicerSubjectHierarchyPluginHandler.instance()
    labels = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode")
    owned = {
        name: [handler.pluginByName(name).canOwnSubjectHierarchyItem(itemOf(n)) for n in (volume, labels)]
        for name in ("Volumes", "LabelMaps", "Markups")
    }
    assert owned == {"Volumes": [0.5, 0.5], "LabelMaps": [0, 0.5], "Markups": [0, 0]}
    assert handler.pluginByName("Nobody") is None


MODULE = """
import qt
import slicer
from slicer.ScriptedLoadableModule import ScriptedLoadableModule, ScriptedLoadableModuleWidget

started = []


def onStartup():
    started.append("startup")


class Starter(ScriptedLoadableModule):
    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        started.append("init")
        slicer.app.connect("startupCompleted()", onStartup)

    def setup(self):
        started.append("setup")
        plugin = slicer.qSlicerSubjectHierarchyScriptedPlugin(None)
        plugin.setPythonSource(__file__)


class StarterSubjectHierarchyPlugin:
    def __init__(self, scriptedPlugin):
        scriptedPlugin.name = "Starter"
        slicer.qSlicerSubjectHierarchyPluginHandler.instance().registerPlugin(scriptedPlugin)


class StarterWidget(ScriptedLoadableModuleWidget):
    def setup(self):
        slicer.app.connect("aboutToQuit()", self.onQuit)

    def onQuit(self):
        pass
"""


def test_a_module_is_set_up_and_started_once(slicerApp, demo, tmp_path):
    (tmp_path / "Starter.py").write_text(MODULE)
    module = slicerApp.loadModule(tmp_path / "Starter.py")
    started = module.python.started
    assert started == ["init", "setup", "startup"]
    slicerApp.completeStartup()
    assert started == ["init", "setup", "startup"]
    handler = slicer.qSlicerSubjectHierarchyPluginHandler.instance()
    assert handler.pluginByName("Starter") is not None
    module.widgetRepresentation()
    module.unload()
    assert handler.pluginByName("Starter") is None
    assert module.leftovers() == ["slicer.app.aboutToQuit of Starter still calls StarterWidget.onQuit"]
    slicerApp.completeStartup()
    assert started == ["init", "setup", "startup"]
