"""What a coarse voxel measures of fine ones, along one axis: slice profiles and a k-space that ends early.

A matrix (coarse, fine) holds the weights. Its rows sum to 1, so a constant stays a constant.
"""

from __future__ import annotations

import math

import numpy as np

from GANEnhanceLib.axis_maps import lowest_terms
from GANEnhanceLib.errors import OptionError

PROFILES = ("box", "gaussian", "kspace")
_FWHM_TO_SIGMA = 1 / (2 * math.sqrt(2 * math.log(2)))


def sampling_matrix(
    fine: int, coarse: int, profile: str, factor: float | None = None, offset: float = 0.0
) -> np.ndarray:
    """Return the weights (coarse, fine), float64, of fine voxels in coarse ones.

    Coarse voxel n has its center at (n + 1/2) `factor` - 1/2 + `offset` on the fine axis. Where the profile
    leaves the volume, the weights inside are scaled up to a sum of 1.

    Args:
        fine: number of fine voxels.
        coarse: number of coarse ones.
        profile: "box", as wide as the distance of coarse voxels; "gaussian", whose full width at half maximum
            is that distance (H. Greenspan, Comput J 52:43, 2009); or "kspace": the lowest `coarse` terms of
            the cosine transform, as an image is sampled whose k-space ends early (mirrored at the borders, as
            in `degrade.resolution`); it has no offset.
        factor: distance of coarse voxels in fine ones; None: both grids have the same ends.
        offset: shift of the coarse voxels, in fine ones.

    Raises:
        OptionError: unknown profile.
    """
    if profile == "kspace":
        return lowest_terms(fine, coarse)
    factor = fine / coarse if factor is None else factor
    centers = (np.arange(coarse) + 0.5) * factor - 0.5 + offset
    edges = np.arange(fine + 1) - 0.5 - centers[:, None]
    if profile == "box":
        passed = np.clip(edges, -factor / 2, factor / 2)
    elif profile == "gaussian":
        scaled = edges / (factor * _FWHM_TO_SIGMA * math.sqrt(2))
        passed = np.vectorize(math.erf, otypes=[float])(np.clip(scaled, -6, 6))
    else:
        raise OptionError(f"The slice profile is {profile!r}, but must be one of: {', '.join(PROFILES)}.")
    weights = np.diff(passed, axis=1)
    return weights / weights.sum(axis=1, keepdims=True)
