"""Small round structures put into clean patches, so that a network does not learn to take lesions for noise.

What a network was never shown it removes: a ball of two voxels that is as weak as the noise is likelier to
be noise wherever lesions are rare. Where they are common in what it learns from, it keeps more of their
contrast.
"""

from __future__ import annotations

import math

import numpy as np

from GANEnhanceLib.training.config.data import PatchConfig

_BRIGHT = 0.6
"""Share of them that are brighter than what is around."""


def add_structures(slab: np.ndarray, patches: PatchConfig, rng: np.random.Generator) -> np.ndarray:
    """Return a copy of (s, h, w) with one to ``most_structures`` balls of other sizes, places and contrasts.

    Args:
        slab: scaled intensity, from 0 on.
        patches: how many, their radii in voxels and their contrasts in scaled intensity, which is drawn
            logarithmically; none is put where the intensity is below ``foreground``, so that none float in
            air.
        rng: draws.
    """
    slab = slab.copy()
    low, high = (math.log(each) for each in patches.structure_contrasts)
    for _ in range(int(rng.integers(1, patches.most_structures + 1))):
        radius = float(rng.uniform(*patches.structure_radii))
        middle = rng.uniform(-0.5, np.array(slab.shape) - 0.5)
        contrast = math.exp(rng.uniform(low, high)) * (1.0 if rng.random() < _BRIGHT else -1.0)
        place = tuple(np.rint(middle).astype(int).clip(0, np.array(slab.shape) - 1))
        if slab[place] >= patches.foreground:
            _add_ball(slab, middle, radius, contrast)
    return np.maximum(slab, 0.0, out=slab)


def _add_ball(slab: np.ndarray, middle: np.ndarray, radius: float, contrast: float) -> None:
    """Add a ball whose edge is linear over one voxel, as partly filled voxels are."""
    box = tuple(
        slice(max(0, math.floor(place - radius - 1)), math.ceil(place + radius + 2)) for place in middle
    )
    apart = np.ix_(
        *(
            np.arange(part.start, min(part.stop, size), dtype=np.float32) - np.float32(place)
            for part, size, place in zip(box, slab.shape, middle, strict=True)
        )
    )
    distance = np.sqrt(sum(each * each for each in apart))
    slab[box] += np.float32(contrast) * np.clip(np.float32(radius + 0.5) - distance, 0.0, 1.0)
