"""A person previews slices in the views: the right slice, live, and the views come back as they were."""

import harness
import numpy as np
import person
import person_comparing as look
import person_preview as person_
import pytest
import slicer
import vtk
from person_preview import VIEWS, pixels, preview, section, sliceNode, wait

# Index of the array axis that a view of the straight phantom cuts, and the axis' name.
CUTS = {"Red": (0, "K"), "Yellow": (2, "I"), "Green": (1, "J")}


@pytest.fixture
def head(mainWindow, panel):
    """A straight phantom in all views, chosen as input; the model is a filter."""
    return person_.showVolume(panel)


def sliceOf(voxels, name, index):
    return np.take(voxels, index, CUTS[name][0])


def indexOf(node, name):
    """Which slice of the straight phantom a view shows."""
    place = sliceNode(name).GetSliceToRAS()
    axis = {"Red": 2, "Yellow": 0, "Green": 1}[name]
    return int(np.floor(place.GetElement(axis, 3) / node.GetSpacing()[axis] + 0.5 + 1e-6))


@pytest.mark.parametrize("name", VIEWS)
def test_one_click_enhances_the_slice_that_a_view_shows(head, panel, name):
    nodes = person.nodeCount()
    before, index = look.everything(), indexOf(head, name)
    shown = preview(panel, name)
    assert shown is not head and shown.GetHideFromEditors() and not shown.GetSaveWithScene()
    preview_ = pixels(shown)
    assert f"{name} shows slice {index} along {CUTS[name][1]}" in panel.ui.previewNoteLabel.text
    assert (preview_ != sliceOf(slicer.util.arrayFromVolume(head), name, index)).any()
    assert look.shown(name).GetForegroundOpacity() == 1.0
    assert look.background(name) is head
    panel.ui.previewEndButton.click()
    assert look.everything() == before
    assert person.nodeCount() == nodes
    np.testing.assert_array_equal(preview_, sliceOf(person_.run(panel), name, index))


@pytest.mark.parametrize("name", VIEWS)
def test_the_picture_of_the_view_is_that_of_the_result(head, panel, tmp_path, name):
    before = picture(name)
    preview(panel, name)
    shown = picture(name)
    panel.ui.previewEndButton.click()
    np.testing.assert_array_equal(picture(name), before)
    person_.run(panel)
    assert (shown != before).mean() > 0.05
    np.testing.assert_array_equal(shown, picture(name))


def picture(name):
    """The slice of a view in gray, without texts and lines."""
    from harness import slicepicture

    return slicepicture.blended(slicer.app.layoutManager().sliceWidget(name).sliceLogic())


def test_three_views_at_once(head, panel):
    before = look.everything()
    shown = {name: preview(panel, name) for name in VIEWS}
    assert len({node.GetID() for node in shown.values()}) == 3
    assert [person_.button(panel, name).checked for name in VIEWS] == [True] * 3
    person_.button(panel, "Yellow").click()
    assert person_.foreground("Yellow") is None and person_.foreground("Red") is shown["Red"]
    panel.ui.previewEndButton.click()
    assert look.everything() == before and not person_.previewNodes()


def test_the_users_peculiar_views_come_back(head, panel):
    before = look.peculiarViews(head)
    for name in VIEWS:
        preview(panel, name)
    assert len(person_.previewNodes()) == 3, person.status(panel)
    panel.ui.previewEndButton.click()
    assert look.everything() == before


# Live


def test_strength_is_blended_from_what_is_kept(head, panel):
    index = indexOf(head, "Red")
    preview(panel, "Red")
    methods = requested(panel)
    for strength in (0.25, 0.5, 0.0):
        panel.ui.strengthSlider.value = strength
        wait(panel)
        if strength == 0.0:
            np.testing.assert_array_equal(
                pixels(person_.foreground("Red")), slicer.util.arrayFromVolume(head)[index]
            )
    assert set(methods) == {"blend"}
    panel.ui.strengthSlider.value = 0.35
    wait(panel)
    shown = pixels(person_.foreground("Red"))
    panel.ui.previewEndButton.click()
    np.testing.assert_array_equal(shown, person_.run(panel)[index])


def requested(panel):
    """A list to which the methods that are asked of the worker are added from now on."""
    methods, ask = [], panel.client.request

    def note(method, *arguments, **words):
        methods.append(method)
        return ask(method, *arguments, **words)

    panel.client.request = note
    return methods


def test_fidelity_is_live_and_ends_with_the_newest_value(head, panel, network):
    person.choose(panel.ui.modelComboBox, network)
    panel.ui.modalityComboBox.setCurrentIndex(1)
    index = indexOf(head, "Red")
    preview(panel, "Red")
    panel.ui.modelFidelityCheckBox.checked = False
    wait(panel)
    methods = requested(panel)
    for step in range(20):
        panel.ui.fidelitySlider.value = 0.05 * step
        assert methods.count("preview") <= 1
    wait(panel)
    assert methods.count("preview") == 2, "the first value, then the newest"
    shown = pixels(person_.foreground("Red"))
    panel.ui.previewEndButton.click()
    (node,) = person.enhance(panel, network)
    np.testing.assert_array_equal(shown, slicer.util.arrayFromVolume(node)[index])
    assert panel.panel.results.of(node).report["options"]["fidelity"] == pytest.approx(0.95)


def test_the_preview_follows_the_view(head, panel):
    preview(panel, "Red")
    whole = {}
    for offset in (0.0, 7.0, 12.6, 27.5):
        slicer.app.layoutManager().sliceWidget("Red").sliceController().setSliceOffsetValue(offset)
        wait(panel)
        whole[indexOf(head, "Red")] = pixels(person_.foreground("Red"))
    assert sorted(whole) == [0, 3, 5, 11]
    panel.ui.previewEndButton.click()
    result = person_.run(panel)
    for index, shown in whole.items():
        np.testing.assert_array_equal(shown, result[index])


def test_beyond_the_volume_nothing_is_asked(head, panel):
    preview(panel, "Red")
    methods = requested(panel)
    sliceNode("Red").SetSliceOffset(500.0)
    wait(panel)
    assert methods == [] and person_.button(panel, "Red").checked
    panel.ui.previewEndButton.click()
    person_.button(panel, "Red").click()
    assert "does not show Head where it is" in person.status(panel)
    assert not person_.button(panel, "Red").checked
    assert not person_.previewNodes()


def test_another_model_and_a_region_are_followed(head, panel):
    preview(panel, "Red")
    first = pixels(person_.foreground("Red"))
    person.choose(panel.ui.modelComboBox, "anisotropic-diffusion")
    wait(panel)
    second = pixels(person_.foreground("Red"))
    assert (first != second).any()
    panel.ui.regionKindComboBox.setCurrentIndex(1)
    assert not person_.button(panel, "Red").checked, "the region is not complete: the preview ended"
    panel.ui.newROIButton.click()
    preview(panel, "Red")
    inside = pixels(person_.foreground("Red"))
    source = slicer.util.arrayFromVolume(head)[indexOf(head, "Red")]
    np.testing.assert_array_equal(inside[0], source[0])
    np.testing.assert_array_equal(inside[12, 16], second[12, 16])
    roi = panel.ui.regionROISelector.currentNode()
    roi.SetSize(6, 6, 30)
    wait(panel)
    assert (pixels(person_.foreground("Red")) != source).sum() <= 36


def test_window_and_level_are_one(head, panel):
    shown = preview(panel, "Red")
    display, own = head.GetDisplayNode(), shown.GetDisplayNode()
    assert (own.GetWindow(), own.GetLevel()) == (display.GetWindow(), display.GetLevel())
    display.SetAutoWindowLevel(False)
    display.SetWindowLevel(321, 123)
    assert (own.GetWindow(), own.GetLevel()) == (321, 123)
    own.SetWindowLevel(77, 55)
    assert (display.GetWindow(), display.GetLevel()) == (77, 55)
    panel.ui.previewEndButton.click()
    assert (display.GetWindow(), display.GetLevel()) == (77, 55), "what the user set stays"


# Before and after


def test_hold_to_see_the_input(head, panel):
    shown = preview(panel, "Red")
    before = look.everythingOf("Red")
    panel.ui.previewHoldButton.setDown(True)
    panel.ui.previewHoldButton.pressed.emit()
    assert person_.foreground("Red") is head
    panel.ui.strengthSlider.value = 0.5
    wait(panel)
    assert person_.foreground("Red") is head, "a new slice waits until the button is let go"
    panel.ui.previewHoldButton.released.emit()
    assert person_.foreground("Red") is shown
    assert look.everythingOf("Red") == before


def test_hold_by_the_keyboard(head, panel):
    from PySide6 import QtCore
    from PySide6.QtTest import QTest

    shown = preview(panel, "Red")
    panel.ui.previewHoldButton.setFocus()
    QTest.keyPress(panel.ui.previewHoldButton, QtCore.Qt.Key.Key_Space)
    assert person_.foreground("Red") is head
    QTest.keyRelease(panel.ui.previewHoldButton, QtCore.Qt.Key.Key_Space)
    assert person_.foreground("Red") is shown


# Oblique views and volumes


@pytest.mark.parametrize("degrees", [0.3, 12.0, 40.0])
def test_an_oblique_view_is_turned_and_turned_back(head, panel, degrees):
    node = sliceNode("Red")
    transform = vtk.vtkTransform()
    transform.SetMatrix(node.GetSliceToRAS())
    transform.RotateX(degrees)
    transform.RotateZ(5.0)
    node.GetSliceToRAS().DeepCopy(transform.GetMatrix())
    node.UpdateMatrices()
    before, index = look.everything(), indexOf(head, "Red")
    shown = pixels(preview(panel, "Red"))
    assert f"Red was oblique to the volume: it is turned by {degrees:.1f}" in panel.ui.previewNoteLabel.text
    normal = [node.GetSliceToRAS().GetElement(row, 2) for row in range(3)]
    np.testing.assert_allclose(np.abs(normal), [0, 0, 1], atol=1e-9)
    panel.ui.previewEndButton.click()
    assert look.everything() == before
    np.testing.assert_array_equal(shown, person_.run(panel)[index])


@pytest.mark.parametrize("grid", ["oblique", "left-handed", "sagittal", "under a transform"])
def test_any_grid_is_previewed_in_place(mainWindow, panel, grid):
    """In every view the picture is that of the whole result, shown in the background of the same place."""
    from GANEnhancePanel.phantom import obliqueGrid

    matrix = {
        "oblique": obliqueGrid(),
        "left-handed": np.diag([-1.0, 1.0, -2.5, 1.0]) @ np.diag([1, 1, -1, 1]),
        "sagittal": np.array([[0, 0, 2.5, 0], [1.0, 0, 0, 0], [0, 1.0, 0, 0], [0, 0, 0, 1]]),
        "under a transform": obliqueGrid(),
    }[grid]
    head = person_.showVolume(panel, matrix)
    if grid == "under a transform":
        transform = vtk.vtkTransform()
        transform.RotateX(17)
        transform.Translate(3, 4, 5)
        above = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
        above.SetMatrixTransformToParent(transform.GetMatrix())
        head.SetAndObserveTransformNodeID(above.GetID())
        slicer.util.resetSliceViews()
    shown, places = {}, {}
    for name in VIEWS:
        preview(panel, name)
        shown[name] = picture(name)
        places[name] = vtk.vtkMatrix4x4()
        places[name].DeepCopy(sliceNode(name).GetSliceToRAS())
    panel.ui.previewEndButton.click()
    person_.run(panel)
    for name in VIEWS:
        sliceNode(name).GetSliceToRAS().DeepCopy(places[name])
        sliceNode(name).UpdateMatrices()
        same = np.abs(picture(name).astype(int) - shown[name]).max(axis=2) <= 1
        # Where the edge of the volume meets a pixel, one slice and the volume may round differently.
        assert same.mean() > 0.99, name


@pytest.mark.parametrize("shape", [(1, 24, 32), (12, 1, 32), (5, 7, 9)], ids=str)
def test_thin_and_odd_volumes(mainWindow, panel, shape):
    person_.showVolume(panel, shape=shape)
    name = "Green" if shape[1] == 1 else "Red"
    node = preview(panel, name)
    assert node is not None, person.status(panel)
    cut = CUTS[name][0]
    index = int(panel.ui.previewNoteLabel.text.split("slice ")[1].split()[0])
    shown = slicer.util.arrayFromVolume(node).copy()
    panel.ui.previewEndButton.click()
    np.testing.assert_array_equal(shown, np.take(person_.run(panel), [index], cut))


# Giving the views back


def test_a_finished_run_takes_the_place_of_its_preview(head, panel):
    preview(panel, "Red")
    person_.run(panel)
    assert not person_.previewNodes() and person_.foreground("Red") is None
    assert look.background("Red") is panel.panel.parameterNode.resultVolume


def test_a_foreground_that_the_user_chooses_wins(head, panel):
    other = slicer.util.addVolumeFromArray(np.ones((3, 4, 5), "int16"), name="Other")
    look.shown("Red").SetForegroundOpacity(0.25)
    preview(panel, "Red")
    look.shown("Red").SetForegroundVolumeID(other.GetID())
    assert not person_.button(panel, "Red").checked and not person_.previewNodes()
    assert person_.foreground("Red") is other
    assert look.shown("Red").GetForegroundOpacity() == 0.25


@pytest.mark.parametrize("how", ["exit", "input", "voxels", "close", "delete", "compare", "unload"])
def test_previews_end_with_what_they_are_of(head, panel, ganenhanceModule, how):
    other = slicer.util.addVolumeFromArray(np.ones((3, 4, 5), "int16"), name="Other")
    for name in VIEWS:
        look.shown(name).SetForegroundVolumeID(other.GetID())
        look.shown(name).SetForegroundOpacity(0.25)
    before = look.everything()
    for name in VIEWS:
        preview(panel, name)
    {
        "exit": ganenhanceModule.exit,
        "input": lambda: panel.ui.inputSelector.setCurrentNode(other),
        "voxels": lambda: slicer.util.arrayFromVolumeModified(head),
        "close": lambda: slicer.mrmlScene.Clear(0),
        "delete": lambda: slicer.mrmlScene.RemoveNode(head),
        "compare": lambda: section(panel).end(),
        "unload": panel.cleanup,
    }[how]()
    assert not person_.previewNodes()
    if how in ("exit", "input", "voxels", "compare", "unload"):
        assert look.everything() == before
    if how == "delete":
        assert person_.foreground("Red") is other
    if how == "exit":
        ganenhanceModule.enter()


def test_comparing_and_previewing_give_way_to_each_other(head, panel):
    result = person_.run(panel)
    assert result is not None
    before = look.everything()
    preview(panel, "Red")
    look.compare(panel, "fader")
    assert not person_.previewNodes() and not person_.button(panel, "Red").checked
    preview(panel, "Red")
    assert panel.ui.compareModeComboBox.currentIndex == 0
    panel.ui.previewEndButton.click()
    assert look.everything() == before


@pytest.mark.parametrize("suffix", [".mrb", ".mrml"])
def test_a_scene_saved_meanwhile_holds_the_users_views(head, panel, tmp_path, suffix):
    other = slicer.util.addVolumeFromArray(np.ones((3, 4, 5), "int16"), name="Other")
    look.shown("Red").SetForegroundVolumeID(other.GetID())
    look.shown("Red").SetForegroundOpacity(0.25)
    shown = preview(panel, "Red")
    if suffix == ".mrml":
        for node in (head, other):
            slicer.util.saveNode(node, str(tmp_path / (node.GetName() + ".nrrd")))
    assert slicer.util.saveScene(str(tmp_path / ("scene" + suffix)))
    assert person_.foreground("Red") is shown, "the preview goes on"
    assert look.shown("Red").GetForegroundOpacity() == 1.0
    slicer.mrmlScene.Clear(0)
    slicer.util.loadScene(str(tmp_path / ("scene" + suffix)))
    panel.enter()
    assert not person_.previewNodes()
    assert person_.foreground("Red").GetName() == "Other"
    assert look.shown("Red").GetForegroundOpacity() == 0.25


# What cannot be


def test_without_views_the_buttons_say_why(panel, phantom):
    person.choose(panel.ui.modelComboBox, "median")
    for name in VIEWS:
        assert not person_.button(panel, name).enabled
        assert f"There is no {name} slice view" in person_.button(panel, name).toolTip


def test_a_view_that_the_layout_does_not_show(head, panel):
    layout = slicer.vtkMRMLLayoutNode
    slicer.app.layoutManager().setLayout(layout.SlicerLayoutOneUpYellowSliceView)
    slicer.app.processEvents()
    panel.panel.updateSections()
    assert person_.button(panel, "Yellow").enabled
    assert not person_.button(panel, "Red").enabled
    assert "choose a layout that has it" in person_.button(panel, "Red").toolTip


def test_without_an_input_the_buttons_say_why(mainWindow, panel):
    assert not person_.button(panel, "Red").enabled
    assert "No input volume is chosen" in person_.button(panel, "Red").toolTip


def test_a_model_that_refuses_ends_the_preview_with_a_sentence(head, panel, network):
    """The tiny network is for MR, and the volume is taken as CT."""
    preview(panel, "Red")
    panel.ui.modalityComboBox.setCurrentIndex(2)
    person.choose(panel.ui.modelComboBox, network)
    wait(panel)
    assert "Error" in person.status(panel), person.status(panel)
    assert not person_.previewNodes() and not person_.button(panel, "Red").checked


def test_a_worker_that_dies_ends_the_preview_and_the_next_one_works(head, panel):
    import os
    import signal

    preview(panel, "Red")
    os.kill(panel.client.processId(), signal.SIGKILL)
    harness.processEventsUntil(lambda: panel.client.processId() is None, 20)
    panel.ui.strengthSlider.value = 0.5
    wait(panel)
    index = indexOf(head, "Red")
    shown = pixels(person_.foreground("Red"))
    panel.ui.previewEndButton.click()
    np.testing.assert_array_equal(shown, person_.run(panel)[index])


def test_nothing_is_left_in_the_workers_folder(head, panel):
    for name in VIEWS:
        preview(panel, name)
    for strength in (0.1, 0.2, 0.3):
        panel.ui.strengthSlider.value = strength
        wait(panel)
    panel.ui.previewEndButton.click()
    person.waitSeconds(0.3)
    left = sorted(path.name for path in panel.client.folder.iterdir())
    assert [name for name in left if not name.startswith("panel-input")] == ["owner.lock"]


@pytest.mark.parametrize("width", [300, 480])
def test_no_text_is_cut(mainWindow, panel, ganenhanceModule, tmp_path, width):
    from GANEnhancePanel.phantom import obliqueGrid

    person_.showVolume(panel, obliqueGrid())
    person_.run(panel)
    preview(panel, "Yellow")
    assert panel.ui.previewNoteLabel.text and panel.ui.tuningNoteLabel.text
    harness.screenshot(ganenhanceModule.widgetRepresentation(), tmp_path / "panel.png", width=width)
    assert harness.cutTexts(panel.ui.GANEnhancePreview) == []
