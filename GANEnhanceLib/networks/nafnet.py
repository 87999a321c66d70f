"""A network of gates instead of activation functions (Chen et al., NAFNet, ECCV 2022), kept local."""

from __future__ import annotations

import torch
from torch import nn

from GANEnhanceLib.networks.residual_output import ResidualOutput


class GatedBlock(nn.Module):
    """Depthwise convolution, a product of two halves instead of an activation, and a mixing of channels.

    The layer normalization of the paper is kept per voxel over the channels, and its channel attention is
    left out: the mean over the image would depend on the tile.

    Args:
        channels: feature maps in and out.
    """

    def __init__(self, channels: int) -> None:
        """Build the block; see the class for the arguments."""
        super().__init__()
        self.norms = nn.ModuleList(_ChannelNorm(channels) for _ in range(2))
        self.widen = nn.Conv2d(channels, 2 * channels, 1)
        self.spread = nn.Conv2d(2 * channels, 2 * channels, 3, padding=1, groups=2 * channels)
        self.project = nn.Conv2d(channels, channels, 1)
        self.mix_in = nn.Conv2d(channels, 2 * channels, 1)
        self.mix_out = nn.Conv2d(channels, channels, 1)
        self.scales = nn.Parameter(torch.full((2, channels, 1, 1), 0.1))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return features of the same shape (n, channels, h, w)."""
        gated = _gate(self.spread(self.widen(self.norms[0](features))))
        features = features + self.scales[0] * self.project(gated)
        gated = _gate(self.mix_in(self.norms[1](features)))
        return features + self.scales[1] * self.mix_out(gated)


class NAFGenerator(nn.Module):
    """Gated blocks on folded pixels.

    Args:
        channels_in: input channels, the middle one is enhanced.
        channels: feature maps at half resolution.
        blocks: gated blocks.
    """

    def __init__(self, channels_in: int = 1, channels: int = 48, blocks: int = 8) -> None:
        """Build the network; see the class for the arguments."""
        super().__init__()
        tail = nn.Conv2d(channels, 4, 3, padding=1)
        nn.init.zeros_(tail.weight)
        nn.init.zeros_(tail.bias)
        network = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(4 * channels_in, channels, 3, padding=1),
            *(GatedBlock(channels) for _ in range(blocks)),
            tail,
            nn.PixelShuffle(2),
        )
        self.generator = ResidualOutput(network, multiple=2)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Enhance (n, channels_in, h, w); returns (n, 1, h, w)."""
        return self.generator(image)


class _ChannelNorm(nn.Module):
    """Layer normalization over the channels of each pixel (Ba et al., 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        centered = features - features.mean(dim=1, keepdim=True)
        variance = centered.square().mean(dim=1, keepdim=True)
        return centered * torch.rsqrt(variance + 1e-6) * self.weight + self.bias


def _gate(features: torch.Tensor) -> torch.Tensor:
    one, other = features.chunk(2, dim=1)
    return one * other
