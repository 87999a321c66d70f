"""Interpolation along one axis by cubic B-splines, the best of the short classical interpolations.

P. Thevenaz, T. Blu, M. Unser, "Interpolation revisited", IEEE Trans. Med. Imaging 19 (2000) 739-758. Beyond
its ends the signal is mirrored at the centers of the outermost voxels.
"""

from __future__ import annotations

import numpy as np


def spline_matrix(count: int, places: np.ndarray) -> np.ndarray:
    """Return the weights (len(places), count), float64, of voxels in the values at `places`.

    Args:
        count: number of voxels, 1 or more.
        places: where values are wanted, in voxels from the center of the first.
    """
    knots = _weights(count, np.arange(count, dtype=float))
    return np.linalg.solve(knots.T, _weights(count, np.asarray(places, dtype=float)).T).T


def fine_places(fine: int, coarse: int, factor: float | None = None, offset: float = 0.0) -> np.ndarray:
    """Return where the centers of fine voxels lie, in coarse voxels; arguments as in `sampling_matrix`."""
    factor = fine / coarse if factor is None else factor
    return (np.arange(fine) + 0.5 - offset) / factor - 0.5


def _weights(count: int, places: np.ndarray) -> np.ndarray:
    """Values of the four splines around each place, added up on the voxels that they are mirrored to."""
    first = np.floor(places).astype(int) - 1
    matrix = np.zeros((len(places), count))
    for step in range(4):
        knot = first + step
        np.add.at(matrix, (np.arange(len(places)), _mirrored(knot, count)), _cubic(places - knot))
    return matrix


def _mirrored(knot: np.ndarray, count: int) -> np.ndarray:
    if count == 1:
        return np.zeros_like(knot)
    period = 2 * (count - 1)
    knot = np.mod(knot, period)
    return np.where(knot < count, knot, period - knot)


def _cubic(distance: np.ndarray) -> np.ndarray:
    distance = np.abs(distance)
    near = 2 / 3 - distance**2 * (1 - distance / 2)
    return np.where(distance < 1, near, np.clip(2 - distance, 0, None) ** 3 / 6)
