"""The cases that a run is judged by: slices of volumes that it does not learn from, at fixed levels.

What is made worse is made worse with a fixed seed, so that all judgments, of all runs, see the same voxels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from GANEnhanceLib.inference import VolumeFacts
from GANEnhanceLib.inference.boxes import Box, inside
from GANEnhanceLib.inference.task import crop_volume
from GANEnhanceLib.intensity import FittedScaling, fit_scaling
from GANEnhanceLib.metrics import fit_to_noise
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.data.build import NEW_VALUES
from GANEnhanceLib.training.data.degraded import Degradation, make_degradation
from GANEnhanceLib.training.data.volumes import HeldOutVolume
from GANEnhanceLib.volume import Volume

_DEEP_MARGIN = 8
"""Slices that are read on each side of those that are judged, by networks in 3-D."""


@dataclass(frozen=True, eq=False)
class Case:
    """Slices of one volume: what comes in, and what should come out.

    Attributes:
        name, patient: of the volume; they stay in the run's folder.
        level: of the first degradation, in its unit; None for images as they are.
        given: float32 in value units, with the neighbors of the slices that are judged.
        scaling: of `given`.
        box: voxels (k, j, i) of `given` that are judged.
        axis: array axis of the slices.
        wanted: voxels of the box in value units of the target; None without a reference.
        wanted_scaling: of `wanted`; 0..1 of it is the data range.
        channels: all input volumes in the order of the network's channels, where there are several.
        channel_scalings: theirs.
        has_new_values: the target has values of its own, as another contrast has, and not those of the input.
    """

    name: str
    patient: str
    level: float | None
    given: Volume
    scaling: FittedScaling
    box: Box
    axis: int
    wanted: np.ndarray | None
    wanted_scaling: FittedScaling
    channels: tuple[Volume, ...] = ()
    channel_scalings: tuple[FittedScaling, ...] = ()
    has_new_values: bool = False

    @cached_property
    def facts(self) -> VolumeFacts:
        """What the engine would find out again each time."""
        return VolumeFacts(self.given)

    @property
    def input(self) -> np.ndarray:
        """The judged voxels as they came in, in value units of the target."""
        return self.in_units_of_target(self.given.voxels[self.box])

    @property
    def data_range(self) -> float:
        """Values from 0 to 1 of the target's scaling: full scale of PSNR and SSIM."""
        return self.wanted_scaling.high - self.wanted_scaling.low

    def in_units_of_target(self, voxels: np.ndarray) -> np.ndarray:
        """Return voxels of the input's values as the target's; the same but for translations."""
        if not self.has_new_values:
            return voxels
        return self.wanted_scaling.inverse(self.scaling.forward(voxels))


def make_cases(config: RunConfig, volumes: list[HeldOutVolume], margin: int = 0) -> list[Case]:
    """Return the cases of a run with pairs or clean volumes, weak degradations before strong ones.

    `margin` slices at least come in on each side of those that are judged, where there are so many.
    """
    if config.data.kind == "paired":
        return [_pair_case(volume, config, margin) for volume in volumes[: config.validation.volumes]]
    return _degraded_cases(config, volumes, margin)


def _degraded_cases(config: RunConfig, volumes: list[HeldOutVolume], margin: int) -> list[Case]:
    degradations = [make_degradation(each, config.scaling) for each in config.degradations]
    return [
        _degraded_case(volume, config, degradations, levels, number, margin)
        for volume in volumes[: config.validation.volumes]
        for number, levels in enumerate(choose_levels(config, degradations))
    ]


def make_unpaired_cases(config: RunConfig, volumes: list[HeldOutVolume]) -> list[Case]:
    """Return the cases of a run without pairs: volumes of the set a, with those of b where they fit.

    Where a volume of b shows the same patient on the same grid it is the reference; where degradations make
    the set a from clean volumes, these are, at fixed levels.
    """
    if config.degradations:
        return _degraded_cases(config, [each for each in volumes if each.group == "a"], 0)
    others = [volume for volume in volumes if volume.group == "b"]
    cases = []
    for volume in [each for each in volumes if each.group == "a"][: config.validation.volumes]:
        block, box, axis = middle_part(volume.target, config)
        given = as_float(crop_volume(volume.target, block), config)
        match = next((other for other in others if _belongs_to(other, volume)), None)
        wanted = None if match is None else voxels_of(match.target, block, box)
        scaling = volume.scaling
        cases.append(Case(volume.name, volume.patient, None, given, scaling, box, axis, wanted, scaling))
    return cases


def slices_of_case(case: Case, voxels: np.ndarray) -> np.ndarray:
    """Return voxels of the box with the slices first, (s, u, v)."""
    return np.moveaxis(voxels, case.axis, 0)


def plane_spacing(case: Case) -> tuple[float, float]:
    """Return the spacing in mm of the rows and columns of the slices."""
    spacing = case.given.spacing[::-1]
    return tuple(spacing[axis] for axis in range(3) if axis != case.axis)


def choose_levels(config: RunConfig, degradations: list[Degradation]) -> list[tuple[float, ...]]:
    """Return for each case of a volume the level of every degradation.

    The configuration's levels are those of the first one, and the others then have their middle level;
    without, all go from weak to strong together.
    """
    own = [each.levels() for each in degradations]
    if config.validation.levels:
        middle = tuple(levels[len(levels) // 2] for levels in own[1:])
        return [(level, *middle) for level in config.validation.levels]
    count = max(len(levels) for levels in own)
    return [tuple(levels[min(number, len(levels) - 1)] for levels in own) for number in range(count)]


def _pair_case(volume: HeldOutVolume, config: RunConfig, margin: int) -> Case:
    block, box, axis = middle_part(volume.given, config, margin)
    spec = config.scaling.model_dump(exclude_none=True)
    given_scaling = fit_to_noise(spec, volume.given.voxels)
    case = Case(
        volume.name,
        volume.patient,
        None,
        as_float(crop_volume(volume.given, block), config),
        given_scaling,
        box,
        axis,
        voxels_of(volume.target, block, box),
        volume.scaling,
        has_new_values=config.task in NEW_VALUES,
    )
    if len(volume.inputs) == 1:
        return case
    return replace(
        case,
        channels=tuple(as_float(crop_volume(each, block), config) for each in volume.inputs.values()),
        channel_scalings=tuple(fit_to_noise(spec, each.voxels) for each in volume.inputs.values()),
    )


def _degraded_case(
    volume: HeldOutVolume,
    config: RunConfig,
    degradations: list[Degradation],
    levels: tuple[float, ...],
    number: int,
    margin: int,
) -> Case:
    block, box, axis = middle_part(volume.target, config, margin)
    clean = crop_volume(volume.target, block)
    planes = volume.scaling.forward(np.moveaxis(clean.voxels, axis, 0))
    rng = np.random.default_rng(number)
    for degradation, level in zip(degradations, levels, strict=True):
        planes = degradation.apply(planes, rng, level).astype(np.float32)
    voxels = np.ascontiguousarray(np.moveaxis(volume.scaling.inverse(planes), 0, axis))
    return Case(
        volume.name,
        volume.patient,
        levels[0],
        as_float(clean.with_voxels(voxels), config),
        _scaling_of_degraded(volume, clean.voxels, voxels, config),
        box,
        axis,
        voxels_of(volume.target, block, box),
        volume.scaling,
    )


def _scaling_of_degraded(
    volume: HeldOutVolume, clean: np.ndarray, degraded: np.ndarray, config: RunConfig
) -> FittedScaling:
    """Return the scaling that the engine would fit to the whole volume, had it been degraded.

    Noise raises a percentile; by how much is measured on the slices that were degraded. In units of noise
    these slices tell for all.
    """
    spec = config.scaling.model_dump(exclude_none=True)
    if config.scaling.noise is not None:
        return fit_to_noise(spec, degraded)
    raised = fit_scaling(spec, degraded).high / fit_scaling(spec, clean).high
    return replace(volume.scaling, high=volume.scaling.high * raised)


def middle_part(volume: Volume, config: RunConfig, least: int = 0) -> tuple[Box, Box, int]:
    """Return the block that is read, the box in it that is judged, and the axis of the slices.

    At least `least` slices are read on each side, where there are so many.
    """
    axis, patches = volume.acquisition_axis, config.data.patches
    margin = max(least, {"2d": 0, "2.5d": patches.slices // 2, "3d": _DEEP_MARGIN}[patches.dimensions])
    depth = volume.shape[axis]
    count = min(config.validation.slices, depth)
    first = (depth - count) // 2
    judged = slice(first, first + count)
    read = slice(max(0, first - margin), min(depth, first + count + margin))
    block = tuple(read if each == axis else slice(0, size) for each, size in enumerate(volume.shape))
    box = tuple(judged if each == axis else slice(0, size) for each, size in enumerate(volume.shape))
    return block, inside(box, block), axis


def voxels_of(volume: Volume, block: Box, box: Box) -> np.ndarray:
    """Return the voxels of a box (k, j, i) within a block of a volume, float32 in value units."""
    return np.asarray(volume.voxels[block][box], dtype=np.float32)


def as_float(volume: Volume, config: RunConfig) -> Volume:
    """Return the volume as float32, of the modality that the model is for: a card refuses others."""
    return Volume(
        np.asarray(volume.voxels, dtype=np.float32), volume.ijk_to_ras, config.modality, volume.name
    )


def _belongs_to(other: HeldOutVolume, volume: HeldOutVolume) -> bool:
    one, two = other.target, volume.target
    return (
        other.patient == volume.patient
        and one.shape == two.shape
        and bool(np.allclose(one.ijk_to_ras, two.ijk_to_ras, atol=1e-3))
    )
