"""The way from voxels to scaled blocks and from residuals back to voxels, in pieces small enough for any
volume.

:class:`BlockReader` scales only what a block needs, and :class:`ResidualWriter` keeps the residuals of one
layer of blocks and turns its rows into voxels as soon as no later block can touch them. So beside input and
output only one layer is ever held. Residuals (network minus input, in scaled units) travel instead of
values: a network that changes nothing gives a residual of exactly 0, and the input comes back bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

import numpy as np

from GANEnhanceLib.inference.boxes import Box, inside
from GANEnhanceLib.inference.plan import Block, Plan, array_order
from GANEnhanceLib.inference.share import Share
from GANEnhanceLib.intensity import FittedScaling, to_dtype
from GANEnhanceLib.trust.bounds import bound_residual

if TYPE_CHECKING:
    from GANEnhanceLib.inference.task import Task

LARGEST_DOUBT = 1.0
"""Share of the reference range: more says no more."""
_CHUNK_VOXELS = 2**18


class BlockReader:
    """Fills network inputs with scaled voxels of a view (s, u, v); beyond its end the last voxel is repeated.

    Slices are scaled several at a time, each once: the slices of a stack are shared by its neighbors, and
    reading along the fastest axis slice by slice would fetch every cache line again and again.
    """

    def __init__(self, view: np.ndarray, scaling: FittedScaling, plan: Plan, dimensions: int):
        """Make a reader of ``view`` for the blocks of ``plan`` and a network of 2 or 3 ``dimensions``."""
        self._view = view
        self._scaling = scaling
        self._plan = plan
        self._dimensions = dimensions
        # The part of each plane that blocks read: with a window, not all of it.
        self._used = tuple(_extent(plan, axis) for axis in (1, 2))
        self._first = 0
        self._slab: np.ndarray | None = None
        self._empty: list[bool] = []

    def fill(self, block: Block, out: np.ndarray) -> bool:
        """Write the scaled voxels of a block into ``out``; return True if all of them are 0.

        ``out`` is float32, (channels, u, v) for 2-D networks and (1, s, u, v) for 3-D ones.
        """
        if self._dimensions == 3:
            return self._fill_volume(block, out[0])
        return self._fill_stack(block, out)

    def _fill_stack(self, block: Block, out: np.ndarray) -> bool:
        row, u, v = block.start
        context = self._plan.context
        rows = [min(max(row + step, 0), len(self._view) - 1) for step in range(-context, context + 1)]
        slab = self._scaled_rows(rows[0], rows[-1] + 1)
        u, v = u - self._used[0].start, v - self._used[1].start
        empty = True
        for channel, number in zip(out, rows, strict=True):
            part = slab[number - self._first, u : u + out.shape[1], v : v + out.shape[2]]
            channel[: part.shape[0], : part.shape[1]] = part
            empty = empty and self._empty[number - self._first]
        _repeat_edges(out, part.shape)
        return empty

    def _fill_volume(self, block: Block, out: np.ndarray) -> bool:
        box = tuple(slice(start, start + size) for start, size in zip(block.start, out.shape, strict=True))
        part = _scale(self._view[box], self._scaling)
        out[: part.shape[0], : part.shape[1], : part.shape[2]] = part
        out[part.shape[0] :] = out[part.shape[0] - 1]
        _repeat_edges(out, part.shape[1:])
        return not part.any()

    def _scaled_rows(self, first: int, last: int) -> np.ndarray:
        held = 0 if self._slab is None else len(self._slab)
        if first < self._first or last > self._first + held:
            self._load(first, last)
        return self._slab

    def _load(self, first: int, last: int) -> None:
        start, stop = self._plan.layers[0]
        useful = min(self._plan.roi[0].stop + self._plan.context, len(self._view))
        last = max(last, min(last + stop - start - 1, useful))
        self._slab = None  # before the next one is made, or two would be held
        self._slab = _scale(self._view[first:last, self._used[0], self._used[1]], self._scaling)
        self._first = first
        self._empty = [not row.any() for row in self._slab]


class RowsTaker(Protocol):
    """Takes finished rows of residuals; `bound_hits` voxels of them were cut to the bound."""

    bound_hits: int

    def write(self, box: Box, made: np.ndarray, doubt: np.ndarray | None = None) -> None:
        """Take the residual, and the doubt, of a box (k, j, i), float32, scaled units."""


class ResidualWriter:
    """Collects residuals block by block and hands finished rows on, to a `VoxelWriter` or a sum of passes.

    Args:
        into: takes them, with the box (k, j, i) that they are of.
        plan: whose blocks will come, in its order.
        doubt: blocks bring a second channel, their doubt.
    """

    def __init__(self, into: RowsTaker, plan: Plan, doubt: bool = False):
        """Make a writer; see the class for the arguments."""
        self._into, self._plan = into, plan
        self._plane = plan.roi[1:]
        height = max(stop - start for start, stop in plan.layers)
        shape = (1 + doubt, height, *(span.stop - span.start for span in self._plane))
        self._rows = np.zeros(shape, np.float32)
        self._layer = 0

    def add(self, block: Block, residual: np.ndarray) -> None:
        """Take the residual of a block, and its doubt where that is wanted.

        They are (1 or 2, s, u, v), float32, scaled units; blocks come in the plan's order.
        """
        if block.layer != self._layer:
            self._finish_before(self._plan.layers[block.layer][0])
            self._layer = block.layer
        base = (self._plan.layers[self._layer][0], *(span.start for span in self._plane))
        kept = [_common(tile.keep, span) for tile, span in zip(block.tiles, self._plan.roi, strict=True)]
        part = residual[(slice(None), *_shifted(kept, block.start))]
        place = self._rows[(slice(None), *_shifted(kept, base))]
        if self._plan.blend == "centre":
            place[...] = part
        else:
            place += part * _weights(block, kept)

    def finish(self) -> None:
        """Write the rows that are still held; to be called once, after the last block."""
        self._finish_before(self._plan.layers[self._layer][1])

    def _finish_before(self, row: int) -> None:
        first, last = self._plan.layers[self._layer]
        row = min(row, last)
        done, held = row - first, last - first
        for start, stop in _chunks(done, self._rows[0, 0].size):
            self._write(first + start, *self._rows[:, start:stop])
        self._rows[:, : held - done] = self._rows[:, done:held].copy()
        self._rows[:, held - done :] = 0

    def _write(self, first: int, *made: np.ndarray) -> None:
        axis = self._plan.axis
        box = (slice(first, first + len(made[0])), *self._plane)
        self._into.write(array_order(box, axis), *(np.moveaxis(each, 0, axis) for each in made))


class VoxelWriter:
    """Makes voxels of residuals: bounded, weighted, out of the scaled units and in the type of the target.

    Args:
        source: (k, j, i), the input; only read.
        target: array (k, j, i) of the result's frame.
        scaling: fitted to the whole volume.
        share: of the residual that is applied.
        bound: largest residual, scaled units.
        frame: voxels (k, j, i) that the target holds.
        box: voxels that will be written.
        kept: array of the box that bounded residuals are written into; None: nowhere.
        doubt: array of the frame, 0 all over, that the doubt of the result is written into, float32, value
            units (see ``write_doubt``); None: nowhere.
    """

    def __init__(
        self,
        source: np.ndarray,
        target: np.ndarray,
        scaling: FittedScaling,
        share: Share,
        bound: float,
        frame: Box,
        box: Box,
        kept: np.ndarray | None = None,
        doubt: np.ndarray | None = None,
    ):
        """Make a writer; see the class for the arguments."""
        self._source, self._target, self._scaling = source, target, scaling
        self._share, self._bound, self._frame, self._box = share, bound, frame, box
        self._kept, self._doubt = kept, doubt
        self.bound_hits = 0

    @classmethod
    def of_task(cls, task: Task, scaling: FittedScaling, bound: float) -> VoxelWriter:
        """Make the writer of a task's result, change and doubt."""
        kept = None if task.change is None else task.change.array
        return cls(
            task.volume.voxels,
            task.target,
            scaling,
            task.share,
            bound,
            task.frame,
            task.box,
            kept,
            task.doubt,
        )

    def write(self, box: Box, made: np.ndarray, doubt: np.ndarray | None = None) -> None:
        """Write the voxels of a box: ``made`` is the network's residual, ``doubt`` its own, scaled units."""
        residual = made
        weights = self._share.weights(box)
        if weights is not None:
            residual = residual * (weights > 0)
        residual, hits = bound_residual(residual, self._bound)
        self.bound_hits += hits
        if self._kept is not None:
            self._kept[inside(box, self._box)] = residual
        share = self._share.of(weights)
        source, place = self._source[box], inside(box, self._frame)
        write_changed(source, self._target[place], self._scaling, residual, share)
        if self._doubt is not None:
            write_doubt(source, self._doubt[place], self._scaling, made, share * residual, doubt, share)


def write_changed(
    source: np.ndarray,
    target: np.ndarray,
    scaling: FittedScaling,
    residual: np.ndarray,
    share: float | np.ndarray,
) -> None:
    """Write ``source`` + ``share`` * ``residual`` (scaled units) into ``target``, in its type.

    Where nothing changes, ``target`` is exactly ``source`` (as far as its type can hold it).
    """
    voxels = _floats(source)
    values = np.empty(voxels.shape, np.float32 if voxels.dtype == np.float32 else np.float64)
    scaling.apply_residual(voxels, residual, share, out=values)
    store(source, target, values)


def write_doubt(
    source: np.ndarray,
    target: np.ndarray,
    scaling: FittedScaling,
    made: np.ndarray,
    applied: np.ndarray,
    doubt: np.ndarray,
    share: float | np.ndarray,
) -> None:
    """Write the doubt of a result into ``target``, float32, value units.

    A network whose own output is off by at most ``doubt`` gives a result that is off by at most ``doubt``
    plus what lies between the two: what the strength, a region's edge and the bound took from its change. It
    is 0 where the voxel was not the network's to change.

    Args:
        source: the input.
        target: of the same shape.
        scaling: fitted to the whole volume.
        made: the network's residual, scaled units.
        applied: what of it was added to the input.
        doubt: of the network's output, scaled units; at most the reference range counts.
        share: of the residual that was applied; 0 outside of a region.
    """
    x = scaling.forward(_floats(source))
    # The network's own may come a little below 0 where blocks are blended in half precision.
    width = np.clip(doubt, 0.0, LARGEST_DOUBT * scaling.span) + np.abs(made - applied)
    width = np.where(scaling.inside(x) & (np.asarray(share) > 0), width, np.float32(0))
    if scaling.transform == "linear":
        target[...] = width * np.float32(scaling.high - scaling.low)
    else:
        target[...] = scaling.inverse(x + applied + width) - scaling.inverse(x + applied)


def write_filtered(
    source: np.ndarray, target: np.ndarray, filtered: np.ndarray, share: float | np.ndarray
) -> None:
    """Write ``source`` + ``share`` * (``filtered`` - ``source``) (value units) into ``target``, in its
    type.
    """
    exact = source.astype(np.float64)
    store(source, target, exact + share * (filtered - exact))


def store(source: np.ndarray, target: np.ndarray, values: np.ndarray) -> None:
    """Round, clip and write float ``values`` into ``target``; unchanged 64-bit integers stay exact."""
    target[...] = to_dtype(values, target.dtype)
    if source.dtype.kind in "iu" and source.dtype.itemsize == 8:
        np.copyto(target, source, where=values == source.astype(np.float64), casting="unsafe")


def copy_as(voxels: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return a copy in C order of another type; fractions are rounded for whole numbers."""
    dtype = np.dtype(dtype)
    if voxels.dtype.kind == "f" and dtype.kind in "iu":
        voxels = to_dtype(voxels, dtype)
    return np.array(voxels, dtype=dtype, order="C")


def _extent(plan: Plan, axis: int) -> slice:
    """The part of a view axis that any block of a plan lies on."""
    starts = [block.start[axis] for block in plan.blocks]
    return slice(min(starts), min(max(starts) + plan.size[axis], plan.shape[axis]))


def _scale(part: np.ndarray, scaling: FittedScaling) -> np.ndarray:
    return scaling.forward(_floats(part))


def _floats(part: np.ndarray) -> np.ndarray:
    """In C order, float32 where that holds the type exactly (arithmetic on small integers is slow)."""
    small = part.dtype.itemsize <= (4 if part.dtype.kind == "f" else 2)
    return np.ascontiguousarray(part, dtype=np.float32 if small else part.dtype)


def _repeat_edges(out: np.ndarray, inside: tuple[int, int]) -> None:
    height, width = inside
    out[:, height:, :width] = out[:, height - 1 : height, :width]
    out[:, :, width:] = out[:, :, width - 1 : width]


def _common(keep: slice, span: slice) -> slice:
    return slice(max(keep.start, span.start), min(keep.stop, span.stop))


def _shifted(box: list[slice], origin: tuple[int, int, int]) -> tuple[slice, ...]:
    return tuple(slice(s.start - first, s.stop - first) for s, first in zip(box, origin, strict=True))


def _weights(block: Block, kept: list[slice]) -> np.ndarray:
    s, u, v = (
        tile.weights[span.start - tile.start : span.stop - tile.start]
        for tile, span in zip(block.tiles, kept, strict=True)
    )
    return s[:, None, None] * u[:, None] * v


def _chunks(rows: int, row_voxels: int) -> Iterator[tuple[int, int]]:
    step = max(1, _CHUNK_VOXELS // row_voxels)
    for start in range(0, rows, step):
        yield start, min(start + step, rows)
