"""Speckle of ultrasound B-mode images."""

from __future__ import annotations

import math

import numpy as np

from GANEnhanceLib.errors import OptionError

SOUND_SPEED = 1540.0
"""Of sound in soft tissue, m/s."""
_EULER = 0.5772156649015329
_FWHM = 2.0 * math.sqrt(2.0 * math.log(2.0))
"""Full width at half maximum of a Gaussian in standard deviations."""
_LEAST_WEIGHT = 1e-16
"""Of a Gaussian whose largest is 1."""


def beam_widths(frequency: float, cycles: float = 2.0, f_number: float = 3.0) -> tuple[float, float]:
    """Return the widths (full, at half maximum) of the point-spread function of the echo amplitude, in mm.

    Axial: half the length of the pulse, n c / (2 f). Lateral, in the focus: 1.2 wavelengths times the
    f-number one way, 1 / sqrt(2) of that both ways (Szabo, Diagnostic Ultrasound Imaging: Inside Out, 2nd ed.
    2014).

    Args:
        frequency: of the pulse, MHz.
        cycles: n, of the pulse.
        f_number: depth of the focus over the width of the aperture.
    """
    wavelength = SOUND_SPEED / frequency / 1000.0
    return cycles * wavelength / 2.0, 1.2 / math.sqrt(2.0) * wavelength * f_number


def add_speckle(
    display: np.ndarray,
    psf: tuple[float, float],
    looks: int,
    seed: int | np.random.Generator,
    dynamic_range: float = 60.0,
    attenuation: float = 0.0,
) -> np.ndarray:
    """Turn the brightness of tissue into a B-mode image with fully developed speckle.

    The brightness b is taken for the log-compressed echo amplitude without speckle, a = 10^((b - 1) R / 20).
    Many scatterers in each resolution cell make the echo a complex normal field: white noise n times a,
    convolved with the point-spread function h (Wagner, Smith, Sandrik and Lopez, IEEE Trans Sonics Ultrason
    30:156, 1983). Its envelope |h * (a n)| is Rayleigh distributed, mean over standard deviation
    sqrt(pi / (4 - pi)) = 1.91. The intensities of L looks (independent views) are averaged, which divides
    their variance by L. Compressed again, b' = 1 + 10 log10(I) / R, the standard deviation is
    (10 / ln 10) sqrt(psi'(L)) dB: 5.57 dB for one look. The mean of the logarithm,
    (10 / ln 10) (psi(L) - ln L) dB below that of the tissue (2.5 dB for one look), is given back, as the gain
    knob would.

    Args:
        display: (..., h, w) brightness, 0 the floor and 1 the top of the display; depth runs along h. At
            0 and below nothing scatters; values above 1 are echoes beyond the top. Slices get speckle of
            their own.
        psf: widths (full, at half maximum) of the point-spread function of the amplitude along (h, w),
            voxels; see `beam_widths`. The correlation of the intensity is 1/2 at half of these widths.
        looks: L, a whole number, 1 or more. The time grows with it.
        seed: a seed, or a generator that is drawn from.
        dynamic_range: R, of the display, dB.
        attenuation: loss that time gain compensation leaves over, dB a voxel of depth, both ways.

    Returns:
        float32 array of the same shape, cut to 0..1 as a display does.
    """
    if looks < 1 or int(looks) != looks:
        raise OptionError(f"The number of looks is {looks}, but must be a whole number, 1 or more.")
    if min(psf) < 0:
        raise OptionError(f"The widths of the point-spread function are {psf}, but must be 0 voxels or more.")
    generator = np.random.default_rng(seed)
    image = np.asarray(display, dtype=np.float32)
    amplitude = np.exp((image - 1) * np.float32(dynamic_range * math.log(10.0) / 20.0))
    amplitude *= image > 0
    smoothing = [_smoothing(extent, width) for extent, width in zip(image.shape[-2:], psf, strict=True)]
    intensity = np.zeros(image.shape, np.float32)
    for _ in range(2 * int(looks)):
        # Real and imaginary part of each look; the carrier's phase does not matter to the envelope.
        part = generator.standard_normal(image.shape, dtype=np.float32)
        part *= amplitude
        part = smoothing[0] @ part @ smoothing[1].T
        part *= part
        intensity += part
    intensity /= 2 * int(looks)
    decibels = np.log10(np.maximum(intensity, np.float32(1e-30)), out=intensity)
    decibels *= 10.0
    decibels -= np.float32(mean_log_speckle(looks))
    if attenuation:
        depth = np.arange(image.shape[-2], dtype=np.float32)[:, None]
        decibels -= np.float32(attenuation) * depth
    decibels /= np.float32(dynamic_range)
    decibels += 1.0
    return np.clip(decibels, 0.0, 1.0, out=decibels)


def mean_log_speckle(looks: int) -> float:
    """Return the mean of 10 log10 of speckle intensity of mean 1, in dB: (10 / ln 10) (psi(L) - ln L).

    The intensity of L looks is gamma distributed (Goodman, Speckle Phenomena in Optics, 2007, section 3.2);
    psi of a whole number is -0.5772 + 1 + 1/2 + ... + 1 / (L - 1).
    """
    psi = -_EULER + sum(1.0 / number for number in range(1, int(looks)))
    return 10.0 / math.log(10.0) * (psi - math.log(looks))


def attenuation_per_voxel(coefficient: float, frequency: float, spacing: float) -> float:
    """Return the two-way loss over one voxel of depth, dB: 2 alpha f d / 10.

    Args:
        coefficient: alpha, dB a cm and MHz (soft tissue 0.3 to 1); what time gain
            compensation leaves over is less.
        frequency: f, MHz.
        spacing: d, of the voxels along the depth, mm.
    """
    return 2.0 * coefficient * frequency * spacing / 10.0


def _smoothing(extent: int, width: float) -> np.ndarray:
    """Return the matrix (extent, extent) of a Gaussian convolution; each row's squares add up to 1.

    So noise keeps its power, at the borders too, where the beam is cut off.
    """
    sigma = width / _FWHM
    if sigma < 0.2:
        return np.eye(extent, dtype=np.float32)
    place = np.arange(extent)
    weights = np.exp(-((place[:, None] - place[None, :]) ** 2) / (2.0 * sigma**2))
    # It rounds away in any sum, and as subnormal numbers it makes products several times slower.
    weights[weights < _LEAST_WEIGHT] = 0.0
    weights /= np.sqrt(np.sum(weights**2, axis=1, keepdims=True))
    return weights.astype(np.float32)
