"""Measures without a reference: the noise of an image, and where its foreground is."""

import math
from collections.abc import Generator, Iterator

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics._slices import run_to_end

MEDIAN_TO_SIGMA = 1 / 0.6744897501960817
"""Standard deviations in the median of |x| of a normal distribution."""
_MOST_SLICES = 64  # evenly spaced slices are enough for a median, however many there are
_MOST_SAMPLES = 1 << 20
_LEVELS = 256


def estimate_noise(volume_voxels: np.ndarray) -> float:
    """Standard deviation of the noise of a volume (k, j, i) or slice (j, i), value units; 0 if there is none.

    J. Immerkaer, "Fast noise variance estimation", Computer Vision and Image Understanding 64 (1996) 300-302:
    each k-slice is filtered with the difference of two Laplacians, which cancels smooth image and leaves
    noise. It is made robust: only foreground counts (in air the noise of magnitude images is smaller), of
    that only the half with the smaller gradient (S.-C. Tai, S.-M. Yang, "A fast method for image noise
    estimation using Laplacian operator and adaptive edge detection", ISCCSP 2008), by the median of
    magnitudes, and the median over at most 64 slices. Noise that is correlated between neighbor voxels
    (interpolated or filtered images) reads too low. If a k-slice is thinner than 3 voxels the slices are
    taken across the shortest axis; if that does not help, 0 is given.
    """
    return run_to_end(estimate_noise_steps(volume_voxels))


def estimate_noise_steps(volume_voxels: np.ndarray) -> Generator[float, None, float]:
    """Do the same as `estimate_noise`, slice by slice: yields the fraction done."""
    planes = _planes(np.asanyarray(volume_voxels))
    if min(planes.shape[1:]) < 3:
        return 0.0
    threshold = _threshold(planes)
    measured = []
    for k in _evenly(len(planes), _MOST_SLICES):
        measured.append(_slice_noise(planes[k], threshold))
        yield k / len(planes)
    enough = max(count for _, count in measured) / 4  # slices that graze the object say little
    return float(np.median([sigma for sigma, count in measured if count >= enough]))


def foreground(voxels: np.ndarray) -> np.ndarray:
    """Mask (bool, the shape of `voxels`: (k, j, i) or (j, i)) of what is brighter than the background.

    The threshold is N. Otsu's ("A threshold selection method from gray-level histograms", IEEE Trans. SMC 9
    (1979) 62-66), found between the 0.5 and 99.5 percentiles on the square roots of the values above the
    lower one, so that the dark tissue beside a few bright voxels stays in, and applied to means over 3 by 3
    voxels of each slice. Where nothing separates two classes (a constant image), everything is foreground.
    """
    voxels = np.asanyarray(voxels)
    planes = voxels[np.newaxis] if voxels.ndim == 2 else voxels
    if planes.ndim != 3 or planes.size == 0:
        raise InputError(f"The image has the shape {voxels.shape}.", "Give a volume (k, j, i) with voxels.")
    threshold = _threshold(planes)
    mask = np.empty(planes.shape, dtype=bool)
    for k, part in enumerate(planes):
        mask[k] = _means(np.pad(part.astype(np.float32), 1, mode="edge")) > threshold
    return mask.reshape(voxels.shape)


def _planes(voxels: np.ndarray) -> np.ndarray:
    if voxels.ndim == 2:
        return voxels[np.newaxis]
    if voxels.ndim != 3 or voxels.size == 0:
        raise InputError(f"The image has the shape {voxels.shape}.", "Give a volume (k, j, i) with voxels.")
    if min(voxels.shape[1:]) >= 3:
        return voxels
    return np.moveaxis(voxels, int(np.argmin(voxels.shape)), 0)


def _evenly(count: int, most: int) -> Iterator[int]:
    step = max(1.0, count / most)
    return (int((number + 0.5) * step) for number in range(min(count, most)))


def _slice_noise(part: np.ndarray, threshold: float) -> tuple[float, int]:
    """Noise of one slice and its number of foreground voxels; if these are few, all voxels are measured."""
    part = part.astype(np.float32)
    second = _second_differences(part)
    gradient = np.abs(part[2:, 1:-1] - part[:-2, 1:-1])
    gradient += np.abs(part[1:-1, 2:] - part[1:-1, :-2])
    inside = (_means(part) > threshold) & np.isfinite(second)
    count = int(np.count_nonzero(inside))
    if count < 32:
        inside = np.isfinite(second)
        if not inside.any():
            return 0.0, 0
    gradient, second = gradient[inside], second[inside]
    smooth = gradient <= np.partition(gradient, gradient.size // 2)[gradient.size // 2]
    return _median(np.abs(second[smooth])) * MEDIAN_TO_SIGMA / 6, count


def _second_differences(part: np.ndarray) -> np.ndarray:
    """Immerkaer's filter [1 -2 1] x [1 -2 1] where it fits; its noise is 6 times the noise of the image."""
    rows = part[2:] + part[:-2]
    rows -= 2 * part[1:-1]
    result = rows[:, 2:] + rows[:, :-2]
    result -= 2 * rows[:, 1:-1]
    return result


def _means(part: np.ndarray) -> np.ndarray:
    rows = part[2:] + part[1:-1]
    rows += part[:-2]
    result = rows[:, 2:] + rows[:, 1:-1]
    result += rows[:, :-2]
    result /= 9
    return result


def _median(magnitudes: np.ndarray) -> float:
    """Median; of whole numbers as of rounded ones, so that it does not jump by a whole step."""
    middle = float(np.median(magnitudes))
    whole = round(middle)
    if not np.array_equal(magnitudes, np.rint(magnitudes)):
        return middle
    below = int(np.count_nonzero(magnitudes < whole))
    equal = int(np.count_nonzero(magnitudes == whole))
    if equal == 0 or equal == magnitudes.size:
        return middle
    width = 0.5 if whole == 0 else 1.0  # magnitudes that were rounded to 0 lie between 0 and 0.5
    return max(whole - 0.5, 0.0) + width * (magnitudes.size / 2 - below) / equal


def _threshold(planes: np.ndarray) -> float:
    """Otsu's threshold of a regular sample of the voxels; -inf if they have one value only."""
    stride = max(1, math.ceil((planes.size / _MOST_SAMPLES) ** (1 / 3)))
    samples = planes[::stride, ::stride, ::stride].astype(np.float32).ravel()
    samples = samples[np.isfinite(samples)]
    if samples.size == 0:
        return -math.inf
    low, high = np.percentile(samples, (0.5, 99.5))
    if not low < high:
        low, high = samples.min(), samples.max()
    if not low < high:
        return -math.inf
    counts, edges = np.histogram(np.sqrt(np.clip(samples, low, high) - low), _LEVELS)
    weight = np.cumsum(counts)
    moment = np.cumsum(counts * (edges[1:] + edges[:-1]) / 2)
    between = weight * (weight[-1] - weight)
    spread = np.zeros(_LEVELS)
    valid = between > 0
    spread[valid] = (moment[-1] * weight[valid] / weight[-1] - moment[valid]) ** 2 / between[valid]
    return float(low + edges[1 + int(spread.argmax())] ** 2)
