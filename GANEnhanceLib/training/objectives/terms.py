"""Terms of the generator's loss that compare its output with a target.

Images are (n, 1, h, w) or (n, 1, d, h, w) in scaled intensity, of about 0 to 1. Each term returns one value
for each image of the batch, (n,), so that images can be weighted.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.nn import functional

from GANEnhanceLib.errors import OptionError

Compare = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def l1(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return the mean absolute difference."""
    return (output - target).abs().flatten(1).mean(dim=1)


def mse(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return the mean squared difference."""
    return (output - target).square().flatten(1).mean(dim=1)


def charbonnier(output: torch.Tensor, target: torch.Tensor, epsilon: float = 1e-3) -> torch.Tensor:
    """Return the mean of sqrt(difference^2 + epsilon^2), a smooth L1 (Charbonnier et al., ICIP 1994)."""
    return torch.sqrt((output - target).square() + epsilon**2).flatten(1).mean(dim=1)


def gradient(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return the mean absolute difference of the forward differences along each axis of the image.

    (Mathieu et al., ICLR 2016, gradient difference loss, with exponent 1 and signs kept.)
    """
    losses = [
        (torch.diff(output, dim=axis) - torch.diff(target, dim=axis)).abs().flatten(1).mean(dim=1)
        for axis in range(2, output.ndim)
        if output.shape[axis] > 1
    ]
    return sum(losses) / max(1, len(losses))


def frequency(output: torch.Tensor, target: torch.Tensor, exponent: float = 1.0) -> torch.Tensor:
    """Return the focal frequency loss (Jiang et al., ICCV 2021, eq. 8).

    The squared distance of the orthonormal spectra, each frequency weighted by its distance to the power of
    `exponent`, the weights of an image scaled to at most 1 and without gradient.
    """
    axes = tuple(range(2, output.ndim))
    distance = torch.fft.fftn(output.float() - target.float(), dim=axes, norm="ortho").abs()
    weight = distance.detach() ** exponent
    weight = weight / weight.flatten(1).amax(dim=1).clamp_min(1e-12).view(-1, *[1] * (weight.ndim - 1))
    return (weight * distance.square()).flatten(1).mean(dim=1)


def ssim(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return 1 - SSIM with a Gaussian window of 1.5 voxels and a data range of 1 (Wang et al., 2004)."""
    axes = output.ndim - 2
    window = _gaussian(output)
    mean_o, mean_t = _blur(output, window, axes), _blur(target, window, axes)
    var_o = _blur(output * output, window, axes) - mean_o.square()
    var_t = _blur(target * target, window, axes) - mean_t.square()
    covariance = _blur(output * target, window, axes) - mean_o * mean_t
    c1, c2 = 0.01**2, 0.03**2
    similarity = ((2 * mean_o * mean_t + c1) * (2 * covariance + c2)) / (
        (mean_o.square() + mean_t.square() + c1) * (var_o + var_t + c2)
    )
    return 1.0 - similarity.flatten(1).mean(dim=1)


def _gaussian(like: torch.Tensor) -> torch.Tensor:
    offsets = torch.arange(-5, 6, device=like.device, dtype=like.dtype)
    return torch.exp(-offsets.square() / (2 * 1.5**2))


def _blur(images: torch.Tensor, window: torch.Tensor, axes: int) -> torch.Tensor:
    convolve = functional.conv2d if axes == 2 else functional.conv3d
    for axis in range(2, axes + 2):
        # A patch may be thinner than the window.
        cut = max(0, (len(window) - images.shape[axis] + 1) // 2)
        part = window[cut : len(window) - cut]
        shape = [1] * (axes + 2)
        shape[axis] = len(part)
        images = convolve(images, (part / part.sum()).view(shape))
    return images


COMPARE: dict[str, Compare] = {
    "l1": l1,
    "mse": mse,
    "charbonnier": charbonnier,
    "gradient": gradient,
    "frequency": frequency,
    "ssim": ssim,
}


def compare_by(name: str) -> Compare:
    """Return the function of a term that needs nothing but the two images.

    Raises:
        OptionError: unknown name.
    """
    if name not in COMPARE:
        raise OptionError(f"The term is '{name}', but must be one of: {', '.join(COMPARE)}.")
    return COMPARE[name]


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
