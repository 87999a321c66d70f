"""Screens of an ultrasound scanner, drawn around real or made frames: what a model must leave alone.

Fan on black, with text, a ruler, a gray bar, a logo and a curve (as of an ECG) outside, and ticks, calipers
and a label inside: where each lies is known, which of a real screen it is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SHAPE = (480, 640)
PROBES = ("sector", "convex", "linear")
_WHITE = 255


@dataclass(frozen=True)
class Screen:
    """Frames and what of them is what.

    frames: uint8 (number, rows, columns).
    fan: bool (rows, columns), where echoes are shown.
    inside: what is drawn over the fan, bool (rows, columns); it is the same in all frames.
    outside: what is drawn beside it.
    """

    frames: np.ndarray
    fan: np.ndarray
    inside: np.ndarray
    outside: np.ndarray


def draw_screen(echoes: np.ndarray, probe: str) -> Screen:
    """Show echoes, uint8 (number, rows, columns) of any size, in the fan of a probe ("sector", ...)."""
    fan = fan_of(probe)
    outside, inside = _drawing(_draw_outside, ~fan), _drawing(_draw_inside, fan)
    frames = np.where(fan, _covering(echoes), 0).astype(np.uint8)
    for drawing in (outside, inside):
        np.copyto(frames, drawing, where=drawing > 0)
    # A curve runs on, as that of an ECG does; all else stands still.
    for number, frame in enumerate(frames):
        column = (np.arange(SHAPE[1]) + 7 * number) % 90
        row = (445 - 18 * np.exp(-(((column - 40) / 3.0) ** 2))).astype(int)
        place = ~fan[row, np.arange(SHAPE[1])]
        frame[row[place], np.flatnonzero(place)] = 200
    return Screen(frames, fan, inside > 0, (frames > 0).any(axis=0) & ~fan)


def fan_of(probe: str) -> np.ndarray:
    """Return the mask, bool (480, 640), of a sector, of the fan of a convex probe, or of a rectangle."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    if probe == "linear":
        return (rows >= 50) & (rows < 420) & (columns >= 180) & (columns < 480)
    apex, near, far, half = {"sector": (44, 4, 370, 40), "convex": (-60, 130, 470, 33)}[probe]
    down, across = rows - apex, columns - SHAPE[1] / 2
    radius, angle = np.hypot(down, across), np.degrees(np.arctan2(across, down))
    return (radius >= near) & (radius <= far) & (np.abs(angle) <= half)


def _covering(echoes: np.ndarray) -> np.ndarray:
    """Repeat frames, mirrored, until they cover a screen."""
    frames = echoes[:, : SHAPE[0], : SHAPE[1]]
    missing = [size - have for size, have in zip(SHAPE, frames.shape[1:], strict=True)]
    return np.pad(frames, ((0, 0), *((each // 2, each - each // 2) for each in missing)), mode="symmetric")


def _drawing(draw, allowed: np.ndarray) -> np.ndarray:
    from PIL import Image, ImageDraw

    page = Image.new("L", SHAPE[::-1], 0)
    draw(ImageDraw.Draw(page), allowed)
    return np.where(allowed, np.asarray(page), 0).astype(np.uint8)


def _draw_outside(page, _allowed: np.ndarray) -> None:
    for line, text in enumerate(("MI 0.9  TIS 0.2", "GN 70 dB", "D 40 mm", "DR 60")):
        page.text((6, 8 + 14 * line), text, fill=_WHITE)
    page.text((530, 8), "NOT FOR", fill=_WHITE)
    page.text((530, 22), "DIAGNOSIS", fill=_WHITE)
    page.ellipse((600, 440, 622, 462), fill=180)
    for number in range(12):
        page.line((634, 60 + 30 * number, 639, 60 + 30 * number), fill=_WHITE)
    for row in range(220):
        page.line((14, 120 + row, 22, 120 + row), fill=_WHITE - row)


def _draw_inside(page, allowed: np.ndarray) -> None:
    for row in range(80, 400, 40):
        columns = np.flatnonzero(allowed[row])
        page.line((columns[0] + 14, row, columns[0] + 19, row), fill=_WHITE)
    for column, row in ((290, 250), (350, 300)):
        page.line((column - 6, row, column + 6, row), fill=_WHITE)
        page.line((column, row - 6, column, row + 6), fill=_WHITE)
    page.text((300, 200), "RV", fill=_WHITE)
