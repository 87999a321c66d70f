"""Which finer grid is asked for, and whether a model may make it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.finer.grid import Grid
from GANEnhanceLib.finer.lattice import Lattice

if TYPE_CHECKING:
    from GANEnhanceLib.models import ModelCard
    from GANEnhanceLib.models.card import Refinement
    from GANEnhanceLib.volume import Volume

_NAMES = "kji"
# Files round spacings, and whole voxels round factors: this much is no other factor.
_SLACK = 0.02
_SAME = 1.005
# Below this a grid to be like is reached by interpolation alone.
_NOTICEABLE = 1.1


@dataclass(frozen=True)
class Wish:
    """What a person asked for.

    Attributes:
        scale: factors along (i, j, k).
        spacing: mm, of all axes or of (i, j, k).
        like: a grid. At most one of the three; none: cubes, as far as the model goes.
    """

    scale: tuple[float, float, float] | None = None
    spacing: float | tuple[float, float, float] | None = None
    like: Grid | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was asked for."""
        return self.scale is None and self.spacing is None and self.like is None


@dataclass(frozen=True)
class Finer:
    """The grids of one run.

    Attributes:
        given: of the input.
        own: the finer one with the input's axes and corners, on which the network works.
        target: of the result: `own`, or the one that was to be like.
        lattice: leads from `given` to `own`.
    """

    given: Grid
    own: Grid
    target: Grid
    lattice: Lattice

    @property
    def factors(self) -> tuple[float, float, float]:
        """How many voxels of `own` one of `given` becomes, along (i, j, k)."""
        pairs = zip(reversed(self.own.shape), reversed(self.given.shape), strict=True)
        return tuple(fine / coarse for fine, coarse in pairs)

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether the result lies on another grid than `own`."""
        return self.target is not self.own

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values for reports: shape (k, j, i), the rest along (i, j, k)."""
        profiles = self.lattice.profiles
        return {
            "shape": list(self.target.shape),
            "spacing_mm": list(self.target.spacing),
            "factors": list(self.factors),
            "profiles": {_NAMES[axis]: profiles[axis] for axis in self.lattice.refined},
            "resampled": self.is_elsewhere,
        }


def choose_grid(volume: Volume, card: ModelCard, wish: Wish) -> Finer | None:
    """Return the grids of a run; None for a model that keeps the grid.

    Only shape, matrix and acquisition axis of the volume are looked at.

    Raises:
        OptionError: the model keeps the grid, or was not trained for the factors, or there is nothing to
            refine.
        InputError: the grid to be like lies outside of the volume.
    """
    allowed = card.super_resolution
    if allowed is None:
        if not wish.is_empty:
            raise OptionError(
                f"A finer grid was asked for, but the model {card.name} keeps the grid of its input.",
                "Leave scale, spacing and like out, or choose a model for super-resolution.",
            )
        return None
    along = volume.acquisition_axis
    kinds = [allowed.of(axis, along) for axis in range(3)]
    given = Grid.of(volume)
    if wish.like is not None and given.box_of(wish.like, 0) is None:
        raise InputError(
            "The grid to be like lies outside of the volume.", "Choose a volume that shows the same place."
        )
    factors = _asked(given, wish)
    if factors is None:
        factors = _isotropic(given, kinds) if wish.like is None else _matching(given, wish.like, kinds)
    for axis, factor in enumerate(factors):
        _check(card.name, given, axis, factor, kinds[axis], axis == along)
    shape = tuple(
        max(1, round(size * factor)) if _is_refined(factor) else size
        for size, factor in zip(given.shape, factors, strict=True)
    )
    if shape == given.shape:
        raise OptionError(_nothing(given), f"Ask for a finer grid: {_allowed(card, given, along)}.")
    own = given.refined(shape)
    profiles = {axis: kind.profile for axis, kind in enumerate(kinds) if kind is not None}
    lattice = Lattice(given.shape, shape, profiles)
    target = own if wish.like is None or wish.like.is_like(own) else wish.like
    return Finer(given, own, target, lattice)


def _asked(given: Grid, wish: Wish) -> tuple[float, ...] | None:
    """Return the factors (k, j, i) that were asked for; None if none were."""
    if wish.scale is not None:
        return tuple(reversed(wish.scale))
    spacing = given.spacing[::-1]
    if isinstance(wish.spacing, tuple):
        return tuple(own / wanted for own, wanted in zip(spacing, reversed(wish.spacing), strict=True))
    if wish.spacing is not None:
        return tuple(
            max(1.0, own / wish.spacing) if size > 1 else 1.0
            for own, size in zip(spacing, given.shape, strict=True)
        )
    return None


def _isotropic(given: Grid, kinds: list[Refinement | None]) -> tuple[float, ...]:
    """Return the factors (k, j, i) that make cubes of the voxels, as far as the model goes."""
    spacing = given.spacing[::-1]
    finest = min(spacing[axis] for axis in range(3) if given.shape[axis] > 1 or max(given.shape) == 1)
    factors = []
    for axis, kind in enumerate(kinds):
        factor = spacing[axis] / finest
        if kind is None or given.shape[axis] == 1 or factor < kind.factors[0] * (1 - _SLACK):
            factor = 1.0
        factors.append(factor if kind is None or _is_within(factor, kind) else kind.factors[1])
    return tuple(factors)


def _matching(given: Grid, like: Grid, kinds: list[Refinement | None]) -> tuple[float, ...]:
    """Return the factors (k, j, i) that make the voxels as small as those of another grid, which may be
    turned; axes that are as fine already stay, and others are refined by the smallest factor at least."""
    own, other = (grid.matrix[:3, :3] / grid.spacing for grid in (given, like))
    nearest = np.abs(own.T @ other).argmax(axis=1)
    factors = []
    for axis, kind in enumerate(kinds):
        factor = given.spacing[2 - axis] / like.spacing[nearest[2 - axis]]
        if given.shape[axis] == 1 or factor < _NOTICEABLE or kind is None:
            factor = 1.0
        factors.append(factor if kind is None or factor == 1.0 else max(factor, kind.factors[0]))
    return tuple(factors)


def _check(
    model: str, given: Grid, axis: int, factor: float, kind: Refinement | None, is_through: bool
) -> None:
    if not _is_refined(factor) and factor > 1 / _SAME:
        return
    name = _NAMES[axis]
    if kind is None:
        where = "through the plane" if is_through else "in the plane"
        raise OptionError(
            f"The scale along {name} is {factor:.4g}, but the model {model} does not refine {where}.",
            f"Give 1 along {name}.",
        )
    if given.shape[axis] == 1:
        raise OptionError(
            f"The scale along {name} is {factor:.4g}, but the volume has one slice along {name}.",
            f"Give 1 along {name}.",
        )
    low, high = kind.factors
    if factor < low * (1 - _SLACK) or not _is_within(factor, kind):
        raise OptionError(
            f"The scale along {name} is {factor:.4g}, but the model {model} was trained for 1 or"
            f" {low:g} to {high:g} there.",
            "Choose a factor among these; for more detail than that no model can vouch.",
        )


def _is_within(factor: float, kind: Refinement) -> bool:
    return factor <= kind.factors[1] * (1 + _SLACK)


def _is_refined(factor: float) -> bool:
    return factor > _SAME


def _nothing(given: Grid) -> str:
    shown = " x ".join(f"{length:.4g}" for length in given.spacing)
    return f"The volume's spacing is {shown} mm, so nothing is to be refined."


def _allowed(card: ModelCard, given: Grid, along: int) -> str:
    parts = []
    for axis in (2, 1, 0):
        kind = card.super_resolution.of(axis, along)
        low, high = kind.factors if kind is not None and given.shape[axis] > 1 else (1, 1)
        parts.append(f"{_NAMES[axis]} by " + (f"1 or {low:g} to {high:g}" if high > 1 else "1"))
    return ", ".join(parts)
