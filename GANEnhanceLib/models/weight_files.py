"""The weight files of a bundle: which kinds there may be, which must be there, and what can run them.

One kind is enough: OpenVINO runs ONNX, PyTorch safetensors and TorchScript, and where PyTorch is installed it
translates safetensors for OpenVINO.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from GANEnhanceLib.errors import DeviceError, ModelError
from GANEnhanceLib.models.card import ModelCard
from GANEnhanceLib.models.files import TORCHSCRIPT_SUFFIX, BundleFiles

_EXTERNAL_DATA_KEY = b"location"


def safetensors_file(weight_set: str) -> str:
    """Return the path of a weight set's safetensors file in a bundle."""
    return f"models/{weight_set}.safetensors"


def onnx_file(weight_set: str) -> str:
    """Return the path of a weight set's ONNX file in a bundle."""
    return f"models/{weight_set}.onnx"


def torchscript_file(weight_set: str) -> str:
    """Return the path of a weight set's TorchScript file in a bundle."""
    return f"models/{weight_set}{TORCHSCRIPT_SUFFIX}"


WEIGHT_FILES = {"safetensors": safetensors_file, "onnx": onnx_file, "torchscript": torchscript_file}
_NAMES = {"safetensors": "safetensors", "onnx": "ONNX", "torchscript": "TorchScript"}


def format_names(formats: Iterable[str]) -> str:
    """Return formats in words: "safetensors and ONNX"."""
    return " and ".join(_NAMES[kind] for kind in formats)


def weight_formats(listed: Iterable[str], card: ModelCard) -> tuple[str, ...]:
    """Return the kinds of weight files ("safetensors", "onnx", "torchscript") that all sets are there in."""
    listed = set(listed)
    return tuple(
        kind
        for kind, file_of in WEIGHT_FILES.items()
        if all(file_of(weight_set) in listed for weight_set in card.weight_sets)
    )


def require_weight_files(files: BundleFiles, card: ModelCard) -> None:
    """Raise ModelError unless the bundle holds the files that its card speaks of."""
    wanted = ["docs/README.md", "LICENSE"]
    for file_of in WEIGHT_FILES.values():
        # A kind is there for all sets or for none: half of it is a file that was lost.
        of_kind = [file_of(weight_set) for weight_set in card.weight_sets]
        wanted += of_kind if any(relative in files.hashes for relative in of_kind) else []
    for relative in wanted:
        if relative not in files.hashes:
            raise ModelError(
                f'The model "{card.name}" lacks the file "{relative}".',
                "Install the model again from its source.",
            )
    if not weight_formats(files.hashes, card):
        first = card.weight_sets[0]
        allowed = " or ".join(f'"{file_of(first)}"' for file_of in WEIGHT_FILES.values())
        raise ModelError(
            f'The model "{card.name}" lacks its weights: it has neither {allowed}.',
            "Install the model again from its source.",
        )


def missing_backend(formats: tuple[str, ...], name: str) -> DeviceError | None:
    """Return what to tell where the one package that could run these weights is not installed, else None.

    Where neither OpenVINO nor PyTorch is there the answer is None: that is said of the computer, not of each
    model.
    """
    there = [package for package in ("openvino", "torch") if _is_installed(package)]
    if not there or any(can_run(package, formats) for package in there):
        return None
    return why_not(name, formats)


def can_run(package: str, formats: tuple[str, ...]) -> bool:
    """Tell whether "openvino" or "torch" runs weights that are there in `formats`."""
    if package == "torch":
        return "safetensors" in formats or "torchscript" in formats
    return "onnx" in formats or ("safetensors" in formats and _is_installed("torch"))


def why_not(name: str, formats: tuple[str, ...]) -> DeviceError:
    """Return the error that says which package the weights of a model need."""
    package, command = ("OpenVINO", "openvino") if formats == ("onnx",) else ("PyTorch", "torch")
    return DeviceError(
        f'The model "{name}" holds {format_names(formats)} only, which needs {package}.',
        f"Choose a device of {package}, or install it (pip install {command}).",
    )


def refuse_external_data(path: Path) -> None:
    """Raise ModelError if an ONNX file may refer to weights in other files.

    Such a reference is a path of the author's choice that the ONNX reader would open unchecked. It has the
    key "location", which no float weights contain by chance (8 bytes); our networks have no parameter of that
    name.
    """
    if _EXTERNAL_DATA_KEY in path.read_bytes():
        raise ModelError(
            f'The file "{path.name}" of the model refers to weights outside of itself.',
            "Ask the model's author for an ONNX file that holds its own weights.",
        )


def _is_installed(package: str) -> bool:
    return sys.modules[package] is not None if package in sys.modules else find_spec(package) is not None
