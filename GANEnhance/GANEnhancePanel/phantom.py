"""A tiny noisy volume for the self tests: no download, no file, the same voxels each time."""

import numpy as np
import slicer
import vtk

SHAPE = (12, 24, 32)
NOISE = 40.0


def makePhantom(ijkToRAS=None, shape=SHAPE, name="Phantom"):
    """Add a noisy ellipsoid (Rician noise, int16, k, j, i) to the scene and return its node.

    :param ijkToRAS: (4, 4) array in mm; by default an oblique grid with thick slices.
    """
    axes = np.meshgrid(*[np.linspace(-1, 1, size) if size > 1 else [0.0] for size in shape], indexing="ij")
    clean = 600.0 * (sum(axis**2 for axis in axes) < 0.7) + 200.0
    real, imaginary = np.random.default_rng(1).normal(0, NOISE, (2, *shape))
    node = slicer.util.addVolumeFromArray(np.hypot(clean + real, imaginary).astype("int16"), name=name)
    node.SetIJKToRASMatrix(vtkMatrix(obliqueGrid() if ijkToRAS is None else ijkToRAS))
    return node


def obliqueGrid():
    """Return the IJK-to-RAS matrix of a grid that is turned by 20 degrees about the long axis of the body."""
    cosine, sine = np.cos(np.deg2rad(20)), np.sin(np.deg2rad(20))
    return np.array([[cosine, -sine, 0, -30], [sine, cosine, 0, 12], [0, 0, 2.5, 7], [0, 0, 0, 1]])


def vtkMatrix(array):
    """Return a (4, 4) array as vtkMatrix4x4."""
    matrix = vtk.vtkMatrix4x4()
    for row in range(4):
        for column in range(4):
            matrix.SetElement(row, column, float(array[row][column]))
    return matrix
