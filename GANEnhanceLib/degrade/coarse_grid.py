"""Measured on a coarser grid and interpolated back: what super-resolution is given for fine slices."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from GANEnhanceLib.degrade.mr import add_noncentral_chi_noise
from GANEnhanceLib.finer.interpolation import interpolation_matrix
from GANEnhanceLib.finer.sampling import sampling_matrix
from GANEnhanceLib.finer.spline import fine_places, spline_matrix


def measure_coarsely(
    planes: np.ndarray,
    factor: float,
    profile: str,
    noise: float,
    rng: np.random.Generator,
    phase: float = 0.0,
    columns: float = 1.0,
) -> np.ndarray:
    """Measure planes with coarse voxels, add Rician noise there, and interpolate by cubic B-splines, or where
    k-space ends early by zero filling.

    Args:
        planes: (..., h, w), in units of the reference intensity.
        factor: size of a coarse voxel along the rows' axis (h), in fine ones, 1 or more; 1: as it is.
        profile: of the coarse voxels along h; see `finer.sampling`.
        noise: standard deviation in each of both channels, in the units of `planes`.
        rng: of the noise.
        phase: where the first coarse voxel begins: this share of it lies before the plane.
        columns: the same as `factor` along w, where k-space ends early.

    Returns:
        float32 array of the same shape.
    """
    height, width = planes.shape[-2:]
    down, up = _pair_of_maps(height, float(factor), profile, float(phase))
    coarse = down @ np.asarray(planes, dtype=np.float32)
    across = _pair_of_maps(width, float(columns), "kspace", 0.0) if columns > 1 else None
    if across is not None:
        coarse = coarse @ across[0].T
    if noise > 0:
        flat = coarse.reshape(-1, *coarse.shape[-2:])
        coarse = add_noncentral_chi_noise(flat, np.float32(noise), 1, rng).reshape(coarse.shape)
    if across is not None:
        coarse = coarse @ across[1].T
    return (up @ coarse).astype(np.float32, copy=False)


@lru_cache(maxsize=256)
def _pair_of_maps(fine: int, factor: float, profile: str, phase: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the matrices down (coarse, fine) and up (fine, coarse), float32."""
    if factor <= 1:
        same = np.eye(fine, dtype=np.float32)
        return same, same
    if profile == "kspace":
        coarse = max(1, round(fine / factor))
        down, up = sampling_matrix(fine, coarse, profile), interpolation_matrix(fine, coarse, profile)
    else:
        coarse, offset = max(1, int(np.ceil(fine / factor + phase))), -phase * factor
        down = sampling_matrix(fine, coarse, profile, factor, offset)
        up = spline_matrix(coarse, fine_places(fine, coarse, factor, offset))
    return down.astype(np.float32), up.astype(np.float32)
