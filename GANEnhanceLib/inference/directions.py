"""The way of a model whose card asks for several passes: each residual is one opinion, the mean is applied.

Residuals are added up in scaled units before anything is written, so bound, strength, region and doubt see
one residual, as they do of a single pass, and a network that changes nothing still gives the input bit for
bit.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np

from GANEnhanceLib.inference.backends import forget_backends
from GANEnhanceLib.inference.boxes import Box, inside, rows_of, shape_of
from GANEnhanceLib.inference.content import bound_of_run
from GANEnhanceLib.inference.options import EnhanceOptions
from GANEnhanceLib.inference.progress import Outcome, Progress, one_of, together
from GANEnhanceLib.inference.task import Task, room_for
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
    """Adds what one pass gives for the voxels of a box to the sum over all passes.

    Args:
        channels: (1 or 2, k, j, i), the sums of residuals and of doubts, as the pass sees them.
        box: that they are of, as the pass sees it.
    """

    bound_hits = 0

    def __init__(self, channels: list[np.ndarray], box: Box) -> None:
        """Make the adder of a pass; see the class for the arguments."""
        self._channels, self._box = channels, box

    def write(self, box: Box, made: np.ndarray, doubt: np.ndarray | None = None) -> None:
        """Add the residual of a box (k, j, i) of the pass, and its doubt, scaled units."""
        for channel, values in zip(self._channels, (made, doubt), strict=False):
            channel[inside(box, self._box)] += values


def average_passes(
    task: Task, model: NetworkModel, passes: tuple[Pass, ...], infer: Infer
) -> Generator[Progress, None, Outcome]:
    """Run the passes and write the mean of what they give; yields progress, closing it cancels.

    ``infer`` runs the network over a task along one axis.
    """
    scaling = task.scaling or task.facts.fit(model.card.scaling)
    total = room_for(
        (2 if task.doubt is not None else 1, *shape_of(task.box)),
        "the residuals",
        "Close other programs, crop the volume, or take one pass with the axis acquisition.",
    )
    outcomes = []
    for number, each in enumerate(passes):
        if number > 0 and total.nbytes > _LARGE_BYTES:
            forget_backends()
        steps = infer(_seen_by(task, each, scaling, total), model)
        outcomes.append((yield from one_of(steps, number, len(passes))))
    total /= np.float32(len(passes))
    bound = bound_of_run(task.facts, model.card, task.options, scaling)
    writer = VoxelWriter.of_task(task, scaling, bound)
    for part in rows_of(task.box, _CHUNK_VOXELS):
        writer.write(part, *(channel[inside(part, task.box)] for channel in total))
    return replace(together(outcomes), bound_hits=writer.bound_hits)


def turned(
    volume: Volume, box: Box, options: EnhanceOptions, each: Pass
) -> tuple[Volume, Box, EnhanceOptions]:
    """Return volume, box and options as a pass sees them."""
    # Nothing of a pass looks at the place of the volume: the axis is named, and the facts are the volume's.
    seen = Volume(each.turn(volume.voxels), np.eye(4), volume.modality, volume.name)
    patch = None if options.patch is None else each.turn_triple(options.patch)
    options = options.replace(axis="kji"[each.axis], patch=patch, roi=None)
    return seen, each.turn_box(box, volume.shape), options


def _seen_by(task: Task, each: Pass, scaling: FittedScaling, total: np.ndarray) -> Task:
    """Return the task of one pass, which only adds to the sum."""
    volume, box, options = turned(task.volume, task.box, task.options, each)
    return replace(
        task,
        volume=volume,
        options=options,
        scaling=scaling,
        box=box,
        frame=box,
        change=None,
        into=ResidualSum([each.turn(channel) for channel in total], box),
    )
