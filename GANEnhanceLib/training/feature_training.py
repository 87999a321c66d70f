"""Trains the small feature network: `python -m GANEnhanceLib.training.feature_training` (ten minutes).

Its tasks need no labels: how much noise, blur and ringing an image got, whether it was shown on a coarse
grid, and which volume it comes from.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from GANEnhanceLib.networks.features import LEVELS, WEIGHTS, FeatureNetwork, pool
from GANEnhanceLib.training.config.data import PatchConfig
from GANEnhanceLib.training.data.sampler import CleanSampler
from GANEnhanceLib.training.data.volumes import TrainingVolume
from GANEnhanceLib.training.sources import SOURCES, load

TRAINED_ON = ("colin27", "colin27-brain-05mm", "chest-ct")
TASKS = ("noise", "blur", "coarse", "ringing")
SIZE = 48
_PATCHES = 1500
"""Clean patches of each source, drawn once."""
_MOST_NOISE, _MOST_BLUR, _MOST_CUT = 0.15, 2.0, 0.6
"""Largest standard deviation of the noise (range 1) and of the blur (voxels); largest share of k-space lines
that are cut."""


class Students(nn.Module):
    """The feature network with heads that answer the tasks from its statistics; only the former is kept."""

    def __init__(self) -> None:
        """Build both."""
        super().__init__()
        self.features = FeatureNetwork()
        width = 2 * sum(LEVELS)
        self.norm = nn.BatchNorm1d(width)
        self.levels = nn.Sequential(nn.Linear(width, 64), nn.ReLU(), nn.Linear(64, len(TASKS)))
        self.source = nn.Linear(width, len(TRAINED_ON))

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the strength of each degradation (n, 4) and logits of the sources (n, 3)."""
        pooled = self.norm(pool(self.features(images)))
        return self.levels(pooled), self.source(pooled)


def draw_clean(folder: Path, count: int) -> torch.Tensor:
    """Return `count` clean patches of each source in many contrasts, (sources, count, 1, SIZE, SIZE)."""
    patches = PatchConfig(
        dimensions="2d", size=SIZE, batch=count, contrasts=0.5, turns=False, directions="acquisition"
    )
    drawn = []
    for number, name in enumerate(TRAINED_ON):
        volume = TrainingVolume.from_volume(
            load(name, folder), {"name": "mr-percentile"}, SOURCES[name].modality
        )
        drawn.append(torch.from_numpy(next(CleanSampler([volume], patches, [], seed=number))["target"]))
    return torch.stack(drawn)


def degrade(images: torch.Tensor, levels: torch.Tensor) -> torch.Tensor:
    """Return degraded images (n, 1, h, w) for levels (n, 4) of 0 to 1, in the order of `TASKS`."""
    noise, blur, coarse, ringing = (level.view(-1, 1, 1, 1) for level in levels.T)
    shrunk = functional.interpolate(functional.avg_pool2d(images, 2), scale_factor=2, mode="nearest")
    images = torch.where(coarse > 0, shrunk, images)
    rows = torch.fft.fftfreq(images.shape[-2])[:, None]
    columns = torch.fft.rfftfreq(images.shape[-1])[None]
    passed = torch.exp(-2.0 * (torch.pi * _MOST_BLUR * blur) ** 2 * (rows**2 + columns**2))
    passed = passed * (rows.abs() <= 0.5 * (1.0 - _MOST_CUT * ringing))
    images = torch.fft.irfft2(torch.fft.rfft2(images) * passed, s=images.shape[-2:])
    return images + _MOST_NOISE * noise * torch.randn_like(images)


def draw(clean: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return degraded images (n, 1, h, w), the levels of their degradations (n, 4) and their sources (n,)."""
    sources = torch.randint(len(clean), (count,))
    images = clean[sources, torch.randint(clean.shape[1], (count,))]
    flips = torch.rand(count, 1, 1, 1) < 0.5
    images = torch.where(flips, images.flip(-1), images)
    levels = torch.rand(count, len(TASKS)) * (torch.rand(count, len(TASKS)) < 0.6)
    levels[:, 2] = (torch.rand(count) < 0.3).float()
    return degrade(images, levels), levels, sources


def train(clean: torch.Tensor, steps: int, batch: int = 32) -> FeatureNetwork:
    """Return the network trained on clean patches (sources, n, 1, h, w); prints how it goes."""
    torch.manual_seed(1)
    held, learned = clean[:, :150], clean[:, 150:]
    students = Students()
    optimizer = torch.optim.Adam(students.parameters(), lr=2e-3, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps)
    begun = time.monotonic()
    for step in range(1, steps + 1):
        images, levels, sources = draw(learned, batch)
        said, guessed = students(images)
        loss = 10.0 * functional.mse_loss(said, levels) + 0.3 * functional.cross_entropy(guessed, sources)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % max(1, steps // 20) == 0:
            report(students, held, f"{step}/{steps}, {time.monotonic() - begun:.0f} s")
    measure_spread(students.features, held)
    return students.features


def report(students: Students, clean: torch.Tensor, title: str) -> None:
    """Print the errors of both heads on patches that were not learned from."""
    students.eval()
    with torch.no_grad():
        images, levels, sources = draw(clean, 256)
        said, guessed = students(images)
    students.train()
    right = (guessed.argmax(1) == sources).float().mean()
    errors = dict(zip(TASKS, (said - levels).abs().mean(0).tolist(), strict=True))
    told = ", ".join(f"{name} {error:.3f}" for name, error in errors.items())
    print(f"{title}: sources {right:.0%} right; mean errors {told}", flush=True)


def measure_spread(network: FeatureNetwork, clean: torch.Tensor) -> None:
    """Set the standard deviations that the features are divided by."""
    with torch.no_grad():
        images, _, _ = draw(clean, 256)
        for number, features in enumerate(network(images)):
            spread = getattr(network, f"spread_{number}")
            spread.mul_(features.std(dim=(0, 2, 3)).clamp_min(1e-3))


def main(arguments: list[str] | None = None) -> int:
    """Train and write the weights that the library ships."""
    from safetensors.torch import save_file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("runs/data"), help="folder of the public images")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    options = parser.parse_args(arguments)
    torch.manual_seed(1)
    network = train(draw_clean(options.data, _PATCHES), options.steps)
    state = {name: each.detach().half().contiguous() for name, each in network.state_dict().items()}
    save_file(state, options.weights)
    print(f"{options.weights}: {options.weights.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
