"""What a run removed from a volume, to be looked at and summed up.

The residual is input minus output: what was removed is positive, what was added is negative.
"""

import math

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.volume import Volume


def residual_volume(before: Volume, after: Volume) -> Volume:
    """Give input minus output as a float32 volume in value units on the grid of `before`.

    Raises InputError if the two volumes do not have the same shape.
    """
    _check_shapes(before, after)
    removed = np.empty(before.shape, dtype=np.float32)
    for k in range(len(removed)):
        removed[k] = _difference(before, after, k)
    return before.with_voxels(removed)


def residual_summary(before: Volume, after: Volume, bound_hits: int = 0) -> dict:
    """Sum up input minus output in value units: its mean, standard deviation and largest magnitude.

    "bound_share" is the share (0..1) of all voxels at which the bound was hit. Goes through the volumes slice
    by slice. Raises InputError if the two volumes do not have the same shape.
    """
    _check_shapes(before, after)
    total = squares = largest = 0.0
    for k in range(before.shape[0]):
        removed = _difference(before, after, k).ravel()
        total += float(removed.sum())
        squares += float(removed @ removed)
        largest = max(largest, float(np.abs(removed).max()))
    count = before.voxels.size
    mean = total / count
    return {
        "mean": mean,
        "sd": math.sqrt(max(squares / count - mean * mean, 0.0)),
        "max_abs": largest,
        "bound_share": bound_hits / count,
    }


def _check_shapes(before: Volume, after: Volume) -> None:
    if before.shape != after.shape:
        raise InputError(
            f"The volumes before and after have the shapes {before.shape} and {after.shape}.",
            "Compare volumes on the same grid.",
        )


def _difference(before: Volume, after: Volume, k: int) -> np.ndarray:
    return np.subtract(before.voxels[k], after.voxels[k], dtype=np.float64)
