"""Movement of the patient during an MR acquisition, by TorchIO."""

from __future__ import annotations

from typing import Any

import numpy as np

from GANEnhanceLib.errors import OptionError


def add_motion(
    voxels: np.ndarray,
    spacing: tuple[float, float, float],
    degrees: float,
    translation: float,
    movements: int,
    seed: int | np.random.Generator,
    in_plane: bool = False,
) -> np.ndarray:
    """Let the patient move while k-space is filled.

    Each movement is rigid, at a random time; k-space is put together from the parts of the moved images that
    were measured between movements, along the phase direction (h), its center from one pose (Shaw, Sudre,
    Ourselin and Cardoso, MIDL 2019). Blur, doubled edges and ghosts are the result. TorchIO does it (Perez-
    Garcia, Sparks and Ourselin, Comput Methods Programs Biomed 208:106236, 2021); times and movements are
    drawn here, so that one generator decides everything.

    Args:
        voxels: (s, h, w), value units, magnitudes.
        spacing: distance of voxels along (s, h, w), mm.
        degrees: largest rotation about each axis.
        translation: largest shift along each axis, mm.
        movements: number of movements, 1 or more.
        seed: a seed, or a generator that is drawn from.
        in_plane: move within the slices only, as for a patch of few slices.

    Returns:
        float32 array of the same shape, magnitudes.

    Raises:
        OptionError: TorchIO is not installed.
    """
    torchio = _torchio()
    generator = np.random.default_rng(seed)
    turns = generator.uniform(-degrees, degrees, (movements, 3))
    shifts = generator.uniform(-translation, translation, (movements, 3))
    step = 1.0 / (movements + 1)
    times = step * (np.arange(1, movements + 1) + generator.uniform(-0.3, 0.3, movements))
    if in_plane:
        turns[:, 1:] = 0.0
        shifts[:, 0] = 0.0
    motion = torchio.Motion(
        degrees=turns, translation=shifts, times=times, image_interpolation="linear", copy=False
    )
    return _apply(motion, voxels, spacing)


def add_ghosts(voxels: np.ndarray, ghosts: int, strength: float, axis: int = 1) -> np.ndarray:
    """Add equidistant ghosts along the phase direction, as pulsation and breathing make them.

    Every `ghosts`-th line of k-space, but for its center, is weakened by the share `strength`: copies of the
    image appear, shifted by multiples of the field of view over `ghosts` (Axel et al., Radiology 160:795,
    1986). TorchIO does it.

    Args:
        voxels: (s, h, w), value units, magnitudes.
        ghosts: number of copies in the field of view, 2 or more.
        strength: 0 to 1; 0 changes nothing.
        axis: phase direction: 1 (h) or 2 (w).

    Returns:
        float32 array of the same shape, magnitudes.

    Raises:
        OptionError: TorchIO is not installed.
    """
    # TorchIO's first axis is that of its channels; `_apply` gives it (s, w, h).
    places = {0: 0, 1: 2, 2: 1}
    ghosting = _torchio().Ghosting(
        num_ghosts=ghosts, axis=places[axis], intensity=strength, restore=None, copy=False
    )
    return _apply(ghosting, voxels, (1.0, 1.0, 1.0))


def _apply(transform: Any, voxels: np.ndarray, spacing: tuple[float, float, float]) -> np.ndarray:
    """Give TorchIO the voxels as (1, s, w, h): it fills k-space along the last axis."""
    import torch
    import torchio

    turned = np.ascontiguousarray(np.swapaxes(np.asarray(voxels, dtype=np.float32), 1, 2))
    affine = np.diag([spacing[0], spacing[2], spacing[1], 1.0])
    image = torchio.ScalarImage(tensor=torch.from_numpy(turned.copy())[None], affine=affine)
    moved = transform(image).data[0].numpy()
    return np.ascontiguousarray(np.abs(np.swapaxes(moved, 1, 2)))


def _torchio() -> Any:
    try:
        import torchio
    except ImportError as error:
        raise OptionError(
            "Motion and ghosts need the package TorchIO, which is not installed.",
            "Install it: pip install GANEnhanceLib[train]",
        ) from error
    return torchio
