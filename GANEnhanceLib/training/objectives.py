"""What generator and discriminator are asked to minimise."""

from __future__ import annotations

import torch
from torch.nn import functional


def charbonnier(
    image: torch.Tensor, target: torch.Tensor, epsilon: float = 1e-3, weights: torch.Tensor | None = None
) -> torch.Tensor:
    """Mean of sqrt(difference^2 + epsilon^2), a smooth L1 (Charbonnier et al., ICIP 1994).

    Args:
        image, target: same shape, first axis the batch, scaled intensities.
        epsilon: in the same scale; below it the loss is quadratic.
        weights: of each image of the batch; equal when left out.
    """
    losses = torch.sqrt((image - target).square() + epsilon**2).flatten(1).mean(dim=1)
    return (losses if weights is None else losses * weights).mean()


def noise_weights(noisy: torch.Tensor, clean: torch.Tensor, balance: float) -> torch.Tensor:
    """Return for each image a weight that counts its error by its noise.

    Without it the noisiest patches rule the training, and what is lost of nearly clean images counts little.
    The weight is (3 % + balance) / (noise + balance), so that it is 1 at 3 % noise.

    Args:
        noisy, clean: (n, 1, h, w), scaled; the noise is the root of their mean squared difference.
        balance: noise, in the same scale, at and below which the weight hardly grows.
    """
    noise = (noisy - clean).square().flatten(1).mean(dim=1).sqrt()
    return (0.03 + balance) / (noise + balance)


def least_squares_discriminator(real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
    """Pull the discriminator to 1 on real and 0 on fake (least squares; Mao et al., LSGAN, ICCV 2017)."""
    return 0.5 * (
        functional.mse_loss(real, torch.ones_like(real)) + functional.mse_loss(fake, torch.zeros_like(fake))
    )


def least_squares_generator(fake: torch.Tensor) -> torch.Tensor:
    """Pull the discriminator's map of the fake to 1 (least squares; Mao et al., LSGAN, ICCV 2017)."""
    return functional.mse_loss(fake, torch.ones_like(fake))
