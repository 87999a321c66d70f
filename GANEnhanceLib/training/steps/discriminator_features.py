"""Logits of a discriminator, whatever it hands out, and the features that its layers find on the way."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn

_LAYERS = (nn.Conv2d, nn.Conv3d, nn.Linear)


class Judged(NamedTuple):
    """What a discriminator says of images."""

    logits: torch.Tensor
    """Float32."""
    features: list[torch.Tensor]
    """Outputs of its convolutions and linear layers but the last of each scale, (n, ...) each."""


def judge_with_features(network: nn.Module, images: torch.Tensor) -> Judged:
    """Return the logits of a discriminator for images (n, c, ...), and its features."""
    found: list[torch.Tensor] = []
    layers = [each for each in network.modules() if isinstance(each, _LAYERS)]
    hooks = [each.register_forward_hook(lambda _layer, _given, out: found.append(out)) for each in layers]
    try:
        logits = logits_of(network(images))
    finally:
        for hook in hooks:
            hook.remove()
    # The last layer of a scale has one channel: its logits.
    return Judged(logits, [each.float() for each in found if each.shape[1] > 1])


def logits_of(output: object) -> torch.Tensor:
    """Return the logits of a discriminator, which may hand out its features before them; float32.

    MONAI's discriminators return lists of features whose last is the map of logits; multi-scale ones a list
    of such lists, whose logits are put side by side.
    """
    if isinstance(output, torch.Tensor):
        return output.float()
    last = output[-1]
    if isinstance(last, (list, tuple)):
        return torch.cat([logits_of(each).flatten(1) for each in output], dim=1)
    if isinstance(output, tuple) and isinstance(output[0], (list, tuple)):
        return torch.cat([logits_of(each).flatten(1) for each in output[0]], dim=1)
    return last.float()
