"""Statistics of the voxels by which an image is told from noise, text, phantoms and other modalities.

They are measured on a few whole slices along the acquisition axis, since thinning out voxels would change
them. Brightness x is 0 at the 0.5 and 1 at the 99.5 percentile of these slices, clipped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.metrics import estimate_noise
from GANEnhanceLib.volume import Volume

LEAST_SIZE, LEAST_TEXTURED = 16, 64
"""Shortest side of a slice, voxels, below which nothing is measured, or its values only: there are too few
blocks."""

_MOST_VOXELS = 1 << 20
_SLICES = (3, 12)
_LARGEST_SIDE = 1024
_INNER = 0.2
_BACKGROUND = 0.1
_LEVELS = 5
# Levels are not counted where their windows cover more than this share by chance (noise above 3.6 %).
_MOST_CHANCE = 0.25


@dataclass(frozen=True)
class Texture:
    """What the slices look like.

    Attributes:
        spread: difference of the 99.5 and the 0.5 percentile, value units; 0 if nearly all voxels have one
            value.
        coarse: variance of the means of 16 x 16 blocks as a share of that of 4 x 4 blocks, 0..1. The power of
            images of the world falls with about the square of the frequency (D. J. Field, J. Opt. Soc. Am. A
            4 (1987) 2379-2394), so that it is about 0.5 to 1; of white noise it is 1/16.
        hard_steps: of the neighbors within a slice whose x differ by more than 0.25, the share that differs
            by more than 0.6. An imaging system blurs its edges; a drawing does not.
        few_levels: of the 4 x 4 blocks that are brighter than the background and without an edge, the share
            whose mean lies in one of five windows as wide as the noise explains, beyond what chance gives,
            0..1; 0 where the noise is so strong that the windows cover much by chance, or there are few such
            blocks.
        full: share of the voxels brighter than the background (x above 0.1) whose x is above 0.9.
        below_zero: share of voxels below -5 % of the 99.5 percentile, 0..1.
        below_fat: share of voxels below -20.
        like_air: share of voxels below -500.
        like_tissue: share of voxels from -200 to 200.
        highest: the 99.5 percentile, value units.

    In slices smaller than `LEAST_TEXTURED`, `coarse` is 1 and `hard_steps`, `few_levels` and `full` are 0.
    """

    spread: float
    coarse: float
    hard_steps: float
    few_levels: float
    full: float
    below_zero: float
    below_fat: float
    like_air: float
    like_tissue: float
    highest: float


def measure_texture(volume: Volume) -> Texture | None:
    """Measure a volume of finite voxels; None if its slices are smaller than `LEAST_SIZE`."""
    planes = _planes(volume)
    if min(planes.shape[1:]) < LEAST_SIZE:
        return None
    low, high = (float(value) for value in np.percentile(planes, (0.5, 99.5)))
    shares = {
        "below_zero": _share(planes < -0.05 * abs(high)),
        "below_fat": _share(planes < -20),
        "like_air": _share(planes < -500),
        "like_tissue": _share((planes >= -200) & (planes <= 200)),
        "highest": high,
    }
    spread = high - low
    if not spread > 0 or min(planes.shape[1:]) < LEAST_TEXTURED:
        return Texture(spread, 1.0, 0.0, 0.0, 0.0, **shares)
    x = np.clip((planes - low) / spread, 0, 1).astype(np.float32)
    fine = _block_means(x, 4)
    bright = x > _BACKGROUND
    return Texture(
        spread=spread,
        coarse=float(_block_means(x, 16).var() / max(float(fine.var()), 1e-12)),
        hard_steps=_hard_steps(x),
        few_levels=_few_levels(x, fine, estimate_noise(x)),
        full=float(np.count_nonzero(x > 0.9) / max(1, np.count_nonzero(bright))),
        **shares,
    )


def _planes(volume: Volume) -> np.ndarray:
    """Evenly spaced slices (s, u, v) of the middle of a volume, float64, cut to their middle if huge."""
    slices = np.moveaxis(volume.voxels, volume.acquisition_axis, 0)
    least, most = _SLICES
    sides = [min(side, _LARGEST_SIDE) for side in slices.shape[1:]]
    count = min(len(slices), max(least, min(most, _MOST_VOXELS // (sides[0] * sides[1]))))
    last = len(slices) - 1
    chosen = np.linspace(_INNER * last, (1 - _INNER) * last, count).round().astype(int)
    u, v = (
        slice((side - cut) // 2, (side - cut) // 2 + cut)
        for side, cut in zip(slices.shape[1:], sides, strict=True)
    )
    return np.stack([slices[number, u, v] for number in chosen]).astype(np.float64)


def _share(mask: np.ndarray) -> float:
    return float(np.count_nonzero(mask) / mask.size)


def _block_means(x: np.ndarray, size: int) -> np.ndarray:
    height, width = (side // size * size for side in x.shape[1:])
    cut = x[:, :height, :width]
    rows = np.add.reduceat(cut, np.arange(0, height, size), axis=1)
    return np.add.reduceat(rows, np.arange(0, width, size), axis=2) / size**2


def _hard_steps(x: np.ndarray) -> float:
    clear = hard = 0
    for axis in (1, 2):
        step = np.abs(np.diff(x, axis=axis))
        clear += np.count_nonzero(step > 0.25)
        hard += np.count_nonzero(step > 0.6)
    return float(hard / max(1, clear))


def _few_levels(x: np.ndarray, means: np.ndarray, noise: float) -> float:
    """Take away, five times, the window of values that holds most block means, and count what was held."""
    width = 2 * max(2.5 * noise / 4, 0.003)
    chance = _LEVELS * width / (1 - _BACKGROUND)
    if chance > _MOST_CHANCE:
        return 0.0
    bright = means > _BACKGROUND
    even = bright & (_block_ranges(x, 4) <= 0.08 + 5 * noise)
    whole = np.count_nonzero(even)
    if whole < 0.5 * np.count_nonzero(bright) or not whole:
        return 0.0
    means = np.sort(means[even])
    for _ in range(_LEVELS):
        if means.size:
            held = np.searchsorted(means, means + width, side="right") - np.arange(means.size)
            first = int(held.argmax())
            means = np.delete(means, slice(first, first + int(held[first])))
    return float(max(0.0, (1 - means.size / whole - chance) / (1 - chance)))


def _block_ranges(x: np.ndarray, size: int) -> np.ndarray:
    height, width = (side // size * size for side in x.shape[1:])
    blocks = x[:, :height, :width].reshape(len(x), height // size, size, width // size, size)
    return blocks.max(axis=(2, 4)) - blocks.min(axis=(2, 4))
