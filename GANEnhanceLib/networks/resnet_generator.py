"""The generator of CycleGAN (Johnson et al., ECCV 2016; Zhu et al., ICCV 2017): down, residual blocks, up."""

from __future__ import annotations

import torch
from torch import nn

from GANEnhanceLib.networks.residual_output import ResidualOutput
from GANEnhanceLib.networks.unshuffle_residual import ResidualBlock
from GANEnhanceLib.networks.upsampling import Upsample


class ResNetGenerator(nn.Module):
    """Two strided convolutions, residual blocks (nine in the paper), two upsamplings.

    Instance normalization of the paper is left out: its statistics would make the result depend on the tile.

    Args:
        channels_in: input channels, the middle one is translated.
        channels: feature maps of the first layer.
        blocks: residual blocks at a quarter of the resolution.
        upsampling: "resize" or "shuffle".
        residual: add the output to the input, for translations that keep the image.
    """

    def __init__(
        self,
        channels_in: int = 1,
        channels: int = 64,
        blocks: int = 9,
        upsampling: str = "resize",
        residual: bool = True,
    ) -> None:
        """Build the network; see the class for the arguments."""
        super().__init__()
        tail = nn.Conv2d(channels, 1, 7, padding=3, padding_mode="reflect")
        network = nn.Sequential(
            nn.Conv2d(channels_in, channels, 7, padding=3, padding_mode="reflect"),
            nn.ReLU(),
            nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(2 * channels, 4 * channels, 3, stride=2, padding=1),
            nn.ReLU(),
            *(ResidualBlock(4 * channels) for _ in range(blocks)),
            Upsample(4 * channels, 2 * channels, upsampling),
            nn.ReLU(),
            Upsample(2 * channels, channels, upsampling),
            nn.ReLU(),
            tail,
        )
        if residual:
            with torch.no_grad():
                tail.weight.mul_(0.1)
                tail.bias.zero_()
        self.generator = ResidualOutput(network, multiple=4) if residual else network

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Translate (n, channels_in, h, w), at least 16 voxels wide; returns (n, 1, h, w)."""
        return self.generator(image)
