"""Where an ultrasound frame shows echoes: the fan, without the black around it and what is drawn on both.

A scanner draws the insonified area (a sector, a rectangle, the curved fan of a convex probe) on black, with
text, rulers, gray bars, logos and curves around it, and calipers and ticks inside. None of that is an image.
The frames of a cine have one fan and one set of overlays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.trust.hull import convex_hull, fill_polygon, simplified

MOST_FRAMES = 64
"""Evenly spaced frames that a cine is judged by."""
TAPER = 6.0
"""Voxels inside of the fan's border over which weights rise from 0 to 1."""
_WORKING_SIZE = 400
_LIT, _NOISE = 0.02, 4.0
_BLACKEST, _CORNER = 0.15, 0.04
_EXACT = 0.2
_OPENING, _CLOSING = 0.012, 0.005
_SMALLEST, _SOLID = 0.04, 0.3
_GAP = 1.75
_CHORD, _MIDDLE, _STRAY = 0.12, 0.85, 0.01
_MOST_DRAWN = 0.02
_SIDE, _SIDES, _BENT, _TOUCHED, _NEAR = 0.3, 0.9, 0.004, 0.6, 3
_WHOLE = 0.985
_SATURATED, _SATURATED_ALWAYS, _DRAWN = 0.95, 0.75, 0.5
_THIN_CONTRAST, _RIM_CONTRAST = 0.4, 0.25
_THIN = 2
_AROUND_OVERLAY = 1


@dataclass(frozen=True)
class Fan:
    """The fan of a frame or cine, on the plane of its frames.

    Attributes:
        inside: bool (rows, columns), where echoes are shown; all True where nothing surrounds them.
        overlays: bool (rows, columns), what is drawn inside.
    """

    inside: np.ndarray
    overlays: np.ndarray

    @property
    def fills_frame(self) -> bool:
        """Whether there is nothing around the fan."""
        return bool(self.inside.all())

    def weights(self) -> np.ndarray:
        """Return the share of a change that is applied, float32 (rows, columns).

        Exactly 0 outside and on overlays; from the fan's border it rises to 1 over 6 voxels, as
        3 x^2 - 2 x^3. The border of the frame is no border of the fan.
        """
        from GANEnhanceLib.regions import MaskRegion

        plane = MaskRegion(self.inside[np.newaxis], np.eye(4), feather=TAPER)
        weights = plane.weights((slice(0, 1), *(slice(0, size) for size in self.inside.shape)))[0]
        weights[self.overlays] = 0.0
        return weights


def find_fan(frames: np.ndarray) -> Fan | None:
    """Find the fan of frames (number, rows, columns) that share one; None where nothing looks like one.

    What is brighter than the black around it in any of at most 64 frames is taken; where that gives no fan
    and the surround is one value, all that lies above that value. Lines and letters are thinner than a fan
    and vanish under a morphological opening; of what is left the largest piece is the fan, with the pieces
    that fill its convex hull, for echo-free parts belong to it too, down to the chord of a sector; the black
    below the curved face of a convex probe does not. Its sides must be straight, which the outlines of a body
    are not. A second fan beside it is found in the same way. Inside, an overlay is what is saturated and
    thinner than 5 voxels, in all frames of a cine.
    """
    brightest, steady = _extremes(np.asanyarray(frames))
    lowest, highest = float(brightest.min()), float(brightest.max())
    if not lowest < highest or min(brightest.shape) < 16:
        return None
    inside = _largest_area(brightest > _black_level(brightest, lowest, highest))
    if inside is None and np.count_nonzero(brightest == lowest) >= _EXACT * brightest.size:
        # Echoes fade towards the sides of a fan; around it is one value, and whatever lies above is an echo.
        inside = _largest_area(brightest > lowest)
    if inside is None:
        return None
    least = _SATURATED if len(frames) == 1 else _SATURATED_ALWAYS
    overlays = _overlays(steady, lowest, highest, least) & inside
    if overlays.sum() > _MOST_DRAWN * inside.sum():
        # Nobody draws that much over a fan: it is bright speckle.
        overlays[:] = False
    return Fan(inside, overlays)


def _extremes(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest and the smallest value at each place of evenly spaced frames, float32."""
    count = min(len(frames), MOST_FRAMES)
    chosen = np.linspace(0, len(frames) - 1, count).round().astype(int)
    highest, lowest = (np.array(frames[0]) for _ in range(2))
    for number in chosen[1:]:
        np.maximum(highest, frames[number], out=highest)
        np.minimum(lowest, frames[number], out=lowest)
    return highest.astype(np.float32), lowest.astype(np.float32)


def _black_level(plane: np.ndarray, lowest: float, highest: float) -> float:
    """Return the value above which a voxel is no longer the black of the surround, with its noise."""
    span = highest - lowest
    dark = plane[plane <= lowest + _BLACKEST * span]
    middle = float(np.median(dark))
    # The surround of many screens is one value; that of others has the noise of a video.
    corner = dark[dark <= lowest + _CORNER * span]
    spread = 1.4826 * float(np.median(np.abs(corner - np.median(corner)))) if corner.size else 0.0
    level = min(middle, lowest + _CORNER * span)
    return level + max(_LIT * span, _NOISE * spread)


def _largest_area(lit: np.ndarray) -> np.ndarray | None:
    """Return the mask of the fan or fans, of the shape of `lit`."""
    step = max(1, math.ceil(min(lit.shape) / _WORKING_SIZE))
    coarse = _shrunk(lit, step)
    pieces = _solid_pieces(coarse)
    if not pieces or pieces[0].sum() < _SMALLEST * coarse.size:
        return None
    mask = np.zeros(lit.shape, dtype=bool)
    fans: list[np.ndarray] = []
    for piece in pieces:
        _join(fans, piece)
    for fan in fans:
        if fan.sum() < max(_SMALLEST * coarse.size, _SOLID * fans[0].sum()):
            continue
        corners = convex_hull(fan)
        area = fill_polygon(corners, coarse.shape)
        if fan.sum() < _SOLID * area.sum() or not _has_straight_sides(corners, fan):
            continue
        polygon = _without_notch(corners, fan)
        mask |= fill_polygon(_enlarged(polygon, step, lit.shape), lit.shape)
    if not mask.any():
        return None
    if mask.mean() >= _WHOLE:
        mask[:] = True
    return mask


def _shrunk(lit: np.ndarray, step: int) -> np.ndarray:
    """Return blocks of step x step voxels, lit where half of one is."""
    rows, columns = (-(-size // step) for size in lit.shape)
    padded = np.pad(lit, ((0, rows * step - lit.shape[0]), (0, columns * step - lit.shape[1])), mode="edge")
    return padded.reshape(rows, step, columns, step).mean(axis=(1, 3)) >= 0.5


def _enlarged(corners: np.ndarray, step: int, shape: tuple[int, int]) -> np.ndarray:
    """Return corners (n, 2) of coarse voxels as places of fine ones; the border of the frame stays there."""
    fine = corners * step + (step - 1) / 2
    for axis, size in enumerate(shape):
        last = -(-size // step) - 1
        fine[corners[:, axis] < 0.5, axis] = 0
        fine[corners[:, axis] > last - 0.5, axis] = size - 1
    return fine


def _solid_pieces(lit: np.ndarray) -> list[np.ndarray]:
    """Return what is thicker than lines and letters, piece by piece, the largest first."""
    import SimpleITK as sitk

    close, opened = (max(1, round(share * min(lit.shape))) for share in (_CLOSING, _OPENING))
    # The border of the frame must not wear the fan away.
    margin = 2 * (close + opened)
    image = sitk.GetImageFromArray(np.pad(lit, margin, mode="edge").astype(np.uint8))
    image = sitk.BinaryMorphologicalClosing(image, [close] * 2)
    image = sitk.BinaryMorphologicalOpening(image, [opened] * 2)
    solid = sitk.GetArrayFromImage(image)[margin:-margin, margin:-margin]
    labels = sitk.RelabelComponent(sitk.ConnectedComponent(sitk.GetImageFromArray(solid)), 8)
    numbers = sitk.GetArrayFromImage(labels)
    return [numbers == number for number in range(1, min(int(numbers.max()), 12) + 1)]


def _join(fans: list[np.ndarray], piece: np.ndarray) -> None:
    """Add a piece to the fan that it fills up, or as a fan of its own."""
    for number, fan in enumerate(fans):
        both = fan | piece
        grown = fill_polygon(convex_hull(both), fan.shape).sum()
        if grown - fill_polygon(convex_hull(fan), fan.shape).sum() <= _GAP * piece.sum():
            fans[number] = both
            return
    fans.append(piece)


def _has_straight_sides(corners: np.ndarray, fan: np.ndarray) -> bool:
    """Return whether two long straight edges of the hull are edges of the fan too.

    Beams are straight, and so the sides of every fan are; the outlines of a head or a body are not.
    """
    span = float(np.hypot(*np.ptp(corners, axis=0)))
    straight = simplified(corners, max(1.0, _BENT * span))
    sides = [
        length
        for start, end in zip(straight, np.roll(straight, -1, axis=0), strict=True)
        if (length := np.hypot(*(end - start))) >= _SIDE * span and _touched(start, end, fan) >= _TOUCHED
    ]
    return len(sides) >= 2 and sum(sides) >= _SIDES * span


def _touched(start: np.ndarray, end: np.ndarray, fan: np.ndarray) -> float:
    """Return the share of a line near which the fan has voxels."""
    share = np.linspace(0.05, 0.95, 60)[:, None]
    places = np.rint(start + share * (end - start)).astype(int)
    near = [
        fan[max(0, row - _NEAR) : row + _NEAR + 1, max(0, column - _NEAR) : column + _NEAR + 1].any()
        for row, column in places
    ]
    return float(np.mean(near))


def _without_notch(corners: np.ndarray, fan: np.ndarray) -> np.ndarray:
    """Cut away the black between the face of a convex probe and its chord, at the top or bottom of a hull.

    The face is an arc, here a parabola through both ends of the chord with the largest sag that leaves
    nearly all of the fan.
    """
    places = np.argwhere(fan).astype(float)
    width = np.ptp(corners[:, 1])
    polygon: list[np.ndarray] = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        polygon.append(start)
        along = end - start
        length = float(np.hypot(*along))
        if abs(along[1]) < _CHORD * width or abs(along[0]) > 0.35 * abs(along[1]):
            continue
        along = along / length
        across = np.array([-along[1], along[0]])
        if (places.mean(axis=0) - start) @ across < 0:
            across = -across
        sag = _largest_sag((places - start) @ along, (places - start) @ across, length)
        if sag >= 2.0:
            share = np.linspace(-1, 1, 33)[1:-1]
            polygon += [
                start + along * length * (each + 1) / 2 + across * sag * (1 - each**2) for each in share
            ]
    return np.array(polygon)


def _largest_sag(place: np.ndarray, depth: np.ndarray, length: float) -> float:
    share = 2 * place / length - 1
    # Near its ends the chord runs along the rounded corners of the fan.
    near = np.abs(share) < _MIDDLE
    needed = np.sort(depth[near] / (1 - share[near] ** 2))
    allowed = _STRAY * (2 / 3) * length * needed + 2
    beyond = np.flatnonzero(np.arange(len(needed)) > allowed)
    sag = float(needed[beyond[0]]) if len(beyond) else 0.0
    return max(0.0, min(sag, length / 2) - 1.0)


def _overlays(steady: np.ndarray, lowest: float, highest: float, least: float) -> np.ndarray:
    """Return a mask of what is saturated and thin, with the voxels around it."""
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(np.pad(steady, 2 * _THIN, mode="edge"))
    opened = sitk.GetArrayFromImage(sitk.GrayscaleMorphologicalOpening(image, [_THIN] * 2, sitk.sitkBox))
    opened = opened[2 * _THIN : -2 * _THIN, 2 * _THIN : -2 * _THIN]
    span = highest - lowest
    contrast = (steady - opened) / span
    drawn = (steady >= lowest + _DRAWN * span) & (contrast >= _RIM_CONTRAST)
    labels = sitk.ConnectedComponent(sitk.GetImageFromArray(drawn.astype(np.uint8)), True)
    numbers = sitk.GetArrayFromImage(labels)
    # Strokes are white somewhere and gray at their rims.
    white = np.unique(numbers[drawn & (contrast >= _THIN_CONTRAST) & (steady >= lowest + least * span)])
    found = np.isin(numbers, white) & drawn
    image = sitk.GetImageFromArray(found.astype(np.uint8))
    grown = sitk.BinaryDilate(image, [_AROUND_OVERLAY] * 2, sitk.sitkBox)
    return sitk.GetArrayFromImage(grown).astype(bool)
