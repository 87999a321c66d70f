"""How much of a change is applied at each voxel: the strength, times the weight of region and fan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from GANEnhanceLib.inference.boxes import Box
    from GANEnhanceLib.inference.inside import Inside
    from GANEnhanceLib.regions import Region


class Share:
    """The share of the change of each voxel, 0 to 1; where a weight is 0 it is exactly 0."""

    def __init__(self, strength: float, region: Region | None = None, inside: Inside | None = None):
        """Take the strength, 0 to 1, the region, and where the model may change voxels; None: everywhere."""
        self.strength = float(strength)
        self.region, self.inside = region, inside

    def within(self, inside: Inside | None) -> Share:
        """Return the same share where the model may change voxels."""
        return Share(self.strength, self.region, inside)

    def weights(self, box: Box) -> np.ndarray | None:
        """Return the weights of a box, float32 (k, j, i); None where all are 1 without a look."""
        found = [each.weights(box) for each in (self.region, self.inside) if each is not None]
        if not found:
            return None
        return found[0] if len(found) == 1 else found[0] * found[1]

    def of(self, weights: np.ndarray | None) -> float | np.ndarray:
        """Return the share of voxels with these weights: one number without any, else float64."""
        return self.strength if weights is None else self.strength * weights.astype(np.float64)
