"""The moves of a person who asks for a finer grid, and where the result lies."""

import itertools

import harness
import numpy as np
import person
import slicer

KINDS = ("automatic", "factors", "spacing", "like")


def choose(panel, kind, **values):
    """Choose how fine the result shall be; `values`: through, inPlane, spacing (numbers), like (node)."""
    ui = panel.ui
    widgets = {
        "through": ui.finerThroughSpinBox,
        "inPlane": ui.finerInPlaneSpinBox,
        "spacing": ui.finerSpacingSpinBox,
    }
    ui.finerKindComboBox.setCurrentIndex(KINDS.index(kind))
    for name, value in values.items():
        if name == "like":
            ui.finerLikeSelector.setCurrentNode(value)
        else:
            widgets[name].value = value
    return wait(panel)


def wait(panel):
    """Wait until the panel says which grid the result has, or why there is none; returns that."""
    harness.processEventsUntil(lambda: not note(panel).startswith("Asking"), seconds=60)
    return note(panel)


def note(panel):
    """Return what the panel says of the grid."""
    return panel.ui.finerNoteLabel.text


def enhance(panel):
    """Press Enhance and return the new volume."""
    before = person.volumes()
    person.press(panel)
    person.waitUntilReady(panel)
    new = [node for node in person.volumes() if node not in before]
    assert len(new) == 1, person.status(panel)
    return new[0]


def corners(node):
    """Return the outer corners of a volume's box, (8, 3), in the coordinates of the world, sorted."""
    import vtk

    ends = [(-0.5, size - 0.5) for size in node.GetImageData().GetDimensions()]
    matrix, above = vtk.vtkMatrix4x4(), vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    if node.GetParentTransformNode() is not None:
        node.GetParentTransformNode().GetMatrixTransformToWorld(above)
    vtk.vtkMatrix4x4.Multiply4x4(above, matrix, matrix)
    return np.array([matrix.MultiplyPoint((*corner, 1))[:3] for corner in itertools.product(*ends)])


def interpolated(panel, source, result):
    """Return the voxels of a volume on the grid of a result, in its type, as the library has them."""
    from GANEnhancePanel.volumes import ijkToRASArray

    from GANEnhanceLib.finer.grid import Grid
    from GANEnhanceLib.finer.lattice import Lattice
    from GANEnhanceLib.finer.resample import resample

    before, after = slicer.util.arrayFromVolume(source), slicer.util.arrayFromVolume(result)
    given = Grid.make(before.shape, ijkToRASArray(source))
    target = Grid.make(after.shape, ijkToRASArray(result))
    if given.refined(after.shape).is_like(target):
        values = np.empty(after.shape, np.float32)
        for _fraction in Lattice(before.shape, after.shape, {}).interpolate(before, values):
            pass
    else:
        values = resample(before, given, target, float(before.min()))
    return np.rint(values).astype(after.dtype) if after.dtype.kind == "i" else values
