"""The method `interpolate`: a volume on another grid, without any model, for what is compared with a result.

Cubic B-splines along the axes where the grid has the corners of the volume, else through space.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib.errors import InputError, WorkerError
from GANEnhanceLib.methods.files import read_volume, write_array
from GANEnhanceLib.methods.workplace import Workplace

if TYPE_CHECKING:
    from GANEnhanceLib.finer.grid import Grid
    from GANEnhanceLib.volume import Volume


def interpolate(
    place: Workplace, number: int, params: dict[str, Any]
) -> Generator[Any, None, dict[str, Any]]:
    """Run `interpolate`: yields progress, returns the fields of its result."""
    from GANEnhanceLib.finer.grid import Grid
    from GANEnhanceLib.inference import Progress
    from GANEnhanceLib.intensity import to_dtype
    from GANEnhanceLib.trust import hash_voxels

    volume = read_volume(place, params.get("input"))
    target = Grid.from_dict(params.get("grid"))
    dtype = _dtype(params.get("dtype") or "float32")
    if Grid.of(volume).box_of(target, 0) is None:
        raise InputError(
            "The grid to interpolate to lies outside of the volume.", "Choose one in the same place."
        )
    yield Progress("interpolating", 0.0)
    voxels = yield from _on_grid(volume, target)
    if voxels.dtype != dtype:
        whole, voxels = voxels, np.empty(target.shape, dtype)
        for row, values in enumerate(whole):
            voxels[row] = to_dtype(values.astype(np.float64), dtype)
    yield Progress("interpolating", 1.0)
    written = write_array(place, f"result-{number}.npy", voxels)
    return {**written, "sha256": hash_voxels(volume.voxels)}


def _on_grid(volume: Volume, target: Grid) -> Generator[Any, None, np.ndarray]:
    from GANEnhanceLib.finer.grid import Grid
    from GANEnhanceLib.finer.lattice import Lattice
    from GANEnhanceLib.finer.resample import resample
    from GANEnhanceLib.inference import Progress

    given = Grid.of(volume)
    if not given.refined(target.shape).is_like(target):
        lowest = min(float(part.min()) for part in volume.voxels)
        return resample(volume.voxels, given, target, lowest)
    voxels = np.empty(target.shape, np.float32)
    for fraction in Lattice(given.shape, target.shape, {}).interpolate(volume.voxels, voxels):
        yield Progress("interpolating", fraction)
    return voxels


def _dtype(name: Any) -> np.dtype:
    try:
        dtype = np.dtype(str(name))
    except TypeError:
        dtype = np.dtype(object)
    if dtype.kind not in "iuf":
        raise WorkerError(f"The dtype is {name!r}.", 'Give the name of a real numpy type, as "int16".')
    return dtype
