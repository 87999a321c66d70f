"""Make the pictures and figures of Docs/training/gans.md from finished runs of the templates of GANs.

    python Testing/scripts/make_training_pictures.py runs Docs/training --json Docs/results/gans.json

The first folder holds the runs, as `ganenhance train` leaves them there; templates without a finished run are
passed over. The second takes GAN-curves.png, GAN-samples.png and others. `make gans` trains all and calls it.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from GANEnhanceLib.intensity import fit_scaling
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.samples import sample_path
from GANEnhanceLib.training.card import make_card
from GANEnhanceLib.training.config import RunConfig, load_config
from GANEnhanceLib.training.data.build import build_data
from GANEnhanceLib.training.data.volumes import HeldOutVolume
from GANEnhanceLib.training.loop.checkpoints import Checkpoints, read_state
from GANEnhanceLib.training.loop.plots import plot_run
from GANEnhanceLib.training.loop.randomness import seed_everything
from GANEnhanceLib.training.steps import make_step
from GANEnhanceLib.training.steps.step import StepContext
from GANEnhanceLib.training.validation.imitation import ImitationJudge, fixed_latents
from GANEnhanceLib.training.validation.judge import judge_of_volumes
from GANEnhanceLib.training.validation.module_model import ModuleRunner
from GANEnhanceLib.volume import read_volume

LATENT = ("vanilla-gan", "dcgan", "wgan-gp", "infogan", "style-gan")
TRANSLATING = ("cyclegan", "pix2pix")
SHOWN = 8
NEIGHBORS = 2048
READ = 2048
"""Images whose code InfoGAN reads back."""
NOISY, CLEAN = "t1-head-noise", "t1-head"
CUT = slice(14, 46, 16)
"""Slices of the head that the pictures show."""
TISSUE = 0.15
"""Scaled intensity of the reference above which a voxel is taken for tissue, not air."""
GREYS = 51
LABEL = 84
"""Width in pixels of the names at the left of a picture."""


@dataclass(frozen=True)
class Run:
    """A finished run, with the weights that it began with and ended with.

    `networks` are those that still learn, by name; `end` is what the run keeps, the average where there is
    one.
    """

    name: str
    folder: Path
    config: RunConfig
    start: torch.nn.Module
    end: torch.nn.Module
    networks: dict[str, torch.nn.Module]


def main(arguments: list[str] | None = None) -> int:
    """Make everything that there are runs for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=Path, help="folder of the runs")
    parser.add_argument("out", type=Path, help="where the PNGs go")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    figures = {}
    for run in open_runs(chosen.runs):
        make = measure_latent if run.name in LATENT else measure_translation
        draw_curves(run, chosen.out)
        figures[run.name] = {"steps": sum(stage.steps for stage in run.config.stages), **make(run, chosen)}
        print(run.name, json.dumps(figures[run.name]))
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0 if figures else 1


def open_runs(folder: Path) -> list[Run]:
    """Return the finished runs of the templates, in the order of the document."""
    found = {}
    for path in sorted(folder.glob("*/state.json")):
        state = json.loads(path.read_text(encoding="utf-8"))
        if state.get("status") == "finished":
            found[state["name"].removeprefix("my-")] = path.parent
    return [open_run(name, found[name]) for name in (*LATENT, *TRANSLATING) if name in found]


def open_run(name: str, folder: Path) -> Run:
    """Build the networks of a run, as they were before the first step and as they are now."""
    config = load_config(folder / "config.yaml")
    stage = config.stages[-1]
    seed_everything(config.seed)
    start = build(config.networks.generator)
    end = build(config.networks.generator)
    step = make_step(
        stage, build(config.networks.generator), build(config.networks.discriminator), StepContext()
    )
    back = copy.deepcopy(step.networks.get("generator_back"))
    step.restore(Checkpoints(folder / "checkpoints").newest()["step"])
    end.load_state_dict(read_state(folder / "stages" / f"{stage.name}.pt"))
    networks = {**step.networks, **({"start_back": back} if back is not None else {})}
    for network in (start, end, *networks.values()):
        network.eval()
    return Run(name, folder, config, start, end, networks)


def build(network: Any) -> torch.nn.Module:
    """Build a network of the configuration."""
    return build_network(network.architecture, **network.arguments)


def draw_curves(run: Run, out: Path) -> None:
    """Draw what `ganenhance runs plot` draws of a run."""
    with tempfile.TemporaryDirectory() as folder:
        for path in plot_run(run.folder, Path(folder)):
            kind = "curves" if path.stem == "train" else "judged"
            save_small(path, out / f"{run.name}-{kind}.png")


def measure_latent(run: Run, chosen: argparse.Namespace) -> dict[str, float]:
    """Compare samples with real images, and show both."""
    data = build_data(run.config, chosen.runs / "data")
    judge = ImitationJudge(run.config, data.validation_volumes, data.sampler)
    ends = judge.judge(run.end)
    real: list[np.ndarray] = []
    while len(real) < NEIGHBORS + SHOWN:
        real.extend(next(data.sampler)["real"][:, 0])
    known, others = np.stack(real[:NEIGHBORS]), np.stack(real[NEIGHBORS:][:SHOWN])
    samples = generate(run.end, fixed_latents(run.end, 256))
    nearest = [int(np.square(known - sample).mean(axis=(1, 2)).argmin()) for sample in samples]
    shown = [others, samples[:SHOWN], known[nearest[:SHOWN]]]
    save_grid(shown, chosen.out / f"{run.name}-samples.png", ("real", "generated", "nearest real"))
    figures = {
        "distance_start": round(judge.judge(run.start)["feature-distance"], 3),
        "distance_end": round(ends["feature-distance"], 3),
        "distance_real": round(ends["real_feature-distance"], 3),
        "diversity": round(float(samples.std(axis=0).mean() / known[:256].std(axis=0).mean()), 2),
        "to_nearest_real": round(float(np.sqrt(np.square(known[nearest] - samples).mean())), 4),
    }
    return {**figures, **(measure_code(run, chosen.out) if run.name == "infogan" else {})}


def measure_code(run: Run, out: Path) -> dict[str, float]:
    """Read the code of InfoGAN back from its images, and show what each part of it does."""
    generator, kinds, dials = run.end, run.end.categories, run.end.continuous
    latent = fixed_latents(generator, READ)
    first = generator.latent_size
    with torch.inference_mode():
        parts = [run.networks["discriminator"].read_code(generator(part)) for part in latent.split(64)]
    said, means = (torch.cat(each) for each in zip(*parts, strict=True))
    right = said.argmax(dim=1) == latent[:, first : first + kinds].argmax(dim=1)
    wanted = latent[:, first + kinds :]
    correlations = [
        float(np.corrcoef(means[:, dial].numpy(), wanted[:, dial].numpy())[0, 1]) for dial in range(dials)
    ]
    noise = latent[:SHOWN, :first]
    rows = [
        generate(generator, coded(noise, kinds, kind, torch.zeros(SHOWN, dials))) for kind in range(kinds)
    ]
    save_grid(rows, out / "infogan-kinds.png", [f"kind {kind + 1}" for kind in range(kinds)])
    rows = []
    for dial in range(dials):
        turned = torch.zeros(SHOWN, dials)
        turned[:, dial] = torch.linspace(-1.0, 1.0, SHOWN)
        rows.append(generate(generator, coded(noise[:1].expand(SHOWN, -1), kinds, 0, turned)))
    save_grid(rows, out / "infogan-dials.png", [f"dial {dial + 1}" for dial in range(dials)])
    return {
        "kind_recovered": round(float(right.float().mean()), 3),
        "kind_chance": round(1 / kinds, 3),
        "dial_correlations": [round(each, 3) for each in correlations],
    }


def coded(noise: torch.Tensor, kinds: int, kind: int, dials: torch.Tensor) -> torch.Tensor:
    """Return noise (n, l) with a kind and dials (n, d)."""
    chosen = torch.zeros(len(noise), kinds)
    chosen[:, kind] = 1.0
    return torch.cat([noise, chosen, dials], dim=1)


def generate(generator: torch.nn.Module, latent: torch.Tensor) -> np.ndarray:
    """Return images (n, h, w) of latents."""
    with torch.inference_mode():
        return torch.cat([generator(part) for part in latent.split(64)])[:, 0].numpy()


def measure_translation(run: Run, chosen: argparse.Namespace) -> dict[str, float]:
    """Run the generators over the whole noisy head by the engine, and show two slices."""
    metrics = ("psnr", "ssim")
    validation = run.config.validation.model_copy(update={"metrics": metrics, "best_by": (), "slices": 1000})
    config = run.config.model_copy(update={"validation": validation})
    judge = judge_of_volumes(config, hold_head(config))
    case = judge.cases[0]
    with ModuleRunner(run.end, make_card(config, run.end)) as runner:
        made = runner(case.given, case.box, case.scaling).voxels
    given, made, wanted = (
        np.moveaxis(case.scaling.forward(each), case.axis, 0)
        for each in (case.given.voxels[case.box], made, case.wanted)
    )
    rows = [given[CUT], made[CUT], wanted[CUT], 0.5 + 4.0 * (given - made)[CUT]]
    save_grid(rows, chosen.out / f"{run.name}-samples.png", ("input", "output", "reference", "removed x4"), 1)
    backs = [run.networks["generator_back"]] if run.name == "cyclegan" else []
    end = judge.judge(run.end, *backs)
    figures = {name: end[name] for name in sorted(end) if name.endswith(metrics)}
    tissue = wanted > TISSUE
    figures |= {
        "input_psnr_tissue": psnr_of(given, wanted, tissue),
        "psnr_tissue": psnr_of(made, wanted, tissue),
    }
    if run.name == "cyclegan":
        start = judge.judge(run.start, run.networks["start_back"])
        figures |= {"cycle_error_start": start["cycle-error"], "cycle_error_end": end["cycle-error"]}
        figures |= {f"{name}feature_distance": end[f"{name}feature-distance"] for name in ("input_", "")}
    return {name: round(value, 4) for name, value in figures.items()}


def psnr_of(image: np.ndarray, wanted: np.ndarray, where: np.ndarray) -> float:
    """Return the PSNR in dB of scaled images in a part of them."""
    return float(-10.0 * np.log10(np.square(image - wanted)[where].mean()))


def hold_head(config: RunConfig) -> list[HeldOutVolume]:
    """Return the shipped head, with noise and without, as the judge of the configuration takes it."""
    noisy, clean = (read_volume(sample_path(name)) for name in (NOISY, CLEAN))
    scaling = config.scaling.model_dump(exclude_none=True)
    of_noisy, of_clean = (fit_scaling(scaling, each.voxels) for each in (noisy, clean))
    if config.data.kind == "paired":
        name = next(iter(config.data.inputs))
        return [HeldOutVolume(clean, {name: noisy}, name, of_noisy, "head", "MR", CLEAN, "paired")]
    return [
        HeldOutVolume(noisy, {}, "", of_noisy, "head", "MR", NOISY, "a"),
        HeldOutVolume(clean, {}, "", of_clean, "head", "MR", CLEAN, "b"),
    ]


def save_grid(rows: list[np.ndarray], path: Path, names: list[str] | tuple[str, ...], scale: int = 2) -> None:
    """Write images (n, h, w) of 0 to 1, a row for each array, with its name at the left."""
    from PIL import Image, ImageDraw

    height, width = rows[0].shape[1:]
    grid = np.full((len(rows) * (height + 1), len(rows[0]) * (width + 1)), 1.0)
    for row, images in enumerate(rows):
        for column, image in enumerate(images):
            top, left = row * (height + 1), column * (width + 1)
            grid[top : top + height, left : left + width] = np.clip(image, 0.0, 1.0)
    picture = Image.fromarray((GREYS * grid).round().astype(np.uint8) * (255 // GREYS))
    picture = picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST)
    canvas = Image.new("L", (picture.width + LABEL, picture.height), 255)
    canvas.paste(picture, (LABEL, 0))
    pen = ImageDraw.Draw(canvas)
    for row, name in enumerate(names):
        pen.text((2, scale * (row * (height + 1) + height // 2) - 6), name, fill=0, font_size=12)
    canvas.save(path, optimize=True)


def save_small(source: Path, path: Path) -> None:
    """Write a picture of curves with few colors, which is a third of its size."""
    from PIL import Image

    with Image.open(source) as picture:
        picture.convert("RGB").quantize(16, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
