"""Judges generators that make images from noise: by the statistics of features of their images."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from GANEnhanceLib.metrics import feature_distance
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.data.imitated import RealSampler
from GANEnhanceLib.training.data.volumes import HeldOutVolume, TrainingVolume
from GANEnhanceLib.training.validation.features import image_features
from GANEnhanceLib.training.validation.judge import describe_metrics, higher_is_better

_IMAGES = 128
_AT_ONCE = 32
_SEED = 20


class ImitationJudge:
    """Judges by the Frechet distance of feature statistics between samples and real images.

    "real_feature-distance" is that of two sets of real images: nothing can be expected to come below it.

    Args:
        config: of the run.
        volumes: images held out; without any, those that are learned from are imitated.
        sampler: draws what is learned from; is left as it was.
    """

    def __init__(self, config: RunConfig, volumes: list[HeldOutVolume], sampler: RealSampler) -> None:
        """Draw the real images; see the class for the arguments."""
        self.held_out = bool(volumes)
        one, other = np.split(_draw(config, volumes, sampler), 2)
        self._real = image_features(one)
        self._floor = feature_distance(image_features(other), self._real)

    def higher_is_better(self, name: str) -> bool:
        """Return whether more of a figure is better."""
        return higher_is_better(name)

    def judge(self, generator: nn.Module) -> dict[str, float]:
        """Return "feature-distance" of images that the generator makes of always the same noise."""
        generator = generator.eval()
        device = next(generator.parameters()).device
        latent = fixed_latents(generator, _IMAGES).to(device)
        with torch.inference_mode():
            parts = [generator(part).float().cpu()[:, 0] for part in latent.split(_AT_ONCE)]
        distance = feature_distance(image_features(torch.cat(parts)), self._real)
        return {"feature-distance": distance, "real_feature-distance": self._floor}

    def describe(self) -> dict[str, Any]:
        """Return what is judged, for `validation.json` of the run's folder."""
        images = "held out" if self.held_out else "learned from"
        return {"metrics": describe_metrics(("feature-distance",)), "images": _IMAGES, "real_images": images}


def fixed_latents(generator: nn.Module, count: int) -> torch.Tensor:
    """Return always the same inputs of a generator: normal noise, and codes where it has them."""
    random = torch.Generator().manual_seed(_SEED)
    parts = [torch.randn(count, generator.latent_size, generator=random)]
    categories, continuous = (int(getattr(generator, name, 0)) for name in ("categories", "continuous"))
    if categories:
        chosen = torch.randint(categories, (count,), generator=random)
        parts.append(functional.one_hot(chosen, categories).float())
    if continuous:
        parts.append(2.0 * torch.rand(count, continuous, generator=random) - 1.0)
    return torch.cat(parts, dim=1)


def _draw(config: RunConfig, volumes: list[HeldOutVolume], sampler: RealSampler) -> np.ndarray:
    """Return twice as many real images (n, h, w) as are compared."""
    if volumes:
        held = [
            TrainingVolume(
                each.target.voxels, each.modality, each.scaling, each.target.acquisition_axis, each.patient
            )
            for each in volumes
        ]
        sampler = RealSampler(held, config.data.patches, _SEED)
    place = sampler.state()
    images: list[np.ndarray] = []
    while len(images) < 2 * _IMAGES:
        images.extend(next(sampler)["real"][:, 0])
    sampler.restore(place)
    return np.stack(images[: 2 * _IMAGES])
