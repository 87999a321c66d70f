"""Patches without inputs: real images to imitate, and two sets that do not belong together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from GANEnhanceLib.training.config.data import PatchConfig
from GANEnhanceLib.training.data.degraded import Degradation
from GANEnhanceLib.training.data.sampler import CleanSampler
from GANEnhanceLib.training.data.volumes import TrainingVolume

_NOTHING: list[Degradation] = []


class RealSampler:
    """An endless source of "real" images for the latent steps.

    Args:
        volumes: what to draw from, in proportion to their weights.
        patches: how patches are drawn; slices are shown one by one.
        seed: of the one generator.
        transform: a user's own; the image is both "input" and "target", and "target" is taken.
    """

    def __init__(
        self,
        volumes: list[TrainingVolume],
        patches: PatchConfig,
        seed: int,
        transform: Callable[..., Any] | None = None,
    ) -> None:
        """Make the sampler; see the class for the arguments."""
        self._drawing = CleanSampler(volumes, patches, _NOTHING, seed, transform)

    def __iter__(self) -> RealSampler:
        """Iterate without end."""
        return self

    def __next__(self) -> dict[str, np.ndarray]:
        """Draw a batch: "real" (n, 1, size, size), float32, scaled and cut to 0..1."""
        return {"real": np.clip(next(self._drawing)["target"], 0.0, 1.0)}

    def begin_stage(self, stage: Any) -> None:
        """Draw patches as a stage wants it."""
        self._drawing.begin_stage(stage)

    def state(self) -> dict:
        """Return the state of the generator."""
        return self._drawing.state()

    def restore(self, state: dict) -> None:
        """Go on from a saved state."""
        self._drawing.restore(state)


class UnpairedSampler:
    """An endless source of "a" and "b", drawn independently, for the cycle step.

    Args:
        a, b: volumes of the two sets.
        patches: how patches are drawn.
        seed: of the generators of both.
        degradations: what is done to patches of a, for a set that is made from clean volumes; usually
            nothing.
        transform: a user's own for images of both sets; each is "input" and "target", and "input" is taken.
    """

    def __init__(
        self,
        a: list[TrainingVolume],
        b: list[TrainingVolume],
        patches: PatchConfig,
        seed: int,
        degradations: list[Degradation] | None = None,
        transform: Callable[..., Any] | None = None,
    ) -> None:
        """Make the sampler; see the class for the arguments."""
        self._a = CleanSampler(a, patches, degradations or _NOTHING, seed, transform)
        self._b = CleanSampler(b, patches, _NOTHING, seed + 1, transform)

    def __iter__(self) -> UnpairedSampler:
        """Iterate without end."""
        return self

    def __next__(self) -> dict[str, np.ndarray]:
        """Draw a batch: "a" and "b", both (n, slices, size, size), float32, scaled."""
        return {"a": next(self._a)["input"], "b": next(self._b)["input"]}

    def begin_stage(self, stage: Any) -> None:
        """Draw patches as a stage wants it."""
        self._a.begin_stage(stage)
        self._b.begin_stage(stage)

    def state(self) -> dict:
        """Return the states of both generators."""
        return {"a": self._a.state(), "b": self._b.state()}

    def restore(self, state: dict) -> None:
        """Go on from saved states."""
        self._a.restore(state["a"])
        self._b.restore(state["b"])
