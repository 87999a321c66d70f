"""Batch normalization over the batch of all processes.

PyTorch's own SyncBatchNorm computes on GPUs only and has no second derivative, which gradient penalties need.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from GANEnhanceLib.training.steps.context import SumOfProcesses

_KINDS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


class SharedBatchNorm(_BatchNorm):
    """Normalizes (n, c, ...) by mean and variance over the equal shares of all processes.

    In evaluation it is the batch normalization that it was made of.
    """

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return the normalized images, in their type."""
        if not self.training:
            return super().forward(images)
        world = torch.distributed.get_world_size()
        axes = [axis for axis in range(images.ndim) if axis != 1]
        shape = [1, -1, *[1] * (images.ndim - 2)]
        values = images.float()
        mean = SumOfProcesses.apply(values.mean(dim=axes)) / world
        centered = values - mean.view(shape)
        variance = SumOfProcesses.apply(centered.square().mean(dim=axes)) / world
        self._follow(mean.detach(), variance.detach(), world * values.numel() // values.shape[1])
        normed = centered * torch.rsqrt(variance + self.eps).view(shape)
        if self.affine:
            normed = normed * self.weight.view(shape) + self.bias.view(shape)
        return normed.to(images.dtype)

    def _follow(self, mean: torch.Tensor, variance: torch.Tensor, count: int) -> None:
        if self.running_mean is None:
            return
        self.num_batches_tracked += 1
        share = self.momentum if self.momentum is not None else 1.0 / float(self.num_batches_tracked)
        self.running_mean.lerp_(mean, share)
        self.running_var.lerp_(variance * count / max(1, count - 1), share)

    def _check_input_dim(self, images: torch.Tensor) -> None:
        pass


def share_norms(network: nn.Module) -> None:
    """Let all batch normalizations of a network look at the batch of all processes; its state stays as is."""
    for module in network.modules():
        if isinstance(module, _KINDS):
            module.__class__ = SharedBatchNorm
