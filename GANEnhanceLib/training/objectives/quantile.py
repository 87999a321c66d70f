"""The loss whose minimum is a quantile (Koenker and Bassett, Econometrica 1978)."""

from __future__ import annotations

import torch

SMALLEST = 1e-5
"""Error, in scaled units, below which all count as equal."""


def pinball(value: torch.Tensor, predicted: torch.Tensor, quantile: float) -> torch.Tensor:
    """Return the mean pinball loss of predictions of a quantile.

    A value above its prediction costs `quantile` for each unit, one below it 1 - `quantile`.

    Args:
        value, predicted: of one shape.
        quantile: share of the values that shall lie below, 0 to 1.
    """
    above = value - predicted
    return torch.maximum(quantile * above, (quantile - 1.0) * above).mean()


def error_pinball(error: torch.Tensor, predicted: torch.Tensor, quantile: float) -> torch.Tensor:
    """Return the pinball loss of the logarithms of errors and of their predicted quantile.

    The quantile of a logarithm is the logarithm of the quantile, so the minimum is the same, but small errors
    count as much as large ones: images of little noise are not left to those of much.

    Args:
        error: 0 or more, scaled units.
        predicted: above 0, scaled units, of the same shape.
        quantile: see `pinball`.
    """
    return pinball(torch.log(error + SMALLEST), torch.log(predicted + SMALLEST), quantile)
