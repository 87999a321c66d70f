"""Boxes of voxels: three half-open slices (k, j, i)."""

from __future__ import annotations

Box = tuple[slice, slice, slice]


def whole(shape: tuple[int, ...]) -> Box:
    """Return the box of a whole array of that shape."""
    return tuple(slice(0, int(size)) for size in shape)


def common(first: Box, second: Box) -> Box:
    """Return what lies in both boxes; where that is nothing, a box of size 0 that begins in the first."""
    return tuple(_common(one, other) for one, other in zip(first, second, strict=True))


def shape_of(box: Box) -> tuple[int, int, int]:
    """Return the number of voxels (k, j, i) of a box."""
    return tuple(part.stop - part.start for part in box)


def is_empty(box: Box) -> bool:
    """Tell whether a box holds no voxel."""
    return 0 in shape_of(box)


def inside(box: Box, outer: Box) -> Box:
    """Return a box as it lies in an array that holds only the voxels of ``outer``."""
    return tuple(
        slice(part.start - around.start, part.stop - around.start)
        for part, around in zip(box, outer, strict=True)
    )


def rows_of(box: Box, voxels: int) -> list[Box]:
    """Cut a box along k into boxes of about that many voxels, in their order."""
    depth, height, width = shape_of(box)
    step = max(1, voxels // max(1, height * width))
    first, last = box[0].start, box[0].start + depth
    return [(slice(row, min(row + step, last)), *box[1:]) for row in range(first, last, step)]


def _common(one: slice, other: slice) -> slice:
    start = max(one.start, other.start)
    stop = min(one.stop, other.stop)
    return slice(start, stop) if start < stop else slice(one.start, one.start)
