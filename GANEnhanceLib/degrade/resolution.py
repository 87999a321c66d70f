"""Loss of resolution: k-space that ends too early, and slices that are too thick."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from GANEnhanceLib.axis_maps import cosine_terms
from GANEnhanceLib.errors import OptionError


def truncate_kspace(voxels: np.ndarray, kept: float | tuple[float, float]) -> np.ndarray:
    """Leave the outer lines of k-space out and fill them with zeros: blur and Gibbs ringing.

    Keeping the lines up to the share a of the highest frequency convolves the object with D(x) = sin(pi a x)
    / (pi x), x in voxels; an edge then overshoots by Si(pi) / pi - 1/2 = 8.95 % of its height (Gibbs, Nature
    59:606, 1899; in MR: Wood and Henkelman, Magn Reson Med 2:517, 1985). The image is mirrored at its
    borders, so that a patch, whose borders differ, does not ring from one to the other; k-space is then that
    of the cosine transform.

    Args:
        voxels: (..., h, w), value units.
        kept: share of the lines that is kept along both axes of the slice plane, above 0 to 1, or one share
            along the rows' axis (h) and one along the columns' axis (w).

    Returns:
        float32 array of the same shape: magnitudes, so never below 0 where the input is not.
    """
    shares = (kept, kept) if np.isscalar(kept) else tuple(kept)
    if not all(0.0 < share <= 1.0 for share in shares):
        raise OptionError(f"The share of k-space that is kept is {kept}, but must be above 0 and at most 1.")
    image = np.asarray(voxels, dtype=np.float32)
    height, width = image.shape[-2:]
    if shares[0] < 1.0:
        image = _low_pass(height, max(1, round(shares[0] * height))) @ image
    if shares[1] < 1.0:
        image = image @ _low_pass(width, max(1, round(shares[1] * width)))
    return np.abs(image) if np.min(voxels) >= 0 else image


def average_slices(
    voxels: np.ndarray, factor: int, axis: int = 0, first: int = 0, interpolation: str = "linear"
) -> np.ndarray:
    """Average groups of slices to thick ones and show them on the fine grid.

    A thick slice is the mean of `factor` fine ones (a rectangular slice profile; Greenspan, Comput J 52:43,
    2009). Values between the centers of thick slices are interpolated; beyond the outermost centers they
    stay.

    Args:
        voxels: any shape, value units.
        factor: thickness in fine slices, 1 or more.
        axis: the axis along which slices are averaged.
        first: number of fine slices in the first group, 0 to factor - 1, 0 for a whole group: where the
            borders between thick slices lie. Groups at both ends may be thinner.
        interpolation: "linear", or "nearest" for steps.

    Returns:
        float32 array of the same shape.
    """
    if factor < 1 or int(factor) != factor:
        raise OptionError(
            f"The thickness is {factor} slices, but must be a whole number, 1 or more.",
        )
    slices = np.moveaxis(np.asarray(voxels, dtype=np.float32), axis, 0)
    count = len(slices)
    starts = np.arange(first - factor if first else 0, count, factor).clip(0)
    ends = np.append(starts[1:], count)
    sizes = (ends - starts).astype(np.float32)
    thick = np.add.reduceat(slices, starts, axis=0) / sizes.reshape([-1] + [1] * (slices.ndim - 1))
    if interpolation == "nearest":
        fine = np.repeat(thick, ends - starts, axis=0)
    else:
        fine = _between(thick, (starts + ends - 1) / 2.0, count)
    return np.ascontiguousarray(np.moveaxis(fine, 0, axis))


def _between(thick: np.ndarray, centers: np.ndarray, count: int) -> np.ndarray:
    """Interpolate along the first axis from the centers to 0, 1, ... count - 1."""
    place = np.interp(np.arange(count), centers, np.arange(len(centers)))
    below = np.minimum(place.astype(int), max(len(centers) - 2, 0))
    share = (place - below).astype(np.float32).reshape([-1] + [1] * (thick.ndim - 1))
    above = np.minimum(below + 1, len(centers) - 1)
    return thick[below] * (1 - share) + thick[above] * share


@lru_cache(maxsize=64)
def _low_pass(extent: int, lines: int) -> np.ndarray:
    """Return the (symmetric) matrix that keeps the first `lines` terms of the cosine transform."""
    basis = cosine_terms(lines, extent)
    return (basis.T @ basis).astype(np.float32)
