"""Multi-scale structural similarity (MS-SSIM) with numpy alone.

Z. Wang, E. P. Simoncelli, A. C. Bovik, "Multi-scale structural similarity for image quality assessment",
Asilomar Conference on Signals, Systems and Computers 2003, 1398-1402: contrast and structure at five scales,
brightness at the coarsest, each to the power of how much people look at it.
"""

import math

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics._slices import check_data_range, check_fit, paired_slices
from GANEnhanceLib.metrics.similarity import similarity_terms

_POWERS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
_WINDOW = 11


def ms_ssim(image: np.ndarray, reference: np.ndarray, data_range: float) -> float:
    """Mean multi-scale structural similarity of the k-slices, 0 to 1 (equal).

    `image` and `reference` are (k, j, i) or (j, i) of one shape; `data_range` is full scale in value units.
    Slices need 176 voxels along both sides for five scales; smaller ones are compared at as many as they
    have room for (at least one), whose powers then sum to one. Raises InputError for shapes that differ,
    slices smaller than 11 by 11, and NaN; OptionError for a data range that is not above 0.
    """
    data_range = check_data_range(data_range)
    image, reference = np.asanyarray(image), np.asanyarray(reference)
    check_fit(image, reference, None)
    powers = scale_powers(image.shape[-2:])
    values = [
        _slice_similarity(part, expected, data_range, powers)
        for part, expected, _ in paired_slices(image, reference, None)
    ]
    mean = math.fsum(values) / len(values)
    if not math.isfinite(mean):
        raise InputError(
            "The image or its reference has voxels that are NaN, infinite or too large.",
            "Replace them by a number first.",
        )
    return mean


def scale_powers(shape: tuple[int, int]) -> tuple[float, ...]:
    """Return the powers of the scales that a slice (rows, columns) has room for, fine to coarse.

    Raises InputError for a slice smaller than the window.
    """
    smallest = min(shape)
    if smallest < _WINDOW:
        raise InputError(
            f"The slices are {shape[0]} x {shape[1]} voxels, but MS-SSIM needs {_WINDOW} x {_WINDOW}.",
            "Compare larger slices, or leave MS-SSIM out.",
        )
    count = min(len(_POWERS), 1 + int(math.log2(smallest / _WINDOW)))
    total = sum(_POWERS[:count])
    return tuple(power / total for power in _POWERS[:count])


def _slice_similarity(
    part: np.ndarray, expected: np.ndarray, data_range: float, powers: tuple[float, ...]
) -> float:
    mean = float(expected.mean(dtype=np.float64))
    x, y = (
        (np.subtract(values, mean, dtype=np.float64) / data_range).astype(np.float32)
        for values in (part, expected)
    )
    product = 1.0
    for scale, power in enumerate(powers):
        brightness, structure = similarity_terms(x, y, np.float32(mean / data_range))
        coarsest = scale == len(powers) - 1
        value = float((brightness * structure if coarsest else structure).mean(dtype=np.float64))
        # A negative mean has no real power; images that differ so much are as unlike as can be.
        product *= max(value, 0.0) ** power
        x, y = _halve(x), _halve(y)
    return product


def _halve(image: np.ndarray) -> np.ndarray:
    """Means of 2 by 2 voxels; a last odd row or column is left out."""
    rows, columns = (size // 2 for size in image.shape)
    return image[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2).mean(axis=(1, 3))
