"""What all samplers do with blocks (..., s, h, w): where they fit, how they are turned, which slices show."""

from __future__ import annotations

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.training.config.data import PatchConfig

_END_SHARE = 0.08
"""Share of 2.5d patches that are shown as at the ends of a volume."""


def slices_of(patches: PatchConfig) -> int:
    """Return how many slices are cut at once: 1, the neighbors of 2.5d, or the depth of a 3d block."""
    return {"2d": 1, "2.5d": patches.slices, "3d": patches.depth}[patches.dimensions]


def usable_axes(shape: tuple[int, ...], acquired_along: int, patches: PatchConfig, name: str) -> list[int]:
    """Return the array axes along which slices of a volume (k, j, i) are large enough for a patch.

    Raises:
        InputError: there is none.
    """
    wanted = (0, 1, 2) if patches.directions == "all" else (acquired_along,)
    deep = patches.depth if patches.dimensions == "3d" else 1
    usable = [axis for axis in wanted if min(np.delete(shape, axis)) >= patches.size and shape[axis] >= deep]
    if usable:
        return usable
    if patches.dimensions == "3d":
        size = f"{patches.depth} x {patches.size} x {patches.size}"
        sides = " x ".join(str(side) for side in shape)
        raise InputError(
            f"The blocks are {size} voxels large, but {name} is {sides}.",
            "Choose a smaller data.patches.size or data.patches.depth.",
        )
    sides = " x ".join(str(side) for side in np.delete(shape, wanted[0]))
    raise InputError(
        f"The patches are {patches.size} voxels wide, but the slices of {name} are {sides}.",
        "Choose a smaller data.patches.size.",
    )


def draw_factor(patches: PatchConfig, largest: int, rng: np.random.Generator) -> int:
    """Draw by how much the slice plane is made coarser: 1 for not at all, `largest` at most."""
    coarsest = min(patches.coarsest, largest)
    if coarsest < 2 or rng.random() >= patches.coarse_share:
        return 1
    return int(rng.integers(2, coarsest + 1))


def coarsen(block: np.ndarray, factor: int, sampled: bool) -> np.ndarray:
    """Make the slice plane of (..., h, w) coarser by a factor that divides it: sampled, or averaged."""
    if sampled:
        return block[..., ::factor, ::factor]
    rows, columns = (side // factor for side in block.shape[-2:])
    return block.reshape(*block.shape[:-2], rows, factor, columns, factor).mean(axis=(-3, -1))


def turn(block: np.ndarray, patches: PatchConfig, rng: np.random.Generator, deep: bool = False) -> np.ndarray:
    """Turn and mirror (..., s, h, w) at random, everything in it alike; `deep` blocks also front to back."""
    if patches.turns:
        block = np.rot90(block, rng.integers(4), axes=(-2, -1))
    if patches.flips and rng.random() < 0.5:
        block = block[..., ::-1]
    if patches.flips and deep and rng.random() < 0.5:
        block = block[..., ::-1, :, :]
    return np.ascontiguousarray(block)


def draw_neighbors(slices: int, single_share: float, rng: np.random.Generator) -> np.ndarray:
    """Pick which of the neighboring slices a network sees: all; edges repeated, as at the ends of a volume;
    or only the middle one, as in a single image."""
    reach = slices // 2
    below = above = reach
    chance = rng.random()
    if chance < single_share:
        below = above = 0
    elif chance < single_share + _END_SHARE:
        below, above = rng.integers(0, reach + 1, 2)
    return reach + np.clip(np.arange(-reach, reach + 1), -below, above)
