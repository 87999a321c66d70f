"""All networks of the registry with what each costs and sees, for whoever has to choose one."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from GANEnhanceLib.networks import NETWORKS, build_network

_SQUARE = (128, 128)
# The field is as wide as it is high, so a strip that holds its height is enough.
_STRIP = (256, 32)


@dataclass(frozen=True)
class NetworkFigures:
    """A network of the registry with its own defaults, on one image in 2-D.

    Attributes:
        name: a key of `NETWORKS`.
        parameters: their number.
        flops_per_voxel: operations a voxel of the image that comes in or out; a multiply-add is two.
        receptive_field: radius, in voxels, of what one value of the output sees; None for the whole image.
    """

    name: str
    parameters: int
    flops_per_voxel: float
    receptive_field: int | None


def list_networks() -> Iterator[NetworkFigures]:
    """Measure each network of the registry, by name."""
    with torch.random.fork_rng([]):
        torch.manual_seed(0)
        for name in sorted(NETWORKS):
            network = build_network(name).eval().requires_grad_(False)
            yield NetworkFigures(
                name=name,
                parameters=sum(parameter.numel() for parameter in network.parameters()),
                flops_per_voxel=_flops_per_voxel(network),
                receptive_field=_receptive_field(network),
            )


def _flops_per_voxel(network: nn.Module) -> float:
    given = _example(network, _SQUARE)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        found = _last(network(given))
    image = found if given.ndim == 2 else given
    return counter.get_total_flops() / image[0, 0].numel()


def _receptive_field(network: nn.Module) -> int | None:
    """Find the field from the gradient of one value of the output; random weights hide nothing of it."""
    if _example(network, _SQUARE).ndim == 2:
        return None
    for parameter in network.parameters():
        nn.init.normal_(parameter, 0.0, 0.1)
    image = _example(network, _STRIP).requires_grad_()
    found = _last(network(image))
    if found.ndim == 2:
        return None
    found[0, 0, found.shape[2] // 2, found.shape[3] // 2].backward()
    rows = image.grad[0].abs().amax(dim=(0, 2)).nonzero()
    first, last = int(rows.min()), int(rows.max())
    return (last - first + 1) // 2 if first > 0 and last < image.shape[2] - 1 else None


def _example(network: nn.Module, size: tuple[int, int]) -> torch.Tensor:
    """Return what the network takes: noise (1, latent_size) or an image (1, channels, h, w), of a size of its
    own or of `size`."""
    if hasattr(network, "latent_size"):
        return torch.rand(1, network.latent_size)
    wanted = {key: each.default for key, each in inspect.signature(type(network)).parameters.items()}
    if "size" in wanted:
        size = (wanted["size"], wanted["size"])
    return torch.rand(1, wanted.get("channels_in", 1), *size)


def _last(found: torch.Tensor | list) -> torch.Tensor:
    """Return the logits of a discriminator that gives its features too, of its coarsest scale."""
    while not isinstance(found, torch.Tensor):
        found = found[-1]
    return found
