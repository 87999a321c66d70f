"""The residual generator of the 2.5-D denoisers: few operations a voxel, no normalisation.

The slices are folded to half resolution (pixel-unshuffle), refined by residual blocks there and unfolded
again, so that most of the work is done on a quarter of the pixels. Instance and batch normalisation are left
out on purpose:
their statistics would make the result depend on the tile that is run.
"""

from __future__ import annotations

import torch
from torch import nn


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions with a ReLU between them, added to their input (Lim et al., EDSR, CVPRW 2017)."""

    def __init__(self, channels: int) -> None:
        """Make the block for `channels` feature maps."""
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return features of the same shape (n, channels, h, w)."""
        return features + self.second(torch.relu(self.first(features)))


class FoldedGenerator(nn.Module):
    """Folds neighboring slices to half resolution, refines them there, and corrects the center slice.

    The network predicts a residual that is added to the center slice, so that an untrained or doubtful
    network falls back on its input. Subclasses make their layers between `__init__` and `_make_tail`, and
    give `refine`: features (n, channels, h / 2, w / 2) to features of the same shape.

    Args:
        channels_in: odd number of neighboring slices given as channels.
        channels: feature maps at half resolution.
        mean_box: odd edge, in pixels, of a box whose mean, taken twice, is subtracted from the residual, so
            that local means stay those of the input (for values that mean something, as HU do); 0: none.
        mean_order: how often that is done: once lets an eighth of waves of five boxes through, twice a
            sixtieth.
        kept_box: as `mean_box`, once more where the network is used and not while it learns: what it learns
            behind, it makes up for, and the mean of small organs moves again.
    """

    def __init__(
        self, channels_in: int, channels: int, mean_box: int = 0, mean_order: int = 1, kept_box: int = 0
    ) -> None:
        """Make the first layers; see the class for the arguments. ValueError for even sizes."""
        super().__init__()
        if channels_in < 1 or channels_in % 2 == 0:
            raise ValueError(f"channels_in is {channels_in}, allowed are odd numbers from 1")
        for name, edge in (("mean_box", mean_box), ("kept_box", kept_box)):
            if edge and (edge < 3 or edge % 2 == 0):
                raise ValueError(f"{name} is {edge}, allowed are 0 and odd numbers from 3")
        if mean_order not in (1, 2):
            raise ValueError(f"mean_order is {mean_order}, allowed are 1 and 2")
        self.mean_order = mean_order
        self.center = channels_in // 2
        self.local_mean, self.kept_mean = _mean_twice(mean_box), _mean_twice(kept_box)
        self.fold = nn.PixelUnshuffle(2)
        self.head = nn.Conv2d(4 * channels_in, channels, 3, padding=1)

    def _make_tail(self, channels: int) -> None:
        # Last, also among the parameters: the adversarial weight is balanced at the last layer.
        self.tail = nn.Conv2d(channels, 4, 3, padding=1)
        self.unfold = nn.PixelShuffle(2)
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(self.tail.bias)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Enhance the center slice.

        Args:
            image: (n, channels_in, h, w), scaled to a nominal range of 0 to 1; h and w are multiples of 2,
                or of what `refine` needs.

        Returns:
            (n, 1, h, w), same scale.
        """
        features = self.head(self.fold(image))
        residual = self.unfold(self.tail(features + self.refine(features)))
        if self.local_mean is not None:
            for _ in range(self.mean_order):
                residual = residual - self.local_mean(residual)
        if self.kept_mean is not None and not self.training:
            residual = residual - self.kept_mean(residual)
        return image[:, self.center : self.center + 1] + residual


def _mean_twice(edge: int) -> nn.Module | None:
    if not edge:
        return None
    box = nn.AvgPool2d(edge, 1, edge // 2, count_include_pad=False)
    return nn.Sequential(box, box)


class UnshuffleResidualGenerator(FoldedGenerator):
    """Neighboring slices in, the enhanced center slice out: residual blocks at half resolution.

    Args:
        channels_in: odd number of neighboring slices given as channels.
        channels: feature maps at half resolution.
        blocks: residual blocks.
        mean_box, mean_order, kept_box: see `FoldedGenerator`.
    """

    def __init__(
        self,
        channels_in: int = 5,
        channels: int = 48,
        blocks: int = 10,
        mean_box: int = 0,
        mean_order: int = 1,
        kept_box: int = 0,
    ) -> None:
        """Build the network; see the class for the arguments. ValueError for even sizes."""
        super().__init__(channels_in, channels, mean_box, mean_order, kept_box)
        self.body = nn.Sequential(*(ResidualBlock(channels) for _ in range(blocks)))
        self._make_tail(channels)

    def refine(self, features: torch.Tensor) -> torch.Tensor:
        """Return what is added to the features, of the same shape."""
        return self.body(features)
