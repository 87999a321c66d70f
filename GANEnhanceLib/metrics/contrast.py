"""How well two regions can be told from each other: their contrast beside their noise."""

import math
from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics.flat import flat_blocks

_BLOCK = 4
_FEWEST = 4  # blocks of each tissue


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


def contrast_regions(reference: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Find the brighter and the darker of two tissues in an image with little noise.

    The flattest blocks of 4 by 4 voxels (`flat_blocks`) of `reference` (k, j, i) are parted by N. Otsu's
    threshold of their means, exactly. Returns two masks of its shape, or None where there are fewer than four
    blocks of either.
    """
    reference = np.asanyarray(reference)
    places = flat_blocks(reference, _BLOCK)
    if len(places) < 2 * _FEWEST:
        return None
    means = np.array([reference[_block(place)].mean(dtype=np.float64) for place in places])
    order = np.argsort(means, kind="stable")
    cut = _parting(means[order])
    masks = []
    for chosen in (order[cut:], order[:cut]):
        if len(chosen) < _FEWEST:
            return None
        mask = np.zeros(reference.shape, dtype=bool)
        for place in places[chosen]:
            mask[_block(place)] = True
        masks.append(mask)
    return masks[0], masks[1]


def _block(place: np.ndarray) -> tuple[int, slice, slice]:
    k, j, i = (int(each) for each in place)
    return k, slice(j, j + _BLOCK), slice(i, i + _BLOCK)


def _parting(rising: np.ndarray) -> int:
    """Number of the lower ones of rising values, parted so that the variance between both is largest."""
    counts = np.arange(1, len(rising))
    below = np.cumsum(rising)[:-1] / counts
    above = (rising.sum() - counts * below) / (len(rising) - counts)
    between = counts * (len(rising) - counts) * (above - below) ** 2
    return int(between.argmax()) + 1
