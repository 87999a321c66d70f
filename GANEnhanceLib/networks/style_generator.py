"""A style-based generator (Karras et al., StyleGAN2, CVPR 2020): mapping network, modulated convolutions,
noise inputs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from GANEnhanceLib.networks.dcgan import check_size

_SMALLEST = 4


class StyleGenerator(nn.Module):
    """Latents to styles to images; the size doubles from 4 on, each size adds to the image (skip outputs).

    Args:
        size: edge of the image, a power of 2 from 8.
        latent_size: of latents and styles.
        features: feature maps of the largest size, doubled towards the smaller ones up to `most`.
        most: largest number of feature maps.
        depth: layers of the mapping network.
    """

    def __init__(
        self, size: int = 32, latent_size: int = 64, features: int = 32, most: int = 128, depth: int = 4
    ) -> None:
        """Build the network; see the class for the arguments."""
        super().__init__()
        levels = check_size(size)
        self.latent_size = latent_size
        self.mapping = nn.Sequential(
            *(layer for _ in range(depth) for layer in (EqualLinear(latent_size, latent_size), _Activation()))
        )
        widths = [min(most, features * 2 ** (levels - level)) for level in range(levels + 1)]
        self.constant = nn.Parameter(torch.randn(1, widths[0], _SMALLEST, _SMALLEST))
        pairs = zip([widths[0], *widths], widths, strict=False)
        self.blocks = nn.ModuleList(_Block(one, other, latent_size) for one, other in pairs)
        self.layers = 2 * len(self.blocks)
        self.noise_edges = tuple(_SMALLEST * 2 ** (layer // 2) for layer in range(self.layers))

    def map_styles(self, latent: torch.Tensor) -> torch.Tensor:
        """Return styles (n, layers, latent_size) for latents (n, latent_size)."""
        normed = latent * torch.rsqrt(latent.square().mean(dim=1, keepdim=True) + 1e-8)
        return self.mapping(normed)[:, None].repeat(1, self.layers, 1)

    def synthesize(self, styles: torch.Tensor, noises: Sequence[torch.Tensor] | None = None) -> torch.Tensor:
        """Return images (n, 1, size, size) of about 0 to 1.

        Args:
            styles: (n, layers, latent_size).
            noises: one for each layer, normal, (n, 1, edge, edge) with its edge of `noise_edges`; drawn when
                left out.
        """
        if noises is None:
            noises = [
                torch.randn(len(styles), 1, edge, edge, device=styles.device) for edge in self.noise_edges
            ]
        features = self.constant.expand(len(styles), -1, -1, -1)
        image = None
        for number, block in enumerate(self.blocks):
            if number > 0:
                features = functional.interpolate(features, scale_factor=2, mode="bilinear")
                image = functional.interpolate(image, scale_factor=2, mode="bilinear")
            features, shown = block(features, styles[:, 2 * number : 2 * number + 2], noises[2 * number :])
            image = shown if image is None else image + shown
        return 0.5 + 0.5 * image

    def forward(self, latent: torch.Tensor) -> torch.Tensor:
        """Return images (n, 1, size, size) for latents (n, latent_size)."""
        return self.synthesize(self.map_styles(latent))


class EqualLinear(nn.Module):
    """A linear layer whose weights are scaled at run time (Karras et al., ICLR 2018).

    Args:
        inputs, outputs: sizes.
        start: of the bias.
    """

    def __init__(self, inputs: int, outputs: int, start: float = 0.0) -> None:
        """Build the layer; see the class for the arguments."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs))
        self.bias = nn.Parameter(torch.full((outputs,), start))
        self.scale = 1.0 / math.sqrt(inputs)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return (n, outputs) for (n, inputs)."""
        return functional.linear(values, self.weight * self.scale, self.bias)


class ModulatedConvolution(nn.Module):
    """A convolution whose input channels are scaled by a style, and its output brought to unit size.

    Args:
        channels_in, channels_out: feature maps.
        latent_size: of the style.
        edge: of the kernel.
        demodulate: bring the output to unit size.
    """

    def __init__(
        self, channels_in: int, channels_out: int, latent_size: int, edge: int = 3, demodulate: bool = True
    ) -> None:
        """Build the layer; see the class for the arguments."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(channels_out, channels_in, edge, edge))
        self.scale = 1.0 / math.sqrt(channels_in * edge**2)
        self.style = EqualLinear(latent_size, channels_in, start=1.0)
        self.demodulate = demodulate

    def forward(self, features: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
        """Return (n, channels_out, h, w) for features (n, channels_in, h, w) and styles (n, latent_size)."""
        factors = self.style(style)
        weight = self.weight * self.scale
        # Scaling the input is the same as scaling the kernel, and needs no kernel for each image.
        result = functional.conv2d(
            features * factors[:, :, None, None], weight, padding=weight.shape[-1] // 2
        )
        if self.demodulate:
            power = torch.einsum("oc,nc->no", weight.square().sum(dim=(2, 3)), factors.square())
            result = result * torch.rsqrt(power + 1e-8)[:, :, None, None]
        return result


class _Activation(nn.Module):
    """A leaky ReLU that keeps the size of its input, so that styles differ as much as latents do."""

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return math.sqrt(2) * functional.leaky_relu(values, 0.2)


class _Block(nn.Module):
    def __init__(self, channels_in: int, channels_out: int, latent_size: int) -> None:
        super().__init__()
        self.first = ModulatedConvolution(channels_in, channels_out, latent_size)
        self.second = ModulatedConvolution(channels_out, channels_out, latent_size)
        self.shown = ModulatedConvolution(channels_out, 1, latent_size, edge=1, demodulate=False)
        self.noise = nn.Parameter(torch.zeros(2))
        self.biases = nn.Parameter(torch.zeros(2, channels_out, 1, 1))
        self.activation = _Activation()

    def forward(
        self, features: torch.Tensor, styles: torch.Tensor, noises: Sequence[torch.Tensor]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        features = self._act(self.first(features, styles[:, 0]), 0, noises[0])
        features = self._act(self.second(features, styles[:, 1]), 1, noises[1])
        return features, self.shown(features, styles[:, 1])

    def _act(self, features: torch.Tensor, number: int, noise: torch.Tensor) -> torch.Tensor:
        noise = noise.to(features.dtype)
        return self.activation(features + self.noise[number] * noise + self.biases[number])
