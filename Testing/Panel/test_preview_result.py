"""After a run the sliders change the finished result: slices at once, the whole volume when they rest."""

import os
import signal

import harness
import numpy as np
import person
import person_comparing as look
import person_preview as person_
import pytest
import slicer
from person_preview import VIEWS, pixels, section, wait


@pytest.fixture
def head(mainWindow, panel):
    """A straight phantom in all views, chosen as input; the model is a filter."""
    return person_.showVolume(panel)


@pytest.fixture
def result(head, panel):
    """The finished result, shown in all views in place of its source."""
    (node,) = person.enhance(panel)
    assert look.background("Red") is node
    return node


def note(panel):
    """What the panel says of sliders and result."""
    return panel.ui.tuningNoteLabel.text


def rest(panel, seconds=30):
    """Wait until the slider has rested and the whole volume has followed."""
    tuning = section(panel).tuning
    harness.processEventsUntil(lambda: not tuning.isBusy and not section(panel).requests.isBusy, seconds)


def voxels(node):
    return slicer.util.arrayFromVolume(node).copy()


def runWith(panel, **values):
    """The voxels and the report of a new run with these values of the sliders."""
    node = panel.panel.parameterNode
    before = node.resultVolume
    for name, value in values.items():
        setattr(node, name, value)
    rest(panel)
    (made,) = person.enhance(panel, node.model)
    report = panel.panel.results.of(made).report
    node.resultVolume = before
    return voxels(made), report


@pytest.mark.parametrize("strength", [0.35, 0.0])
def test_the_result_follows_the_strength_slider(head, result, panel, strength):
    assert f"The strength slider changes {result.GetName()} at once" in note(panel)
    nodes, full = person.nodeCount(), voxels(result)
    panel.ui.strengthSlider.value = strength
    wait(panel)
    shown = {name: pixels(person_.foreground(name)) for name in VIEWS}
    assert (voxels(result) == full).all(), "the whole volume waits until the slider rests"
    before = {name: look.everythingOf(name) for name in VIEWS}
    assert all(each["opacities"][0] == 1.0 for each in before.values())
    rest(panel)
    assert person.nodeCount() == nodes and not person_.previewNodes()
    blended = voxels(result)
    for name, axis in (("Red", 0), ("Green", 1), ("Yellow", 2)):
        matches = [(np.take(blended, n, axis) == shown[name]).all() for n in range(blended.shape[axis])]
        assert any(matches), name
        assert person_.foreground(name) is None and look.background(name) is result
    attribute = result.GetAttribute("GANEnhance.Parameters")
    report = panel.panel.results.of(result).report
    assert f'"strength": {strength}' in attribute and report["options"]["strength"] == strength
    again, itsReport = runWith(panel)
    np.testing.assert_array_equal(blended, again)
    for key in ("noise", "residual", "output", "bound_hits"):
        assert report[key] == itsReport[key], key


def test_many_moves_end_with_the_newest(head, result, panel):
    for step in range(40):
        panel.ui.strengthSlider.value = 1.0 - step / 50
        if step % 7 == 0:
            person.waitSeconds(0.03)
    newest = panel.ui.strengthSlider.value
    rest(panel)
    assert panel.panel.results.of(result).report["options"]["strength"] == pytest.approx(newest)
    blended = voxels(result)
    np.testing.assert_array_equal(blended, runWith(panel)[0])


def test_back_to_where_it_was_changes_nothing(head, result, panel):
    before, views, time = voxels(result), look.everything(), result.GetImageData().GetMTime()
    panel.ui.strengthSlider.value = 0.5
    panel.ui.strengthSlider.value = 1.0
    rest(panel)
    assert (voxels(result) == before).all() and result.GetImageData().GetMTime() == time
    assert look.everything() == views and not person_.previewNodes()


def test_a_result_in_the_foreground_is_mixed_as_before(head, result, panel):
    composite = look.shown("Red")
    composite.SetBackgroundVolumeID(head.GetID())
    composite.SetForegroundVolumeID(result.GetID())
    composite.SetForegroundOpacity(0.375)
    before = look.everything()
    panel.ui.strengthSlider.value = 0.25
    wait(panel)
    assert person_.foreground("Red") in person_.previewNodes()
    assert composite.GetForegroundOpacity() == 0.375
    rest(panel)
    assert look.everything() == before


def test_choosing_another_result_does_not_change_it(head, result, panel):
    first = voxels(result)
    panel.ui.strengthSlider.value = 0.5
    rest(panel)
    (second,) = person.enhance(panel)
    panel.ui.strengthSlider.value = 0.25
    rest(panel)
    half, quarter = voxels(result), voxels(second)
    assert (half != first).any() and (half != quarter).any()
    panel.ui.resultSelector.setCurrentNode(result)
    rest(panel)
    person.waitSeconds(0.5)
    assert (voxels(result) == half).all() and (voxels(second) == quarter).all()
    panel.ui.strengthSlider.value = 1.0
    rest(panel)
    np.testing.assert_array_equal(voxels(result), first)


def test_a_slider_moved_during_the_run_counts_afterwards(head, panel):
    person.choose(panel.ui.modelComboBox, "median")
    person.press(panel)
    panel.ui.strengthSlider.value = 0.5
    person.waitUntilReady(panel)
    rest(panel)
    node = panel.panel.parameterNode.resultVolume
    assert panel.panel.results.of(node).report["options"]["strength"] == 0.5
    np.testing.assert_array_equal(voxels(node), runWith(panel)[0])


# Where the sliders set the next run only


def test_a_worker_that_is_gone(head, result, panel):
    before = voxels(result)
    os.kill(panel.client.processId(), signal.SIGKILL)
    harness.processEventsUntil(lambda: panel.client.processId() is None, 20)
    panel.ui.strengthSlider.value = 0.5
    rest(panel)
    assert "The sliders set the next run" in note(panel) and "does not keep" in note(panel)
    assert (voxels(result) == before).all() and not person_.previewNodes()
    (node,) = person.enhance(panel)
    assert panel.panel.results.of(node).report["options"]["strength"] == 0.5


def test_a_scene_that_was_loaded(head, result, panel, tmp_path):
    before, name = voxels(result), result.GetName()
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    panel.enter()
    panel.ui.strengthSlider.value = 0.5
    rest(panel)
    assert f"The sliders set the next run: {name} was not made since the scene was loaded" in note(panel)
    assert (voxels(slicer.util.getNode(name)) == before).all()


@pytest.mark.parametrize("what", ["model", "region", "input", "voxels", "type"])
def test_another_choice_or_other_voxels(head, result, panel, what):
    if what == "model":
        person.choose(panel.ui.modelComboBox, "anisotropic-diffusion")
    elif what == "region":
        panel.ui.regionKindComboBox.setCurrentIndex(1)
        panel.ui.newROIButton.click()
    elif what == "type":
        panel.ui.voxelTypeComboBox.setCurrentIndex(1)
    elif what == "input":
        panel.ui.inputSelector.setCurrentNode(result)
        panel.panel.parameterNode.resultVolume = result
    else:
        slicer.util.arrayFromVolume(result)[0, 0, 0] = 7
        slicer.util.arrayFromVolumeModified(result)
    before = voxels(result)
    panel.ui.strengthSlider.value = 0.5
    rest(panel)
    person.waitSeconds(0.5)
    assert "The sliders set the next run" in note(panel), note(panel)
    assert (voxels(result) == before).all() and not person_.previewNodes()


@pytest.mark.parametrize("how", ["delete", "close", "exit", "come back", "run"])
def test_what_ends_meanwhile_leaves_nothing(head, result, panel, ganenhanceModule, how):
    panel.ui.strengthSlider.value = 0.5
    if how == "delete":
        slicer.mrmlScene.RemoveNode(result)
    elif how == "close":
        slicer.mrmlScene.Clear(0)
    elif how in ("exit", "come back"):
        ganenhanceModule.exit()
        if how == "come back":
            ganenhanceModule.enter()
    else:
        person.press(panel)
        person.waitUntilReady(panel)
    person.waitSeconds(0.6)
    rest(panel)
    assert not person_.previewNodes()
    if how == "exit":
        ganenhanceModule.enter()
    if how in ("exit", "come back"):
        assert panel.panel.results.of(result).report["options"]["strength"] == 0.5
        assert look.background("Red") is result
    left = [path.name for path in panel.client.folder.iterdir() if path.name.startswith("result")]
    assert left == []


def test_kept_runs_are_forgotten_with_their_nodes(head, result, panel):
    def kept():
        return [path.name for path in panel.client.folder.iterdir() if path.name.startswith("kept")]

    assert len(kept()) == 1
    panel.ui.outputSelector.setCurrentNode(result)
    person.press(panel)
    person.waitUntilReady(panel)
    harness.processEventsUntil(lambda: len(kept()) == 1, 10)
    slicer.mrmlScene.RemoveNode(result)
    harness.processEventsUntil(lambda: kept() == [], 10)


# Fidelity


@pytest.fixture
def learned(head, panel, network):
    """The result of the tiny network."""
    panel.ui.modalityComboBox.setCurrentIndex(1)
    (node,) = person.enhance(panel, network)
    return node


def test_fidelity_is_shown_in_the_views_and_applied_when_asked(head, learned, panel):
    before, nodes = voxels(learned), person.nodeCount()
    assert panel.ui.previewApplyButton.isHidden()
    panel.ui.modelFidelityCheckBox.checked = False
    panel.ui.fidelitySlider.value = 0.25
    wait(panel)
    assert "The views show fidelity 0.25" in note(panel), note(panel)
    assert not panel.ui.previewApplyButton.isHidden()
    shown = pixels(person_.foreground("Red"))
    person.waitSeconds(0.6)
    assert (voxels(learned) == before).all()
    panel.ui.strengthSlider.value = 0.5
    wait(panel)
    half = pixels(person_.foreground("Red"))
    assert (half != shown).any()
    panel.ui.previewApplyButton.click()
    person.waitUntilReady(panel)
    rest(panel)
    assert "is ready" in person.status(panel)
    assert person.nodeCount() == nodes and not person_.previewNodes()
    after = voxels(learned)
    assert any((after[index] == half).all() for index in range(len(after)))
    report = panel.panel.results.of(learned).report
    assert (report["options"]["fidelity"], report["options"]["strength"]) == (0.25, 0.5)
    assert panel.ui.previewApplyButton.isHidden()


def test_fidelity_back_to_where_it_was_gives_the_views_back(head, learned, panel):
    views = look.everything()
    panel.ui.modelFidelityCheckBox.checked = False
    advised = panel.ui.fidelitySlider.value
    rest(panel)
    assert not person_.previewNodes(), "the same fidelity, only said in another way"
    panel.ui.fidelitySlider.value = 0.1
    wait(panel)
    assert person_.previewNodes()
    panel.ui.fidelitySlider.value = advised
    rest(panel)
    assert look.everything() == views and not person_.previewNodes()
    assert panel.ui.previewApplyButton.isHidden()


def test_end_preview_gives_the_views_back_and_says_what_the_result_has(head, learned, panel):
    views = look.everything()
    panel.ui.modelFidelityCheckBox.checked = False
    panel.ui.fidelitySlider.value = 0.1
    wait(panel)
    panel.ui.previewEndButton.click()
    assert look.everything() == views and not person_.previewNodes()
    assert "The slider says fidelity 0.10" in note(panel)
    assert not panel.ui.previewApplyButton.isHidden()


def test_hold_shows_the_input_while_the_sliders_are_tried(head, learned, panel):
    panel.ui.modelFidelityCheckBox.checked = False
    panel.ui.fidelitySlider.value = 0.1
    wait(panel)
    shown = person_.foreground("Red")
    panel.ui.previewHoldButton.pressed.emit()
    assert person_.foreground("Red") is head
    panel.ui.previewHoldButton.released.emit()
    assert person_.foreground("Red") is shown


def test_without_views_the_whole_volume_follows(panel, phantom):
    (node,) = person.enhance(panel, "median")
    full = voxels(node)
    panel.ui.strengthSlider.value = 0.5
    rest(panel)
    assert (voxels(node) != full).any()
    np.testing.assert_array_equal(voxels(node), runWith(panel)[0])
