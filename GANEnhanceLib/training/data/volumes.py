"""Volumes and pairs of volumes that patches are drawn from, and whole volumes that a run is judged by."""

from __future__ import annotations

from collections.abc import Iterable
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


@dataclass(frozen=True)
class TrainingPair:
    """Volumes of one patient on one grid: an input for each channel, and what has to come out.

    `inputs` are (k, j, i) in their own values, in the order of the network's channels (see `channel_order`),
    with their `scalings`; `target` has `target_scaling`. `axis` and `weight` are as in `TrainingVolume`.
    """

    inputs: tuple[np.ndarray, ...]
    scalings: tuple[FittedScaling, ...]
    target: np.ndarray
    target_scaling: FittedScaling
    axis: int = 0
    patient: str = ""
    name: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class HeldOutVolume:
    """A whole volume that judges the run, never learned from.

    `target` is the clean volume, the target of a pair, or the real image itself; `inputs` are the volumes of
    a pair by channel, in the order of the network's channels, and empty for other data. `primary` names the
    channel that is enhanced. `scaling` is that of the target: for pairs the primary input's, unless the task
    is to translate. `group` is the set: "clean", "paired", "a", "b" or "real".
    """

    target: Volume
    inputs: dict[str, Volume]
    primary: str
    scaling: FittedScaling
    patient: str
    modality: str
    name: str
    group: str

    @property
    def given(self) -> Volume:
        """Return what the network enhances: the primary input of a pair, else the volume itself."""
        return self.inputs[self.primary] if self.inputs else self.target


def channel_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of input channels in the order in which a network is given them.

    Networks add their correction to the middle channel (index n // 2), so the first name, which is the image
    to be enhanced, comes there; the others keep their order around it.
    """
    first, *others = names
    middle = (len(others) + 1) // 2
    return (*others[:middle], first, *others[middle:])
