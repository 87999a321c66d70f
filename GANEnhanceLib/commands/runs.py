"""`ganenhance runs`: list training runs with their best figures; `ganenhance runs plot RUN` draws them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from GANEnhanceLib.errors import InputError


def add_parser(commands: Any, name: str) -> None:
    """Describe the arguments."""
    parser = commands.add_parser(
        name,
        help="list and draw training runs",
        description="List the training runs of a folder with their best figures, or draw one run's curves.",
    )
    parser.set_defaults(parser=parser)
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), metavar="FOLDER", help="folder of the runs (runs)"
    )
    actions = parser.add_subparsers(dest="action", metavar="plot")
    plot = actions.add_parser("plot", help="write PNGs of a run's curves")
    plot.set_defaults(parser=plot)
    plot.add_argument("run", type=Path, metavar="RUN", help="folder of the run")
    plot.add_argument("--out", type=Path, metavar="FOLDER", help="where the PNGs go (RUN/plots)")


def run(arguments: argparse.Namespace) -> int:
    """List or draw; returns 0."""
    if arguments.action == "plot":
        from GANEnhanceLib.training.loop.plots import plot_run

        if not (arguments.run / "log.jsonl").is_file():
            raise InputError(f"{arguments.run} holds no run.", "Name a folder that `ganenhance runs` lists.")
        for path in plot_run(arguments.run, arguments.out or arguments.run / "plots"):
            print(path)
        return 0
    rows = [_row(folder) for folder in sorted(arguments.runs.glob("*")) if (folder / "state.json").is_file()]
    if not rows:
        print(f"There is no run in {arguments.runs}.")
        return 0
    widths = [max(len(row[column]) for row in [_HEAD, *rows]) for column in range(len(_HEAD))]
    for row in [_HEAD, *rows]:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
    return 0


_HEAD = ("run", "status", "stage", "steps", "best")


def _row(folder: Path) -> tuple[str, ...]:
    from GANEnhanceLib.training.loop.folder import RunFolder

    state = RunFolder(folder).read_state()
    best = ", ".join(f"{name} {value:.4g}" for name, value in (state.get("best") or {}).items())
    return (
        folder.name,
        str(state.get("status", "?")),
        str(state.get("stage", "")),
        str(state.get("total", 0)),
        best,
    )
