"""Draws degraded and clean patches from clean volumes.

Every random act comes from one generator whose state can be saved, so that a resumed run goes on with the
very patches that it would have drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from GANEnhanceLib.training.config.data import PatchConfig
from GANEnhanceLib.training.data.cutting import (
    coarsen,
    draw_factor,
    draw_neighbors,
    slices_of,
    turn,
    usable_axes,
)
from GANEnhanceLib.training.data.degraded import Degradation
from GANEnhanceLib.training.data.enlarged import enlarge
from GANEnhanceLib.training.data.grain import add_grain
from GANEnhanceLib.training.data.noise_units import noise_factor
from GANEnhanceLib.training.data.structures import add_structures
from GANEnhanceLib.training.data.transform import PatchTransform
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
        transform: a user's own for each pair; see `PatchTransform`.
        noise: what the noise of each pair becomes, as in `metrics.fit_to_noise`; None: it stays.
    """

    def __init__(
        self,
        volumes: list[TrainingVolume],
        patches: PatchConfig,
        degradations: list[Degradation],
        seed: int,
        transform: Callable[..., Any] | None = None,
        noise: float | None = None,
    ) -> None:
        """Make the sampler; see the class for the arguments."""
        self.volumes, self.data, self.degradations = volumes, patches, degradations
        self.patches, self.noise = patches, noise
        self.transform = PatchTransform(transform) if transform is not None else None
        self.slices = slices_of(patches)
        weights = np.asarray([volume.weight for volume in volumes], dtype=float)
        self.weights = weights / weights.sum()
        self.rng = np.random.default_rng(seed)
        self._axes = {
            id(volume): usable_axes(volume.voxels.shape, volume.axis, patches, volume.name)
            for volume in volumes
        }

    def __iter__(self) -> CleanSampler:
        """Iterate without end."""
        return self

    def __next__(self) -> dict[str, np.ndarray]:
        """Draw a batch, float32, scaled: "input" (n, slices, size, size) and "target" (n, 1, size, size); of
        3d blocks both (n, 1, depth, size, size)."""
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

    def _draw_pair(self) -> tuple[np.ndarray, np.ndarray]:
        clean = self._draw_clean()
        degraded = clean
        for degradation in self.degradations:
            degraded = degradation.apply(degraded, self.rng)
        if self.noise is not None:
            factor = np.float32(noise_factor(degraded, clean, self.noise, self.rng))
            degraded, clean = degraded * factor, clean * factor
        if self.data.dimensions == "3d":
            pair = {"input": degraded[np.newaxis], "target": clean[np.newaxis]}
        else:
            middle = self.slices // 2
            shown = draw_neighbors(self.slices, self.patches.single_share, self.rng)
            pair = {"input": degraded[shown], "target": clean[middle : middle + 1]}
        if self.transform is not None:
            pair = self.transform.apply(pair, self.rng)
        return pair["input"], pair["target"]

    def _draw_clean(self) -> np.ndarray:
        volume = self.volumes[self.rng.choice(len(self.volumes), p=self.weights)]
        for _ in range(_TRIES):
            slab = self._scale(self._crop(volume), volume)
            shown = slab if self.data.dimensions == "3d" else slab[self.slices // 2]
            if shown.mean() > self.patches.foreground:
                break
        slab = turn(slab, self.patches, self.rng, deep=self.data.dimensions == "3d")
        if self.patches.enlarged_share > 0 and self.rng.random() < self.patches.enlarged_share:
            slab = enlarge(slab, self.rng)
        if self.patches.grain > 0 and self.rng.random() < self.patches.grain:
            slab = add_grain(slab, self.patches, self.rng)
        if self.patches.structures > 0 and self.rng.random() < self.patches.structures:
            slab = add_structures(slab, self.patches, self.rng)
        return slab

    def _crop(self, volume: TrainingVolume) -> np.ndarray:
        """Cut a slab (slices, size, size) in a random direction, slice distance and thickness."""
        draw = self.rng.integers
        size, slices = self.data.size, self.slices
        axes = self._axes[id(volume)]
        axis = axes[int(draw(len(axes)))]
        voxels = np.moveaxis(volume.voxels, axis, 0)
        factor = draw_factor(self.patches, min(voxels.shape[1:]) // size, self.rng)
        thickness, step = self._draw_spacing(voxels.shape[0], factor, volume.modality)
        first = int(draw(max(1, voxels.shape[0] - (slices - 1) * step - thickness + 1)))
        top, left = (int(draw(extent - factor * size + 1)) for extent in voxels.shape[1:])
        window = voxels[:, top : top + factor * size, left : left + factor * size]
        starts = np.minimum(first + step * np.arange(slices), voxels.shape[0] - thickness)
        slab = sum(window[starts + offset].astype(np.float32) for offset in range(thickness)) / thickness
        if factor > 1:
            slab = coarsen(slab, factor, self.rng.random() < self.patches.sampled_share)
        if self.rng.random() < self.patches.sharpened_share:
            slab = sharpen(slab, self.rng.uniform(0.2, 1.0))
        return slab

    def _draw_spacing(self, count: int, factor: int, modality: str) -> tuple[int, int]:
        """Draw how many of `count` slices are averaged into one, and their distance; 3d blocks are as they
        are."""
        if self.data.dimensions == "3d":
            return 1, 1
        draw, slices = self.rng.integers, self.slices
        thickness = int(draw(2, 4)) if self.rng.random() < self.patches.thick_share else 1
        thickness = min(thickness, count - slices + 1) if count > slices else 1
        longest = (count - thickness) // max(slices - 1, 1)
        widest = 2 + factor if modality == "MR" else 2
        return thickness, int(draw(1, max(2, min(widest, longest) + 1)))

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


def sharpen(slab: np.ndarray, amount: float) -> np.ndarray:
    """Subtract a part of the Laplacian of each slice (s, h, w); values stay within those of the slab."""
    padded = np.pad(slab, ((0, 0), (1, 1), (1, 1)), mode="edge")
    around = padded[:, 2:, 1:-1] + padded[:, :-2, 1:-1] + padded[:, 1:-1, 2:] + padded[:, 1:-1, :-2]
    return np.clip(slab + amount * (slab - around / 4), slab.min(), slab.max())
