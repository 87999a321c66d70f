"""How well two regions can be told from each other: their contrast beside their noise."""

import math
from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.errors import InputError


@dataclass(frozen=True)
class RegionValues:
    """Mean and standard deviation (value units) of the voxels of a region, and their number."""

    mean: float
    sd: float
    voxels: int


def region_values(voxels: np.ndarray, inside: np.ndarray) -> RegionValues:
    """Measure the voxels of an array (any shape) where `inside`, an array of the same shape, is true.

    The standard deviation divides by the number of voxels less one. Raises InputError for fewer than two
    voxels and for NaN.
    """
    values = np.asanyarray(voxels)[inside].astype(np.float64)
    if values.size < 2:
        raise InputError(
            f"The region holds {values.size} voxel{'' if values.size == 1 else 's'} of the volume.",
            "Make it larger, or move it into the volume.",
        )
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    if not (math.isfinite(mean) and math.isfinite(sd)):
        raise InputError("The region has voxels that are NaN or infinite.", "Replace them by a number first.")
    return RegionValues(mean, sd, int(values.size))


def contrast_to_noise(tissue: RegionValues, background: RegionValues) -> float:
    """Return |mean difference| / sqrt((sd_tissue^2 + sd_background^2) / 2); 0 or more, without a unit.

    The size of the regions does not matter. It is the signal-to-noise ratio of telling two classes apart in
    H. H. Barrett, K. J. Myers, "Foundations of Image Science" (2004), section 13.2. Infinite where regions
    differ and have no noise, 0 where they do not differ. Structure inside a region counts as its noise.
    """
    difference = abs(tissue.mean - background.mean)
    noise = math.sqrt((tissue.sd**2 + background.sd**2) / 2)
    if difference == 0:
        return 0.0
    return difference / noise if noise > 0 else math.inf
