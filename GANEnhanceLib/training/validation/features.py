"""Statistics of features by the library's own small network, to compare sets of images by."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch

from GANEnhanceLib.networks.features import SMALLEST, FeatureNetwork, load_features

_AT_ONCE = 32


def image_features(images: np.ndarray | torch.Tensor, clamped: bool = True) -> np.ndarray:
    """Return the statistics (n, d) of images; smaller ones than 16 are enlarged.

    Args:
        images: (n, h, w), scaled.
        clamped: cut values to 0 to 1, as a screen does; False lets values beyond count, as those of an
            untrained generator.
    """
    network = _network()
    images = torch.as_tensor(np.ascontiguousarray(images), dtype=torch.float32)[:, None]
    if clamped:
        images = images.clamp(0.0, 1.0)
    smallest = min(images.shape[2:])
    if smallest < SMALLEST:
        images = torch.nn.functional.interpolate(images, scale_factor=-(-SMALLEST // smallest))
    with torch.inference_mode():
        return np.concatenate([network.statistics(part).numpy() for part in images.split(_AT_ONCE)])


@cache
def _network() -> FeatureNetwork:
    return load_features()
