"""Classical despeckling filters.

Lee, Frost and SRAD were made for speckle that multiplies an amplitude, so they are run on the echo amplitude,
from which the display was made, and on the display itself, where speckle is about additive; the better one
counts. Averaging amplitudes shifts their logarithm: each result is given the brightness that suits the
reference best, which only helps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from quality.cases import Case
from quality.methods import Method
from quality.methods.denoising import BM3D, NON_LOCAL_MEANS, TOTAL_VARIATION

DYNAMIC_RANGE = 60.0
_RATE = np.log(10.0) * DYNAMIC_RANGE / 20.0


def to_amplitude(display: np.ndarray) -> np.ndarray:
    """Undo the log compression of a display from 0 to 1; its top has the amplitude 1."""
    return np.exp((display - 1.0) * _RATE)


def to_display(amplitude: np.ndarray) -> np.ndarray:
    """Compress amplitudes again; the floor is 0."""
    return np.clip(1.0 + np.log(np.maximum(amplitude, 1e-9)) / _RATE, 0.0, 1.0)


def _in_both_domains(filters: Callable[[np.ndarray, float], Iterator[np.ndarray]]):
    def run(case: Case) -> Iterator[np.ndarray]:
        display = (case.given.voxels.astype(np.float64) - case.low) / case.data_range
        sigma = case.sigma / case.data_range
        amplitude = to_amplitude(display)
        # Share of the amplitude's deviation in its mean: 0.52 for one look, 0.52 / sqrt(L) for L.
        variation = sigma * _RATE
        for image in filters(amplitude, min(variation, 0.523)):
            yield _shifted(to_display(image), case)
        for image in filters(display, sigma / max(float(display[case.mask].mean()), 1e-6)):
            yield _shifted(image, case)

    return run


def _shifted(image: np.ndarray, case: Case) -> np.ndarray:
    """Return a display from 0 to 1 in the values of its case, with the mean of the reference."""
    shown = image * case.data_range + case.low
    return shown + (case.reference[case.mask].mean() - shown[case.mask].mean())


def _lee(image: np.ndarray, variation: float) -> Iterator[np.ndarray]:
    for size in (3, 5, 7, 11):
        yield lee(image, variation, size)


def lee(image: np.ndarray, variation: float, size: int) -> np.ndarray:
    """Filter slices (k, j, i): the mean of a window, and of the rest what is more than speckle.

    J.-S. Lee, "Digital image enhancement and noise filtering by use of local statistics", IEEE Trans. PAMI 2
    (1980) 165-168; `variation` is deviation over mean of speckle.
    """
    mean, relative = _statistics(image, size)
    weight = np.clip(1.0 - variation**2 / np.maximum(relative, 1e-12), 0.0, 1.0)
    return mean + weight * (image - mean)


def _frost(image: np.ndarray, variation: float) -> Iterator[np.ndarray]:
    for size in (5, 7, 11):
        for damping in (0.5, 1.0, 2.0):
            yield frost(image, damping / max(variation, 1e-6) ** 2, size)


def frost(image: np.ndarray, damping: float, size: int) -> np.ndarray:
    """Filter slices (k, j, i) with exp(-damping C^2 distance), C^2 the squared local variation.

    V. S. Frost et al., "A model for radar images and its application to adaptive digital filtering of
    multiplicative noise", IEEE Trans. PAMI 4 (1982) 157-166.
    """
    _, relative = _statistics(image, size)
    half = size // 2
    padded = np.pad(image, ((0, 0), (half, half), (half, half)), mode="reflect")
    total, weights = np.zeros_like(image), np.zeros_like(image)
    for row in range(-half, half + 1):
        for column in range(-half, half + 1):
            weight = np.exp(-damping * relative * np.hypot(row, column) / size)
            part = padded[
                :,
                half + row : half + row + image.shape[1],
                half + column : half + column + image.shape[2],
            ]
            total += weight * part
            weights += weight
    return total / weights


def _srad(image: np.ndarray, variation: float) -> Iterator[np.ndarray]:
    for count, current in enumerate(srad(image, variation, 120), 1):
        if count in (10, 20, 40, 80, 120):
            yield current


def srad(image: np.ndarray, variation: float, steps: int) -> Iterator[np.ndarray]:
    """Diffuse slices (k, j, i) and yield each step: speckle-reducing anisotropic diffusion, step 0.1.

    Y. Yu, S. T. Acton, "Speckle reducing anisotropic diffusion", IEEE Trans. Image Processing 11 (2002)
    1260-1270, with q0 that falls as exp(-rho t), rho = 1/6.
    """
    current = np.maximum(image, 1e-6)
    for number in range(steps):
        scale = max((variation * np.exp(-number * 0.1 / 6.0)) ** 2, 1e-12)
        edges = np.pad(current, ((0, 0), (1, 1), (1, 1)), mode="edge")
        north, south = edges[:, :-2, 1:-1] - current, edges[:, 2:, 1:-1] - current
        west, east = edges[:, 1:-1, :-2] - current, edges[:, 1:-1, 2:] - current
        squares = (north**2 + south**2 + west**2 + east**2) / current**2
        laplace = (north + south + west + east) / current
        local = (0.5 * squares - laplace**2 / 16.0) / np.square(1.0 + 0.25 * laplace)
        flow = np.clip(1.0 / (1.0 + (local - scale) / (scale * (1.0 + scale))), 0.0, 1.0)
        down = np.pad(flow, ((0, 0), (0, 1), (0, 0)), mode="edge")[:, 1:]
        right = np.pad(flow, ((0, 0), (0, 0), (0, 1)), mode="edge")[:, :, 1:]
        current = current + 0.1 / 4.0 * (down * south + flow * north + right * east + flow * west)
        current = np.maximum(current, 1e-6)
        yield current


def _statistics(image: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and squared variation (variance over squared mean) of windows in the slice."""
    from scipy.ndimage import uniform_filter

    mean = uniform_filter(image, (0, size, size))
    variance = np.maximum(uniform_filter(np.square(image), (0, size, size)) - mean**2, 0.0)
    return mean, variance / np.maximum(mean**2, 1e-12)


DESPECKLING = [
    Method("Lee", _in_both_domains(_lee), ("scipy", "scipy")),
    Method("Frost", _in_both_domains(_frost), ("scipy", "scipy")),
    Method("SRAD", _in_both_domains(_srad)),
    NON_LOCAL_MEANS,
    TOTAL_VARIATION,
    BM3D,
]
