"""Patches of pairs on the same grid: one or several input channels, and what has to come out."""

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
from GANEnhanceLib.training.data.transform import PatchTransform
from GANEnhanceLib.training.data.volumes import TrainingPair

_TRIES = 6
"""Draws of one patch before a patch of air is taken after all."""


class PairedSampler:
    """An endless source of "input" and "target" cut from pairs at the same place.

    Args:
        pairs: what to draw from, in proportion to their weights; all with the same channels.
        patches: how patches are drawn. Turns, flips and coarsening are the same for all channels and the
            target; contrasts and sharpening are for clean volumes only.
        seed: of the one generator.
        transform: a user's own for each pair; see `PatchTransform`.
    """

    def __init__(
        self,
        pairs: list[TrainingPair],
        patches: PatchConfig,
        seed: int,
        transform: Callable[..., Any] | None = None,
    ) -> None:
        """Make the sampler; InputError if a patch is larger than a volume. See the class for the rest."""
        self.pairs, self.data, self.patches = pairs, patches, patches
        self.transform = PatchTransform(transform) if transform is not None else None
        self.slices = slices_of(patches)
        self.rng = np.random.default_rng(seed)
        self._deep = patches.dimensions == "3d"
        self._bounds = np.cumsum([pair.weight for pair in pairs])
        self._axes = [usable_axes(pair.target.shape, pair.axis, patches, pair.name) for pair in pairs]

    def __iter__(self) -> PairedSampler:
        """Iterate without end."""
        return self

    def __next__(self) -> dict[str, np.ndarray]:
        """Draw a batch, float32, scaled: "input" (n, c, size, size) and "target" (n, 1, size, size).

        With neighboring slices (2.5d) the input has c * slices channels: all channels of the first slice,
        then all of the second, so that the middle one is the primary channel of the middle slice. 3d blocks
        are (n, c, depth, size, size) and (n, 1, depth, size, size).
        """
        drawn = [self._draw_pair() for _ in range(self.data.batch)]
        return {name: np.stack([pair[name] for pair in drawn]) for name in ("input", "target")}

    def begin_stage(self, stage: Any) -> None:
        """Draw patches as a stage wants it; size, number and dimensions stay."""
        self.patches = stage.patches or self.data

    def state(self) -> dict:
        """Return the state of the generator."""
        return self.rng.bit_generator.state

    def restore(self, state: dict) -> None:
        """Go on from a saved state."""
        self.rng.bit_generator.state = state

    def _draw_pair(self) -> dict[str, np.ndarray]:
        number = int(np.searchsorted(self._bounds, self.rng.random() * self._bounds[-1], side="right"))
        block = turn(self._draw_block(number), self.patches, self.rng, self._deep)
        inputs, target = block[:-1], block[-1]
        self._drop_channels(inputs)
        if self._deep:
            pair = {"input": inputs, "target": target[np.newaxis]}
        else:
            shown = (
                inputs[:, draw_neighbors(self.slices, self.patches.single_share, self.rng)]
                if self.slices > 1
                else inputs
            )
            stacked = np.swapaxes(shown, 0, 1).reshape(-1, *shown.shape[2:])
            middle = self.slices // 2
            pair = {"input": stacked, "target": target[middle : middle + 1]}
        return self.transform.apply(pair, self.rng) if self.transform is not None else pair

    def _draw_block(self, number: int) -> np.ndarray:
        """Cut channels and target as (c + 1, s, h, w), scaled, at a place that is not mostly air."""
        for _ in range(_TRIES):
            block = self._cut(number)
            target = block[-1] if self._deep else block[-1, self.slices // 2]
            if target.mean() > self.patches.foreground:
                break
        return block

    def _cut(self, number: int) -> np.ndarray:
        pair, draw = self.pairs[number], self.rng.integers
        axes = self._axes[number]
        axis = axes[int(draw(len(axes)))]
        shape = pair.target.shape
        depth = shape[axis]
        plane = [shape[each] for each in range(3) if each != axis]
        factor = draw_factor(self.patches, min(plane) // self.data.size, self.rng)
        sampled = factor > 1 and self.rng.random() < self.patches.sampled_share
        edge = factor * self.data.size
        rows = self._rows(depth)
        top, left = (int(draw(extent - edge + 1)) for extent in plane)
        volumes = (*zip(pair.inputs, pair.scalings, strict=True), (pair.target, pair.target_scaling))
        block = np.empty((len(volumes), self.slices, self.data.size, self.data.size), np.float32)
        for channel, (voxels, scaling) in zip(block, volumes, strict=True):
            window = np.moveaxis(voxels, axis, 0)[:, top : top + edge, left : left + edge]
            scaled = scaling.forward(window[rows])
            channel[...] = coarsen(scaled, factor, sampled) if factor > 1 else scaled
        return block

    def _rows(self, depth: int) -> np.ndarray | slice:
        """Draw the slices; where there are fewer than neighbors wanted, those at the ends are repeated."""
        if self._deep or depth >= self.slices:
            first = int(self.rng.integers(depth - self.slices + 1))
            return slice(first, first + self.slices)
        middle = int(self.rng.integers(depth))
        return np.clip(middle + np.arange(self.slices) - self.slices // 2, 0, depth - 1)

    def _drop_channels(self, inputs: np.ndarray) -> None:
        """Set channels of (c, s, h, w) to 0 at random, but never the primary one.

        Networks add their correction to it: without it they would have to make the whole image, and the
        errors of those patches drown all others.
        """
        chance = self.patches.channel_drop
        if chance == 0 or len(inputs) == 1:
            return
        dropped = self.rng.random(len(inputs)) < chance
        dropped[len(inputs) // 2] = False  # see channel_order
        inputs[dropped] = 0.0
