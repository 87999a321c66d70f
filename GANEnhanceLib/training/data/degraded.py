"""Degradations as the sampler uses them: a random level for each patch, or a fixed one for validation.

Formulas, units and sources are in `GANEnhanceLib.degrade`; here is only what is drawn.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from GANEnhanceLib.degrade.coarse_grid import measure_coarsely
from GANEnhanceLib.degrade.ct import LowDose
from GANEnhanceLib.degrade.ct_surrogate import add_low_dose_field, noise_sigma
from GANEnhanceLib.degrade.motion import add_ghosts, add_motion
from GANEnhanceLib.degrade.mr import add_noncentral_chi_noise, sigma_map
from GANEnhanceLib.degrade.resolution import average_slices, truncate_kspace
from GANEnhanceLib.degrade.ultrasound import add_speckle, attenuation_per_voxel, beam_widths
from GANEnhanceLib.errors import OptionError

_CT_RANGE = (-1024.0, 3071.0)
"""HU of 0 and 1 in the scaling ct-window, where the configuration does not say them."""
_FACTORS = 9
"""Different factors of coarse voxels."""
_MARGIN = 8
"""Voxels that a patch is mirrored by at its borders before it moves, so that no black comes in."""


class Degradation(Protocol):
    """Makes a patch worse."""

    def apply(self, patch: np.ndarray, rng: np.random.Generator, level: float | None = None) -> np.ndarray:
        """Return a degraded copy of (s, h, w) or (d, h, w) float32 in scaled intensity.

        `level` fixes the strength (percent of noise, share of k-space, degrees, thickness, share of dose,
        looks) and all else that would be drawn, but for the noise itself; None draws it.
        """

    def levels(self) -> tuple[float, ...]:
        """Return up to three levels of its range, weak to strong, for validation."""


class MRNoiseDegradation:
    """Rician or non-central chi noise of random level, correlation and spatial course; see `degrade.mr`."""

    def __init__(self, config: Any) -> None:
        """Keep the `MRNoise` configuration."""
        self.config = config

    def apply(self, patch: np.ndarray, rng: np.random.Generator, level: float | None = None) -> np.ndarray:
        """Return the noisy patch; `level` in percent, with the largest number of coils."""
        if level is not None:
            return add_noncentral_chi_noise(patch, np.float32(level / 100.0), self.config.coils, rng)
        coils = self._draw_coils(rng)
        sigma = self._draw_sigma(patch.shape, rng)
        return add_noncentral_chi_noise(patch, sigma, coils, rng, self._draw_correlation(rng))

    def levels(self) -> tuple[float, ...]:
        """Return a weak, a middle and a strong level, percent."""
        low, high = self.config.percent_low, self.config.percent_high
        return (
            max(low, 1.0) if high > 1.0 else low,
            round((low * high) ** 0.5 + 1.0, 1),
            round(0.75 * high, 1),
        )

    def _draw_coils(self, rng: np.random.Generator) -> int:
        # What does not matter is not drawn: older recipes see the noise that they always saw.
        most, share = self.config.coils, self.config.coil_share
        if most == 1 or (share < 1 and rng.random() >= share):
            return 1
        return int(rng.integers(1, most + 1))

    def _draw_sigma(self, shape: tuple[int, ...], rng: np.random.Generator) -> float | np.ndarray:
        config = self.config
        if rng.random() < config.uniform_share:
            percent = rng.uniform(config.percent_low, config.percent_high)
        else:
            percent = _draw_logarithmic(config.percent_low, config.percent_high, rng)
        sigma = np.float32(percent / 100.0)
        if rng.random() >= config.varying_share:
            return sigma
        return sigma_map(shape, sigma, tuple(rng.uniform(-0.7, 0.7, 2)))

    def _draw_correlation(self, rng: np.random.Generator) -> float:
        return float(rng.uniform(0.3, 1.0)) if rng.random() < self.config.correlated_share else 0.0


class MRTruncationDegradation:
    """Missing outer k-space along one or both axes; see `degrade.resolution`."""

    def __init__(self, config: Any) -> None:
        """Keep the `MRTruncation` configuration."""
        self.config = config

    def apply(self, patch: np.ndarray, rng: np.random.Generator, level: float | None = None) -> np.ndarray:
        """Return the coarser patch; `level` is the share that is kept along both axes."""
        if level is not None:
            return truncate_kspace(patch, level)
        if rng.random() >= self.config.share:
            return patch.copy()
        return truncate_kspace(patch, tuple(rng.uniform(self.config.kept_low, 1.0, 2)))

    def levels(self) -> tuple[float, ...]:
        """Return three shares that are kept."""
        return _distinct(np.linspace(1.0, self.config.kept_low, 4)[1:].round(3))


class MRMotionDegradation:
    """Motion within the slices, or ghosts; see `degrade.motion`."""

    def __init__(self, config: Any) -> None:
        """Keep the `MRMotion` configuration."""
        self.config = config

    def apply(self, patch: np.ndarray, rng: np.random.Generator, level: float | None = None) -> np.ndarray:
        """Return the spoiled patch; `level` is the largest rotation in degrees, the shift in proportion.

        Without rotations in the configuration it is the largest shift in voxels.
        """
        config = self.config
        if level is not None:
            share = level / (config.degrees or config.translation or 1.0)
            return self._move(patch, share, config.movements, rng)
        if rng.random() >= config.share:
            return patch.copy()
        if rng.random() < config.ghost_share:
            ghosts, axis = int(rng.integers(2, 9)), int(rng.integers(1, 3))
            return add_ghosts(patch, ghosts, rng.uniform(0.0, config.ghost_strength), axis)
        return self._move(patch, 1.0, int(rng.integers(1, config.movements + 1)), rng)

    def levels(self) -> tuple[float, ...]:
        """Return three largest rotations, degrees (or shifts, voxels, where nothing turns)."""
        largest = self.config.degrees or self.config.translation
        return _distinct((largest / 4, largest / 2, largest))

    def _move(self, patch: np.ndarray, share: float, movements: int, rng: np.random.Generator) -> np.ndarray:
        margin = min(_MARGIN, min(patch.shape[1:]) - 1)
        wide = np.pad(patch, ((0, 0), (margin, margin), (margin, margin)), mode="reflect")
        degrees, shift = share * self.config.degrees, share * self.config.translation
        moved = add_motion(wide, (1.0, 1.0, 1.0), degrees, shift, movements, rng, in_plane=True)
        return np.ascontiguousarray(moved[:, margin:-margin, margin:-margin])


class ThickSlicesDegradation:
    """Averaged slices; see `degrade.resolution`."""

    def __init__(self, config: Any) -> None:
        """Keep the `ThickSlices` configuration."""
        self.config = config

    def apply(self, patch: np.ndarray, rng: np.random.Generator, level: float | None = None) -> np.ndarray:
        """Return the patch with thick slices; `level` is their thickness in fine ones.

        Raises:
            OptionError: the patch has one slice only, and slices are to be averaged.
        """
        axis = 0 if self.config.along == "slices" else 1
        if axis == 0 and len(patch) == 1:
            raise OptionError(
                "The degradation thick-slices has along: slices, but the patches have one slice.",
                "Set along: rows, or take patches of 2.5d or 3d.",
            )
        if level is not None:
            return average_slices(patch, round(level), axis)
        factor = int(rng.integers(self.config.factor_low, self.config.factor_high + 1))
        return average_slices(patch, factor, axis, int(rng.integers(factor)))

    def levels(self) -> tuple[float, ...]:
        """Return up to three thicknesses."""
        return _distinct(np.linspace(self.config.factor_low, self.config.factor_high, 3).round())


class ResolutionDegradation:
    """Coarse voxels along the rows, and within the plane; see `degrade.coarse_grid`."""

    def __init__(self, config: Any) -> None:
        """Keep the `Resolution` configuration."""
        self.config = config

    def apply(self, patch: np.ndarray, rng: np.random.Generator, level: float | None = None) -> np.ndarray:
        """Return the patch as interpolated from coarse voxels; `level` is their thickness in fine ones, with
        half of the largest noise and the profile that the card states."""
        config = self.config
        if level is not None:
            noise = config.percent_high / 200.0
            return measure_coarsely(patch, level, stated_profile(config), noise, rng)
        noise = rng.uniform(0.0, config.percent_high) / 100.0
        rows, columns, profile = self._draw_factors(rng)
        return measure_coarsely(patch, rows, profile, noise, rng, _draw_phase(rng), columns)

    def levels(self) -> tuple[float, ...]:
        """Return up to three thicknesses."""
        return _distinct(np.linspace(self.config.factor_low, self.config.factor_high, 3).round(2))

    def _draw_factors(self, rng: np.random.Generator) -> tuple[float, float, str]:
        """Draw the factors along rows and columns, and the profile along the rows."""
        config = self.config
        # Few different ones, so that their maps are made once.
        factors = np.linspace(config.factor_low, config.factor_high, _FACTORS)
        thick = float(rng.choice(factors))
        profile = str(rng.choice(("box", "gaussian"))) if config.profile == "any" else config.profile
        if rng.random() >= config.in_plane_share:
            return thick, 1.0, profile
        fine = np.linspace(1.0, config.in_plane_factor, _FACTORS)[1:]
        within = float(rng.choice(fine))
        way = rng.integers(4)
        if way == 0:
            return within, 1.0, "kspace"
        return (within, within, "kspace") if way < 3 else (thick, within, profile)


def stated_profile(config: Any) -> str:
    """Return the slice profile that the card of a model trained with a `Resolution` states."""
    return "gaussian" if config.profile == "any" else config.profile


class CTLowDoseDegradation:
    """Noise of a lower dose with the spectrum of filtered back-projection; see `degrade.ct_surrogate`."""

    def __init__(self, config: Any, scaling: Any = None) -> None:
        """Keep the `CTLowDose` configuration; `scaling` (a `ScalingConfig`) says what a HU is in a patch."""
        self.config = config
        low, high = (getattr(scaling, name, None) for name in ("low", "high"))
        self.range = (_CT_RANGE[1] if high is None else high) - (_CT_RANGE[0] if low is None else low)

    def apply(self, patch: np.ndarray, rng: np.random.Generator, level: float | None = None) -> np.ndarray:
        """Return the noisy patch; `level` is the share of the dose, for the middle body, voxel and kernel."""
        config = self.config
        if level is None:
            dose = _draw_logarithmic(config.dose_low, config.dose_high, rng)
            kernel = rng.choice(("soft", "sharp")) if config.kernel == "any" else config.kernel
            diameter = rng.uniform(config.diameter_low, config.diameter_high)
            voxel = rng.uniform(config.voxel_low, config.voxel_high)
            elongation, direction = rng.uniform(0.0, config.elongation), rng.uniform(0.0, np.pi)
        else:
            dose, elongation, direction = level, 0.0, 0.0
            kernel = "soft" if config.kernel == "any" else config.kernel
            diameter = (config.diameter_low + config.diameter_high) / 2
            voxel = (config.voxel_low + config.voxel_high) / 2
        scan = LowDose(float(dose), config.photons, kernel=str(kernel))
        if level is None and config.white_share > 0 and rng.random() < config.white_share:
            noise = rng.standard_normal(patch.shape, dtype=np.float32)
            noise *= np.float32(noise_sigma(diameter, scan, voxel))
        else:
            noise = add_low_dose_field(
                np.zeros_like(patch), (voxel, voxel), scan, diameter, rng, elongation, direction
            )
        noise *= np.float32(1.0 / self.range)
        noise += patch
        return noise

    def levels(self) -> tuple[float, ...]:
        """Return three shares of the dose, large to small."""
        low, high = self.config.dose_low, self.config.dose_high
        return _distinct((high, round((low * high) ** 0.5, 3), low))


class USSpeckleDegradation:
    """Speckle of random looks, frequency and attenuation; see `degrade.ultrasound`."""

    def __init__(self, config: Any) -> None:
        """Keep the `USSpeckle` configuration."""
        self.config = config

    def apply(self, patch: np.ndarray, rng: np.random.Generator, level: float | None = None) -> np.ndarray:
        """Return the patch, taken for brightness 0..1, with speckle; `level` is the number of looks."""
        config, voxel = self.config, self.config.voxel
        if level is None:
            if config.clean_share > 0 and rng.random() < config.clean_share:
                return np.clip(patch, 0.0, 1.0)
            if config.voxel_high is not None:
                voxel = _draw_logarithmic(voxel, config.voxel_high, rng)
            looks = round(_draw_logarithmic(config.looks_low, config.looks_high, rng))
            frequency = rng.uniform(config.frequency_low, config.frequency_high)
            coefficient = rng.uniform(0.0, config.attenuation)
            f_number, dynamic_range = self._draw_display(rng)
        else:
            looks, coefficient = round(level), 0.0
            frequency = (config.frequency_low + config.frequency_high) / 2
            f_number, dynamic_range = (config.f_number_low + config.f_number_high) / 2, config.dynamic_range
        psf = tuple(width / voxel for width in beam_widths(frequency, f_number=f_number))
        loss = attenuation_per_voxel(coefficient, frequency, voxel)
        return add_speckle(patch, psf, looks, rng, dynamic_range, loss)

    def _draw_display(self, rng: np.random.Generator) -> tuple[float, float]:
        config = self.config
        f_number, dynamic_range = config.f_number_low, config.dynamic_range
        # What does not matter is not drawn: older recipes see the speckle that they always saw.
        if config.f_number_high > f_number:
            f_number = rng.uniform(f_number, config.f_number_high)
        if config.dynamic_range_high is not None:
            dynamic_range = _draw_logarithmic(dynamic_range, config.dynamic_range_high, rng)
        return f_number, dynamic_range

    def levels(self) -> tuple[float, ...]:
        """Return up to three numbers of looks, many to few."""
        low, high = self.config.looks_low, self.config.looks_high
        return _distinct((high, round((low * high) ** 0.5), low))


DEGRADATIONS = {
    "mr-noise": MRNoiseDegradation,
    "mr-truncation": MRTruncationDegradation,
    "mr-motion": MRMotionDegradation,
    "thick-slices": ThickSlicesDegradation,
    "resolution": ResolutionDegradation,
    "ct-low-dose": CTLowDoseDegradation,
    "us-speckle": USSpeckleDegradation,
}


def make_degradation(config: Any, scaling: Any = None) -> Degradation:
    """Return the degradation of a configuration.

    Args:
        config: one of the degradations of the run's configuration.
        scaling: the run's `ScalingConfig`. CT noise is in HU and needs its `low` and `high`; without it those
            of the scaling ct-window are taken.

    Raises:
        OptionError: unknown kind.
    """
    if config.kind not in DEGRADATIONS:
        raise OptionError(
            f"The degradation is '{config.kind}', but must be one of: {', '.join(DEGRADATIONS)}."
        )
    kind = DEGRADATIONS[config.kind]
    return kind(config, scaling) if kind is CTLowDoseDegradation else kind(config)


def _draw_phase(rng: np.random.Generator) -> float:
    return float(rng.integers(4)) / 4


def _draw_logarithmic(low: float, high: float, rng: np.random.Generator) -> float:
    return np.exp(rng.uniform(np.log(low), np.log(high)))


def _distinct(levels: Any) -> tuple[float, ...]:
    """Return the levels as numbers, in their order, each once."""
    return tuple(dict.fromkeys(float(level) for level in levels))
