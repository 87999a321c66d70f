"""Small volumes, configurations and samplers that the tests of the training share."""

import numpy as np
import yaml

from GANEnhanceLib.intensity import fit_scaling
from GANEnhanceLib.training.config import parse_config
from GANEnhanceLib.training.data.degraded import make_degradation
from GANEnhanceLib.training.data.imitated import RealSampler, UnpairedSampler
from GANEnhanceLib.training.data.sampler import CleanSampler
from GANEnhanceLib.training.data.volumes import HeldOutVolume, TrainingVolume
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


def held_out(settings, patient="phantom", group="clean", voxels=None) -> HeldOutVolume:
    """Return the phantom (or other voxels, k, j, i) as a volume that judges a run."""
    volume = Volume(phantom() if voxels is None else voxels, np.eye(4), "MR", patient)
    scaling = fit_scaling(settings.scaling.model_dump(exclude_none=True), volume.voxels)
    return HeldOutVolume(volume, {}, "", scaling, patient, "MR", f"{patient}.nii.gz", group)


GANS = {
    "paired": {
        "kind": "clean",
        "generator": ("residual-unshuffle", {"channels_in": 1, "channels": 8, "blocks": 1}),
        "discriminator": ("multi-scale-discriminator", {"channels": 8, "layers": 1, "scales": 2}),
        "stage": {
            "terms": [{"name": "l1"}, {"name": "feature-matching"}],
            "adversarial": {"adaptive": True, "penalty": 1.0, "penalty_every": 4},
            "noise_balance": 0.02,
        },
    },
    "cycle": {
        "kind": "unpaired",
        "generator": ("resnet", {"channels": 8, "blocks": 1}),
        "discriminator": ("patch-discriminator", {"channels": 8}),
        "stage": {"pool": 6, "adversarial": {"penalty": 0.0}},
    },
    "noise-transfer": {
        "kind": "unpaired",
        "generator": ("residual-unshuffle", {"channels_in": 1, "channels": 8, "blocks": 1}),
        "discriminator": ("patch-discriminator", {"channels": 8}),
        "stage": {"adversarial": {"penalty": 0.0}},
    },
    "latent": {
        "kind": "real",
        "generator": ("dcgan", {"size": 16, "features": 8, "categories": 3, "continuous": 1}),
        "discriminator": (
            "dcgan-discriminator",
            {"size": 16, "features": 8, "categories": 3, "continuous": 1},
        ),
        "stage": {"code": 1.0, "adversarial": {"objective": "wgan-gp", "critic_steps": 2}},
    },
    "style": {
        "kind": "real",
        "generator": ("style", {"size": 16, "features": 8, "most": 16}),
        "discriminator": ("dcgan-discriminator", {"size": 16, "features": 8, "norm": "none"}),
        "stage": {"path_length_every": 4},
    },
}
"""Tiny networks of each kind of step."""


def gan(kind, steps, **changes):
    """Return the checked configuration of one stage of a kind of step."""
    parts, volumes = GANS[kind], [{"sources": ["colin27"]}]
    sets = {"clean": {"clean": volumes}, "unpaired": {"a": volumes, "b": volumes}, "real": {"real": volumes}}
    values = {
        "name": f"tiny-{kind}",
        "task": "denoise",
        "modality": "MR",
        "device": "cpu",
        "precision": "float32",
        "data": {
            "kind": parts["kind"],
            **sets[parts["kind"]],
            "patches": {"dimensions": "2d", "size": 16, "batch": 4},
        },
        "degradations": [{"kind": "mr-noise"}] if parts["kind"] == "clean" else [],
        "networks": {
            name: {"architecture": parts[name][0], "arguments": parts[name][1]}
            for name in ("generator", "discriminator")
        },
        "stages": [{"name": "gan", "step": kind, "steps": steps, "ema": 0.9, **parts["stage"]}],
        "checkpoints": {"every": 5},
        "logging": {"every": 2, "pictures_every": 4, "tensorboard": False},
        "validation": {"every": 50},
    }
    return parse_config(yaml.safe_dump({**values, **changes}))


def gan_sampler(settings, seed=1):
    """Return the sampler of the phantom for `gan`."""
    scaling = settings.scaling.model_dump(exclude_none=True)
    volume = TrainingVolume.from_volume(Volume(phantom(), np.eye(4), "MR", "phantom"), scaling)
    patches = settings.data.patches
    if settings.data.kind == "clean":
        return CleanSampler(
            [volume], patches, [make_degradation(each) for each in settings.degradations], seed
        )
    if settings.data.kind == "unpaired":
        return UnpairedSampler([volume], [volume], patches, seed)
    return RealSampler([volume], patches, seed)
