"""Low dose in CT without a sinogram: noise of the same power spectrum, drawn in the image itself."""

from __future__ import annotations

import math

import numpy as np

from GANEnhanceLib.degrade.ct import PADDING, WATER, LowDose, line_integrals, log_variance
from GANEnhanceLib.degrade.fields import field_of_spectrum
from GANEnhanceLib.degrade.projection import ParallelBeam, kernel_power, kernel_window

_COARSE = 4.0
"""Voxel size at which the course of the variance is worked out, mm."""
_VIEWS = 32
_LARGEST_VARIANCE = 2.0
"""Of a line integral where photons starve: the smallest count bounds the logarithm."""


def noise_sigma(diameter: float, scan: LowDose, voxel: float) -> float:
    """Return the standard deviation in HU in the middle of a water cylinder.

    sigma_mu^2 = pi^2 d / V * var(p) * integral of f^2 w(f)^2 df, d the detector's element, V the views over
    half a turn, p = mu_water times the diameter (Riederer, Pelc and Chesler, Phys Med Biol 23:446, 1978).

    Args:
        diameter: of the cylinder, mm.
        scan: dose, photons, electronics, kernel and geometry.
        voxel: spacing of the slice plane, mm.
    """
    variance = min(float(log_variance(np.float64(WATER * diameter), scan)), _LARGEST_VARIANCE)
    return 1000.0 / WATER * math.sqrt(variance * _gain(scan, voxel))


def add_low_dose_field(
    hounsfield: np.ndarray,
    spacing: tuple[float, float],
    scan: LowDose,
    diameter: float,
    seed: int | np.random.Generator,
    elongation: float = 0.0,
    direction: float = 0.0,
) -> np.ndarray:
    """Add low-dose noise to patches that do not show how thick the body is around them.

    Normal noise with the power spectrum of filtered back-projection, |f| w(f)^2 exp(e cos 2 (phi - phi0)),
    phi the direction of the frequency, scaled to `noise_sigma`. The last factor is that of a body which is
    longer in one direction, whose noise runs in streaks along it.

    Args:
        hounsfield: (..., h, w), HU.
        spacing: of voxels along (h, w), mm.
        scan: dose, photons, electronics, kernel and geometry.
        diameter: of the water that attenuates as much as the body, mm (adults 200 to 400).
        seed: a seed, or a generator that is drawn from.
        elongation: e, 0 for a round body; the power along and across differs by exp(2 e).
        direction: phi0 in radians, from the columns' axis (w) to the rows' axis (h).

    Returns:
        float32 HU of the same shape.
    """
    generator = np.random.default_rng(seed)
    image = np.asarray(hounsfield, dtype=np.float32)
    amplitude, angle = _amplitude(image.shape[-2:], spacing, scan.kernel)
    if elongation:
        amplitude = amplitude * np.exp(elongation / 2.0 * np.cos(2.0 * (angle - direction)))
    noise = field_of_spectrum(image.shape, amplitude, generator)
    noise *= np.float32(noise_sigma(diameter, scan, max(spacing)))
    noise += image
    return noise


def add_low_dose_noise_fast(
    hounsfield: np.ndarray, spacing: tuple[float, float], scan: LowDose, seed: int | np.random.Generator
) -> np.ndarray:
    """Add low-dose noise to whole slices, much faster than by a sinogram and nearly like it.

    The variance of each place is the mean, over all views, of the variance of the rays through it, worked out
    on a coarse grid; the spectrum is |f| w(f)^2, its dependence on direction that of the slice's own views.
    Single streaks are missing: the spectrum is the same all over a slice.

    Args:
        hounsfield: (s, h, w) axial slices, HU. Values below -1500 are padding and stay.
        spacing: of voxels along (h, w), mm.
        scan: dose, photons, electronics, kernel and geometry.
        seed: a seed, or a generator that is drawn from.

    Returns:
        float32 HU of the same shape.
    """
    generator = np.random.default_rng(seed)
    noisy = np.array(hounsfield, dtype=np.float32)
    if scan.dose == 1.0:
        return noisy
    amplitude, angle = _amplitude(noisy.shape[1:], spacing, scan.kernel)
    gain = np.float32(1000.0 / WATER * math.sqrt(_gain(scan, max(spacing))))
    for image in noisy:
        variance, by_view = _variance_map(image, spacing, scan)
        # A view adds the frequencies along its detector's axis.
        angles = np.arange(_VIEWS + 1) * (np.pi / _VIEWS)
        weight = np.interp(angle % np.pi, angles, np.append(by_view, by_view[0]))
        noise = field_of_spectrum(image.shape, amplitude * np.sqrt(weight), generator)
        noise *= np.sqrt(variance) * gain
        noise[image < PADDING] = 0.0
        image += noise
    return noisy


def _gain(scan: LowDose, voxel: float) -> float:
    """Variance of the attenuation (1/mm^2) for variance 1 of the line integrals."""
    return math.pi**2 * scan.beam.element / scan.beam.views * kernel_power(scan.kernel, voxel)


def _amplitude(
    shape: tuple[int, int], spacing: tuple[float, float], kernel: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the root of the spectrum and the direction at the frequencies of rfft2, (h, w // 2 + 1)."""
    rows = np.fft.fftfreq(shape[0], spacing[0]).astype(np.float32)[:, None]
    columns = np.fft.rfftfreq(shape[1], spacing[1]).astype(np.float32)[None, :]
    frequency = np.hypot(rows, columns)
    amplitude = np.sqrt(frequency) * kernel_window(frequency, kernel, max(spacing))
    return amplitude.astype(np.float32), np.arctan2(rows, columns)


def _variance_map(
    image: np.ndarray, spacing: tuple[float, float], scan: LowDose
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean variance of the rays through each voxel, (h, w), and that of each view in the body."""
    factor = max(1, round(_COARSE / max(spacing)))
    factor = min(factor, *image.shape)
    height, width = (extent // factor for extent in image.shape)
    cut = image[: height * factor, : width * factor].reshape(height, factor, width, factor)
    coarse = cut.mean(axis=(1, 3))
    steps = (spacing[0] * factor, spacing[1] * factor)
    beam = ParallelBeam(_VIEWS, _COARSE)
    integrals = line_integrals(coarse[None], steps, beam)[0]
    by_ray = np.minimum(log_variance(integrals.astype(np.float64), scan), _LARGEST_VARIANCE)
    rows = (np.arange(height) - (height - 1) / 2) * steps[0]
    columns = (np.arange(width) - (width - 1) / 2) * steps[1]
    middle = (by_ray.shape[1] - 1) / 2
    total, by_view = np.zeros((height, width)), np.empty(_VIEWS)
    body = coarse > -500
    body = body if body.any() else np.ones_like(body)
    for view, angle in enumerate(beam.angles):
        place = columns[None, :] * math.cos(angle) + rows[:, None] * math.sin(angle)
        through = np.interp(place / beam.element + middle, np.arange(by_ray.shape[1]), by_ray[view])
        total += through
        by_view[view] = through[body].mean()
    return _enlarge(total / _VIEWS, image.shape, factor), by_view


def _enlarge(coarse: np.ndarray, shape: tuple[int, int], factor: int) -> np.ndarray:
    """Interpolate a coarse map to the fine grid, linearly along both axes; float32."""
    for axis, extent in enumerate(shape):
        centers = (np.arange(coarse.shape[axis]) + 0.5) * factor - 0.5
        place = np.interp(np.arange(extent), centers, np.arange(len(centers)))
        below = np.minimum(place.astype(int), max(len(centers) - 2, 0))
        above = np.minimum(below + 1, len(centers) - 1)
        share = (place - below).reshape((-1, 1) if axis == 0 else (1, -1))
        coarse = coarse.take(below, axis) * (1 - share) + coarse.take(above, axis) * share
    return coarse.astype(np.float32)
