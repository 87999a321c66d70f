"""The engine: one generator that enhances a volume with any model, for every front end.

``enhance`` yields progress and returns the result; closing it cancels. Voxels are read block by block in
the input's own type and written into one array of the output's type, so the memory is input, output and one
layer of blocks. The result depends on the volume, the model and the options only: a region, a single slice
and the whole volume give the same voxels, bit for bit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from GANEnhanceLib.errors import DeviceError, ModelError, OptionError
from GANEnhanceLib.inference.backends import Request, acquire_backend, forget_backends, keep_backend
from GANEnhanceLib.inference.boxes import Box, is_empty
from GANEnhanceLib.inference.change import Change
from GANEnhanceLib.inference.coarsened import enhance_coarser, seen_coarser
from GANEnhanceLib.inference.content import bound_of_run, find_content
from GANEnhanceLib.inference.devices import devices_for, usable_threads
from GANEnhanceLib.inference.directions import average_passes, turned
from GANEnhanceLib.inference.facts import VolumeFacts
from GANEnhanceLib.inference.filtering import filter_voxels
from GANEnhanceLib.inference.finer import Refining, choose_refining, refine_voxels
from GANEnhanceLib.inference.inside import find_inside
from GANEnhanceLib.inference.memory import OutOfMemory, Rung, step_down
from GANEnhanceLib.inference.options import EnhanceOptions
from GANEnhanceLib.inference.plan import (
    DEFAULT_PATCH,
    Plan,
    exact_overlap,
    plan_patches,
    plan_slices,
    slice_axis,
    view_of,
)
from GANEnhanceLib.inference.progress import Outcome, Progress, seconds_left
from GANEnhanceLib.inference.stream import Stream
from GANEnhanceLib.inference.task import Task, check_scaling, crop_volume, make_task
from GANEnhanceLib.inference.voxels import BlockReader, ResidualWriter, VoxelWriter
from GANEnhanceLib.intensity import FittedScaling
from GANEnhanceLib.models import ClassicalModel, Model, ModelCard, NetworkModel
from GANEnhanceLib.models.coarser import coarser_of
from GANEnhanceLib.models.passes import passes_of_model
from GANEnhanceLib.regions import Region
from GANEnhanceLib.trust import Verdict, check_contract, make_provenance
from GANEnhanceLib.volume import Volume

_GPU_BATCH_VOXELS = 2**20


@dataclass(frozen=True)
class EnhanceResult:
    """What a run gives.

    Attributes:
        volume: the enhanced volume, on the input's grid or on the finer one.
        source: the input on the grid that ``frame`` and ``box`` count on: itself, or interpolated.
        finer: of super-resolution: shape, spacing and factors of the finer grid, and its misfit; else None.
        doubt: where it was asked for: how far each voxel of ``volume`` may be wrong, on the same grid,
            float32, value units. A share of the voxels that the card states (0.9) has a true error below it,
            if the volume is like those that were measured. With a strength below 1, or where the change was
            bounded, it is larger by what was taken from the network's change, and so is the share. 0 where
            nothing was computed or the voxel was not the network's to change: there it says nothing.
        provenance: from ``trust.make_provenance``.
        seconds: wall time of the whole run.
        seconds_in_network: wall time in which the network had blocks to work on.
        device: for people, for example ``OpenVINO on the CPU (bfloat16)``.
        notes: one line for each step down, fall-back and warning.
        bound_hits: voxels whose change was cut to the bound.
        verdict: the contract's.
        scaling: fitted to the volume, or as given; None for classical models.
        box: voxels (k, j, i) that were computed.
        frame: voxels that ``volume`` holds: all, or the ROI where it was asked to be cropped.
        region: summary of the region, or None.
        change: what was kept, or None.
        work: number of blocks that were computed, and voxels of each.
    """

    volume: Volume
    source: Volume
    provenance: dict
    seconds: float
    seconds_in_network: float
    device: str
    notes: tuple[str, ...]
    bound_hits: int
    verdict: Verdict
    scaling: FittedScaling | None
    box: Box
    frame: Box
    region: dict | None = None
    change: Change | None = None
    work: tuple[int, int] = (0, 0)
    finer: dict | None = None
    doubt: Volume | None = None


def run(
    volume: Volume,
    model: Model,
    options: EnhanceOptions | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    **more: Any,
) -> EnhanceResult:
    """Run :func:`enhance` to its end and return the result; ``on_progress`` sees each step.

    ``more`` are the other arguments of :func:`enhance`.
    """
    steps = enhance(volume, model, options, **more)
    try:
        while True:
            progress = next(steps)
            if on_progress is not None:
                on_progress(progress)
    except StopIteration as end:
        return end.value
    finally:
        steps.close()


def enhance(
    volume: Volume,
    model: Model,
    options: EnhanceOptions | None = None,
    *,
    region: Region | None = None,
    scaling: FittedScaling | None = None,
    keep: Path | None = None,
    crop: bool = False,
    facts: VolumeFacts | None = None,
) -> Generator[Progress, None, EnhanceResult]:
    """Enhance a volume; yields progress, returns the result, and cancels when it is closed.

    The scaling is fitted to the whole volume, and a region of interest sees the voxels around it. Outside
    the region, and where the scaling or the network leaves a voxel alone, the result is the input exactly.
    The volume is only read. A model for super-resolution gives the finer grid that the options ask for; its
    input is the volume interpolated onto it (see ``inference.finer``).

    Args:
        volume: what to enhance.
        model: from ``models.load_model``.
        options: see :class:`EnhanceOptions`; default options if None.
        region: where; its weights, 0 to 1, are multiplied with the strength. None: everywhere.
        scaling: to be used instead of one that is fitted to this volume, for frames of one sequence.
        keep: a file, not there yet, to keep the change in, for ``change.blend_change``.
        crop: give a volume that holds the voxels of ``options.roi`` only.
        facts: what is known of the volume already.

    Raises:
        OptionError: an option that is not allowed, or not for this model.
        InputError: a volume or region that cannot be used; ContractError: a volume that the model refuses.
        ModelError: weights that cannot be used.
        DeviceError: a device that is not there or has no memory even for the smallest block.
        GANEnhanceError: the network gave NaN or infinite values.
    """
    options = EnhanceOptions() if options is None else options
    began = time.perf_counter()
    options.validate(volume.shape)
    _check_doubt(options, model.card)
    yield Progress("checking", 0.0)
    facts = VolumeFacts(volume) if facts is None else facts
    facts.check_usable()
    refining = choose_refining(volume, model.card, options, crop)
    verdict = check_contract(
        volume if refining is None else refining.as_described(volume),
        model.card,
        facts.value_range if "value_range" in model.card.contract else None,
    )
    verdict.raise_if_refused()
    check_scaling(scaling, model.card)
    inside, finding = find_inside(volume, model.card, options, facts)
    if finding is not None:
        verdict = Verdict((*verdict.findings, finding))
    verdict = Verdict((*verdict.findings, *find_content(facts, model)))
    source, asked = volume, options
    if refining is not None:
        source = yield from refining.interpolate(volume)
        asked = refining.options
        region = None if region is None else region.on_grid(source.shape, source.ijk_to_ras)
    task = make_task(source, asked, facts, region, scaling, keep, crop, volume.voxels.dtype, inside)
    try:
        outcome = yield from _way(task, model, refining)
        yield Progress("finishing", 1.0)
        provenance = make_provenance(
            model,
            volume,
            options,
            region=None if region is None else region.summary(),
            scaling=outcome.scaling,
            device=outcome.device,
            verdict=verdict,
            bound_hits=outcome.bound_hits,
            input_sha256=facts.sha256,
            finer=outcome.finer,
        )
    except BaseException:
        if task.change is not None:
            task.change.remove()
        raise
    if task.change is not None and refining is None:
        task.change.scaling = outcome.scaling
    frame = crop_volume(source, task.frame)
    return EnhanceResult(
        volume=frame.with_voxels(task.target),
        source=source,
        provenance=provenance,
        seconds=time.perf_counter() - began,
        seconds_in_network=outcome.seconds,
        device=outcome.device,
        notes=(*task.notes, *([inside.note] if inside and inside.note else []), *outcome.notes),
        bound_hits=outcome.bound_hits,
        verdict=verdict,
        scaling=outcome.scaling,
        box=task.box,
        frame=task.frame,
        region=provenance.get("region"),
        change=task.change,
        work=outcome.work,
        finer=outcome.finer,
        doubt=None if task.doubt is None else frame.with_voxels(task.doubt),
    )


def _way(task: Task, model: Model, refining: Refining | None) -> Generator[Progress, None, Outcome]:
    if is_empty(task.box):
        note = "The region does not touch what was asked for, so the voxels are the input's."
        finer = None if refining is None else refining.finer.to_dict()
        return Outcome("nothing had to run", 0.0, (note,), finer=finer)
    if refining is not None:
        return (yield from refine_voxels(task, model, refining, _infer))
    if isinstance(model, ClassicalModel):
        return (yield from filter_voxels(task, model))
    passes = passes_of_model(task.volume, model.card, task.options.axis)
    if len(passes) > 1:
        _check_mode(task.options, model.card)
        return (yield from average_passes(task, model, passes, _infer))
    coarser = coarser_of(task.volume, model.card, passes[0].axis)
    if coarser is not None:
        return (yield from enhance_coarser(task, model, coarser, _infer))
    return (yield from _infer(task, model))


def _infer(task: Task, model: NetworkModel) -> Generator[Progress, None, Outcome]:
    card, options = model.card, task.options
    _check_mode(options, card)
    scaling = task.scaling or task.facts.fit(card.scaling)
    notes = _notes_on(scaling)
    devices = list(devices_for(model, options.device))
    rung = Rung(devices.pop(0), patch=options.patch or card.plan.patch)
    seconds = 0.0
    while True:
        plan = plan_run(task.volume, task.box, card, options, rung)
        rung = replace(rung, batch=rung.batch or _first_batch(rung.device, plan))
        job = _Job(task, model, scaling, plan, rung)
        try:
            yield Progress("loading", 0.0)
            yield from job.run()
            break
        except (OutOfMemory, MemoryError):
            if forget_backends():
                note = "There was not enough memory: networks of earlier runs were given up."
            else:
                rung, note = _step_down(rung, plan, card, options)
        except DeviceError as error:
            # What auto took looked well from outside; the next one may do.
            if not devices or job.has_begun:
                raise
            note = f"{error.sentence} The device {devices[0]} runs instead."
            rung = Rung(devices.pop(0), patch=options.patch or card.plan.patch)
        seconds += job.seconds
        notes.append(note)
        yield Progress("loading", 0.0, note)
    work = len(plan.blocks), math.prod(plan.size)
    return Outcome(job.label, seconds + job.seconds, (*notes, *job.notes), job.bound_hits, scaling, work)


def _notes_on(scaling: FittedScaling) -> list[str]:
    if scaling.floor == 0:
        return []
    brightness = (scaling.high - scaling.low) * math.sqrt(scaling.floor)
    return [
        f"The air shows the noise of several coils; the floor that it adds, {brightness:.3g} where there is"
        " no signal, was taken off."
    ]


class _Job:
    """One try to run a plan on a rung of the ladder."""

    def __init__(self, task: Task, model: NetworkModel, scaling: FittedScaling, plan: Plan, rung: Rung):
        self._task, self._model, self._scaling = task, model, scaling
        self._plan, self._rung = plan, rung
        self._stream: Stream | None = None
        self.label = ""
        self.notes: tuple[str, ...] = ()
        self.bound_hits = 0

    @property
    def has_begun(self) -> bool:
        return self._stream is not None

    @property
    def seconds(self) -> float:
        return self._stream.seconds_in_network if self._stream else 0.0

    def run(self) -> Generator[Progress, None, None]:
        task, card, plan, options = self._task, self._model.card, self._plan, self._task.options
        request = Request(
            device=self._rung.device,
            fidelity=card.fidelity_default if options.fidelity is None else float(options.fidelity),
            precision=options.precision,
            shape=_input_shape(plan, card, self._rung.batch),
            threads=usable_threads(options.threads),
            doubt=options.doubt,
        )
        backend = acquire_backend(self._model, request)
        self.label, self.notes = backend.label, backend.notes
        source = view_of(task.volume.voxels, plan.axis)
        reader = BlockReader(source, self._scaling, plan, card.network.dimensions)
        into = task.into
        if into is None:
            bound = bound_of_run(task.facts, card, options, self._scaling)
            into = VoxelWriter.of_task(task, self._scaling, bound)
        writer = ResidualWriter(into, plan, options.doubt)
        self._stream = Stream(backend, reader, writer, plan, self._rung.batch, options.doubt)
        yield Progress("enhancing", 0.0, f"Runs on {backend.label}.")
        began = time.perf_counter()
        with closing(self._stream.run()) as steps:
            for fraction in steps:
                yield Progress("enhancing", fraction, seconds_left=seconds_left(began, fraction))
        keep_backend(self._model, request, backend)
        self.bound_hits = into.bound_hits


def _check_doubt(options: EnhanceOptions, card: ModelCard) -> None:
    if options.doubt and card.doubt is None:
        raise OptionError(
            f"The model {card.name} has no doubt map.", "Leave the doubt out, or choose another model."
        )


def _check_mode(options: EnhanceOptions, card: ModelCard) -> None:
    allowed = _mode(card)
    if options.mode not in (None, allowed):
        raise OptionError(
            f"The mode is {options.mode!r}, but the model {card.name} has only the mode {allowed!r}.",
            "Leave the mode out, or choose another model.",
        )
    if allowed == "patches" and options.axis is not None:
        raise OptionError(
            f"The axis is {options.axis!r}, but the model {card.name} takes 3-D patches, which have no axis.",
            "Leave the axis out, or choose another model.",
        )


def _mode(card: ModelCard) -> str:
    if card.network is None:
        raise ModelError(f"The model {card.name} has no network.", "Install the model again.")
    if card.network.dimensions == 3:
        return "patches"
    return "slices" if card.network.channels_in == 1 else "slices25d"


def plan_run(volume: Volume, roi: Box, card: ModelCard, options: EnhanceOptions, rung: Rung) -> Plan:
    """Return the blocks that a network is run on for the voxels of a box; no voxel is looked at."""
    network = card.network
    blend = options.blend or card.plan.blend
    if network.dimensions == 3:
        patch = rung.patch or DEFAULT_PATCH
        overlap = _overlap(card, options, patch, (0, 1, 2))
        return plan_patches(volume.shape, roi, network.multiple, patch, overlap, blend)
    axis = slice_axis(volume, card, options)
    overlap = 0 if rung.patch is None else _overlap(card, options, rung.patch, _plane(axis))
    # With OpenVINO a window of a plane has the plane's own bits (measured, all precisions); PyTorch and GPUs
    # take other algorithms for other shapes.
    reach = network.receptive_field if rung.device == "openvino" else None
    if options.doubt and reach is not None:
        # The estimator looks farther, and folds its input by two, so windows must begin at even places.
        reach = reach + card.doubt.reach if network.multiple % 2 == 0 else None
    return plan_slices(
        volume.shape, roi, axis, network.channels_in, network.multiple, rung.patch, overlap, blend, reach
    )


def plans_of_run(
    volume: Volume, roi: Box, card: ModelCard, options: EnhanceOptions, rung: Rung
) -> list[Plan]:
    """Return the plan of each pass over the voxels of a box."""
    passes = passes_of_model(volume, card, options.axis)
    if len(passes) == 1:
        coarser = coarser_of(volume, card, passes[0].axis)
        if coarser is not None:
            volume, roi, options, _ = seen_coarser(volume, roi, card, options, coarser)
        return [plan_run(volume, roi, card, options, rung)]
    seen = [turned(volume, roi, options, each) for each in passes]
    return [plan_run(view, box, card, own, rung) for view, box, own in seen]


def _plane(axis: int) -> tuple[int, ...]:
    return tuple(other for other in range(3) if other != axis)


def _overlap(
    card: ModelCard, options: EnhanceOptions, patch: tuple[int, int, int], axes: tuple[int, ...]
) -> int:
    """As asked; else the card's; else what makes blocks equal to a run over the whole, if there is room."""
    if options.overlap is not None:
        return options.overlap
    asked = max(card.plan.overlap, 2 * card.plan.halo)
    sizes = [patch[axis] for axis in axes]
    return asked or exact_overlap(card.network.receptive_field, min(sizes), card.network.multiple)


def _step_down(rung: Rung, plan: Plan, card: ModelCard, options: EnhanceOptions) -> tuple[Rung, str]:
    size = list(plan.size[1:])
    size.insert(plan.axis, plan.size[0])
    axes = (0, 1, 2) if card.network.dimensions == 3 else _plane(plan.axis)
    overlap = _overlap(card, options, tuple(size), axes)
    return step_down(rung, tuple(size), axes, overlap, card.network.multiple)


def _first_batch(device: str, plan: Plan) -> int:
    """On a GPU several small blocks at once, on the CPU one: there batches leave the caches (measured)."""
    if device in ("cpu", "openvino"):
        return 1
    return max(1, min(16, _GPU_BATCH_VOXELS // math.prod(plan.size), len(plan.blocks)))


def _input_shape(plan: Plan, card: ModelCard, batch: int) -> tuple[int, ...]:
    if card.network.dimensions == 3:
        return (batch, 1, *plan.size)
    return (batch, card.network.channels_in, *plan.size[1:])
