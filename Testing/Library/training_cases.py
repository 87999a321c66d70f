"""Small volumes, configurations and samplers that the tests of the training share."""

import numpy as np
import yaml

from GANEnhanceLib.training.config import parse_config
from GANEnhanceLib.training.data.degraded import make_degradation
from GANEnhanceLib.training.data.sampler import CleanSampler
from GANEnhanceLib.training.data.volumes import TrainingVolume
from GANEnhanceLib.volume import Volume

TINY = {"channels_in": 5, "channels": 8, "blocks": 1}


def phantom(shape=(24, 48, 40)) -> np.ndarray:
    """Return nested ellipsoids of four tissues under a shading, uint8."""
    k, j, i = np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij")
    radius = np.sqrt(k**2 + (1.1 * j) ** 2 + (1.3 * i) ** 2)
    tissue = np.select([radius < 0.3, radius < 0.55, radius < 0.8, radius < 0.95], [60, 200, 120, 230])
    return (tissue * (1.0 - 0.1 * i)).clip(0, 255).astype(np.uint8)


def values(steps=(20, 10), **changes) -> dict:
    """Return the plain values of a small configuration: a fidelity and a perceptual stage."""
    noise = {"kind": "mr-noise", "percent_low": 0.3, "percent_high": 13.0}
    rates = {"betas": [0.9, 0.999], "plan": "cosine"}
    return {
        "name": "tiny",
        "modality": "MR",
        "device": "cpu",
        "precision": "float32",
        "data": {
            "kind": "clean",
            "clean": [{"sources": ["colin27"]}],
            "patches": {"dimensions": "2.5d", "slices": 5, "size": 16, "batch": 4, "contrasts": 0.7},
        },
        "degradations": [noise],
        "networks": {
            "generator": {"architecture": "residual-unshuffle", "arguments": TINY},
            "discriminator": {"architecture": "patch-discriminator", "arguments": {"channels": 8}},
        },
        "stages": [
            {
                "name": "fidelity",
                "step": "paired",
                "steps": steps[0],
                "generator": {"learning_rate": 3e-3, "warm_up": 5, **rates},
                "ema": 0.9,
            },
            {
                "name": "perceptual",
                "step": "paired",
                "steps": steps[1],
                "generator": {"learning_rate": 1e-4, "warm_up": 5, **rates},
                "discriminator": {"learning_rate": 2e-3, "betas": [0.5, 0.9]},
                "adversarial": {"weight": 0.5, "adaptive": True, "penalty": 0.0},
                "ema": 0.9,
            },
        ],
        "checkpoints": {"every": 5},
        "logging": {"every": 5, "pictures_every": 20, "tensorboard": False},
        "validation": {"every": 50},
        **changes,
    }


def config(*arguments, **changes):
    """Return the checked configuration of `values`."""
    return parse_config(yaml.safe_dump(values(*arguments, **changes)))


def sampler(settings, seed=1) -> CleanSampler:
    """Return a sampler of the phantom."""
    scaling = settings.scaling.model_dump(exclude_none=True)
    volume = TrainingVolume.from_volume(Volume(phantom(), np.eye(4), "MR", "phantom"), scaling)
    degradations = [make_degradation(each) for each in settings.degradations]
    return CleanSampler([volume], settings.data.patches, degradations, seed)
