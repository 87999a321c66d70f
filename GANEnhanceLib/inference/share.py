"""How much of a change is applied at each voxel: the strength, times the weight of the region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from GANEnhanceLib.inference.boxes import Box
    from GANEnhanceLib.regions import Region


class Share:
    """The share of the change of each voxel, 0 to 1; where a region's weight is 0 it is exactly 0."""

    def __init__(self, strength: float, region: Region | None = None):
        """Take the strength, 0 to 1, and the region; None is everywhere."""
        self.strength = float(strength)
        self.region = region

    def weights(self, box: Box) -> np.ndarray | None:
        """Return the weights of a box, float32 (k, j, i); None without a region, where all are 1."""
        return None if self.region is None else self.region.weights(box)

    def of(self, weights: np.ndarray | None) -> float | np.ndarray:
        """Return the share of voxels with these weights: one number without a region, else float64."""
        return self.strength if weights is None else self.strength * weights.astype(np.float64)
