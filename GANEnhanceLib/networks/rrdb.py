"""Residual-in-residual dense blocks (Wang et al., ESRGAN, ECCVW 2018), without normalization."""

from __future__ import annotations

import torch
from torch import nn

from GANEnhanceLib.networks.residual_output import ResidualOutput

_SHARE = 0.2
"""Of what a block says that is added to its input."""


class DenseBlock(nn.Module):
    """Five convolutions, each seeing all features before it.

    Args:
        channels: feature maps in and out.
        growth: feature maps that each convolution adds.
    """

    def __init__(self, channels: int, growth: int) -> None:
        """Build the block; see the class for the arguments."""
        super().__init__()
        widths = [channels + number * growth for number in range(5)]
        self.layers = nn.ModuleList(
            nn.Conv2d(width, channels if number == 4 else growth, 3, padding=1)
            for number, width in enumerate(widths)
        )

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return features of the same shape."""
        found = features
        for layer in self.layers[:-1]:
            found = torch.cat([found, nn.functional.leaky_relu(layer(found), 0.2)], dim=1)
        return features + _SHARE * self.layers[-1](found)


class RRDBGenerator(nn.Module):
    """The generator of ESRGAN without upsampling, on folded pixels.

    Args:
        channels_in: input channels, the middle one is enhanced.
        channels: feature maps at half resolution.
        blocks: groups of three dense blocks.
        growth: feature maps that each convolution of a dense block adds.
    """

    def __init__(self, channels_in: int = 1, channels: int = 32, blocks: int = 2, growth: int = 16) -> None:
        """Build the network; see the class for the arguments."""
        super().__init__()
        tail = nn.Conv2d(channels, 4, 3, padding=1)
        nn.init.zeros_(tail.weight)
        nn.init.zeros_(tail.bias)
        network = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(4 * channels_in, channels, 3, padding=1),
            *(_Group(channels, growth) for _ in range(blocks)),
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.LeakyReLU(0.2),
            tail,
            nn.PixelShuffle(2),
        )
        self.generator = ResidualOutput(network, multiple=2)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Enhance (n, channels_in, h, w); returns (n, 1, h, w)."""
        return self.generator(image)


class _Group(nn.Module):
    def __init__(self, channels: int, growth: int) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*(DenseBlock(channels, growth) for _ in range(3)))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return features + _SHARE * self.blocks(features)
