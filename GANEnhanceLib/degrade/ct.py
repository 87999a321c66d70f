"""Low dose in CT, in the sinogram domain: fewer photons and the same electronics."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.degrade.projection import KERNELS, ParallelBeam, project, reconstruct
from GANEnhanceLib.errors import OptionError

WATER = 0.0193
"""Attenuation of water at 70 keV, about the mean energy of 120 kV behind a patient, 1/mm (NIST)."""
PADDING = -1500.0
"""Values below it, HU, are no air but the filling around a round field of view; they stay as they are."""
_CHUNK = 8
"""Slices that are projected together: the geometry is worked out once for all of them."""
_COARSER = 4
"""Line integrals are made at every fourth view: they change slowly, unlike noise."""
_FEWEST = 0.5
"""Photons that a detector element counts at least: the logarithm needs one above 0."""


@dataclass(frozen=True)
class LowDose:
    """A scan of lower dose.

    dose: share of the full dose, above 0 to 1.
    photons: those a detector element of `ParallelBeam` counts in a view at full dose behind nothing but air.
    electronics: standard deviation of the electronic noise of one reading, photons.
    kernel: "soft" or "sharp", see `projection.kernel_window`.
    beam: the scanner.
    """

    dose: float
    photons: float = 2.0e5
    electronics: float = 5.0
    kernel: str = "soft"
    beam: ParallelBeam = ParallelBeam()

    def __post_init__(self):
        """Refuse values outside their ranges (OptionError)."""
        if not 0.0 < self.dose <= 1.0:
            raise OptionError(f"The dose is {self.dose}, but must be a share above 0 and at most 1.")
        if self.photons <= 1.0 or self.electronics < 0.0:
            raise OptionError(
                f"There are {self.photons:g} photons and electronic noise of {self.electronics:g}, but there"
                " must be more than 1 photon and no negative noise."
            )
        if self.kernel not in KERNELS:
            raise OptionError(f"The kernel is '{self.kernel}', but must be one of: {', '.join(KERNELS)}.")


def add_low_dose_noise(
    hounsfield: np.ndarray,
    spacing: tuple[float, float],
    scan: LowDose,
    seed: int | np.random.Generator,
    check: Callable[[float], None] = lambda fraction: None,
) -> np.ndarray:
    """Add the noise that a scan of full dose lacks beside one of lower dose.

    The slices are projected, p = integral of mu = mu_water (1 + HU / 1000) along parallel rays. N = N0
    exp(-p) photons were counted at full dose; each of them is counted at the lower dose a with probability a
    (the thinning of a Poisson process: N' is binomial), and the electronic noise, which does not fall with
    the dose, adds a normal number of variance (1 - a^2) s^2. The difference of the logarithms has the
    variance

        (1 - a) / a exp(p) / N0 (1 + (1 + a) / a s^2 exp(p) / N0)

    (Yu, Shiung, Jondal and McCollough, J Comput Assist Tomogr 36:477, 2012; Zeng et al., IEEE Trans Nucl Sci
    62:2226, 2015). Only this difference is reconstructed and added, so the image itself is not blurred by
    reprojection, and with dose 1 nothing changes. As in real scans noise is correlated by the kernel, largest
    in the middle of the body, and runs in streaks along rays where photons starve. The first-order bias of
    the logarithm is corrected, as scanners do; below about 20 photons behind the body means rise
    nevertheless. Not modeled: beam hardening, scatter, bow-tie filters, tube current modulation, fan and cone
    beams. A body that is cut off by the field of view lacks the attenuation outside.

    Args:
        hounsfield: (s, h, w) axial slices, HU. Values below -1500 are padding and stay.
        spacing: of voxels along (h, w), mm.
        scan: dose, photons, electronics, kernel and geometry.
        seed: a seed, or a generator that is drawn from.
        check: called with the share that is done, 0 to 1; may raise, to stop.

    Returns:
        float32 HU of the same shape.
    """
    generator = np.random.default_rng(seed)
    noisy = np.array(hounsfield, dtype=np.float32)
    if scan.dose == 1.0:
        return noisy
    for first in range(0, len(noisy), _CHUNK):
        chunk = noisy[first : first + _CHUNK]
        noise = _log_noise(line_integrals(chunk, spacing, scan.beam), scan, generator)
        done, share = first / len(noisy), len(chunk) / len(noisy) / scan.beam.views
        steps = iter(range(scan.beam.views))
        # The default values bind what this chunk has.
        mu = reconstruct(
            noise,
            chunk.shape[1:],
            spacing,
            scan.beam,
            scan.kernel,
            lambda done=done, share=share, steps=steps: check(done + share * next(steps)),
        )
        mu *= np.float32(1000.0 / WATER)
        mu[chunk < PADDING] = 0.0
        chunk += mu
    return noisy


def line_integrals(hounsfield: np.ndarray, spacing: tuple[float, float], beam: ParallelBeam) -> np.ndarray:
    """Return p of slices (s, h, w) in HU for all views and elements, (s, v, t) float32, no unit.

    Large slices are projected at half their resolution, and only every fourth view; views between are
    interpolated. The detector covers the diagonal.
    """
    mu = np.maximum(hounsfield / np.float32(1000.0) + 1, 0) * np.float32(WATER)
    extent = math.hypot(mu.shape[1] * spacing[0], mu.shape[2] * spacing[1])
    if min(mu.shape[1:]) >= 128:
        height, width = mu.shape[1] // 2 * 2, mu.shape[2] // 2 * 2
        halves = mu[:, :height, :width].reshape(len(mu), height // 2, 2, width // 2, 2)
        mu, spacing = halves.mean(axis=(2, 4)), (2 * spacing[0], 2 * spacing[1])
    elements = math.ceil(extent / beam.element) + 3
    positions = (np.arange(elements) - (elements - 1) / 2.0) * beam.element
    coarse = project(mu, spacing, beam.angles[::_COARSER], positions)
    # Half a turn on, the view is the first one from behind.
    coarse = np.concatenate([coarse, coarse[:, :1, ::-1]], axis=1)
    place = np.arange(beam.views) / _COARSER
    below = np.minimum(place.astype(int), coarse.shape[1] - 2)
    share = (place - below).astype(np.float32)[None, :, None]
    return coarse[:, below] * (1 - share) + coarse[:, below + 1] * share


def log_variance(integrals: np.ndarray, scan: LowDose) -> np.ndarray:
    """Return the variance that a lower dose adds to line integrals (any shape); see `add_low_dose_noise`."""
    counted = np.exp(-integrals) * scan.photons
    extra = (1 - scan.dose) / (scan.dose * counted)
    return extra * (1 + (1 + scan.dose) / scan.dose * scan.electronics**2 / counted)


def _log_noise(integrals: np.ndarray, scan: LowDose, generator: np.random.Generator) -> np.ndarray:
    """Draw the difference of the logarithms of both doses, float32, the shape of the integrals."""
    counted = np.exp(-integrals, dtype=np.float64) * scan.photons
    dithered = np.floor(counted + generator.random(counted.shape)).astype(np.int64)
    reading = generator.binomial(dithered, scan.dose).astype(np.float64)
    lost = 1 - scan.dose**2
    reading += math.sqrt(lost) * scan.electronics * generator.standard_normal(counted.shape, dtype=np.float32)
    # E ln(n + c) = ln m + (c - variance / 2 m) / m: this c makes the mean right to the first order. Where
    # photons starve that order is not enough, and the correction must not outweigh what was counted.
    expected = scan.dose * counted
    bias = lost * scan.electronics**2 / (2 * np.maximum(expected, _FEWEST))
    reading += (1 - scan.dose) / 2 + np.minimum(bias, expected / 4)
    np.maximum(reading, _FEWEST, out=reading)
    difference = np.log(expected / reading)
    return difference.astype(np.float32)
