"""Make a bundle of one weight file and a card: what somebody has who exported a network elsewhere.

The card is a JSON file beside it with the same stem, or one that is named. It may be a whole
`configs/metadata.json` or its section `enhancement` alone; what can be seen from the file need not be said.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from GANEnhanceLib.errors import DeviceError, ModelError
from GANEnhanceLib.models.card import parse_card
from GANEnhanceLib.models.files import CONVERT_HINT, read_json
from GANEnhanceLib.models.metadata import complete_metadata
from GANEnhanceLib.models.model import NetworkModel, build_network_with
from GANEnhanceLib.models.place import write_card, write_hashes, write_json
from GANEnhanceLib.models.torchscript import check_torchscript_file, is_torchscript
from GANEnhanceLib.models.weight_files import WEIGHT_FILES
from GANEnhanceLib.models.weights import read_safetensors

SUFFIXES = {".onnx": "onnx", ".ts": "torchscript", ".safetensors": "safetensors"}
_WEIGHT_SET = "fidelity"
_TOP_FIELDS = ("name", "version", "description")
_MEASURED = ("receptive_field", "flops_per_voxel")


def find_card(path: Path, card: Path | None) -> Path:
    """Return the card of a weight file (ModelError if it is not there)."""
    found = path.with_suffix(".json") if card is None else card
    if not found.is_file():
        where = f'no file "{found.name}" is beside it' if card is None else f'"{card}" is not there'
        raise ModelError(
            f'The file "{path.name}" has no card: {where}.',
            "Write one (the smallest is shown in Docs/models.md), or name it.",
        )
    return found


def check_kind(path: Path) -> str:
    """Return "onnx", "torchscript" or "safetensors" of a weight file; ModelError for any other."""
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if suffix in (".pt", ".pth") and is_torchscript(path):
        raise ModelError(
            f'The file "{path.name}" is TorchScript under the name of a pickle.',
            f'Rename it to "{path.stem}.ts" and add that.',
        )
    if suffix in (".pt", ".pth", ".ckpt", ".bin", ".pkl", ".pickle"):
        raise ModelError(
            f'The file "{path.name}" is refused: it may hold pickles, which run code when they are opened.',
            CONVERT_HINT,
        )
    raise ModelError(
        f'The file "{path.name}" is no model: a single file ends in {", ".join(SUFFIXES)} or .zip.',
        "Give such a file, or the folder of a bundle.",
    )


def write_single_file(path: Path, card: Path, bundle: Path) -> None:
    """Write the bundle of a weight file and its card into the new folder `bundle` (not yet verified).

    Raises ModelError for a card or file that cannot be used.
    """
    kind = check_kind(path)
    if kind == "torchscript":
        check_torchscript_file(path, f'The file "{path.name}"')
    weights = bundle / WEIGHT_FILES[kind](_WEIGHT_SET)
    weights.parent.mkdir(parents=True)
    shutil.copyfile(path, weights)
    metadata = _with_defaults(read_json(card.parent, card.name), path, kind)
    network = metadata["enhancement"]["network"]
    if kind == "safetensors":
        metadata = _described_by_network(metadata, weights)
    elif any(key not in network for key in _MEASURED):
        network.update({**_measured(metadata, bundle), **network})
    _write_texts(bundle, complete_metadata(metadata, (_WEIGHT_SET,), None), kind)


def _with_defaults(values: Any, path: Path, kind: str) -> dict[str, Any]:
    """Return the metadata with what need not be said: name, version, title, architecture, plan."""
    if not isinstance(values, dict):
        raise ModelError("The card is no JSON object.", "Write {...} with the fields of Docs/models.md.")
    whole = isinstance(values.get("enhancement"), dict)
    top = {key: value for key, value in values.items() if whole or key in _TOP_FIELDS}
    enhancement = {
        k: v for k, v in (values["enhancement"] if whole else values).items() if k not in _TOP_FIELDS
    }
    top.setdefault("name", _name_of(path))
    top.setdefault("version", "1")
    enhancement.setdefault("title", str(top["name"]))
    top.setdefault("description", f"{enhancement['title']}.")
    top.setdefault("authors", "not said")
    top.setdefault("copyright", "not said")
    network = enhancement.get("network", {})
    if isinstance(network, dict):
        enhancement["network"] = network = _network_with_defaults(network, path, kind)
        enhancement.setdefault("plan", {"mode": _mode(network)})
    # There is one set of weights, whatever the card was made for.
    enhancement.update(weight_sets=[_WEIGHT_SET], fidelity_default=1.0)
    return {**top, "enhancement": enhancement}


def _network_with_defaults(network: dict[str, Any], path: Path, kind: str) -> dict[str, Any]:
    if kind == "safetensors":
        return dict(network)
    seen: dict[str, Any] = {}
    if kind == "onnx":
        from GANEnhanceLib.models.graph_facts import input_of_onnx

        seen = input_of_onnx(path)
    return {"architecture": kind, **seen, **network}


def _mode(network: dict[str, Any]) -> str:
    if network.get("dimensions") == 3:
        return "patches"
    return "slices" if network.get("channels_in", 1) == 1 else "slices25d"


def _described_by_network(metadata: dict[str, Any], weights: Path) -> dict[str, Any]:
    """Complete the card of a named architecture by the network with these weights."""
    network = metadata["enhancement"]["network"]
    if isinstance(network, dict) and all(key in network for key in _MEASURED):
        return metadata
    preliminary = {**metadata["enhancement"], "network": {**dict.fromkeys(_MEASURED, 0), **network}}
    card = parse_card(complete_metadata({**metadata, "enhancement": preliminary}, (_WEIGHT_SET,), None))
    state = read_safetensors(weights.read_bytes(), weights.name)
    try:
        module = build_network_with(card, {key: np.array(values) for key, values in state.items()})
    except DeviceError as error:
        raise _unmeasured(card.name, "PyTorch") from error
    return complete_metadata(metadata, (_WEIGHT_SET,), module)


def _measured(metadata: dict[str, Any], bundle: Path) -> dict[str, float]:
    """Run the network of the unfinished bundle to see what the card does not say."""
    from GANEnhanceLib.models.graph_facts import measure_graph

    enhancement = metadata["enhancement"]
    preliminary = {**enhancement, "network": {**dict.fromkeys(_MEASURED, 0), **enhancement["network"]}}
    _write_texts(
        bundle, complete_metadata({**metadata, "enhancement": preliminary}, (_WEIGHT_SET,), None), ""
    )
    model = NetworkModel(bundle)
    try:
        return measure_graph(model)
    except ImportError as error:
        raise _unmeasured(model.name, "OpenVINO" if error.name == "openvino" else "PyTorch") from error


def _unmeasured(name: str, package: str) -> ModelError:
    return ModelError(
        f'The card of the model "{name}" does not say network.receptive_field and network.flops_per_voxel,'
        f" and {package}, which would find them, is not installed.",
        f"Add them to the card, or install {package}.",
    )


def _write_texts(bundle: Path, metadata: dict[str, Any], kind: str) -> None:
    card = parse_card(metadata)
    licence = (
        f"{card.name} {card.version}: {card.licence}\n\nSo says the card; no text came with the model.\n"
    )
    write_card(bundle, metadata, card, licence)
    if kind == "safetensors":
        from GANEnhanceLib.models.monai_config import inference_config

        write_json(bundle / "configs" / "inference.json", inference_config(card))
    write_hashes(bundle)


def _name_of(path: Path) -> str:
    name = re.sub(r"[^a-z0-9._-]+", "-", path.stem.lower()).strip("-._")
    return name[:64] or "model"
