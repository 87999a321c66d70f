"""A person enhances in an ROI, a segment or labels: outside nothing changes, inside is the whole run."""

import subprocess
import sys
import time

import harness
import numpy as np
import person
import pytest
import slicer
import vtk


@pytest.fixture
def whole(panel, phantom):
    """Voxels of the result without a region, as floating point."""
    panel.ui.voxelTypeComboBox.setCurrentIndex(1)
    (node,) = person.enhance(panel)
    return slicer.util.arrayFromVolume(node).copy()


def chooseKind(panel, name):
    """Choose what the region is: "box", "segment", "labelMap" or "whole"."""
    names = ["whole", "box", "segment", "labelMap"]
    panel.ui.regionKindComboBox.setCurrentIndex(names.index(name))


def enhanced(panel):
    """Press Enhance and return the voxels of the new volume."""
    (node,) = person.enhance(panel)
    return slicer.util.arrayFromVolume(node)


def assertOnlyInside(result, source, whole, inside):
    """The result is the whole run inside, and the input outside."""
    assert inside.any() and not inside.all()
    np.testing.assert_array_equal(result[~inside], slicer.util.arrayFromVolume(source)[~inside])
    np.testing.assert_array_equal(result[inside], whole[inside])
    assert (whole[inside] != slicer.util.arrayFromVolume(source)[inside]).any()


def worldPlaces(node):
    """World coordinates of each voxel's center, (k, j, i, 3), as Slicer computes them."""
    matrix = vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    if node.GetParentTransformNode() is not None:
        above = vtk.vtkMatrix4x4()
        node.GetParentTransformNode().GetMatrixTransformToWorld(above)
        vtk.vtkMatrix4x4.Multiply4x4(above, matrix, matrix)
    shape = node.GetImageData().GetDimensions()[::-1]
    places = np.zeros((*shape, 3))
    for k, j, i in np.ndindex(shape):
        places[k, j, i] = matrix.MultiplyPoint((i, j, k, 1))[:3]
    return places


def insideROI(roi, node):
    """Which voxels of a volume lie in an ROI: Slicer itself says so."""
    places = worldPlaces(node)
    inside = [roi.IsPointInROIWorld(place) for place in places.reshape(-1, 3).tolist()]
    return np.array(inside, bool).reshape(places.shape[:3])


def turn(x, y, z, offset=(0, 0, 0)):
    """A linear transform node that turns by degrees."""
    transform = vtk.vtkTransform()
    transform.Translate(*offset)
    transform.RotateX(x)
    transform.RotateY(y)
    transform.RotateZ(z)
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    node.SetMatrixTransformToParent(transform.GetMatrix())
    return node


def newROI(panel):
    """Press "New ROI"; returns the ROI."""
    chooseKind(panel, "box")
    panel.ui.newROIButton.click()
    roi = panel.ui.regionROISelector.currentNode()
    assert roi is not None
    return roi


def makeLabelMap(source, labels, shift=None):
    """A label map on the grid of a volume; `shift` is multiplied to its IJK-to-RAS from the right."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "Labels")
    slicer.util.updateVolumeFromArray(node, labels)
    matrix = vtk.vtkMatrix4x4()
    source.GetIJKToRASMatrix(matrix)
    if shift is not None:
        vtk.vtkMatrix4x4.Multiply4x4(matrix, shift, matrix)
    node.SetIJKToRASMatrix(matrix)
    node.SetAndObserveTransformNodeID(source.GetTransformNodeID())
    return node


def twoBlocks(shape=(12, 24, 32)):
    """Labels 1 and 2."""
    labels = np.zeros(shape, np.uint8)
    labels[2:9, 5:15, 4:20], labels[3:11, 16:22, 10:28] = 1, 2
    return labels


def makeSegmentation(labelMap):
    """A segmentation of the labels of a label map."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Organs")
    node.SetAndObserveTransformNodeID(labelMap.GetTransformNodeID())
    assert slicer.modules.segmentations.logic().ImportLabelmapToSegmentationNode(labelMap, node)
    return node


# ROI


def test_a_new_roi_is_half_of_the_volume_and_shown(panel, phantom, whole):
    roi = newROI(panel)
    assert roi.GetDisplayNode().GetVisibility()
    np.testing.assert_allclose(roi.GetSize(), [32 / 2, 24 / 2, 12 * 2.5 / 2])
    inside = insideROI(roi, phantom)
    assert np.count_nonzero(inside) == 16 * 12 * 6
    assert inside[3:9, 6:18, 8:24].all()
    assertOnlyInside(enhanced(panel), phantom, whole, inside)


@pytest.mark.parametrize("above", ["nothing", "volume", "both"])
def test_a_turned_roi_under_transforms_is_what_slicer_shows(panel, phantom, whole, above):
    if above != "nothing":
        phantom.SetAndObserveTransformNodeID(turn(0, 15, 30, (5, 6, 7)).GetID())
    roi = newROI(panel)
    matrix = vtk.vtkMatrix4x4()
    matrix.DeepCopy(roi.GetObjectToNodeMatrix())
    transform = vtk.vtkTransform()
    transform.SetMatrix(matrix)
    transform.RotateX(27)
    transform.RotateZ(33)
    roi.SetAndObserveObjectToNodeMatrix(transform.GetMatrix())
    roi.SetSize(17.31, 11.12, 14.73)  # no voxel's center lies in a face
    if above == "both":
        own = turn(10, 5, -20, (3, 2, 1))
        own.SetAndObserveTransformNodeID(phantom.GetTransformNodeID())
        roi.SetAndObserveTransformNodeID(own.GetID())
    assertOnlyInside(enhanced(panel), phantom, whole, insideROI(roi, phantom))


def test_the_command_with_the_saved_roi_gives_the_same_voxels(panel, phantom, tmp_path):
    roi = newROI(panel)
    transform = vtk.vtkTransform()
    transform.SetMatrix(roi.GetObjectToNodeMatrix())
    transform.RotateY(21)
    transform.RotateZ(-40)
    roi.SetAndObserveObjectToNodeMatrix(transform.GetMatrix())
    panel.ui.regionFeatherSlider.value = 3.5
    result = enhanced(panel)
    storage = slicer.vtkMRMLMarkupsROIJsonStorageNode()
    slicer.mrmlScene.AddNode(storage)
    storage.SetFileName(str(tmp_path / "R.mrk.json"))
    assert storage.WriteData(roi)
    assert slicer.util.saveNode(phantom, str(tmp_path / "in.nrrd"))
    words = ["enhance", "in.nrrd", "out.nrrd", "--model", "median", "--roi-box", "R.mrk.json"]
    again = runCommand(tmp_path, *words, "--feather", "3.5")
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(again), result)
    assert (result != slicer.util.arrayFromVolume(phantom)).any()


def runCommand(folder, *words):
    """Run the command in a folder and load its out.nrrd."""
    command = [sys.executable, "-m", "GANEnhanceLib.cli", *words]
    done = subprocess.run(command, text=True, capture_output=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return slicer.util.loadVolume(str(folder / "out.nrrd"))


def test_the_feather_fades_out_inside(panel, phantom, whole):
    roi = newROI(panel)
    panel.ui.regionFeatherSlider.value = 4.0
    result, source = enhanced(panel), slicer.util.arrayFromVolume(phantom)
    inside = insideROI(roi, phantom)
    np.testing.assert_array_equal(result[~inside], source[~inside])
    assert (result[5, 12, 16] == whole[5, 12, 16]).all()
    share = (result - source)[inside] / np.where(whole == source, np.nan, whole - source)[inside]
    assert np.nanmin(share) >= -1e-3 and np.nanmax(share) <= 1 + 1e-3
    assert np.count_nonzero((share > 0.05) & (share < 0.95)) > 100


@pytest.mark.parametrize("which", ["roi", "volume"])
def test_a_transform_that_is_not_linear_is_refused(panel, phantom, which):
    warp = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTransformNode", "Warp")
    spline = vtk.vtkThinPlateSplineTransform()
    points = vtk.vtkPoints()
    for place in np.ndindex(2, 2, 2):
        points.InsertNextPoint(*[100.0 * number for number in place])
    moved = vtk.vtkPoints()
    moved.DeepCopy(points)
    moved.SetPoint(0, 10, 10, 10)
    spline.SetSourceLandmarks(points)
    spline.SetTargetLandmarks(moved)
    spline.SetBasisToR()
    warp.SetAndObserveTransformToParent(spline)
    roi = newROI(panel)
    (roi if which == "roi" else phantom).SetAndObserveTransformNodeID(warp.GetID())
    nodes = person.nodeCount()
    person.choose(panel.ui.modelComboBox, "median")
    person.press(panel)
    assert "under a transform that is not linear" in person.status(panel)
    assert "under a transform that is not linear" in panel.ui.regionNoteLabel.text
    assert not panel.isRunning() and person.nodeCount() == nodes


def test_an_roi_that_cannot_be_used_is_refused(panel, phantom):
    chooseKind(panel, "box")
    person.choose(panel.ui.modelComboBox, "median")
    assert "No ROI is chosen" in panel.ui.regionNoteLabel.text
    person.press(panel)
    assert "No ROI is chosen" in person.status(panel)
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsROINode", "Empty")
    panel.ui.regionROISelector.setCurrentNode(empty)
    assert "Empty has no size" in panel.ui.regionNoteLabel.text
    roi = newROI(panel)
    assert "Outside" in panel.ui.regionNoteLabel.text
    roi.SetInsideOut(True)
    person.press(panel)
    assert "is inside out" in person.status(panel)
    roi.SetInsideOut(False)
    roi.SetCenter(900, 0, 0)
    person.press(panel)
    person.waitUntilReady(panel)
    assert "does not hold the center of any voxel" in person.status(panel)
    assert len(person.volumes()) == 1


# Labels and segments


@pytest.mark.parametrize("label", [0, 2])
def test_inside_labels(panel, phantom, whole, label):
    labels = twoBlocks()
    node = makeLabelMap(phantom, labels)
    chooseKind(panel, "labelMap")
    panel.ui.regionLabelMapSelector.setCurrentNode(node)
    panel.ui.regionLabelSpinBox.value = label
    inside = labels == label if label else labels > 0
    (result,) = person.enhance(panel)
    assertOnlyInside(slicer.util.arrayFromVolume(result), phantom, whole, inside)
    assert panel.panel.results.of(result).report["region"]["label"] == (label or None)


def test_inside_a_segment(panel, phantom, whole):
    labels = twoBlocks()
    segmentation = makeSegmentation(makeLabelMap(phantom, labels))
    chooseKind(panel, "segment")
    panel.ui.regionSegmentationSelector.setCurrentNode(segmentation)
    box = panel.ui.regionSegmentComboBox
    assert [box.itemText(n) for n in range(box.count)] == ["Label_1", "Label_2"]
    assert box.currentIndex == 0
    assertOnlyInside(enhanced(panel), phantom, whole, labels == 1)
    box.setCurrentIndex(1)
    assertOnlyInside(enhanced(panel), phantom, whole, labels == 2)


@pytest.mark.parametrize("kind", ["segment", "labelMap"])
@pytest.mark.parametrize("turned", [False, True], ids=["straight", "turned"])
def test_labels_of_another_grid_are_sampled_at_the_voxels(panel, phantom, whole, kind, turned):
    """Against Slicer's own way from a voxel to the nearest voxel of the labels."""
    shift = vtk.vtkTransform()
    shift.Translate(3.3, -2.2, 1.1)
    shift.Scale(0.7, 1.3, -0.8)
    if turned:
        shift.RotateX(20)
        shift.RotateZ(35)
    shift.Translate(0, 0, -10)
    labels = twoBlocks((20, 30, 40))
    node = makeLabelMap(phantom, labels, shift.GetMatrix())
    phantom.SetAndObserveTransformNodeID(turn(7, 8, 9, (1, 2, 3)).GetID())
    node.SetAndObserveTransformNodeID(turn(7, 8, 9, (1, 2.1, 3)).GetID())
    chooseKind(panel, kind)
    if kind == "segment":
        panel.ui.regionSegmentationSelector.setCurrentNode(makeSegmentation(node))
    else:
        panel.ui.regionLabelMapSelector.setCurrentNode(node)
        panel.ui.regionLabelSpinBox.value = 1
    worldToIJK, above = vtk.vtkMatrix4x4(), vtk.vtkMatrix4x4()
    node.GetRASToIJKMatrix(worldToIJK)
    node.GetParentTransformNode().GetMatrixTransformFromWorld(above)
    vtk.vtkMatrix4x4.Multiply4x4(worldToIJK, above, worldToIJK)
    places = worldPlaces(phantom)
    inside = np.zeros(places.shape[:3], bool)
    for place in np.ndindex(inside.shape):
        ijk = [round(number) for number in worldToIJK.MultiplyPoint((*places[place], 1))[:3]]
        if all(0 <= number < size for number, size in zip(ijk[::-1], labels.shape, strict=True)):
            inside[place] = labels[tuple(ijk[::-1])] == 1
    assertOnlyInside(enhanced(panel), phantom, whole, inside)


def test_labels_that_cannot_be_used_are_refused(panel, phantom):
    person.choose(panel.ui.modelComboBox, "median")
    chooseKind(panel, "labelMap")
    assert "No label map is chosen" in panel.ui.regionNoteLabel.text
    node = makeLabelMap(phantom, twoBlocks())
    panel.ui.regionLabelMapSelector.setCurrentNode(node)
    panel.ui.regionLabelSpinBox.value = 7
    person.press(panel)
    person.waitUntilReady(panel)
    assert "no voxel inside the volume" in person.status(panel)
    chooseKind(panel, "segment")
    assert "No segmentation is chosen" in panel.ui.regionNoteLabel.text
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Empty")
    panel.ui.regionSegmentationSelector.setCurrentNode(empty)
    assert "No segment is chosen" in panel.ui.regionNoteLabel.text
    empty.GetSegmentation().AddEmptySegment("first", "First")
    assert panel.ui.regionSegmentComboBox.count == 1
    person.press(panel)
    person.waitUntilReady(panel)
    assert "First" in person.status(panel) and "Error" in person.status(panel)
    assert panel.panel.results.latest is None


# What stays


def maskFiles(panel):
    """Masks in the worker's folder."""
    return [path.name for path in panel.client.folder.iterdir() if "mask" in path.name]


def test_masks_are_removed_when_nobody_needs_them(panel, phantom, whole):
    node = makeLabelMap(phantom, twoBlocks())
    chooseKind(panel, "labelMap")
    panel.ui.regionLabelMapSelector.setCurrentNode(node)
    enhanced(panel)
    assert len(maskFiles(panel)) == 1
    written = maskFiles(panel)
    enhanced(panel)
    assert maskFiles(panel) == written, "the same mask is not written again"
    panel.ui.regionLabelSpinBox.value = 2
    enhanced(panel)
    assert len(maskFiles(panel)) == 1 and maskFiles(panel) != written
    chooseKind(panel, "whole")
    assert maskFiles(panel) == []


def test_a_painted_segment_is_written_again(panel, phantom, whole):
    labels = twoBlocks()
    node = makeLabelMap(phantom, labels)
    chooseKind(panel, "labelMap")
    panel.ui.regionLabelMapSelector.setCurrentNode(node)
    enhanced(panel)
    slicer.util.arrayFromVolume(node)[0:2, 0:4, 0:4] = 3
    slicer.util.arrayFromVolumeModified(node)
    labels[0:2, 0:4, 0:4] = 3
    assertOnlyInside(enhanced(panel), phantom, whole, labels > 0)


def test_a_deleted_roi_and_a_closed_scene_leave_nothing(panel, phantom):
    roi = newROI(panel)
    slicer.mrmlScene.RemoveNode(roi)
    assert "No ROI is chosen" in panel.ui.regionNoteLabel.text
    chooseKind(panel, "labelMap")
    panel.ui.regionLabelMapSelector.setCurrentNode(makeLabelMap(phantom, twoBlocks()))
    person.enhance(panel)
    assert maskFiles(panel)
    slicer.mrmlScene.Clear(0)
    assert maskFiles(panel) == []
    assert panel.ui.regionKindComboBox.currentIndex == 0


def test_the_choice_comes_back_with_the_scene(panel, phantom, tmp_path):
    segmentation = makeSegmentation(makeLabelMap(phantom, twoBlocks()))
    chooseKind(panel, "segment")
    panel.ui.regionSegmentationSelector.setCurrentNode(segmentation)
    panel.ui.regionSegmentComboBox.setCurrentIndex(1)
    panel.ui.regionFeatherSlider.value = 2.5
    chosen = panel.panel.parameterNode.regionSegmentID
    assert chosen
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    assert panel.panel.parameterNode.regionSegmentID == ""
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    panel.enter()
    assert panel.ui.regionSegmentationSelector.currentNode().GetName() == "Organs"
    assert panel.panel.parameterNode.regionSegmentID == chosen
    assert panel.ui.regionFeatherSlider.value == 2.5
    assert panel.ui.regionKindComboBox.currentIndex == 2


def test_only_the_rows_of_the_choice_are_shown(panel, phantom):
    ui = panel.ui
    rows = {
        "box": [ui.regionROISelector, ui.newROIButton],
        "segment": [ui.regionSegmentationSelector, ui.regionSegmentComboBox],
        "labelMap": [ui.regionLabelMapSelector, ui.regionLabelSpinBox],
    }
    for kind in ("whole", *rows):
        chooseKind(panel, kind)
        for other, widgets in rows.items():
            assert [widget.isHidden() for widget in widgets] == [other != kind] * 2, (kind, other)
        assert ui.regionFeatherSlider.isHidden() == (kind == "whole")
    # A collapsible button shows all that lies in it directly: it must not show rows that do not count.
    for collapsed in (False, True, False):
        ui.regionCollapsibleButton.collapsed = collapsed
    assert not ui.regionLabelMapSelector.isHidden() and ui.newROIButton.isHidden()


# Time


@pytest.mark.parametrize("turned", [False, True], ids=["straight", "turned"])
def test_no_step_of_a_large_mask_takes_long(panel, tmp_path, turned):
    from GANEnhancePanel.region.mask import labelsOfLabelMap, maskSource, writeMask

    volume = slicer.util.addVolumeFromArray(np.zeros((200, 512, 512), np.int16), name="Large")
    labels = np.zeros((180, 500, 500), np.uint8)
    labels[20:150, 50:450, 60:440] = 1
    shift = vtk.vtkTransform()
    shift.Translate(5.2, 6.3, 9.1)
    if turned:
        shift.RotateX(5)
    node = makeLabelMap(volume, labels, shift.GetMatrix())
    steps = writeMask(maskSource(labelsOfLabelMap(node, 0), volume, 0.0), tmp_path / "m.npy")
    longest, begin = 0.0, time.thread_time()
    whole = begin
    for _fraction in steps:
        now = time.thread_time()
        longest, begin = max(longest, now - begin), now
    print(f"longest step {1000 * longest:.1f} ms, all {begin - whole:.2f} s")
    assert longest < 0.05
    assert np.load(tmp_path / "m.npy", mmap_mode="r").sum() > 10**6


@pytest.mark.parametrize("kind", ["whole", "box", "segment", "labelMap"])
@pytest.mark.parametrize("width", [300, 480])
def test_no_text_is_cut(panel, phantom, ganenhanceModule, tmp_path, kind, width):
    chooseKind(panel, kind)
    panel.ui.regionCollapsibleButton.collapsed = False
    harness.screenshot(ganenhanceModule.widgetRepresentation(), tmp_path / "panel.png", width=width)
    assert harness.cutTexts(panel.ui.GANEnhanceRegion) == []
