"""Measures of the difference between an image and its reference, voxel by voxel: PSNR, MAE and RMSE."""

import math

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics._slices import check_data_range, check_fit, paired_slices


def psnr(
    image: np.ndarray, reference: np.ndarray, data_range: float, mask: np.ndarray | None = None
) -> float:
    """Peak signal-to-noise ratio in dB: 20 log10(data_range / RMSE); infinite for equal images.

    `image`, `reference` and `mask` (counted where not 0; all voxels without it) are (k, j, i) or (j, i) of
    one shape. `data_range` is what counts as full scale, in value units, and is never guessed. Raises
    InputError for shapes that differ, an empty mask and NaN, OptionError for a data range that is not above
    0.
    """
    data_range = check_data_range(data_range)
    error = rmse(image, reference, mask)
    return math.inf if error == 0 else 20 * math.log10(data_range / error)


def mae(image: np.ndarray, reference: np.ndarray, mask: np.ndarray | None = None) -> float:
    """Mean absolute error in value units; arguments and errors as for `psnr`."""
    return _mean_difference(image, reference, mask, lambda difference: float(np.abs(difference).sum()))


def rmse(image: np.ndarray, reference: np.ndarray, mask: np.ndarray | None = None) -> float:
    """Root of the mean squared error in value units; arguments and errors as for `psnr`."""
    return math.sqrt(
        _mean_difference(image, reference, mask, lambda difference: float(difference @ difference))
    )


def _mean_difference(image, reference, mask, total_of) -> float:
    image, reference = np.asanyarray(image), np.asanyarray(reference)
    check_fit(image, reference, mask)
    total, count = 0.0, 0
    for part, expected, inside in paired_slices(image, reference, mask):
        difference = np.subtract(part, expected, dtype=np.float64)
        difference = difference.ravel() if inside is None else difference[inside]
        total += total_of(difference)
        count += difference.size
    if count == 0:
        raise InputError("The mask holds no voxel.", "Choose a mask with voxels that are not 0.")
    if not math.isfinite(total):
        raise InputError(
            "The image or its reference has voxels that are NaN, infinite or too large.",
            "Replace them first, or leave them out with a mask.",
        )
    return total / count
