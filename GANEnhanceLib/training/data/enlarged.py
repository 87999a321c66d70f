"""Patches shown on a finer grid than they were scanned on, as small fields of view are reconstructed.

On a fine grid texture and noise of a scan reach over several voxels. A network that saw coarse grids alone
takes both for the noise of a low dose and removes them.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

_FACTORS = (1.3, 2.5)
"""Of the enlargement: from 0.7 mm to 0.28 mm, the finest pixels of small fields of view."""


def enlarge(slab: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a part of (s, h, w) enlarged to the same shape by cubic splines, not below its lowest value.

    Args:
        slab: scaled intensity.
        rng: draws the factor and the place.
    """
    height, width = slab.shape[1:]
    factor = rng.uniform(*_FACTORS)
    rows, columns = (max(2, round(size / factor)) for size in (height, width))
    top, left = int(rng.integers(height - rows + 1)), int(rng.integers(width - columns + 1))
    part = slab[:, top : top + rows, left : left + columns]
    enlarged = ndimage.zoom(part, (1, height / rows, width / columns), order=3, mode="mirror", grid_mode=True)
    return np.maximum(enlarged, part.min())
