"""The picture of a run: before, after, what was removed, and the reference where there is one, side by side.

The slice is seen as radiologists see it: the patient's right on the left, the front (axial) or the head at
the top, with square pixels. Before, after and reference share one gray window; the residual has its own,
said above it.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.views import slice_view, view_spacing

if TYPE_CHECKING:
    from PIL import Image

    from GANEnhanceLib.volume import Volume

    Roi = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]

TILE_HEIGHT = 420
CAPTION_HEIGHT = 30
GAP = 6
TEXT_SIZE = 17
_BACKGROUND, _INK = (18, 18, 18), (235, 235, 235)
# From removed (bright voxels that became darker) to added, with black between.
_REMOVED, _ADDED = np.array([255, 176, 64]), np.array([80, 176, 255])


def check_picture_library() -> None:
    """Raise OptionError if Pillow, which draws, is not installed."""
    try:
        import PIL.Image  # noqa: F401
    except ImportError:
        raise OptionError(
            "A picture needs the package Pillow, which is not installed.",
            "Install it with: pip install pillow; or leave --picture out.",
        ) from None


def draw_picture(
    before: Volume, after: Volume, reference: Volume | None = None, roi: Roi | None = None
) -> bytes:
    """Return a PNG of the middle slice along the acquisition axis (of the ROI (i, j, k), where there is
    one).
    """
    from PIL import Image

    axis = before.acquisition_axis
    start, stop = (0, before.shape[axis]) if roi is None else roi[2 - axis]
    index = (start + stop) // 2
    images = {"before": slice_view(before, axis, index), "after": slice_view(after, axis, index)}
    removed = images["before"] - images["after"]
    if reference is not None:
        images["reference"] = slice_view(reference, axis, index)
    window = _window(images["before"])
    tiles = [(name, _gray(image, window)) for name, image in images.items()]
    largest = float(np.percentile(np.abs(removed), 99.5)) or 1.0
    caption = f"removed (orange) and added (blue), full at {largest:.3g}"
    tiles.insert(2, (caption, _signed(removed / largest)))
    size = _tile_size(before, axis, removed.shape)
    sheet = _sheet([(text, Image.fromarray(pixels).resize(size, Image.BICUBIC)) for text, pixels in tiles])
    content = io.BytesIO()
    sheet.save(content, "PNG")
    return content.getvalue()


def _tile_size(volume: Volume, axis: int, shape: tuple[int, ...]) -> tuple[int, int]:
    height, width = (count * length for count, length in zip(shape, view_spacing(volume, axis), strict=True))
    return max(1, min(4 * TILE_HEIGHT, round(TILE_HEIGHT * width / height))), TILE_HEIGHT


def _window(image: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(image, (0.5, 99.5))
    return float(low), float(high) if high > low else float(low) + 1.0


def _gray(image: np.ndarray, window: tuple[float, float]) -> np.ndarray:
    low, high = window
    pixels = np.clip((image - low) / (high - low), 0.0, 1.0) * 255.0
    return np.repeat(np.rint(pixels).astype(np.uint8)[..., None], 3, axis=2)


def _signed(values: np.ndarray) -> np.ndarray:
    share = np.clip(values, -1.0, 1.0)[..., None]
    return np.rint(np.where(share > 0, share * _REMOVED, -share * _ADDED)).astype(np.uint8)


def _sheet(tiles: list[tuple[str, Image.Image]]) -> Image.Image:
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(TEXT_SIZE)
    widths = [max(tile.width, int(font.getlength(text)) + 2 * GAP) for text, tile in tiles]
    sheet = Image.new(
        "RGB", (sum(widths) + GAP * (len(tiles) + 1), TILE_HEIGHT + CAPTION_HEIGHT + GAP), _BACKGROUND
    )
    draw = ImageDraw.Draw(sheet)
    left = GAP
    for (text, tile), width in zip(tiles, widths, strict=True):
        draw.text((left + width / 2, CAPTION_HEIGHT / 2), text, fill=_INK, font=font, anchor="mm")
        sheet.paste(tile, (left + (width - tile.width) // 2, CAPTION_HEIGHT))
        left += width + GAP
    return sheet
