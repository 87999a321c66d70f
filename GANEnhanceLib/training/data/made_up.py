"""What clean volumes are also shown as: blurred, and beside made-up ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter

from GANEnhanceLib.intensity import fit_scaling
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.config.data import CleanData
from GANEnhanceLib.training.data.leaves import dead_leaves
from GANEnhanceLib.training.data.volumes import TrainingVolume

_RANGES = {"MR": ((0.0, 1000.0),), "CT": ((-1000.0, 1000.0), (-200.0, 300.0)), "US": ((0.0, 255.0),)}
"""Values, those of the modality, that leaves of 0 and 1 get; of several ranges volumes take turns."""


def with_blurred(volume: TrainingVolume, blurs: Iterable[float]) -> list[TrainingVolume]:
    """Return a volume and its blurred copies, which share its weight evenly.

    `blurs` are standard deviations of a Gaussian along all axes, voxels. Copies are float32, but half as long
    where their volume has integers of 8 bits, which they keep within a thousandth.
    """
    blurs = tuple(blurs)
    dtype = np.float16 if volume.voxels.dtype.itemsize == 1 else np.float32
    voxels = [
        gaussian_filter(np.asarray(volume.voxels, np.float32), blur, mode="nearest").astype(dtype)
        for blur in blurs
    ]
    weight = volume.weight / (1 + len(blurs))
    copies = [
        replace(volume, voxels=each, name=f"{volume.name}, blurred by {blur:g}", weight=weight)
        for each, blur in zip(voxels, blurs, strict=True)
    ]
    return [replace(volume, weight=weight), *copies]


def add_made_up(volumes: list[TrainingVolume], data: CleanData, config: RunConfig) -> list[TrainingVolume]:
    """Return the volumes, and the dead leaves that the data ask for, in values of the run's modality."""
    leaves = data.leaves
    if leaves is None:
        return volumes
    made = []
    ranges = _RANGES[config.modality]
    for number in range(leaves.volumes):
        low, high = ranges[number % len(ranges)]
        voxels = low + (high - low) * dead_leaves(leaves.size, leaves.seed + number)
        scaling = fit_scaling(config.scaling.model_dump(exclude_none=True), voxels)
        volume = TrainingVolume(
            voxels.astype(np.float32),
            config.modality,
            scaling,
            patient="nobody",
            name=f"leaves {leaves.seed + number}",
            weight=leaves.weight / leaves.volumes,
        )
        made.extend(with_blurred(volume, leaves.blurred))
    return [*volumes, *made]
