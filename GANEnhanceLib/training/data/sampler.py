"""Draws degraded and clean patches from clean volumes.

One patch costs about a millisecond; every random act comes from one generator whose state can be saved, so
that a resumed run goes on with the very patches that it would have drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.training.config.data import PatchConfig
from GANEnhanceLib.training.data.degraded import Degradation
from GANEnhanceLib.training.data.volumes import TrainingVolume

_TRIES = 6
"""Draws of one patch before a patch of air is taken after all."""


class CleanSampler:
    """An endless source of pairs made from clean volumes.

    Args:
        volumes: what to draw from, in proportion to their weights.
        patches: how patches are drawn.
        degradations: what is done to them, one after another.
        seed: of the one generator.
    """

    def __init__(
        self, volumes: list[TrainingVolume], patches: PatchConfig, degradations: list[Degradation], seed: int
    ) -> None:
        """Make the sampler; see the class for the arguments."""
        self.volumes, self.data, self.degradations = volumes, patches, degradations
        self.patches = patches
        weights = np.asarray([volume.weight for volume in volumes], dtype=float)
        self.weights = weights / weights.sum()
        self.rng = np.random.default_rng(seed)
        self._axes = {id(volume): self._usable_axes(volume) for volume in volumes}

    def __iter__(self) -> CleanSampler:
        """Iterate without end."""
        return self

    def __next__(self) -> dict[str, np.ndarray]:
        """Draw a batch: "input" (n, slices, size, size) and "target" (n, 1, size, size), float32, scaled."""
        pairs = [self._draw_pair() for _ in range(self.data.batch)]
        inputs, targets = (np.stack(each) for each in zip(*pairs, strict=True))
        return {"input": inputs, "target": targets}

    def begin_stage(self, stage: Any) -> None:
        """Draw patches as a stage wants it; size and number stay."""
        self.patches = stage.patches or self.data

    def state(self) -> dict:
        """Return the state of the generator."""
        return self.rng.bit_generator.state

    def restore(self, state: dict) -> None:
        """Go on from a saved state."""
        self.rng.bit_generator.state = state

    @property
    def slices(self) -> int:
        """Slices that the generator is shown."""
        return self.data.slices if self.data.dimensions == "2.5d" else 1

    def _usable_axes(self, volume: TrainingVolume) -> list[int]:
        """Return the axes whose slices are large enough for a patch.

        Raises:
            InputError: there is none.
        """
        wanted = (0, 1, 2) if self.data.directions == "all" else (volume.axis,)
        shape = volume.voxels.shape
        usable = [axis for axis in wanted if min(np.delete(shape, axis)) >= self.data.size]
        if not usable:
            sides = " x ".join(str(side) for side in np.delete(shape, wanted[0]))
            raise InputError(
                f"The patches are {self.data.size} voxels wide, but the slices of {volume.name} are {sides}.",
                "Choose a smaller data.patches.size.",
            )
        return usable

    def _draw_pair(self) -> tuple[np.ndarray, np.ndarray]:
        clean = self._draw_clean()
        degraded = clean
        for degradation in self.degradations:
            degraded = degradation.apply(degraded, self.rng)
        middle = self.slices // 2
        return degraded[self._draw_neighbors()], clean[middle : middle + 1]

    def _draw_clean(self) -> np.ndarray:
        volume = self.volumes[self.rng.choice(len(self.volumes), p=self.weights)]
        for _ in range(_TRIES):
            slab = self._scale(self._crop(volume), volume)
            if slab[self.slices // 2].mean() > self.patches.foreground:
                break
        return self._turn(slab)

    def _crop(self, volume: TrainingVolume) -> np.ndarray:
        """Cut a slab (slices, size, size) in a random direction, slice distance and thickness."""
        draw = self.rng.integers
        size, slices = self.data.size, self.slices
        axes = self._axes[id(volume)]
        axis = axes[int(draw(len(axes)))]
        voxels = np.moveaxis(volume.voxels, axis, 0)
        factor = self._draw_factor(min(voxels.shape[1:]) // size)
        thickness = int(draw(2, 4)) if self.rng.random() < 0.2 else 1
        thickness = min(thickness, voxels.shape[0] - slices + 1) if voxels.shape[0] > slices else 1
        longest = (voxels.shape[0] - thickness) // max(slices - 1, 1)
        widest = 2 + factor if volume.modality == "MR" else 2
        step = int(draw(1, max(2, min(widest, longest) + 1)))
        first = int(draw(max(1, voxels.shape[0] - (slices - 1) * step - thickness + 1)))
        top, left = (int(draw(extent - factor * size + 1)) for extent in voxels.shape[1:])
        window = voxels[:, top : top + factor * size, left : left + factor * size]
        starts = np.minimum(first + step * np.arange(slices), voxels.shape[0] - thickness)
        slab = sum(window[starts + offset].astype(np.float32) for offset in range(thickness)) / thickness
        if factor > 1 and self.rng.random() < self.patches.sampled_share:
            slab = slab[:, ::factor, ::factor]
        elif factor > 1:
            slab = slab.reshape(slices, size, factor, size, factor).mean(axis=(2, 4))
        if self.rng.random() < self.patches.sharpened_share:
            slab = sharpen(slab, self.rng.uniform(0.2, 1.0))
        return slab

    def _draw_factor(self, largest: int) -> int:
        coarsest = min(self.patches.coarsest, largest)
        if coarsest < 2 or self.rng.random() >= self.patches.coarse_share:
            return 1
        return int(self.rng.integers(2, coarsest + 1))

    def _scale(self, slab: np.ndarray, volume: TrainingVolume) -> np.ndarray:
        """Scale values; with `contrasts`, show some patches in windows and contrasts of other images."""
        if self.patches.contrasts == 0:
            return volume.scaling.forward(slab).astype(np.float32)
        if volume.modality == "CT":
            low = self.rng.uniform(-1050.0, -300.0)
            slab = np.clip((slab - low) / self.rng.uniform(900.0, 2500.0), 0.0, 1.3)
        else:
            # Grey levels of an 8-bit reference are spread, or a steep contrast would turn them into steps.
            spread = self.rng.random(slab.shape, dtype=np.float32) - np.float32(0.5)
            slab = volume.scaling.forward(np.where(slab > 0, slab + spread, slab))
        if self.rng.random() < self.patches.contrasts:
            slab = self._change_contrast(slab)
        return (slab * self.rng.uniform(0.7, 1.2)).astype(np.float32)

    def _change_contrast(self, slab: np.ndarray) -> np.ndarray:
        """Map intensities along a random curve through the origin, rising or not: other contrasts."""
        nodes = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.6])
        lowest = 0.02 if self.rng.random() < 0.6 else -0.3
        steps = self.rng.uniform(lowest, 0.4, len(nodes) - 1)
        steps[0] = abs(steps[0])
        values = np.clip(np.concatenate([[0.0], np.cumsum(steps)]), 0.0, None)
        return np.interp(slab, nodes, values / max(values.max(), 0.3)).astype(np.float32)

    def _turn(self, slab: np.ndarray) -> np.ndarray:
        if self.patches.turns:
            slab = np.rot90(slab, self.rng.integers(4), axes=(1, 2))
        if self.patches.flips and self.rng.random() < 0.5:
            slab = slab[:, :, ::-1]
        return np.ascontiguousarray(slab)

    def _draw_neighbors(self) -> np.ndarray:
        """Pick the slices that the network sees: all, edges repeated as at the ends of a volume, or one."""
        reach = self.slices // 2
        below = above = reach
        chance = self.rng.random()
        if chance < 0.12:
            below = above = 0
        elif chance < 0.2:
            below, above = self.rng.integers(0, reach + 1, 2)
        return reach + np.clip(np.arange(-reach, reach + 1), -below, above)


def sharpen(slab: np.ndarray, amount: float) -> np.ndarray:
    """Subtract a part of the Laplacian of each slice (s, h, w); values stay within those of the slab."""
    padded = np.pad(slab, ((0, 0), (1, 1), (1, 1)), mode="edge")
    around = padded[:, 2:, 1:-1] + padded[:, :-2, 1:-1] + padded[:, 1:-1, 2:] + padded[:, 1:-1, :-2]
    return np.clip(slab + amount * (slab - around / 4), slab.min(), slab.max())
