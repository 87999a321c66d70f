"""A small network that looks at images as a perceptual distance needs it; trained by this project.

It learned, from public MR and CT images, to tell how an image was degraded and where it comes from
(`GANEnhanceLib.training.feature_training`). Its features serve the perceptual term of the training and the
distance between sets of images. Its weights are part of the library; nothing is ever downloaded.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import torch
from torch import nn

LEVELS = (16, 32, 48, 64)
"""Feature maps of each level."""
WEIGHTS = Path(__file__).with_name("features.safetensors")
SMALLEST = 16
"""Least height and width of an image."""


class FeatureNetwork(nn.Module):
    """Four levels of two 3x3 convolutions, each level at half the resolution of the one before."""

    def __init__(self) -> None:
        """Build the network with random weights; `load_features` returns the trained one."""
        super().__init__()
        pairs = zip((1, *LEVELS), LEVELS, strict=False)
        self.levels = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(one, other, 3, padding=1, padding_mode="reflect"),
                nn.LeakyReLU(0.2),
                nn.Conv2d(other, other, 3, padding=1, padding_mode="reflect"),
                nn.LeakyReLU(0.2),
            )
            for one, other in pairs
        )
        for number, width in enumerate(LEVELS):
            self.register_buffer(f"spread_{number}", torch.ones(width))

    def forward(self, images: torch.Tensor) -> list[torch.Tensor]:
        """Return the features of each level, (n, c, h / 2^level, w / 2^level).

        They are divided by their standard deviation over the images of the training, so that all count alike.

        Args:
            images: (n, 1, h, w) in scaled intensity of about 0 to 1, h and w from 16.
        """
        found = []
        features = 2.0 * images - 1.0
        for number, level in enumerate(self.levels):
            if number:
                features = nn.functional.avg_pool2d(features, 2)
            features = level(features)
            found.append(features / getattr(self, f"spread_{number}").view(1, -1, 1, 1))
        return found

    def distance(self, image: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return the mean squared difference of the features of two batches (n, 1, h, w), (n,).

        Each level counts alike; equal images have the distance 0. The gradient flows into both.
        """
        levels = zip(self(image), self(other), strict=True)
        return torch.stack([(one - two).square().flatten(1).mean(dim=1) for one, two in levels]).mean(dim=0)

    def statistics(self, images: torch.Tensor) -> torch.Tensor:
        """Return mean and standard deviation of every feature over each image, (n, 2 * sum of `LEVELS`)."""
        return pool(self(images))


def pool(features: list[torch.Tensor]) -> torch.Tensor:
    """Return the means, then the standard deviations, of features (n, c, h, w) of several levels."""
    means = [each.mean(dim=(2, 3)) for each in features]
    centered = zip(features, means, strict=True)
    variances = [(each - mean[:, :, None, None]).square().mean(dim=(2, 3)) for each, mean in centered]
    return torch.cat([*means, *((variance + 1e-6).sqrt() for variance in variances)], dim=1)


def load_features(path: Path = WEIGHTS) -> FeatureNetwork:
    """Return the trained network, frozen, float32, on the CPU; a new one at each call.

    Raises:
        ModelError: the weights are missing or damaged: the library is not installed whole.
    """
    from GANEnhanceLib.errors import ModelError

    network = FeatureNetwork()
    try:
        network.load_state_dict({name: each.float() for name, each in _read(path).items()})
    except (OSError, RuntimeError) as error:
        raise ModelError(
            f"The weights of the feature network, {path.name}, cannot be read"
            f" ({str(error).splitlines()[0]}).",
            "Install GANEnhanceLib again.",
        ) from error
    return network.requires_grad_(False).eval()


@cache
def _read(path: Path) -> dict[str, torch.Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        return load(path.read_bytes())
    except SafetensorError as error:
        raise RuntimeError(str(error)) from error
