"""Linear maps along the axes of an array, and the lowest terms of the cosine transform as one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np


def map_axes(matrices: Mapping[int, np.ndarray], voxels: np.ndarray) -> np.ndarray:
    """Return an array that was mapped by a matrix (new size, size) along each of the named axes, float64."""
    voxels = np.asarray(voxels, dtype=np.float64)
    for axis, matrix in matrices.items():
        voxels = np.moveaxis(np.tensordot(matrix, voxels, (1, axis)), 0, axis)
    return voxels


def lowest_terms(fine: int, coarse: int) -> np.ndarray:
    """Return the weights (coarse, fine), float64, of fine values in coarse ones with the same ends.

    The lowest `coarse` terms of the cosine transform stay, as an image is sampled whose k-space ends early.
    Rows sum to 1, so a constant stays a constant. `fine / coarse` times the transpose fills the missing terms
    with zeros.
    """
    return math.sqrt(coarse / fine) * cosine_terms(coarse, coarse).T @ cosine_terms(coarse, fine)


def cosine_terms(terms: int, count: int) -> np.ndarray:
    """Return the first terms of the orthonormal cosine transform (DCT-II, mirrored at the ends) of `count`
    values, (terms, count), float64.
    """
    places = (np.arange(count) + 0.5) * np.pi / count
    basis = np.cos(np.arange(terms)[:, None] * places) * math.sqrt(2.0 / count)
    basis[0] /= math.sqrt(2.0)
    return basis
