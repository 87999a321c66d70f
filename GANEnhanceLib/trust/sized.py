"""Which way up a volume lies, found by laying known anatomy over it in millimetres.

A head whose neck or surroundings are in the picture fills its frame unlike the templates of `upright`, but it
is as large as theirs. Here a head, a brain and a chest in cells of 16 mm are moved over the volume as it is
and as it would be turned over, and the best places are compared by the normalized correlation of what lies
over one another (Padfield, Masked object registration in the Fourier domain, IEEE TIP 21:2706, 2012).

The templates are the training images colin27, colin27-brain-05mm and chest-ct of the data recipes;
Testing/scripts/make_templates.py writes them again.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

import numpy as np

from GANEnhanceLib.trust.cells import along_patient, brightness, in_cells
from GANEnhanceLib.volume import Volume

TEMPLATES = Path(__file__).resolve().parent / "sized-templates.raw.gz"
SHAPES = ((11, 14, 11), (10, 12, 9), (21, 22, 22))
"""Head, brain and chest, one after another: uint8 (S, A, R), cells of `CELL_MM`, 255 times brightness."""
CELL_MM = 16.0
LEAST_LIKENESS, LEAST_LEAD = 0.7, 0.05
"""Correlation with a turned template that counts, and how much more it must be than with upright ones."""
_LEAST_CELLS = 4
_LEAST_SHARED = 0.8
"""Of a template, what must lie in the volume at a place that is looked at: parts resemble other parts."""


def cells_in_mm(volume: Volume) -> np.ndarray | None:
    """Return brightness 0..1 in cells of about 16 mm along (S, A, R), float32; None if thin or empty."""
    voxels, lengths = along_patient(volume)
    counts = [round(length / CELL_MM) for length in lengths]
    if min(counts) < _LEAST_CELLS:
        return None
    shown = brightness(voxels)
    return None if shown is None else in_cells(shown[0], counts)


def find_turn_in_mm(volume: Volume, turns: dict[tuple[int, ...], str]) -> str | None:
    """Return which of the turns, axes of (S, A, R) to words, the volume seems to have made, or None.

    Args:
        volume: of finite voxels, not constant.
        turns: see `upright.TURNS`.
    """
    cells = cells_in_mm(volume)
    if cells is None:
        return None
    upright = _likeness(cells, ())
    found = {turn: _likeness(cells, turn) for turn in turns}
    turn = max(found, key=found.get)
    return turns[turn] if found[turn] >= max(LEAST_LIKENESS, upright + LEAST_LEAD) else None


def _likeness(cells: np.ndarray, turn: tuple[int, ...]) -> float:
    """Highest correlation with a template that is turned over, at any place."""
    turned = np.ascontiguousarray(np.flip(cells, turn))
    return max(_correlation(turned, template) for template in _templates())


def _correlation(cells: np.ndarray, template: np.ndarray) -> float:
    """Highest correlation at a place where enough of the template lies in the volume; -1 if there is none."""
    import SimpleITK as sitk

    if np.prod(np.minimum(cells.shape, template.shape)) < _LEAST_SHARED * template.size:
        return -1.0
    compared = sitk.MaskedFFTNormalizedCorrelationImageFilter()
    compared.SetNumberOfThreads(1)  # of so few cells, threads cost more than they save
    compared.SetRequiredNumberOfOverlappingPixels(int(_LEAST_SHARED * template.size))
    images = [sitk.GetImageFromArray(each) for each in (cells, template)]
    masks = [sitk.GetImageFromArray(np.ones_like(each)) for each in (cells, template)]
    return float(sitk.GetArrayViewFromImage(compared.Execute(*images, *masks)).max())


@cache
def _templates() -> tuple[np.ndarray, ...]:
    cells = np.frombuffer(gzip.decompress(TEMPLATES.read_bytes()), np.uint8).astype(np.float32) / 255
    parts = np.split(cells, np.cumsum([np.prod(shape) for shape in SHAPES])[:-1])
    return tuple(part.reshape(shape) for part, shape in zip(parts, SHAPES, strict=True))
