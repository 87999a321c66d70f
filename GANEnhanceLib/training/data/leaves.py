"""Volumes that nobody was scanned for: dead leaves, to learn from beside the few real ones.

Ellipsoids of all sizes lie over one another, each of one value, with a slope or with a texture. Such images
have the statistics of natural ones: edges of every contrast, even areas, scale invariance (Lee, Mumford and
Huang, Int J Comput Vis 41:35, 2001), and denoisers learn from them nearly as well as from photographs
(Achddou, Gousseau and Ladjal, SSVM 2021).
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

_CUBE = 128.0
"""Edge, voxels, of the cube that the numbers of leaves are for."""
_LEAVES = ((120, 25.0, 60.0), (500, 10.0, 25.0), (2500, 4.0, 10.0), (5000, 1.3, 4.0))
"""How many leaves a cube has, of which radii, voxels."""
_EMPTY = 0.12
"""Share of leaves that are as black as air."""
_GRAINS = (2.0, 3.0, 5.0)
"""Widths of the textures, voxels: finer ones could not be told from noise."""
_TEXTURED = 0.15
"""Share of the leaves that are large enough which have one."""


def dead_leaves(size: int, seed: int) -> np.ndarray:
    """Return a volume (size, size, size) of dead leaves, float32, 0 to about 1.3.

    It is drawn at twice the resolution and averaged, so that voxels at edges are partly of both sides, as
    those of a scanner are.

    Args:
        size: edge, voxels.
        seed: of all that is drawn.
    """
    rng = np.random.default_rng(seed)
    fine = np.zeros((2 * size,) * 3, np.float32)
    textures = [gaussian_filter(rng.standard_normal((size,) * 3, dtype=np.float32), each) for each in _GRAINS]
    textures = [each / each.std() for each in textures]
    share = (size / _CUBE) ** 3
    radii = np.concatenate(
        [
            2 * np.exp(rng.uniform(np.log(low), np.log(high), max(1, int(count * share))))
            for count, low, high in _LEAVES
        ]
    )
    # Large leaves come first on the whole, or they would hide all small ones.
    for number in np.argsort(-np.log(radii) + rng.normal(0, 0.4, len(radii))):
        _lay(fine, float(radii[number]), textures, rng)
    return fine.reshape(size, 2, size, 2, size, 2).mean(axis=(1, 3, 5)).clip(0.0, 1.3)


def _lay(fine: np.ndarray, radius: float, textures: list[np.ndarray], rng: np.random.Generator) -> None:
    """Draw one ellipsoid, of any direction, over what is there."""
    side = len(fine)
    middle = rng.uniform(-radius / 2, side + radius / 2, 3)
    low = np.maximum(0, np.floor(middle - radius)).astype(int)
    high = np.minimum(side, np.ceil(middle + radius) + 1).astype(int)
    half_axes = radius * rng.uniform(0.35, 1.0, 3)
    turned, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    value = np.float32(rng.uniform(0.0, 1.0) if rng.random() >= _EMPTY else 0.0)
    slope = np.float32(rng.normal(0.0, 0.15) / radius if radius > 20 and rng.random() < 0.5 else 0.0)
    texture = textures[int(rng.integers(len(textures)))] if radius > 6 and rng.random() < _TEXTURED else None
    contrast, shift = np.float32(rng.uniform(0.005, 0.03)), rng.integers(0, side // 2, 3)
    if (high <= low).any():
        return
    form = ((turned / half_axes**2) @ turned.T).astype(np.float32)
    z, y, x = np.ix_(
        *(
            np.arange(first, last, dtype=np.float32) - np.float32(place)
            for first, last, place in zip(low, high, middle, strict=True)
        )
    )
    distance = form[0, 0] * z * z + (form[1, 1] * y * y + 2 * form[0, 1] * z * y)
    distance = distance + (form[2, 2] * x * x + 2 * form[0, 2] * z * x) + 2 * form[1, 2] * y * x
    values = value + slope * x
    if texture is not None:
        places = [
            (np.arange(first, last) // 2 + offset) % (side // 2)
            for first, last, offset in zip(low, high, shift, strict=True)
        ]
        values = values + contrast * texture[np.ix_(*places)]
    box = fine[low[0] : high[0], low[1] : high[1], low[2] : high[2]]
    np.copyto(box, np.broadcast_to(values, box.shape), where=distance <= 1)
