"""A bound on what a network may change: no voxel moves farther than the model's card allows."""

import numpy as np

from GANEnhanceLib.errors import OptionError


def bound_residual(residual: np.ndarray, bound: float) -> tuple[np.ndarray, int]:
    """Clip a residual (any shape, scaled units) to -bound..bound; give it with the number of voxels that hit.

    An infinite bound changes nothing; if nothing hits, the residual itself is given back, else a new array.
    NaN stays NaN and is no hit. Raises OptionError unless the bound is above 0.
    """
    if not bound > 0:
        raise OptionError(f"The bound of the residual is {bound}.", "It must be a number above 0.")
    hits = int(np.count_nonzero(residual > bound)) + int(np.count_nonzero(residual < -bound))
    return (np.clip(residual, -bound, bound) if hits else residual), hits
