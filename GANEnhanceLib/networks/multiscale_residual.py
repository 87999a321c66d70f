"""A residual generator on two scales: fine detail at half resolution, wide context at a quarter.

Noise is told from anatomy by what repeats around it, and a quarter of the resolution shows four times the
area for the same work. The fine scale keeps what the coarse one cannot show. As in `unshuffle_residual` there
is no normalization, so a tile gives what the whole image gives.
"""

from __future__ import annotations

import torch
from torch import nn

from GANEnhanceLib.networks.unshuffle_residual import FoldedGenerator, ResidualBlock
from GANEnhanceLib.networks.upsampling import start_phases_equal


class MultiscaleResidualGenerator(FoldedGenerator):
    """Neighboring slices in, the enhanced center slice out: residual blocks on two scales.

    Args:
        channels_in: odd number of neighboring slices given as channels.
        channels: feature maps at half resolution.
        coarse_channels: feature maps at a quarter.
        before, coarse, after: residual blocks at half resolution, at a quarter, and at half again.
    """

    def __init__(
        self,
        channels_in: int = 5,
        channels: int = 48,
        coarse_channels: int = 96,
        before: int = 2,
        coarse: int = 5,
        after: int = 2,
    ) -> None:
        """Build the network; see the class for the arguments. ValueError for an even `channels_in`."""
        super().__init__(channels_in, channels)
        self.before = nn.Sequential(*(ResidualBlock(channels) for _ in range(before)))
        self.down = nn.Conv2d(channels, coarse_channels, 2, stride=2)
        self.coarse = nn.Sequential(*(ResidualBlock(coarse_channels) for _ in range(coarse)))
        widen = nn.Conv2d(coarse_channels, 4 * channels, 1)
        start_phases_equal(widen)
        self.up = nn.Sequential(widen, nn.PixelShuffle(2))
        self.after = nn.Sequential(*(ResidualBlock(channels) for _ in range(after)))
        self._make_tail(channels)

    def refine(self, features: torch.Tensor) -> torch.Tensor:
        """Return what is added to the features, of the same shape; sizes of the image are multiples of 4."""
        fine = self.before(features)
        return self.after(fine + self.up(self.coarse(self.down(fine))))
