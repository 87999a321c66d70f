"""A generator with a small companion that says how far it may be wrong, voxel by voxel, in the same pass.

The companion looks at what the generator was given and at what it made of it, and predicts the 90 % quantile
of |output - truth|: a quantile regression (Koenker and Bassett, Econometrica 1978) behind a generator that
stays as it is. It needs no second pass and no set of networks.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from GANEnhanceLib.networks import build_network

QUANTILE = 0.9
"""Share of voxels whose true error lies below what is predicted."""
WITH_DOUBT = "with-doubt"
"""Name of `WithDoubt` in the registry."""
_SMALLEST = 3e-4
_DILATIONS = (1, 2, 4)
_WINDOW = 9
"""Edge, in voxels, of the window in which the level of the noise is taken."""


class DoubtEstimator(nn.Module):
    """Predicts how large the error of a generator's output may be.

    It is given the output, the inputs minus the output, and three logarithms: of what was removed, and of
    input and output minus their own means over 3 voxels. Their local means tell the levels of noise and
    detail, to which the layers, all but the last at half resolution, add a correction. No layer normalizes,
    so a tile gives what the whole image gives.

    Args:
        channels_in: channels of the generator's input.
        dimensions: 2 or 3.
        channels: feature maps at half resolution.

    Attributes:
        factor: (1,), multiplies what is predicted; set by the calibration, 1 before.
        reach: radius in voxels of what one value depends on, beyond the output it is given.
    """

    def __init__(self, channels_in: int = 5, dimensions: int = 2, channels: int = 16) -> None:
        """Build the network; see the class for the arguments. ValueError for other `dimensions`."""
        super().__init__()
        if dimensions not in (2, 3):
            raise ValueError(f"dimensions is {dimensions}, allowed are 2 and 3")
        convolution = nn.Conv2d if dimensions == 2 else nn.Conv3d
        transposed = nn.ConvTranspose2d if dimensions == 2 else nn.ConvTranspose3d
        self.middle = channels_in // 2
        self.head = convolution(channels_in + 4, channels, 3, stride=2, padding=1)
        self.body = nn.ModuleList(
            convolution(channels, channels, 3, padding=step, dilation=step) for step in _DILATIONS
        )
        self.tail = transposed(channels, 1, 2, stride=2)
        self.smooth, self.level = _mean_over(3, dimensions), _mean_over(_WINDOW, dimensions)
        self.mix = convolution(3, 1, 1)
        nn.init.constant_(self.mix.weight, 1.0 / 3.0)
        nn.init.zeros_(self.mix.bias)
        self.reach = 2 * (sum(_DILATIONS) + 1)
        self.register_buffer("factor", torch.ones(1))

    def forward(self, image: torch.Tensor, output: torch.Tensor) -> torch.Tensor:
        """Predict the 90 % quantile of |output - truth|.

        Args:
            image: what the generator was given, (n, channels_in, h, w) or (n, 1, d, h, w), scaled.
            output: what it made of it, (n, 1, ...), scaled.

        Returns:
            (n, 1, ...), scaled units, above 0.
        """
        middle = image[:, self.middle : self.middle + 1]
        removed = image - output
        parts = torch.cat([middle - output, *(each - self.smooth(each) for each in (middle, output))], dim=1)
        amounts = torch.log(parts.abs() + _SMALLEST)
        features = torch.relu(self.head(torch.cat([output, removed, amounts], dim=1)))
        for layer in self.body:
            features = features + torch.relu(layer(features))
        correction = self.tail(features)[(..., *(slice(0, size) for size in image.shape[2:]))]
        doubt = self.mix(self.level(amounts)) + correction
        return nn.functional.softplus(doubt) * self.factor.reshape(1, *[1] * (doubt.ndim - 1))


def _mean_over(size: int, dimensions: int) -> nn.Module:
    """Return what takes the mean over a window, beyond the edge of the last voxel; of images of any size."""
    pad, pool = (
        (nn.ReplicationPad2d, nn.AvgPool2d) if dimensions == 2 else (nn.ReplicationPad3d, nn.AvgPool3d)
    )
    return nn.Sequential(pad(size // 2), pool(size, stride=1))


class WithDoubt(nn.Module):
    """A generator and its estimator as one network: channel 0 is the generator's own, channel 1 the doubt.

    Args:
        architecture: the generator's, a key of `NETWORKS`.
        arguments: the generator's own.
        channels_in: channels of its input.
        dimensions: 2 or 3.
        channels: feature maps of the estimator.
    """

    def __init__(
        self,
        architecture: str = "residual-unshuffle",
        arguments: dict[str, Any] | None = None,
        channels_in: int = 5,
        dimensions: int = 2,
        channels: int = 16,
    ) -> None:
        """Build both; see the class for the arguments. ModelError for a generator that cannot be built."""
        super().__init__()
        self.generator = build_network(architecture, **(arguments or {}))
        self.doubt = DoubtEstimator(channels_in, dimensions, channels)

    @classmethod
    def joining(cls, generator: nn.Module, estimator: DoubtEstimator) -> WithDoubt:
        """Return a generator and an estimator that are there already as one network."""
        joined = cls.__new__(cls)
        nn.Module.__init__(joined)
        joined.generator, joined.doubt = generator, estimator
        return joined

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Enhance and doubt: (n, channels_in, h, w) or (n, 1, d, h, w), scaled, to (n, 2, ...)."""
        output = self.generator(image)
        return torch.cat([output, self.doubt(image, output)], dim=1)


def arguments_of(
    architecture: str, arguments: dict[str, Any], channels_in: int, dimensions: int, channels: int
) -> dict[str, Any]:
    """Return the arguments of a `WithDoubt`, as a card holds them."""
    return {
        "architecture": architecture,
        "arguments": dict(arguments),
        "channels_in": channels_in,
        "dimensions": dimensions,
        "channels": channels,
    }


def join_states(generator: dict[str, Any], estimator: dict[str, Any]) -> dict[str, Any]:
    """Return the state dict of a `WithDoubt` from those of its parts."""
    parts = {"generator": generator, "doubt": estimator}
    return {f"{name}.{key}": each for name, state in parts.items() for key, each in state.items()}


def generator_state(state: dict[str, Any]) -> dict[str, Any]:
    """Return the generator's part of the state dict of a `WithDoubt`."""
    prefix = "generator."
    return {key.removeprefix(prefix): each for key, each in state.items() if key.startswith(prefix)}
