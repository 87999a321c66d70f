"""What the worker does for each method of the protocol; `GANEnhanceLib.protocol` describes them."""

from __future__ import annotations

import os
import platform
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np

from GANEnhanceLib import __version__, protocol
from GANEnhanceLib.errors import OptionError, OutputError, WorkerError

PACKAGES = ("numpy", "SimpleITK", "openvino", "torch")
AXES = ("k", "j", "i")


def describe_worker(folder: Path) -> dict[str, Any]:
    """Return the fields of `hello`; imports none of the packages that it names."""
    from dataclasses import asdict

    from GANEnhanceLib.inference import list_devices

    return {
        "protocol": protocol.PROTOCOL_VERSION,
        "versions": package_versions(),
        "devices": [asdict(device) for device in list_devices()],
        "folder": str(folder),
        "pid": os.getpid(),
    }


def package_versions() -> dict[str, str | None]:
    """Return the versions of this library, Python and the packages it can use; None where not installed."""
    from importlib import metadata, util

    versions: dict[str, str | None] = {"GANEnhanceLib": __version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            # Some applications ship packages without their metadata.
            versions[name] = "unknown" if util.find_spec(name) else None
    return versions


def list_models_for_client(params: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of `models`."""
    from GANEnhanceLib.models import list_models

    folders = params.get("folders") or []
    if not isinstance(folders, list) or not all(isinstance(folder, str) for folder in folders):
        raise WorkerError(f"The folders of models are {folders!r}.", "Give a list of paths.")
    return {"models": [entry.to_dict() for entry in list_models(folders)]}


def start_enhance(folder: Path, number: int, params: dict[str, Any]) -> Generator[Any, None, dict[str, Any]]:
    """Run `enhance`: yields progress, returns the fields of its result."""
    enhanced = yield from _run(folder, params)
    return _write_result(folder, number, enhanced.volume.voxels, enhanced.report)


def start_preview(folder: Path, number: int, params: dict[str, Any]) -> Generator[Any, None, dict[str, Any]]:
    """Run `preview`: yields progress, returns the fields of its result; voxels equal to those of
    `enhance`."""
    options = params.get("options") or {}
    if isinstance(options, dict) and options.get("roi") is not None:
        raise OptionError("A preview was asked with an ROI.", "Leave options.roi out; the slice is the ROI.")
    array = _input_array(folder, params)
    axis, index = _slice_of(params, array.shape)
    options = {**options, "roi": _slice_roi(array.shape, axis, index)}
    enhanced = yield from _run(folder, {**params, "options": options})
    image = np.take(enhanced.volume.voxels, index, axis=AXES.index(axis))
    fields = _write_result(folder, number, image, enhanced.report)
    return {**fields, "axis": axis, "index": index}


def _run(folder: Path, params: dict[str, Any]) -> Generator[Any, None, Any]:
    from GANEnhanceLib.inference import EnhanceOptions
    from GANEnhanceLib.pipeline import enhance_with_report

    options = EnhanceOptions.from_dict(params.get("options") or {})
    model = params.get("model")
    if not isinstance(model, str) or not model:
        raise WorkerError(f"The model is {model!r}.", 'Give its name, its path, or "auto".')
    return (yield from enhance_with_report(_input_volume(folder, params), model, options))


def _input_volume(folder: Path, params: dict[str, Any]) -> Any:
    from GANEnhanceLib.volume import Volume

    described = params["input"] if isinstance(params.get("input"), dict) else {}
    modality, name = described.get("modality"), described.get("name") or ""
    if modality not in (None, "MR", "CT", "US"):
        raise WorkerError(f"The modality is {modality!r}.", "Give MR, CT, US or null.")
    return Volume(
        voxels=_input_array(folder, params),
        ijk_to_ras=_matrix(described.get("ijk_to_ras")),
        modality=modality,
        name=str(name),
    )


def _input_array(folder: Path, params: dict[str, Any]) -> np.ndarray:
    described = params.get("input")
    if not isinstance(described, dict):
        raise WorkerError("The request has no input.", 'Give {"file": "x.npy", "ijk_to_ras": [...]}.')
    return protocol.load_array(protocol.file_in(folder, described.get("file")))


def _matrix(values: Any) -> np.ndarray:
    try:
        matrix = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        matrix = np.empty(0)
    if matrix.size != 16:
        raise WorkerError("The ijk_to_ras of the input is not 16 numbers.", "Give the 4x4 matrix row by row.")
    return matrix.reshape(4, 4)


def _slice_of(params: dict[str, Any], shape: tuple[int, ...]) -> tuple[str, int]:
    axis, index = params.get("axis"), params.get("index")
    if axis not in AXES:
        raise OptionError(f"The axis of the preview is {axis!r}, but must be one of: {', '.join(AXES)}.")
    if len(shape) != 3:
        raise WorkerError(f"The input has {len(shape)} axes, not 3.", "Give an array (k, j, i).")
    size = shape[AXES.index(axis)]
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < size:
        raise OptionError(
            f"The slice of the preview is {index!r}, but the volume has slices 0 to {size - 1} along {axis}."
        )
    return axis, index


def _slice_roi(shape: tuple[int, ...], axis: str, index: int) -> list[list[int]]:
    roi = [[0, int(size)] for size in reversed(shape)]
    roi["ijk".index(axis)] = [index, index + 1]
    return roi


def _write_result(folder: Path, number: int, voxels: np.ndarray, report: dict[str, Any]) -> dict[str, Any]:
    path = folder / f"result-{number}.npy"
    try:
        protocol.save_array(path, voxels)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise OutputError(
            f"The result cannot be written to {folder} ({protocol.first_line(error)}).",
            "Free some space there, or set TMPDIR to a folder with more.",
        ) from error
    return {"file": path.name, "dtype": voxels.dtype.name, "shape": list(voxels.shape), "report": report}
