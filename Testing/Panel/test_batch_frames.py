"""A person enhances the frames of a cine in the panel."""

import cine
import harness
import numpy as np
import person
import pytest
import slicer


@pytest.fixture
def movie(panel):
    """A cine of six frames, whose proxy is the input; returns (sequence, browser, proxy)."""
    sequence, browser, proxy = cine.makeCine(count=6)
    panel.ui.inputSelector.setCurrentNode(proxy)
    return sequence, browser, proxy


def chooseFrames(panel, name):
    """Choose "shown", "all" or "range"."""
    assert not panel.ui.framesWidget.isHidden()
    panel.ui.framesComboBox.setCurrentIndex(["shown", "all", "range"].index(name))


def enhance(panel, model="median"):
    """Press Enhance and wait; returns the sequences that are new."""
    before = cine.sequences()
    person.choose(panel.ui.modelComboBox, model)
    person.press(panel)
    person.waitUntilReady(panel)
    return [node for node in cine.sequences() if node not in before]


def test_the_row_appears_for_a_sequence_only(panel, movie, phantom):
    assert panel.ui.inputSelector.currentNode() is phantom
    assert panel.ui.framesWidget.isHidden()
    panel.ui.inputSelector.setCurrentNode(movie[2])
    assert not panel.ui.framesWidget.isHidden()
    assert panel.ui.frameRangeWidget.isHidden()
    slicer.mrmlScene.RemoveNode(movie[1])
    panel.ui.inputSelector.setCurrentNode(phantom)
    assert panel.ui.framesWidget.isHidden()


def test_the_frame_that_is_shown_becomes_a_volume(panel, movie):
    movie[1].SetSelectedItemNumber(3)
    assert enhance(panel) == []
    (node,) = [n for n in person.volumes() if n is not movie[2]]
    whole = cine.frames(panel.logic.enhanceSequence(movie[0], model="median", frames=[3]))
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(node), whole["120"])
    assert node.GetNodeReference("GANEnhance.sourceVolume") is movie[2]


def test_all_frames_become_a_sequence_that_is_shown(panel, movie):
    chooseFrames(panel, "all")
    view = slicer.vtkMRMLSliceCompositeNode()
    view.SetLayoutName("Red")
    view.SetSingletonTag("Red")
    view = slicer.mrmlScene.AddNode(view)
    view.SetBackgroundVolumeID(movie[2].GetID())
    (result,) = enhance(panel)
    scripted = panel.logic.enhanceSequence(movie[0], model="median")
    for index, voxels in cine.frames(scripted).items():
        np.testing.assert_array_equal(cine.frames(result)[index], voxels)
    shown = movie[1].GetProxyNode(result)
    assert view.GetBackgroundVolumeID() == shown.GetID()
    assert panel.panel.parameterNode.resultVolume is shown
    assert panel.panel.results.of(shown).source is movie[2]
    assert "6 frames. Flicker: " in person.status(panel)
    assert person.leftFiles(panel) == []


def test_a_range_of_frames(panel, movie):
    chooseFrames(panel, "range")
    assert not panel.ui.frameRangeWidget.isHidden()
    assert (panel.ui.firstFrameSpinBox.value, panel.ui.lastFrameSpinBox.value) == (1, 6)
    panel.ui.firstFrameSpinBox.value = 3
    panel.ui.lastFrameSpinBox.value = 4
    (result,) = enhance(panel)
    assert list(cine.frames(result)) == ["80", "120"]
    # The first enhanced frame is shown; the panel lives with the empty ones, too.
    browser, shown = movie[1], movie[1].GetProxyNode(result)
    assert browser.GetSelectedItemNumber() == 2
    for number in (0, 3, 5, 2):
        browser.SetSelectedItemNumber(number)
        person.waitSeconds(0.1)
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(shown), cine.frames(result)["80"])


def test_the_range_stays_in_order_and_within_the_sequence(panel, movie):
    chooseFrames(panel, "range")
    panel.ui.lastFrameSpinBox.value = 2
    panel.ui.firstFrameSpinBox.value = 5
    assert panel.ui.lastFrameSpinBox.value == 5
    panel.ui.lastFrameSpinBox.value = 4
    assert panel.ui.firstFrameSpinBox.value == 4
    panel.ui.lastFrameSpinBox.value = 99
    assert panel.ui.lastFrameSpinBox.value == 6
    short, _browser, proxy = cine.makeCine(count=2, name="Short")
    panel.ui.inputSelector.setCurrentNode(proxy)
    assert panel.ui.lastFrameSpinBox.value == 2
    (result,) = enhance(panel)
    assert list(cine.frames(result)) == ["40"]
    assert short in cine.sequences()


def test_progress_says_the_frame_and_the_time_left(panel, movie):
    chooseFrames(panel, "all")
    person.choose(panel.ui.modelComboBox, "median")
    seen, texts = [], set()
    person.press(panel)

    def over():
        seen.append(panel.ui.progressBar.value)
        texts.add(person.status(panel))
        return panel.ui.enhanceButton.text == "Enhance"

    harness.processEventsUntil(over, seconds=60)
    assert seen == sorted(seen)
    assert any(text.startswith("Frame 3 of 6: ") and text.endswith("left") for text in texts)


def test_cancel_leaves_no_half_sequence(panel):
    sequence, _browser, proxy = cine.makeCine(count=12, shape=(24, 96, 96))
    panel.ui.inputSelector.setCurrentNode(proxy)
    chooseFrames(panel, "all")
    person.choose(panel.ui.modelComboBox, "anisotropic-diffusion")
    nodes = person.nodeCount()
    person.press(panel)
    harness.processEventsUntil(lambda: person.status(panel).startswith("Frame 3 of 12"), seconds=60)
    person.press(panel)
    assert panel.ui.enhanceButton.text == "Enhance"
    assert "Canceled" in person.status(panel)
    harness.processEventsUntil(lambda: person.leftFiles(panel) == [], seconds=10)
    assert person.nodeCount() == nodes and cine.sequences() == [sequence]


@pytest.mark.parametrize("how", ["sequence", "scene"])
def test_the_sequence_or_the_scene_goes_in_the_middle(panel, how):
    sequence, _browser, proxy = cine.makeCine(count=12, shape=(24, 96, 96))
    panel.ui.inputSelector.setCurrentNode(proxy)
    chooseFrames(panel, "all")
    person.choose(panel.ui.modelComboBox, "anisotropic-diffusion")
    person.press(panel)
    harness.processEventsUntil(lambda: person.status(panel).startswith("Frame 2 of 12"), seconds=60)
    if how == "scene":
        slicer.mrmlScene.Clear(0)
    else:
        slicer.mrmlScene.RemoveNode(sequence)
    assert not panel.isRunning()
    assert ("scene was closed" if how == "scene" else "sequence was deleted") in person.status(panel)
    person.waitSeconds(0.5)
    assert cine.sequences() == []


def test_a_failed_frame_is_named_in_the_status(panel):
    def voxels(number):
        array = cine.voxelsOf(number).astype("float32")
        array[0, 0, 0] = np.inf if number == 3 else array[0, 0, 0]
        return array

    sequence, _browser, proxy = cine.makeCine(count=5, voxels=voxels)
    panel.ui.inputSelector.setCurrentNode(proxy)
    chooseFrames(panel, "all")
    assert enhance(panel) == []
    assert person.status(panel).startswith("Error: Frame 4 of 5: ")
    assert cine.sequences() == [sequence]


def test_a_region_applies_to_every_frame(panel, movie):
    labels = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode")
    mask = np.zeros(cine.SHAPE, "uint8")
    mask[:, 5:15, 6:20] = 1
    slicer.util.updateVolumeFromArray(labels, mask)
    labels.CopyOrientation(movie[2])
    panel.ui.regionKindComboBox.setCurrentIndex(3)
    panel.ui.regionLabelMapSelector.setCurrentNode(labels)
    chooseFrames(panel, "all")
    (result,) = enhance(panel)
    before = cine.frames(movie[0])
    for index, voxels in cine.frames(result).items():
        np.testing.assert_array_equal(voxels[mask == 0], before[index][mask == 0])
        assert (voxels[mask == 1] != before[index][mask == 1]).any()


def test_a_color_cine_is_explained(panel, movie):
    assert panel.ui.framesNoteLabel.isHidden()
    cine.makeColorCine()
    panel.panel.updateSections()
    assert not panel.ui.framesNoteLabel.isHidden()
    text = panel.ui.framesNoteLabel.text
    assert "Color cine are in color" in text and "Convert them to gray" in text


def test_the_choice_comes_back_with_the_scene(panel, movie, tmp_path):
    chooseFrames(panel, "range")
    panel.ui.firstFrameSpinBox.value = 2
    panel.ui.lastFrameSpinBox.value = 5
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    assert panel.ui.framesWidget.isHidden()
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    panel.enter()
    assert not panel.ui.frameRangeWidget.isHidden()
    assert (panel.ui.firstFrameSpinBox.value, panel.ui.lastFrameSpinBox.value) == (2, 5)
