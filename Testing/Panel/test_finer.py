"""A person asks for a finer grid: what the panel says of it, where the result lies, and what comes after."""

import harness
import numpy as np
import person
import person_comparing as look
import person_finer as finer
import pytest
import slicer
import vtk

ABLE = {
    "through_plane": {"factors": [1.5, 4], "profile": "gaussian"},
    "in_plane": {"factors": [1.5, 2], "profile": "kspace"},
}
SHAPE = (5, 14, 16)


@pytest.fixture(scope="module")
def models(request, tmp_path_factory):
    """A folder with a tiny model for super-resolution."""
    import sys

    sys.path.append(str(request.config.rootpath / "Testing" / "Library"))
    import make_bundle

    folder = tmp_path_factory.mktemp("models")
    fields = {"task": "super-resolution", "super_resolution": ABLE}
    make_bundle.make_tiny_bundle(folder / "tiny", "random", 3, **fields)
    return folder


@pytest.fixture(autouse=True)
def _theWorkerFindsIt(models, monkeypatch):
    monkeypatch.setenv("GANENHANCE_MODELS", str(models))


@pytest.fixture
def head(mainWindow, panel):
    """A small volume with thick slices on an oblique grid, chosen with the model."""
    return choose(panel, makeVolume())


def makeVolume(ijkToRAS=None, shape=SHAPE, name="Head"):
    """A phantom that is shown in the views."""
    from GANEnhancePanel.phantom import makePhantom

    node = makePhantom(ijkToRAS, shape, name)
    node.CreateDefaultDisplayNodes()
    slicer.util.setSliceViewerLayers(background=node, fit=True)
    return node


def choose(panel, node):
    """Choose a volume and the model; returns the volume."""
    panel.ui.inputSelector.setCurrentNode(node)
    person.chooseModel(panel, "tiny")
    finer.wait(panel)
    return node


def voxels(node):
    """Voxels (k, j, i)."""
    return slicer.util.arrayFromVolume(node)


def waitForNote(panel, words):
    """Wait until the comparison is shown and says so."""
    harness.processEventsUntil(lambda: words in look.note(panel), seconds=30)


def transform(*angles):
    """A node with a linear transform."""
    turned = vtk.vtkTransform()
    turned.Translate(3, -4, 5)
    turned.RotateX(angles[0])
    turned.RotateZ(angles[1])
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    node.SetMatrixTransformToParent(turned.GetMatrix())
    return node


def test_the_rows_are_there_for_such_a_model_only_and_foretell_the_grid(panel, head):
    ui = panel.ui
    assert not ui.finerWidget.isHidden()
    assert "16×14×12 voxels of 1×1×1.042 mm" in finer.note(panel), finer.note(panel)
    assert "1×1×2.4" in finer.note(panel) and "of memory" in finer.note(panel)
    assert ui.finerThroughSpinBox.isHidden() and ui.finerLikeSelector.isHidden()
    assert "16×14×15 voxels" in finer.choose(panel, "factors", through=3.0)
    assert not ui.finerThroughSpinBox.isHidden() and "1.5 to 4" in ui.finerThroughSpinBox.toolTip
    assert "32×28×15 voxels" in finer.choose(panel, "factors", inPlane=2.0)
    assert "16×14×10 voxels" in finer.choose(panel, "spacing", spacing=1.25)
    person.chooseModel(panel, "median")
    assert ui.finerWidget.isHidden() and ui.enhanceButton.enabled
    (node,) = person.enhance(panel, "median")
    assert voxels(node).shape == SHAPE


def test_wrong_choices_are_told_at_the_choice(panel, head):
    ui = panel.ui
    ways = [
        (("factors", {"through": 9.0}), "The scale along k is 9, but the model"),
        (("factors", {"through": 2.0, "inPlane": 3.0}), "The scale along j is 3, but the model"),
        (("spacing", {"spacing": 0.1}), "The scale along k is 25"),
        (("spacing", {"spacing": 50.0}), "nothing is to be refined"),
        (("like", {}), "No volume is chosen that the result shall be like."),
        (("like", {"like": head}), "nothing is to be refined"),
    ]
    for (kind, values), sentence in ways:
        told = finer.choose(panel, kind, **values)
        assert sentence in told, told
        assert not ui.enhanceButton.enabled and sentence in ui.enhanceButton.toolTip
    far = makeVolume(np.array([[1.0, 0, 0, 900], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]), name="Far")
    assert "lies outside of the volume" in finer.choose(panel, "like", like=far)
    gray = ui.modelComboBox.itemData(ui.modelComboBox.currentIndex, 3)
    assert not gray.startswith("Not for"), "another choice of the grid helps, not another model"
    assert "16×14×12" in finer.choose(panel, "automatic") and ui.enhanceButton.enabled


GRIDS = {
    "oblique": (None, SHAPE, None),
    "left-handed": (np.array([[-1, 0, 0, 3], [0, 0, 2.5, 9], [0, 1.0, 0, -4], [0, 0, 0, 1]]), SHAPE, None),
    "anisotropic": (np.diag([0.7, 1.4, 3.1, 1]), SHAPE, None),
    "one slice": (np.diag([1.0, 1.0, 5.0, 1]), (1, 14, 16), (1.0, 2.0)),
    "transformed": (None, SHAPE, "transform"),
}


def test_the_result_has_the_same_corners(panel, mainWindow):
    for kind, (matrix, shape, more) in GRIDS.items():
        source = makeVolume(matrix, shape)
        if more == "transform":
            source.SetAndObserveTransformNodeID(transform(20, 35).GetID())
        before = voxels(source).copy()
        choose(panel, source)
        through, inPlane = more if isinstance(more, tuple) else (3.0, 1.0)
        finer.choose(panel, "factors", through=through, inPlane=inPlane)
        result = finer.enhance(panel)
        factors = np.array(voxels(result).shape) / shape
        assert sorted(factors) == sorted((through, inPlane, inPlane)) and factors.max() > 1, kind
        np.testing.assert_allclose(finer.corners(result), finer.corners(source), rtol=0, atol=1e-6)
        assert result.GetTransformNodeID() == source.GetTransformNodeID()
        shown = "×".join(f"{factor:g}" for factor in factors[::-1])
        assert result.GetName().startswith("Head") and shown in result.GetName(), kind
        assert result.GetNodeReference("GANEnhance.sourceVolume") is source
        assert (voxels(source) == before).all() and voxels(result).dtype == before.dtype


def test_the_grid_of_another_volume_under_another_transform(panel, head):
    other = makeVolume(np.diag([0.9, 1.2, 1.1, 1.0]), (9, 8, 10), "Other")
    other.SetAndObserveTransformNodeID(transform(0, 10).GetID())
    head.SetAndObserveTransformNodeID(transform(15, 0).GetID())
    for node, shift in ((other, 0), (head, 0)):
        matrix = vtk.vtkMatrix4x4()
        node.GetIJKToRASMatrix(matrix)
        for row in range(3):
            matrix.SetElement(row, 3, -4.0 + shift)
        node.SetIJKToRASMatrix(matrix)
    told = finer.choose(panel, "like", like=other)
    assert "10×8×9 voxels of 0.9×1.2×1.1 mm, on the grid of the chosen volume" in told, told
    result = finer.enhance(panel)
    assert voxels(result).shape == voxels(other).shape
    np.testing.assert_allclose(finer.corners(result), finer.corners(other), rtol=0, atol=1e-6)
    assert result.GetTransformNodeID() == head.GetTransformNodeID()
    assert not panel.ui.previewRedButton.enabled
    assert "on the grid of another volume" in panel.ui.previewRedButton.toolTip


def test_choices_and_a_finer_result_come_back_with_the_scene(panel, head, tmp_path):
    other = makeVolume(np.diag([0.9, 1.2, 1.1, 1.0]), (9, 8, 10), "Other")
    finer.choose(panel, "like", like=other)
    finer.choose(panel, "factors", through=2.5, inPlane=1.5)
    panel.ui.finerSpacingSpinBox.value = 0.75
    told = finer.note(panel)
    result = finer.enhance(panel)
    look.compare(panel, "difference")
    waitForNote(panel, "interpolated")
    after, corners = voxels(result).copy(), finer.corners(result)
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    assert panel.panel.parameterNode.finerSpacing == 1.0
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    panel.enter()
    assert finer.wait(panel) == told
    node = panel.panel.parameterNode
    assert (node.finerKind.value, node.finerThroughPlane, node.finerInPlane) == ("factors", 2.5, 1.5)
    assert node.finerSpacing == 0.75 and node.finerLike.GetName() == "Other"
    assert panel.ui.finerKindComboBox.currentIndex == 1 and panel.ui.finerThroughSpinBox.value == 2.5
    again = node.resultVolume
    assert (voxels(again) == after).all()
    np.testing.assert_allclose(finer.corners(again), corners, rtol=0, atol=1e-5)  # a file has 32 bits
    waitForNote(panel, "interpolated")  # no run is kept: the worker interpolates again
    assert "largest change" in look.note(panel)
