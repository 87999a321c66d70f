"""What is done to clean patches to make the inputs; formulas and sources are in `GANEnhanceLib.degrade`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from GANEnhanceLib.training.config.base import Strict

Percent = Annotated[float, Field(gt=0.0, le=100.0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _NoiseLevels(Strict):
    percent_low: Percent = 0.3
    """Lowest level of the logarithmic draw, percent of the reference intensity."""
    percent_high: Percent = 13.0
    """Highest level."""
    uniform_share: Share = 0.5
    """Share of patches whose level is drawn uniformly instead of logarithmically."""

    @model_validator(mode="after")
    def _rising(self):
        if self.percent_low > self.percent_high:
            raise ValueError(f"percent_low is {self.percent_low}, above percent_high, {self.percent_high}")
        return self


class MRNoise(_NoiseLevels):
    """Noise of magnitude images: Rician with one coil, non-central chi with more."""

    kind: Literal["mr-noise"]
    coils: Annotated[int, Field(ge=1, le=64)] = 1
    """Largest number of coils; it is drawn for each patch."""
    correlated_share: Share = 0.15
    """Share of patches whose noise is smoothed in the slice plane."""
    varying_share: Share = 0.2
    """Share of patches whose noise level varies in space."""


class MRTruncation(Strict):
    """Missing outer k-space: coarser detail and Gibbs ringing."""

    kind: Literal["mr-truncation"]
    kept_low: Annotated[float, Field(gt=0.05, le=1.0)] = 0.5
    """Smallest share of k-space lines that is kept."""
    share: Share = 1.0
    """Share of the patches."""


class MRMotion(Strict):
    """Motion and ghosting (TorchIO)."""

    kind: Literal["mr-motion"]
    degrees: Annotated[float, Field(ge=0.0, le=30.0)] = 5.0
    """Largest rotation between parts of k-space."""
    translation: Annotated[float, Field(ge=0.0, le=50.0)] = 5.0
    """Largest shift, mm."""
    share: Share = 0.3
    """Share of the patches."""


class ThickSlices(Strict):
    """Fewer, thicker slices: averaged along the axis that slices are taken along, shown on the fine grid."""

    kind: Literal["thick-slices"]
    factor_low: Annotated[int, Field(ge=1, le=16)] = 2
    """Smallest thickness in fine slices."""
    factor_high: Annotated[int, Field(ge=1, le=16)] = 4
    """Largest."""


class CTLowDose(Strict):
    """Low dose: correlated noise that grows with attenuation, in HU."""

    kind: Literal["ct-low-dose"]
    dose_low: Annotated[float, Field(gt=0.0, le=1.0)] = 0.1
    """Smallest share of the full dose."""
    dose_high: Annotated[float, Field(gt=0.0, le=1.0)] = 0.5
    """Largest share."""
    photons: Annotated[float, Field(gt=1.0)] = 2.0e5
    """Photons a detector element at full dose, in air."""
    kernel: Literal["soft", "sharp", "any"] = "any"
    """Reconstruction kernel, which sets the noise power spectrum."""


class USSpeckle(Strict):
    """Fully developed speckle with the beam's point-spread function, log-compressed."""

    kind: Literal["us-speckle"]
    looks_low: Annotated[float, Field(ge=1.0, le=64.0)] = 1.0
    """Smallest number of looks; more looks, less speckle."""
    looks_high: Annotated[float, Field(ge=1.0, le=64.0)] = 8.0
    """Largest."""
    dynamic_range: Annotated[float, Field(gt=10.0, le=120.0)] = 60.0
    """Of the display, dB."""
    attenuation: Annotated[float, Field(ge=0.0, le=3.0)] = 0.5
    """Largest attenuation that is left, dB a cm and MHz."""


DegradationConfig = Annotated[
    MRNoise | MRTruncation | MRMotion | ThickSlices | CTLowDose | USSpeckle, Field(discriminator="kind")
]
