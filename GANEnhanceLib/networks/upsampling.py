"""Upsampling that leaves no checkerboard: resize-convolution, or pixel shuffle with a fitting start."""

from __future__ import annotations

import torch
from torch import nn

METHODS = ("resize", "shuffle")


class Upsample(nn.Module):
    """Twice the size of (n, c, h, w), from `channels_in` to `channels_out` feature maps.

    Args:
        channels_in, channels_out: feature maps.
        method: "resize" (nearest neighbor, then a 3x3 convolution; Odena et al., Distill 2016) or "shuffle"
            (sub-pixel convolution whose four phases start equal, ICNR; Aitken et al., 2017).
        bias: give the convolution one; of no effect where batch normalization follows.

    Raises:
        ValueError: unknown method.
    """

    def __init__(
        self, channels_in: int, channels_out: int, method: str = "resize", bias: bool = True
    ) -> None:
        """Build the layer; see the class for the arguments."""
        super().__init__()
        if method == "resize":
            self.layers = nn.Sequential(
                nn.Upsample(scale_factor=2, mode="nearest"),
                nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=bias),
            )
        elif method == "shuffle":
            convolution = nn.Conv2d(channels_in, 4 * channels_out, 3, padding=1, bias=bias)
            start_phases_equal(convolution)
            self.layers = nn.Sequential(convolution, nn.PixelShuffle(2))
        else:
            raise ValueError(f"the upsampling is '{method}', allowed are {', '.join(METHODS)}")

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return (n, channels_out, 2 h, 2 w)."""
        return self.layers(features)


def start_phases_equal(convolution: nn.Conv2d, factor: int = 2) -> None:
    """Give the phases of a pixel shuffle equal weights, as nearest-neighbor resizing would (ICNR)."""
    with torch.no_grad():
        first = convolution.weight[:: factor**2].clone()
        convolution.weight.copy_(first.repeat_interleave(factor**2, dim=0))
        if convolution.bias is not None:
            convolution.bias.copy_(convolution.bias[:: factor**2].clone().repeat_interleave(factor**2))
