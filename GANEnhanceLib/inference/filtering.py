"""The way of a classical filter: it works in value units, on all voxels of a box."""

from __future__ import annotations

import math
import time
from collections.abc import Generator

import numpy as np

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.inference.boxes import inside, rows_of, shape_of
from GANEnhanceLib.inference.options import EnhanceOptions
from GANEnhanceLib.inference.progress import Outcome, Progress, seconds_left
from GANEnhanceLib.inference.task import Task
from GANEnhanceLib.inference.voxels import write_filtered
from GANEnhanceLib.models import ClassicalModel

FILTER_DEVICE = "CPU (classical filter)"
_CHUNK_VOXELS = 2**20


def filter_voxels(task: Task, model: ClassicalModel) -> Generator[Progress, None, Outcome]:
    """Run a filter and write its voxels; yields progress, closing it cancels."""
    began = time.perf_counter()
    steps = model.steps(task.volume, task.box)
    try:
        while True:
            fraction = next(steps)
            yield Progress("enhancing", float(fraction), seconds_left=seconds_left(began, fraction))
    except StopIteration as end:
        filtered = end.value
    finally:
        steps.close()
    seconds = time.perf_counter() - began
    voxels = task.volume.voxels
    for part in rows_of(task.box, _CHUNK_VOXELS):
        values = filtered[inside(part, task.box)]
        if not np.isfinite(values).all():
            raise GANEnhanceError(
                f"The filter {model.card.name} gave values that are not numbers (NaN or infinite).",
                "Choose another model.",
            )
        if task.change is not None:
            task.change.array[inside(part, task.box)] = values
        share = task.share.of(task.share.weights(part))
        write_filtered(voxels[part], task.target[inside(part, task.frame)], values, share)
    work = 1, math.prod(shape_of(task.box))
    return Outcome(FILTER_DEVICE, seconds, _notes(model, task.options), work=work)


def _notes(model: ClassicalModel, options: EnhanceOptions) -> tuple[str, ...]:
    """Say which options the filter has no use for, so that nobody believes they worked."""
    name = model.card.name
    unused = ("mode", "axis", "fidelity", "patch", "overlap", "blend", "bound")
    notes = [f"The filter {name} has no {what}." for what in unused if getattr(options, what) is not None]
    if options.device not in ("auto", "cpu"):
        notes.append(f"The filter {name} ran on the CPU, not on {options.device}.")
    return tuple(notes)
