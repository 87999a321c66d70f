"""Invented patches, by a Fourier ring correlation that goes over the image window by window.

In each window result and input are correlated with the truth. Rings are weighted by the power that the result
has there: of what it shows, how much agrees with the truth? Making noise weaker does not lower that, and
blurring does not either; structure that is not in the truth does. A window is called invented where the
agreement fell by more than it differs between two inputs of other noise, in 99 of 100 windows (a limit that
the images give themselves). By chance alone one window in a hundred is; more is the model's doing.
"""

from __future__ import annotations

import numpy as np

from GANEnhanceLib.metrics import scan_rings

WINDOW, STEP = 32, 16
CHANCE = 0.01
_LEAST_INSIDE = 0.5


def invented_share(
    result: np.ndarray, given: np.ndarray, other: np.ndarray, reference: np.ndarray, mask: np.ndarray
) -> dict[str, float]:
    """Return the share of windows that are invented, the number of windows, and how much agreement changed.

    All are (k, j, i) on one grid: the result, its input, another input of the same truth with other noise,
    the truth, and where it is compared.
    """
    falls, chances = [], []
    for k in np.flatnonzero(mask.any(axis=(1, 2))):
        one = slice(int(k), int(k) + 1)
        agreement, power = {}, None
        for name, image in (("result", result), ("given", given), ("other", other)):
            ((places, rings),) = scan_rings(image[one], reference[one], WINDOW, STEP)
            agreement[name] = rings.correlation
            power = rings.power if power is None else power
        inside = np.array(
            [mask[k, row : row + WINDOW, column : column + WINDOW].mean() for _, row, column in places]
        )
        kept = inside >= _LEAST_INSIDE
        weights = power[kept] / power[kept].sum(axis=1, keepdims=True)
        mean = {name: (weights * each[kept]).sum(axis=1) for name, each in agreement.items()}
        falls.append(mean["given"] - mean["result"])
        chances.append(np.abs(mean["given"] - mean["other"]))
    falls, chances = np.concatenate(falls), np.concatenate(chances)
    limit = float(np.quantile(chances, 1 - CHANCE))
    return {
        "share": float(np.mean(falls > limit)),
        "windows": int(len(falls)),
        "limit": limit,
        "largest_fall": float(falls.max()),
        "mean_gain": float(-falls.mean()),
    }
