"""What is done to clean patches to make the inputs; formulas and sources are in `GANEnhanceLib.degrade`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from GANEnhanceLib.training.config.base import Strict

Percent = Annotated[float, Field(gt=0.0, le=100.0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


def _check_rising(low: str, high: str, values: Strict) -> None:
    lowest, highest = getattr(values, low), getattr(values, high)
    if lowest > highest:
        raise ValueError(f"{low} is {lowest:g}, above {high}, {highest:g}")


class _NoiseLevels(Strict):
    percent_low: Percent = 0.3
    """Lowest level of the logarithmic draw, percent of the reference intensity."""
    percent_high: Percent = 13.0
    """Highest level."""
    uniform_share: Share = 0.5
    """Share of patches whose level is drawn uniformly instead of logarithmically."""

    @model_validator(mode="after")
    def _rising(self) -> _NoiseLevels:
        _check_rising("percent_low", "percent_high", self)
        return self


class MRNoise(_NoiseLevels):
    """Noise of magnitude images: Rician with one coil, non-central chi with more."""

    kind: Literal["mr-noise"]
    coils: Annotated[int, Field(ge=1, le=64)] = 1
    """Largest number of coils; it is drawn for each patch."""
    coil_share: Share = 1.0
    """Share of the patches whose number of coils is drawn; the others have one."""
    correlated_share: Share = 0.15
    """Share of patches whose noise is smoothed in the slice plane."""
    varying_share: Share = 0.2
    """Share of patches whose noise level varies in space."""


class MRTruncation(Strict):
    """Missing outer k-space: coarser detail and Gibbs ringing."""

    kind: Literal["mr-truncation"]
    kept_low: Annotated[float, Field(ge=0.05, le=1.0)] = 0.5
    """Smallest share of k-space lines that is kept; it is drawn for each axis of a patch, up to all."""
    share: Share = 1.0
    """Share of the patches."""


class MRMotion(Strict):
    """Motion and ghosting (TorchIO), within the slices: a patch is too thin for more."""

    kind: Literal["mr-motion"]
    degrees: Annotated[float, Field(ge=0.0, le=30.0)] = 5.0
    """Largest rotation between parts of k-space."""
    translation: Annotated[float, Field(ge=0.0, le=50.0)] = 5.0
    """Largest shift, voxels."""
    movements: Annotated[int, Field(ge=1, le=20)] = 3
    """Largest number of movements."""
    ghost_share: Share = 0.3
    """Share of the spoiled patches that get ghosts, as pulsation makes them, instead of motion."""
    ghost_strength: Share = 0.5
    """Largest strength of ghosts: the share by which lines of k-space are weakened."""
    share: Share = 0.3
    """Share of the patches."""


class ThickSlices(Strict):
    """Fewer, thicker slices: averaged, shown on the fine grid."""

    kind: Literal["thick-slices"]
    factor_low: Annotated[int, Field(ge=1, le=16)] = 2
    """Smallest thickness in fine slices."""
    factor_high: Annotated[int, Field(ge=1, le=16)] = 4
    """Largest."""
    along: Literal["slices", "rows"] = "slices"
    """slices: along the axis that slices are taken along, for 2.5d and 3d. rows: across the rows of each
    slice,
    as where slices are cut across the thick ones; the way for 2d."""

    @model_validator(mode="after")
    def _rising(self) -> ThickSlices:
        _check_rising("factor_low", "factor_high", self)
        return self


class Resolution(Strict):
    """Measured on a coarser grid and interpolated back as the engine does it: for super-resolution.

    Rows become thick, as where slices are cut across the thick ones of an acquisition; the engine turns its
    slices so. The card of the model states these factors and the profile.
    """

    kind: Literal["resolution"]
    factor_low: Annotated[float, Field(ge=1.1, le=16.0)] = 2.0
    """Smallest thickness of a coarse voxel in fine ones, not only whole numbers."""
    factor_high: Annotated[float, Field(ge=1.1, le=16.0)] = 4.0
    """Largest."""
    profile: Literal["any", "box", "gaussian"] = "any"
    """Slice profile; any draws one for each patch, and the card states the Gaussian, which is between."""
    in_plane_share: Share = 0.0
    """Share of patches that are coarse as within slices, where k-space ends early: along the rows, the
    columns or both, some with thick rows too. 0: the model refines through the plane only."""
    in_plane_factor: Annotated[float, Field(ge=1.1, le=16.0)] = 2.0
    """Largest factor of that."""
    percent_high: Annotated[float, Field(ge=0.0, le=30.0)] = 2.0
    """Largest level of Rician noise in the coarse voxels, percent of the reference intensity; drawn for each
    patch from 0 on."""

    @model_validator(mode="after")
    def _rising(self) -> Resolution:
        _check_rising("factor_low", "factor_high", self)
        return self


class CTLowDose(Strict):
    """Low dose: noise in HU with the power spectrum of filtered back-projection."""

    kind: Literal["ct-low-dose"]
    dose_low: Annotated[float, Field(gt=0.0, le=1.0)] = 0.1
    """Smallest share of the full dose."""
    dose_high: Annotated[float, Field(gt=0.0, le=1.0)] = 0.5
    """Largest share."""
    photons: Annotated[float, Field(gt=1.0)] = 2.0e5
    """Photons that a detector element of 0.6 mm counts in one of 720 views at full dose, in air."""
    kernel: Literal["soft", "sharp", "any"] = "any"
    """Reconstruction kernel, which sets the noise power spectrum; any draws one for each patch."""
    diameter_low: Annotated[float, Field(ge=50.0, le=600.0)] = 200.0
    """Smallest body, as the diameter of a water cylinder, mm: a patch does not show what surrounds it."""
    diameter_high: Annotated[float, Field(ge=50.0, le=600.0)] = 320.0
    """Largest body, mm."""
    voxel_low: Annotated[float, Field(ge=0.1, le=5.0)] = 0.5
    """Smallest voxel, mm; it is drawn for each patch and sets how coarse the noise is."""
    voxel_high: Annotated[float, Field(ge=0.1, le=5.0)] = 1.0
    """Largest voxel, mm."""
    elongation: Annotated[float, Field(ge=0.0, le=3.0)] = 0.8
    """Largest logarithm of the ratio of noise along and across a body that is not round: streaks."""
    white_share: Share = 0.0
    """Share of patches whose noise is white, of the same deviation, as of slices that were resampled by their
    nearest voxels or spoiled by a computer."""

    @model_validator(mode="after")
    def _rising(self) -> CTLowDose:
        for name in ("dose", "diameter", "voxel"):
            _check_rising(f"{name}_low", f"{name}_high", self)
        return self


class USSpeckle(Strict):
    """Fully developed speckle with the beam's point-spread function, log-compressed.

    Depth runs along the rows' axis: leave `data.patches.turns` off.
    """

    kind: Literal["us-speckle"]
    looks_low: Annotated[int, Field(ge=1, le=64)] = 1
    """Smallest number of looks; more looks, less speckle."""
    looks_high: Annotated[int, Field(ge=1, le=64)] = 8
    """Largest; each look takes time."""
    dynamic_range: Annotated[float, Field(gt=10.0, le=120.0)] = 60.0
    """Of the display, dB."""
    dynamic_range_high: Annotated[float | None, Field(gt=10.0, le=200.0)] = None
    """Drawn from `dynamic_range` to this; null: always that. Displays with a curve of grays that flattens
    speckle look like a wide range."""
    f_number_low: Annotated[float, Field(ge=0.5, le=10.0)] = 3.0
    """Smallest depth of the focus over the width of the aperture: how much wider speckle is than high."""
    f_number_high: Annotated[float, Field(ge=0.5, le=10.0)] = 3.0
    """Largest."""
    attenuation: Annotated[float, Field(ge=0.0, le=3.0)] = 0.1
    """Largest attenuation that time gain compensation leaves, dB a cm and MHz."""
    frequency_low: Annotated[float, Field(ge=1.0, le=50.0)] = 3.0
    """Lowest frequency, MHz: with the voxel size it gives the size of the speckle."""
    frequency_high: Annotated[float, Field(ge=1.0, le=50.0)] = 8.0
    """Highest frequency, MHz."""
    voxel: Annotated[float, Field(ge=0.01, le=5.0)] = 0.2
    """Spacing of the voxels that is assumed, mm."""
    voxel_high: Annotated[float | None, Field(ge=0.01, le=5.0)] = None
    """Drawn logarithmically from `voxel` to this for each patch; null: always that. The finer the voxels of a
    display, the more of them a speckle covers."""
    clean_share: Share = 0.0
    """Share of the patches that stay without speckle, so that clean images are left alone."""

    @model_validator(mode="after")
    def _rising(self) -> USSpeckle:
        for name in ("looks", "frequency", "f_number"):
            _check_rising(f"{name}_low", f"{name}_high", self)
        for name in ("dynamic_range", "voxel"):
            if getattr(self, f"{name}_high") is not None:
                _check_rising(name, f"{name}_high", self)
        return self


DegradationConfig = Annotated[
    MRNoise | MRTruncation | MRMotion | ThickSlices | Resolution | CTLowDose | USSpeckle,
    Field(discriminator="kind"),
]
