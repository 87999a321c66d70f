"""Runs a network that takes several registered images at once, which the engine's one volume cannot be."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from GANEnhanceLib.networks.describe import multiple_of
from GANEnhanceLib.training.config.data import PatchConfig
from GANEnhanceLib.training.validation.cases import Case

_DEEP_MARGIN = 8


def run_fused(generator: nn.Module, case: Case, patches: PatchConfig) -> np.ndarray:
    """Return the enhanced voxels (k, j, i) of a case's box in value units of its input, float32.

    Slices are run whole, with their neighbors as the sampler orders them; 3-D networks see blocks of
    `patches.depth` slices with a margin. Beyond the end the last voxel is repeated.
    """
    return case.scaling.inverse(run_channels(generator, case, patches)[0])


def run_channels(network: nn.Module, case: Case, patches: PatchConfig) -> np.ndarray:
    """Return what a network says of a case's box, (channels, k, j, i) in scaled units; see `run_fused`."""
    volumes = case.channels or (case.given,)
    scalings = case.channel_scalings or (case.scaling,)
    channels = np.stack(
        [
            np.moveaxis(scaling.forward(volume.voxels), case.axis, 0)
            for volume, scaling in zip(volumes, scalings, strict=True)
        ]
    )
    rows = range(case.box[case.axis].start, case.box[case.axis].stop)
    if patches.dimensions == "3d":
        planes = _run_blocks(network, channels, rows, patches.depth)
    else:
        reach = patches.slices // 2 if patches.dimensions == "2.5d" else 0
        planes = np.stack([_run_stack(network, channels, row, reach) for row in rows], axis=1)
    return np.moveaxis(planes, 1, case.axis + 1)


def _run_stack(generator: nn.Module, channels: np.ndarray, row: int, reach: int) -> np.ndarray:
    places = np.clip(np.arange(row - reach, row + reach + 1), 0, channels.shape[1] - 1)
    stack = channels[:, places].swapaxes(0, 1).reshape(-1, *channels.shape[2:])
    return run_padded(generator, stack)


def _run_blocks(generator: nn.Module, channels: np.ndarray, rows: range, depth: int) -> np.ndarray:
    parts = []
    for first in range(rows.start, rows.stop, depth):
        last = min(first + depth, rows.stop)
        low, high = max(0, first - _DEEP_MARGIN), min(channels.shape[1], last + _DEEP_MARGIN)
        parts.append(run_padded(generator, channels[:, low:high])[:, first - low : last - low])
    return np.concatenate(parts, axis=1)


def run_padded(generator: nn.Module, image: np.ndarray) -> np.ndarray:
    """Return what a network makes of scaled (c, [d,] h, w), padded to its multiple, cut: (channels, ...)."""
    multiple = multiple_of(generator)
    sizes = image.shape[1:]
    padding = [(0, 0), *((0, -size % multiple) for size in sizes)]
    device = next(generator.parameters()).device
    block = torch.from_numpy(np.pad(image, padding, mode="edge").astype(np.float32)[None]).to(device)
    with torch.inference_mode():
        output = generator(block).float().cpu().numpy()[0]
    return output[(slice(None), *(slice(0, size) for size in sizes))]
