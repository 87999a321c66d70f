"""What drawing patches costs beside a training step.

    python Testing/bench/train_data.py [--rounds 5] [--threads 1] [--json FILE]

The step is pix2pix's: the U-Net generator of 7.8 million parameters and a conditional patch discriminator, a
batch of 8 patches of 128x128, bfloat16, on the CPU. Samplers draw such batches from a volume of 256x256x160
voxels, from memory and from a memory-mapped file. Medians of CPU time are compared. Exit code 1 if drawing
pairs or noisy patches takes 1 % of a step or more.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

SHAPE = (160, 256, 256)
MOST_SHARE = 0.01
WHAT = "CPU seconds of drawing a batch beside those of a pix2pix training step"
PATCHES = {"size": 128, "batch": 8}


def main() -> int:
    """Measure, print the figures, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", help="write the figures to this file")
    arguments = parser.parse_args()
    figures = measure(arguments.rounds, arguments.threads)
    print(f"step: {1000 * figures['step']:.0f} ms")
    for name, seconds in figures["samplers"].items():
        print(f"{name}: {1000 * seconds:.2f} ms, {100 * seconds / figures['step']:.2f} % of the step")
    share = max(figures["samplers"].values()) / figures["step"]
    bar = {"what": "largest share of a step", "value": round(share, 4), "below": MOST_SHARE}
    bar["held"] = share < MOST_SHARE
    print(f"{bar['what']}: {bar['value']}, below {MOST_SHARE}: {'held' if bar['held'] else 'MISSED'}")
    if arguments.json:
        values = {"what": WHAT, **described(arguments), **figures, "bars": [bar]}
        Path(arguments.json).write_text(json.dumps(values, indent=2) + "\n")
    return 0 if bar["held"] else 1


def described(arguments: argparse.Namespace) -> dict:
    """Return what was measured, and on what."""
    import torch

    return {
        "volume": SHAPE,
        "patches": PATCHES,
        "rounds": arguments.rounds,
        "threads": arguments.threads,
        "torch": torch.__version__,
        "machine": platform.machine(),
        "cpu": torch.backends.cpu.get_cpu_capability(),
    }


def measure(rounds: int, threads: int) -> dict:
    """Return CPU seconds of a step and of a batch of each sampler."""
    import torch

    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as folder:
        samplers = make_samplers(Path(folder))
        step = make_pix2pix()
        batch = {name: torch.from_numpy(each) for name, each in next(samplers["pairs"]).items()}
        return {
            "step": timed(lambda: step.update(batch), rounds),
            "samplers": {
                name: timed(lambda sampler=sampler: next(sampler), 10 * rounds)
                for name, sampler in samplers.items()
            },
        }


def make_samplers(folder: Path) -> dict:
    """Return samplers of pairs and of noisy patches, from memory and from disk."""
    from GANEnhanceLib.intensity import FittedScaling
    from GANEnhanceLib.training.config.data import PatchConfig
    from GANEnhanceLib.training.config.degradation import MRNoise
    from GANEnhanceLib.training.data.degraded import make_degradation
    from GANEnhanceLib.training.data.paired import PairedSampler
    from GANEnhanceLib.training.data.sampler import CleanSampler
    from GANEnhanceLib.training.data.volumes import TrainingPair, TrainingVolume

    voxels = np.random.default_rng(0).integers(100, 1000, SHAPE).astype(np.int16)
    np.save(folder / "voxels.npy", voxels)
    mapped = np.asarray(np.load(folder / "voxels.npy", mmap_mode="r"))
    scaling = FittedScaling("mr-percentile", 0.0, 1000.0, (-0.25, 2.0))
    patches = PatchConfig(**PATCHES)
    noise = [make_degradation(MRNoise(kind="mr-noise"))]
    samplers = {}
    for place, stored in (("", voxels), (" from disk", mapped)):
        pair = TrainingPair((stored,), (scaling,), stored, scaling)
        samplers[f"pairs{place}"] = PairedSampler([pair], patches, 1)
        samplers[f"noisy patches{place}"] = CleanSampler(
            [TrainingVolume(stored, "MR", scaling)], patches, noise, 1
        )
    return samplers


def make_pix2pix():
    """Return pix2pix's step with the networks of the project's bar."""
    import torch

    from GANEnhanceLib.networks import build_network
    from GANEnhanceLib.training.config.stages import AdversarialConfig, PairedStage, TermConfig
    from GANEnhanceLib.training.steps import make_step
    from GANEnhanceLib.training.steps.step import StepContext

    torch.manual_seed(0)
    generator = build_network("unet", channels_in=1, features=32, upsampling="shuffle")
    discriminator = build_network("patch-discriminator", channels_in=2, channels=64)
    stage = PairedStage(
        step="paired",
        steps=100,
        conditional=True,
        terms=(TermConfig(name="l1", weight=100.0),),
        adversarial=AdversarialConfig(penalty=0.0),
    )
    return make_step(stage, generator, discriminator, StepContext(precision="bfloat16"))


def timed(call, rounds: int) -> float:
    """Return the median CPU seconds of a call, after one that does not count."""
    call()
    seconds = []
    for _ in range(rounds):
        begun = time.process_time()
        call()
        seconds.append(time.process_time() - begun)
    return median(seconds)


if __name__ == "__main__":
    sys.exit(main())
