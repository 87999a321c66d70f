"""`ganenhance finetune BUNDLE CONFIG.yaml`: train a model further on data of one's own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from GANEnhanceLib.commands.arguments import file_named, one_of
from GANEnhanceLib.commands.train import run_training


def add_parser(commands: Any, name: str) -> None:
    """Describe the arguments."""
    parser = commands.add_parser(
        name,
        help="train a model further",
        description="Begin a training run with the weights of a model. Its network and scaling hold, "
        "whatever the file says; all else is as in `ganenhance train`. The new model's card says what it "
        "began with.",
    )
    parser.set_defaults(parser=parser)
    parser.add_argument("bundle", metavar="BUNDLE", help="name or folder of the model")
    parser.add_argument("config", type=file_named("configuration"), metavar="CONFIG", help="a YAML file")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change a value of the file"
    )
    parser.add_argument(
        "--weights",
        type=one_of("weights", "fidelity", "perceptual"),
        metavar="SET",
        help="which of its weights: fidelity (the usual) or perceptual",
    )
    parser.add_argument("--resume", action="store_true", help="go on with the run that was begun so")
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), metavar="FOLDER", help="folder of the runs (runs)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Train; returns 0 at the end of the run, 130 if it was stopped."""
    from GANEnhanceLib.training.finetune import load_finetune_config

    config, sentences = load_finetune_config(
        arguments.bundle, arguments.config, tuple(arguments.set), arguments.weights
    )
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    folder = arguments.runs / config.name
    return run_training(config, folder, arguments.runs, arguments.resume)
