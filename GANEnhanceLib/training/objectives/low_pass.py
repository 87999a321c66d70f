"""How far two images are apart in what changes slowly: the contrast that a denoiser has to leave alone."""

from __future__ import annotations

import torch
from torch.nn.functional import avg_pool2d


def low_pass_difference(output: torch.Tensor, given: torch.Tensor, edge: int) -> torch.Tensor:
    """Return the mean absolute difference of the local means of two images, a scalar.

    Noise of standard deviation s that is left alone counts 0 and noise that is removed about 0.8 s / edge, a
    changed shading or contrast in full.

    Args:
        output, given: (n, 1, h, w), same scale.
        edge: of the box that means are taken in, pixels; odd. At the borders the part inside counts.
    """
    return avg_pool2d(output - given, edge, 1, edge // 2, count_include_pad=False).abs().mean()
