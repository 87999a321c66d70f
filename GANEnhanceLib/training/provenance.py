"""Where a model comes from: data by hash and license, code by version and configuration; no names of people.

Names of files and folders are often names of patients, so of a user's own volumes a bundle holds hashes and
numbers only; the names stay in the run's folder. Public images are named, with their licenses.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from GANEnhanceLib.training.chosen import Weights
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.loop.folder import RunFolder

_OF_OWN = ("part", "set", "sha256", "voxels_sha256", "size", "spacing_mm", "modality")
_OF_PUBLIC = (*_OF_OWN, "source", "package", "title", "licence")
_PRIVATE = ("folder", "pattern", "files", "patient", "validation_patients", "test_patients", "bundle")
_TOLERANCE = 0.1
"""Share of a single spacing by which others may differ."""


def read_data(folder: RunFolder) -> list[dict[str, Any]]:
    """Return what a run noted of its data; empty if the file is missing."""
    with contextlib.suppress(OSError, ValueError):
        return json.loads((folder.path / "data.json").read_text(encoding="utf-8"))
    return []


def describe_origin(folder: RunFolder, config: RunConfig, weights: dict[str, Weights]) -> dict[str, Any]:
    """Return the section "training" of a bundle's metadata."""
    code = {}
    with contextlib.suppress(OSError, ValueError):
        code = json.loads((folder.path / "environment.json").read_text(encoding="utf-8"))
    return {
        "weights": {name: each.origin for name, each in weights.items()},
        "data": _without_names(read_data(folder)),
        "code": code,
        "configuration": _without_places(config.model_dump(mode="json")),
    }


def data_in_words(config: RunConfig, data: list[dict[str, Any]]) -> str:
    """Return what a card says of the data: the author's words, else the public images with their licenses
    and how many others there were; and the model that the run began with."""
    said = [config.card.data] if config.card.data else _sentences(data)
    if config.start is not None:
        start = config.start
        said.append(f"Begun with the weights of {start.name} {start.version} (sha256 {start.sha256}).")
    return " ".join(said) or "not stated"


def contract_of(config: RunConfig, data: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the contract that the data of the training give: modality, and spacings of all axes.

    Patches that were coarsened count as what they were made. Spacings of about one length, as of one volume,
    stand for those within a tenth of it: no scanner gives that length again to the last digit.
    """
    spacings = [
        length
        for each in data
        if each.get("part") == "training"
        for length, size in zip(each["spacing_mm"], each["size"], strict=True)
        if size > 1
    ]
    contract: dict[str, Any] = {"modality": [config.modality]}
    if spacings:
        coarsest = max(
            patches.coarsest if patches.coarse_share > 0 else 1
            for patches in (config.data.patches, *(stage.patches for stage in config.stages if stage.patches))
        )
        low, high = min(spacings), coarsest * max(spacings)
        if high < low * (1 + _TOLERANCE):
            low, high = low * (1 - _TOLERANCE), high * (1 + _TOLERANCE)
        contract["spacing_mm"] = [round(low, 4), round(high, 4)]
    return contract


def _sentences(data: list[dict[str, Any]]) -> list[str]:
    learned = [each for each in data if each.get("part") == "training"]
    public = dict.fromkeys(f"{each['title']} ({each['licence']})." for each in learned if "source" in each)
    own = [each for each in learned if "source" not in each]
    patients = len({each["patient"] for each in own})
    count = (
        f"{len(own)} volume{'s' if len(own) > 1 else ''} of {patients} patient{'s' if patients > 1 else ''}"
    )
    made = "Made-up volumes of overlapping ellipsoids (dead leaves)."
    said = [*public, *([f"{count} of its author's own data."] if own else [])]
    return [*said, *([made] if any("leaves" in each for each in data) else [])]


def _without_names(data: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbers: dict[str, int] = {}
    described = []
    for each in data:
        if "patient" not in each:  # a transform
            described.append(each)
            continue
        kept = _OF_PUBLIC if "source" in each else _OF_OWN
        number = numbers.setdefault(each["patient"], len(numbers) + 1)
        described.append({**{key: each[key] for key in kept if key in each}, "patient": number})
    return described


def _without_places(values: Any) -> Any:
    if isinstance(values, dict):
        return {key: _without_places(value) for key, value in values.items() if key not in _PRIVATE}
    if isinstance(values, list):
        return [_without_places(value) for value in values]
    return str(values) if isinstance(values, Path) else values
