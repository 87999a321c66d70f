"""DCGAN (Radford et al., ICLR 2016), with InfoGAN's code head (Chen et al., NeurIPS 2016).

The generator upsamples by resizing instead of transposed convolutions, which leave a checkerboard.
"""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from GANEnhanceLib.networks.upsampling import Upsample

_SMALLEST = 4


class DCGANGenerator(nn.Module):
    """Noise to image, doubling the size from 4 on.

    Args:
        size: edge of the image, a power of 2 from 8.
        latent_size: of the noise.
        features: feature maps before the last layer, doubled towards the smaller sizes.
        categories, continuous: sizes of InfoGAN's code, which follows the noise.
        upsampling: "resize" or "shuffle".
    """

    def __init__(
        self,
        size: int = 32,
        latent_size: int = 64,
        features: int = 32,
        categories: int = 0,
        continuous: int = 0,
        upsampling: str = "resize",
    ) -> None:
        """Build the network; see the class for the arguments. ValueError for a size that is no power of 2."""
        super().__init__()
        levels = check_size(size)
        self.latent_size, self.categories, self.continuous = latent_size, categories, continuous
        width = features * 2 ** (levels - 1)
        self.first = nn.Linear(latent_size + categories + continuous, width * _SMALLEST**2)
        layers: list[nn.Module] = [nn.BatchNorm2d(width), nn.ReLU()]
        for _ in range(levels):
            narrower = max(features, width // 2)
            upsample = Upsample(width, narrower, upsampling, bias=False)
            layers += [upsample, nn.BatchNorm2d(narrower), nn.ReLU()]
            width = narrower
        self.layers = nn.Sequential(*layers, nn.Conv2d(width, 1, 3, padding=1), nn.Sigmoid())

    def forward(self, latent: torch.Tensor) -> torch.Tensor:
        """Return images (n, 1, size, size) of 0 to 1 for latents (n, latent_size + code)."""
        features = self.first(latent)
        return self.layers(features.view(len(latent), -1, _SMALLEST, _SMALLEST))


class DCGANDiscriminator(nn.Module):
    """Image to one logit, halving the size down to 4.

    Args:
        size: edge of the image, a power of 2 from 8.
        features: feature maps of the first layer, doubled by each further one.
        norm: "batch", "spectral" or "none"; a Wasserstein critic must not have batch normalization.
        categories, continuous: sizes of InfoGAN's code; `read_code` reads it.
        classes: labels for the projection discriminator (Miyato and Koyama, ICLR 2018); 0 without labels.
    """

    def __init__(
        self,
        size: int = 32,
        features: int = 32,
        norm: str = "batch",
        categories: int = 0,
        continuous: int = 0,
        classes: int = 0,
    ) -> None:
        """Build the network; see the class for the arguments. ValueError for an unknown norm."""
        super().__init__()
        levels = check_size(size)
        if norm not in ("batch", "spectral", "none"):
            raise ValueError(f"norm is '{norm}', allowed are batch, spectral, none")
        self.categories = categories
        wrap = spectral_norm if norm == "spectral" else (lambda layer: layer)
        layers: list[nn.Module] = []
        width = 1
        for level in range(levels):
            wider = features * 2**level
            normed = norm == "batch" and level > 0
            # Normalization would take the bias out again, and its gradient would be rounding alone.
            layers.append(wrap(nn.Conv2d(width, wider, 4, stride=2, padding=1, bias=not normed)))
            if normed:
                layers.append(nn.BatchNorm2d(wider))
            layers.append(nn.LeakyReLU(0.2))
            width = wider
        self.layers = nn.Sequential(*layers, nn.Flatten())
        self.logit = wrap(nn.Linear(width * _SMALLEST**2, 1))
        code = categories + continuous
        self.code = nn.Linear(width * _SMALLEST**2, code) if code else None
        self.labels = wrap(nn.Embedding(classes, width * _SMALLEST**2)) if classes else None

    def forward(self, image: torch.Tensor, label: torch.Tensor | None = None) -> torch.Tensor:
        """Judge (n, 1, size, size), with labels (n,) where the network has classes; returns logits (n, 1)."""
        features = self.layers(image)
        logit = self.logit(features)
        if self.labels is not None and label is not None:
            logit = logit + (self.labels(label) * features).sum(dim=1, keepdim=True)
        return logit

    def read_code(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return logits of the categories (n, categories) and means of the continuous codes (n, continuous).

        Raises:
            ValueError: the network was made without a code.
        """
        if self.code is None:
            raise ValueError("the discriminator has no code; give categories or continuous")
        read = self.code(self.layers(image))
        return read[:, : self.categories], read[:, self.categories :]


def check_size(size: int) -> int:
    """Return how often 4 is doubled to reach `size`; ValueError for a size that is no power of 2 from 8."""
    levels = int(math.log2(size // _SMALLEST)) if size >= 2 * _SMALLEST else 0
    if _SMALLEST * 2**levels != size or levels < 1:
        raise ValueError(f"size is {size}, allowed are 8, 16, 32, 64, 128 ...")
    return levels
