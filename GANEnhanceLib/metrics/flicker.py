"""Temporal flicker: how much an image sequence changes where nothing moves."""

import math
from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics.noise import MEDIAN_TO_SIGMA, foreground

_WINDOW = 5  # voxels; means over 5 by 5 see movement in a fifth of the noise
_LIMIT = 3.0  # standard deviations of what does not move
_MOST_SAMPLES = 1 << 20


@dataclass(frozen=True)
class Flicker:
    """A sum of absolute differences (value units) over `count` voxels; add both up over a sequence."""

    total: float
    count: int

    @property
    def mean(self) -> float | None:
        """Mean absolute difference, value units; None where nothing stood still."""
        return self.total / self.count if self.count else None


def flicker(
    before: tuple[np.ndarray, np.ndarray], after: tuple[np.ndarray, np.ndarray]
) -> tuple[Flicker, Flicker]:
    """Compare two frames that follow one another, of the input and of the result (all of one shape).

    Flicker is the mean of |second - first| over the voxels that stand still in the input, in value units: the
    warping error of W.-S. Lai et al., "Learning blind video temporal consistency", ECCV 2018, for a motion
    of zero, with the absolute value. Independent noise of standard deviation s has the flicker 2 s / sqrt(pi)
    = 1.13 s; steady frames have 0. A voxel of the foreground stands still where the difference of the
    input's frames, averaged over 5 by 5 voxels of the slice, lies within 3 robust standard deviations
    (1.4826 times the median magnitude) of 0: at least half of the foreground does. The same voxels are
    counted before and after. Raises InputError for shapes that differ, and for NaN.
    """
    frames = [np.asanyarray(frame) for frame in (*before, *after)]
    _check(frames)
    planes = [frame[np.newaxis] if frame.ndim == 2 else frame for frame in frames]
    object_ = foreground(planes[0])
    limit = _LIMIT * _still_sigma(planes[0], planes[1], object_)
    totals, count = [0.0, 0.0], 0
    for k, inside in enumerate(object_):
        differences = [_difference(planes[i], planes[i + 1], k) for i in (0, 2)]
        still = inside & (np.abs(_means(differences[0])) <= limit)
        count += int(np.count_nonzero(still))
        for which, difference in enumerate(differences):
            totals[which] += float(np.abs(difference[still]).sum(dtype=np.float64))
    if not all(map(math.isfinite, totals)):
        raise InputError("A frame has voxels that are NaN or infinite.", "Replace them by a number first.")
    return Flicker(totals[0], count), Flicker(totals[1], count)


def _check(frames: list[np.ndarray]) -> None:
    shapes = sorted({frame.shape for frame in frames})
    if len(shapes) > 1:
        raise InputError(
            f"The frames have the shapes {' and '.join(map(str, shapes))}.",
            "Compare frames on the same grid.",
        )
    if frames[0].ndim not in (2, 3) or frames[0].size == 0:
        raise InputError(f"The frames have the shape {shapes[0]}.", "Give volumes (k, j, i) with voxels.")


def _still_sigma(first: np.ndarray, second: np.ndarray, inside: np.ndarray) -> float:
    """Robust standard deviation of the averaged differences of the foreground, of evenly spaced slices."""
    most = max(1, _MOST_SAMPLES // max(1, first[0].size))
    chosen = range(0, len(first), math.ceil(len(first) / most))
    parts = [np.abs(_means(_difference(first, second, k)))[inside[k]] for k in chosen]
    magnitudes = np.concatenate(parts)
    return MEDIAN_TO_SIGMA * float(np.median(magnitudes)) if magnitudes.size else 0.0


def _difference(first: np.ndarray, second: np.ndarray, k: int) -> np.ndarray:
    return np.subtract(second[k], first[k], dtype=np.float32)


def _means(plane: np.ndarray) -> np.ndarray:
    """Means over 5 by 5 voxels, fewer of them at the border."""
    for axis in (0, 1):
        plane = _running(plane, axis) / _running(np.ones_like(plane), axis)
    return plane


def _running(plane: np.ndarray, axis: int) -> np.ndarray:
    half = _WINDOW // 2
    width = [(0, 0), (0, 0)]
    width[axis] = (half, half)
    padded = np.pad(plane, width)
    total = np.zeros_like(plane)
    for shift in range(_WINDOW):
        total += (
            padded[shift : shift + plane.shape[0]] if axis == 0 else padded[:, shift : shift + plane.shape[1]]
        )
    return total
