"""A volume brought to the axes of the patient and made as coarse as a few cells, to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from GANEnhanceLib.metrics import foreground
from GANEnhanceLib.volume import Volume

_MOST_SIDE = 64


def along_patient(volume: Volume) -> tuple[np.ndarray, list[float]]:
    """Return the voxels with the axes that are nearest to S, A and R, and their lengths in mm."""
    spacing = volume.spacing
    directions = volume.ijk_to_ras[:3, :3] / spacing
    best = max(permutations(range(3)), key=lambda order: sum(abs(directions[r, order[r]]) for r in range(3)))
    voxels = np.transpose(volume.voxels, [2 - best[r] for r in (2, 1, 0)])
    forward = tuple(slice(None, None, 1 if directions[r, best[r]] > 0 else -1) for r in (2, 1, 0))
    lengths = [volume.shape[2 - best[r]] * spacing[best[r]] for r in (2, 1, 0)]
    return voxels[forward], lengths


def brightness(voxels: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Return brightness 0..1, float32, and what is foreground, bool, of voxels along the patient's axes.

    They are made as coarse as about 64 voxels along each axis. None where nothing stands out.
    """
    voxels = _thinned(voxels)
    inside = foreground(voxels)
    if inside.all() or not inside.any():
        return None
    low, high = float(np.median(voxels[~inside])), float(np.percentile(voxels, 97))
    if not low < high:
        return None
    return np.clip((voxels - low) / (high - low), 0, 1).astype(np.float32), inside


def _thinned(voxels: np.ndarray) -> np.ndarray:
    """Means of blocks that leave about 64 voxels along each axis, float64; of many slices some are read."""
    stride = tuple(max(1, side // (2 * _MOST_SIDE)) for side in voxels.shape)
    voxels = voxels[:: stride[0], :: stride[1], :: stride[2]].astype(np.float64)
    for axis in range(3):
        size = voxels.shape[axis] // _MOST_SIDE
        if size > 1:
            end = voxels.shape[axis] // size * size
            cut = voxels[(slice(None),) * axis + (slice(0, end),)]
            voxels = np.add.reduceat(cut, np.arange(0, end, size), axis=axis) / size
    return voxels


def in_cells(x: np.ndarray, counts: Sequence[int]) -> np.ndarray:
    """Return means of so many parts of each axis that has more than one voxel; parts may share a voxel."""
    for axis, count in enumerate(counts):
        side = x.shape[axis]
        if side > 1:
            edges = np.linspace(0, side, count + 1)
            parts = [
                slice(int(start), max(int(start) + 1, int(np.ceil(stop))))
                for start, stop in zip(edges[:-1], edges[1:], strict=True)
            ]
            x = np.stack([x[(slice(None),) * axis + (part,)].mean(axis=axis) for part in parts], axis=axis)
    return x
