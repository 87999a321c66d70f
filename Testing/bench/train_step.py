"""How fast a training step is beside the textbook's, both in PyTorch, on the CPU.

    python Testing/bench/train_step.py [--rounds 5] [--threads 1] [--json FILE]

Both train the same networks as pix2pix does: the U-Net generator of 7.8 M parameters (7,779,905; 32 to 512
feature maps, learned upsampling) and the patch discriminator, on the same random batch of 8 pairs of 128x128,
with L1 times 100, least squares and Adam. The textbook's step is written below as tutorials have it: the
generator runs once for each network, the discriminator collects gradients in the generator's step that nobody
uses, float32, PyTorch's default layout and Adam. Ours is `PairedStep` of the library as its template pix2pix
configures it: the fake is used twice, the discriminator is frozen in the generator's step, bfloat16, channels
last, fused Adam, and it does more besides (running average, finite losses, gradient norms). They take turns
in one process; medians of user and system time are compared. Exit code 1 if the bar is missed.
"""

from __future__ import annotations

import argparse
import copy
import json
import platform
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch
from torch import nn
from torch.nn import functional

BATCH, SIZE = 8, 128
LEAST_RATIO = 2.5
L1_WEIGHT = 100.0
STEPS = 2
"""Steps in each round, of each side."""


class TextbookStep:
    """Pix2pix as it is written where it is explained.

    Args:
        generator, discriminator: that learn.
    """

    def __init__(self, generator: nn.Module, discriminator: nn.Module) -> None:
        """Make the optimizers."""
        self.generator, self.discriminator = generator, discriminator
        self.of_generator = torch.optim.Adam(generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
        self.of_discriminator = torch.optim.Adam(discriminator.parameters(), lr=2e-4, betas=(0.5, 0.999))

    def update(self, batch: dict[str, torch.Tensor]) -> dict[str, float]:
        """Learn from a batch: the discriminator, then the generator."""
        given, target = batch["input"], batch["target"]
        fake = self.generator(given).detach()
        on_real, on_fake = self.discriminator(target), self.discriminator(fake)
        loss = 0.5 * ((on_real - 1.0).square().mean() + on_fake.square().mean())
        self.of_discriminator.zero_grad()
        loss.backward()
        self.of_discriminator.step()

        fake = self.generator(given)
        on_fake = self.discriminator(fake)
        wanted = (on_fake - 1.0).square().mean()
        distance = functional.l1_loss(fake, target)
        total = wanted + L1_WEIGHT * distance
        self.of_generator.zero_grad()
        total.backward()
        self.of_generator.step()
        return {"discriminator": loss.item(), "adversarial": wanted.item(), "l1": distance.item()}


def make_steps() -> tuple[TextbookStep, object]:
    """Return the textbook's step and ours, around equal networks."""
    from GANEnhanceLib.networks import build_network
    from GANEnhanceLib.training.config.stages import PairedStage
    from GANEnhanceLib.training.steps import make_step
    from GANEnhanceLib.training.steps.step import StepContext

    torch.manual_seed(0)
    generator = build_network("unet", features=32, upsampling="shuffle")
    discriminator = build_network("patch-discriminator", channels=64, layers=3)
    stage = PairedStage(
        step="paired",
        steps=1000,
        terms=[{"name": "l1", "weight": L1_WEIGHT}],
        adversarial={"objective": "least-squares", "penalty": 0.0},
    )
    context = StepContext(precision="bfloat16")
    ours = make_step(stage, copy.deepcopy(generator), copy.deepcopy(discriminator), context)
    return TextbookStep(generator, discriminator), ours


def seconds(work: Callable[[], object]) -> float:
    """Return the user and system time of this process while `work` runs."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(rounds: int) -> dict:
    """Return the figures of some rounds, the two sides in turn."""
    textbook, ours = make_steps()
    generator = torch.Generator().manual_seed(1)
    target = torch.rand(BATCH, 1, SIZE, SIZE, generator=generator)
    noise = 0.1 * torch.randn(target.shape, generator=generator)
    batch = {"input": target + noise, "target": target}
    sides = {"textbook": textbook, "ours": ours}
    for side in sides.values():
        side.update(batch)
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        for name, side in sides.items():
            taken[name].append(seconds(lambda side=side: [side.update(batch) for _ in range(STEPS)]) / STEPS)
        words = ", ".join(f"{name} {times[-1]:.2f} s" for name, times in taken.items())
        print(f"round {number + 1}: {words}", flush=True)
    parameters = sum(each.numel() for each in textbook.generator.parameters())
    ratio = median(taken["textbook"]) / median(taken["ours"])
    return {
        "what": "CPU time of a pix2pix training step beside the textbook's",
        "batch": [BATCH, 1, SIZE, SIZE],
        "generator_parameters": parameters,
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "machine": platform.machine(),
        "cpu": torch.backends.cpu.get_cpu_capability(),
        "rounds": rounds,
        "seconds": {name: round(median(times), 3) for name, times in taken.items()},
        "bars": [
            {
                "what": "ratio to the textbook's step",
                "value": round(ratio, 2),
                "at_least": LEAST_RATIO,
                "held": ratio >= LEAST_RATIO,
            }
        ],
    }


def main() -> int:
    """Run the comparison, print it, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    figures = measure(arguments.rounds)
    bar = figures["bars"][0]
    print(f"textbook {figures['seconds']['textbook']} s, ours {figures['seconds']['ours']} s a step")
    print(f"{bar['what']}: {bar['value']}, at least {bar['at_least']}: {'held' if bar['held'] else 'MISSED'}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0 if bar["held"] else 1


if __name__ == "__main__":
    sys.exit(main())
