"""Sampling by the lowest terms of the cosine transform, as an image is sampled whose k-space ends early."""

from __future__ import annotations

import math

import numpy as np


def lowest_terms(fine: int, coarse: int) -> np.ndarray:
    """Return the weights (coarse, fine), float64, of fine values in coarse ones with the same ends.

    The lowest `coarse` terms of the cosine transform (DCT-II, mirrored at the ends) stay. Rows sum to 1, so a
    constant stays a constant. `fine / coarse` times the transpose fills the missing terms with zeros.
    """
    return math.sqrt(coarse / fine) * _cosines(coarse, coarse).T @ _cosines(coarse, fine)


def _cosines(terms: int, count: int) -> np.ndarray:
    """The first terms of the orthonormal cosine transform (DCT-II) of `count` values, (terms, count)."""
    places = (np.arange(count) + 0.5) * np.pi / count
    basis = np.cos(np.arange(terms)[:, None] * places) * math.sqrt(2.0 / count)
    basis[0] /= math.sqrt(2.0)
    return basis
