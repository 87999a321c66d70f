"""Makes the voxels of a comparison from two volumes of one grid, block by block.

Each fill has `shape` (k, j, i), `dtype` and `write(voxels)`, a generator that yields the fraction done and
writes into the (k, j, i) array `voxels`. Nothing here knows of nodes or views.
"""

import math

import numpy as np

# A few milliseconds of work.
BLOCK_BYTES = 1024 * 1024
SAMPLES = 100_000
# A few extreme voxels must not make all others look alike.
SHOWN_SHARE = 0.998


def blocks(shape, itemsize, limits=None):
    """Return (slice k, slice j, slice i) of at most about BLOCK_BYTES each, that cover an array.

    :param limits: three (first, last) pairs (k, j, i) to cover a box only.
    """
    (k0, k1), (j0, j1), (i0, i1) = limits or [(0, size) for size in shape]
    columns = slice(i0, i1)
    rowBytes = max(1, (i1 - i0) * itemsize)
    rows = max(1, min(j1 - j0, BLOCK_BYTES // rowBytes))
    slices = max(1, BLOCK_BYTES // (rowBytes * rows)) if rows == j1 - j0 else 1
    for k in range(k0, k1, slices):
        for j in range(j0, j1, rows):
            yield slice(k, min(k + slices, k1)), slice(j, min(j + rows, j1)), columns


class Mix:
    """Base of fills whose voxels are those of either volume."""

    def __init__(self, before, after):
        """Keep functions that return the (k, j, i) arrays: a node's voxels may be others later."""
        self._before, self._after = before, after

    @property
    def shape(self):
        """Size (k, j, i)."""
        return self._after().shape

    @property
    def dtype(self):
        """The type that holds the values of both volumes."""
        return np.promote_types(self._before().dtype, self._after().dtype)

    def forget(self):
        """The voxels of the volumes are others: all has to be written again."""

    def _blocks(self):
        found = list(blocks(self.shape, self.dtype.itemsize))
        for number, block in enumerate(found):
            yield (number + 1) / len(found), block


class Checkerboard(Mix):
    """Cubes from both volumes in turn, so that any view cuts through a board.

    :param tiles: cubes along the longest side of the volume.
    :param spacing: of the voxels (i, j, k) in mm.
    """

    def __init__(self, before, after, tiles, spacing):
        """Keep what is asked for."""
        super().__init__(before, after)
        self._tiles, self._spacing = tiles, spacing

    def write(self, voxels):
        """Fill `voxels`; the cube at the first voxel is the source's."""
        lengths = [size * step for size, step in zip(self.shape, self._spacing[::-1], strict=True)]
        edge = max(lengths) / self._tiles
        numbers = [
            (np.arange(size) * step / edge).astype(np.uint8)
            for size, step in zip(self.shape, self._spacing[::-1], strict=True)
        ]
        for fraction, block in self._blocks():
            k, j, i = (number[part] for number, part in zip(numbers, block, strict=True))
            isAfter = ((k[:, None, None] + j[:, None] + i) & 1).astype(bool)
            target = voxels[block]
            target[...] = self._before()[block]
            np.copyto(target, self._after()[block], where=isAfter, casting="unsafe")
            yield fraction


class Swipe(Mix):
    """The source on one side of a plane across an array axis, the result on the other.

    :param axis: of the (k, j, i) array that the plane is across.
    :param isReversed: whether the source lies behind the plane, seen along the axis, not before it.
    """

    def __init__(self, before, after, axis, isReversed):
        """The plane is at the first voxel until `write` says otherwise."""
        super().__init__(before, after)
        self._axis, self._isReversed = axis, isReversed
        self._place = None
        self._isStale = False

    def place(self, share):
        """Return the number of voxels in front of the plane that stands at a share (0 to 1) of the view."""
        count = self.shape[self._axis]
        return round((1.0 - share if self._isReversed else share) * count)

    def forget(self):
        """The voxels of the volumes are others: all has to be written again, also what is being written."""
        self._place = None
        self._isStale = True

    def write(self, voxels, share=0.5):
        """Fill `voxels` with the plane at `share`; only what changes is written the second time."""
        count, place = self.shape[self._axis], self.place(share)
        if self._place is None:
            spans = [(0, place, not self._isReversed), (place, count, self._isReversed)]
        elif place > self._place:
            spans = [(self._place, place, not self._isReversed)]
        else:
            spans = [(place, self._place, self._isReversed)]
        # If this is given up in the middle, all has to be written again.
        self._place, self._isStale = None, False
        for first, last, isBefore in spans:
            limits = [(0, size) for size in self.shape]
            limits[self._axis] = (first, last)
            for block in blocks(self.shape, self.dtype.itemsize, limits):
                voxels[block] = (self._before if isBefore else self._after)()[block]
                yield last / count
        self._place = None if self._isStale else place


class Difference(Mix):
    """Source minus result, as floating point numbers, and the range that shows it."""

    def __init__(self, before, after):
        """Nothing is known of the range before `write` is through."""
        super().__init__(before, after)
        self.largest = self.range = 0.0

    @property
    def dtype(self):
        """A difference may be negative, whatever the volumes hold."""
        return np.dtype(np.float32)

    def write(self, voxels):
        """Fill `voxels`; then `largest` is the largest change, and `range` what the colors should reach."""
        step = max(1, math.prod(self.shape) // SAMPLES)
        largest, samples = 0.0, []
        for fraction, block in self._blocks():
            target = voxels[block]
            np.subtract(self._before()[block], self._after()[block], out=target, dtype=np.float32)
            sizes = np.abs(target).ravel()
            largest = max(largest, float(np.fmax.reduce(sizes)))
            samples.append(sizes[::step])
            yield fraction
        self.largest = largest
        self.range = _rounded(_shownRange(np.concatenate(samples), largest))


def _shownRange(samples, largest):
    known = samples[np.isfinite(samples) & (samples > 0)]
    if not known.size:
        return largest
    place = min(known.size - 1, int(known.size * SHOWN_SHARE))
    # numpy's own percentile loads another package first, for as long as a person notices.
    return float(np.partition(known, place)[place])


def _rounded(number):
    """Return the next number above with two digits that count, such as 0.037, 42 or 1300."""
    if not (0 < number < math.inf):
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(number)) - 1)
    # Without the tiny reduction 42 would become 43 where a division is not exact.
    return float(f"{math.ceil(number / unit * (1 - 1e-9)) * unit:.3g}")
