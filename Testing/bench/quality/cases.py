"""The cases of the benchmark: per modality an image, what was done to it, whose it is, what is compared on.

A case is given to every method alike. References come from `images`; a level is judged on a reference only
where the reference's own noise is at most half of what was added: a reference that is noisier cannot tell a
denoiser from damage.
"""

from __future__ import annotations

import hashlib
import inspect
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from GANEnhanceLib.intensity import reference_intensity
from GANEnhanceLib.metrics import estimate_noise, flat_blocks, foreground, take_blocks
from GANEnhanceLib.volume import Volume
from quality import degradations
from quality.degradations import COARSER, WHITE, Degradation, coarse_spacing, levels_of
from quality.images import Clean, Images, middle

SLAB, MEASURED = 9, 5
"""Slices that methods are given of a volume, and those in the middle that are compared: the outer ones lack
neighbors that a scan has."""
QUICK = 3
QUICK_LEVELS = ("6 %", "1 look, fine")
WHOLE = {
    ("MR", "superres"): "slices of 4",
    ("CT", "denoise"): "tenth dose, soft kernel",
    ("US", "despeckle"): "1 look, coarse",
}
"""Level at which whole images are judged too."""
HU_RANGE = 1000.0
"""Full scale of CT: from air to water."""
DATA_RANGES = {"MR": 1.0, "CT": HU_RANGE, "US": WHITE}
"""Full scale by modality, value units."""
_FLAT = 8
_AIR, _BODY = -1024.0, -500.0


@dataclass(frozen=True)
class Case:
    """What every method is given and judged by.

    given: volume (k, j, i) that a method gets, float32 in value units.
    reference: what it should give, on the same grid, or for super-resolution on one finer by `factors`.
    mask: bool, where PSNR and SSIM are taken; slices of it are empty where nothing is compared.
    upside_down: see `images.Clean`; for pictures only.
    sigma: true standard deviation of what was added, value units.
    data_range: full scale, value units; `low` the value of an empty display.
    own_noise: of the reference, value units.
    flat_noise: deviation in the flat places of the reference, value units, where its noise may be correlated
        between neighboring voxels, as CT's is on fine grids: that reads too low by `own_noise`.
    whole: nothing is cut away; PSNR and SSIM only, for the time that it takes.
    """

    modality: str
    task: str
    image: str
    patient: str
    level: str
    given: Volume
    reference: np.ndarray
    mask: np.ndarray
    sigma: float
    data_range: float = 1.0
    low: float = 0.0
    own_noise: float = 0.0
    flat_noise: float = 0.0
    coils: int = 1
    percent: float | None = None
    factors: tuple[int, int, int] = (1, 1, 1)
    upside_down: bool = False
    whole: bool = False

    @property
    def judged(self) -> bool:
        """Whether the reference is clean enough for this level."""
        return max(self.own_noise, self.flat_noise) <= self.sigma / 2

    @property
    def measured(self) -> slice:
        """Slices that are compared."""
        places = np.flatnonzero(self.mask.any(axis=(1, 2)))
        return slice(int(places[0]), int(places[-1]) + 1)

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Of the reference, (i, j, k) in mm."""
        return tuple(
            each / factor for each, factor in zip(self.given.spacing, self.factors[::-1], strict=True)
        )

    @cached_property
    def digest(self) -> str:
        """Digest of all voxels, which says whether a figure is still of this case."""
        state = hashlib.sha256(repr((self.task, self.level, self.sigma, self.factors, self.spacing)).encode())
        for voxels in (self.given.voxels, self.reference, self.mask):
            state.update(np.ascontiguousarray(voxels).tobytes())
        return state.hexdigest()[:20]


def make_cases(
    images: Images, modality: str, task: str, quick: bool = False, noise: int = 0, whole: bool = False
) -> Iterator[Case]:
    """Make the cases of a modality ("MR", "CT", "US") and task ("denoise", "superres", "despeckle").

    Another `noise` number gives other noise. No case depends on what others there are. With `whole` there are
    also images with all that is around them, and a volume with all its slices.
    """
    if task == "superres":
        for clean in scaled_references(images, modality):
            yield from _coarse_cases(clean, 200 + 1000 * noise)
        if whole and not quick:
            yield from _whole_cases(images, modality, task)
        return
    for clean in scaled_references(images, modality):
        slab = middle(clean.volume, QUICK if quick else SLAB)
        for number, level in enumerate(levels_of(modality)):
            if not quick or level.level in QUICK_LEVELS:
                seed = 100 + number + 1000 * noise
                yield _noisy_case(replace(clean, volume=slab), level, task, seed)
    if whole and not quick:
        yield from _whole_cases(images, modality, task)


def _whole_cases(images: Images, modality: str, task: str) -> Iterator[Case]:
    """One level each, of what tasks are else judged on parts of; all slices are compared to their ends."""
    name = WHOLE.get((modality, task))
    for clean in map(_scaled, images.wholes(modality)) if name else ():
        if task == "superres":
            (level,) = (each for each in COARSER if each.level == name)
            case = _coarse_case(clean, level, 300, len(clean.volume.voxels))
        else:
            (level,) = (each for each in levels_of(modality) if each.level == name)
            case = _noisy_case(clean, level, task, 300)
        # Air around a head is noise, which no interpolation takes away.
        mask = foreground(case.reference) if modality == "MR" else np.ones(case.reference.shape, dtype=bool)
        yield replace(case, level=f"{name}, whole", mask=mask, whole=True)


def code_digest() -> str:
    """Return a digest of the code that makes cases: figures of a whole set of cases hang on it."""
    modules = (sys.modules[__name__], degradations)
    return hashlib.sha256("".join(map(inspect.getsource, modules)).encode()).hexdigest()[:16]


def scaled_references(images: Images, modality: str) -> list[Clean]:
    """Return clean images in the values of their modality; see `degradations`."""
    return [_scaled(each) for each in images.references(modality)]


def _scaled(clean: Clean) -> Clean:
    """Bring an image to the values of its modality."""
    voxels = clean.volume.voxels.astype(np.float32)
    if clean.volume.modality == "CT":
        voxels = np.maximum(voxels, np.float32(_AIR))
    elif clean.volume.modality == "US":
        voxels = np.clip(voxels, 0, np.float32(WHITE))
    else:
        voxels = voxels / np.float32(reference_intensity(clean.volume.voxels))
    return replace(clean, volume=clean.volume.with_voxels(voxels))


def _noisy_case(clean: Clean, level: Degradation, task: str, seed: int) -> Case:
    volume = clean.volume
    noisy = level.whole(volume.voxels, volume.spacing, seed)
    is_ct = volume.modality == "CT"
    inside = volume.voxels > _BODY if is_ct else foreground(volume.voxels)
    mask = inside & _compared(volume.shape)
    added = float(np.sqrt(np.mean(np.square(noisy - volume.voxels)[mask])))
    return Case(
        modality=volume.modality,
        task=task,
        image=clean.name,
        patient=clean.patient,
        level=level.level,
        given=volume.with_voxels(noisy),
        reference=volume.voxels,
        mask=mask,
        sigma=level.sigma or added,
        data_range=DATA_RANGES[volume.modality],
        low=_AIR if is_ct else 0.0,
        # Speckle is added to what is shown, noise of the anatomy included.
        own_noise=0.0 if volume.modality == "US" else estimate_noise(volume.voxels),
        flat_noise=_flat_noise(volume.voxels) if is_ct else 0.0,
        coils=level.coils,
        percent=level.percent,
        upside_down=clean.upside_down,
    )


def _flat_noise(voxels: np.ndarray) -> float:
    """Return the median deviation of the flattest quarter of the blocks of 8 by 8 voxels; 0 without any."""
    blocks = take_blocks(voxels, flat_blocks(voxels, _FLAT), _FLAT)
    return float(np.median(blocks.std(axis=(1, 2)))) if len(blocks) else 0.0


def _compared(shape: tuple[int, int, int]) -> np.ndarray:
    """Mask (k, 1, 1) of the slices that are compared."""
    first = max(0, (shape[0] - MEASURED) // 2)
    number = np.arange(shape[0])
    return ((number >= first) & (number < first + MEASURED))[:, None, None]


def _coarse_cases(clean: Clean, seed: int) -> Iterator[Case]:
    for number, level in enumerate(COARSER):
        if len(clean.volume.voxels) < 6 * level.factors[0] and level.factors[0] > 1:
            continue
        slices = SLAB if level.factors[0] == 1 else 8 * level.factors[0]
        yield _coarse_case(clean, level, seed + number, slices)


def _coarse_case(clean: Clean, level: Degradation, seed: int, slices: int) -> Case:
    """Return the case of so many slices in the middle; those at the ends are not compared."""
    factors = level.factors
    fine = middle(clean.volume, slices).voxels
    fine = fine[
        tuple(slice(size // factor * factor) for size, factor in zip(fine.shape, factors, strict=True))
    ]
    spacing = coarse_spacing(clean.volume.spacing, factors)
    mask = foreground(fine)
    if factors[0] > 1:
        mask[: factors[0]] = mask[-factors[0] :] = False
    else:
        mask &= _compared(fine.shape)
    return Case(
        modality=clean.volume.modality,
        task="superres",
        image=clean.name,
        patient=clean.patient,
        level=level.level,
        given=Volume(
            level.whole(fine, clean.volume.spacing, seed), np.diag([*spacing, 1.0]), clean.volume.modality
        ),
        reference=fine,
        mask=mask,
        sigma=level.sigma,
        own_noise=estimate_noise(fine) / math.prod(factors),
        factors=factors,
        upside_down=clean.upside_down,
    )
