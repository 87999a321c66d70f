"""The methods `enhance`, `preview`, `blend` and `forget`: runs of the engine, and what is kept of them."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import GANEnhanceError, OptionError, WorkerError
from GANEnhanceLib.methods.describe import model_folders
from GANEnhanceLib.methods.files import read_array, read_volume, write_array
from GANEnhanceLib.methods.kept import KeptRun, unknown
from GANEnhanceLib.methods.workplace import Workplace

if TYPE_CHECKING:
    from GANEnhanceLib.intensity import FittedScaling
    from GANEnhanceLib.pipeline import Enhanced
    from GANEnhanceLib.regions import Region
    from GANEnhanceLib.volume import Volume

    Job = Generator[Any, None, dict[str, Any]]

AXES = ("k", "j", "i")


def enhance(place: Workplace, number: int, params: dict[str, Any]) -> Job:
    """Run `enhance`: yields progress, returns the fields of its result."""
    volume = read_volume(place, params.get("input"))
    return (yield from _run(place, number, params, volume, _options(params)))


def preview(place: Workplace, number: int, params: dict[str, Any]) -> Job:
    """Run `preview`: yields progress, returns the fields of its result; voxels equal to those of
    `enhance`."""
    options = params.get("options") or {}
    if isinstance(options, dict) and options.get("roi") is not None:
        raise OptionError("A preview was asked with an ROI.", "Leave options.roi out; the slice is the ROI.")
    volume = read_volume(place, params.get("input"))
    axis, index = _slice_of(params, volume.shape)
    sliced = {**_options(params).to_dict(), "roi": _slice_roi(volume.shape, axis, index)}
    # Slices of a grid that lies elsewhere cannot be named by those of the input.
    options = _options({"options": {**sliced, "like": None}})
    fields = yield from _run(place, number, params, volume, options, AXES.index(axis))
    return {**fields, "axis": axis, "index": index}


def blend(place: Workplace, number: int, params: dict[str, Any]) -> Job:
    """Run `blend`: yields progress, returns the fields of its result."""
    from GANEnhanceLib.inference import EnhanceOptions, Progress, Share, blend_change
    from GANEnhanceLib.inference.boxes import common, inside
    from GANEnhanceLib.inference.task import crop_volume
    from GANEnhanceLib.report import describe_effect, with_strength

    strength = params.get("strength")
    EnhanceOptions(strength=strength).validate()
    with place.kept.use(params.get("kept")) as run:
        frame, axis = _frame_of_blend(run, params)
        share = Share(float(strength), run.region)
        voxels = yield from blend_change(run.volume.voxels, run.dtype, run.change, share, frame)
        yield Progress("reporting", 1.0)
        before = crop_volume(run.volume, frame)
        box = inside(common(run.change.box, frame), frame)
        hits = run.report["bound_hits"]
        noise = run.report["noise"]["before"] if frame == run.change.frame else None
        effect = describe_effect(before, before.with_voxels(voxels), box, hits, noise)
        effect["residual"]["bound_share"] = run.report["residual"]["bound_share"]
        report = with_strength(run.report, float(strength), effect)
    image = voxels if axis is None else np.take(voxels, 0, axis)
    return {**write_array(place, f"result-{number}.npy", image), "report": report}


def forget(place: Workplace, params: dict[str, Any]) -> dict[str, Any]:
    """Answer `forget`."""
    names = params.get("kept")
    missing = [
        name for name in (names if isinstance(names, list) else [names]) if not place.kept.forget(name)
    ]
    if missing:
        raise unknown(missing[0])
    return {}


def _run(
    place: Workplace,
    number: int,
    params: dict[str, Any],
    volume: Volume,
    options: Any,
    axis: int | None = None,
) -> Job:
    """Run the engine on a volume, or on its slice along an array axis; writes, and keeps what is asked."""
    from GANEnhanceLib.pipeline import enhance_with_report

    keep = params.get("keep") or False
    if not isinstance(keep, bool):
        raise OptionError(f"The value of keep is {keep!r}, but must be true or false.")
    name = f"kept-{number}"
    region, scaling = _region(place, params, volume), _scaling(params)
    path = protocol.file_in(place.folder, params["input"]["file"])
    with place.inputs.facts_of(path, volume) as facts:
        enhanced = yield from enhance_with_report(
            volume,
            _model_name(params),
            options,
            region,
            scaling,
            place.folder / f"{name}.f32" if keep else None,
            crop=axis is not None,
            facts=facts,
            folders=model_folders(params),
            load=place.load_model,
        )
    voxels = enhanced.volume.voxels if axis is None else np.take(enhanced.volume.voxels, 0, axis)
    try:
        written = write_array(place, f"result-{number}.npy", voxels)
        doubt = _write_doubt(place, number, enhanced, axis)
    except BaseException:
        if enhanced.result.change is not None:
            enhanced.result.change.remove()
        raise
    place.estimator.learn(volume, options, enhanced)
    kept = _keep(place, name, region, enhanced, axis)
    matrix = [float(number) for number in enhanced.volume.ijk_to_ras.ravel()]
    return {**written, "ijk_to_ras": matrix, "kept": kept, "doubt": doubt, "report": enhanced.report}


def _write_doubt(place: Workplace, number: int, enhanced: Enhanced, axis: int | None) -> dict | None:
    """Write the doubt map, where it was asked for, beside a result that is removed if there is no room."""
    doubt = enhanced.result.doubt
    if doubt is None:
        return None
    try:
        voxels = doubt.voxels if axis is None else np.take(doubt.voxels, 0, axis)
        return write_array(place, f"doubt-{number}.npy", voxels)
    except BaseException:
        (place.folder / f"result-{number}.npy").unlink(missing_ok=True)
        raise


def _keep(
    place: Workplace, name: str, region: Region | None, enhanced: Enhanced, axis: int | None
) -> str | None:
    change = enhanced.result.change
    if change is None:
        return None
    dtype, before = enhanced.volume.voxels.dtype, enhanced.before
    if region is not None and enhanced.result.finer is not None:
        region = region.on_grid(before.shape, before.ijk_to_ras)
    place.kept.add(name, KeptRun(before, change, region, dtype, enhanced.report, axis))
    return name


def _options(params: Mapping[str, Any]) -> Any:
    from GANEnhanceLib.inference import EnhanceOptions

    return EnhanceOptions.from_dict(params.get("options") or {})


def _model_name(params: Mapping[str, Any]) -> str:
    model = params.get("model")
    if not isinstance(model, str) or not model:
        raise WorkerError(f"The model is {model!r}.", 'Give its name, its path, or "auto".')
    return model


def _region(place: Workplace, params: Mapping[str, Any], volume: Volume) -> Region | None:
    from GANEnhanceLib.regions import region_from_dict

    return region_from_dict(
        params.get("region"), volume.shape, volume.ijk_to_ras, lambda name: read_array(place, name)
    )


def _scaling(params: Mapping[str, Any]) -> FittedScaling | None:
    from GANEnhanceLib.intensity import FittedScaling

    numbers = params.get("scaling")
    if numbers is None:
        return None
    try:
        return FittedScaling.from_dict(numbers)
    except (TypeError, KeyError, ValueError, GANEnhanceError) as error:
        raise OptionError(
            f"The scaling is {str(numbers)[:120]}, which is not one ({protocol.first_line(error)}).",
            'Give the "scaling" of an earlier report, or null.',
        ) from error


def _frame_of_blend(run: KeptRun, params: Mapping[str, Any]) -> tuple[Any, int | None]:
    """Return the box of the voxels wanted, and the array axis to be taken out of it (None: none)."""
    if params.get("axis") is None and params.get("index") is None:
        return run.change.frame, run.axis
    axis, index = _slice_of(params, run.volume.shape)
    number = AXES.index(axis)
    if run.axis is not None:
        own = run.change.frame[run.axis].start
        if (number, index) != (run.axis, own):
            raise OptionError(
                f"The slice is {axis} {index}, but only {AXES[run.axis]} {own} of this run was kept.",
                "Leave axis and index out, or preview the other slice.",
            )
    frame = list(run.change.frame)
    frame[number] = slice(index, index + 1)
    return tuple(frame), number


def _slice_of(params: Mapping[str, Any], shape: tuple[int, ...]) -> tuple[str, int]:
    axis, index = params.get("axis"), params.get("index")
    if axis not in AXES:
        raise OptionError(f"The axis of the slice is {axis!r}, but must be one of: {', '.join(AXES)}.")
    size = shape[AXES.index(axis)]
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < size:
        raise OptionError(
            f"The number of the slice is {index!r}, but the volume has slices 0 to {size - 1} along {axis}."
        )
    return axis, index


def _slice_roi(shape: tuple[int, ...], axis: str, index: int) -> list[list[int]]:
    roi = [[0, int(size)] for size in reversed(shape)]
    roi["ijk".index(axis)] = [index, index + 1]
    return roi
