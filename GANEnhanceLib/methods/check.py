"""The method `check`: which models suit a volume, and what a run would take, before any voxel is there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib.errors import GANEnhanceError, ModelError, OptionError, WorkerError
from GANEnhanceLib.methods.describe import model_folders
from GANEnhanceLib.methods.estimate import Estimate
from GANEnhanceLib.methods.files import read_matrix, read_modality
from GANEnhanceLib.methods.workplace import Workplace

if TYPE_CHECKING:
    from GANEnhanceLib.inference import EnhanceOptions
    from GANEnhanceLib.inference.devices import DeviceInfo
    from GANEnhanceLib.inference.finer import Refining
    from GANEnhanceLib.models import ModelCard, ModelEntry
    from GANEnhanceLib.trust import Finding
    from GANEnhanceLib.volume import Volume

# Up to here a run fits beside what else is open.
_SHARE_OF_MEMORY = 0.9
# The estimate plans a run, block by block.
_LONGEST_AXIS, _MOST_VOXELS = 2**16, 2**37


@dataclass(frozen=True)
class Candidate:
    """A model that may be run: what the check needs of it, without its weights."""

    card: ModelCard
    sha256: str
    formats: tuple[str, ...] = ()


def check(place: Workplace, params: dict[str, Any]) -> dict[str, Any]:
    """Answer `check`."""
    volume, value_range = _described_volume(params.get("volume"))
    options = _options(params)
    options.validate(volume.shape)
    device, fault = _device(options.device)
    rows = {}
    for name, find in _candidates(params).items():
        try:
            candidate = find()
            if candidate.card.network is not None and fault is not None:
                raise fault
            rows[name] = _judge(place, candidate, volume, value_range, options)
        except GANEnhanceError as error:
            rows[name] = _as_row([_finding("available", "refuse", error.sentence, error.hint)], Estimate())
    return {"models": rows, "device": device}


def _judge(
    place: Workplace,
    candidate: Candidate,
    volume: Volume,
    value_range: tuple[float, float] | None,
    options: EnhanceOptions,
) -> dict[str, Any]:
    """Return the row of one model; raises what makes it unavailable on this device."""
    from GANEnhanceLib.inference.memory import available_memory_mib
    from GANEnhanceLib.trust import check_grid

    if candidate.card.super_resolution is not None:
        try:
            options, refining = _refining(candidate.card, volume, options)
        except GANEnhanceError as error:
            return _as_row([_finding("finer", "refuse", error.sentence, error.hint)], Estimate())
        volume = refining.as_described(volume)
    else:
        options, refining = options.replace(scale=None, spacing=None, like=None), None
    findings = list(check_grid(volume, candidate.card, value_range).findings)
    if value_range is not None and value_range[0] == value_range[1]:
        sentence = f"The volume is constant: each voxel is {value_range[0]:g}."
        findings.append(_finding("values", "refuse", sentence, "Choose a volume that shows something."))
    estimate = _estimate(place, candidate, volume, options)
    if refining is not None:
        estimate = _of_all_passes(estimate, candidate.card, refining, volume.voxels.dtype.itemsize)
    free = available_memory_mib()
    if free is not None and estimate.memory_mib is not None and estimate.memory_mib > _SHARE_OF_MEMORY * free:
        sentence = (
            f"The run needs about {estimate.memory_mib:.0f} MiB of memory, but {free:.0f} MiB are free."
        )
        hint = "Close other programs, or enhance a smaller region."
        findings.append(_finding("memory", "warn", sentence, hint))
    return _as_row(findings, estimate, None if refining is None else refining.finer.to_dict())


def _estimate(place: Workplace, candidate: Candidate, volume: Volume, options: EnhanceOptions) -> Estimate:
    card, sha256 = candidate.card, candidate.sha256
    if card.network is None:
        return place.estimator.filter(card, sha256, volume, options)
    device = _device_for(candidate, options.device)
    try:
        return place.estimator.network(card, sha256, volume, options, device)
    except OptionError:
        # What is wrong with the options of this model is said when it is run.
        return Estimate()


def _refining(card: ModelCard, volume: Volume, options: EnhanceOptions) -> tuple[EnhanceOptions, Refining]:
    """Return the options as they are on the finer grid, and that; OptionError where it cannot be made."""
    from GANEnhanceLib.inference.finer import choose_refining

    refining = choose_refining(volume, card, options)
    return refining.options.replace(scale=None, spacing=None, like=None), refining


def _of_all_passes(estimate: Estimate, card: ModelCard, refining: Refining, itemsize: int) -> Estimate:
    from GANEnhanceLib.inference.finer import cuts_of, memory_mib

    passes = len(cuts_of(refining.finer, card.network.dimensions))
    seconds = None if estimate.seconds is None else passes * estimate.seconds
    memory = estimate.memory_mib
    if memory is not None:
        memory += memory_mib(refining.finer, itemsize)
    return replace(estimate, seconds=seconds, memory_mib=memory)


def _candidates(params: Mapping[str, Any]) -> dict[str, Callable[[], Candidate]]:
    """Return, by name or path as asked, what finds each model, or raises why it is not available."""
    from GANEnhanceLib.models import list_models

    wanted = params.get("models")
    if wanted is not None and not (
        isinstance(wanted, list) and all(isinstance(name, str) and name for name in wanted)
    ):
        raise WorkerError(f"The models to check are {wanted!r}.", "Give a list of names or paths, or null.")
    listed: dict[str, ModelEntry] = {}
    for entry in list_models(model_folders(params)):
        listed.setdefault(entry.name, entry)
    if wanted is None:
        return {name: partial(_listed, entry) for name, entry in listed.items()}
    return {name: partial(_listed, listed[name]) if name in listed else partial(_at, name) for name in wanted}


def _listed(entry: ModelEntry) -> Candidate:
    from GANEnhanceLib.models import classical_model

    if not entry.available:
        sentence, dot, hint = entry.reason.partition(". ")
        raise ModelError(sentence + (dot and "."), hint)
    if entry.kind == "classical":
        return Candidate(classical_model(entry.name).card, entry.sha256)
    return _at(entry.folder)


def _at(folder: str) -> Candidate:
    from GANEnhanceLib.models.files import BundleFiles
    from GANEnhanceLib.models.model import read_card
    from GANEnhanceLib.models.weight_files import weight_formats

    path = Path(folder).expanduser()
    if not path.is_dir():
        raise ModelError(f'The model "{folder}" is unknown.', "Choose one of the list of models.")
    files = BundleFiles(path)
    card = read_card(files)
    return Candidate(card, files.sha256, weight_formats(files.hashes, card))


def _device(wanted: str) -> tuple[str, GANEnhanceError | None]:
    """Return the label of the device that networks run on, or what is wrong with it."""
    from GANEnhanceLib.inference.devices import choose_devices

    try:
        name = choose_devices(wanted)[0]
    except GANEnhanceError as error:
        return "", error
    return _info(name).label, None


def _device_for(candidate: Candidate, wanted: str) -> DeviceInfo:
    """Return the first device that can run a network; raises DeviceError if there is none."""
    from GANEnhanceLib.inference.devices import choose_devices
    from GANEnhanceLib.models.weight_files import can_run, why_not

    for name in choose_devices(wanted):
        if can_run("openvino" if name == "openvino" else "torch", candidate.formats):
            return _info(name)
    raise why_not(candidate.card.name, candidate.formats)


def _info(name: str) -> DeviceInfo:
    from GANEnhanceLib.inference import list_devices

    return next(device for device in list_devices() if device.name == name)


def _options(params: Mapping[str, Any]) -> EnhanceOptions:
    from GANEnhanceLib.inference import EnhanceOptions

    asked = {name: params.get(name) for name in ("roi", "scale", "spacing", "like")}
    return EnhanceOptions.from_dict({"device": params.get("device") or "auto", **asked})


def _described_volume(described: Any) -> tuple[Volume, tuple[float, float] | None]:
    """Return a volume without voxels (all of them are one zero), and the range of the real ones."""
    from GANEnhanceLib.volume import Volume

    if not isinstance(described, Mapping):
        raise WorkerError("The request describes no volume.", 'Give {"shape": [k, j, i], "dtype": ..., ...}.')
    shape = described.get("shape")
    whole = isinstance(shape, list) and shape and all(type(size) is int and size >= 0 for size in shape)
    if not whole or max(shape) > _LONGEST_AXIS or math.prod(shape) > _MOST_VOXELS:
        raise WorkerError(
            f"The shape of the volume is {repr(shape)[:120]}.",
            f"Give three whole numbers [k, j, i] of {_LONGEST_AXIS} at most.",
        )
    name = described.get("dtype")
    try:
        zero = np.zeros((), np.dtype(str(name)))
    except (TypeError, ValueError) as error:
        raise WorkerError(
            f"The dtype of the volume is {name!r}.", 'Give the name of a numpy type, as "int16".'
        ) from error
    voxels = np.broadcast_to(zero, shape)
    volume = Volume(voxels, read_matrix(described), read_modality(described))
    return volume, _value_range(described.get("range"))


def _value_range(given: Any) -> tuple[float, float] | None:
    if given is None:
        return None
    try:
        low, high = (float(value) for value in given)
        fine = math.isfinite(low) and math.isfinite(high) and low <= high
    except (TypeError, ValueError):
        fine = False
    if not fine:
        raise OptionError(
            f"The range of the volume is {given!r}, but must be its lowest and highest value, or null."
        )
    return low, high


def _finding(name: str, level: str, sentence: str, hint: str) -> Finding:
    from GANEnhanceLib.trust import Finding

    return Finding(name, level, sentence, hint)


def _as_row(
    findings: list[Finding], estimate: Estimate, finer: dict[str, Any] | None = None
) -> dict[str, Any]:
    from GANEnhanceLib.trust.contract import LEVELS

    worst = max(findings, key=lambda finding: LEVELS.index(finding.level))
    return {
        "level": worst.level,
        "sentence": worst.sentence,
        "hint": worst.hint,
        "findings": [asdict(finding) for finding in findings],
        "finer": finer,
        "seconds": estimate.seconds,
        "memory_mib": estimate.memory_mib,
        "measured": estimate.measured,
    }
