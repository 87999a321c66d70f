"""The first GAN's networks: fully connected layers from noise to a small image, and back to one logit."""

from __future__ import annotations

import torch
from torch import nn


class MultilayerGenerator(nn.Module):
    """Noise to image by fully connected layers (Goodfellow et al., NeurIPS 2014).

    Args:
        size: edge of the image.
        latent_size: of the noise.
        features: of the first hidden layer, doubled by the next ones.
    """

    def __init__(self, size: int = 32, latent_size: int = 64, features: int = 128) -> None:
        """Build the network; see the class for the arguments."""
        super().__init__()
        self.size, self.latent_size = size, latent_size
        widths = [latent_size, features, 2 * features, 4 * features]
        layers: list[nn.Module] = []
        for one, other in zip(widths, widths[1:], strict=False):
            layers += [nn.Linear(one, other, bias=False), nn.BatchNorm1d(other), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Linear(widths[-1], size * size), nn.Sigmoid())

    def forward(self, latent: torch.Tensor) -> torch.Tensor:
        """Return images (n, 1, size, size) of 0 to 1 for latents (n, latent_size)."""
        return self.layers(latent).view(-1, 1, self.size, self.size)


class MultilayerDiscriminator(nn.Module):
    """Image to one logit by fully connected layers.

    Args:
        size: edge of the image.
        features: of the last hidden layer; the one before has twice as many.
    """

    def __init__(self, size: int = 32, features: int = 128) -> None:
        """Build the network; see the class for the arguments."""
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(size * size, 2 * features),
            nn.LeakyReLU(0.2),
            nn.Linear(2 * features, features),
            nn.LeakyReLU(0.2),
            nn.Linear(features, 1),
        )

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Judge (n, 1, size, size); returns logits (n, 1)."""
        return self.layers(image)
