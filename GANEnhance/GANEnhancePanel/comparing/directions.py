"""Says along which axis of a volume a view runs from left to right."""

import vtk

from GANEnhancePanel.comparing.views import column


def swipeDirection(sliceNode, volume):
    """Return (axis, isReversed): the array axis (k, j, i) that runs most nearly from left to right in a view.

    `isReversed` says that it runs from right to left. A plane across this axis is an upright line in the
    view, or nearly so in one that is turned against the volume.
    """
    toWorld = vtk.vtkMatrix4x4()
    volume.GetIJKToRASDirectionMatrix(toWorld)
    parent = volume.GetParentTransformNode()
    if parent is not None and parent.IsTransformToWorldLinear():
        toParent = vtk.vtkMatrix4x4()
        parent.GetMatrixTransformToWorld(toParent)
        vtk.vtkMatrix4x4.Multiply4x4(toParent, toWorld, toWorld)
    right = column(sliceNode.GetSliceToRAS(), 0)
    along = [sum(a * b for a, b in zip(right, column(toWorld, axis), strict=True)) for axis in range(3)]
    axis = max(range(3), key=lambda number: abs(along[number]))
    return 2 - axis, along[axis] < 0
