"""The way of a model whose card asks for several passes: each residual is one opinion, the mean is applied.

Residuals are added up in scaled units before anything is written, so bound, strength, region and doubt see
one residual, as they do of a single pass, and a network that changes nothing still gives the input bit for
bit.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np

from GANEnhanceLib.errors import DeviceError
from GANEnhanceLib.inference.backends import forget_backends
from GANEnhanceLib.inference.boxes import Box, inside, rows_of, shape_of
from GANEnhanceLib.inference.content import bound_of_run
from GANEnhanceLib.inference.options import EnhanceOptions
from GANEnhanceLib.inference.progress import Outcome, Progress
from GANEnhanceLib.inference.task import Task
from GANEnhanceLib.inference.voxels import VoxelWriter
from GANEnhanceLib.intensity import FittedScaling
from GANEnhanceLib.models import NetworkModel
from GANEnhanceLib.models.passes import Pass
from GANEnhanceLib.volume import Volume

Infer = Callable[[Task, NetworkModel], Generator[Progress, None, Outcome]]

_CHUNK_VOXELS = 2**18
_LARGE_BYTES = 2**26
"""Of the sum: from here on compiling again for each pass takes little of the time, and what is kept compiled
takes memory that the sum needs."""


class ResidualSum:
    """Adds up what the passes give for the voxels of a box; ``of_pass`` is where one of them writes."""

    def __init__(self, box: Box, doubt: bool) -> None:
        """Make room for the box; DeviceError if there is none."""
        self.box = box
        try:
            self.values = np.zeros((1 + doubt, *shape_of(box)), np.float32)
        except MemoryError as error:
            size = 4 * (1 + doubt) * int(np.prod(shape_of(box), dtype=np.int64))
            raise DeviceError(
                f"There is no memory for the residuals of {size / 2**20:.0f} MiB.",
                "Close other programs, crop the volume, or take one pass with the axis acquisition.",
            ) from error
        self._turned, self._within = list(self.values), box

    def of_pass(self, each: Pass, shape: tuple[int, int, int]) -> ResidualSum:
        """Return the same sum as a pass over a volume of that shape sees it."""
        seen = object.__new__(ResidualSum)
        seen.box, seen.values = self.box, self.values
        seen._turned = [each.turn(channel) for channel in self.values]
        seen._within = each.turn_box(self.box, shape)
        return seen

    def write(self, box: Box, residual: np.ndarray, doubt: np.ndarray | None = None) -> None:
        """Add the residual of a box (k, j, i) of the pass, and its doubt, scaled units."""
        for channel, values in zip(self._turned, (residual, doubt), strict=False):
            channel[inside(box, self._within)] += values


def average_passes(
    task: Task, model: NetworkModel, passes: tuple[Pass, ...], infer: Infer
) -> Generator[Progress, None, Outcome]:
    """Run the passes and write the mean of what they give; yields progress, closing it cancels.

    ``infer`` runs the network over a task along one axis.
    """
    scaling = task.scaling or task.facts.fit(model.card.scaling)
    total = ResidualSum(task.box, task.doubt is not None)
    outcomes = []
    for number, each in enumerate(passes):
        if number > 0 and total.values.nbytes > _LARGE_BYTES:
            forget_backends()
        steps = infer(_seen_by(task, each, scaling, total), model)
        outcomes.append((yield from _part_of_progress(steps, number, len(passes))))
    total.values /= np.float32(len(passes))
    bound = bound_of_run(task.facts, model.card, task.options, scaling)
    writer = VoxelWriter.of_task(task, scaling, bound)
    for part in rows_of(task.box, _CHUNK_VOXELS):
        writer.write(part, *(channel[inside(part, task.box)] for channel in total.values))
    return replace(_together(outcomes), bound_hits=writer.bound_hits)


def turned(
    volume: Volume, box: Box, options: EnhanceOptions, each: Pass
) -> tuple[Volume, Box, EnhanceOptions]:
    """Return volume, box and options as a pass sees them."""
    # Nothing of a pass looks at the place of the volume: the axis is named, and the facts are the volume's.
    seen = Volume(each.turn(volume.voxels), np.eye(4), volume.modality, volume.name)
    patch = None if options.patch is None else each.turn_triple(options.patch)
    options = options.replace(axis="kji"[each.axis], patch=patch, roi=None)
    return seen, each.turn_box(box, volume.shape), options


def _seen_by(task: Task, each: Pass, scaling: FittedScaling, total: ResidualSum) -> Task:
    """Return the task of one pass, which only adds to the sum."""
    volume, box, options = turned(task.volume, task.box, task.options, each)
    into = total.of_pass(each, task.volume.shape)
    return replace(
        task,
        volume=volume,
        options=options,
        scaling=scaling,
        box=box,
        frame=box,
        change=None,
        into=into,
    )


def _part_of_progress(
    steps: Generator[Progress, None, Outcome], number: int, count: int
) -> Generator[Progress, None, Outcome]:
    """Pass progress on as that of one of several equal parts, and return what the part returns."""
    try:
        while True:
            progress = next(steps)
            left = progress.seconds_left
            if left is not None and 0 < progress.fraction < 1:
                left *= 1 + (count - number - 1) / (1 - progress.fraction)
            yield replace(progress, fraction=(number + progress.fraction) / count, seconds_left=left)
    except StopIteration as end:
        return end.value
    finally:
        steps.close()


def _together(outcomes: list[Outcome]) -> Outcome:
    """Add up the work; it is told in blocks of the first pass's size."""
    size = outcomes[0].work[1]
    voxels = sum(count * each for count, each in (outcome.work for outcome in outcomes))
    return replace(
        outcomes[0],
        seconds=sum(outcome.seconds for outcome in outcomes),
        notes=tuple(dict.fromkeys(note for outcome in outcomes for note in outcome.notes)),
        work=(round(voxels / size), size),
    )
