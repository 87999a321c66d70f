"""The methods `enhance` and `preview`: runs of the engine on a volume of the client."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np

from GANEnhanceLib.errors import OptionError, WorkerError
from GANEnhanceLib.methods.files import read_array, read_volume, write_array
from GANEnhanceLib.methods.workplace import Workplace

AXES = ("k", "j", "i")


def enhance(place: Workplace, number: int, params: dict[str, Any]) -> Generator[Any, None, dict[str, Any]]:
    """Run `enhance`: yields progress, returns the fields of its result."""
    enhanced = yield from _run(place, params)
    written = write_array(place, f"result-{number}.npy", enhanced.volume.voxels)
    return {**written, "report": enhanced.report}


def preview(place: Workplace, number: int, params: dict[str, Any]) -> Generator[Any, None, dict[str, Any]]:
    """Run `preview`: yields progress, returns the fields of its result; voxels equal to those of
    `enhance`."""
    options = params.get("options") or {}
    if isinstance(options, dict) and options.get("roi") is not None:
        raise OptionError("A preview was asked with an ROI.", "Leave options.roi out; the slice is the ROI.")
    array = read_array(place, (params.get("input") or {}).get("file"))
    axis, index = _slice_of(params, array.shape)
    options = {**options, "roi": _slice_roi(array.shape, axis, index)}
    enhanced = yield from _run(place, {**params, "options": options})
    image = np.take(enhanced.volume.voxels, index, axis=AXES.index(axis))
    written = write_array(place, f"result-{number}.npy", image)
    return {**written, "report": enhanced.report, "axis": axis, "index": index}


def _run(place: Workplace, params: dict[str, Any]) -> Generator[Any, None, Any]:
    from GANEnhanceLib.inference import EnhanceOptions
    from GANEnhanceLib.pipeline import enhance_with_report

    options = EnhanceOptions.from_dict(params.get("options") or {})
    model = params.get("model")
    if not isinstance(model, str) or not model:
        raise WorkerError(f"The model is {model!r}.", 'Give its name, its path, or "auto".')
    return (yield from enhance_with_report(read_volume(place, params.get("input")), model, options))


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
