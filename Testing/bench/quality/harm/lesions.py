"""Lesions of known size and contrast in clean anatomy: still to be seen? And none where there are none?

A piece of clean anatomy is laid out many times as tiles of one slice, each with other noise, and with its
true neighbor slices. Round lesions (balls with an edge of one voxel) are added at flat places before the
image is degraded, in one of two copies with the same noise; the copy without them is the lesion-free twin.
The model sees the whole slice of tiles; patches around the places are judged by `observers`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_erosion, maximum_filter, uniform_filter
from scipy.signal import fftconvolve

from GANEnhanceLib.metrics import foreground
from GANEnhanceLib.volume import Volume
from quality.degradations import Degradation, coarse_spacing
from quality.harm.observers import Patches, compare, recovered_contrast
from quality.images import Clean
from quality.methods.upsampling import interpolate

RADII = (2.0, 3.0, 5.0)
"""Of the lesions, voxels."""
CONTRASTS = {
    "MR": (0.03, 0.06, 0.12, -0.06),
    "CT": (10.0, 20.0, 40.0, -20.0),
    "US": (12.75, 25.5, 51.0, -25.5),
}
"""Of the lesions, value units: share of the reference intensity, HU, gray levels of a display (5, 10 and 20 %
of it)."""
LEVELS = {
    "MR": ("3 %", "6 %", "10 %"),
    "CT": ("quarter dose, soft kernel", "tenth dose, soft kernel"),
    "US": ("1 look, fine", "4 looks, coarse"),
}
COARSE_LEVELS, COARSE_CONTRASTS = ("slices of 4", "half matrix"), (0.03, 0.06, -0.06)
"""For super-resolution, which has to be run on the whole depth."""
SIDE, DEPTH, HALF = 128, 5, 12
"""Of a tile, slices of it, and half a patch, voxels."""
PER_RADIUS = 3
_AIR_HU = -500.0
_APART = 26.0
"""Of two places, voxels: patches around them do not overlap."""
_BORDER = 18
Enhance = Callable[[Volume, int], np.ndarray]


@dataclass(frozen=True)
class Scene:
    """Anatomy (k, SIDE, SIDE) in value units, and places (row, column) for lesions of each radius."""

    anatomy: np.ndarray
    spacing: tuple[float, float, float]
    modality: str
    places: dict[float, list[tuple[int, int]]]

    @property
    def center(self) -> int:
        """Return the slice that is judged."""
        return len(self.anatomy) // 2


def make_scene(clean: Clean, factors: tuple[int, int, int] = (1, 1, 1)) -> Scene:
    """Choose the brightest piece of the middle slices, and flat places in it that are far from each other.

    Its depth is five slices after it is made coarser by `factors`.
    """
    voxels = clean.volume.voxels
    depth = min(DEPTH * factors[0], len(voxels) // factors[0] * factors[0])
    first = (len(voxels) - depth) // 2
    slab = voxels[first : first + depth].astype(np.float32)
    slab = np.pad(slab, ((0, 0), *((0, max(0, SIDE - size)) for size in slab.shape[1:])), mode="reflect")
    inside = _tissue(slab, clean.volume.modality)[depth // 2].astype(np.float32)
    share = uniform_filter(inside, SIDE)
    half = SIDE // 2
    share = share[half : slab.shape[1] - half + 1, half : slab.shape[2] - half + 1]
    row, column = np.unravel_index(int(share.argmax()), share.shape)
    anatomy = slab[:, row : row + SIDE, column : column + SIDE]
    return Scene(
        anatomy, clean.volume.spacing, clean.volume.modality, _flat_places(anatomy, clean.volume.modality)
    )


def _tissue(voxels: np.ndarray, modality: str) -> np.ndarray:
    """Mask of what is neither air nor background; of CT that has a fixed value."""
    return voxels > _AIR_HU if modality == "CT" else foreground(voxels)


def _flat_places(anatomy: np.ndarray, modality: str) -> dict[float, list[tuple[int, int]]]:
    plane = anatomy[len(anatomy) // 2].astype(np.float64)
    spread = uniform_filter(plane**2, 13) - uniform_filter(plane, 13) ** 2
    allowed = binary_erosion(_tissue(plane.astype(np.float32), modality), iterations=8)
    if not allowed.any():
        allowed[:] = True
    allowed[:_BORDER] = allowed[-_BORDER:] = False
    allowed[:, :_BORDER] = allowed[:, -_BORDER:] = False
    rows, columns = np.mgrid[:SIDE, :SIDE]
    chosen: list[tuple[int, int]] = []
    while allowed.any() and len(chosen) < PER_RADIUS * len(RADII):
        row, column = np.unravel_index(np.where(allowed, spread, np.inf).argmin(), plane.shape)
        chosen.append((int(row), int(column)))
        allowed &= np.hypot(rows - row, columns - column) >= _APART
    # Flat and less flat places in turn, so that no radius gets the best.
    return {radius: chosen[number :: len(RADII)] for number, radius in enumerate(RADII)}


def ball(shape: tuple[int, int, int], radius: float, row: int, column: int) -> np.ndarray:
    """Return a ball (k, j, i) about the middle slice: 1 inside, 0 outside, linear over the voxel between."""
    k, j, i = (np.arange(size) for size in shape)
    distance = np.sqrt(
        (k[:, None, None] - shape[0] // 2) ** 2 + (j[:, None] - row) ** 2 + (i[None] - column) ** 2
    )
    return np.clip(radius + 0.5 - distance, 0.0, 1.0).astype(np.float32)


def lesion_map(scene: Scene) -> np.ndarray:
    """Return all lesions of a scene, of contrast 1, (k, SIDE, SIDE)."""
    total = np.zeros_like(scene.anatomy)
    for radius, places in scene.places.items():
        for row, column in places:
            total += ball(scene.anatomy.shape, radius, row, column)
    return total


def judge_lesions(scene: Scene, level: Degradation, enhance: Enhance, tiles: int) -> tuple[list[dict], dict]:
    """Measure one level: rows for each radius and contrast, and a row of false structures of the twins.

    `enhance(volume, number)` returns the voxels (j, i) of one slice; it is given the lesion-free twin first.
    `tiles` is the number of noise realizations along each side.
    """
    twin_before, twin_after = _both(scene, 0.0, level, enhance, tiles)
    rows = []
    lesions = lesion_map(scene)
    is_fine = level.factors == (1, 1, 1)
    for contrast in CONTRASTS[scene.modality] if is_fine else COARSE_CONTRASTS:
        before, after = _both(scene, contrast, level, enhance, tiles)
        for radius, places in scene.places.items():
            if not places:
                continue
            given, result = (
                Patches(*(_cut(each, places, tiles) for each in pair))
                for pair in ((before, twin_before), (after, twin_after))
            )
            found = compare(given, result, 2 * radius)
            row, column = places[0]
            around = np.s_[row - HALF : row + HALF + 1, column - HALF : column + HALF + 1]
            shape = contrast * lesions[scene.center][around]
            rows.append(
                {
                    "level": level.level,
                    "radius_voxels": radius,
                    "contrast": contrast,
                    "reader_before": round(found.before, 3),
                    "reader_after": round(found.after, 3),
                    "ratio": round(found.ratio, 4),
                    "interval": [round(each, 4) for each in found.interval],
                    "steady_ratio": round(found.steady, 4),
                    "information_ratio": round(found.information, 4),
                    "contrast_before": round(recovered_contrast(given, shape), 4),
                    "contrast_after": round(recovered_contrast(result, shape), 4),
                    "held": not found.is_lower,
                }
            )
    return rows, _false_structures(scene, level, twin_before, twin_after, tiles)


def _both(scene: Scene, contrast: float, level: Degradation, enhance: Enhance, tiles: int):
    """Return the middle slice of tiles before and after; noise is that of the twin.

    Before super-resolution an image is seen as its interpolation.
    """
    one = scene.anatomy + np.float32(contrast) * lesion_map(scene)
    spacing = scene.spacing if level.factors == (1, 1, 1) else coarse_spacing(scene.spacing, level.factors)
    volume = Volume(
        level.patches(np.tile(one, (1, tiles, tiles)), scene.spacing, 7),
        np.diag([*spacing, 1.0]),
        scene.modality,
    )
    shown = volume.voxels if level.factors == (1, 1, 1) else interpolate(volume.voxels, level.factors)
    return shown[scene.center], enhance(volume, scene.center)


def _cut(plane: np.ndarray, places: list[tuple[int, int]], tiles: int) -> np.ndarray:
    """Patches (realizations, places, size, size) of a plane of tiles."""
    grid = plane.reshape(tiles, SIDE, tiles, SIDE).transpose(0, 2, 1, 3).reshape(-1, SIDE, SIDE)
    return np.stack(
        [grid[:, row - HALF : row + HALF + 1, column - HALF : column + HALF + 1] for row, column in places],
        axis=1,
    )


def _false_structures(scene: Scene, level: Degradation, before, after, tiles: int) -> dict:
    wanted = np.tile(scene.anatomy[scene.center], (tiles, tiles))
    least = min(map(abs, CONTRASTS[scene.modality]))
    inside = binary_erosion(_tissue(wanted, scene.modality), iterations=5)
    counts = {"level": level.level, "contrast": least}
    for radius in RADII:
        was, now = (blob_contrast(each - wanted, radius) for each in (before, after))
        old, new = (blobs(each, least, radius) & inside for each in (was, now))
        counts[f"before_r{radius:g}"] = int(np.count_nonzero(old))
        counts[f"after_r{radius:g}"] = int(np.count_nonzero(new))
        counts[f"invented_r{radius:g}"] = int(np.count_nonzero(new & (np.abs(was) < least / 2)))
    counts["held"] = all(counts[f"after_r{r:g}"] <= counts[f"before_r{r:g}"] for r in RADII)
    return counts


def blob_contrast(plane: np.ndarray, radius: float) -> np.ndarray:
    """Return, at each voxel of (j, i), the contrast of a disc there: inside less a ring around it.

    A disc of contrast c (with the edge of `ball`) on even ground gives c at its middle.
    """
    reach = int(np.ceil(2 * radius))
    place = np.arange(-reach, reach + 1)
    distance = np.hypot(place[:, None], place)
    disc = np.clip(radius + 0.5 - distance, 0, 1)
    ring = (distance > radius + 1) & (distance <= 2 * radius)
    kernel = (disc - ring * (disc.sum() / ring.sum())) / np.square(disc).sum()
    return fftconvolve(np.pad(plane.astype(np.float64), reach, mode="reflect"), kernel, mode="valid")


def blobs(contrast: np.ndarray, least: float, radius: float) -> np.ndarray:
    """Return a mask of places whose contrast, of either sign, is `least` or more and the strongest around."""
    strength = np.abs(contrast)
    size = 2 * int(np.ceil(radius)) + 1
    return (strength >= least) & (strength == maximum_filter(strength, size))
