"""Fine texture put into clean patches, so that a network does not learn to take texture for noise.

Spongy bone, gas in bowel and lung look like noise, only stronger than what is around. A network that was
shown smooth organs alone removes them; where grain is common in what it learns from, it compares the
deviation of a place with that of its surroundings.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import ndimage

from GANEnhanceLib.training.config.data import PatchConfig

_MOST = 3
_WIDTHS = (0.5, 1.6)
"""Of the Gaussian that the grain is blurred with, in voxels of the slice: spongy bone on grids of 0.3 to 0.7
mm."""
_ACROSS = 0.4
"""The same from slice to slice, in slices."""


def add_grain(slab: np.ndarray, patches: PatchConfig, rng: np.random.Generator) -> np.ndarray:
    """Return a copy of (s, h, w) with one to three ellipsoids full of grain.

    Args:
        slab: scaled intensity, from 0 on.
        patches: semiaxes in voxels of the slice and standard deviations in scaled intensity, which are drawn
            logarithmically; none is put where the intensity is below ``foreground``.
        rng: draws.
    """
    slab = slab.copy()
    low, high = (math.log(each) for each in patches.grain_contrasts)
    for _ in range(int(rng.integers(1, _MOST + 1))):
        middle = rng.uniform(-0.5, np.array(slab.shape) - 0.5)
        place = tuple(np.rint(middle).astype(int).clip(0, np.array(slab.shape) - 1))
        if slab[place] >= patches.foreground:
            share = _ellipsoid(slab.shape, middle, rng.uniform(*patches.grain_radii, 3))
            width = rng.uniform(*_WIDTHS)
            grain = ndimage.gaussian_filter(
                rng.standard_normal(slab.shape, dtype=np.float32), (_ACROSS, width, width), mode="wrap"
            )
            slab += share * grain * np.float32(math.exp(rng.uniform(low, high)) / grain.std())
    return np.maximum(slab, 0.0, out=slab)


def _ellipsoid(shape: tuple[int, ...], middle: np.ndarray, semiaxes: np.ndarray) -> np.ndarray:
    """Return 1 inside and 0 outside, falling over the outer half of the radius."""
    apart = np.ix_(
        *(
            (np.arange(size, dtype=np.float32) - np.float32(place)) / np.float32(half)
            for size, place, half in zip(shape, middle, semiaxes, strict=True)
        )
    )
    radius = np.sqrt(sum(each * each for each in apart))
    return np.clip(2.0 - 2.0 * radius, 0.0, 1.0)
