"""The way of super-resolution: interpolated to the finer grid, refined, and brought back to the data.

1. The volume is brought to the finer grid with its own axes and corners by cubic B-splines, within slices
   whose k-space ended early by zero filling. For bounds, strength and reports this is "the input".
2. The network adds detail to slices that are cut across the refined axis, in both orientations, whose changes
   are averaged; so what it says of one slice must suit the other. The axis of the largest factor lies along
   the rows of the slices, as in the training.
3. Where the result, measured again with the model's slice profile, would not give the input within its
   noise, it is changed by the least that does (``finer.lattice``).
4. Where the grid of another volume was asked for, steps 1 to 3 give a grid as fine as that, which is then
   resampled.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import numpy as np

from GANEnhanceLib.errors import DeviceError, OptionError
from GANEnhanceLib.finer.grid import Grid
from GANEnhanceLib.finer.request import Finer, Wish, choose_grid
from GANEnhanceLib.finer.resample import resample
from GANEnhanceLib.inference.boxes import Box, inside, rows_of, shape_of, whole
from GANEnhanceLib.inference.memory import available_memory_mib
from GANEnhanceLib.inference.options import EnhanceOptions
from GANEnhanceLib.inference.progress import Outcome, Progress, one_of, together
from GANEnhanceLib.inference.share import Share
from GANEnhanceLib.inference.task import Task, room_for_doubt
from GANEnhanceLib.inference.voxels import write_filtered
from GANEnhanceLib.models import ModelCard, NetworkModel
from GANEnhanceLib.volume import Volume

Infer = Callable[[Task, NetworkModel], Generator[Progress, None, Outcome]]

_CHUNK_VOXELS = 2**20
_MIB = 2.0**20
# The interpolated volume, the sum of the passes and the pass at work; of another grid also two more.
_BYTES_A_VOXEL, _BYTES_ELSEWHERE = 12, 8
# Voxels around another grid that its splines notice.
_MARGIN = 12
_OF_NOISE_WITHIN = 0.4
"""Share of the estimated noise by which the result may disagree where k-space ended early: detail reads as
noise there (1.6 to 5 times too much on validation images; on thick slices of them 3 %). With more, one image
disagreed by more than its true noise; with less, more of that noise came back."""


@dataclass(frozen=True)
class Refining:
    """One run's grids, and its options as they are on the grid of the result.

    Attributes:
        finer: the grids.
        given: the input, only read.
        options: with the ROI in voxels of the result's grid.
    """

    finer: Finer
    given: Volume
    options: EnhanceOptions

    def as_described(self, volume: Volume) -> Volume:
        """Return a volume without voxels on the grid that the network sees, for the contract."""
        return _without_voxels(volume, self.finer.own)

    def on_target(self, volume: Volume) -> Volume:
        """Return a volume without voxels on the grid of the result."""
        return _without_voxels(volume, self.finer.target)

    def interpolate(self, volume: Volume) -> Generator[Progress, None, Volume]:
        """Bring the volume to the grid of the result, float32; yields progress.

        Raises DeviceError if there is no memory for it and what follows.
        """
        _check_memory(self.finer, self.options, volume)
        yield Progress("interpolating", 0.0)
        finer = self.finer
        if finer.is_elsewhere:
            lowest = min(float(part.min()) for part in volume.voxels)
            voxels = resample(volume.voxels, finer.given, finer.target, lowest)
        else:
            voxels = np.empty(finer.own.shape, np.float32)
            for fraction in finer.lattice.interpolate(volume.voxels, voxels):
                yield Progress("interpolating", fraction)
        return Volume(voxels, finer.target.matrix, volume.modality, volume.name)


def choose_refining(
    volume: Volume, card: ModelCard, options: EnhanceOptions, crop: bool = False
) -> Refining | None:
    """Return what a run on a finer grid needs; None for a model that keeps the grid.

    The ROI, in voxels of the input, becomes the voxels of the result whose centers lie in it. With ``crop``,
    an ROI of one slice becomes the one slice of the result that is nearest to its middle.

    Raises:
        OptionError: what is asked for is not for this model.
        InputError: the grid to be like lies outside of the volume.
    """
    finer = choose_grid(volume, card, Wish(options.scale, options.spacing, options.like))
    if finer is None:
        return None
    if options.axis is not None:
        raise OptionError(
            f"The axis is {options.axis!r}, but the model {card.name} takes slices across the refined axes.",
            "Leave the axis out.",
        )
    roi = None if options.roi is None else _fine_roi(options.roi, finer.factors, crop)
    return Refining(finer, volume, options.replace(roi=roi))


def cuts_of(finer: Finer, dimensions: int) -> tuple[int | None, ...]:
    """Return the array axes that slices are taken along, pass by pass; (None,) for a network in 3-D."""
    if dimensions == 3:
        return (None,)
    refined = finer.lattice.refined
    return tuple(axis for axis in range(3) if axis not in refined) or (0, 1, 2)


def memory_mib(finer: Finer, itemsize: int) -> float:
    """Return what the arrays of the finer grid take, in MiB; a voxel of the result has ``itemsize`` bytes."""
    size = finer.own.voxels * _BYTES_A_VOXEL + finer.target.voxels * itemsize
    if finer.is_elsewhere:
        size += finer.target.voxels * _BYTES_ELSEWHERE
    return size / _MIB


def refine_voxels(
    task: Task, model: NetworkModel, refining: Refining, infer: Infer
) -> Generator[Progress, None, Outcome]:
    """Refine the voxels of a task on the result's grid and write them; yields progress, closing it cancels.

    ``infer`` runs the network over a task on one grid.
    """
    finer = refining.finer
    if finer.is_elsewhere:
        around = finer.own.box_of(finer.target, _MARGIN)
        base = np.empty(finer.own.shape, np.float32)
        for _ in finer.lattice.interpolate(refining.given.voxels, base):
            yield Progress("interpolating", 1.0)
    else:
        around, base = task.box, task.volume.voxels
    box = finer.lattice.widened(around)
    values, doubt, outcome = yield from _run_passes(task, model, refining, base, box, infer)
    noise = task.facts.noise
    coarse = refining.given.voxels[finer.lattice.coarse_box(box)]
    before, after = yield from _consistent(finer, values, coarse, noise * _share_of_noise(finer))
    notes = outcome.notes
    if finer.is_elsewhere:
        if doubt is not None:
            doubt, _ = _elsewhere(doubt, box, finer, np.zeros(finer.target.shape, np.float32))
        values, outside = _elsewhere(values, box, finer, task.volume.voxels)
        box = whole(finer.target.shape)
        if outside:
            share = outside / finer.target.voxels
            notes = (
                *notes,
                f"{share:.1%} of the voxels lie outside of the input; they have its lowest value.",
            )
    for part in rows_of(task.box, _CHUNK_VOXELS):
        _write(task, part, values[inside(part, box)], None if doubt is None else doubt[inside(part, box)])
    misfit = {"noise": noise, "before": before, "after": after}
    return replace(outcome, notes=notes, finer={**finer.to_dict(), "misfit": misfit})


def _run_passes(
    task: Task, model: NetworkModel, refining: Refining, base: np.ndarray, box: Box, infer: Infer
) -> Generator[Progress, None, tuple[np.ndarray, np.ndarray | None, Outcome]]:
    """Run the network over the box once for each orientation.

    Returns the mean and the mean of the doubts (the error of a mean is at most the mean of the errors), both
    float32, and what it took.
    """
    finer, dimensions = refining.finer, model.card.network.dimensions
    # The axis of the largest factor comes first, so that it lies along the rows of all slices across others.
    factors = finer.factors[::-1]
    order = tuple(sorted(range(3), key=lambda axis: -factors[axis]))
    if dimensions == 3:  # whose rows come second
        order = (order[2], order[0], order[1])
    passes = cuts_of(finer, dimensions)
    total, doubt, outcomes = None, None, []
    for number, axis in enumerate(passes):
        turned = _turned(task, base, box, order, axis, finer.own)
        outcomes.append((yield from one_of(infer(turned, model), number, len(passes))))
        if total is None:
            total, doubt = turned.target, turned.doubt
        else:
            total += turned.target
            if doubt is not None:
                doubt += turned.doubt
    total /= np.float32(len(passes))
    back = np.argsort(order)
    if doubt is not None:
        doubt = np.transpose(doubt / np.float32(len(passes)), back)
    return np.transpose(total, back), doubt, together(outcomes)


def _turned(
    task: Task, base: np.ndarray, box: Box, order: tuple[int, ...], axis: int | None, grid: Grid
) -> Task:
    """Return the task of one pass: on the finer grid with its axes in another order, of full strength."""
    shape = tuple(box[each] for each in order)
    columns = [2 - each for each in reversed(order)]
    matrix = grid.matrix[:, [*columns, 3]]
    volume = Volume(np.transpose(base, order), matrix, task.volume.modality, task.volume.name)
    options = task.options.replace(
        axis=None if axis is None else "kji"[order.index(axis)],
        patch=None if task.options.patch is None else tuple(task.options.patch[each] for each in order),
        roi=tuple((part.start, part.stop) for part in reversed(shape)),
        strength=1.0,
        output_type="float32",
    )
    target = np.empty(shape_of(shape), np.float32)
    doubt = None if task.doubt is None else room_for_doubt(shape_of(shape))
    return Task(volume, task.facts, options, task.scaling, Share(1.0), shape, shape, target, None, (), doubt)


def _consistent(
    finer: Finer, values: np.ndarray, coarse: np.ndarray, limit: float
) -> Generator[Progress, None, tuple[float, float]]:
    steps = finer.lattice.make_consistent(values, coarse, limit)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        yield Progress("agreeing", 1.0)


def _share_of_noise(finer: Finer) -> float:
    profiles = finer.lattice.profiles
    return _OF_NOISE_WITHIN if any(profiles[axis] == "kspace" for axis in finer.lattice.refined) else 1.0


def _elsewhere(values: np.ndarray, box: Box, finer: Finer, base: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the values of a box of the finer grid on the grid that was to be like; outside, its base.

    Returned with them is how many voxels lie outside.
    """
    matrix = finer.own.matrix
    matrix[:3, 3] += matrix[:3, :3] @ [part.start for part in reversed(box)]
    there = resample(values, Grid.make(shape_of(box), matrix), finer.target, math.nan)
    outside = np.isnan(there)
    np.copyto(there, base, where=outside)
    return there, int(np.count_nonzero(outside))


def _write(task: Task, part: Box, values: np.ndarray, doubt: np.ndarray | None) -> None:
    if task.change is not None:
        task.change.array[inside(part, task.box)] = values
    share = task.share.of(task.share.weights(part))
    source = task.volume.voxels[part]
    write_filtered(source, task.target[inside(part, task.frame)], values, share)
    if doubt is not None:
        share = np.asarray(share, np.float32)
        taken = (1 - share) * np.abs(values - source)
        task.doubt[inside(part, task.frame)] = np.where(share > 0, np.maximum(doubt, 0) + taken, 0)


def _without_voxels(volume: Volume, grid: Grid) -> Volume:
    """All voxels are one zero."""
    voxels = np.broadcast_to(np.zeros((), volume.voxels.dtype), grid.shape)
    return Volume(voxels, grid.matrix, volume.modality, volume.name)


def _fine_roi(roi: tuple, factors: tuple[float, float, float], crop: bool) -> tuple:
    fine = []
    for (start, stop), factor in zip(roi, factors, strict=True):
        if crop and stop - start == 1:
            middle = math.floor((start + 0.5) * factor)
            fine.append((middle, middle + 1))
        else:
            fine.append((math.ceil(start * factor - 0.5), math.ceil(stop * factor - 0.5)))
    return tuple(fine)


def _check_memory(finer: Finer, options: EnhanceOptions, volume: Volume) -> None:
    itemsize = 4 if options.output_type == "float32" else volume.voxels.dtype.itemsize
    needed, free = memory_mib(finer, itemsize), available_memory_mib()
    if free is None or needed <= free:
        return
    shown = " x ".join(str(size) for size in reversed(finer.own.shape))
    raise DeviceError(
        f"The finer grid of {shown} voxels needs about {needed:.0f} MiB of memory, but {free:.0f} MiB are"
        " free.",
        "Ask for a smaller scale, crop the volume, or close other programs.",
    )
