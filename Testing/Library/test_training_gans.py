"""Every GAN of the templates learns on real images: small, and in seconds.

How far generated images are from real ones is told by the library's metric `feature-distance`: the Frechet
distance of the statistics of its feature network, which no training here has seen.
"""

import numpy as np
import pytest
import torch

from GANEnhanceLib.metrics import feature_distance
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.samples import sample_path
from GANEnhanceLib.training.config.data import PatchConfig
from GANEnhanceLib.training.config.stages import CycleStage, LatentStage, StyleStage
from GANEnhanceLib.training.data.imitated import RealSampler, UnpairedSampler
from GANEnhanceLib.training.data.volumes import TrainingVolume
from GANEnhanceLib.training.steps import make_step
from GANEnhanceLib.training.steps.step import StepContext
from GANEnhanceLib.training.validation.features import image_features
from GANEnhanceLib.volume import read_volume

SIZE, BATCH, SHOWN = 32, 16, 128
SLOW = {"betas": (0.5, 0.999)}
R1 = {"objective": "bce", "penalty": 2.0, "penalty_every": 4}
GANS = {
    "vanilla": {
        "generator": ("multilayer", {"size": SIZE}),
        "discriminator": ("multilayer-discriminator", {"size": SIZE}),
        "steps": 320,
        "stage": {
            "generator": {"learning_rate": 2e-4, **SLOW},
            "discriminator": {"learning_rate": 2e-4, **SLOW},
        },
    },
    "dcgan": {
        "generator": ("dcgan", {"size": SIZE, "features": 16}),
        "discriminator": ("dcgan-discriminator", {"size": SIZE, "features": 16}),
        "steps": 240,
        "stage": {
            "generator": {"learning_rate": 5e-4, **SLOW},
            "discriminator": {"learning_rate": 5e-4, **SLOW},
            "adversarial": R1,
        },
    },
    "wgan-gp": {
        "generator": ("dcgan", {"size": SIZE, "features": 16}),
        "discriminator": ("dcgan-discriminator", {"size": SIZE, "features": 16, "norm": "none"}),
        "steps": 300,
        "stage": {
            "generator": {"learning_rate": 1e-3, "betas": (0.0, 0.9)},
            "discriminator": {"learning_rate": 1e-3, "betas": (0.0, 0.9)},
            "adversarial": {"objective": "wgan-gp", "critic_steps": 2, "penalty": 10.0},
        },
    },
    "infogan": {
        "generator": ("dcgan", {"size": SIZE, "features": 16, "categories": 4, "continuous": 1}),
        "discriminator": (
            "dcgan-discriminator",
            {"size": SIZE, "features": 16, "categories": 4, "continuous": 1},
        ),
        "steps": 240,
        "stage": {
            "code": 1.0,
            "generator": {"learning_rate": 5e-4, **SLOW},
            "discriminator": {"learning_rate": 5e-4, **SLOW},
            "adversarial": R1,
        },
    },
    "style": {
        "generator": ("style", {"size": SIZE, "features": 8, "most": 64}),
        "discriminator": ("dcgan-discriminator", {"size": SIZE, "features": 16, "norm": "none"}),
        "steps": 220,
        "stage": {
            "generator": {"learning_rate": 2e-3, "betas": (0.0, 0.99)},
            "discriminator": {"learning_rate": 2e-3, "betas": (0.0, 0.99)},
            "adversarial": {"objective": "bce", "penalty": 5.0, "penalty_every": 8},
        },
    },
}

# Where less than half is asked of the two distances. Fully connected networks keep their grain for thousands
# of steps. An untrained style generator gives values far beyond 0 to 1; cut to that, it begins nearer.
NEARER = {"vanilla": (0.7, 0.7), "style": (0.5, 0.75)}


pytestmark = pytest.mark.usefixtures("one_thread")


def volume(name):
    return TrainingVolume.from_volume(read_volume(sample_path(name)), {"name": "mr-percentile"}, "MR")


def patches(size, batch, **changes):
    return PatchConfig(size=size, batch=batch, directions="acquisition", turns=False, **changes)


def tensors(batch):
    return {name: torch.from_numpy(each) for name, each in batch.items()}


def make(parts, kind, **changes):
    """Return a step around new networks."""
    torch.manual_seed(1)
    networks = [build_network(parts[name][0], **parts[name][1]) for name in ("generator", "discriminator")]
    stage = kind(
        step=kind.model_fields["step"].annotation.__args__[0],
        steps=parts["steps"],
        ema=0.98,
        **parts["stage"],
    )
    return make_step(stage.model_copy(update=changes), *networks, StepContext(precision="float32"))


def samples(step, count):
    generator = step.kept()
    with step.looking(generator):
        latent = step.draw_latent(count)
        return generator(latent).float(), latent


def distances(real, fake):
    """The metric, of images as they are and of what a screen would show of them."""
    features = ([image_features(each[:, 0], clamped) for each in (fake, real)] for clamped in (False, True))
    return np.array([feature_distance(*each) for each in features])


@pytest.mark.parametrize("name", list(GANS))
def test_it_comes_nearer_to_real_images_by_half(name):
    source = RealSampler([volume("t1-head")], patches(SIZE, BATCH, coarse_share=1.0), 1)
    real = torch.from_numpy(np.concatenate([next(source)["real"] for _ in range(SHOWN // BATCH)]))
    step = make(GANS[name], StyleStage if name == "style" else LatentStage)
    before = distances(real, samples(step, SHOWN)[0])
    for _ in range(GANS[name]["steps"]):
        step.update(tensors(next(source)))
    fake, latent = samples(step, SHOWN)
    assert (distances(real, fake) < NEARER.get(name, (0.5, 0.5)) * before).all()
    # Nor are they all the same.
    assert fake.std(dim=0).mean() > 0.1 * real.std(dim=0).mean()
    if name == "infogan":
        with torch.no_grad():
            said, _ = step.networks["discriminator"].eval().read_code(fake)
        right = (said.argmax(1) == latent[:, 64:68].argmax(1)).float().mean()
        # By chance a quarter; 0.4 of 128 is more than three standard deviations above it.
        assert right > 0.4


def test_the_cycle_error_of_cyclegan_falls():
    parts = {
        "generator": ("resnet", {"channels": 8, "blocks": 2}),
        "discriminator": ("multi-scale-discriminator", {"channels": 8}),
        "steps": 100,
        "stage": {
            "generator": {"learning_rate": 2e-4, **SLOW},
            "discriminator": {"learning_rate": 2e-4, **SLOW},
            "adversarial": {"objective": "least-squares", "penalty": 0.0},
        },
    }
    source = UnpairedSampler([volume("t1-head-noise")], [volume("t1-head")], patches(SIZE, 4), 1)
    step = make(parts, CycleStage)
    losses = [step.update(tensors(next(source)))["cycle"] for _ in range(parts["steps"])]
    assert np.mean(losses[-10:]) < 0.5 * np.mean(losses[:10])
