"""The floor under magnitude MR images: what the noise of several coils adds to the signal, read in the air.

A sum of squares over L coils has E[m^2] = v^2 + 2 L sigma^2 (Constantinides, Atalar and McVeigh, Magn Reson
Med 38:852, 1997). Where nothing gives signal m^2 has a gamma distribution of shape L and scale 2 sigma^2, so
its mean and variance there tell both. In tissue they cannot be told: the noise of all coils looks normal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.metrics.noise import estimate_noise

_SIDE = 5
"""Of the windows that are judged, voxels."""
_MOST_SLICES = 16
_LEAST_AIR = 0.03
"""Share of the windows that must be air."""
_LEAST_COILS, _MOST_COILS = 1.5, 64.0
"""Fewer cannot be told from one coil for sure, more are no noise."""
_LEAST_SIGMA = 0.003
"""Share of the largest local brightness, below which a floor changes nothing that can be seen."""
_DARKEST, _FIRST_SPREAD = 0.05, 1.5
"""The search for air begins with what has less than 1.5 times the power of the darkest twentieth ..."""
_ROUNDS, _DEVIATIONS = 6, 2.5
"""... and goes on, so often, with what is within so many standard deviations of a window's mean."""
_LEAST_BORDER = 0.25
"""Share of the windows at the borders that must be air: even dark tissue would be taken for it otherwise."""
_LIKE_TISSUE = (0.75, 1.2)
"""Sigma in the air over that in tissue. Of an even dark tissue that is taken for air it would be 1.41."""


@dataclass(frozen=True)
class NoiseFloor:
    """Effective number of coils, standard deviation of each part of their noise (value units), and share of
    the windows that are air."""

    coils: float
    sigma: float
    air: float

    @property
    def power(self) -> float:
        """What is added to the squared signal beyond the noise of one coil: (2 L - 2) sigma^2."""
        return (2.0 * self.coils - 2.0) * self.sigma**2


def find_noise_floor(voxels: np.ndarray) -> NoiseFloor | None:
    """Find the noise of several coils in the air of a volume (k, j, i), value units.

    Sixteen slices at most are looked at. None where the air is masked, filtered or cut away, where one coil
    explains it, where its noise is not that of the tissue, or where it is too weak to matter.
    """
    planes = np.moveaxis(voxels, int(np.argmin(voxels.shape)), 0)
    if min(planes.shape[1:]) < 4 * _SIDE:
        return None
    chosen = np.unique(np.linspace(0, len(planes) - 1, _MOST_SLICES).round().astype(int))
    planes = planes[chosen].astype(np.float64)
    squares = planes**2
    means = _window_means(squares)
    # Where a mask was laid on the image there are exact zeros.
    is_whole = _window_means((squares > 0).astype(np.float64)) > 1 - 1e-9
    if not is_whole.any():
        return None
    air = _find_air(means, _window_means(squares**2) - means**2, is_whole)
    if air is None:
        return None
    coils, power, is_air = air
    found = NoiseFloor(coils, float(np.sqrt(power / (2.0 * coils))), float(is_air.mean()))
    brightest = float(np.sqrt(means.max()))
    if not _LEAST_COILS <= coils <= _MOST_COILS or found.sigma < _LEAST_SIGMA * brightest:
        return None
    if found.air < _LEAST_AIR or _share_of_border(is_air) < _LEAST_BORDER:
        return None
    tissue = estimate_noise(planes)
    return found if _LIKE_TISSUE[0] * tissue < found.sigma < _LIKE_TISSUE[1] * tissue else None


def _find_air(
    means: np.ndarray, variances: np.ndarray, is_whole: np.ndarray
) -> tuple[float, float, np.ndarray] | None:
    """Return coils, mean power and mask of the windows that are as dark as air, from the darkest on."""
    count = _SIDE**2
    limit = _FIRST_SPREAD * float(np.quantile(means[is_whole], _DARKEST))
    for _ in range(_ROUNDS):
        is_air = is_whole & (means < limit)
        # Within windows, so that slow courses over the image are not taken for noise.
        power = float(means[is_air].mean())
        variance = float(variances[is_air].mean()) * count / (count - 1)
        if not variance > 0:
            return None
        coils = power**2 / variance
        limit = power * (1 + _DEVIATIONS / np.sqrt(count * coils))
    return coils, power, is_air


def _share_of_border(is_air: np.ndarray) -> float:
    """Share of the windows at the borders of the slices (s, h, w) that are air."""
    inner = np.zeros(is_air.shape[1:], bool)
    inner[1:-1, 1:-1] = True
    return float(is_air[:, ~inner].mean())


def _window_means(planes: np.ndarray) -> np.ndarray:
    """Means of all windows of (s, h, w) that lie within their plane, (s, h - 4, w - 4)."""
    sums = np.zeros((planes.shape[0], planes.shape[1] + 1, planes.shape[2] + 1))
    np.cumsum(planes, axis=1, out=sums[:, 1:, 1:])
    np.cumsum(sums[:, 1:, 1:], axis=2, out=sums[:, 1:, 1:])
    windows = sums[:, _SIDE:, _SIDE:] - sums[:, :-_SIDE, _SIDE:]
    windows = windows - sums[:, _SIDE:, :-_SIDE] + sums[:, :-_SIDE, :-_SIDE]
    return np.maximum(windows, 0.0) / _SIDE**2
