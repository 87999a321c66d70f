"""The way of slices that are finer than those a network learned from: seen on a coarser grid.

The residual is brought back to the volume's own grid before anything is written, so bound, strength, region
and doubt see it as they see any other; see `models.coarser`. The noise of the finest detail stays in the
result, so the doubt grows by it.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np

from GANEnhanceLib.inference.boxes import Box, inside, shape_of
from GANEnhanceLib.inference.content import bound_of_run
from GANEnhanceLib.inference.directions import Infer, ResidualSum
from GANEnhanceLib.inference.options import EnhanceOptions
from GANEnhanceLib.inference.progress import Outcome, Progress
from GANEnhanceLib.inference.task import Task, room_for
from GANEnhanceLib.inference.voxels import VoxelWriter
from GANEnhanceLib.intensity import FittedScaling
from GANEnhanceLib.metrics.noise import MEDIAN_TO_SIGMA
from GANEnhanceLib.models import ModelCard, NetworkModel
from GANEnhanceLib.models.coarser import Coarser
from GANEnhanceLib.volume import Volume

_SIGMA_TO_QUANTILE = 1.645
"""The |x| of a normal distribution that 90 % are below, in standard deviations."""


def seen_coarser(
    volume: Volume, box: Box, card: ModelCard, options: EnhanceOptions, coarser: Coarser
) -> tuple[Volume, Box, EnhanceOptions, slice]:
    """Return volume (without voxels yet), box and options on the coarser grid, and which slices it holds.

    These are the slices of the box and the neighbors that the network looks at; the box has all of each.
    """
    axis, reach = coarser.axis, card.network.channels_in // 2
    along = box[axis]
    shown = slice(max(0, along.start - reach), min(volume.shape[axis], along.stop + reach))
    shape = list(coarser.coarse)
    shape[axis] = shown.stop - shown.start
    part = [slice(0, size) for size in shape]
    part[axis] = slice(along.start - shown.start, along.stop - shown.start)
    seen = Volume(np.broadcast_to(np.float32(0), shape), np.eye(4), volume.modality, volume.name)
    return seen, tuple(part), options.replace(axis="kji"[axis], roi=None), shown


def enhance_coarser(
    task: Task, model: NetworkModel, coarser: Coarser, infer: Infer
) -> Generator[Progress, None, Outcome]:
    """Run the network over slices of the coarser grid and write what it gives on the volume's own.

    ``infer`` runs the network over a task. Yields progress, closing it cancels.
    """
    card, axis = model.card, coarser.axis
    scaling = task.scaling or task.facts.fit(card.scaling)
    volume, box, options, shown = seen_coarser(task.volume, task.box, card, task.options, coarser)
    advice = "Close other programs, or crop the volume."
    voxels = room_for(volume.shape, "the coarser slices", advice)
    given = task.volume.voxels[_along(axis, shown)]
    for number in range(volume.shape[axis]):
        row = _along(axis, slice(number, number + 1))
        voxels[row] = coarser.thinned(given[row])
        yield Progress("loading", 0.0)
    total = room_for((2 if task.doubt is not None else 1, *shape_of(box)), "the residuals", advice)
    coarse = replace(
        task,
        volume=volume.with_voxels(voxels),
        options=options,
        scaling=scaling,
        box=box,
        frame=box,
        change=None,
        into=ResidualSum(list(total), box),
    )
    outcome = yield from infer(coarse, model)
    writer = VoxelWriter.of_task(task, scaling, bound_of_run(task.facts, card, task.options, scaling))
    plane = tuple(slice(0, size) for size in coarser.fine)
    for number in range(shape_of(box)[axis]):
        place = task.box[axis].start + number
        part = _with(task.box, axis, slice(place, place + 1))
        cut = inside(part, _with(plane, axis, part[axis]))
        row = _along(axis, slice(number, number + 1))
        made = [coarser.widened(channel[row]) for channel in total]
        if task.doubt is not None:
            seen = _along(axis, slice(place - shown.start, place - shown.start + 1))
            finest = _finest_noise(given[seen], voxels[seen], coarser, scaling)
            made[1] = np.hypot(made[1], _SIGMA_TO_QUANTILE * finest)
        writer.write(part, *(channel[cut] for channel in made))
        yield Progress("enhancing", 1.0)
    sizes = " x ".join(f"{size}" for size in reversed(coarser.coarse))
    note = f"The slices are finer than those that the model learned from; it saw {sizes} voxels."
    return replace(outcome, bound_hits=writer.bound_hits, notes=(*outcome.notes, note))


def _finest_noise(
    fine: np.ndarray, coarse: np.ndarray, coarser: Coarser, scaling: FittedScaling
) -> np.float32:
    """Return the deviation of the noise of a slice that was never shown to the network, in scaled units.

    It is the finest part of what the slice holds, most of which has no edges (median absolute deviation).
    """
    left_out = scaling.forward(fine) - scaling.forward(coarser.widened(coarse))
    return np.float32(MEDIAN_TO_SIGMA * np.median(np.abs(left_out)))


def _along(axis: int, span: slice) -> Box:
    return tuple(span if each == axis else slice(None) for each in range(3))


def _with(box: Box, axis: int, span: slice) -> Box:
    return tuple(span if each == axis else part for each, part in enumerate(box))
