"""Terms that compare what networks find in images: a discriminator's layers, or the small feature network."""

from __future__ import annotations

import torch


def feature_matching(output: list[torch.Tensor], target: list[torch.Tensor]) -> torch.Tensor:
    """Return the mean absolute difference of a discriminator's features (Wang et al., CVPR 2018, eq. 4).

    Args:
        output, target: (n, ...) of each layer; no gradient flows back into those of the target.

    Returns:
        (n,): the mean over the layers, each of which counts alike, whatever its size.
    """
    losses = [
        (one - other.detach()).abs().flatten(1).mean(dim=1) for one, other in zip(output, target, strict=True)
    ]
    return torch.stack(losses).mean(dim=0)


class Perceptual:
    """The distance of the project's own small feature network (`networks.features`); nothing is downloaded.

    Args:
        device: to compute on.
    """

    def __init__(self, device: torch.device | None = None) -> None:
        """Load the network."""
        from GANEnhanceLib.networks.features import load_features

        self.network = load_features().to(device or torch.device("cpu"))

    def __call__(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Return the distance of each image (n,); of blocks (n, 1, d, h, w) the mean over their slices."""
        count = len(output)
        if output.ndim == 5:
            output, target = (each.transpose(1, 2).flatten(0, 1) for each in (output, target))
        return self.network.distance(output, target).view(count, -1).mean(dim=1)
