"""Complete a model's `configs/metadata.json`, and check it against the JSON Schema."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from GANEnhanceLib import __version__
from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.models.card import SCHEMA_VERSION, ModelCard, parse_card

if TYPE_CHECKING:
    import torch

SCHEMA_FILE = Path(__file__).resolve().parent / "enhancement.schema.json"
MONAI_SCHEMA = (
    "https://github.com/Project-MONAI/MONAI-extra-test-data/releases/download/0.8.1/meta_schema_20240725.json"
)
# Large enough to see the receptive field, small enough to take seconds.
_MEASURED_SIZE = {2: 128, 3: 32}
_FORMATS = {"CT": "hounsfield", "MR": "magnitude", "US": "magnitude"}


def complete_metadata(
    metadata: dict[str, Any], weight_sets: tuple[str, ...], module: torch.nn.Module
) -> dict:
    """Return `metadata` with every field that can be known without its author.

    Needed are name, version, description and `enhancement` with title, task, modality, anatomy, limits,
    licence, data, network (architecture, arguments, channels_in, dimensions, multiple), scaling, plan and
    residual_bound. Added if missing: MONAI's versions and data format, contract, fidelity_default, and the
    receptive field and operations a voxel as measured on `module`, which should hold trained weights. Raises
    ModelError naming a field that is missing or wrong.
    """
    enhancement = dict(metadata.get("enhancement", {}))
    enhancement.setdefault("schema_version", SCHEMA_VERSION)
    enhancement.setdefault("contract", {"modality": list(enhancement.get("modality", []))})
    enhancement["weight_sets"] = list(weight_sets)
    enhancement.setdefault("fidelity_default", 1.0 if "fidelity" in weight_sets else 0.0)
    enhancement.setdefault("results", [])
    enhancement.setdefault("precision", {})
    enhancement["network"] = _measured(enhancement.get("network", {}), module)
    first = {key: metadata[key] for key in ("name", "version", "description") if key in metadata}
    completed = {
        "schema": MONAI_SCHEMA,
        **first,
        **_defaults(metadata),
        **metadata,
        "enhancement": enhancement,
    }
    card = parse_card(completed)
    completed.setdefault("network_data_format", _data_format(card))
    return completed


def check_schema(metadata: Any) -> None:
    """Raise ModelError naming the first field that breaks the JSON Schema; needs jsonschema (ImportError)."""
    import jsonschema

    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    error = jsonschema.exceptions.best_match(validator.iter_errors(metadata))
    if error is not None:
        field = ".".join(str(part) for part in error.absolute_path) or "(top)"
        raise ModelError(
            f'The field "{field}" of the model card breaks the schema: {error.message[:200]}.',
            "Correct the card; the schema is enhancement.schema.json of GANEnhanceLib.models.",
        )


def _defaults(metadata: dict[str, Any]) -> dict[str, Any]:
    return {
        "changelog": {str(metadata.get("version", "")): "first version"},
        "monai_version": _version_of("monai", "1.4.0"),
        "pytorch_version": _version_of("torch", "2.2.0").split("+")[0],
        "numpy_version": _version_of("numpy", "1.26.0"),
        "required_packages_version": {
            "GANEnhanceLib": __version__,
            "SimpleITK": _version_of("SimpleITK", "2.3.0"),
        },
        "task": metadata.get("enhancement", {}).get("title", ""),
        "authors": "The GANEnhance developers",
        "copyright": "The GANEnhance developers",
        "data_source": metadata.get("enhancement", {}).get("data", ""),
        "intended_use": "Research. Not for diagnosis.",
    }


def _measured(network: dict[str, Any], module: torch.nn.Module) -> dict[str, Any]:
    from GANEnhanceLib.networks.describe import describe

    if "receptive_field" in network and "flops_per_voxel" in network:
        return dict(network)
    dimensions, channels = network.get("dimensions", 2), network.get("channels_in", 1)
    found = describe(module, channels, dimensions, _MEASURED_SIZE.get(dimensions, 32))
    measured = {"receptive_field": found.receptive_field, "flops_per_voxel": round(found.flops_per_voxel, 1)}
    return {**measured, **network}


def _data_format(card: ModelCard) -> dict[str, Any]:
    network = card.network
    reach = network.channels_in // 2
    sizes = [f"{network.multiple}*n"] * network.dimensions
    image = {
        "type": "image",
        "format": _FORMATS[card.modality[0]],
        "modality": ", ".join(card.modality),
        "dtype": "float32",
        "value_range": [0, 1],
        "is_patch_data": card.plan.mode == "patches",
        "spatial_shape": sizes,
    }
    slices = {str(channel): f"slice {channel - reach:+d}" for channel in range(network.channels_in)}
    slices[str(reach)] = "image"
    made = {"0": "enhanced image"} if card.doubt is None else {"0": "enhanced image", "1": "doubt"}
    return {
        "inputs": {"image": {**image, "num_channels": network.channels_in, "channel_def": slices}},
        "outputs": {"pred": {**image, "num_channels": len(made), "channel_def": made}},
    }


def _version_of(package: str, otherwise: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return otherwise
