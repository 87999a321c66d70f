"""What a network costs and how far it looks: parameters, operations a voxel, receptive field."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class NetworkDescription:
    """Parameters (count), FLOP a voxel (one multiply-add is 2), receptive field (radius in voxels)."""

    parameters: int
    flops_per_voxel: float
    receptive_field: int


def describe(module: nn.Module, channels_in: int, dimensions: int = 2, size: int = 128) -> NetworkDescription:
    """Measure a generator on an empty image.

    Convolutions are counted by hooks, one multiply-add as two operations; the receptive field is found from
    the gradient of the centre voxel.

    Args:
        module: takes (1, channels_in, size, ...) and returns (1, 1, size, ...).
        channels_in: input channels.
        dimensions: 2 or 3.
        size: edge of the test image in voxels; must exceed twice the receptive field.
    """
    flops = _count_flops(module, channels_in, dimensions, size)
    return NetworkDescription(
        parameters=sum(parameter.numel() for parameter in module.parameters()),
        flops_per_voxel=flops / size**dimensions,
        receptive_field=_receptive_field(module, channels_in, dimensions, size),
    )


def _count_flops(module: nn.Module, channels_in: int, dimensions: int, size: int) -> int:
    counted = 0

    def count(layer, _inputs, output) -> None:
        nonlocal counted
        counted += 2 * output.numel() * layer.weight[0].numel()

    hooks = [
        layer.register_forward_hook(count)
        for layer in module.modules()
        if isinstance(layer, nn.Conv2d | nn.Conv3d)
    ]
    try:
        with torch.inference_mode():
            module(torch.zeros(1, channels_in, *[size] * dimensions))
    finally:
        for hook in hooks:
            hook.remove()
    return counted


def _receptive_field(module: nn.Module, channels_in: int, dimensions: int, size: int) -> int:
    image = torch.rand(1, channels_in, *[size] * dimensions, dtype=torch.float64, requires_grad=True)
    double = module.double()
    centre = (0, 0, *[size // 2] * dimensions)
    double(image)[centre].backward()
    module.float()
    reach = image.grad[0].abs().amax(0).nonzero() - size // 2
    return int(reach.abs().max()) if len(reach) else 0
