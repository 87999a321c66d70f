"""Does a volume show its head or chest the way up that its IJK-to-RAS matrix says?

The foreground, brought to the axes of the patient and made as coarse as a few cells, is compared with three
coarse templates (a head, a brain, a chest) and with parts of them, as it is and turned over head to feet,
front to back, and both. A statistical hint: other anatomy resembles no template and gives no answer, and
left and right look alike.

The templates are the training images colin27, colin27-brain-05mm and chest-ct of the data recipes;
Testing/scripts/make_templates.py writes them again.
"""

from __future__ import annotations

import gzip
from functools import cache
from itertools import permutations
from pathlib import Path

import numpy as np

from GANEnhanceLib.metrics import foreground
from GANEnhanceLib.volume import Volume

TEMPLATES = Path(__file__).resolve().parent / "upright-templates.raw.gz"
"""Head, brain and chest: uint8 (3, S, A, R), 20 cells along each axis, 255 times brightness."""

LEAST_LIKENESS, LEAST_LEAD, LEAST_LEAD_OF_SLICE = 0.75, 0.07, 0.15
"""Correlation with a turned template that counts, and how much more it must be than with upright ones, for a
volume and for one slice, which resembles many."""

TURNS = {(0,): "head and feet", (1,): "front and back", (0, 1): "head and feet, front and back"}
"""Axes of (S, A, R) that are turned over, and what this exchanges."""

_STORED, _COMPARED = 20, 10
_MOST_SIDE = 64
_WINDOWS = (
    *((axis0, (0, 20)) for axis0 in ((0, 20), (0, 15), (0, 10), (5, 20), (10, 20), (5, 15))),
    ((0, 20), (0, 10)),
    ((0, 20), (10, 20)),
)
# A volume thinner than this share of its longest side is judged as one slice.
_THIN = 0.25


def find_turn(volume: Volume) -> str | None:
    """Return what seems to be exchanged ("head and feet", for example), or None: upright, or not known.

    Args:
        volume: of finite voxels, not constant.
    """
    cells = coarse_cells(volume, _COMPARED)
    if cells is None:
        return None
    single = [axis for axis in range(3) if cells.shape[axis] == 1]
    if len(single) > 1:
        return None
    upright = _likeness(cells, single)
    turned = {turn: _likeness(np.flip(cells, turn), single) for turn in TURNS if not set(turn) & set(single)}
    turn = max(turned, key=turned.get)
    lead = LEAST_LEAD_OF_SLICE if single else LEAST_LEAD
    found = turned[turn] >= max(LEAST_LIKENESS, upright + lead)
    return TURNS[turn] if found else None


def coarse_cells(volume: Volume, count: int = _STORED) -> np.ndarray | None:
    """Return brightness 0..1 of the foreground in `count` cells along each axis of (S, A, R), float32.

    An axis along which the volume is thin is left with one. None where there is no foreground.
    """
    voxels, lengths = _along_patient(volume)
    for axis in range(3):
        if lengths[axis] < _THIN * max(lengths):
            middle = voxels.shape[axis] // 2
            voxels = voxels[(slice(None),) * axis + (slice(middle, middle + 1),)]
    voxels = _thinned(voxels)
    inside = foreground(voxels)
    if inside.all() or not inside.any():
        return None
    low, high = float(np.median(voxels[~inside])), float(np.percentile(voxels, 97))
    if not low < high:
        return None
    x = np.clip((voxels - low) / (high - low), 0, 1).astype(np.float32)
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        places = np.flatnonzero(inside.mean(axis=others) > 0.05)
        if places.size:
            x = x[(slice(None),) * axis + (slice(int(places[0]), int(places[-1]) + 1),)]
    return _in_cells(x, count)


def _along_patient(volume: Volume) -> tuple[np.ndarray, list[float]]:
    """Return the voxels with the axes that are nearest to S, A and R, and their lengths in mm."""
    spacing = volume.spacing
    directions = volume.ijk_to_ras[:3, :3] / spacing
    best = max(permutations(range(3)), key=lambda order: sum(abs(directions[r, order[r]]) for r in range(3)))
    voxels = np.transpose(volume.voxels, [2 - best[r] for r in (2, 1, 0)])
    forward = tuple(slice(None, None, 1 if directions[r, best[r]] > 0 else -1) for r in (2, 1, 0))
    lengths = [volume.shape[2 - best[r]] * spacing[best[r]] for r in (2, 1, 0)]
    return voxels[forward], lengths


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


def _in_cells(x: np.ndarray, count: int) -> np.ndarray:
    """Means of `count` parts of each axis that has more than one voxel; parts may share a voxel."""
    for axis in range(3):
        side = x.shape[axis]
        if side > 1:
            edges = np.linspace(0, side, count + 1)
            parts = [
                slice(int(start), max(int(start) + 1, int(np.ceil(stop))))
                for start, stop in zip(edges[:-1], edges[1:], strict=True)
            ]
            x = np.stack([x[(slice(None),) * axis + (part,)].mean(axis=axis) for part in parts], axis=axis)
    return x


@cache
def _templates() -> tuple[np.ndarray, ...]:
    """All parts of all templates, in 10 x 10 x 10 cells."""
    cells = np.frombuffer(gzip.decompress(TEMPLATES.read_bytes()), np.uint8)
    wholes = cells.reshape(-1, _STORED, _STORED, _STORED).astype(np.float32) / 255
    return tuple(_in_cells(whole[slice(*s), slice(*a)], _COMPARED) for whole in wholes for s, a in _WINDOWS)


def _likeness(cells: np.ndarray, single: list[int]) -> float:
    """Highest correlation with a template, or of one slice with a slice of one."""
    compared = _standardized(cells.reshape(1, -1))
    best = -1.0
    for template in _templates():
        if single:
            template = np.moveaxis(template, single[0], 0)
        rows = _standardized(template.reshape(len(template) if single else 1, -1))
        best = max(best, float((rows @ compared[0]).max()))
    return best


def _standardized(rows: np.ndarray) -> np.ndarray:
    """Rows with mean 0 and length 1; a constant row stays 0."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
