"""A grid of voxels in space, without voxels; and the finer grid that fills the same part of space."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.volume import Volume

# Files keep matrices as float32 or as text: corners that differ by less than this share of a voxel are one.
_SHARE_OF_A_VOXEL = 1e-3
_LONGEST_AXIS = 2**16


@dataclass(frozen=True)
class Grid:
    """Number of voxels along (k, j, i), and the 16 numbers of the IJK-to-RAS matrix row by row, mm."""

    shape: tuple[int, int, int]
    ijk_to_ras: tuple[float, ...]

    @classmethod
    def of(cls, volume: Volume) -> Grid:
        """Return the grid of a volume."""
        return cls.make(volume.shape, volume.ijk_to_ras)

    @classmethod
    def make(cls, shape: Sequence[int], matrix: np.ndarray) -> Grid:
        """Return a grid of a shape (k, j, i) and a 4x4 matrix."""
        numbers = np.asarray(matrix, dtype=np.float64).ravel()
        return cls(tuple(int(size) for size in shape), tuple(float(number) for number in numbers))

    @classmethod
    def from_dict(cls, values: Any) -> Grid:
        """Read what `to_dict` gave; OptionError says what is wrong with it."""
        shape = values.get("shape") if isinstance(values, Mapping) else None
        whole = isinstance(shape, (list, tuple)) and len(shape) == 3 and all(map(_is_size, shape))
        if not whole:
            raise OptionError(
                f"The shape of the target grid is {repr(shape)[:80]}, but must be three whole numbers"
                " [k, j, i], each 1 or more."
            )
        try:
            grid = cls.make(shape, np.asarray(values.get("ijk_to_ras"), dtype=np.float64).reshape(4, 4))
            Volume(np.broadcast_to(np.float32(0), grid.shape), grid.matrix)
        except (TypeError, ValueError, InputError) as error:
            raise OptionError(
                "The ijk_to_ras of the target grid is not 16 numbers of an invertible matrix.",
                "Give the 4x4 matrix row by row.",
            ) from error
        return grid

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"shape": list(self.shape), "ijk_to_ras": list(self.ijk_to_ras)}

    @property
    def matrix(self) -> np.ndarray:
        """The IJK-to-RAS matrix (4, 4), mm."""
        return np.array(self.ijk_to_ras).reshape(4, 4)

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Distance of neighbor voxels along (i, j, k), mm."""
        return tuple(float(length) for length in np.linalg.norm(self.matrix[:3, :3], axis=0))

    @property
    def voxels(self) -> int:
        """Number of all voxels."""
        return math.prod(self.shape)

    def refined(self, shape: Sequence[int]) -> Grid:
        """Return the grid of another shape (k, j, i) whose outermost voxels end at the same planes."""
        matrix = self.matrix
        ratios = np.array([own / new for own, new in zip(self.shape, shape, strict=True)])[::-1]
        matrix[:3, 3] += matrix[:3, :3] @ ((ratios - 1) / 2)
        matrix[:3, :3] *= ratios
        return Grid.make(shape, matrix)

    def is_like(self, other: Grid) -> bool:
        """Tell whether both have the same voxels at the same places."""
        if self.shape != other.shape:
            return False
        apart = np.abs(self.matrix @ _corners(self) - other.matrix @ _corners(other)).max()
        return bool(apart <= _SHARE_OF_A_VOXEL * min(self.spacing))

    def box_of(self, other: Grid, margin: int) -> tuple[slice, slice, slice] | None:
        """Return the voxels (k, j, i) of this grid that another one lies on, and `margin` more on each side.

        None if the other one lies outside.
        """
        ends = _corners(other)
        ends[:3] += np.sign(ends[:3] - ends[:3].mean(axis=1, keepdims=True)) * 0.5
        ijk = np.linalg.solve(self.matrix, other.matrix @ ends)[:3]
        box = []
        for low, high, size in zip(ijk.min(axis=1)[::-1], ijk.max(axis=1)[::-1], self.shape, strict=True):
            if high <= -0.5 or low >= size - 0.5:
                return None
            first, last = math.floor(low) - margin, math.ceil(high) + 1 + margin
            box.append(slice(max(0, first), min(size, last)))
        return tuple(box)


def _is_size(size: Any) -> bool:
    return type(size) is int and 1 <= size <= _LONGEST_AXIS


def _corners(grid: Grid) -> np.ndarray:
    """Indices (i, j, k, 1) of the outermost voxels, (4, 8)."""
    last = [float(size - 1) for size in reversed(grid.shape)]
    return np.array(np.meshgrid(*((0.0, end) for end in last), [1.0], indexing="ij")).reshape(4, -1)
