"""Flat parts of an image: blocks of tissue without edges, where noise and speckle can be measured."""

import math

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics.noise import foreground

_SHARE = 0.25
_MOST = 400


def flat_blocks(reference: np.ndarray, size: int) -> np.ndarray:
    """Return the first voxels (n, 3) as (k, j, i) of the flattest square blocks of the k-slices.

    The slices of `reference` (k, j, i), an image with as little noise as there is, are cut into blocks of
    `size` by `size` voxels; of those that lie in the foreground the quarter with the smallest standard
    deviation is taken, at most 400. There may be none. Raises InputError for an image that is no volume.
    """
    planes = np.asanyarray(reference)
    if planes.ndim != 3 or planes.size == 0:
        raise InputError(f"The image has the shape {planes.shape}.", "Give a volume (k, j, i) with voxels.")
    inside = _grid(foreground(planes), size).all(axis=(2, 4))
    spread = _grid(planes, size).std(axis=(2, 4), dtype=np.float64)
    places = np.argwhere(inside) * (1, size, size)
    order = np.argsort(spread[inside], kind="stable")
    return places[order[: min(_MOST, math.ceil(_SHARE * len(order)))]]


def take_blocks(image: np.ndarray, places: np.ndarray, size: int) -> np.ndarray:
    """Return the blocks (n, size, size), float64, of a volume (k, j, i) at places of `flat_blocks`."""
    steps = np.arange(size)
    k, j, i = places.T
    planes = np.asanyarray(image)
    return planes[k[:, None, None], j[:, None, None] + steps[:, None], i[:, None, None] + steps].astype(
        np.float64
    )


def _grid(planes: np.ndarray, size: int) -> np.ndarray:
    """Cut slices into (slices, rows, size, columns, size); what is left at the ends is left out."""
    rows, columns = (extent // size for extent in planes.shape[1:])
    return planes[:, : rows * size, : columns * size].reshape(len(planes), rows, size, columns, size)
