"""A volume that patches are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.intensity import FittedScaling, fit_scaling
from GANEnhanceLib.volume import Volume


@dataclass(frozen=True)
class TrainingVolume:
    """Voxels (k, j, i) in their own values (an array or a memory map), and how they are scaled.

    `axis` is the array axis that slices were acquired along; `patient` keeps people apart; `weight` is the
    share of the set that the volume belongs to.
    """

    voxels: np.ndarray
    modality: str
    scaling: FittedScaling
    axis: int = 0
    patient: str = ""
    name: str = ""
    weight: float = 1.0

    @classmethod
    def from_volume(
        cls,
        volume: Volume,
        scaling: dict,
        modality: str | None = None,
        patient: str = "",
        weight: float = 1.0,
    ) -> TrainingVolume:
        """Hold a volume; `scaling` is a card's, fitted to the volume here."""
        kind = volume.modality or modality
        fitted = fit_scaling(scaling, volume.voxels)
        axis = volume.acquisition_axis
        return cls(volume.voxels, kind, fitted, axis, patient or volume.name, volume.name, weight)
