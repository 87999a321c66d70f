"""The coarser grid on which a network sees slices that are finer than those that it learned from.

In a small field of view anatomy is larger, in voxels, than anything that a network was shown, and is taken
for noise: one that learned from pixels of 0.4 mm and more took the texture of bone at 0.29 mm away. So such
slices are brought to pixels that it knows by leaving out the highest terms of their cosine transform, and
what the network changes there is filled into the fine slices with zeros: their finest detail stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from GANEnhanceLib.axis_maps import lowest_terms, map_axes
from GANEnhanceLib.models.card import ModelCard
from GANEnhanceLib.volume import Volume

_FINER = 0.8
"""Of the card's grid: from here on an axis is too fine."""


@dataclass(frozen=True, eq=False)
class Coarser:
    """A volume's grid and the coarser one that its slices are seen on.

    Each slice is mapped by itself, so that it comes out the same in any company.

    Attributes:
        axis: array axis (0 k, 1 j, 2 i) of the slices, which stays as it is.
        fine: shape (k, j, i) of the volume.
        coarse: shape of the coarser grid, which has the same ends.
    """

    axis: int
    fine: tuple[int, int, int]
    coarse: tuple[int, int, int]

    def thinned(self, voxels: np.ndarray) -> np.ndarray:
        """Return any number of the volume's slices (k, j, i) on the coarser grid, float32, value units."""
        return self._mapped(voxels, self._samplings)

    def widened(self, values: np.ndarray) -> np.ndarray:
        """Return any number of slices (k, j, i) of the coarser grid on the volume's, float32."""
        return self._mapped(values, self._fillings)

    @cached_property
    def _samplings(self) -> dict[int, np.ndarray]:
        return {
            axis: lowest_terms(fine, coarse)
            for axis, (fine, coarse) in enumerate(zip(self.fine, self.coarse, strict=True))
            if fine != coarse
        }

    @cached_property
    def _fillings(self) -> dict[int, np.ndarray]:
        return {
            axis: (self.fine[axis] / self.coarse[axis]) * matrix.T for axis, matrix in self._samplings.items()
        }

    def _mapped(self, voxels: np.ndarray, matrices: dict[int, np.ndarray]) -> np.ndarray:
        shape = [len(matrices[axis]) if axis in matrices else size for axis, size in enumerate(voxels.shape)]
        made = np.empty(shape, np.float32)
        for number in range(shape[self.axis]):
            place = tuple(
                slice(number, number + 1) if axis == self.axis else slice(None) for axis in range(3)
            )
            made[place] = map_axes(matrices, voxels[place])
        return made


def coarser_of(volume: Volume, card: ModelCard, axis: int) -> Coarser | None:
    """Return the coarser grid of a volume's slices; None where they are seen as they are.

    Args:
        volume: only its shape and matrix are looked at.
        card: whose `plan.grid_mm` says how coarse.
        axis: array axis (0 k, 1 j, 2 i) of the slices.
    """
    wanted = card.plan.grid_mm
    if wanted is None:
        return None
    sizes = list(volume.shape)
    for each in range(3):
        spacing = volume.spacing[2 - each]
        if each != axis and spacing < _FINER * wanted:
            sizes[each] = max(1, round(sizes[each] * spacing / wanted))
    return None if tuple(sizes) == volume.shape else Coarser(axis, volume.shape, tuple(sizes))
