"""Is there a compact piece in the volume that is far brighter than tissue can be?"""

from __future__ import annotations

import numpy as np

from GANEnhanceLib.volume import Volume

CT_LIMIT = 2500.0
"""HU; enamel and the densest bone stay below."""
MR_LIMIT = 3.0
"""Times the 99.5 percentile; vessels and fat of the training and validation images reach 1.5, single voxels
2.5."""


def has_compact_piece(volume: Volume, limit: float) -> bool:
    """Tell if some slice (along the acquisition axis) has 3 x 3 neighbors that are all above a limit."""
    slices = np.moveaxis(volume.voxels, volume.acquisition_axis, 0)
    for part in slices:
        if min(part.shape) >= 3 and part.max() > limit and _has_core(part > limit):
            return True
    return False


def _has_core(mask: np.ndarray) -> bool:
    rows = mask[2:] & mask[1:-1] & mask[:-2]
    return bool((rows[:, 2:] & rows[:, 1:-1] & rows[:, :-2]).any())
