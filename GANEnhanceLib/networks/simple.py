"""Two small generators: `identity`, which changes nothing, and `plain-residual`, a short residual network.

They are real networks of the registry: the identity proves that an engine loses no voxel, the plain residual
network serves small models and tests in 2-D, 2.5-D and 3-D. Neither has a normalization layer, because
statistics of a block would make the result depend on how a volume is cut.
"""

from __future__ import annotations

import torch
from torch import nn


class IdentityGenerator(nn.Module):
    """Return the center channel: input (n, c, h, w) or (n, 1, d, h, w), output (n, 1, ...), any sizes.

    A frozen 1x1 convolution, not a slice, so that the exported graph has a named weight as all others do.
    """

    def __init__(self, channels_in: int = 1, dimensions: int = 2):
        """Build it for `channels_in` neighbor slices (odd) in 2 or 3 dimensions."""
        super().__init__()
        _check(channels_in, dimensions)
        self.pick = _convolution(dimensions)(channels_in, 1, 1, bias=False)
        with torch.no_grad():
            self.pick.weight.zero_()
            self.pick.weight[0, channels_in // 2] = 1.0

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Return the center channel of `image`."""
        return self.pick(image)


class PlainResidualGenerator(nn.Module):
    """Center channel plus a residual made by `blocks` 3x3 (3x3x3) convolution pairs of `channels` features.

    Input (n, c, h, w) or (n, 1, d, h, w) in scaled units, output (n, 1, ...); any sizes. The last layer
    starts small, so that an untrained network is close to the identity.
    """

    def __init__(self, channels_in: int = 1, dimensions: int = 2, channels: int = 8, blocks: int = 1):
        """Build it for `channels_in` neighbor slices (odd) in 2 or 3 dimensions."""
        super().__init__()
        _check(channels_in, dimensions)
        convolution = _convolution(dimensions)
        self.center = channels_in // 2
        self.head = convolution(channels_in, channels, 3, padding=1)
        self.body = nn.ModuleList(_Block(convolution, channels) for _ in range(blocks))
        self.tail = convolution(channels, 1, 3, padding=1)
        with torch.no_grad():
            self.tail.weight.mul_(0.1)
            self.tail.bias.zero_()

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Return the center channel of `image` plus the residual."""
        features = self.head(image)
        for block in self.body:
            features = block(features)
        return image[:, self.center : self.center + 1] + self.tail(features)


class _Block(nn.Module):
    def __init__(self, convolution: type[nn.Module], channels: int):
        super().__init__()
        self.first = convolution(channels, channels, 3, padding=1)
        self.second = convolution(channels, channels, 3, padding=1)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return features + self.second(torch.relu(self.first(features)))


def _convolution(dimensions: int) -> type[nn.Module]:
    return nn.Conv2d if dimensions == 2 else nn.Conv3d


def _check(channels_in: int, dimensions: int) -> None:
    if dimensions not in (2, 3):
        raise ValueError(f"dimensions is {dimensions}; it must be 2 or 3.")
    if channels_in < 1 or channels_in % 2 == 0:
        raise ValueError(f"channels_in is {channels_in}; it must be odd and at least 1.")
