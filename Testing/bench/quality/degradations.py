"""How the benchmark makes images worse: by modality and level, for whole slices and for patches of them.

All of it is GANEnhanceLib.degrade; values are those of the cases: MR in units of the reference intensity, CT
in HU, ultrasound as gray levels of a display from 0 to 255.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.degrade.ct import LowDose, add_low_dose_noise
from GANEnhanceLib.degrade.ct_surrogate import add_low_dose_field
from GANEnhanceLib.degrade.mr import add_noncentral_chi_noise, add_rician_noise, sigma_map
from GANEnhanceLib.degrade.ultrasound import add_speckle

WHITE = 255.0
"""Top of an ultrasound display; the black below it is 0."""
DIAMETER = 300.0
"""Of the water, mm, that stands for the body around a patch of CT."""


@dataclass(frozen=True)
class Degradation:
    """One level of one modality.

    `whole(voxels (k, j, i), spacing (i, j, k) in mm, seed)` and `patches(...)`, which takes pieces of slices,
    return float32 voxels, of a shape that is smaller by `factors` (k, j, i). `sigma` is the level, value
    units, where it is known beforehand; `coils` are those of an MR scanner, and decide the bias of a
    magnitude.
    """

    modality: str
    level: str
    whole: Callable[[np.ndarray, tuple, int], np.ndarray]
    patches: Callable[[np.ndarray, tuple, int], np.ndarray]
    sigma: float | None = None
    coils: int = 1
    percent: float | None = None
    factors: tuple[int, int, int] = (1, 1, 1)


def _rician(percent: float, coils: int = 1, variation: float = 0.0) -> Degradation:
    sigma = percent / 100.0

    def add(voxels: np.ndarray, _spacing: tuple, seed: int) -> np.ndarray:
        level = sigma_map(voxels.shape, sigma, (0.0, variation)) if variation else sigma
        return add_noncentral_chi_noise(voxels, level, coils, seed)

    words = f"{percent:g} %" + (f", {coils} coils" if coils > 1 else "") + (", uneven" if variation else "")
    return Degradation("MR", words, add, add, sigma, coils, percent)


def _low_dose(name: str, dose: float, kernel: str) -> Degradation:
    scan = LowDose(dose, kernel=kernel)

    def whole(voxels: np.ndarray, spacing: tuple, seed: int) -> np.ndarray:
        return add_low_dose_noise(voxels, (spacing[1], spacing[0]), scan, seed)

    def patches(voxels: np.ndarray, spacing: tuple, seed: int) -> np.ndarray:
        return add_low_dose_field(voxels, (spacing[1], spacing[0]), scan, DIAMETER, seed)

    return Degradation("CT", f"{name} dose, {kernel} kernel", whole, patches)


def _speckle(name: str, looks: int, psf: tuple[float, float]) -> Degradation:
    def add(voxels: np.ndarray, _spacing: tuple, seed: int) -> np.ndarray:
        return WHITE * add_speckle(voxels / np.float32(WHITE), psf, looks, seed)

    return Degradation("US", name, add, add)


DEGRADATIONS = (
    *(_rician(percent) for percent in (1.0, 3.0, 6.0, 10.0)),
    _rician(6.0, coils=4),
    _rician(6.0, variation=1.0),
    *(
        _low_dose(name, dose, kernel)
        for name, dose in (("quarter", 0.25), ("tenth", 0.1))
        for kernel in ("soft", "sharp")
    ),
    _speckle("1 look, fine", 1, (1.5, 2.5)),
    _speckle("1 look, coarse", 1, (2.5, 5.0)),
    _speckle("4 looks, coarse", 4, (2.5, 5.0)),
)


COARSE_NOISE = 0.01
"""Of a coarse image, share of the reference intensity: no scan is without."""


def _coarser(level: str, factors: tuple[int, int, int]) -> Degradation:
    def add(voxels: np.ndarray, _spacing: tuple, seed: int) -> np.ndarray:
        return add_rician_noise(thin_out(voxels, factors), COARSE_NOISE, seed)

    return Degradation("MR", level, add, add, COARSE_NOISE, factors=factors)


COARSER = tuple(
    _coarser(level, factors)
    for level, factors in (
        ("slices of 2", (2, 1, 1)),
        ("slices of 3", (3, 1, 1)),
        ("slices of 4", (4, 1, 1)),
        ("half matrix", (1, 2, 2)),
    )
)
"""Levels of super-resolution, whose images are also smaller."""


def coarse_spacing(
    spacing: tuple[float, float, float], factors: tuple[int, int, int]
) -> tuple[float, float, float]:
    """Return the spacing (i, j, k), mm, of a volume made coarser by factors (k, j, i).

    Slices are said to be at least as thick as their voxels are wide, as those of scanners are: the thickest
    axis is taken for that of the slices.
    """
    i, j, k = (each * factor for each, factor in zip(spacing, factors[::-1], strict=True))
    return i, j, max(i, j, k)


def levels_of(modality: str) -> list[Degradation]:
    """Return the levels of a modality, mild to strong."""
    return [each for each in DEGRADATIONS if each.modality == modality]


def thin_out(voxels: np.ndarray, factors: tuple[int, int, int]) -> np.ndarray:
    """Return a coarser volume with the same corners, float32, as a scanner would take it.

    Thick slices are means of `factors[0]` fine ones. In the slice the outer lines of k-space are left out,
    which for a mirrored image is to keep the first terms of the cosine transform.

    Args:
        voxels: (k, j, i), sizes that are multiples of the factors.
        factors: coarser by how much along (k, j, i).
    """
    coarse = np.asarray(voxels, dtype=np.float32)
    if factors[0] > 1:
        coarse = coarse.reshape(-1, factors[0], *coarse.shape[1:]).mean(axis=1)
    for axis in (1, 2):
        coarse = resize_cosine(coarse, coarse.shape[axis] // factors[axis], axis)
    return np.maximum(coarse, 0) if voxels.min() >= 0 else coarse


def resize_cosine(voxels: np.ndarray, size: int, axis: int) -> np.ndarray:
    """Return voxels on a grid of another size with the same corners: terms of the cosine transform are left
    out, or filled up with zeros."""
    from scipy.fft import dct, idct

    if voxels.shape[axis] == size:
        return voxels
    terms = np.moveaxis(dct(voxels, axis=axis, norm="ortho"), axis, -1)
    kept = min(size, terms.shape[-1])
    filled = np.zeros((*terms.shape[:-1], size), dtype=np.float32)
    filled[..., :kept] = terms[..., :kept]
    filled *= np.float32(np.sqrt(size / terms.shape[-1]))
    return np.ascontiguousarray(np.moveaxis(idct(filled, axis=-1, norm="ortho"), -1, axis))
