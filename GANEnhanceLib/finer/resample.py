"""Voxels of one grid at the places of another one, which may be turned against it."""

from __future__ import annotations

import numpy as np

from GANEnhanceLib.finer.grid import Grid

_EDGE = 4
"""Voxels that are repeated around the volume: the spline's support, and room for a grid that ends a little
later."""


def resample(voxels: np.ndarray, grid: Grid, target: Grid, outside: float) -> np.ndarray:
    """Return cubic B-spline values at the voxels of another grid, float32.

    Args:
        voxels: (k, j, i) on `grid`, real.
        grid: where they lie.
        target: where values are wanted.
        outside: value of target voxels whose center lies outside of the volume.
    """
    import SimpleITK

    # In voxel numbers instead of mm: ITK's images can be neither sheared nor left-handed.
    image = SimpleITK.GetImageFromArray(np.pad(np.asarray(voxels, np.float32), _EDGE, mode="edge"))
    to_index = np.linalg.solve(grid.matrix, target.matrix)
    transform = SimpleITK.AffineTransform(3)
    transform.SetMatrix(to_index[:3, :3].ravel().tolist())
    transform.SetTranslation((to_index[:3, 3] + _EDGE).tolist())
    filtering = SimpleITK.ResampleImageFilter()
    filtering.SetSize([int(size) for size in reversed(target.shape)])
    filtering.SetTransform(transform)
    filtering.SetInterpolator(SimpleITK.sitkBSpline)
    values = SimpleITK.GetArrayFromImage(filtering.Execute(image))
    values[~covered(grid, target)] = outside
    return values


def covered(grid: Grid, target: Grid) -> np.ndarray:
    """Tell for each voxel (k, j, i) of `target` whether its center lies in a voxel of `grid`."""
    to_index = np.linalg.solve(grid.matrix, target.matrix)
    k, j, i = (np.arange(size, dtype=np.float64) for size in target.shape)
    result = np.ones(target.shape, dtype=bool)
    for axis, size in enumerate(reversed(grid.shape)):
        along_i, along_j, along_k, origin = to_index[axis]
        for number, row in enumerate(k):
            place = origin + along_k * row + along_j * j[:, None] + along_i * i
            result[number] &= (place >= -0.5 - 1e-6) & (place <= size - 0.5 + 1e-6)
    return result
