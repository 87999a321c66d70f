"""Does a volume show its head or chest the way up that its IJK-to-RAS matrix says?

The foreground, brought to the axes of the patient and made as coarse as a few cells, is compared with three
coarse templates (a head, a brain, a chest) and with parts of them, as it is and turned over head to feet,
front to back, and both; and, in `sized`, moved about at its true size. A statistical hint: other anatomy
resembles no template and gives no answer, and left and right look alike.

The templates are the training images colin27, colin27-brain-05mm and chest-ct of the data recipes;
Testing/scripts/make_templates.py writes them again.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

import numpy as np

from GANEnhanceLib.trust.cells import along_patient, brightness, in_cells
from GANEnhanceLib.trust.sized import cells_in_mm, find_turn_in_mm
from GANEnhanceLib.volume import Volume

TEMPLATES = Path(__file__).resolve().parent / "upright-templates.raw.gz"
"""Head, brain and chest: uint8 (3, S, A, R), 20 cells along each axis, 255 times brightness."""

LEAST_LIKENESS, LEAST_LEAD, LEAST_LEAD_OF_SLICE = 0.75, 0.07, 0.15
"""Correlation with a turned template that counts, and how much more it must be than with upright ones, for a
volume and for one slice, which resembles many."""

TURNS = {(0,): "head and feet", (1,): "front and back", (0, 1): "head and feet, front and back"}
"""Axes of (S, A, R) that are turned over, and what this exchanges."""

_STORED, _COMPARED = 20, 10
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
    found = _shown(volume)
    if found is None:
        return None
    shown, inside, lengths = found
    cells = _filling(shown, inside, _COMPARED)
    single = [axis for axis in range(3) if cells.shape[axis] == 1]
    if len(single) > 1:
        return None
    upright = _likeness(cells, single)
    turned = {turn: _likeness(np.flip(cells, turn), single) for turn in TURNS if not set(turn) & set(single)}
    turn = max(turned, key=turned.get)
    lead = LEAST_LEAD_OF_SLICE if single else LEAST_LEAD
    if turned[turn] >= max(LEAST_LIKENESS, upright + lead):
        return TURNS[turn]
    is_known = upright >= max(LEAST_LIKENESS, turned[turn] + lead)
    cells = None if is_known or single else cells_in_mm(shown, lengths)
    return None if cells is None else find_turn_in_mm(cells, TURNS)


def coarse_cells(volume: Volume, count: int = _STORED) -> np.ndarray | None:
    """Return brightness 0..1 of the foreground in `count` cells along each axis of (S, A, R), float32.

    An axis along which the volume is thin is left with one. None where there is no foreground.
    """
    found = _shown(volume)
    return None if found is None else _filling(*found[:2], count)


def _shown(volume: Volume) -> tuple[np.ndarray, np.ndarray, list[float]] | None:
    """Brightness, what is foreground, and lengths, mm, along the patient's axes; None where it is empty."""
    voxels, lengths = along_patient(volume)
    for axis in range(3):
        if lengths[axis] < _THIN * max(lengths):
            middle = voxels.shape[axis] // 2
            voxels = voxels[(slice(None),) * axis + (slice(middle, middle + 1),)]
    shown = brightness(voxels)
    return None if shown is None else (*shown, lengths)


def _filling(x: np.ndarray, inside: np.ndarray, count: int) -> np.ndarray:
    """Cells of what is foreground alone."""
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        places = np.flatnonzero(inside.mean(axis=others) > 0.05)
        if places.size:
            part = (slice(None),) * axis + (slice(int(places[0]), int(places[-1]) + 1),)
            x = x[part]
    return in_cells(x, [count] * 3)


@cache
def _templates() -> tuple[np.ndarray, ...]:
    """All parts of all templates, in 10 x 10 x 10 cells."""
    cells = np.frombuffer(gzip.decompress(TEMPLATES.read_bytes()), np.uint8)
    wholes = cells.reshape(-1, _STORED, _STORED, _STORED).astype(np.float32) / 255
    parts = (whole[slice(*s), slice(*a)] for whole in wholes for s, a in _WINDOWS)
    return tuple(in_cells(part, [_COMPARED] * 3) for part in parts)


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
