"""A residual generator on two scales: fine detail at half resolution, wide context at a quarter.

Noise is told from anatomy by what repeats around it, and a quarter of the resolution shows four times the
area for the same work. The fine scale keeps what the coarse one cannot show. As in `unshuffle_residual` there
is no normalization, so a tile gives what the whole image gives.
"""

from __future__ import annotations

import torch
from torch import nn

from GANEnhanceLib.networks.unshuffle_residual import ResidualBlock
from GANEnhanceLib.networks.upsampling import start_phases_equal


class MultiscaleResidualGenerator(nn.Module):
    """Neighboring slices in, the enhanced center slice out.

    The network predicts a residual that is added to the center slice.

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
        super().__init__()
        if channels_in < 1 or channels_in % 2 == 0:
            raise ValueError(f"channels_in is {channels_in}, allowed are odd numbers from 1")
        self.center = channels_in // 2
        self.fold = nn.PixelUnshuffle(2)
        self.head = nn.Conv2d(4 * channels_in, channels, 3, padding=1)
        self.before = nn.Sequential(*(ResidualBlock(channels) for _ in range(before)))
        self.down = nn.Conv2d(channels, coarse_channels, 2, stride=2)
        self.coarse = nn.Sequential(*(ResidualBlock(coarse_channels) for _ in range(coarse)))
        widen = nn.Conv2d(coarse_channels, 4 * channels, 1)
        start_phases_equal(widen)
        self.up = nn.Sequential(widen, nn.PixelShuffle(2))
        self.after = nn.Sequential(*(ResidualBlock(channels) for _ in range(after)))
        self.tail = nn.Conv2d(channels, 4, 3, padding=1)
        self.unfold = nn.PixelShuffle(2)
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(self.tail.bias)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Enhance the center slice.

        Args:
            image: (n, channels_in, h, w), scaled to a nominal range of 0 to 1; h and w are multiples of 4.

        Returns:
            (n, 1, h, w), same scale.
        """
        shallow = self.head(self.fold(image))
        fine = self.before(shallow)
        fine = self.after(fine + self.up(self.coarse(self.down(fine))))
        residual = self.unfold(self.tail(shallow + fine))
        return image[:, self.center : self.center + 1] + residual
