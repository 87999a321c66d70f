"""Quality against work: generators of one training each, to choose the architecture of the shipped denoisers.

    python Testing/bench/architectures.py [--steps 4000] [--runs runs/architectures] [--out Docs/results]

Every candidate is trained as the recipe mr-denoise says, on the same patches in the same order, for the same
number of steps of one stage, and judged on the validation volumes by the engine. Stopped runs go on where
they were. Writes architectures.json and architectures.md. Exit code 1 if the architecture of the recipe is
neither the best within 250 kFLOP a voxel nor within 0.1 dB of it; several passes are counted each.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from pathlib import Path
from statistics import mean

import torch

from GANEnhanceLib.networks import build_network
from GANEnhanceLib.networks.describe import describe
from GANEnhanceLib.training.card import make_card
from GANEnhanceLib.training.chosen import choose_weights, open_run
from GANEnhanceLib.training.config import RunConfig, load_config, parse_config
from GANEnhanceLib.training.config.template import RECIPES
from GANEnhanceLib.training.data.build import build_data
from GANEnhanceLib.training.start import start_run
from GANEnhanceLib.training.validation.judge import judge_of_volumes

CANDIDATES = {
    "residual 48 x 10, 1 slice": ("residual-unshuffle", {"channels": 48, "blocks": 10}, 1, "acquisition"),
    "residual 48 x 10, 5 slices": ("residual-unshuffle", {"channels": 48, "blocks": 10}, 5, "acquisition"),
    "residual 48 x 10, 9 slices": ("residual-unshuffle", {"channels": 48, "blocks": 10}, 9, "acquisition"),
    "residual 48 x 10, 5 slices, 3 passes": ("residual-unshuffle", {"channels": 48, "blocks": 10}, 5, "all"),
    "residual 32 x 8, 5 slices, 3 passes": ("residual-unshuffle", {"channels": 32, "blocks": 8}, 5, "all"),
    "residual 40 x 5, 5 slices, 3 passes": ("residual-unshuffle", {"channels": 40, "blocks": 5}, 5, "all"),
    "two scales, 5 slices": ("multiscale-residual", {}, 5, "acquisition"),
    "two scales, small, 5 slices, 3 passes": (
        "multiscale-residual",
        {"channels": 40, "coarse_channels": 64, "before": 1, "coarse": 4, "after": 1},
        5,
        "all",
    ),
    "NAFNet-like, 5 slices": ("nafnet", {"channels": 64, "blocks": 16}, 5, "acquisition"),
    "RRDB, 5 slices": ("rrdb", {"channels": 32, "blocks": 3, "growth": 14}, 5, "acquisition"),
    "U-Net, 5 slices": ("unet", {"features": 24}, 5, "acquisition"),
}
"""Architecture, arguments, slices in, and axis of the passes."""
MOST_KFLOP = 250.0
CLOSE_DB = 0.1
SLICES = 24
"""Of each validation volume that are judged, from its middle."""


def main() -> int:
    """Train and judge all candidates, write the table, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--runs", type=Path, default=Path("runs/architectures"))
    parser.add_argument("--data", type=Path, default=Path("runs/data"))
    parser.add_argument("--out", type=Path, default=Path("Docs/results"))
    parser.add_argument("--only", nargs="*", default=list(CANDIDATES), choices=list(CANDIDATES))
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    torch.set_num_threads(1)
    rows = []
    for name in arguments.only:
        row = measure(name, arguments.steps, arguments.runs, arguments.data)
        print(json.dumps(row), flush=True)
        rows.append(row)
    chosen = load_config(RECIPES / "mr-denoise.yaml")
    arguments.out.mkdir(parents=True, exist_ok=True)
    values = {"steps": arguments.steps, "rows": rows}
    (arguments.out / "architectures.json").write_text(json.dumps(values, indent=2) + "\n")
    (arguments.out / "architectures.md").write_text(table(rows, arguments.steps))
    return 0 if is_well_chosen(rows, chosen) else 1


def measure(name: str, steps: int, runs: Path, data: Path) -> dict:
    """Train a candidate, or take what a finished run has, and return its row."""
    config = configure(name, steps)
    folder = runs / config.name
    started = time.process_time()
    start_run(config, folder, data, resume=(folder / "config.yaml").is_file())
    seconds = time.process_time() - started
    kept = folder / "cpu-seconds"
    if not kept.is_file():
        kept.write_text(f"{seconds:.0f}")
    generator = build_network(config.networks.generator.architecture, **config.networks.generator.arguments)
    (weights,) = choose_weights(open_run(folder), config).values()
    generator.load_state_dict(weights.state)
    judge = judge_of_volumes(config, build_data(config, data).validation_volumes)
    found: dict[float, list[float]] = {}
    for case, row in zip(judge.cases, judge.rows_of(generator), strict=True):
        found.setdefault(case.level, []).append(row["psnr"])
    described = describe(generator, channels_in(config), size=256)
    passes = make_card(config, generator).most_passes
    return {
        "candidate": name,
        "architecture": config.networks.generator.architecture,
        "arguments": config.networks.generator.arguments,
        "axis": config.axis,
        "parameters": described.parameters,
        "kflop_per_voxel": round(passes * described.flops_per_voxel / 1000, 1),
        "receptive_field": described.receptive_field,
        "cpu_seconds": int(kept.read_text()),
        "psnr_db": {f"{level:g}": round(mean(values), 2) for level, values in sorted(found.items())},
        "mean_psnr_db": round(mean(value for values in found.values() for value in values), 2),
    }


def configure(name: str, steps: int) -> RunConfig:
    """Return the recipe with another generator and one stage."""
    architecture, arguments, slices, axis = CANDIDATES[name]
    values = load_config(RECIPES / "mr-denoise.yaml").model_dump(mode="json")
    first = values["stages"][0]
    patches = {**(first["patches"] or values["data"]["patches"]), "slices": slices}
    patches["dimensions"] = "2.5d" if slices > 1 else "2d"
    values |= {
        "name": f"arch-{''.join(each if each.isalnum() else '-' for each in name.lower())}",
        "networks": {
            "generator": {"architecture": architecture, "arguments": {"channels_in": slices, **arguments}}
        },
        "stages": [{**first, "name": "fidelity", "steps": steps, "patches": None}],
        "axis": axis,
        "doubt": None,
        "threads": 1,
    }
    values["data"]["patches"] = patches
    values["validation"] |= {"every": steps, "slices": SLICES}
    return parse_config(json.dumps(values))


def channels_in(config: RunConfig) -> int:
    """Return how many slices the generator is given."""
    return config.networks.generator.arguments["channels_in"]


def is_well_chosen(rows: list[dict], chosen: RunConfig) -> bool:
    """Return whether what a recipe chose is, within the bar on work, the best or hardly worse."""
    within = [row for row in rows if row["kflop_per_voxel"] <= MOST_KFLOP]
    best = max(row["mean_psnr_db"] for row in within)
    wanted = (chosen.networks.generator.architecture, chosen.networks.generator.arguments, chosen.axis)
    own = [
        row["mean_psnr_db"]
        for row in within
        if (row["architecture"], row["arguments"], row["axis"]) == wanted
    ]
    return bool(own) and max(own) >= best - CLOSE_DB


def table(rows: list[dict], steps: int) -> str:
    """Return the rows as a page of Markdown, the best first."""
    levels = list(rows[0]["psnr_db"])
    left_out = [name for name in CANDIDATES if name not in {row["candidate"] for row in rows}]
    lines = [
        "# Architectures",
        "",
        f"Written by `make bench-architectures`: generators trained as the recipe mr-denoise says, {steps}"
        " steps of the same patches each, one CPU thread; mean PSNR (dB, range: the reference intensity) over"
        " the validation volumes by percent of noise. Short trainings favor generators that"
        " learn fast. Not for diagnosis." + _said_of(left_out),
        "",
        "| generator | kFLOP a voxel | parameters | sees, voxels | training, CPU s | "
        + " | ".join(f"{level} %" for level in levels)
        + " | mean |",
        "|---|" + "---|" * (len(levels) + 5),
    ]
    for row in sorted(rows, key=lambda each: -each["mean_psnr_db"]):
        figures = " | ".join(f"{row['psnr_db'][level]:.2f}" for level in levels)
        lines.append(
            f"| {row['candidate']} | {row['kflop_per_voxel']:g} | {row['parameters']} |"
            f" {row['receptive_field']} | {row['cpu_seconds']} | {figures} | {row['mean_psnr_db']:.2f} |"
        )
    return "\n".join(lines) + "\n"


def _said_of(left_out: list[str]) -> str:
    return f" Not measured: {'; '.join(left_out)}." if left_out else ""


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
