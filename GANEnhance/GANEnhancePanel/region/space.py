"""Linear maps between the voxels of nodes, whatever transforms they are under; what is not linear is refused.

Matrices are (4, 4) arrays. World is Slicer's RAS after all parent transforms, in mm.
"""

import numpy as np
import vtk
from slicer.i18n import tr as _

from GANEnhanceLib.errors import InputError


def arrayFromMatrix(matrix):
    """Return a vtkMatrix4x4 as an array."""
    return np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])


def matrixFromArray(array):
    """Return an array as a vtkMatrix4x4."""
    matrix = vtk.vtkMatrix4x4()
    for row in range(4):
        for column in range(4):
            matrix.SetElement(row, column, float(array[row, column]))
    return matrix


def toWorld(node):
    """Return the map from the node's own RAS to world.

    :raises InputError: the node is under a transform that is not linear.
    """
    parent = node.GetParentTransformNode()
    if parent is None:
        return np.eye(4)
    if not parent.IsTransformToWorldLinear():
        raise InputError(
            _("{name} is under a transform that is not linear.").format(name=node.GetName()),
            _("Harden that transform first, or choose another region."),
        )
    matrix = vtk.vtkMatrix4x4()
    parent.GetMatrixTransformToWorld(matrix)
    return arrayFromMatrix(matrix)


def ijkToWorld(volume):
    """Return the map from the voxels (i, j, k) of a volume node to world."""
    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    return toWorld(volume) @ arrayFromMatrix(matrix)
