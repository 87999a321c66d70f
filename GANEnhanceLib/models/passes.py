"""The passes of a 2-D or 2.5-D network over one volume: along which axis, and seen from which side.

A network that is shown a few neighboring slices learns little along the third axis. The mean of passes along
all three axes knows all three. Where voxels are far from cubes, or there are few slices, slices across would
be unlike any that were acquired; there the passes are over the same slices, as they are, transposed and
mirrored: the part of a network's errors that depends on orientation goes out of the mean (Timofte et al.,
Seven ways to improve example-based single image super resolution, CVPR 2016, "enhanced prediction").
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from GANEnhanceLib.models.card import ModelCard
from GANEnhanceLib.volume import Volume

AXIS_NAMES = {"k": 0, "j": 1, "i": 2}
ALL = "all"
_MOST_APART = 1.7
"""Largest spacing over smallest up to which slices across are like those that were acquired: at 2 the mean
of three axes was no better than the acquired slices alone on validation volumes, at 1 it was 0.6 dB."""
_FEWEST_SLICES = 8


class Side(Enum):
    """How the slices of a pass are shown to the network."""

    PLAIN = "plain"
    TRANSPOSED = "transposed"
    MIRRORED = "mirrored"


@dataclass(frozen=True)
class Pass:
    """One pass: the array axis (0 k, 1 j, 2 i) that slices are taken along, and how they are shown."""

    axis: int
    side: Side = Side.PLAIN

    def turn(self, array: np.ndarray) -> np.ndarray:
        """Return a view of an array (k, j, i) as this pass sees it; of that view, ``array`` again."""
        first, second = self._plane
        if self.side is Side.TRANSPOSED:
            return array.swapaxes(first, second)
        return np.flip(array, first) if self.side is Side.MIRRORED else array

    def turn_triple(self, values: tuple) -> tuple:
        """Return three values given for (k, j, i) in the order of the turned axes."""
        first, second = self._plane
        values = list(values)
        if self.side is Side.TRANSPOSED:
            values[first], values[second] = values[second], values[first]
        return tuple(values)

    def turn_box(self, box: tuple[slice, slice, slice], shape: tuple[int, int, int]) -> tuple:
        """Return a box of an array of that shape as it lies in the turned one."""
        if self.side is not Side.MIRRORED:
            return self.turn_triple(box)
        first, size = self._plane[0], shape[self._plane[0]]
        box = list(box)
        box[first] = slice(size - box[first].stop, size - box[first].start)
        return tuple(box)

    @property
    def _plane(self) -> tuple[int, int]:
        return tuple(axis for axis in range(3) if axis != self.axis)


def passes_of(volume: Volume, axis: str) -> tuple[Pass, ...]:
    """Return the passes over a volume: one along a named axis, or three for "all".

    Args:
        volume: only its shape and matrix are looked at.
        axis: "k", "j", "i", "acquisition" (the largest spacing) or "all".
    """
    acquired = volume.acquisition_axis
    if axis != ALL:
        return (Pass(AXIS_NAMES.get(axis, acquired)),)
    spacing = volume.spacing
    if max(spacing) <= _MOST_APART * min(spacing) and min(volume.shape) >= _FEWEST_SLICES:
        return tuple(Pass(each) for each in range(3))
    return tuple(Pass(acquired, side) for side in Side)


def passes_of_model(volume: Volume, card: ModelCard, axis: str | None = None) -> tuple[Pass, ...]:
    """Return the passes of a card's network over a volume; one for a network in 3-D.

    Args:
        volume: as for `passes_of`.
        card: of a model with a network.
        axis: asked for instead of the card's.
    """
    if card.network.dimensions == 3:
        return (Pass(0),)
    return passes_of(volume, axis or card.plan.axis)
