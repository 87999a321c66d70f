"""Pictures of the middle slice of a case: truth, input, the best classical methods and a model, each with a
magnified inset."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from GANEnhanceLib.metrics import foreground

TILE, INSET, FACTOR = 200, 28, 3
"""Pixels of a picture, voxels of an inset along a side, and how much it is magnified."""
_WINDOWS = {"CT": (-160.0, 240.0)}
_CAPTION = 14


def draw(path: Path, images: dict[str, np.ndarray], modality: str) -> None:
    """Write a PNG with one picture (j, i) for each name beside the other, all in one gray scale.

    The first image is the truth: it decides the gray scale, and the inset lies where it has most structure.
    """
    truth = next(iter(images.values()))
    low, high = _WINDOWS.get(modality) or (0.0, float(np.quantile(truth, 0.998)))
    row, column = busiest(truth)
    sheet = Image.new("L", (len(images) * (TILE + 2) - 2, TILE + _CAPTION), 0)
    pen = ImageDraw.Draw(sheet)
    for number, (name, image) in enumerate(images.items()):
        gray = np.clip((image - low) / (high - low), 0, 1)
        left = number * (TILE + 2)
        sheet.paste(_tile(np.uint8(255 * gray), row, column), (left, _CAPTION))
        pen.text((left + 2, 1), name, fill=255)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Few grays are enough to look at, and half as many bytes.
    sheet.quantize(32).save(path, optimize=True)


def busiest(plane: np.ndarray) -> tuple[int, int]:
    """Return the first row and column of the window of INSET by INSET voxels with most structure."""
    from scipy.ndimage import gaussian_filter, uniform_filter

    smooth = gaussian_filter(plane.astype(np.float64), 1.0)
    slope = np.hypot(*np.gradient(smooth))
    # One bright border is not much structure.
    energy = uniform_filter(np.minimum(slope, np.quantile(slope, 0.9)), INSET)
    energy *= uniform_filter(foreground(plane).astype(np.float64), INSET)
    # What people look at lies in the middle.
    places = np.argwhere(foreground(plane))
    middle, reach = places.mean(axis=0), 0.3 * np.ptp(places, axis=0).max() + 1
    rows, columns = np.ogrid[: plane.shape[0], : plane.shape[1]]
    energy *= np.exp(-((rows - middle[0]) ** 2 + (columns - middle[1]) ** 2) / (2 * reach**2))
    half = INSET // 2
    inner = energy[half : plane.shape[0] - half, half : plane.shape[1] - half]
    row, column = np.unravel_index(int(inner.argmax()), inner.shape)
    return int(row), int(column)


def _tile(gray: np.ndarray, row: int, column: int) -> Image.Image:
    whole = Image.fromarray(gray)
    scale = TILE / max(whole.size)
    size = tuple(round(each * scale) for each in whole.size)
    tile = Image.new("L", (TILE, TILE), 0)
    place = ((TILE - size[0]) // 2, (TILE - size[1]) // 2)
    tile.paste(whole.resize(size, Image.Resampling.BILINEAR), place)
    side = INSET * FACTOR
    inset = Image.fromarray(gray[row : row + INSET, column : column + INSET])
    pen = ImageDraw.Draw(tile)
    corner = (place[0] + column * scale, place[1] + row * scale)
    pen.rectangle((*corner, corner[0] + INSET * scale, corner[1] + INSET * scale), outline=255)
    # In the corner that is farthest from what it shows.
    left, top = (0 if each + INSET * scale / 2 > TILE / 2 else TILE - side for each in corner)
    tile.paste(inset.resize((side, side), Image.Resampling.NEAREST), (left, top))
    pen.rectangle((left, top, left + side - 1, top + side - 1), outline=255)
    return tile
