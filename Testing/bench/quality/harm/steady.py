"""Clean images must come back nearly unchanged, and a second pass must change little."""

from __future__ import annotations

import math

import numpy as np

from GANEnhanceLib.metrics import psnr

LEAST_DB = 45.0
CLEAN = 10 ** (-LEAST_DB / 20)
"""Noise, share of the range, above which an image is not clean: taking all of it away would be 45 dB."""
_SMOOTH = 1.5
MOST_SECOND = 0.2
"""Share of the first change (rms) that a second pass may still make: this project's own bar."""


def judge_clean(
    name: str, clean: np.ndarray, result: np.ndarray, data_range: float, mask: np.ndarray
) -> dict:
    """Return the PSNR of a result beside the clean image that was given, (k, j, i)."""
    value = psnr(result, clean, data_range, mask)
    return {"case": name, "psnr_db": round(min(value, 999.0), 2), "held": value > LEAST_DB}


def smooth_for(voxels: np.ndarray, factors: tuple[int, int, int]) -> np.ndarray:
    """Return voxels (k, j, i) so smooth that a grid coarser by `factors` still holds them.

    Along each axis that is made coarser by f they are blurred by a Gaussian of 1.5 f voxels: nothing is there
    to be refined, and whatever a model adds to their interpolation is its own.
    """
    from scipy.ndimage import gaussian_filter

    widths = [_SMOOTH * factor if factor > 1 else 0.0 for factor in factors]
    return gaussian_filter(voxels.astype(np.float32), widths, mode="nearest")


def judge_twice(name: str, given: np.ndarray, once: np.ndarray, twice: np.ndarray, mask: np.ndarray) -> dict:
    """Return the second change as a share of the first, root mean squares in the mask."""
    first, second = (
        math.sqrt(float(np.mean(np.square(np.subtract(one, other, dtype=np.float64)[mask]))))
        for one, other in ((once, given), (twice, once))
    )
    share = second / first if first > 0 else 0.0
    return {"case": name, "second_change": round(share, 4), "held": share <= MOST_SECOND}
