"""Regions of a volume: a rotated box or a mask, with a feathered edge.

A region gives each voxel a weight from 0 to 1. It is exactly 0 outside, so that those voxels stay the
input's, and rises smoothly to 1 over the feather, inside of the border: smoothstep(distance / feather), where
the distance is that of the voxel's center to the nearest face of the box, or to the nearest voxel outside the
mask. The end of the volume is no border. A feather of 0 mm gives a hard edge.

Weights depend on the place of the voxel only, so any cut of a volume into blocks gives the same ones, bit for
bit, and only a block of them is ever held.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Any

import numpy as np

from GANEnhanceLib.errors import InputError, OptionError

Slices = tuple[slice, slice, slice]

# A face that meets voxel centers up to rounding takes or leaves all of them: faces lie this share of a voxel
# lower than asked (files and transforms keep about seven digits).
_SHARE_OF_A_VOXEL = 1e-3
_UNIT_TOLERANCE = 1e-4
_WHERE = "Move the region into the volume, or take the whole volume."


class Region:
    """What both kinds of region have in common; `weights` is all that a kind must give."""

    def __init__(self, shape: Sequence[int], ijk_to_ras: np.ndarray, feather: float):
        """Keep the grid: shape (k, j, i) and IJK-to-RAS matrix in mm; `feather` in mm."""
        self.shape = tuple(int(size) for size in shape)
        self.ijk_to_ras = np.asarray(ijk_to_ras, dtype=np.float64).reshape(4, 4)
        self.feather = _checked_feather(feather)
        self._box: Slices | None = None

    def box(self, shape: Sequence[int]) -> Slices:
        """Return the smallest half-open box (k, j, i) that holds all weights above 0.

        :param shape: of the volume that the region is used on.
        :raises InputError: no voxel has a weight above 0, or the region was made for another grid.
        """
        if tuple(shape) != self.shape:
            raise InputError(
                f"The region is for a volume of {_size(self.shape)} voxels, but this one has {_size(shape)}.",
                "Choose the region again for this volume.",
            )
        if self._box is None:
            self._box = self._tight_box()
        return self._box

    def weights(self, slices: Slices) -> np.ndarray:
        """Return the weights of a box of the volume, float32 (k, j, i), as a new array."""
        raise NotImplementedError

    def on_grid(self, shape: Sequence[int], ijk_to_ras: np.ndarray) -> Region:
        """Return the same region of another grid: shape (k, j, i) and IJK-to-RAS matrix in mm."""
        raise NotImplementedError

    def summary(self) -> dict[str, Any]:
        """Return what the report says of the region, as plain JSON values."""
        raise NotImplementedError

    def _outer_box(self) -> Slices | None:
        """Return a box that holds the region and may be too large; None if nothing can be inside."""
        return tuple(slice(0, size) for size in self.shape)

    def _nowhere(self) -> InputError:
        raise NotImplementedError

    def _touches(self, slices: Slices) -> bool:
        return bool((self.weights(slices) > 0).any())

    def _tight_box(self) -> Slices:
        """Move each face of the outer box inwards until it meets a voxel; looks at few planes only."""
        outer = self._outer_box()
        if outer is None:
            raise self._nowhere()
        box = list(outer)
        for axis in range(3):
            first, last = box[axis].start, box[axis].stop
            while first < last and not self._touches(_plane(box, axis, first)):
                first += 1
            if first == last:
                raise self._nowhere()
            while not self._touches(_plane(box, axis, last - 1)):
                last -= 1
            box[axis] = slice(first, last)
        return tuple(box)


class BoxRegion(Region):
    """A box anywhere in space, rotated or even sheared; a voxel is inside if its center is.

    Lower faces belong to the box and upper ones do not, so boxes that touch share no voxel.
    """

    def __init__(
        self,
        shape: Sequence[int],
        ijk_to_ras: np.ndarray,
        center: Sequence[float],
        axes: Sequence[Sequence[float]],
        size: Sequence[float],
        feather: float = 0.0,
    ):
        """Make the region.

        :param center: RAS, mm.
        :param axes: 3 x 3, its columns are the unit vectors of the box's edges in RAS.
        :param size: lengths of the edges along these axes, mm.
        :raises OptionError: a number that is not allowed.
        """
        super().__init__(shape, ijk_to_ras, feather)
        self.center = _numbers(center, 3, "center")
        self.axes = _numbers(axes, 9, "axes").reshape(3, 3)
        self.size = _numbers(size, 3, "size")
        _check_box(self.axes, self.size)
        to_box = np.linalg.inv(self.axes)
        # Place along each edge, from the center, of the voxel (i, j, k): steps @ (i, j, k) + origin.
        self._steps = to_box @ self.ijk_to_ras[:3, :3]
        self._origin = to_box @ (self.ijk_to_ras[:3, 3] - self.center)
        # Edges of a sheared box meet its faces at an angle, and the feather is measured across the faces.
        self._slant = np.linalg.norm(to_box, axis=1)
        spacing = np.linalg.norm(self.ijk_to_ras[:3, :3], axis=0)
        self._nudge = _SHARE_OF_A_VOXEL * float(spacing.min())

    def weights(self, slices: Slices) -> np.ndarray:
        """Return the weights of a box of the volume, float32 (k, j, i), as a new array."""
        k, j, i = (
            np.arange(*part.indices(size), dtype=np.float64)
            for part, size in zip(slices, self.shape, strict=True)
        )
        out = np.empty((len(k), len(j), len(i)), np.float32)
        for number, row in enumerate(k):
            out[number] = self._weights_of_row(row, j[:, None], i)
        return out

    def _weights_of_row(self, k: float, j: np.ndarray, i: np.ndarray) -> np.ndarray:
        inside, distance = True, math.inf
        for axis in range(3):
            along_i, along_j, along_k = self._steps[axis]
            place = (self._origin[axis] + along_k * k + along_j * j) + along_i * i
            half = self.size[axis] / 2
            if self.feather > 0:
                distance = np.minimum(distance, (half - np.abs(place)) / self._slant[axis])
            else:
                inside = inside & (place >= -half - self._nudge) & (place < half - self._nudge)
        return _smoothstep(distance / self.feather) if self.feather > 0 else inside

    def on_grid(self, shape: Sequence[int], ijk_to_ras: np.ndarray) -> BoxRegion:
        """Return the same box on another grid."""
        return BoxRegion(shape, ijk_to_ras, self.center, self.axes, self.size, self.feather)

    def summary(self) -> dict[str, Any]:
        """Return what the report says of the region, as plain JSON values; the protocol's own names."""
        return {
            "kind": "box",
            "center_ras": self.center.tolist(),
            "axes_ras": self.axes.ravel().tolist(),
            "size_mm": self.size.tolist(),
            "feather_mm": self.feather,
        }

    def _outer_box(self) -> Slices | None:
        signs = np.array(np.meshgrid(*[(-0.5, 0.5)] * 3)).reshape(3, -1)
        corners = self.center[:, None] + self.axes @ (self.size[:, None] * signs)
        ijk = np.linalg.solve(self.ijk_to_ras[:3, :3], corners - self.ijk_to_ras[:3, 3:])
        box = []
        for low, high, size in zip(ijk.min(axis=1)[::-1], ijk.max(axis=1)[::-1], self.shape, strict=True):
            first, last = max(0.0, math.floor(low) - 1), min(float(size), math.ceil(high) + 2)
            if first >= last:
                return None
            box.append(slice(int(first), int(last)))
        return tuple(box)

    def _nowhere(self) -> InputError:
        edges = " x ".join(f"{edge:g}" for edge in self.size)
        return InputError(f"The box of {edges} mm does not hold the center of any voxel.", _WHERE)


class MaskRegion(Region):
    """The voxels of a label, or all labels, of an array on the volume's grid.

    The feather is measured along the grid's axes, which is exact for each grid that is not sheared.
    """

    def __init__(
        self,
        mask: np.ndarray,
        ijk_to_ras: np.ndarray,
        label: int | None = None,
        feather: float = 0.0,
    ):
        """Make the region from a mask (k, j, i) of integers or bools, which is only read.

        :param label: the label that is inside; None takes all above 0.
        :raises InputError: the mask is not an array of labels; OptionError: a number that is not allowed.
        """
        if mask.ndim != 3 or mask.dtype.kind not in "biu":
            raise InputError(
                f"The mask is an array of {mask.ndim} dimensions of type {mask.dtype}, not one of labels"
                " (k, j, i).",
                "Give whole numbers on the grid of the volume.",
            )
        if label is not None and (not isinstance(label, Integral) or isinstance(label, bool)):
            raise OptionError(f"The label is {label!r}, but must be a whole number.")
        super().__init__(mask.shape, ijk_to_ras, feather)
        self.mask, self.label = mask, None if label is None else int(label)
        self._spacing = np.linalg.norm(self.ijk_to_ras[:3, :3], axis=0)[::-1]

    def weights(self, slices: Slices) -> np.ndarray:
        """Return the weights of a box of the volume, float32 (k, j, i), as a new array."""
        slices = tuple(slice(*part.indices(size)) for part, size in zip(slices, self.shape, strict=True))
        rows = [
            self._weights_of_rows((slice(row, row + 1), *slices[1:]))
            for row in range(slices[0].start, slices[0].stop)
        ]
        empty = [part.stop - part.start for part in slices]
        return np.concatenate(rows) if rows else np.zeros(empty, np.float32)

    def _weights_of_rows(self, slices: Slices) -> np.ndarray:
        inside = self._inside(slices)
        if self.feather == 0 or not inside.any():
            return inside.astype(np.float32)
        reach = [math.ceil(self.feather / step) for step in self._spacing]
        wide = tuple(
            slice(max(0, part.start - more), min(size, part.stop + more))
            for part, more, size in zip(slices, reach, self.shape, strict=True)
        )
        around = self._inside(wide)
        if around.all():
            return np.ones(inside.shape, np.float32)
        # Squared distance to the nearest voxel outside, but never more than the feather.
        squared = np.where(around, np.float32(self.feather**2), np.float32(0))
        for axis in range(3):
            offset = slices[axis].start - wide[axis].start
            length = slices[axis].stop - slices[axis].start
            squared = _nearest(squared, axis, offset, length, float(self._spacing[axis]), reach[axis])
        return _smoothstep(np.sqrt(squared) / np.float32(self.feather))

    def _inside(self, slices: Slices) -> np.ndarray:
        part = np.asarray(self.mask[slices])
        return part > 0 if self.label is None else part == self.label

    def _touches(self, slices: Slices) -> bool:
        return bool(self._inside(slices).any())

    def on_grid(self, shape: Sequence[int], ijk_to_ras: np.ndarray) -> MaskRegion:
        """Return the mask on another grid: each voxel has the label of the one that its center lies in."""
        to_index = np.linalg.solve(self.ijk_to_ras, np.asarray(ijk_to_ras, dtype=np.float64).reshape(4, 4))
        j, i = np.arange(shape[1], dtype=np.float64)[:, None], np.arange(shape[2], dtype=np.float64)
        mask = np.zeros(tuple(shape), self.mask.dtype)
        for k in range(shape[0]):
            places = [
                np.rint(origin + along_k * k + along_j * j + along_i * i).astype(np.intp)
                for along_i, along_j, along_k, origin in to_index[2::-1]
            ]
            inside = np.ones(mask.shape[1:], dtype=bool)
            for place, size in zip(places, self.shape, strict=True):
                inside &= (place >= 0) & (place < size)
            mask[k][inside] = self.mask[tuple(place[inside] for place in places)]
        return MaskRegion(mask, ijk_to_ras, self.label, self.feather)

    def summary(self) -> dict[str, Any]:
        """Return what the report says of the region: also its size and a hash of its voxels."""
        digest, count = hashlib.sha256(), 0
        for row in range(self.shape[0]):
            inside = self._inside((slice(row, row + 1), slice(None), slice(None)))
            count += int(np.count_nonzero(inside))
            digest.update(np.packbits(inside).tobytes())
        return {
            "kind": "mask",
            "label": self.label,
            "feather_mm": self.feather,
            "voxels": count,
            "sha256": digest.hexdigest(),
        }

    def _nowhere(self) -> InputError:
        if self.label is None:
            return InputError("The mask is empty: no voxel has a label above 0.", "Choose another mask.")
        return InputError(f"The mask has no voxel with the label {self.label}.", "Choose another label.")


def region_from_dict(
    values: dict[str, Any] | None,
    shape: Sequence[int],
    ijk_to_ras: np.ndarray,
    load: Callable[[Any], np.ndarray],
) -> Region | None:
    """Make the region that a message of the protocol asks for; None for the whole volume.

    :param values: `region` of the protocol.
    :param shape: (k, j, i) of the volume; a mask must have the same.
    :param load: called with the mask's file name, returns its array.
    :raises InputError: the mask cannot be used; OptionError: a field has a value that is not allowed.
    """
    if values is None:
        return None
    kind = values.get("kind") if isinstance(values, dict) else None
    feather = values.get("feather_mm", 0.0) if isinstance(values, dict) else 0.0
    if kind == "box":
        axes = values.get("axes_ras")
        return BoxRegion(shape, ijk_to_ras, values.get("center_ras"), axes, values.get("size_mm"), feather)
    if kind == "mask":
        mask = load(values.get("file"))
        check_mask_grid(mask, shape)
        return MaskRegion(mask, ijk_to_ras, values.get("label"), feather)
    raise OptionError(f"The kind of the region is {kind!r}, but must be one of: box, mask.")


def check_mask_grid(mask: np.ndarray, shape: Sequence[int]) -> None:
    """Raise InputError unless the mask has the shape (k, j, i) of the volume."""
    if tuple(mask.shape) != tuple(shape):
        raise InputError(
            f"The mask has {_size(mask.shape)} voxels (i x j x k), but the volume has {_size(shape)}.",
            "Resample the mask onto the volume's grid first.",
        )


def _nearest(squared: np.ndarray, axis: int, offset: int, length: int, step: float, reach: int) -> np.ndarray:
    """Let squared distances spread along one axis; gives `length` places from `offset` on.

    Each place takes the least of (distance there)^2 + (way there)^2. All sums are made in the same order
    wherever a block begins.
    """
    size = squared.shape[axis]
    best = _cut(squared, axis, offset, length).copy()
    for steps in range(1, reach + 1):
        way = np.float32((steps * step) ** 2)
        for shift in (-steps, steps):
            first, last = max(0, offset + shift), min(size, offset + shift + length)
            if first < last:
                part = _cut(best, axis, first - offset - shift, last - first)
                np.minimum(part, _cut(squared, axis, first, last - first) + way, out=part)
    return best


def _cut(array: np.ndarray, axis: int, first: int, length: int) -> np.ndarray:
    index = [slice(None)] * array.ndim
    index[axis] = slice(first, first + length)
    return array[tuple(index)]


def _smoothstep(share: np.ndarray) -> np.ndarray:
    share = np.clip(share, 0, 1)
    return share * share * (3 - 2 * share)


def _plane(box: list[slice], axis: int, number: int) -> Slices:
    plane = list(box)
    plane[axis] = slice(number, number + 1)
    return tuple(plane)


def _checked_feather(feather: Any) -> float:
    if isinstance(feather, bool) or not isinstance(feather, int | float) or not 0 <= feather < math.inf:
        raise OptionError(f"The feather is {feather!r}, but must be a number of mm, 0 or more.")
    return float(feather)


def _numbers(values: Any, count: int, what: str) -> np.ndarray:
    try:
        numbers = np.array(values, dtype=np.float64).ravel()
    except (TypeError, ValueError):
        numbers = np.empty(0)
    if numbers.size != count or not np.isfinite(numbers).all():
        raise OptionError(f"The {what} of the region's box is {values!r}, but must be {count} numbers.")
    return numbers


def _check_box(axes: np.ndarray, size: np.ndarray) -> None:
    if not (size > 0).all():
        raise OptionError(
            f"The size of the region's box is {size.tolist()} mm, but each edge must be longer than 0."
        )
    is_unit = np.abs(np.linalg.norm(axes, axis=0) - 1).max() < _UNIT_TOLERANCE
    if not is_unit or abs(np.linalg.det(axes)) < _UNIT_TOLERANCE:
        raise OptionError(
            f"The axes of the region's box are {axes.tolist()}, but must be three unit vectors, in columns,"
            " that span the space."
        )


def _size(shape: Sequence[int]) -> str:
    return " x ".join(str(size) for size in reversed(tuple(shape)))
