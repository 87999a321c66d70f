"""Discriminators that judge patches at several scales, or each voxel."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm


class MultiScaleDiscriminator(nn.Module):
    """Patch discriminators at several resolutions (Wang et al., pix2pixHD, CVPR 2018), by MONAI.

    Args:
        channels_in: channels of the judged image.
        channels: feature maps of the first layer.
        layers: strided layers of the finest one.
        scales: how many resolutions.
        spectral: normalize every convolution spectrally (Miyato et al., ICLR 2018).
        dimensions: 2 or 3.
    """

    def __init__(
        self,
        channels_in: int = 1,
        channels: int = 32,
        layers: int = 2,
        scales: int = 2,
        spectral: bool = True,
        dimensions: int = 2,
    ) -> None:
        """Build the network; see the class for the arguments."""
        from monai.networks.nets import PatchDiscriminator

        super().__init__()
        self.scales = nn.ModuleList(
            PatchDiscriminator(
                spatial_dims=dimensions,
                in_channels=channels_in,
                channels=channels,
                num_layers_d=layers,
                norm=None if spectral else "batch",
                bias=spectral,
            )
            for _ in range(scales)
        )
        self.shrink = nn.AvgPool2d(2) if dimensions == 2 else nn.AvgPool3d(2)
        if spectral:
            normalize_spectrally(self)

    def forward(self, image: torch.Tensor) -> list[list[torch.Tensor]]:
        """Judge (n, channels_in, ...); returns for each scale the features, the logits last."""
        found = []
        for number, scale in enumerate(self.scales):
            if number:
                image = self.shrink(image)
            found.append(scale(image))
        return found


class UNetDiscriminator(nn.Module):
    """Judges each voxel and the image as a whole (Schonfeld et al., CVPR 2020; as in Real-ESRGAN, 2021).

    Args:
        channels_in: channels of the judged image.
        channels: feature maps of the first layer, doubled by each of three strided ones.
    """

    def __init__(self, channels_in: int = 1, channels: int = 16) -> None:
        """Build the network; see the class for the arguments."""
        super().__init__()
        widths = [channels, 2 * channels, 4 * channels, 8 * channels]
        self.head = nn.Conv2d(channels_in, channels, 3, padding=1)
        self.down = nn.ModuleList(
            nn.Conv2d(one, other, 4, stride=2, padding=1)
            for one, other in zip(widths, widths[1:], strict=False)
        )
        self.up = nn.ModuleList(
            nn.Conv2d(other, one, 3, padding=1)
            for one, other in reversed(list(zip(widths, widths[1:], strict=False)))
        )
        self.tail = nn.Conv2d(channels, 1, 3, padding=1)
        normalize_spectrally(self)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Judge (n, channels_in, h, w), h and w multiples of 8; returns logits (n, 1, h, w)."""
        features = [nn.functional.leaky_relu(self.head(image), 0.2)]
        for layer in self.down:
            features.append(nn.functional.leaky_relu(layer(features[-1]), 0.2))
        found = features.pop()
        for layer in self.up:
            found = nn.functional.interpolate(found, scale_factor=2, mode="bilinear")
            found = nn.functional.leaky_relu(layer(found), 0.2) + features.pop()
        return self.tail(found)


def normalize_spectrally(network: nn.Module) -> None:
    """Give every convolution and linear layer of a network spectral normalization (Miyato et al., 2018)."""
    for module in list(network.modules()):
        if isinstance(module, nn.Conv2d | nn.Conv3d | nn.Linear):
            spectral_norm(module)
