"""Whether two volumes can be compared voxel by voxel, and whether they hold numbers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from GANEnhanceLib.errors import InputError

if TYPE_CHECKING:
    from GANEnhanceLib.volume import Volume

# Files keep matrices as float32 or as decimal text: corners that differ by less than this share of a voxel
# are one.
_SHARE_OF_A_VOXEL = 1e-3


def check_same_grid(one: Volume, other: Volume, one_name: str, other_name: str) -> None:
    """Raise InputError unless both volumes have the same shape and their corners lie at the same places."""
    if one.shape != other.shape:
        raise InputError(
            f"The {one_name} has {_size(one)} voxels (i x j x k), but the {other_name} has {_size(other)}.",
            "Give two volumes on the same grid, or resample one first.",
        )
    distance = float(np.abs(_corners(one) - _corners(other)).max())
    if distance > _SHARE_OF_A_VOXEL * min(one.spacing):
        raise InputError(
            f"The {one_name} and the {other_name} lie apart: a corner differs by {distance:.3g} mm.",
            "Give two volumes on the same grid, or resample one first.",
        )


def check_finite(volume: Volume, name: str) -> None:
    """Raise InputError if a voxel is NaN or infinite."""
    count = sum(int(np.count_nonzero(~np.isfinite(part))) for part in volume.voxels)
    if count:
        raise InputError(
            f"The {name} has {count} voxel{'s' if count > 1 else ''} of NaN or infinity.",
            "Replace them by a number first.",
        )


def _size(volume: Volume) -> str:
    return " x ".join(str(size) for size in reversed(volume.shape))


def _corners(volume: Volume) -> np.ndarray:
    last = [size - 1 for size in reversed(volume.shape)]
    ends = np.array(np.meshgrid(*((0, end) for end in last), [1], indexing="ij")).reshape(4, -1)
    return volume.ijk_to_ras @ ends
