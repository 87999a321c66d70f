"""What generator and discriminator are asked to minimise."""

from __future__ import annotations

import torch
from torch.nn import functional


def charbonnier(image: torch.Tensor, target: torch.Tensor, epsilon: float = 1e-3) -> torch.Tensor:
    """Mean of sqrt(difference^2 + epsilon^2), a smooth L1 (Charbonnier et al., ICIP 1994).

    Args:
        image, target: same shape, scaled intensities.
        epsilon: in the same scale; below it the loss is quadratic.
    """
    return torch.sqrt((image - target).square() + epsilon**2).mean()


def least_squares_discriminator(real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
    """Pull the discriminator to 1 on real and 0 on fake (least squares; Mao et al., LSGAN, ICCV 2017)."""
    return 0.5 * (
        functional.mse_loss(real, torch.ones_like(real)) + functional.mse_loss(fake, torch.zeros_like(fake))
    )


def least_squares_generator(fake: torch.Tensor) -> torch.Tensor:
    """Pull the discriminator's map of the fake to 1 (least squares; Mao et al., LSGAN, ICCV 2017)."""
    return functional.mse_loss(fake, torch.ones_like(fake))
