"""Fourier ring correlation: at which spatial frequencies two images agree, as a whole and patch by patch.

W. O. Saxton, W. Baumeister, "The correlation averaging of a regularly arranged bacterial cell envelope
protein", J. Microscopy 127 (1982) 127-138: the correlation of both Fourier transforms over each ring of
frequencies. It is 1 where one image is the other times a positive number, whatever the number is for that
ring, so blurring and sharpening do not change it: what lowers it is content of the one that the other does
not have. Moved over the image in steps it shows where: W. Zhao et al., "Quantitatively mapping local quality
of super-resolution microscopy by rolling Fourier ring correlation", Light: Science & Applications 12 (2023)
298.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.errors import InputError, OptionError

_LEAST = 8


@dataclass(frozen=True)
class RingCorrelation:
    """Correlation of pairs of square images, ring by ring.

    frequencies: (rings,) cycles per voxel, the middle of each ring, without 0 and up to 0.5.
    correlation: (n, rings), -1 to 1; 0 where one of both images has nothing in a ring.
    power: (n, rings), squared magnitudes of the first image summed up over the ring, value units squared.
    counts: (rings,) number of frequencies of each ring. Images without relation have a correlation of
        standard deviation 1.35 / sqrt(count): without the window it would be 1 / sqrt(count), as that of
        as many independent numbers.
    """

    frequencies: np.ndarray
    correlation: np.ndarray
    power: np.ndarray
    counts: np.ndarray


def ring_correlation(images: np.ndarray, others: np.ndarray) -> RingCorrelation:
    """Correlate square images (n, size, size) with others of the same shape, pair by pair.

    The mean is taken off, and a Hann window lets the borders fade out, so that they are no structure. Raises
    InputError for other shapes, images smaller than 8 by 8 voxels, and NaN.
    """
    images, others = (np.asarray(each, dtype=np.float64) for each in (images, others))
    size = images.shape[-1]
    if images.shape != others.shape or images.ndim != 3 or images.shape[1] != size or size < _LEAST:
        raise InputError(
            f"The images have the shapes {images.shape} and {others.shape}.",
            f"Give pairs of square images of at least {_LEAST} by {_LEAST} voxels.",
        )
    if not (np.isfinite(images).all() and np.isfinite(others).all()):
        raise InputError("The images hold NaN or infinite values.", "Replace them by a number first.")
    window = np.hanning(size + 2)[1:-1]
    window = window[:, None] * window
    one, other = (np.fft.fft2(_centered(each, window) * window) for each in (images, others))
    ring, counts = _rings(size)
    cross, power, second = (
        _sums(values, ring, len(counts))
        for values in ((one * other.conj()).real, np.abs(one) ** 2, np.abs(other) ** 2)
    )
    there = (power > _rounding(images)) & (second > _rounding(others))
    correlation = np.divide(cross, np.sqrt(power * second), out=np.zeros_like(cross), where=there)
    return RingCorrelation(np.arange(1, len(counts) + 1) / size, correlation, power, counts)


def scan_rings(
    image: np.ndarray, other: np.ndarray, size: int, step: int
) -> Iterator[tuple[np.ndarray, RingCorrelation]]:
    """Go through the slices of two volumes (k, j, i) of one shape, a window of `size` voxels every `step`.

    Yields, for each slice, the first voxels (n, 3) of the windows as (k, j, i) and their `RingCorrelation`.
    Raises InputError for shapes that differ or slices smaller than the window, OptionError for a step below
    1.
    """
    image, other = np.asanyarray(image), np.asanyarray(other)
    if image.shape != other.shape or image.ndim != 3 or min(image.shape[1:]) < size:
        raise InputError(
            f"The images have the shapes {image.shape} and {other.shape}, the window {size} x {size} voxels.",
            "Give two volumes of one shape with slices that hold the window.",
        )
    if step < 1:
        raise OptionError(f"The step is {step} voxels, but must be 1 or more.")
    for k in range(len(image)):
        windows = [_windows(each[k], size, step) for each in (image, other)]
        rows, columns = windows[0].shape[:2]
        places = np.argwhere(np.ones((rows, columns), dtype=bool)) * step
        places = np.column_stack([np.full(len(places), k), places])
        yield places, ring_correlation(*(each.reshape(-1, size, size) for each in windows))


def _rounding(images: np.ndarray) -> np.ndarray:
    """Power (n, 1) that rounding alone may leave in a ring."""
    return (1e-13 * images.shape[-1] ** 2 * np.abs(images).max(axis=(1, 2)))[:, None] ** 2


def _windows(plane: np.ndarray, size: int, step: int) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(plane, (size, size))[::step, ::step]


def _centered(images: np.ndarray, window: np.ndarray) -> np.ndarray:
    return images - ((images * window).sum(axis=(1, 2)) / window.sum())[:, None, None]


def _rings(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Number of the ring of each frequency, and frequencies in each; 0 is the mean, corners are the last."""
    frequency = np.fft.fftfreq(size)
    ring = np.rint(np.hypot(frequency[:, None], frequency) * size).astype(int)
    last = size // 2
    ring[ring > last] = 0
    return ring, np.bincount(ring.ravel(), minlength=last + 1)[1:]


def _sums(values: np.ndarray, ring: np.ndarray, rings: int) -> np.ndarray:
    order = np.argsort(ring, axis=None, kind="stable")
    starts = np.searchsorted(ring.ravel()[order], np.arange(1, rings + 1))
    return np.add.reduceat(values.reshape(len(values), -1)[:, order], starts, axis=1)
