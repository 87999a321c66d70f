"""Degradations as the sampler uses them: a random level for each patch, or a fixed one for validation."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from GANEnhanceLib.degrade.mr import add_rician_noise
from GANEnhanceLib.errors import OptionError


class Degradation(Protocol):
    """Makes a patch worse."""

    def apply(self, patch: np.ndarray, rng: np.random.Generator, level: float | None = None) -> np.ndarray:
        """Return a degraded copy of (s, h, w) or (d, h, w) float32 in scaled intensity.

        `level` fixes the strength (percent of noise, share of dose, looks, thickness); None draws it.
        """

    def levels(self) -> tuple[float, ...]:
        """Return three levels of its range, weak to strong, for validation."""


class MRNoiseDegradation:
    """Rician noise of random level, correlation and spatial course; see `degrade.mr`."""

    def __init__(self, config: Any) -> None:
        """Keep the `MRNoise` configuration."""
        self.config = config

    def apply(self, patch: np.ndarray, rng: np.random.Generator, level: float | None = None) -> np.ndarray:
        """Return the noisy patch; see `Degradation`."""
        if level is not None:
            return add_rician_noise(patch, np.float32(level / 100.0), rng)
        return add_rician_noise(patch, self._draw_sigma(patch.shape, rng), rng, self._draw_correlation(rng))

    def levels(self) -> tuple[float, ...]:
        """Return a weak, a middle and a strong level, percent."""
        low, high = self.config.percent_low, self.config.percent_high
        return (
            max(low, 1.0) if high > 1.0 else low,
            round((low * high) ** 0.5 + 1.0, 1),
            round(0.75 * high, 1),
        )

    def _draw_sigma(self, shape: tuple[int, ...], rng: np.random.Generator) -> float | np.ndarray:
        config = self.config
        if rng.random() < config.uniform_share:
            percent = rng.uniform(config.percent_low, config.percent_high)
        else:
            percent = np.exp(rng.uniform(np.log(config.percent_low), np.log(config.percent_high)))
        sigma = np.float32(percent / 100.0)
        if rng.random() >= config.varying_share:
            return sigma
        rows, columns = (np.linspace(-0.5, 0.5, extent, dtype=np.float32) for extent in shape[-2:])
        slope_j, slope_i = rng.uniform(-0.7, 0.7, 2).astype(np.float32)
        return sigma * (1.0 + slope_j * rows[:, None] + slope_i * columns[None, :])

    def _draw_correlation(self, rng: np.random.Generator) -> float:
        return float(rng.uniform(0.3, 1.0)) if rng.random() < self.config.correlated_share else 0.0


DEGRADATIONS = {"mr-noise": MRNoiseDegradation}


def make_degradation(config: Any) -> Degradation:
    """Return the degradation of a configuration.

    Raises:
        OptionError: unknown kind.
    """
    if config.kind not in DEGRADATIONS:
        raise OptionError(
            f"The degradation is '{config.kind}', but must be one of: {', '.join(DEGRADATIONS)}."
        )
    return DEGRADATIONS[config.kind](config)
