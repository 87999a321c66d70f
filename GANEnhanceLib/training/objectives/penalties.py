"""Penalties on gradients, which keep a discriminator's slope bounded and a style space smooth."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

Judge = Callable[[torch.Tensor], torch.Tensor]


def gradient_penalty(
    judge: Judge, real: torch.Tensor, fake: torch.Tensor, shares: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the mean of (|gradient| - 1)^2 between real and fake (Gulrajani et al., NeurIPS 2017, eq. 3).

    The gradient of the sum of a sample's logits is taken at a random point of the line from a real to a fake
    image, and its norm over all voxels of that sample.

    Args:
        judge: the discriminator.
        real, fake: (n, ...), the same shape; no gradient flows back into them.
        shares: (n,), how much of each point is real; drawn when left out.
    """
    if shares is None:
        shares = torch.rand(real.shape[0], device=real.device, dtype=real.dtype)
    share = shares.view(-1, *[1] * (real.ndim - 1))
    between = (share * real.detach() + (1.0 - share) * fake.detach()).requires_grad_(True)
    (slope,) = torch.autograd.grad(judge(between).sum(), between, create_graph=True)
    return (slope.flatten(1).norm(dim=1) - 1.0).square().mean()


def r1_penalty(judge: Judge, real: torch.Tensor) -> torch.Tensor:
    """Return half the mean squared gradient at real images (Mescheder et al., ICML 2018, R1).

    Args:
        judge: the discriminator.
        real: (n, ...).
    """
    real = real.detach().requires_grad_(True)
    (slope,) = torch.autograd.grad(judge(real).sum(), real, create_graph=True)
    return 0.5 * slope.square().flatten(1).sum(dim=1).mean()


class PathLength:
    """Keeps a step in style space equally long in the image (Karras et al., StyleGAN2, CVPR 2020, eq. 4).

    Args:
        decay: of the running mean of the length.
        mean: averages the lengths, of all processes where there are several.
    """

    def __init__(
        self, decay: float = 0.01, mean: Callable[[torch.Tensor], torch.Tensor] = torch.mean
    ) -> None:
        """Begin without a mean."""
        self.decay, self.mean = decay, mean
        self.running = torch.zeros(())

    def __call__(
        self, images: torch.Tensor, styles: torch.Tensor, noise: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return the mean squared distance of the lengths from their running mean, which is updated.

        Args:
            images: (n, 1, h, w), made from `styles`, with their graph.
            styles: (n, layers, d) or (n, d), with gradient.
            noise: as `images`, normal; drawn when left out.
        """
        noise = torch.randn_like(images) if noise is None else noise
        noise = noise / math.sqrt(images.shape[-1] * images.shape[-2])
        (slope,) = torch.autograd.grad((images * noise).sum(), styles, create_graph=True)
        squares = slope.square().sum(dim=-1)
        lengths = (squares.mean(dim=1) if squares.ndim > 1 else squares).add(1e-12).sqrt()
        self.running = self.running.to(lengths.device)
        self.running = self.running + self.decay * (self.mean(lengths.detach()) - self.running)
        return (lengths - self.running).square().mean()


def clip_weights(network: torch.nn.Module, largest: float) -> None:
    """Cut all parameters of a critic to -largest ... largest (Arjovsky et al., WGAN, ICML 2017)."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.clamp_(-largest, largest)
