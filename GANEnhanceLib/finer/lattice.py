"""A coarse grid and the finer one with the same corners: interpolation, sampling, and consistency of both."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from functools import cached_property

import numpy as np

from GANEnhanceLib.axis_maps import map_axes
from GANEnhanceLib.finer.interpolation import interpolation_matrix
from GANEnhanceLib.finer.sampling import sampling_matrix

_CHUNK_VOXELS = 2**20

Box = tuple[slice, slice, slice]


class Lattice:
    """Two grids on the same part of space, and what leads from one to the other.

    All maps go along one axis after another and in float64, so that a part comes out as in the whole (to the
    rounding of float32).

    Args:
        coarse: shape (k, j, i).
        fine: shape (k, j, i); axes of equal size are not refined.
        profiles: name of the profile by array axis (0 k, 1 j, 2 i) for all refined axes; where nothing is
            sampled they may be left out.
    """

    def __init__(self, coarse: Sequence[int], fine: Sequence[int], profiles: Mapping[int, str]) -> None:
        """Compute nothing yet; see the class for the arguments."""
        self.coarse, self.fine = tuple(coarse), tuple(fine)
        self.profiles = dict(profiles)
        self.refined = tuple(axis for axis in range(3) if self.coarse[axis] != self.fine[axis])

    @cached_property
    def _interpolations(self) -> dict[int, np.ndarray]:
        return {
            axis: interpolation_matrix(self.fine[axis], self.coarse[axis], self.profiles.get(axis, ""))
            for axis in self.refined
        }

    @cached_property
    def _samplings(self) -> dict[int, np.ndarray]:
        return {
            axis: sampling_matrix(self.fine[axis], self.coarse[axis], self.profiles[axis])
            for axis in self.refined
        }

    @cached_property
    def _inverses(self) -> dict[int, np.ndarray]:
        """For each A the matrix A^T (A A^T)^-1, which brings a misfit back with the least change."""
        return {
            axis: np.linalg.solve(matrix @ matrix.T, matrix).T for axis, matrix in self._samplings.items()
        }

    def widened(self, box: Box) -> Box:
        """Return a box of fine voxels with all of each refined axis: what its consistency depends on."""
        return tuple(slice(0, self.fine[axis]) if axis in self.refined else box[axis] for axis in range(3))

    def coarse_box(self, box: Box) -> Box:
        """Return the coarse voxels of a box that `widened` gave."""
        return tuple(slice(0, self.coarse[axis]) if axis in self.refined else box[axis] for axis in range(3))

    def interpolate(self, voxels: np.ndarray, out: np.ndarray) -> Generator[float, None, None]:
        """Write coarse voxels, all of them or those of a `coarse_box`, onto the fine grid; see
        `interpolation_matrix`.

        Yields the fraction done; `out` is float32.
        """
        for part, fraction in self._parts(out.shape):
            out[part] = map_axes(self._interpolations, voxels[self._whole_along_refined(part)])
            yield fraction

    def sample(self, voxels: np.ndarray) -> np.ndarray:
        """Return what the coarse grid would measure of fine voxels (`widened`), float64."""
        return map_axes(self._samplings, voxels)

    def make_consistent(
        self, fine: np.ndarray, coarse: np.ndarray, limit: float
    ) -> Generator[float, None, tuple[float, float]]:
        """Change fine voxels (`widened`) as little as needed, until they sample to the coarse ones.

        Iterative back-projection in closed form (M. Irani, S. Peleg, CVGIP 53 (1991) 231-239): x <- x + A^T
        (A A^T)^-1 d. The misfit d = y - A x is shortened by `limit` first, so that noise of that size is not
        brought back; no misfit above it stays.

        Args:
            fine: float32, changed in place.
            coarse: as measured, of `coarse_box`.
            limit: largest misfit that may stay, value units.

        Yields the fraction done; returns the root mean square of the misfit before and after, value units.
        """
        before = after = 0.0
        for part, fraction in self._parts(fine.shape):
            misfit = coarse[self._whole_along_refined(part)] - self.sample(fine[part])
            stays = np.clip(misfit, -limit, limit)
            before += float(np.square(misfit).sum())
            after += float(np.square(stays).sum())
            fine[part] += map_axes(self._inverses, misfit - stays).astype(np.float32)
            yield fraction
        return (before / coarse.size) ** 0.5, (after / coarse.size) ** 0.5

    def _parts(self, shape: tuple[int, ...]) -> Generator[tuple[Box, float], None, None]:
        """Cut fine voxels along an axis that is not refined; where there is none they stay whole."""
        axis = next((each for each in range(3) if each not in self.refined), 0)
        rows = max(1, _CHUNK_VOXELS * shape[axis] // int(np.prod(shape)))
        step = shape[axis] if axis in self.refined else rows
        for start in range(0, shape[axis], step):
            part = [slice(None)] * 3
            stop = min(start + step, shape[axis])
            part[axis] = slice(start, stop)
            yield tuple(part), stop / shape[axis]

    def _whole_along_refined(self, part: Box) -> Box:
        return tuple(slice(None) if axis in self.refined else part[axis] for axis in range(3))
