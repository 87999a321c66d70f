"""Scalings by the noise of an image instead of its brightness."""

from __future__ import annotations

import math

import numpy as np

from GANEnhanceLib.intensity import FittedScaling, fit_scaling
from GANEnhanceLib.metrics.noise import estimate_noise

_SLICES = 24
"""Evenly spaced slices tell the noise of all to some percent."""


def fit_to_noise(spec: dict, voxels: np.ndarray) -> FittedScaling:
    """Fit the scaling that a model card asks for, also one with `noise`, to the voxels (k, j, i) of a volume.

    With `noise`, a number n, x = n value / sigma, sigma the estimated noise of the volume: its noise is n,
    whatever its level, so that a network need not guess the level and sees contrasts in units of it (SNR
    units: Kellman and McVeigh, Magn Reson Med 54:1439, 2005; Xue et al., SNRAware, 2025). Without, it is
    `intensity.fit_scaling`, whose errors it raises.
    """
    scaling = fit_scaling(spec, voxels)
    if "noise" not in spec:
        return scaling
    chosen = voxels[:: math.ceil(len(voxels) / _SLICES)]
    return scaling.in_units_of_noise(estimate_noise(chosen), float(spec["noise"]))
