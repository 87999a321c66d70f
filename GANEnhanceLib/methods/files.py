"""Voxels of requests and answers: arrays and volumes that a message names, and the files of results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import OutputError, WorkerError
from GANEnhanceLib.methods.workplace import Workplace

if TYPE_CHECKING:
    from GANEnhanceLib.volume import Volume


def read_array(place: Workplace, name: Any) -> np.ndarray:
    """Return the array of a file that a message names, read-only and memory-mapped; WorkerError if it is
    none.
    """
    return protocol.load_array(protocol.file_in(place.folder, name))


def read_volume(place: Workplace, described: Any) -> Volume:
    """Return the volume that a request describes (the `input` of `enhance`).

    WorkerError for a wrong message, InputError for voxels or a grid that are no volume.
    """
    from GANEnhanceLib.volume import Volume

    if not isinstance(described, Mapping):
        raise WorkerError("The request has no input.", 'Give {"file": "x.npy", "ijk_to_ras": [...]}.')
    voxels = read_array(place, described.get("file"))
    modality = read_modality(described)
    matrix = read_matrix(described)
    return Volume(voxels, matrix, modality, str(described.get("name") or ""))


def read_modality(described: Mapping[str, Any]) -> str | None:
    """Return the modality of a described volume; WorkerError names the allowed ones."""
    modality = described.get("modality")
    if modality not in (None, "MR", "CT", "US"):
        raise WorkerError(f"The modality is {modality!r}.", "Give MR, CT, US or null.")
    return modality


def read_matrix(described: Mapping[str, Any]) -> np.ndarray:
    """Return the IJK-to-RAS matrix (4, 4) of a described volume; WorkerError if it is not 16 numbers."""
    try:
        matrix = np.asarray(described.get("ijk_to_ras"), dtype=np.float64)
    except (TypeError, ValueError):
        matrix = np.empty(0)
    if matrix.size != 16:
        raise WorkerError("The ijk_to_ras of the input is not 16 numbers.", "Give the 4x4 matrix row by row.")
    return matrix.reshape(4, 4)


def write_array(place: Workplace, name: str, array: np.ndarray) -> dict[str, Any]:
    """Write an array for the client; returns the fields file, dtype and shape. OutputError without room."""
    path = place.folder / name
    try:
        protocol.save_array(path, array)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise OutputError(
            f"The result cannot be written to {place.folder} ({protocol.first_line(error)}).",
            "Free some space there, or set TMPDIR to a folder with more.",
        ) from error
    return {"file": path.name, "dtype": array.dtype.name, "shape": list(array.shape)}


def discard_result(place: Workplace, result: Mapping[str, Any]) -> None:
    """Remove the files that a result names, also in its parts, and what was kept: nobody wants it."""
    for key, value in result.items():
        if key == "file" and isinstance(value, str):
            (place.folder / value).unlink(missing_ok=True)
        elif key == "kept":
            place.kept.forget(value)
        elif isinstance(value, Mapping):
            discard_result(place, value)
