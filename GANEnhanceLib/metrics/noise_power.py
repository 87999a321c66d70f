"""The noise power spectrum: how strong noise is at each spatial frequency, and how far two images differ.

ICRU Report 54 (1996); J. H. Siewerdsen, I. A. Cunningham, D. A. Jaffray, "A framework for noise-power
spectrum analysis of multidimensional images", Medical Physics 29 (2002) 2655-2671: squared Fourier transform
of blocks of flat image less their plane, times the area of a voxel over the number of voxels. Its integral
over all frequencies is the variance. A denoiser that leaves coarse blotches behind is seen here, whatever
its PSNR.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.errors import InputError


@dataclass(frozen=True)
class NoisePower:
    """A radial noise power spectrum.

    frequencies: cycles/mm, the middle of each ring.
    power: value units squared times mm^2.
    areas: of each ring in the plane of frequencies, 1/mm^2; power times area sums up to the variance.
    """

    frequencies: np.ndarray
    power: np.ndarray
    areas: np.ndarray

    @property
    def sigma(self) -> float:
        """Standard deviation of the noise, value units."""
        return float(np.sqrt(self.power @ self.areas))


def noise_power(blocks: np.ndarray, spacing: Sequence[float]) -> NoisePower:
    """Measure the noise of square blocks (n, size, size) of flat image.

    `spacing` is that of (rows, columns) in mm. A plane is subtracted from each block, as detectors and coils
    shade images. Raises InputError without blocks, or for blocks smaller than 4 voxels.
    """
    blocks = np.asarray(blocks, dtype=np.float64)
    if blocks.ndim != 3 or len(blocks) == 0 or min(blocks.shape[1:]) < 4:
        raise InputError(
            f"The blocks have the shape {blocks.shape}.", "Give at least one block of 4 by 4 voxels."
        )
    rows, columns = blocks.shape[1:]
    area = spacing[0] * spacing[1]
    power = np.abs(np.fft.fft2(_without_plane(blocks))) ** 2
    power = power.mean(axis=0) * area / (rows * columns)
    down = np.fft.fftfreq(rows, spacing[0])
    right = np.fft.fftfreq(columns, spacing[1])
    radius = np.hypot(down[:, None], right)
    width = max(1 / (rows * spacing[0]), 1 / (columns * spacing[1]))
    ring = np.rint(radius / width).astype(int).ravel()
    count = np.bincount(ring)
    there = count > 0
    total = np.bincount(ring, weights=power.ravel())[there]
    count = count[there]
    cell = 1 / (rows * spacing[0] * columns * spacing[1])
    return NoisePower(np.flatnonzero(there) * width, total / count, count * cell)


def noise_power_distance(blocks: np.ndarray, reference: np.ndarray, spacing: Sequence[float]) -> float:
    """Return how far the noise of blocks is from that of the reference's blocks at the same places.

    The absolute difference of both spectra is summed up over all frequencies, and its root taken: the
    standard deviation, in value units, of the noise that is too much or missing; 0 for equal spectra. What
    both images show of the object cancels out. Errors as in `noise_power`.
    """
    one, other = noise_power(blocks, spacing), noise_power(reference, spacing)
    return float(np.sqrt(np.abs(one.power - other.power) @ one.areas))


def _without_plane(blocks: np.ndarray) -> np.ndarray:
    rows, columns = blocks.shape[1:]
    down, right = np.arange(rows) - (rows - 1) / 2, np.arange(columns) - (columns - 1) / 2
    plain = blocks - blocks.mean(axis=(1, 2), keepdims=True)
    slope_down = np.einsum("nij,i->n", plain, down) / (columns * (down @ down))
    slope_right = np.einsum("nij,j->n", plain, right) / (rows * (right @ right))
    return plain - slope_down[:, None, None] * down[:, None] - slope_right[:, None, None] * right
