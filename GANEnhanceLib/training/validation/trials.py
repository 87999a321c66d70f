"""What the engine is given, and what it should make of it, for figures of the result that users get.

The judge looks at a network on one grid, whose input it makes coarse and interpolates itself. In use the
engine interpolates, passes a volume in several directions and brings the result back to the data; so here
super-resolution is given coarse volumes, and a model that passes along three axes enough slices. The noise
of patches of CT has one strength and one spectrum everywhere, that of a scan has not; so low dose is given
the noise of a scan, by projection.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.degrade.mr import add_noncentral_chi_noise
from GANEnhanceLib.degrade.projection import KERNELS
from GANEnhanceLib.degrade.registry import degrade_volume, read_options
from GANEnhanceLib.finer.grid import Grid
from GANEnhanceLib.finer.lattice import Lattice
from GANEnhanceLib.inference import EnhanceOptions, EnhanceResult, run
from GANEnhanceLib.inference.boxes import Box
from GANEnhanceLib.inference.task import crop_volume
from GANEnhanceLib.intensity import FittedScaling
from GANEnhanceLib.metrics import foreground
from GANEnhanceLib.models.model import Model
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.config.degradation import CTLowDose, Resolution
from GANEnhanceLib.training.data.degraded import make_degradation, stated_profile
from GANEnhanceLib.training.data.volumes import HeldOutVolume
from GANEnhanceLib.training.validation.cases import Case, as_float, make_cases, middle_part, voxels_of
from GANEnhanceLib.volume import Volume

_ACROSS = 16
"""Slices that are given on each side of those that are compared, where a model is passed across them too."""


@dataclass(frozen=True, eq=False)
class Trial:
    """One run of the engine, and its truth.

    Attributes:
        patient: of the volume.
        level: of what was done to it, in words.
        given: what the engine gets, value units.
        scaling: to be used.
        options: of the run, beside how it is computed.
        wanted: voxels (k, j, i) that should come out, in value units.
        inside: which of them count.
        case: that the trial was made of; None for super-resolution and low dose.
        noise: standard deviation of what was added to the given voxels, value units; 0 with a case.
    """

    patient: str
    level: str
    given: Volume
    scaling: FittedScaling
    options: dict
    wanted: np.ndarray
    inside: np.ndarray
    case: Case | None = None
    noise: float = 0.0

    def run(self, model: Model, **more: object) -> EnhanceResult:
        """Enhance by the engine in float32; `more` are further options of the run."""
        options = EnhanceOptions(precision="float32", output_type="float32", **self.options, **more)
        return run(self.given, model, options, scaling=self.scaling, crop=True)


def make_trials(config: RunConfig, volumes: list[HeldOutVolume]) -> list[Trial]:
    """Return the trials of a run with pairs or clean volumes, weak degradations before strong ones."""
    chosen = volumes[: config.validation.volumes]
    learned = next((each for each in config.degradations if each.kind == "resolution"), None)
    if learned is not None:
        return [trial for volume in chosen for trial in _coarse_trials(volume, config, learned)]
    margin = _ACROSS if config.axis == "all" else 0
    if [each.kind for each in config.degradations] == ["ct-low-dose"] and config.data.kind != "paired":
        (dose,) = config.degradations
        return [trial for volume in chosen for trial in _scanned_trials(volume, config, dose, margin)]
    return [_of_case(case, config) for case in make_cases(config, volumes, margin)]


def _of_case(case: Case, config: RunConfig) -> Trial:
    kind = config.degradations[0].kind if config.degradations else ""
    level = "" if case.level is None else f"{kind} {case.level:g}"
    inside = foreground_or_all(case.wanted)
    return Trial(case.patient, level, case.given, case.scaling, _only(case.box), case.wanted, inside, case)


def _only(box: Box) -> dict:
    """Return the options of a run that changes a box (k, j, i) alone."""
    return {"roi": tuple((part.start, part.stop) for part in reversed(box))}


def _scanned_trials(
    volume: HeldOutVolume, config: RunConfig, learned: CTLowDose, margin: int
) -> Iterator[Trial]:
    """Yield one trial for each dose and kernel, with the noise that a scan of this body has."""
    block, box, _ = middle_part(volume.target, config, margin)
    clean = as_float(crop_volume(volume.target, block), config)
    wanted = voxels_of(volume.target, block, box)
    inside = foreground_or_all(wanted)
    doses = config.validation.levels or make_degradation(learned).levels()
    kernels = KERNELS if learned.kernel == "any" else (learned.kernel,)
    for number, (dose, kernel) in enumerate(itertools.product(doses, kernels)):
        texts = {"dose": str(dose), "photons": str(learned.photons), "kernel": kernel}
        given, _ = degrade_volume(clean, learned.kind, read_options(learned.kind, texts), number)
        added = float(np.sqrt(np.mean(np.square(given.voxels[box] - wanted)[inside])))
        level = f"{learned.kind} {dose:g}, {kernel}"
        yield Trial(volume.patient, level, given, volume.scaling, _only(box), wanted, inside, noise=added)


def _coarse_trials(volume: HeldOutVolume, config: RunConfig, learned: Resolution) -> Iterator[Trial]:
    """Yield one trial for each thickness of slices, and one of a coarser matrix if that was learned."""
    rng = np.random.default_rng(0)
    axis = volume.target.acquisition_axis
    slices, depth = config.validation.slices, volume.target.shape[axis]
    for factor in config.validation.levels or make_degradation(learned).levels():
        count = min(slices + 2, int(depth / factor))
        if count < 3:
            continue
        low, high = math.ceil(count * learned.factor_low), math.floor(count * learned.factor_high)
        block = _middle(volume.target, axis, min(max(round(count * factor), low), high))
        shape = tuple(count if each == axis else size for each, size in enumerate(block.shape))
        trial = _measured(volume, block, shape, config, learned, f"resolution {factor:g}", rng)
        # The slices at both ends lack a neighbor, which those within a volume have.
        rim = math.ceil(block.shape[axis] / count)
        ends = np.moveaxis(trial.inside, axis, 0)
        ends[:rim] = ends[-rim:] = False
        yield trial
    if learned.in_plane_share > 0:
        factor = learned.in_plane_factor
        block = _middle(volume.target, axis, min(slices, depth))
        shape = tuple(
            size if each == axis else math.ceil(size / factor) for each, size in enumerate(block.shape)
        )
        yield _measured(
            volume, block, shape, config, learned, f"resolution {factor:g} within slices", rng, factor
        )


def _measured(
    volume: HeldOutVolume,
    block: Volume,
    shape: tuple[int, int, int],
    config: RunConfig,
    learned: Resolution,
    level: str,
    rng: np.random.Generator,
    widened: float = 1.0,
) -> Trial:
    """Return the trial of a block that was measured on a grid of fewer voxels (k, j, i), with noise.

    Slices are said to be thicker than they are by `widened`, or they would lie along another axis.
    """
    axis = block.acquisition_axis
    profiles = {each: stated_profile(learned) if each == axis else "kspace" for each in range(3)}
    scaled = Lattice(shape, block.shape, profiles).sample(volume.scaling.forward(block.voxels))
    noise = np.float32(learned.percent_high / 200.0)
    scaled = add_noncentral_chi_noise(np.maximum(scaled, 0).astype(np.float32), noise, 1, rng)
    matrix = Grid.of(block).refined(shape).matrix
    matrix[:3, 2 - axis] *= widened
    voxels = volume.scaling.inverse(scaled).astype(np.float32)
    given = Volume(voxels, matrix, config.modality, block.name)
    factors = tuple(fine / few for fine, few in zip(block.shape, shape, strict=True))
    wanted = np.asarray(block.voxels, dtype=np.float32)
    options = {"scale": factors[::-1]}
    inside, added = foreground_or_all(wanted), float(noise) * (volume.scaling.high - volume.scaling.low)
    return Trial(volume.patient, level, given, volume.scaling, options, wanted, inside, noise=added)


def _middle(volume: Volume, axis: int, count: int) -> Volume:
    first = (volume.shape[axis] - count) // 2
    part = slice(first, first + count)
    box = tuple(part if each == axis else slice(0, size) for each, size in enumerate(volume.shape))
    return crop_volume(volume, box)


def foreground_or_all(wanted: np.ndarray) -> np.ndarray:
    """Return the mask (k, j, i) of the foreground of voxels in value units; of air alone all."""
    inside = foreground(wanted)
    if not inside.any():
        inside[...] = True
    return inside
