"""A person compares a result with its input: what the views show in each mode, whatever the volume."""

import harness
import numpy as np
import person
import person_comparing as look
import pytest
import slicer
from harness.slicepicture import blended

MIXED = ("checkerboard", "swipe", "difference")


@pytest.fixture
def pair(mainWindow, panel):
    """A volume and what a filter made of it, both in a scene with views."""
    return look.enhanced(panel)


def test_nothing_can_be_compared_before_there_is_a_result(mainWindow, panel, phantom):
    assert panel.ui.resultSelector.currentNode() is None
    assert not panel.ui.compareModeComboBox.enabled
    assert not panel.ui.compareBackButton.enabled
    assert "Enhance a volume" in look.note(panel)


def test_the_newest_result_is_chosen_and_inputs_are_not_offered(pair, panel):
    source, result = pair
    assert panel.ui.resultSelector.currentNode() is result
    assert panel.ui.resultSelector.nodeCount() == 1
    assert panel.ui.compareModeComboBox.enabled
    panel.ui.inputSelector.setCurrentNode(source)
    (second,) = person.enhance(panel, "median")
    assert panel.ui.resultSelector.currentNode() is second
    assert panel.ui.resultSelector.nodeCount() == 2


def test_side_by_side_shows_three_linked_pairs(pair, panel):
    source, result = pair
    for name, offset in zip(look.USER_VIEWS, (9.5, 20.0, -24.0), strict=True):
        slicer.app.layoutManager().sliceWidget(name).fitSliceToBackground()
        slicer.app.layoutManager().sliceWidget(name).mrmlSliceNode().SetSliceOffset(offset)
    look.compare(panel, "sideBySide")
    slicer.app.processEvents()
    for number, user in enumerate(look.USER_VIEWS, 1):
        before, after = f"GANEnhanceBefore{number}", f"GANEnhanceAfter{number}"
        assert look.background(before) is source and look.background(after) is result
        widgets = [slicer.app.layoutManager().sliceWidget(name) for name in (before, after, user)]
        assert widgets[0].visible and widgets[1].visible and not widgets[2].visible
        offsets = [widget.mrmlSliceNode().GetSliceOffset() for widget in widgets]
        assert offsets[0] == offsets[1] == pytest.approx(offsets[2])
        pictures = [harness.slicePicture(name, size=(160, 120)) for name in (before, after)]
        assert pictures[0].std() > 10 and (pictures[0] != pictures[1]).any()
    left, right = (slicer.app.layoutManager().sliceWidget(f"GANEnhance{n}1") for n in ("Before", "After"))
    left.sliceController().setSliceOffsetValue(14.5)
    assert right.mrmlSliceNode().GetSliceOffset() == pytest.approx(14.5)
    # The user's own views are not linked with them.
    red = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceNode()
    assert red.GetSliceOffset() == pytest.approx(9.5)


def test_one_view_alone_is_compared_in_one_pair(pair, panel):
    slicer.app.layoutManager().setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpYellowSliceView)
    look.compare(panel, "sideBySide")
    visible = [
        name
        for name in slicer.app.layoutManager().sliceViewNames()
        if slicer.app.layoutManager().sliceWidget(name).visible
    ]
    assert sorted(visible) == ["GANEnhanceAfter1", "GANEnhanceBefore1"]
    node = slicer.app.layoutManager().sliceWidget("GANEnhanceAfter1").mrmlSliceNode()
    assert node.GetOrientation() == "Sagittal"


def test_fader_fades_between_the_two_in_every_view(pair, panel):
    source, result = pair
    look.compare(panel, "fader")
    pictures = {}
    for share in (0.0, 0.5, 1.0):
        panel.ui.compareFadeSlider.value = share
        for name in look.USER_VIEWS:
            assert look.background(name) is source
            assert look.shown(name).GetForegroundVolumeID() == result.GetID()
            assert look.shown(name).GetForegroundOpacity() == share
        pictures[share] = plain("Red")
    assert (pictures[0.0] != pictures[1.0]).any()
    mean = (pictures[0.0].astype(float) + pictures[1.0]) / 2
    assert np.abs(pictures[0.5] - mean).max() <= 2


def test_checkerboard_shows_both_in_turn(pair, panel):
    source, result = (look.voxels(node).copy() for node in pair)
    look.compare(panel, "checkerboard")
    for tiles in (8, 3):
        panel.ui.compareTilesSpinBox.value = tiles
        look.waitForPicture(panel)
        spacing = np.array(pair[0].GetSpacing())[::-1]
        edge = (source.shape * spacing).max() / tiles
        places = np.indices(source.shape)
        numbers = (places * spacing[:, None, None, None] // edge).sum(axis=0)
        wanted = np.where(numbers % 2 == 1, result, source)
        for name in look.USER_VIEWS:
            board = look.background(name)
            assert board not in pair and board.GetHideFromEditors() and not board.GetSaveWithScene()
            np.testing.assert_array_equal(look.voxels(board), wanted)
            assert look.shown(name).GetForegroundVolumeID() is None


def test_swipe_shows_the_input_left_and_the_result_right_of_the_line(pair, panel):
    source, result = (look.voxels(node).copy() for node in pair)
    look.compare(panel, "swipe")
    for share in (0.5, 0.75, 0.25, 0.0, 1.0, 0.4):
        panel.ui.compareSwipeSlider.value = share
        look.waitForPicture(panel)
        # In axial and coronal views the patient's right is at the left: the i axis runs from right to left.
        place = round((1 - share) * source.shape[2])
        for name in ("Red", "Green"):
            line = look.voxels(look.background(name))
            np.testing.assert_array_equal(line[..., place:], source[..., place:])
            np.testing.assert_array_equal(line[..., :place], result[..., :place])
        line = look.voxels(look.background("Yellow"))
        place = round((1 - share) * source.shape[1])
        np.testing.assert_array_equal(line[:, place:], source[:, place:])
        np.testing.assert_array_equal(line[:, :place], result[:, :place])


def test_the_line_stands_where_the_slider_says_in_the_picture(pair, panel):
    """Seen from the pictures alone: left of the line that of the input, right of it that of the result."""
    pictures = {}
    for mode, slider, share in (("fader", "Fade", 0.0), ("fader", "Fade", 1.0), ("swipe", "Swipe", 0.4)):
        look.compare(panel, mode)
        getattr(panel.ui, f"compare{slider}Slider").value = share
        look.waitForPicture(panel)
        pictures[mode, share] = {name: plain(name).astype(float) for name in look.USER_VIEWS}
    for name in look.USER_VIEWS:
        before, after, both = (picture[name] for picture in pictures.values())
        isBefore, isAfter = np.abs(both - before).sum(axis=2), np.abs(both - after).sum(axis=2)
        differs = np.abs(before - after).sum(axis=2) > 12
        columns = np.nonzero(differs.any(axis=0))[0]
        third = (columns[-1] - columns[0]) // 4
        left, right = slice(columns[0], columns[0] + third), slice(columns[-1] - third, columns[-1] + 1)
        assert isBefore[:, left].mean() < 0.2 * isAfter[:, left].mean()
        assert isAfter[:, right].mean() < 0.2 * isBefore[:, right].mean()


def test_moving_the_line_writes_only_what_lies_between(pair, panel):
    look.compare(panel, "swipe")
    line = look.voxels(look.background("Red"))
    line[..., 0], line[..., -1] = -77, -78
    panel.ui.compareSwipeSlider.value = 0.6
    look.waitForPicture(panel)
    assert (line[..., 0] == -77).all() and (line[..., -1] == -78).all()


def test_voxels_that_change_while_the_line_is_drawn_are_drawn_again(installTree, pair, monkeypatch):
    from GANEnhancePanel.comparing import fills

    monkeypatch.setattr(fills, "BLOCK_BYTES", 64)
    before, after = np.zeros((4, 6, 8), "int16"), np.ones((4, 6, 8), "int16")
    fill, drawn = fills.Swipe(lambda: before, lambda: after, 2, False), np.empty((4, 6, 8), "int16")
    steps = fill.write(drawn, share=0.5)
    for _step in range(3):
        next(steps)
    before[:] = 5
    fill.forget()
    list(steps)
    assert (drawn[..., :4] == 0).any()
    list(fill.write(drawn, share=0.5))
    assert (drawn[..., :4] == 5).all() and (drawn[..., 4:] == 1).all()


def test_a_turned_view_gets_its_own_line(pair, panel):
    source, result = (look.voxels(node).copy() for node in pair)
    look.compare(panel, "swipe")
    slicer.app.layoutManager().sliceWidget("Red").setSliceOrientation("Sagittal")
    look.waitForPicture(panel)
    line = look.voxels(look.background("Red"))
    middle = source.shape[1] // 2
    np.testing.assert_array_equal(line[:, middle:], source[:, middle:])
    np.testing.assert_array_equal(line[:, :middle], result[:, :middle])
    assert look.background("Red") is look.background("Yellow")
    slicer.app.layoutManager().sliceWidget("Green").setSliceOrientation("Sagittal")
    slicer.app.layoutManager().sliceWidget("Red").setSliceOrientation("Coronal")
    slicer.app.layoutManager().sliceWidget("Red").setSliceOrientation("Sagittal")
    look.waitForPicture(panel)
    # No view needs the other direction any more.
    panel.ui.compareSwipeSlider.value = 0.3
    look.waitForPicture(panel)
    lines = [node for node in person.volumes() if node.GetName() == "GANEnhance swipe"]
    assert lines == [look.background("Red")]


def test_difference_is_input_minus_output_in_units_centered_on_zero(mainWindow, panel):
    panel.ui.modalityComboBox.setCurrentIndex(2)
    source, result = look.enhanced(panel)
    look.compare(panel, "difference")
    node = look.background("Red")
    before, after = (look.voxels(each).astype("float32") for each in (source, result))
    np.testing.assert_array_equal(look.voxels(node), before - after)
    display = node.GetDisplayNode()
    assert display.GetLevel() == 0.0 and display.GetWindow() > 0
    reach = display.GetWindow() / 2
    share = (np.abs(before - after) <= reach).mean()
    assert 0.99 < share <= 1.0
    assert f"\u2212{reach:.3g}\u00a0HU" in look.note(panel) and f"{reach:.3g}\u00a0HU (orange)" in look.note(
        panel
    )
    assert f"{np.abs(before - after).max():.3g}\u00a0HU" in look.note(panel)
    assert look.mark("Red").splitlines()[-1].startswith("Input minus output: \u2212")
    colors = display.GetColorNode()
    assert not colors.GetSaveWithScene() and colors.GetHideFromEditors()
    table = [colors.GetLookupTable().GetTableValue(number)[:3] for number in range(256)]
    sums = [sum(color) for color in table]
    assert max(sums[127], sums[128]) < 0.03
    assert sums[:128] == sorted(sums[:128], reverse=True) and sums[128:] == sorted(sums[128:])
    assert all(blue > red for red, _green, blue in table[:127])
    assert all(red > blue for red, _green, blue in table[129:])


def test_no_difference_is_said(pair, panel):
    source, result = pair
    look.voxels(result)[...] = look.voxels(source)
    slicer.util.arrayFromVolumeModified(result)
    look.compare(panel, "difference")
    assert "the same values everywhere" in look.note(panel)
    assert not plain("Red").any()


@pytest.mark.parametrize("mode", MIXED)
def test_new_voxels_of_the_result_are_followed(pair, panel, mode):
    source, result = pair
    look.compare(panel, mode)
    first = look.voxels(look.background("Red")).copy()
    look.voxels(result)[...] = 7
    slicer.util.arrayFromVolumeModified(result)
    look.waitForPicture(panel)
    second = look.voxels(look.background("Red"))
    assert (first != second).any()
    if mode == "difference":
        np.testing.assert_array_equal(second, look.voxels(source).astype("float32") - 7)
    else:
        assert set(np.unique(second)) <= set(np.unique(look.voxels(source))) | {7}


@pytest.mark.parametrize("mode", look.MODES[1:])
@pytest.mark.parametrize("kind", ["one slice", "sagittal", "transformed", "left-handed"])
def test_any_grid_can_be_compared(mainWindow, panel, mode, kind):
    matrix = {"one slice": None, "transformed": None}.get(kind, np.eye(4))
    if kind == "sagittal":
        matrix = np.array([[0, 0, 3.0, 5], [1, 0, 0, -9], [0, 1, 0, 2], [0, 0, 0, 1]])
    if kind == "left-handed":
        matrix = np.diag([-1.0, 1, 2, 1])
    shape = (1, 40, 48) if kind == "one slice" else (12, 24, 32)
    from GANEnhancePanel.phantom import makePhantom

    source = makePhantom(matrix, shape, "Head")
    source.CreateDefaultDisplayNodes()
    if kind == "transformed":
        transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
        from GANEnhancePanel.phantom import obliqueGrid, vtkMatrix

        transform.SetMatrixTransformToParent(vtkMatrix(obliqueGrid()))
        source.SetAndObserveTransformNodeID(transform.GetID())
    panel.ui.inputSelector.setCurrentNode(source)
    (result,) = person.enhance(panel, "median")
    bounds = np.zeros(6)
    result.GetRASBounds(bounds)
    center = (bounds[::2] + bounds[1::2]) / 2
    for name in look.USER_VIEWS:
        look.shown(name).SetBackgroundVolumeID(result.GetID())
        slicer.app.layoutManager().sliceWidget(name).fitSliceToBackground()
        slicer.app.layoutManager().sliceWidget(name).mrmlSliceNode().JumpSliceByOffsetting(*center)
    look.compare(panel, mode)
    slicer.app.processEvents()
    visible = [
        name
        for name in slicer.app.layoutManager().sliceViewNames()
        if slicer.app.layoutManager().sliceWidget(name).visible
    ]
    if kind == "one slice" and mode == "sideBySide":
        assert len(visible) == 2
    pictures = [plain(name) for name in visible]
    assert all(picture.std() > 1 for picture in pictures), [picture.std() for picture in pictures]
    if mode in MIXED:
        node = look.background("Red")
        assert node.GetTransformNodeID() == result.GetTransformNodeID()
        np.testing.assert_allclose(grid(node), grid(result))
    look.compare(panel, "off")


def test_volumes_of_different_grids_say_why_and_what_works(pair, panel):
    source, result = pair
    fine = np.repeat(np.repeat(look.voxels(result), 2, axis=1), 2, axis=2)
    slicer.util.updateVolumeFromArray(result, fine)
    for mode in MIXED:
        look.compare(panel, mode)
        assert look.note(panel).startswith(
            "The result has 64\u00d748\u00d712 voxels, but its source has 32\u00d724\u00d712."
        )
        assert "Side by side and the fader work." in look.note(panel)
        assert look.background("Red") is result
    look.compare(panel, "fader")
    assert look.shown("Red").GetForegroundVolumeID() == result.GetID()
    look.compare(panel, "sideBySide")
    assert look.background("GANEnhanceAfter1") is result


def test_a_result_that_was_moved_is_not_mixed(pair, panel):
    _source, result = pair
    look.compare(panel, "swipe")
    assert look.background("Red") is not result
    result.SetOrigin(5, 5, 5)
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    result.SetAndObserveTransformNodeID(transform.GetID())
    assert "not in the same place any more" in look.note(panel)
    assert look.background("Red") is result


def test_types_that_differ_are_mixed_without_loss(mainWindow, panel):
    panel.ui.voxelTypeComboBox.setCurrentIndex(1)
    source, result = look.enhanced(panel)
    assert (look.voxels(source).dtype, look.voxels(result).dtype) == ("int16", "float32")
    look.voxels(result)[...] += 0.25
    look.compare(panel, "swipe")
    panel.ui.compareSwipeSlider.value = 0.0
    look.waitForPicture(panel)
    np.testing.assert_array_equal(look.voxels(look.background("Red")), look.voxels(result))


def test_window_and_level_are_changed_together(pair, panel):
    source, result = pair
    for mode in ("sideBySide", "checkerboard"):
        look.compare(panel, mode)
        result.GetDisplayNode().SetWindowLevel(345.0, 210.0)
        result.GetDisplayNode().SetWindowLevel(346.0, 211.0)
        assert (source.GetDisplayNode().GetWindow(), source.GetDisplayNode().GetLevel()) == (346.0, 211.0)
    board = look.background("Red").GetDisplayNode()
    assert board.GetWindow() == 346.0
    board.SetWindowLevel(400.0, 250.0)
    assert source.GetDisplayNode().GetWindow() == result.GetDisplayNode().GetWindow() == 400.0


def test_without_views_the_panel_says_so(panel):
    source, result = look.enhanced(panel)
    for mode in look.MODES[1:]:
        look.compare(panel, mode)
        assert "no slice views" in look.note(panel)
    look.compare(panel, "off")


def plain(name):
    """Return the picture of a slice (rows, columns, 3) without texts."""
    return blended(slicer.app.layoutManager().sliceWidget(name).sliceLogic())


def grid(node):
    """Return the IJK-to-RAS matrix of a volume."""
    from GANEnhancePanel.volumes import ijkToRASArray

    return ijkToRASArray(node)
