"""Slices as radiologists see them: the patient's right on the left, the front or the head at the top."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from GANEnhanceLib.volume import Volume


def slice_view(volume: Volume, axis: int, index: int) -> np.ndarray:
    """Return one slice as float32 rows and columns in the radiological view."""
    image = np.take(volume.voxels, index, axis=axis).astype(np.float32)
    rows, columns, flip_rows, flip_columns = _orientation(volume, axis)
    if rows > columns:
        image = image.T
    return image[:: -1 if flip_rows else 1, :: -1 if flip_columns else 1]


def view_spacing(volume: Volume, axis: int) -> tuple[float, float]:
    """Return the distance in mm of neighbor rows, and of neighbor columns, of `slice_view`."""
    rows, columns, _, _ = _orientation(volume, axis)
    return volume.spacing[2 - rows], volume.spacing[2 - columns]


def _orientation(volume: Volume, axis: int) -> tuple[int, int, bool, bool]:
    """Tell which array axis runs down the picture and which across, and whether each has to be turned
    round.
    """
    directions = volume.ijk_to_ras[:3, :3] / volume.spacing
    # Array axes are (k, j, i), matrix columns (i, j, k); the components are right, anterior, superior.
    across, down = sorted(
        (other for other in range(3) if other != axis), key=lambda a: _upright(directions[:, 2 - a])
    )
    # Down is from head to foot, else from front to back; across is from right to left, else from front to
    # back.
    down_way = max((2, 1), key=lambda component: abs(directions[component, 2 - down]))
    across_way = max((0, 1), key=lambda component: abs(directions[component, 2 - across]))
    return (
        down,
        across,
        bool(directions[down_way, 2 - down] > 0),
        bool(directions[across_way, 2 - across] > 0),
    )


def _upright(direction: np.ndarray) -> float:
    """Rank how much an axis belongs down the picture: superior above anterior above right."""
    return 2.0 * abs(direction[2]) + abs(direction[1])
