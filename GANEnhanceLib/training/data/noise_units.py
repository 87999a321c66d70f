"""Pairs in units of their noise, as images are scaled whose noise is known or estimated."""

from __future__ import annotations

import numpy as np

from GANEnhanceLib.intensity import LEAST_NOISE, MOST_NOISE
from GANEnhanceLib.metrics import estimate_noise


def noise_factor(degraded: np.ndarray, clean: np.ndarray, unit: float, rng: np.random.Generator) -> float:
    """Return what a pair has to be multiplied by so that its noise becomes about `unit`.

    The noise of a volume is estimated from all of its slices, which a patch does not show. So it is drawn
    between what was added, by which it would be known exactly, and what is estimated on the patch, which also
    counts the noise that the image had before, and some of its texture, as the estimate of a volume does.

    Args:
        degraded, clean: (s, h, w), in scaled intensity.
        unit: the noise that is wanted.
        rng: drawn from once.
    """
    added = float(np.sqrt(np.mean(np.square(degraded - clean, dtype=np.float64))))
    seen = estimate_noise(degraded[len(degraded) // 2])
    low, high = (np.log(np.clip(each, LEAST_NOISE, MOST_NOISE)) for each in (added, seen))
    return unit / float(np.exp(low + rng.random() * (high - low)))
