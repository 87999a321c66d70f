"""From a checked configuration to the data of a run: found, split by patient, read, ready to draw from."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.intensity import FittedScaling, fit_scaling
from GANEnhanceLib.metrics import fit_to_noise
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.data.degraded import make_degradation
from GANEnhanceLib.training.data.fitting import check_fitting
from GANEnhanceLib.training.data.folders import FoundVolume, find_volumes
from GANEnhanceLib.training.data.imitated import RealSampler, UnpairedSampler
from GANEnhanceLib.training.data.made_up import add_made_up, with_blurred
from GANEnhanceLib.training.data.paired import PairedSampler
from GANEnhanceLib.training.data.pairs import check_pair, pair_up
from GANEnhanceLib.training.data.sampler import CleanSampler
from GANEnhanceLib.training.data.split import LeakGuard, Member, Split, split_patients
from GANEnhanceLib.training.data.store import StoredVolume, VolumeStore
from GANEnhanceLib.training.data.transform import describe_transform, load_transform
from GANEnhanceLib.training.data.volumes import HeldOutVolume, TrainingPair, TrainingVolume, channel_order
from GANEnhanceLib.training.images.image import Image
from GANEnhanceLib.training.sources import SOURCES

_log = logging.getLogger(__name__)

Sampler = CleanSampler | PairedSampler | UnpairedSampler | RealSampler

_TARGET = "target"
NEW_VALUES = ("translate", "synthesize")
"""Tasks whose output has values of its own, not those of the input."""
_MOST_BRIGHTER = 1.25
"""Noise raises the percentile of an input by less."""


@dataclass(frozen=True)
class TrainingData:
    """What a run learns from and is judged by.

    `sampler` draws batches; `validation_volumes` are whole; `test_patients` are neither learned from nor
    judged by. `provenance` has a dictionary for each volume: part, set, patient, name (below its folder),
    sha256 (of its files), voxels_sha256, size (i, j, k), spacing_mm, modality, and of public images source,
    title and licence. Names and patients are the user's own: they stay in the run's folder.
    """

    sampler: Sampler
    validation_volumes: list[HeldOutVolume]
    test_patients: tuple[str, ...]
    provenance: list[dict[str, Any]]


@dataclass(frozen=True)
class _Case:
    """Volumes that belong together: one, or a pair by the names of its sets."""

    group: str
    number: int
    members: dict[str, FoundVolume]
    weight: float

    @property
    def patient(self) -> str:
        return next(iter(self.members.values())).patient

    def set_of(self, member: str) -> str:
        """Return the place of a member's set in the configuration."""
        if self.group != "paired":
            return f"{self.group}.{self.number}"
        return member if member == _TARGET else f"inputs.{member}"


def build_data(config: RunConfig, folder: Path) -> TrainingData:
    """Find, check, split and read the data of a run.

    Args:
        config: of the run.
        folder: of public images and, below it, memory-mapped volumes.

    Raises:
        InputError: a volume cannot be found, read or learned from; pairs do not fit; there are too few
            patients; or a patient, file or image is in two parts. Nothing is left out silently.
        OptionError: networks and data do not suit each other, or a name is unknown.
        OutputError: the disk is full.
    """
    check_fitting(config)
    transform = load_transform(config.data.transform) if config.data.transform else None
    cases = _find_cases(config, Path(folder))
    everything = [found for case in cases for found in case.members.values()]
    split = _split(everything, config)
    guard = LeakGuard()
    for found in everything:
        guard.add(Member(split.part(found.patient), found.patient, str(found.path.resolve())))
    read, provenance = _read_all(cases, split, VolumeStore(Path(folder) / "volumes", config.data.memory))
    learned = [(case, stored) for case, stored in read if split.part(case.patient) == "training"]
    judged = [(case, stored) for case, stored in read if split.part(case.patient) == "validation"]
    sampler = _make_sampler(config, learned, transform)
    count = len(split.training)
    _log.info(
        "Data: %d patient%s to learn from, %d to be judged by, %d left out.",
        *(count, "" if count == 1 else "s", len(split.validation), len(split.test)),
    )
    if config.data.kind == "clean" and config.data.leaves is not None:
        provenance.append({"leaves": config.data.leaves.model_dump(mode="json")})
    if config.data.transform:
        provenance.append(describe_transform(config.data.transform))
    return TrainingData(sampler, [_hold_out(*each, config) for each in judged], split.test, provenance)


def hold_out(config: RunConfig, folder: Path, part: str = "validation") -> list[HeldOutVolume]:
    """Read the whole volumes of one part alone: "validation", or "test", which no run has looked at.

    Raises:
        InputError, OptionError: as in `build_data`.
    """
    cases = _find_cases(config, Path(folder))
    everything = [found for case in cases for found in case.members.values()]
    split = _split(everything, config)
    store = VolumeStore(Path(folder) / "volumes", config.data.memory)
    chosen = [case for case in cases if split.part(case.patient) == part]
    return [
        _hold_out(case, {name: store.load(found) for name, found in case.members.items()}, config)
        for case in chosen
    ]


def _split(everything: list[FoundVolume], config: RunConfig) -> Split:
    kept = {
        part: {found.patient for found in everything if found.part == part} for part in ("validation", "test")
    }
    return split_patients(
        (found.patient for found in everything), config.data.split, kept["validation"], kept["test"]
    )


def _find_cases(config: RunConfig, folder: Path) -> list[_Case]:
    data = config.data
    if data.kind == "paired":
        names = channel_order(data.inputs)
        sets = {name: find_volumes(data.inputs[name], folder) for name in names}
        if _TARGET in sets:
            raise InputError("An input is named 'target'.", "Give it another name under data.inputs.")
        sets[_TARGET] = find_volumes(data.target, folder)
        return [_Case("paired", 0, members, data.target.weight) for members in pair_up(sets)]
    groups = {name: getattr(data, name) for name in {"unpaired": ("a", "b")}.get(data.kind, (data.kind,))}
    return [
        _Case(group, number, {"image": found}, volumes.weight)
        for group, sets in groups.items()
        for number, volumes in enumerate(sets)
        for found in find_volumes(volumes, folder)
    ]


def _read_all(
    cases: list[_Case], split: Split, store: VolumeStore
) -> tuple[list[tuple[_Case, dict[str, StoredVolume]]], list[dict[str, Any]]]:
    """Read all volumes and describe them; those of the test part are let go of again.

    They are read at all because a copy of another image among them would go unnoticed otherwise.
    """
    read, described, guard = [], [], LeakGuard()
    for case in cases:
        part = split.part(case.patient)
        stored = {name: store.load(found, part != "test") for name, found in case.members.items()}
        check_pair(stored)
        for member, each in stored.items():
            guard.add(Member(part, each.found.patient, str(each.found.path), each.content))
            described.append(_describe(case, member, each, part))
        if part != "test":
            read.append((case, stored))
    return read, described


def _make_sampler(
    config: RunConfig, learned: list[tuple[_Case, dict[str, StoredVolume]]], transform: Callable | None
) -> Sampler:
    data, seed = config.data, config.seed
    counts: dict[tuple[str, int], int] = {}
    for case, _ in learned:
        counts[case.group, case.number] = counts.get((case.group, case.number), 0) + 1
    shares = [case.weight / counts[case.group, case.number] for case, _ in learned]
    if data.kind == "paired":
        pairs = [_make_pair(*each, config, share) for each, share in zip(learned, shares, strict=True)]
        return PairedSampler(pairs, data.patches, seed, transform)
    degradations = [make_degradation(each, config.scaling) for each in config.degradations]
    groups: dict[str, list[TrainingVolume]] = {}
    for (case, stored), share in zip(learned, shares, strict=True):
        volume = _make_volume(stored["image"], config, share)
        blurs = data.clean[case.number].blurred if data.kind == "clean" else ()
        groups.setdefault(case.group, []).extend(with_blurred(volume, blurs))
    if data.kind == "unpaired":
        for name in ("a", "b"):
            if name not in groups:
                raise InputError(
                    f"No volume of data.{name} is left to learn from: its patients judge the run or are left"
                    " out.",
                    "Add patients, or train unjudged with data.split.validation=0.",
                )
        if degradations:
            _refuse_hidden_pairs(groups["a"], groups["b"])
        return UnpairedSampler(groups["a"], groups["b"], data.patches, seed, degradations, transform)
    if data.kind == "real":
        return RealSampler(groups["real"], data.patches, seed, transform)
    volumes = add_made_up(groups["clean"], data, config)
    return CleanSampler(volumes, data.patches, degradations, seed, transform, config.scaling.noise)


def _refuse_hidden_pairs(noisy: list[TrainingVolume], clean: list[TrainingVolume]) -> None:
    both = sorted({volume.patient for volume in noisy} & {volume.patient for volume in clean})
    if both:
        raise InputError(
            f"Patient '{both[0]}' is in data.a, which the degradations make worse, and in data.b: that would"
            " be learning from pairs.",
            "Put each patient into one of the two sets, or learn from data of kind clean.",
        )


def _make_volume(stored: StoredVolume, config: RunConfig, share: float) -> TrainingVolume:
    volume, found = stored.volume, stored.found
    modality = stored.modality or config.modality
    scaling, axis = _fit(stored, config), volume.acquisition_axis
    return TrainingVolume(volume.voxels, modality, scaling, axis, found.patient, found.name, share)


def _make_pair(case: _Case, stored: dict[str, StoredVolume], config: RunConfig, share: float) -> TrainingPair:
    _warn_of_brightness(stored, config)
    inputs = [each for name, each in stored.items() if name != _TARGET]
    scalings = tuple(_fit(each, config, by_noise=True) for each in inputs)
    target = stored[_TARGET]
    return TrainingPair(
        tuple(each.volume.voxels for each in inputs),
        scalings,
        target.volume.voxels,
        _target_scaling(stored, config, by_noise=True),
        target.volume.acquisition_axis,
        case.patient,
        target.found.name,
        share,
    )


def _hold_out(case: _Case, stored: dict[str, StoredVolume], config: RunConfig) -> HeldOutVolume:
    target = stored.get(_TARGET) or stored["image"]
    inputs = {name: each.volume for name, each in stored.items() if name != _TARGET}
    paired = case.group == "paired"
    return HeldOutVolume(
        target.volume,
        inputs if paired else {},
        next(iter(config.data.inputs)) if paired else "",
        _target_scaling(stored, config) if paired else _fit(target, config),
        case.patient,
        target.modality or config.modality,
        target.found.name,
        case.group,
    )


def _target_scaling(
    stored: dict[str, StoredVolume], config: RunConfig, by_noise: bool = False
) -> FittedScaling:
    """Return how the target of a pair is scaled.

    An enhanced image keeps the values of its input, so the primary input's scaling is taken: fitted to the
    target, the noise that raises the percentile of the input would come back as a change of brightness. An
    image that is translated into another contrast has values of its own, whatever the noise.
    """
    own = config.task in NEW_VALUES
    return _fit(stored[_TARGET if own else next(iter(config.data.inputs))], config, by_noise and not own)


def _warn_of_brightness(stored: dict[str, StoredVolume], config: RunConfig) -> None:
    """Tell of a pair whose target would teach a change of brightness, as another receiver gain does."""
    primary, target = stored[next(iter(config.data.inputs))], stored[_TARGET]
    ratio = _fit(target, config).high / _fit(primary, config).high
    if config.task in NEW_VALUES or 1 / _MOST_BRIGHTER < ratio < _MOST_BRIGHTER:
        return
    _log.warning(
        "'%s' is %.2f times as bright as '%s', and the network will learn that too. Bring pairs to one"
        " brightness, or set task: translate, which scales each by itself.",
        target.found.path,
        ratio,
        primary.found.path,
    )


def _fit(stored: StoredVolume, config: RunConfig, by_noise: bool = False) -> FittedScaling:
    """Fit the scaling; in units of noise only where the volume is what the network will be given."""
    fit = fit_to_noise if by_noise else fit_scaling
    try:
        return fit(config.scaling.model_dump(exclude_none=True), stored.volume.voxels)
    except InputError as error:
        fault = error.sentence[0].lower() + error.sentence[1:]
        raise InputError(f"'{stored.found.path}' cannot be scaled: {fault}", error.hint) from error


def _is_public(image: Image) -> bool:
    """Return whether an image may be told of by name: files of a user's own recipe may not."""
    return image.package is not None or SOURCES.get(image.name) == image


def _describe(case: _Case, member: str, stored: StoredVolume, part: str) -> dict[str, Any]:
    volume, found = stored.volume, stored.found
    described = {
        "part": part,
        "set": case.set_of(member),
        "patient": found.patient,
        "name": found.name,
        "sha256": stored.sha256,
        "voxels_sha256": stored.content,
        "size": list(reversed(volume.shape)),
        "spacing_mm": [round(each, 6) for each in volume.spacing],
        "modality": stored.modality,
    }
    if found.image is not None and _is_public(found.image):
        described |= {
            "source": found.image.name,
            "package": found.image.origin or "GANEnhanceLib",
            "title": found.image.title,
            "licence": found.image.licence,
            "notice": found.image.item.notice,
        }
    return described
