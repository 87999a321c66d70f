"""TorchScript files of a bundle: judged before they are opened, opened without Python.

A `.ts` file is a zip archive of tensors and of code in TorchScript, a language of its own that PyTorch
interprets; `torch.jit.load` runs no Python and unpickles with a reader that makes tensors and plain values
only. TorchScript itself can name a few operations that touch files, and code that runs while it is loaded:
such archives are refused by their source text. https://pytorch.org/docs/stable/notes/serialization.html
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from GANEnhanceLib.errors import DeviceError, ModelError

if TYPE_CHECKING:
    import torch

_LARGEST_CODE = 16 * 2**20
# PyTorch's operations on files, those that call Python, and the method that runs while an archive is loaded.
_FORBIDDEN = re.compile(r"\b(from_file|save|PythonOp|IgnoredPythonOp|__setstate__)\b")
_OPERATION_SET = re.compile(r"\bops\s*\.\s*(\w+)\s*\.")
_ALLOWED_SETS = {"aten", "prim"}
_TRUSTED = "Get the model from a source that you trust, as ONNX or safetensors."
_UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def check_torchscript_file(path: Path, named: str) -> None:
    """Raise ModelError unless the file is a TorchScript archive whose code touches no files.

    `named` begins the sentence, for example 'The file "a.ts"'.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_archive(archive, named)
    except _UNREADABLE as error:
        raise ModelError(
            f"{named} cannot be read as TorchScript ({error}).",
            "Save it with torch.jit.save, or give the model as ONNX or safetensors.",
        ) from error


def load_torchscript(content: bytes, name: str) -> torch.jit.ScriptModule:
    """Return the module of a TorchScript file's content, on the CPU, in evaluation mode.

    `content` must have been checked with :func:`check_torchscript_file`. Raises ModelError if PyTorch cannot
    open it, DeviceError without PyTorch.
    """
    try:
        import torch
    except ImportError as error:
        raise DeviceError(
            f"PyTorch, which runs {name}, is not installed.", "Install it (pip install torch)."
        ) from error
    try:
        module = torch.jit.load(io.BytesIO(content), map_location="cpu").eval()
    except (RuntimeError, ValueError) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        raise ModelError(
            f'PyTorch {torch.__version__} cannot open the file "{name}": {lines[0] if lines else error}',
            "Save it again with a PyTorch that is not newer than this one.",
        ) from error
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    return module


def is_torchscript(path: Path) -> bool:
    """Tell whether a file looks like a TorchScript archive, whatever it is named."""
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(_code_entries(archive))
    except _UNREADABLE:
        return False


def _check_archive(archive: zipfile.ZipFile, named: str) -> None:
    entries = _code_entries(archive)
    if not entries:
        raise ModelError(
            f"{named} holds no TorchScript: it is a pickle as torch.save writes it, which may run code when"
            " it is opened.",
            "Save the network with torch.jit.save, or its weights as safetensors.",
        )
    # Weights are stored as they are; code may be packed, and must not unpack without end.
    if sum(entry.file_size for entry in archive.infolist() if entry.compress_type) > _LARGEST_CODE:
        raise ModelError(f"{named} has more than 16 MiB of code.", _TRUSTED)
    for entry in entries:
        source = archive.read(entry).decode("utf-8", "replace")
        found = _FORBIDDEN.search(source)
        if found:
            raise ModelError(
                f'{named} is refused: its TorchScript uses "{found[1]}", which may touch files of this'
                " computer.",
                _TRUSTED,
            )
        sets = set(_OPERATION_SET.findall(source)) - _ALLOWED_SETS
        if sets:
            raise ModelError(
                f"{named} needs operations that are not PyTorch's own: {', '.join(sorted(sets))}.",
                "Export the network without them, or give the model as ONNX.",
            )


def _code_entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the entries NAME/code/*.py: what torch.jit.save writes and torch.save does not."""
    return [
        entry
        for entry in archive.infolist()
        if entry.filename.endswith(".py") and entry.filename.split("/")[1:2] == ["code"]
    ]
