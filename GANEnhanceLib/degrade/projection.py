"""Parallel-beam geometry of CT: line integrals of slices, and filtered back-projection."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

KERNELS = ("soft", "sharp")
_CUTOFF = {"soft": 0.6, "sharp": 1.0}
"""Highest frequency that a kernel passes, cycles a mm."""
_FINER = 4
"""Samples of a filtered view for each detector element, so that the nearest one can be taken."""


@dataclass(frozen=True)
class ParallelBeam:
    """The scanner: `views` over half a turn, detector elements of `element` mm (in the middle of the
    patient).

    0.6 mm is the size at the isocenter of common scanners; views * photons decides the dose.
    """

    views: int = 720
    element: float = 0.6

    @property
    def angles(self) -> np.ndarray:
        """Angles of the views in radians."""
        return np.arange(self.views) * (np.pi / self.views)


def kernel_window(frequency: np.ndarray, kernel: str, voxel: float) -> np.ndarray:
    """Return what a reconstruction kernel makes of each frequency, beside the ramp |f|.

    soft: a Hann window that ends at 0.6 cycles a mm; the noise power |f| w^2 is largest near 0.18 a mm, as
    with body kernels. sharp: (1 + 4 u^2) times a Hann window that ends at 1 cycle a mm, u = f over that;
    largest near 0.49 a mm, with edges enhanced by 8 %, as with lung and bone kernels (compare the spectra
    measured by Solomon, Christianson and Samei, Med Phys 39:6048, 2012). Both end at the voxels' highest
    frequency if that is lower, so that nothing folds back.

    Args:
        frequency: cycles a mm, any shape.
        kernel: "soft" or "sharp".
        voxel: the larger spacing of the slice plane, mm.
    """
    cutoff = min(_CUTOFF[kernel], 0.5 / voxel)
    share = np.abs(frequency) / cutoff
    window = np.where(share < 1.0, 0.5 + 0.5 * np.cos(np.pi * np.minimum(share, 1.0)), 0.0)
    return window * (1.0 + 4.0 * share**2) if kernel == "sharp" else window


def kernel_power(kernel: str, voxel: float) -> float:
    """Return the integral of f^2 w^2 over all frequencies, 1/mm^3: the noise that a kernel passes."""
    frequency, step = np.linspace(0.0, _CUTOFF[kernel], 2001, retstep=True)
    values = (frequency * kernel_window(frequency, kernel, voxel)) ** 2
    return float(2.0 * step * values.sum())


def project(
    slices: np.ndarray, spacing: tuple[float, float], angles: np.ndarray, positions: np.ndarray
) -> np.ndarray:
    """Return line integrals of slices, accurate to about 2 voxels: enough to count photons by.

    Each voxel is shared by the two nearest of coarse detector elements, 2 voxels apart; finer positions are
    interpolated.

    Args:
        slices: (s, h, w), for example attenuation a mm.
        spacing: of voxels along (h, w), mm.
        angles: (v,) radians; the detector's axis points along (cos, sin) in (w, h).
        positions: (t,) of the detector's elements from the center, mm, evenly spaced.

    Returns:
        (s, v, t) float32, slice units times mm.
    """
    count, height, width = slices.shape
    rows, columns = _places(height, width, spacing)
    step = 2.0 * max(spacing)
    half = math.ceil(math.hypot(rows[-1], columns[-1]) / step) + 2
    coarse = step * np.arange(-half, half + 1)
    area = spacing[0] * spacing[1] / step
    flat = slices.reshape(count, -1)
    sinogram = np.empty((count, len(angles), len(positions)), np.float32)
    for view, angle in enumerate(angles):
        place = ((columns * math.cos(angle))[None, :] + (rows * math.sin(angle))[:, None]).ravel() / step
        place += half
        below = place.astype(np.intp)
        share = place - below
        for number in range(count):
            upper = flat[number] * share
            line = np.bincount(below, flat[number] - upper, len(coarse))
            line += np.bincount(below + 1, upper, len(coarse))
            sinogram[number, view] = np.interp(positions, coarse, line * area, 0.0, 0.0)
    return sinogram


def reconstruct(
    sinograms: np.ndarray,
    shape: tuple[int, int],
    spacing: tuple[float, float],
    beam: ParallelBeam,
    kernel: str,
    check: Callable[[], None] = lambda: None,
) -> np.ndarray:
    """Filter and back-project (Kak and Slaney, Principles of Computerized Tomographic Imaging, 1988, chapter
    3).

    f(x, y) = (pi / V) sum over views of q_v(x cos + y sin), q_v the view times |f| w(f) in frequency space.

    Args:
        sinograms: (s, v, t) line integrals, elements `beam.element` apart and centered.
        shape: (h, w) of the slices.
        spacing: of voxels along (h, w), mm.
        beam: the scanner.
        kernel: "soft" or "sharp", see `kernel_window`.
        check: called for each view; may raise, to stop.

    Returns:
        (s, h, w) float32, units of the line integrals a mm.
    """
    count, _, elements = sinograms.shape
    length = 2 ** math.ceil(math.log2(2 * elements))
    frequency = np.fft.rfftfreq(length, beam.element)
    transfer = frequency * kernel_window(frequency, kernel, max(spacing)) * (np.pi / beam.views * _FINER)
    transfer = transfer.astype(np.float32)
    rows, columns = _places(*shape, spacing)
    fine = beam.element / _FINER
    middle = (elements - 1) / 2.0 * _FINER + 0.5
    slices = np.zeros((shape[0] * shape[1], count), np.float32)
    for view, angle in enumerate(beam.angles):
        check()
        spectrum = np.fft.rfft(sinograms[:, view], length)
        spectrum *= transfer
        filtered = np.fft.irfft(spectrum, length * _FINER).astype(np.float32, copy=False)
        table = np.ascontiguousarray(filtered[:, : elements * _FINER].T)
        along, across = columns * (math.cos(angle) / fine) + middle, rows * (math.sin(angle) / fine)
        place = (along[None, :] + across[:, None]).astype(np.int32).ravel()
        np.clip(place, 0, len(table) - 1, out=place)
        slices += table[place]
    return np.ascontiguousarray(slices.T).reshape(count, *shape)


def _places(height: int, width: int, spacing: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of rows and of columns from the center, mm, float32."""
    return tuple(
        ((np.arange(extent) - (extent - 1) / 2.0) * distance).astype(np.float32)
        for extent, distance in zip((height, width), spacing, strict=True)
    )
