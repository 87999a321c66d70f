"""Which way up a volume lies, found by laying known anatomy over it in millimetres.

A head whose neck or surroundings are in the picture fills its frame unlike the templates of `upright`, but it
is as large as theirs. Here a head, a brain and a chest in cells of 16 mm are moved over the volume as it is
and as it would be turned over, and the best places are compared by the normalized correlation of what lies
over one another (Padfield, Masked object registration in the Fourier domain, IEEE TIP 21:2706, 2012; of so
few cells the sums are taken as they are).

The templates are the training images colin27, colin27-brain-05mm and chest-ct of the data recipes;
Testing/scripts/make_templates.py writes them again.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from GANEnhanceLib.trust.cells import in_cells

TEMPLATES = Path(__file__).resolve().parent / "sized-templates.raw.gz"
SHAPES = ((11, 14, 11), (10, 12, 9), (21, 22, 22))
"""Head, brain and chest, one after another: uint8 (S, A, R), cells of `CELL_MM`, 255 times brightness."""
CELL_MM = 16.0
LEAST_LIKENESS, LEAST_LEAD = 0.7, 0.05
"""Correlation with a turned template that counts, and how much more it must be than with upright ones."""
_LEAST_CELLS = 4
_LEAST_SPREAD = 1e-6
_MOST_SUMS = 4e7
"""Products of cells; those of 4e7 take a tenth of a second, and a whole torso has more."""
_LEAST_SHARED = 0.8
"""Of a template, what must lie in the volume at a place that is looked at: parts resemble other parts."""


def cells_in_mm(shown: np.ndarray, lengths: Sequence[float]) -> np.ndarray | None:
    """Return brightness in cells of about 16 mm along (S, A, R), float32; None if an axis has few.

    Args:
        shown: brightness 0..1 along (S, A, R), from `cells.brightness`.
        lengths: of its axes, mm.
    """
    counts = [round(length / CELL_MM) for length in lengths]
    return None if min(counts) < _LEAST_CELLS else in_cells(shown, counts)


def find_turn_in_mm(cells: np.ndarray, turns: dict[tuple[int, ...], str]) -> str | None:
    """Return which of the turns, axes of (S, A, R) to words, a volume seems to have made, or None.

    Args:
        cells: from `cells_in_mm`.
        turns: see `upright.TURNS`.
    """
    likeness = np.max([_likeness(cells, template, ((), *turns)) for template in _templates()], axis=0)
    upright, turned = likeness[0], dict(zip(turns, likeness[1:], strict=True))
    turn = max(turned, key=turned.get)
    return turns[turn] if turned[turn] >= max(LEAST_LIKENESS, upright + LEAST_LEAD) else None


def _likeness(cells: np.ndarray, template: np.ndarray, turns: Sequence[tuple[int, ...]]) -> np.ndarray:
    """Highest correlation with a template for each turn, at places where enough of it lies in the volume.

    -1 if there is no such place, or if there are too many to look at them all.
    """
    best = np.full(len(turns), -1.0)
    if np.prod(np.minimum(cells.shape, template.shape)) < _LEAST_SHARED * template.size:
        return best
    beyond = [(side - int(_LEAST_SHARED * side),) * 2 for side in template.shape]
    places = [
        sliding_window_view(np.pad(each, beyond), template.shape)
        for each in (cells.astype(np.float32), np.ones(cells.shape, np.float32))
    ]
    if places[0].size > _MOST_SUMS:
        return best
    # A turned volume correlates with a template as the volume does with the template turned.
    turned = np.stack([np.flip(template, turn).ravel() for turn in turns], axis=1)
    for layer in zip(*places, strict=True):
        values, there = (each.reshape(-1, template.size) for each in layer)
        is_enough = there.sum(axis=1) >= _LEAST_SHARED * template.size
        if is_enough.any():
            best = np.maximum(best, _correlations(values[is_enough], there[is_enough], turned))
    return best


def _correlations(values: np.ndarray, there: np.ndarray, turned: np.ndarray) -> np.ndarray:
    """Highest correlation of windows (n, cells) with each template (cells, m), of cells that are there."""
    count, sums = (each.sum(axis=1, keepdims=True) for each in (there, values))
    turned_sums = there @ turned
    common = values @ turned - sums * turned_sums / count
    spread = np.square(values).sum(axis=1, keepdims=True) - sums**2 / count
    turned_spread = there @ np.square(turned) - turned_sums**2 / count
    return (common / np.sqrt(np.maximum(spread * turned_spread, _LEAST_SPREAD))).max(axis=0)


@cache
def _templates() -> tuple[np.ndarray, ...]:
    cells = np.frombuffer(gzip.decompress(TEMPLATES.read_bytes()), np.uint8).astype(np.float32) / 255
    parts = np.split(cells, np.cumsum([np.prod(shape) for shape in SHAPES])[:-1])
    return tuple(part.reshape(shape) for part, shape in zip(parts, SHAPES, strict=True))
