"""Classical ways to a finer grid with the same corners: interpolation, agreement with the input, k-space."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from quality.cases import Case
from quality.degradations import resize_cosine
from quality.methods import Method

LANCZOS_LOBES = 3


def interpolate(voxels: np.ndarray, factors: tuple[int, int, int], order: int = 3) -> np.ndarray:
    """Return voxels (k, j, i) on a grid finer by `factors`, by B-splines of an order (1: linear)."""
    from scipy.ndimage import zoom

    return zoom(voxels, factors, order=order, mode="nearest", grid_mode=True)


def as_shown(case: Case) -> np.ndarray:
    """Return the input on the grid of the reference: as it is, or for super-resolution interpolated."""
    return case.given.voxels if case.factors == (1, 1, 1) else interpolate(case.given.voxels, case.factors)


def _spline(order: int):
    def run(case: Case) -> Iterator[np.ndarray]:
        yield interpolate(case.given.voxels, case.factors, order)

    return run


def _consistent_spline(case: Case) -> Iterator[np.ndarray]:
    """Give B-splines that agree with the input when they are made coarse again, exactly or within its noise.

    Iterative back-projection in closed form: see `GANEnhanceLib.finer.lattice`.
    """
    from GANEnhanceLib.finer.lattice import Lattice

    coarse = case.given.voxels
    shape = tuple(size * factor for size, factor in zip(coarse.shape, case.factors, strict=True))
    lattice = Lattice(coarse.shape, shape, {0: "box", 1: "kspace", 2: "kspace"})
    for limit in (0.0, case.sigma / 2, case.sigma):
        fine = np.empty(shape, np.float32)
        for _ in lattice.interpolate(coarse, fine):
            pass
        for _ in lattice.make_consistent(fine, coarse, limit):
            pass
        yield fine


def _lanczos(case: Case) -> Iterator[np.ndarray]:
    fine = case.given.voxels
    for axis, factor in enumerate(case.factors):
        fine = np.moveaxis(fine, axis, -1)
        fine = np.moveaxis(fine @ lanczos_matrix(fine.shape[-1], factor), -1, axis)
    yield fine


def _zero_filling(case: Case) -> Iterator[np.ndarray]:
    fine = case.given.voxels
    for axis, factor in enumerate(case.factors):
        fine = resize_cosine(fine, factor * fine.shape[axis], axis)
    yield np.abs(fine) if case.given.voxels.min() >= 0 else fine


def lanczos_matrix(size: int, factor: int) -> np.ndarray:
    """Return the matrix (size, factor * size) that interpolates rows; weights of each place sum up to 1.

    C. E. Duchon, "Lanczos filtering in one and two dimensions", J. Applied Meteorology 18 (1979) 1016-1022.
    """
    if factor == 1:
        return np.eye(size, dtype=np.float32)
    place = (np.arange(factor * size) + 0.5) / factor - 0.5
    steps = np.arange(-LANCZOS_LOBES, LANCZOS_LOBES + 1)
    matrix = np.zeros((size, factor * size))
    for column, x in enumerate(place):
        number = int(np.floor(x)) + steps
        weights = np.sinc(x - number) * np.sinc((x - number) / LANCZOS_LOBES)
        weights[np.abs(x - number) >= LANCZOS_LOBES] = 0.0
        np.add.at(matrix[:, column], number.clip(0, size - 1), weights / weights.sum())
    return matrix.astype(np.float32)


UPSAMPLING = [
    Method("linear", _spline(1), ("scipy", "scipy")),
    Method("B-spline", _spline(3), ("scipy", "scipy")),
    Method("B-spline, made to agree", _consistent_spline),
    Method("Lanczos", _lanczos),
    Method("zero filling", _zero_filling, ("scipy", "scipy")),
]
