"""The change of a run, kept in a file, and the blending of it with any strength, without the network.

What is kept is what the run had in its hands before the strength came in: the bounded residual in scaled
units, or the values of a filter, float32, of the box that was computed. Blending then goes the same way, with
the same functions, as the run itself, so the voxels are those of a run with that strength, bit for bit.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from GANEnhanceLib.inference.boxes import Box, common, inside, is_empty, rows_of, shape_of
from GANEnhanceLib.inference.inside import Inside
from GANEnhanceLib.inference.progress import Progress
from GANEnhanceLib.inference.share import Share
from GANEnhanceLib.inference.voxels import copy_as, write_changed, write_filtered
from GANEnhanceLib.intensity import FittedScaling

_CHUNK_VOXELS = 2**18
_BLOCK = bytes(2**20)


@dataclass(eq=False)
class Change:
    """The change of one run.

    Attributes:
        path: the file; no ``.npy``, only the numbers.
        box: the voxels (k, j, i) that were computed.
        array: float32, the shape of the box.
        frame: the voxels that the run's result holds.
        scaling: of the residual; None: the array holds the values of a filter.
        inside: where the model might change voxels; None: everywhere.
    """

    path: Path
    box: Box
    array: np.ndarray
    frame: Box
    scaling: FittedScaling | None = field(default=None)
    inside: Inside | None = None

    def remove(self) -> None:
        """Give the memory and the file back; harmless if they are gone.

        On Windows a file stays as long as somebody has it mapped.
        """
        self.array = np.empty((0, 0, 0), np.float32)
        with suppress(OSError):
            self.path.unlink()


def open_change(path: Path, box: Box, frame: Box) -> Change:
    """Make the file for the change of a box; OSError if there is no room for all of it.

    The room is taken at once: a memory-mapped file that runs out of disk later would end the process.
    """
    shape = shape_of(box)
    if is_empty(box):
        return Change(path, box, np.empty(shape, np.float32), frame)
    try:
        with open(path, "xb") as file:
            _take_room(file, 4 * int(np.prod(shape, dtype=np.int64)))
        array = np.memmap(path, np.float32, "r+", shape=shape)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Change(path, box, array, frame)


def blend_change(
    voxels: np.ndarray, dtype: np.dtype, change: Change, share: Share, frame: Box | None = None
) -> Generator[Progress, None, np.ndarray]:
    """Apply a share of a kept change; yields progress, returns the voxels of the frame as a new array.

    Args:
        voxels: the input of the run (k, j, i), unchanged.
        dtype: type of the run's result.
        change: what the run kept.
        share: strength and the run's region.
        frame: voxels wanted, within the run's own frame; None: all of that.
    """
    frame = change.frame if frame is None else frame
    share = share.within(change.inside)
    box = common(change.box, frame)
    if box == frame:
        target = np.empty(shape_of(frame), dtype)
    else:
        target = copy_as(voxels[frame], dtype)
    parts = [] if is_empty(box) else rows_of(box, _CHUNK_VOXELS)
    for number, part in enumerate(parts):
        yield Progress("blending", number / len(parts))
        source, result = voxels[part], target[inside(part, frame)]
        kept = change.array[inside(part, change.box)]
        applied = share.of(share.weights(part))
        if change.scaling is None:
            write_filtered(source, result, kept, applied)
        else:
            write_changed(source, result, change.scaling, kept, applied)
    return target


def _take_room(file, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
        return
    while size > 0:
        file.write(_BLOCK[:size])
        size -= len(_BLOCK)
