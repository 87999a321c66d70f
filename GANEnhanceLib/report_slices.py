"""Slices of a run, before, after and what was removed, as numbers from 0 to 1 and as PNG pictures.

The slices, three where there are as many, lie across the acquisition axis, at a quarter, half and three
quarters of the part that was changed, and are seen as `GANEnhanceLib.views` says. Before and after share one
gray window, from the 0.5 to the 99.5 percentile of the slices before. Removed is before less after: 0.5 is
nothing, 1 the limit removed, 0 the limit added, where the limit is the 99.5 percentile of the magnitudes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib.measures import value_unit
from GANEnhanceLib.png import png_bytes
from GANEnhanceLib.views import slice_view, view_spacing

if TYPE_CHECKING:
    from GANEnhanceLib.volume import Volume

KINDS = ("before", "after", "removed")
LARGEST = 512  # rows or columns of a picture; larger slices are averaged
# From added (blue) over nothing (black) to removed (orange).
_ADDED, _REMOVED = np.array([80, 176, 255]), np.array([255, 176, 64])


def take_slices(before: Volume, after: Volume) -> tuple[np.ndarray, dict[str, Any]]:
    """Return the pictures as float32 (slices, 3 kinds, rows, columns) from 0 to 1, and what they show.

    That is, as JSON values: axis ("k", "j" or "i") and indices of the slices, window [low, high] and limit in
    value units, unit, and pixel_mm [down, across].
    """
    axis = before.acquisition_axis
    indices = _indices(before.voxels, after.voxels, axis)
    views = [[_small(slice_view(v, axis, index)) for v in (before, after)] for index in indices]
    stack = np.empty((len(indices), 3, *views[0][0].shape), dtype=np.float32)
    for number, pair in enumerate(views):
        stack[number, :2] = pair
    stack[:, 2] = stack[:, 0] - stack[:, 1]
    low, high = (float(value) for value in np.percentile(stack[:, 0], (0.5, 99.5)))
    high = high if high > low else low + 1.0
    limit = float(np.percentile(np.abs(stack[:, 2]), 99.5)) or float(np.abs(stack[:, 2]).max()) or 1.0
    stack[:, :2] = (stack[:, :2] - low) / (high - low)
    stack[:, 2] = stack[:, 2] / (2 * limit) + 0.5
    np.clip(stack, 0.0, 1.0, out=stack)
    rows, columns = slice_view(before, axis, indices[0]).shape
    spacing = view_spacing(before, axis)
    return stack, {
        "axis": "kji"[axis],
        "indices": indices,
        "window": [low, high],
        "limit": limit,
        "unit": value_unit(before.modality),
        "pixel_mm": [
            spacing[0] * rows / stack.shape[2],
            spacing[1] * columns / stack.shape[3],
        ],
    }


def picture(image: np.ndarray, kind: str) -> bytes:
    """Return one picture (rows, columns, 0 to 1) of a kind of KINDS as PNG."""
    pixels = np.rint(np.clip(image, 0.0, 1.0) * 255).astype(np.uint8)
    return png_bytes(pixels, palette(kind))


def palette(kind: str) -> np.ndarray:
    """Return the colors (256, 3; uint8) of a kind of KINDS: gray, or from added over black to removed."""
    share = np.arange(256)[:, None] / 255
    if kind != "removed":
        return np.rint(np.repeat(share * 255, 3, 1)).astype(np.uint8)
    # 127 and 128 lie beside 0.5, and both are black.
    signed = np.clip((np.arange(256)[:, None] - 127.5) / 127.5, -1, 1)
    signed[np.abs(signed) < 0.005] = 0
    return np.rint(np.where(signed > 0, signed * _REMOVED, -signed * _ADDED)).astype(np.uint8)


def _indices(before: np.ndarray, after: np.ndarray, axis: int) -> list[int]:
    slices = zip(np.moveaxis(before, axis, 0), np.moveaxis(after, axis, 0), strict=True)
    changed = [k for k, (one, other) in enumerate(slices) if not np.array_equal(one, other)]
    first, last = (changed[0], changed[-1]) if changed else (0, before.shape[axis] - 1)
    return sorted({round(first + share * (last - first)) for share in (0.25, 0.5, 0.75)})


def _small(image: np.ndarray) -> np.ndarray:
    """Average blocks of pixels until at most LARGEST are left along both sides."""
    step = -(-max(image.shape) // LARGEST)
    if step == 1:
        return image
    rows, columns = (max(1, size // step) for size in image.shape)
    down, across = min(step, image.shape[0]), min(step, image.shape[1])
    cut = image[: rows * down, : columns * across]
    return cut.reshape(rows, down, columns, across).mean((1, 3), dtype=np.float32)
