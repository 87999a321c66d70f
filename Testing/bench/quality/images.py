"""Where the images of the benchmark come from: the parts of the data recipes, and the shipped samples.

Nothing else of the benchmark knows of recipes, packages or folders.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.metrics import foreground
from GANEnhanceLib.training.images.load import recipe_images
from GANEnhanceLib.training.sources import SOURCES, load
from GANEnhanceLib.volume import Volume

REAL_NOISE = ("epi-brain", "multi-coil-noise", "b0-oblique", "memprage-slice", "sample-b0")
"""Images whose own noise is too strong for a reference."""
SAMPLE = "sample-t1-head"
"""Shipped with the library: what a quick run is made with."""
_MARGIN = 8


@dataclass(frozen=True)
class Clean:
    """An image taken for clean: its slices along k, on a grid along the axes, and whom it shows.

    `upside_down` says that the first row of a slice is the lowest (or the back), which pictures turn round.
    """

    name: str
    patient: str
    volume: Volume
    upside_down: bool = False


class Images:
    """Images by modality and part; what cannot be had is kept in `missing`, name to reason."""

    def __init__(self, folder: Path, part: str = "test", quick: bool = False):
        """Take images of a part ("test" or "validation"), fetched into a folder when they are not there."""
        self.missing: dict[str, str] = {}
        self.part = part
        self._folder, self._quick = Path(folder), quick

    def references(self, modality: str) -> list[Clean]:
        """Return all images of a modality ("MR", "CT", "US") that can serve as references."""
        if self._quick:
            names = [SAMPLE] if modality == "MR" else []
        else:
            # No frame of ultrasound is without speckle, so it is laid over anatomy.
            chosen = recipe_images("anatomy") if modality == "US" else SOURCES.values()
            names = [
                image.name
                for image in chosen
                if (image.modality, image.part) == (modality, self.part) and image.name not in REAL_NOISE
            ]
        return [each for each in map(self._load, names) if each is not None]

    def wholes(self, modality: str) -> list[Clean]:
        """Return references of a modality with all that is around them, in all their slices.

        Of MR the one volume with the most slices, of others all that are a single slice.
        """
        found = [self._load(clean.name, crop=False) for clean in self.references(modality)]
        if modality != "MR":
            return [clean for clean in found if len(clean.volume.voxels) == 1]
        return sorted(found, key=lambda clean: len(clean.volume.voxels))[-1:]

    def upright(self, modality: str) -> Volume | None:
        """Return the largest reference of a modality as its file has it, with the axes of the patient."""
        found = max(self.references(modality), key=lambda clean: clean.volume.voxels.size, default=None)
        return None if found is None else load(found.name, self._folder)

    def _load(self, name: str, crop: bool = True) -> Clean | None:
        try:
            volume = load(name, self._folder)
        except GANEnhanceError as error:
            self.missing[name] = str(error)
            return None
        return Clean(name, SOURCES[name].patient, along_k(volume, crop), _is_upside_down(volume))


def along_k(volume: Volume, crop: bool = True) -> Volume:
    """Return a volume with its slices along k, with `crop` cut in the slice to what is not background."""
    axis = volume.acquisition_axis
    voxels = np.moveaxis(volume.voxels, axis, 0)
    spacing = list(volume.spacing[::-1])
    spacing.insert(0, spacing.pop(axis))
    if crop:
        inside = foreground(voxels).any(axis=0)
        rows, columns = (_range(inside.any(axis=1 - each)) for each in (0, 1))
        voxels = voxels[:, rows, columns]
    matrix = np.diag([*spacing[::-1], 1.0])
    return Volume(np.ascontiguousarray(voxels), matrix, volume.modality, volume.name)


def _is_upside_down(volume: Volume) -> bool:
    """Return whether the rows of slices run to the head or to the front."""
    rows = next(axis for axis in range(3) if axis != volume.acquisition_axis)
    direction = volume.ijk_to_ras[:3, 2 - rows]
    main = int(np.argmax(np.abs(direction)))
    return main > 0 and direction[main] > 0


def middle(volume: Volume, slices: int) -> Volume:
    """Return the middle slices along k, all of them if there are fewer."""
    first = max(0, (len(volume.voxels) - slices) // 2)
    return Volume(volume.voxels[first : first + slices], volume.ijk_to_ras, volume.modality, volume.name)


def _range(inside: np.ndarray) -> slice:
    """Return what holds all that is inside, with a margin, of an even number of voxels."""
    places = np.flatnonzero(inside)
    start = max(0, int(places[0]) - _MARGIN)
    stop = min(len(inside), int(places[-1]) + 1 + _MARGIN)
    return slice(start, stop - (stop - start) % 2)
