"""Draws noisy and clean patches from whole volumes held in memory.

One patch costs about a millisecond; every random act comes from one generator whose state can be saved, so
that a resumed run goes on with the very patches that it would have drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.degrade.mr import add_rician_noise
from GANEnhanceLib.training.config import DataConfig, DegradationConfig, GridConfig
from GANEnhanceLib.volume import Volume

_AIR = 0.05
"""Mean of a patch, in scaled intensity, below which it is mostly air and is drawn again."""


@dataclass(frozen=True)
class CleanVolume:
    """A clean volume to draw from: voxels (k, j, i), its modality, and the intensity that is scaled to 1."""

    voxels: np.ndarray
    modality: str
    reference: float

    @classmethod
    def from_volume(cls, volume: Volume, modality: str) -> CleanVolume:
        """Hold a volume; MR is referred to its 99.5th percentile, CT to a window drawn for each patch."""
        reference = float(np.percentile(volume.voxels, 99.5)) if modality == "MR" else 1.0
        return cls(volume.voxels, modality, reference)


class PatchSampler:
    """An endless source of batches.

    Args:
        volumes: what to draw from, in proportion to `weights`.
        data: patch and batch size, number of slices.
        degradation: the noise.
        seed: of the one generator.
        weights: share of each volume; equal when left out.
    """

    def __init__(
        self,
        volumes: list[CleanVolume],
        data: DataConfig,
        degradation: DegradationConfig,
        seed: int,
        weights: list[float] | None = None,
    ) -> None:
        """Make the sampler; see the class for the arguments."""
        self.volumes, self.data, self.degradation = volumes, data, degradation
        self.weights = np.full(len(volumes), 1.0) if weights is None else np.asarray(weights, dtype=float)
        self.weights /= self.weights.sum()
        self.generator = np.random.default_rng(seed)
        self.grid = GridConfig()

    def __iter__(self) -> PatchSampler:
        """Iterate without end."""
        return self

    def __next__(self) -> tuple[np.ndarray, np.ndarray]:
        """Draw a batch: noisy slices (batch, slices, patch, patch) and clean centre slices (batch, 1, patch,
        patch).

        Both are float32 in scaled intensity.
        """
        pairs = [self._draw_pair() for _ in range(self.data.batch)]
        return np.stack([noisy for noisy, _ in pairs]), np.stack([clean for _, clean in pairs])

    def state(self) -> dict:
        """Return the state of the generator."""
        return self.generator.bit_generator.state

    def restore(self, state: dict) -> None:
        """Go on from a saved state."""
        self.generator.bit_generator.state = state

    def _draw_pair(self) -> tuple[np.ndarray, np.ndarray]:
        clean = self._draw_clean()
        noisy = add_rician_noise(clean, self._draw_sigma(), self.generator, self._draw_correlation())
        centre = self.data.slices // 2
        return noisy[self._draw_neighbours()], clean[centre : centre + 1]

    def _draw_clean(self) -> np.ndarray:
        volume = self.volumes[self.generator.choice(len(self.volumes), p=self.weights)]
        for _ in range(6):
            slab = self._scale(self._crop(volume), volume)
            if slab[self.data.slices // 2].mean() > _AIR:
                break
        return self._turn(slab)

    def _crop(self, volume: CleanVolume) -> np.ndarray:
        """Cut a slab (slices, patch, patch) in a random direction, slice distance and thickness."""
        draw = self.generator.integers
        size, slices = self.data.patch, self.data.slices
        voxels = np.moveaxis(volume.voxels, draw(3), 0)
        factor = self._draw_factor(min(voxels.shape[1:]) // size)
        thickness = int(draw(2, 4)) if self.generator.random() < 0.2 else 1
        longest = (voxels.shape[0] - thickness) // max(slices - 1, 1)
        widest = 2 + factor if volume.modality == "MR" else 2
        step = int(draw(1, max(2, min(widest, longest) + 1)))
        first = draw(voxels.shape[0] - (slices - 1) * step - thickness + 1)
        top, left = (draw(extent - factor * size + 1) for extent in voxels.shape[1:])
        window = voxels[:, top : top + factor * size, left : left + factor * size]
        starts = first + step * np.arange(slices)
        slab = sum(window[starts + offset].astype(np.float32) for offset in range(thickness)) / thickness
        if factor > 1 and self.generator.random() < self.grid.sampled_share:
            slab = slab[:, ::factor, ::factor]
        elif factor > 1:
            slab = slab.reshape(slices, size, factor, size, factor).mean(axis=(2, 4))
        if self.generator.random() < self.grid.sharpened_share:
            slab = _sharpen(slab, self.generator.uniform(0.2, 1.0))
        return slab

    def _draw_factor(self, largest: int) -> int:
        coarsest = min(self.grid.coarsest, largest)
        if coarsest < 2 or self.generator.random() >= self.grid.coarse_share:
            return 1
        return int(self.generator.integers(2, coarsest + 1))

    def _scale(self, slab: np.ndarray, volume: CleanVolume) -> np.ndarray:
        if volume.modality == "CT":
            low = self.generator.uniform(-1050.0, -300.0)
            slab = np.clip((slab - low) / self.generator.uniform(900.0, 2500.0), 0.0, 1.3)
        else:
            # Grey levels of an 8-bit reference are spread, or a steep contrast curve would turn them into
            # steps.
            spread = self.generator.random(slab.shape, dtype=np.float32) - np.float32(0.5)
            slab = np.where(slab > 0, slab + spread, slab) / np.float32(volume.reference)
        if self.generator.random() < 0.7:
            slab = self._change_contrast(slab)
        return (slab * self.generator.uniform(0.7, 1.2)).astype(np.float32)

    def _change_contrast(self, slab: np.ndarray) -> np.ndarray:
        """Map intensities along a random curve through the origin, rising or not: other contrasts."""
        nodes = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.6])
        lowest = 0.02 if self.generator.random() < 0.6 else -0.3
        steps = self.generator.uniform(lowest, 0.4, len(nodes) - 1)
        steps[0] = abs(steps[0])
        values = np.clip(np.concatenate([[0.0], np.cumsum(steps)]), 0.0, None)
        return np.interp(slab, nodes, values / max(values.max(), 0.3)).astype(np.float32)

    def _turn(self, slab: np.ndarray) -> np.ndarray:
        slab = np.rot90(slab, self.generator.integers(4), axes=(1, 2))
        if self.generator.random() < 0.5:
            slab = slab[:, :, ::-1]
        return np.ascontiguousarray(slab)

    def _draw_sigma(self) -> float | np.ndarray:
        noise = self.degradation
        if self.generator.random() < noise.uniform_share:
            percent = self.generator.uniform(noise.percent_low, noise.percent_high)
        else:
            percent = np.exp(self.generator.uniform(np.log(noise.percent_low), np.log(noise.percent_high)))
        sigma = np.float32(percent / 100.0)
        if self.generator.random() >= noise.varying_share:
            return sigma
        ramp = np.linspace(-0.5, 0.5, self.data.patch, dtype=np.float32)
        slope_j, slope_i = self.generator.uniform(-0.7, 0.7, 2)
        return sigma * (1.0 + np.float32(slope_j) * ramp[:, None] + np.float32(slope_i) * ramp[None, :])

    def _draw_correlation(self) -> float:
        if self.generator.random() >= self.degradation.correlated_share:
            return 0.0
        return float(self.generator.uniform(0.3, 1.0))

    def _draw_neighbours(self) -> np.ndarray:
        """Pick the slices that the network sees: all, edges repeated as at the ends of a volume, or one."""
        reach = self.data.slices // 2
        below = above = reach
        chance = self.generator.random()
        if chance < 0.12:
            below = above = 0
        elif chance < 0.2:
            below, above = self.generator.integers(0, reach + 1, 2)
        return reach + np.clip(np.arange(-reach, reach + 1), -below, above)


def _sharpen(slab: np.ndarray, amount: float) -> np.ndarray:
    """Subtract a part of the Laplacian of each slice; values stay within those of the slab."""
    padded = np.pad(slab, ((0, 0), (1, 1), (1, 1)), mode="edge")
    around = padded[:, 2:, 1:-1] + padded[:, :-2, 1:-1] + padded[:, 1:-1, 2:] + padded[:, 1:-1, :-2]
    return np.clip(slab + amount * (slab - around / 4), slab.min(), slab.max())
