"""Judges a generator, during training, on whole slices of volumes that it does not learn from."""

from __future__ import annotations

import numpy as np
import torch

from GANEnhanceLib.degrade.mr import add_rician_noise
from GANEnhanceLib.intensity import reference_intensity
from GANEnhanceLib.metrics import psnr
from GANEnhanceLib.volume import Volume


class ValidationSet:
    """A few slices of each volume with noise of fixed levels and seed.

    Args:
        volumes: clean MR volumes by name.
        percents: noise levels, percent of the reference intensity.
        slices: neighbouring slices given to the generator.
        count: slices taken from each volume.
    """

    def __init__(
        self,
        volumes: dict[str, Volume],
        percents: tuple[float, ...] = (1, 3, 6, 10),
        slices: int = 5,
        count: int = 6,
    ) -> None:
        """Draw the noise once; see the class for the arguments."""
        self.cases = {
            f"{name}@{percent:g}": _make_case(volume, percent, slices, count)
            for name, volume in volumes.items()
            for percent in percents
        }

    def higher_is_better(self, name: str) -> bool:
        """Return True: all figures are gains in PSNR."""
        return True

    def judge(self, generator: torch.nn.Module) -> dict[str, float]:
        """Return the gain in PSNR over the input by case (dB, data range = the reference intensity)."""
        gains = {}
        device = next(generator.parameters()).device
        with torch.inference_mode():
            for name, (noisy, clean) in self.cases.items():
                centre = noisy[:, noisy.shape[1] // 2]
                output = generator(torch.from_numpy(noisy).to(device)).float().cpu().numpy()[:, 0]
                gains[name] = round(psnr(output, clean, 1.0) - psnr(centre, clean, 1.0), 3)
        return gains


def _make_case(volume: Volume, percent: float, slices: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    scaled = volume.voxels.astype(np.float32) / reference_intensity(volume.voxels)
    rows, columns = (extent - extent % 2 for extent in scaled.shape[1:])
    scaled = scaled[:, :rows, :columns]
    depth = scaled.shape[0]
    noisy = add_rician_noise(scaled, percent / 100.0, seed=round(100 * percent))
    centres = np.unique(np.linspace(0.2 * depth, 0.8 * (depth - 1), count).astype(int))
    reach = np.arange(slices) - slices // 2
    stacks = noisy[np.clip(centres[:, None] + reach, 0, depth - 1)]
    return stacks, scaled[centres]
