"""Structural similarity (SSIM) with numpy alone.

Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error visibility to
structural similarity", IEEE Trans. Image Processing 13 (2004) 600-612: Gaussian window of sigma 1.5, K1 =
0.01, K2 = 0.03. A volume's SSIM is the mean over its k-slices.
"""

import math
from collections.abc import Generator

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics._slices import check_data_range, check_fit, paired_slices, run_to_end

_RADIUS = 5  # 3.5 sigma, rounded, as in the reference implementations: a window of 11 by 11
_SIGMA = 1.5
_K1, _K2 = 0.01, 0.03
_ROWS = 32  # rows done at a time, so that everything stays in the processor's cache


def _gaussian() -> np.ndarray:
    weights = np.exp(-0.5 * (np.arange(-_RADIUS, _RADIUS + 1) / _SIGMA) ** 2)
    return (weights / weights.sum()).astype(np.float32)


_WEIGHTS = _gaussian()


def ssim(
    image: np.ndarray, reference: np.ndarray, data_range: float, mask: np.ndarray | None = None
) -> float:
    """Mean structural similarity of the k-slices, at most 1 (equal).

    `image`, `reference` and `mask` (counted where not 0) are (k, j, i) or (j, i) of one shape; `data_range`
    is full scale in value units. As in the paper only windows that lie in the slice are counted, so 5 voxels
    at each border are left out; slices smaller than the window of 11 by 11 are continued by reflection
    instead. Raises InputError for shapes that differ, a mask without a voxel that counts, and NaN;
    OptionError for a data range that is not above 0.
    """
    return run_to_end(ssim_steps(image, reference, data_range, mask))


def ssim_steps(
    image: np.ndarray, reference: np.ndarray, data_range: float, mask: np.ndarray | None = None
) -> Generator[float, None, float]:
    """Do the same as `ssim`, slice by slice: yields the fraction done."""
    data_range = check_data_range(data_range)
    image, reference = np.asanyarray(image), np.asanyarray(reference)
    check_fit(image, reference, mask)
    total, count = 0.0, 0
    slices = image.size // math.prod(image.shape[-2:])
    for k, (part, expected, inside) in enumerate(paired_slices(image, reference, mask)):
        yield k / slices
        x, y, luminance = _centered(part, expected, data_range)
        if min(part.shape) <= 2 * _RADIUS:
            x, y = (np.pad(values, _RADIUS, mode="symmetric") for values in (x, y))
        elif inside is not None:
            inside = inside[_RADIUS:-_RADIUS, _RADIUS:-_RADIUS]
        if inside is not None and not inside.any():
            continue
        slice_total, slice_count = _slice_sum(x, y, luminance, inside)
        total += slice_total
        count += slice_count
    if count == 0:
        raise InputError(
            "The mask holds no voxel that SSIM can count (5 voxels at each border of a slice do not count).",
            "Choose a larger mask.",
        )
    if not math.isfinite(total):
        raise InputError(
            "The image or its reference has voxels that are NaN, infinite or too large.",
            "Replace them by a number first.",
        )
    return total / count


def _centered(
    part: np.ndarray, expected: np.ndarray, data_range: float
) -> tuple[np.ndarray, np.ndarray, np.float32]:
    """Both slices in units of the data range, float32, less their common mean, which is given too.

    Variances do not depend on a constant, and without a large one float32 is exact enough for them.
    """
    mean = float(expected.mean(dtype=np.float64))
    x, y = (
        (np.subtract(values, mean, dtype=np.float64) / data_range).astype(np.float32)
        for values in (part, expected)
    )
    return x, y, np.float32(mean / data_range)


def _slice_sum(
    x: np.ndarray, y: np.ndarray, luminance: np.float32, inside: np.ndarray | None
) -> tuple[float, int]:
    total, count = 0.0, 0
    for row in range(0, x.shape[0] - 2 * _RADIUS, _ROWS):
        stop = row + _ROWS + 2 * _RADIUS
        similarity = _similarity(x[row:stop], y[row:stop], luminance)
        if inside is not None:
            similarity = similarity[inside[row : row + _ROWS]]
        total += float(similarity.sum(dtype=np.float64))
        count += similarity.size
    return total, count


def _similarity(x: np.ndarray, y: np.ndarray, luminance: np.float32) -> np.ndarray:
    """SSIM of each window that lies in the block; the shape is smaller by 10 along both axes."""
    brightness, structure = similarity_terms(x, y, luminance)
    structure *= brightness
    return structure


def similarity_terms(x: np.ndarray, y: np.ndarray, luminance: np.float32) -> tuple[np.ndarray, np.ndarray]:
    """Return both factors of SSIM, brightness and contrast with structure, of each window that fits.

    `x` and `y` (rows, columns) are in units of the data range less `luminance`; see `_centered`.
    """
    moments = np.empty((4, *x.shape), dtype=np.float32)
    moments[0], moments[1] = x, y
    np.multiply(x, y, out=moments[3])
    np.multiply(x, x, out=moments[2])
    moments[2] += y * y
    mean_x, mean_y, squares, product = _blur(moments)
    product -= mean_x * mean_y
    squares -= mean_x * mean_x
    squares -= mean_y * mean_y
    mean_x += luminance
    mean_y += luminance
    c1, c2 = np.float32(_K1**2), np.float32(_K2**2)
    brightness = (2 * mean_x * mean_y + c1) / (mean_x * mean_x + mean_y * mean_y + c1)
    return brightness, (2 * product + c2) / (squares + c2)


def _blur(images: np.ndarray) -> np.ndarray:
    """Gaussian means of (n, rows, columns) where the window fits: (n, rows - 10, columns - 10)."""
    height, width = images.shape[1] - 2 * _RADIUS, images.shape[2] - 2 * _RADIUS
    down = _weighted([images[:, shift : shift + height] for shift in range(2 * _RADIUS + 1)])
    return _weighted([down[:, :, shift : shift + width] for shift in range(2 * _RADIUS + 1)])


def _weighted(shifted: list[np.ndarray]) -> np.ndarray:
    total = shifted[_RADIUS] * _WEIGHTS[_RADIUS]
    pair = np.empty_like(total)
    for step in range(_RADIUS):
        np.add(shifted[step], shifted[-1 - step], out=pair)
        pair *= _WEIGHTS[step]
        total += pair
    return total
