"""How a volume is cut into the blocks that a network is run on.

A plan works on the *view* (s, u, v) of a volume: its array (k, j, i) with the slice axis moved to the
front. Slices and 2.5-D stacks are blocks one row thick that span the plane (or tiles of it), patches and
slabs are thick blocks. Every block of a plan has the same size, starts at a multiple of the network's
``multiple`` (otherwise its poolings would fall on other voxels than in a run over the whole volume) and is
at most as large as the volume, padded to that multiple. Where blocks overlap, ``centre`` takes each voxel
from the one block whose faces are farthest away, and ``smooth`` adds blocks up under cosine tapers that sum
to one. Where only a region of a plane is wanted, the plane may be cut to a window: the region and all that
the network sees from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.models.passes import AXIS_NAMES

if TYPE_CHECKING:
    from GANEnhanceLib.inference.options import EnhanceOptions
    from GANEnhanceLib.models import ModelCard
    from GANEnhanceLib.volume import Volume

DEFAULT_PATCH = (64, 128, 128)
_LAYER_ROWS = 16
_WINDOW_STEP = 16
_LAYER_BYTES = 32 * 2**20

Box = tuple[slice, slice, slice]


def slice_axis(volume: Volume, card: ModelCard, options: EnhanceOptions) -> int:
    """Return the array axis (0 k, 1 j, 2 i) that the slices of a run lie along; of several passes, that of
    the acquisition."""
    return AXIS_NAMES.get(options.axis or card.plan.axis, volume.acquisition_axis)


@dataclass(frozen=True)
class Tile:
    """One block's part of one axis: where it starts, what is kept of it, its weights (``smooth`` only)."""

    start: int
    keep: slice
    weights: np.ndarray | None = None


@dataclass(frozen=True)
class Block:
    """One block: its layer (see :class:`Plan`) and a tile for each view axis."""

    layer: int
    tiles: tuple[Tile, Tile, Tile]

    @property
    def start(self) -> tuple[int, int, int]:
        """First voxel (s, u, v) of the block."""
        return tuple(tile.start for tile in self.tiles)

    @property
    def keep(self) -> Box:
        """Voxels (s, u, v) of the view that the block contributes to."""
        return tuple(tile.keep for tile in self.tiles)


@dataclass(frozen=True)
class Plan:
    """The blocks of one run.

    Attributes:
        axis: array axis (0 k, 1 j, 2 i) that is the view's first.
        shape: shape (s, u, v) of the view.
        size: size (s, u, v) of every block.
        context: neighbor slices read on each side of a block, as channels (2.5-D), else 0.
        blend: ``centre`` or ``smooth``.
        roi: voxels (s, u, v) that are wanted.
        layers: for each layer the half-open rows (first, last) of the view that its blocks contribute to.
        blocks: all blocks that contribute to the ROI, layer by layer.
    """

    axis: int
    shape: tuple[int, int, int]
    size: tuple[int, int, int]
    context: int
    blend: str
    roi: Box
    layers: tuple[tuple[int, int], ...]
    blocks: tuple[Block, ...]


def view_of(array: np.ndarray, axis: int) -> np.ndarray:
    """Return the view (s, u, v) of an array (k, j, i): ``axis`` first, the others in their order."""
    return np.moveaxis(array, axis, 0)


def view_order(values: Sequence, axis: int) -> tuple:
    """Return three values given for (k, j, i) in the order (s, u, v)."""
    rest = [values[other] for other in range(3) if other != axis]
    return (values[axis], *rest)


def array_order(values: Sequence, axis: int) -> tuple:
    """Return three values given for (s, u, v) in the order (k, j, i)."""
    rest = list(values[1:])
    return (*rest[:axis], values[0], *rest[axis:])


def plan_slices(
    shape: tuple[int, int, int],
    roi: Box,
    axis: int,
    channels: int,
    multiple: int,
    patch: tuple[int, int, int] | None = None,
    overlap: int = 0,
    blend: str = "centre",
    reach: int | None = None,
) -> Plan:
    """Plan slices along ``axis``, each with its ``channels`` - 1 neighbors.

    Args:
        shape: (k, j, i) of the volume.
        roi: wanted voxels as slices (k, j, i).
        axis: slice axis, 0 k, 1 j or 2 i.
        channels: slices given to the network at once, odd.
        multiple: the sizes in the plane are padded to a multiple of it.
        patch: (k, j, i), cuts the plane into tiles of this size; ``None`` runs it whole.
        overlap: voxels that neighboring tiles share.
        blend: how tiles are joined.
        reach: how far the network sees, if a plane that is run whole may be cut to what the ROI needs;
            ``None`` if not.

    Raises:
        OptionError: the overlap does not fit into the patch.
    """
    view, view_roi = view_order(shape, axis), view_order(roi, axis)
    if patch is None and reach is not None:
        inside = [
            [_window(size, span, reach, multiple, blend)]
            for size, span in zip(view[1:], view_roi[1:], strict=True)
        ]
        wanted = [
            _window_length(size, span, reach, multiple)
            for size, span in zip(view[1:], view_roi[1:], strict=True)
        ]
    else:
        wanted = view[1:] if patch is None else view_order(patch, axis)[1:]
        planes = [
            _tiles(size, length, overlap, multiple, blend)
            for size, length in zip(view[1:], wanted, strict=True)
        ]
        inside = [_touching(tiles, span) for tiles, span in zip(planes, view_roi[1:], strict=True)]
    rows = max(1, min(_LAYER_ROWS, _LAYER_BYTES // (4 * view[1] * view[2])))
    first, last = view_roi[0].start, view_roi[0].stop
    layers = tuple((row, min(row + rows, last)) for row in range(first, last, rows))
    blocks = tuple(
        Block(layer, (Tile(row, slice(row, row + 1), _one_row(blend)), *tiles))
        for layer, (start, stop) in enumerate(layers)
        for row in range(start, stop)
        for tiles in product(*inside)
    )
    size = (1, *(_block_length(n, length, multiple) for n, length in zip(view[1:], wanted, strict=True)))
    return Plan(axis, view, size, channels // 2, blend, view_roi, layers, blocks)


def plan_patches(
    shape: tuple[int, int, int],
    roi: Box,
    multiple: int,
    patch: tuple[int, int, int] = DEFAULT_PATCH,
    overlap: int = 0,
    blend: str = "centre",
) -> Plan:
    """Plan 3-D blocks of ``patch`` (k, j, i) voxels; a slab is a patch as wide as the volume.

    Args:
        shape: (k, j, i) of the volume.
        roi: wanted voxels as slices (k, j, i).
        multiple: block sizes and starts are multiples of it.
        patch: block size, cut to the volume's.
        overlap: voxels that neighboring blocks share.
        blend: ``centre`` or ``smooth``.

    Raises:
        OptionError: the overlap does not fit into the patch.
    """
    axes = [
        _touching(_tiles(size, length, overlap, multiple, blend), span)
        for size, length, span in zip(shape, patch, roi, strict=True)
    ]
    layers = tuple(_rows_of(tile, roi[0]) for tile in axes[0])
    blocks = tuple(
        Block(layer, (tile, *tiles)) for layer, tile in enumerate(axes[0]) for tiles in product(*axes[1:])
    )
    size = tuple(_block_length(n, length, multiple) for n, length in zip(shape, patch, strict=True))
    return Plan(0, tuple(shape), size, 0, blend, tuple(roi), layers, blocks)


def exact_overlap(receptive_field: int, length: int, multiple: int) -> int:
    """Return the overlap with which blocks of ``length`` give what a run over the whole volume gives.

    That is twice the radius ``receptive_field``. Where it would leave less than a quarter of a block, they
    cannot be exact at a bearable price, and half of the block is taken.
    """
    length = padded_size(length, multiple)
    exact = 2 * receptive_field
    if length - exact >= max(multiple, length // 4):
        return exact
    return max(0, min(length // 2, length - multiple))


def padded_size(size: int, multiple: int) -> int:
    """Return ``size`` rounded up to a multiple of ``multiple``."""
    return -(-size // multiple) * multiple


def _one_row(blend: str) -> np.ndarray | None:
    return np.ones(1, np.float32) if blend == "smooth" else None


def _rows_of(tile: Tile, roi: slice) -> tuple[int, int]:
    return max(tile.keep.start, roi.start), min(tile.keep.stop, roi.stop)


def _block_length(size: int, length: int, multiple: int) -> int:
    return min(padded_size(length, multiple), padded_size(size, multiple))


def _touching(tiles: list[Tile], span: slice) -> list[Tile]:
    return [tile for tile in tiles if tile.keep.start < span.stop and tile.keep.stop > span.start]


def _tiles(size: int, length: int, overlap: int, multiple: int, blend: str) -> list[Tile]:
    """Cover one axis of ``size`` voxels by tiles of ``length`` that share at least ``overlap`` voxels."""
    padded, length = padded_size(size, multiple), _block_length(size, length, multiple)
    step = (length - overlap) // multiple * multiple
    if length < padded and step < 1:
        raise OptionError(
            f"The overlap is {overlap}, but blocks of {length} voxels allow {length - multiple} at most.",
            f"Choose a smaller overlap or a larger patch (sizes are multiples of {multiple}).",
        )
    starts = [0] if length == padded else [*range(0, padded - length, step), padded - length]
    if blend == "smooth":
        return list(_weighted(starts, length, overlap, size))
    cuts = [(before + length + after) // 2 for before, after in zip(starts, starts[1:], strict=False)]
    edges = [0, *cuts, size]
    return [Tile(start, slice(edges[n], edges[n + 1])) for n, start in enumerate(starts)]


def _window_length(size: int, span: slice, reach: int, multiple: int) -> int:
    """Length of a window around a span: rounded up, so that spans of one size share a network's shape."""
    step = math.lcm(multiple, _WINDOW_STEP)
    length = padded_size(span.stop - span.start + 2 * reach + multiple - 1, step)
    return min(length, padded_size(size, multiple))


def _window(size: int, span: slice, reach: int, multiple: int, blend: str) -> Tile:
    """One tile of an axis that holds a span and all that the network sees from it."""
    length = _window_length(size, span, reach, multiple)
    start = max(0, span.start - reach) // multiple * multiple
    start = min(start, padded_size(size, multiple) - length)
    stop = min(start + length, size)
    weights = np.ones(stop - start, np.float32) if blend == "smooth" else None
    return Tile(start, slice(start, stop), weights)


def _weighted(starts: list[int], length: int, overlap: int, size: int) -> Iterator[Tile]:
    """Tiles whose weights sum to one at every voxel (normalized here, so that no count map is needed)."""
    window = _taper(length, min(overlap, length))
    total = np.zeros(starts[-1] + length)
    for start in starts:
        total[start : start + length] += window
    for start in starts:
        stop = min(start + length, size)
        weights = (window / total[start : start + length])[: stop - start]
        yield Tile(start, slice(start, stop), weights.astype(np.float32))


def _taper(length: int, overlap: int) -> np.ndarray:
    """One in the middle, falling as a squared cosine (Hann) over the ``overlap`` voxels at each end."""
    ramp = np.sin(np.pi / 2 * (np.arange(overlap) + 0.5) / max(overlap, 1)) ** 2
    window = np.ones(length)
    window[:overlap] *= ramp
    window[length - overlap :] *= ramp[::-1]
    return window
