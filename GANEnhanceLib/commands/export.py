"""`ganenhance export RUN BUNDLE`: make a model of a training run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from GANEnhanceLib.commands.arguments import file_named
from GANEnhanceLib.commands.interruption import interruption
from GANEnhanceLib.errors import OutputError


def add_parser(commands: Any, name: str) -> None:
    """Describe the arguments."""
    parser = commands.add_parser(
        name,
        help="make a model of a training run",
        description="Write the model of a training run as a bundle that panel and command load. It is "
        "measured beside its input and a classical filter on the patients that were held out, and refused "
        "where it is worse. Stages named fidelity and perceptual give the two sets of weights; a run that "
        "was stopped gives the best so far.",
    )
    parser.set_defaults(parser=parser)
    parser.add_argument("run", type=file_named("run"), metavar="RUN", help="folder of the run")
    parser.add_argument("bundle", type=file_named("bundle"), metavar="BUNDLE", help="folder of the new model")
    parser.add_argument(
        "--stage", action="append", default=[], metavar="NAME", help="export this finished stage"
    )
    parser.add_argument("--best", metavar="METRIC", help="export the generator that was best by a metric")
    parser.add_argument(
        "--even-if-worse",
        action="store_true",
        help="export a model that is worse than its input or the filter; its card says so",
    )
    parser.add_argument("--replace", action="store_true", help="replace a model that is there")
    parser.add_argument(
        "--card", type=file_named("card"), metavar="FILE", help="JSON with values for the model's card"
    )
    parser.add_argument(
        "--figures", type=file_named("file"), metavar="FILE", help="quote what the quality bench wrote"
    )
    parser.add_argument(
        "--calibrate",
        action="store_true",
        help="calibrate the doubt anew on the volumes that judged the run",
    )
    parser.add_argument(
        "--data", type=file_named("folder"), metavar="FOLDER", help="of fetched images (data beside RUN)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Export; returns 0."""
    from GANEnhanceLib.training.export import ExportOptions, export_run

    if arguments.bundle.exists() and not arguments.replace:
        raise OutputError(f"{arguments.bundle} exists already.", "Choose another folder, or add --replace.")
    options = ExportOptions(
        stages=tuple(arguments.stage),
        best=arguments.best,
        even_if_worse=arguments.even_if_worse,
        card=arguments.card,
        figures=arguments.figures,
        replace=arguments.replace,
        calibrate=arguments.calibrate,
    )
    cache = arguments.data or arguments.run.resolve().parent / "data"
    made = export_run(arguments.run, arguments.bundle, cache, options, interruption.check)
    for row in made.results:
        print(_words(row))
    for sentence in made.shortfalls:
        print(f"Exported though: {sentence}")
    print(f"The model gives the voxels of its trainer (largest difference {made.apart:.1g} of the range).")
    print(f"The model is {made.folder}")
    print(f"Try it: ganenhance enhance INPUT OUTPUT --model {_as_path(made.folder)}")
    print(f"Have it in the panel: ganenhance models add {_as_path(made.folder)}")
    return 0


def _words(row: dict[str, Any]) -> str:
    place = ("case", "percent", "noise", "method")
    where = f"{row['case']}, {row['percent']:g} % noise" if "percent" in row else row["case"]
    figures = (f"{name} {value:.4g}" for name, value in row.items() if name not in place)
    return f"{where}: {row['method']}: {', '.join(figures)}"


def _as_path(folder: Path) -> str:
    """Return the folder so that it is not taken for a model's name."""
    return str(folder) if len(folder.parts) > 1 else f"./{folder}"
