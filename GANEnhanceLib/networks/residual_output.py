"""A generator as a correction: what a network says is added to the middle channel of its input."""

from __future__ import annotations

import torch
from torch import nn


class ResidualOutput(nn.Module):
    """Wraps a network (n, c, ...) -> (n, 1, ...) so that it returns the middle channel plus what it says.

    An untrained or doubtful network then falls back on its input. Sizes that are no multiple of `multiple`
    are padded at the end by repeating the edge, and cut again.

    Args:
        network: predicts the residual.
        multiple: of the size that the network needs.
    """

    def __init__(self, network: nn.Module, multiple: int = 1) -> None:
        """Wrap a network; see the class for the arguments."""
        super().__init__()
        self.network, self.multiple = network, multiple

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Enhance the middle channel of (n, c, h, w) or (n, c, d, h, w); returns (n, 1, ...)."""
        sizes = image.shape[2:]
        missing = [-size % self.multiple for size in sizes]
        middle = image.shape[1] // 2
        padded = image
        if any(missing):
            padding = [each for count in reversed(missing) for each in (0, count)]
            padded = nn.functional.pad(image, padding, mode="replicate")
        residual = self.network(padded)[(..., *(slice(0, size) for size in sizes))]
        return image[:, middle : middle + 1] + residual
