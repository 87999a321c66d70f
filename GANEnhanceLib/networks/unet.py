"""The U-Net (Ronneberger et al., MICCAI 2015) as a generator, by MONAI."""

from __future__ import annotations

import torch
from torch import nn

from GANEnhanceLib.networks.residual_output import ResidualOutput
from GANEnhanceLib.networks.upsampling import METHODS


class UNetGenerator(nn.Module):
    """MONAI's BasicUNet as a residual generator; four levels, batch normalization or none.

    Args:
        channels_in: input channels, the middle one is enhanced.
        features: feature maps of the first level, doubled by each deeper one.
        dimensions: 2 or 3.
        norm: "batch" or "none"; instance normalization would depend on the tile.
        upsampling: "resize" (linear) or "shuffle", which learns the phases (1x1 sub-pixel convolution,
            computed as the transposed convolution of edge 2 that it is) and starts with equal ones (ICNR).

    Raises:
        ValueError: unknown norm or upsampling.
    """

    def __init__(
        self,
        channels_in: int = 1,
        features: int = 32,
        dimensions: int = 2,
        norm: str = "batch",
        upsampling: str = "resize",
    ) -> None:
        """Build the network; see the class for the arguments."""
        from monai.networks.nets import BasicUNet

        super().__init__()
        if norm not in ("batch", "none"):
            raise ValueError(f"norm is '{norm}', allowed are batch, none")
        if upsampling not in METHODS:
            raise ValueError(f"upsampling is '{upsampling}', allowed are {', '.join(METHODS)}")
        levels = tuple(features * factor for factor in (1, 2, 4, 8, 16, 1))
        network = BasicUNet(
            spatial_dims=dimensions,
            in_channels=channels_in,
            out_channels=1,
            features=levels,
            norm=("batch", {"affine": True}) if norm == "batch" else ("group", {"num_groups": 1}),
            bias=norm == "none",
            upsample="nontrainable" if upsampling == "resize" else "deconv",
        )
        _start_phases_equal(network)
        if norm == "none":
            _remove_norms(network)
        nn.init.zeros_(network.final_conv.weight)
        nn.init.zeros_(network.final_conv.bias)
        self.generator = ResidualOutput(network, multiple=16)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Enhance (n, channels_in, [d,] h, w), any size from 16; returns (n, 1, ...)."""
        return self.generator(image)


def _start_phases_equal(module: nn.Module) -> None:
    for layer in module.modules():
        if isinstance(layer, nn.ConvTranspose2d | nn.ConvTranspose3d):
            with torch.no_grad():
                first = layer.weight.flatten(2)[..., 0]
                layer.weight.copy_(first.view(*first.shape, *[1] * (layer.weight.ndim - 2)))


def _remove_norms(module: nn.Module) -> None:
    for name, child in module.named_children():
        if isinstance(child, nn.GroupNorm):
            setattr(module, name, nn.Identity())
        else:
            _remove_norms(child)
