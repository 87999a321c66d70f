"""What a network costs and how far it looks: parameters, operations a voxel, receptive field."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import nn

from GANEnhanceLib.networks.doubt import WithDoubt

_REDUCING = (nn.Conv2d, nn.Conv3d, nn.MaxPool2d, nn.MaxPool3d, nn.AvgPool2d, nn.AvgPool3d)
_TRANSPOSED = (nn.ConvTranspose2d, nn.ConvTranspose3d)


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


def multiple_of(module: nn.Module) -> int:
    """Return the number whose multiples a generator's spatial sizes must be, or its blocks begin at.

    It is the product of all strides, poolings and foldings on the way down, so networks whose layers lie one
    after another in `modules()` are understood; those that pad by themselves give the same number, since a
    block that begins elsewhere would be pooled over other voxels. An estimator of doubt beside a generator
    takes any size.
    """
    module = module.generator if isinstance(module, WithDoubt) else module
    product = 1
    for layer in module.modules():
        if isinstance(layer, nn.PixelUnshuffle):
            product *= layer.downscale_factor
        elif isinstance(layer, _REDUCING) and not isinstance(layer, _TRANSPOSED):
            stride = layer.stride
            product *= stride[0] if isinstance(stride, tuple) else stride
    return product


def reach_of(module: nn.Module, channels_in: int, dimensions: int) -> int:
    """Return the receptive field (radius in voxels) of a generator, whatever its weights are.

    A copy with random weights is looked at: those of an untrained generator may hide what it can see. The
    test image is enlarged until it holds the field, up to 256 voxels a side (64 in 3-D).
    """
    network = copy.deepcopy(module).cpu().eval()
    size, largest = (64, 256) if dimensions == 2 else (32, 64)
    with torch.random.fork_rng([]), torch.enable_grad():
        torch.manual_seed(0)
        for parameter in network.parameters():
            nn.init.normal_(parameter, 0.0, 0.1)
        while True:
            reach = _receptive_field(network, channels_in, dimensions, size)
            if reach < size // 2 - 1 or size >= largest:
                return reach
            size *= 2


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
