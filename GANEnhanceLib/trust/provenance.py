"""Where an enhanced volume comes from: the record that travels with it in nodes, reports and files.

Names of files and folders are left out, since they are often the name of the patient; the input is known by
its hash.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime, timezone
from typing import Any

import numpy as np

from GANEnhanceLib import __version__
from GANEnhanceLib.trust.contract import Verdict
from GANEnhanceLib.volume import Volume

NOT_FOR_DIAGNOSIS = "Enhanced by a neural network; not for diagnosis."
FILTERED = "Enhanced by a filter; not for diagnosis."
_BLOCK_BYTES = 1 << 22


def make_provenance(
    model,
    volume: Volume,
    options: Any,
    *,
    region: dict | None = None,
    scaling: Any = None,
    device: str = "",
    verdict: Verdict | None = None,
    bound_hits: int | None = None,
    date: datetime | None = None,
    input_sha256: str | None = None,
    finer: dict | None = None,
) -> dict:
    """Give the provenance of a run as a dictionary that JSON can hold.

    model: has `card.name`, `card.version`, `card.kind`, `card.risk` and `sha256`. volume: the input.
    options: has `to_dict`, or is a dataclass or mapping. region: its summary. scaling: the fitted scaling, or
    None for a model that works in value units. date: of the run, now by default, written in UTC.
    input_sha256: if it is known already. finer: of super-resolution, the grid that was made and how well it
    agrees with the input. What is None or empty is left out.
    """
    record = {
        "software": f"GANEnhanceLib {__version__}",
        "model": {"name": model.card.name, "version": model.card.version, "sha256": model.sha256},
        "input": {
            "shape": volume.shape,
            "spacing_mm": volume.spacing,
            "type": volume.voxels.dtype.name,
            "modality": volume.modality,
            "sha256": input_sha256 or hash_voxels(volume.voxels),
        },
        "options": _mapping(options),
        "region": region,
        "finer": finer,
        "scaling": None if scaling is None else _mapping(scaling),
        "device": device or None,
        "contract": None if verdict is None else verdict.to_dict(),
        "bound_hits": bound_hits,
        "date": (date or datetime.now(timezone.utc)).astimezone(timezone.utc).isoformat(timespec="seconds"),
        "notice": notice_of(model),
    }
    return _plain({key: value for key, value in record.items() if value is not None})


def notice_of(model) -> str:
    """Return what warns of a result of `model` (which has `card.kind` and `card.risk`): diagnosis, risk."""
    sentence = FILTERED if model.card.kind == "classical" else NOT_FOR_DIAGNOSIS
    return f"{sentence} Risk: {model.card.risk.rstrip('.')}." if model.card.risk else sentence


def hash_voxels(array: np.ndarray) -> str:
    """SHA-256 (hex) of type, shape and C-order little-endian bytes of an array, read in blocks of a few MiB.

    It does not depend on the memory order of the array or the byte order of the machine.
    """
    digest = hashlib.sha256(f"{array.dtype.newbyteorder('<').str} {tuple(array.shape)} ".encode())
    for block in _blocks(array):
        digest.update(block)
    return digest.hexdigest()


def _blocks(array: np.ndarray):
    if array.ndim == 0 or not array.size:
        rows = 1
        array = array.reshape(1, -1)
    else:
        rows = max(1, _BLOCK_BYTES // max(1, array.nbytes // len(array)))
    stored = array.dtype.newbyteorder("<")
    for row in range(0, len(array), rows):
        block = np.ascontiguousarray(array[row : row + rows], dtype=stored)
        yield memoryview(block).cast("B") if block.size else b""


def _mapping(record: Any) -> dict:
    if hasattr(record, "to_dict"):
        return record.to_dict()
    return asdict(record) if is_dataclass(record) else dict(record)


def _plain(value: Any) -> Any:
    """The value with JSON's own types only; numbers that JSON lacks become text ("inf")."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (np.generic, np.ndarray)):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
