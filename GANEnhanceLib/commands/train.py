"""`ganenhance train CONFIG.yaml`: train a model; or print a template, the schema, what there is to name."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from GANEnhanceLib.commands.interruption import interruption
from GANEnhanceLib.commands.training_display import TrainingDisplay
from GANEnhanceLib.errors import InputError, OptionError

if TYPE_CHECKING:
    from GANEnhanceLib.training.config import RunConfig


def add_parser(commands: Any, name: str) -> None:
    """Describe the arguments."""
    parser = commands.add_parser(
        name,
        help="train a GAN",
        description="Train a GAN as a YAML file says. The file is checked before anything is loaded. Ctrl-C "
        "and SIGTERM end the run after its step with a checkpoint; --resume auto goes on exactly from there.",
    )
    parser.set_defaults(parser=parser)
    parser.add_argument("config", nargs="?", metavar="CONFIG", help="a YAML file, or the name of a recipe")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change a value of the file"
    )
    parser.add_argument(
        "--resume", nargs="?", const="auto", metavar="RUN|auto", help="go on with the run in this folder"
    )
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), metavar="FOLDER", help="folder of the runs (runs)"
    )
    parser.add_argument("--template", metavar="TASK", help="print a commented, working file and end")
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of the file and end")
    parser.add_argument("--networks", action="store_true", help="list the networks with their cost and end")
    parser.add_argument("--sources", action="store_true", help="list the public images and end")


def run(arguments: argparse.Namespace) -> int:
    """Train, or print what was asked for; returns 0 at the end of the run, 130 if it was stopped."""
    if arguments.template is not None:
        from GANEnhanceLib.training.config.template import read_template

        print(read_template(arguments.template), end="")
        return 0
    if arguments.schema:
        from GANEnhanceLib.training.config.schema import json_schema

        print(json.dumps(json_schema(), indent=1))
        return 0
    if arguments.networks or arguments.sources:
        _list_names(arguments.networks, arguments.sources)
        return 0
    return _train(arguments)


def _list_names(networks: bool, sources: bool) -> None:
    if networks:
        from GANEnhanceLib.networks.overview import list_networks

        print(f"{'network':26} {'parameters':>10} {'kFLOP a voxel':>14}   receptive field, radius in voxels")
        for found in list_networks():
            field = "the whole image" if found.receptive_field is None else found.receptive_field
            print(f"{found.name:26} {found.parameters:10} {found.flops_per_voxel / 1e3:14.1f}   {field}")
    if sources:
        from GANEnhanceLib.training.sources import SOURCES

        for source in SOURCES.values():
            print(f"{source.name:21} {source.modality}  {source.part:10}  {source.title} ({source.licence})")


def _train(arguments: argparse.Namespace) -> int:
    from GANEnhanceLib.training.config import load_config
    from GANEnhanceLib.training.config.template import find_config

    resumed = arguments.resume not in (None, "auto")
    if arguments.config is None and not resumed:
        raise OptionError(
            "No configuration was given.", "Begin with: ganenhance train --template paired-mr-denoise"
        )
    path = find_config(arguments.config) if arguments.config is not None else _config_of(arguments.resume)
    config = load_config(path, arguments.set)
    folder = Path(arguments.resume) if resumed else arguments.runs / config.name
    return run_training(config, folder, arguments.runs, arguments.resume is not None)


def run_training(config: RunConfig, folder: Path, runs: Path, resume: bool) -> int:
    """Train in a folder, showing how it goes; images and voxels are kept in the folder `runs`.

    Returns 0 at the end of the run, 130 if it was stopped.
    """
    from GANEnhanceLib.training.loop.distributed import joined
    from GANEnhanceLib.training.start import start_run

    with joined() as process, TrainingDisplay(process.is_first) as display:
        finished = start_run(config, folder, runs / "data", process, display, resume, interruption.check)
    if process.is_first:
        # The folder has the configuration with all changes by --set.
        elsewhere = f" --runs {runs}" if runs != Path("runs") else ""
        _say_the_end(finished, folder, f"ganenhance train --resume {folder}{elsewhere}")
    return 0 if finished else 130


def _config_of(run: str) -> Path:
    path = Path(run) / "config.yaml"
    if not path.is_file():
        raise InputError(f"{run} holds no run.", "Name a folder that `ganenhance runs` lists.")
    return path


def _say_the_end(finished: bool, folder: Path, again: str) -> None:
    if finished:
        print(f"The run is complete: {folder}")
        print(f"Make a model of it: ganenhance export {folder} BUNDLE")
    else:
        print(f"Stopped after a checkpoint. Go on with: {again}")
