"""How coarse voxels are brought to a finer grid along one axis: as suits the way they were measured in.

Where k-space ended early, the missing terms are filled with zeros, which is exact for an object that has no
others (in MR: Du et al., "Reduction of partial-volume artifacts with zero-filled interpolation in
three-dimensional MR angiography", J Magn Reson Imaging 4 (1994) 733-741). Slices have no such limit of
frequency, and cubic B-splines are better there.
"""

from __future__ import annotations

import numpy as np

from GANEnhanceLib.finer.sampling import sampling_matrix
from GANEnhanceLib.finer.spline import fine_places, spline_matrix


def interpolation_matrix(fine: int, coarse: int, profile: str = "") -> np.ndarray:
    """Return the weights (fine, coarse), float64, of coarse voxels in fine ones; both grids end alike.

    Args:
        fine: number of fine voxels, not fewer than coarse ones.
        coarse: number of coarse ones.
        profile: "kspace" fills with zeros, and what it gives is measured as the coarse voxels were; any other
            gives cubic B-splines.
    """
    if profile == "kspace":
        return (fine / coarse) * sampling_matrix(fine, coarse, profile).T
    return spline_matrix(coarse, fine_places(fine, coarse))
