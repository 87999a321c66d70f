"""Random fields: Gaussian noise with a wanted spectrum in the plane of the slices."""

from __future__ import annotations

import numpy as np


def gaussian_field(shape: tuple[int, ...], correlation: float, generator: np.random.Generator) -> np.ndarray:
    """Draw normal noise of mean 0 and standard deviation 1, smoothed in the last two axes.

    Args:
        shape: of the field.
        correlation: standard deviation in voxels of the Gaussian that smooths it; 0 is white.
        generator: drawn from.

    Returns:
        float32 array. The smoothing wraps around, so the noise is stationary up to the border.
    """
    field = generator.standard_normal(shape, dtype=np.float32)
    if correlation <= 0:
        return field
    for axis in (-2, -1):
        transfer = np.exp(-2.0 * (np.pi * correlation * np.fft.rfftfreq(shape[axis])) ** 2)
        full = np.exp(-2.0 * (np.pi * correlation * np.fft.fftfreq(shape[axis])) ** 2)
        transfer /= np.sqrt(np.mean(full**2))
        spectrum = np.fft.rfft(field, axis=axis)
        spectrum *= transfer.reshape([-1] + [1] * (-axis - 1))
        field = np.fft.irfft(spectrum, n=shape[axis], axis=axis).astype(np.float32)
    return field


def field_of_spectrum(
    shape: tuple[int, ...], amplitude: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Draw normal noise of standard deviation 1 whose power in the last two axes is `amplitude` squared.

    Args:
        shape: of the field, (..., h, w); every leading index gets noise of its own.
        amplitude: (h, w // 2 + 1), the square root of the noise power spectrum at the frequencies of
            `numpy.fft.rfft2`, in any unit.
        generator: drawn from.

    Returns:
        float32 array, periodic in both axes, so stationary up to the border.
    """
    white = generator.standard_normal(shape, dtype=np.float32)
    twice = np.full(amplitude.shape[1], 2.0)
    twice[0] = 1.0
    if shape[-1] % 2 == 0:
        twice[-1] = 1.0
    power = np.sum(amplitude.astype(np.float64) ** 2 * twice) / (shape[-2] * shape[-1])
    transfer = (amplitude / np.sqrt(power)).astype(np.float32) if power > 0 else np.zeros_like(amplitude)
    spectrum = np.fft.rfft2(white)
    spectrum *= transfer
    return np.fft.irfft2(spectrum, s=shape[-2:]).astype(np.float32, copy=False)
