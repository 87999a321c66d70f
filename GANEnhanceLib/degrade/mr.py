"""Noise of magnitude MR images."""

from __future__ import annotations

import numpy as np


def add_rician_noise(
    voxels: np.ndarray, sigma: float | np.ndarray, seed: int | np.random.Generator, correlation: float = 0.0
) -> np.ndarray:
    """Add Rician noise: the magnitude of the signal plus complex Gaussian noise.

    m = sqrt((v + n_r)^2 + n_i^2), n_r and n_i independent, normal, standard deviation sigma
    (Gudbjartsson and Patz, Magn Reson Med 34:910, 1995).

    Args:
        voxels: any shape, value units; the last two axes are the slice plane.
        sigma: standard deviation of each noise channel in value units; a number, or an array that broadcasts
            against `voxels` (spatially varying noise). 0 returns the magnitude unchanged.
        seed: a seed, or a generator that is drawn from.
        correlation: standard deviation in voxels of a Gaussian that smooths the noise within the slice
        plane, as
            zero-filled or filtered reconstructions do; the noise keeps its standard deviation. 0 is white.

    Returns:
        float32 array of the same shape.
    """
    generator = np.random.default_rng(seed)
    signal = np.asarray(voxels, dtype=np.float32)
    real, imaginary = (_gaussian_field(signal.shape, correlation, generator) for _ in range(2))
    real *= sigma
    real += signal
    imaginary *= sigma
    return np.sqrt(real * real + imaginary * imaginary)


def _gaussian_field(shape: tuple[int, ...], correlation: float, generator: np.random.Generator) -> np.ndarray:
    field = generator.standard_normal(shape, dtype=np.float32)
    if correlation <= 0:
        return field
    for axis in (-2, -1):
        # A transfer function in frequency space wraps around, so the noise is stationary up to the border.
        frequency = np.fft.rfftfreq(shape[axis])
        transfer = np.exp(-2.0 * (np.pi * correlation * frequency) ** 2)
        full = np.exp(-2.0 * (np.pi * correlation * np.fft.fftfreq(shape[axis])) ** 2)
        transfer /= np.sqrt(np.mean(full**2))
        spectrum = np.fft.rfft(field, axis=axis)
        spectrum *= transfer.reshape([-1] + [1] * (-axis - 1))
        field = np.fft.irfft(spectrum, n=shape[axis], axis=axis).astype(np.float32)
    return field
