"""Whatever was compared, the user's own layout and views come back exactly, and nothing is left behind."""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import person
import person_comparing as look
import pytest
import slicer

MODES = look.MODES[1:]


@pytest.fixture
def pair(mainWindow, panel):
    """A volume and what a filter made of it, both in a scene with views."""
    return look.enhanced(panel)


@pytest.mark.parametrize("mode", MODES)
def test_the_button_brings_everything_back(pair, panel, mode):
    mine = look.peculiarViews(pair[0])
    look.compare(panel, mode)
    slicer.app.processEvents()
    assert look.everything() != mine
    # The person works in the views meanwhile.
    for name in slicer.app.layoutManager().sliceViewNames():
        node = slicer.app.layoutManager().sliceWidget(name).mrmlSliceNode()
        width, height, depth = node.GetFieldOfView()
        node.SetFieldOfView(width * 2, height * 2, depth)
    assert panel.ui.compareBackButton.enabled
    panel.ui.compareBackButton.click()
    slicer.app.processEvents()
    assert look.everything() == mine
    assert not panel.ui.compareBackButton.enabled
    assert panel.ui.compareModeComboBox.currentIndex == 0


def test_all_modes_one_after_another_bring_everything_back(pair, panel):
    mine = look.peculiarViews(pair[0])
    for mode in (*MODES, *MODES[::-1]):
        # Not waiting: some are given up in the middle.
        panel.ui.compareModeComboBox.setCurrentIndex(look.MODES.index(mode))
        slicer.app.processEvents()
    panel.ui.compareModeComboBox.setCurrentIndex(0)
    slicer.app.processEvents()
    assert look.everything() == mine
    assert panel.panel.parameterNode.compareLayout == ""


@pytest.mark.parametrize("mode", MODES)
def test_another_result_is_compared_at_once_and_the_way_back_stays(pair, panel, mode):
    source, first = pair
    mine = look.peculiarViews(source)
    look.compare(panel, mode)
    (second,) = person.enhance(panel, "median")
    look.waitForPicture(panel)
    assert panel.ui.resultSelector.currentNode() is second
    if mode == "sideBySide":
        assert look.background("GANEnhanceAfter1") is second
        assert look.background("GANEnhanceBefore1") is source
    elif mode == "fader":
        assert look.shown("Red").GetForegroundVolumeID() == second.GetID()
        assert look.background("Red") is source
    panel.ui.resultSelector.setCurrentNode(first)
    look.waitForPicture(panel)
    if mode == "sideBySide":
        assert look.background("GANEnhanceAfter1") is first
    panel.ui.compareBackButton.click()
    slicer.app.processEvents()
    assert look.everything() == mine


def test_a_layout_that_the_user_chooses_meanwhile_wins(pair, panel):
    mine = look.peculiarViews(pair[0])
    look.compare(panel, "sideBySide")
    slicer.app.layoutManager().setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView)
    slicer.app.processEvents()
    assert look.layout() == slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView
    assert panel.ui.compareModeComboBox.currentIndex == 0
    now = look.everything()
    assert [now["Red"][key] for key in ("volumes", "opacities", "links")] == [
        mine["Red"][key] for key in ("volumes", "opacities", "links")
    ]


def test_a_layout_chosen_from_another_module_wins_too(pair, panel, ganenhanceModule):
    look.compare(panel, "sideBySide")
    ganenhanceModule.exit()
    slicer.app.layoutManager().setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView)
    slicer.app.processEvents()
    ganenhanceModule.enter()
    assert look.layout() == slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView
    assert panel.ui.compareModeComboBox.currentIndex == 0


def test_views_that_a_new_layout_brings_are_compared_and_come_back(pair, panel):
    slicer.app.layoutManager().setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView)
    slicer.app.processEvents()
    before = look.everythingOf("Green")["volumes"]
    look.compare(panel, "checkerboard")
    assert look.everythingOf("Green")["volumes"] == before
    slicer.app.layoutManager().setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView)
    look.waitForPicture(panel)
    assert look.background("Green") is look.background("Red") is not None
    panel.ui.compareBackButton.click()
    assert look.everythingOf("Green")["volumes"] == before
    assert look.layout() == slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView


def test_without_a_slice_view_in_the_layout_one_with_views_is_shown(pair, panel):
    only3D = slicer.vtkMRMLLayoutNode.SlicerLayoutOneUp3DView
    slicer.app.layoutManager().setLayout(only3D)
    look.compare(panel, "fader")
    assert look.shown("Red").GetForegroundVolumeID() == pair[1].GetID()
    assert look.layout() == slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView
    panel.ui.compareBackButton.click()
    assert look.layout() == only3D


@pytest.mark.parametrize("mode", MODES)
def test_closing_the_scene_gives_the_layout_back(pair, panel, mode):
    mine = slicer.vtkMRMLLayoutNode.SlicerLayoutConventionalView
    slicer.app.layoutManager().setLayout(mine)
    look.compare(panel, mode)
    slicer.mrmlScene.Clear(0)
    slicer.app.processEvents()
    assert look.layout() == mine
    assert [node.GetName() for node in slicer.util.getNodesByClass("vtkMRMLVolumeNode")] == []
    assert look.note(panel) == "" or "Enhance a volume" in look.note(panel)


def test_unloading_the_module_gives_everything_back(pair, panel, ganenhanceModule):
    mine = look.peculiarViews(pair[0])
    look.compare(panel, "sideBySide")
    ganenhanceModule.unload()
    slicer.app.processEvents()
    assert look.everything() == mine


@pytest.mark.parametrize("mode", MODES)
def test_a_deleted_volume_ends_the_comparison(pair, panel, mode):
    source, result = pair
    for name in look.USER_VIEWS:
        look.shown(name).SetBackgroundVolumeID(result.GetID())
    layout = look.layout()
    look.compare(panel, mode)
    slicer.mrmlScene.RemoveNode(source)
    slicer.app.processEvents()
    assert "is not in the scene any more" in look.note(panel)
    assert look.layout() == layout
    assert look.background("Red") is result
    slicer.mrmlScene.RemoveNode(result)
    slicer.app.processEvents()
    assert look.background("Red") is None


def test_a_deleted_result_gives_way_to_its_source(pair, panel):
    source, result = pair
    look.shown("Red").SetBackgroundVolumeID(result.GetID())
    look.compare(panel, "swipe")
    slicer.mrmlScene.RemoveNode(result)
    slicer.app.processEvents()
    assert look.background("Red") is source


def test_a_volume_that_is_loaded_meanwhile_stays_in_the_view(pair, panel):
    look.compare(panel, "fader")
    other = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Loaded")
    look.shown("Green").SetBackgroundVolumeID(other.GetID())
    panel.ui.compareBackButton.click()
    assert look.background("Green") is other
    assert look.background("Red") is not other


def test_nothing_is_left_behind_after_many_comparisons(pair, panel):
    """Nodes, timers and observers: the same after the tenth round as after the first."""
    counts = []
    for _round in range(10):
        for mode in MODES:
            look.compare(panel, mode)
        look.compare(panel, "off")
        slicer.app.processEvents()
        counts.append((person.nodeCount(), observersOf(), panel.panel.parameterNode.compareLayout))
    assert counts[0] == counts[-1]
    names = [node.GetName() for node in slicer.util.getNodesByClass("vtkMRMLNode")]
    assert not [name for name in names if name and name.startswith("GANEnhance d")]


def test_no_hidden_volume_is_offered_or_saved(pair, panel, tmp_path):
    look.compare(panel, "checkerboard")
    assert panel.ui.resultSelector.nodeCount() == 1
    assert panel.ui.inputSelector.nodeCount() == 2
    board = look.background("Red")
    assert slicer.util.saveScene(str(tmp_path / "scene.mrml"))
    assert "GANEnhance checkerboard" not in (tmp_path / "scene.mrml").read_text()
    # The view shows it again.
    assert look.background("Red") is board


@pytest.mark.parametrize("mode", MODES)
def test_a_scene_saved_in_the_middle_finds_the_way_back_in_a_new_process(
    pair, panel, installTree, tmp_path, mode
):
    mine = look.peculiarViews(pair[0])
    names = {node.GetID(): node.GetName() for node in slicer.util.getNodesByClass("vtkMRMLVolumeNode")}
    look.compare(panel, mode)
    slicer.app.processEvents()
    scene = tmp_path / "scene.mrb"
    assert slicer.util.saveScene(str(scene))
    run = subprocess.run(
        [sys.executable, "-c", NEW_PROCESS, str(installTree / "GANEnhance.py"), str(scene), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTING), str(TESTING / "Panel")])},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["mode"] == mode
    assert found["texts"], "nothing was compared"
    assert found["errors"] == []
    for name in look.USER_VIEWS:
        wanted = {**mine[name], "volumes": [names.get(each) for each in mine[name]["volumes"]]}
        # Another window has other sizes, and a field of view that fits them.
        for key in ("fieldOfView", "origin", "group", "place"):
            del wanted[key]
        assert {key: found["back"][name][key] for key in wanted} == json.loads(json.dumps(wanted))
    assert found["back"]["layout"] == mine["layout"]


TESTING = Path(__file__).resolve().parent.parent
NEW_PROCESS = """
import json, sys
import harness
app = harness.start(mainWindow=True)
import slicer
module = harness.loadModule(sys.argv[1])
app.completeStartup()
app.vtkErrors()
slicer.util.loadScene(sys.argv[2])
slicer.app.processEvents()
module.enter()
import person_comparing as look
panel = module.widget
look.waitForPicture(panel)
slicer.app.processEvents()
mode = look.MODES[panel.ui.compareModeComboBox.currentIndex]
views = [n for n in slicer.app.layoutManager().sliceViewNames()
         if slicer.app.layoutManager().sliceWidget(n).visible]
texts = [look.mark(name) for name in views if look.mark(name)]
panel.ui.compareBackButton.click()
slicer.app.processEvents()
back = look.everything()
names = {node.GetID(): node.GetName() for node in slicer.util.getNodesByClass("vtkMRMLVolumeNode")}
for name in look.USER_VIEWS:
    back[name]["volumes"] = [names.get(each) for each in back[name]["volumes"]]
errors = app.vtkErrors() + [each.text for each in harness.recordedExceptions]
found = {"mode": mode, "texts": texts, "back": back, "errors": errors}
open(sys.argv[3] + "/found.json", "w").write(json.dumps(found))
module.unload()
"""


def observersOf():
    """Return how many observers the module's objects have."""
    from GANEnhancePanel.observing import ObserverMixin

    mixins = [each for each in gc.get_objects() if isinstance(each, ObserverMixin)]
    return sum(len(each.observations) for each in mixins)


def test_observers_are_counted(pair, panel):
    """The count above sees an observer."""
    before = observersOf()
    panel.addObserver(pair[0], "ModifiedEvent", person.nodeCount)
    assert observersOf() == before + 1
    panel.removeObserver(pair[0], "ModifiedEvent", person.nodeCount)
    assert observersOf() == before > 10
