"""Noise of magnitude MR images."""

from __future__ import annotations

import numpy as np

from GANEnhanceLib.degrade.fields import gaussian_field


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
            plane, as zero-filled or filtered reconstructions do; the noise keeps its standard deviation.
            0 is white.

    Returns:
        float32 array of the same shape.
    """
    generator = np.random.default_rng(seed)
    signal = np.asarray(voxels, dtype=np.float32)
    real, imaginary = (gaussian_field(signal.shape, correlation, generator) for _ in range(2))
    real *= sigma
    real += signal
    imaginary *= sigma
    return np.sqrt(real * real + imaginary * imaginary)


def add_noncentral_chi_noise(
    voxels: np.ndarray,
    sigma: float | np.ndarray,
    coils: int,
    seed: int | np.random.Generator,
    correlation: float = 0.0,
) -> np.ndarray:
    """Add the noise of a sum-of-squares image of several coils without acceleration.

    m = sqrt(sum over coils of |v_c + n_c|^2) with sum of v_c^2 = v^2, n_c complex normal with standard
    deviation sigma in each part. m / sigma is non-central chi with 2 L degrees of freedom; its second moment
    is v^2 + 2 L sigma^2 (Constantinides, Atalar and McVeigh, Magn Reson Med 38:852, 1997). The distribution
    depends on v alone, not on its share in each coil, so all signal is put into one coil; the other L - 1
    add noise power that is chi-squared with 2 L - 2 degrees of freedom. With one coil it is Rician.

    Args:
        voxels: any shape, value units; the last two axes are the slice plane.
        sigma: standard deviation of each part of each coil in value units; a number or an array that
            broadcasts against `voxels`.
        coils: L, 1 or more. Noise of the coils is uncorrelated between them.
        seed: a seed, or a generator that is drawn from.
        correlation: as in `add_rician_noise`. White noise takes the same time for any number of coils,
            correlated noise grows with it.

    Returns:
        float32 array of the same shape.
    """
    generator = np.random.default_rng(seed)
    magnitude = add_rician_noise(voxels, sigma, generator, correlation)
    if coils == 1:
        return magnitude
    if correlation > 0:
        others = np.zeros(magnitude.shape, np.float32)
        for _ in range(2 * coils - 2):
            others += gaussian_field(magnitude.shape, correlation, generator) ** 2
    else:
        others = generator.standard_gamma(coils - 1, magnitude.shape, dtype=np.float32)
        others *= 2.0
    others *= np.square(sigma, dtype=np.float32)
    others += magnitude * magnitude
    return np.sqrt(others)


def sigma_map(shape: tuple[int, ...], sigma: float, slopes: tuple[float, float]) -> np.ndarray:
    """Return a noise level that rises and falls across the slice plane, as coils and acceleration make it.

    sigma (1 + a y + b x), x and y from -0.5 to 0.5: the first order of the smooth maps of parallel imaging
    (Aja-Fernandez, Vegas-Sanchez-Ferrero and Tristan-Vega, Magn Reson Imaging 32:281, 2014).

    Args:
        shape: (..., h, w) of the image.
        sigma: level in the middle, value units.
        slopes: a along rows and b along columns, change over the whole image as a share of sigma; the sum of
            their magnitudes must stay below 2, or the level falls to 0.

    Returns:
        (h, w) float32.
    """
    rows, columns = (np.linspace(-0.5, 0.5, extent, dtype=np.float32) for extent in shape[-2:])
    along_rows, along_columns = (np.float32(slope) for slope in slopes)
    return np.float32(sigma) * (1.0 + along_rows * rows[:, None] + along_columns * columns[None, :])
