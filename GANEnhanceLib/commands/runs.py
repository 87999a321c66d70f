"""`ganenhance runs`: list training runs; `runs show RUN` tells of one, `runs plot RUN ...` draws them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from GANEnhanceLib.errors import InputError, OutputError

_NAME_A_RUN = "Name a folder that `ganenhance runs` lists."


def add_parser(commands: Any, name: str) -> None:
    """Describe the arguments."""
    parser = commands.add_parser(
        name,
        help="list, compare and draw training runs",
        description="List the training runs of a folder with their best figures, show what one was judged "
        "by, or draw curves.",
    )
    parser.set_defaults(parser=parser)
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), metavar="FOLDER", help="folder of the runs (runs)"
    )
    actions = parser.add_subparsers(dest="action", metavar="action")
    listing = actions.add_parser("list", help="list the runs, as without an action")
    listing.set_defaults(parser=listing)
    show = actions.add_parser("show", help="tell of a run's judgments, beside its input and a filter")
    show.set_defaults(parser=show)
    show.add_argument("run", type=Path, metavar="RUN", help="folder of the run")
    plot = actions.add_parser("plot", help="write PNGs of the curves of one run or several")
    plot.set_defaults(parser=plot)
    plot.add_argument("run", type=Path, nargs="+", metavar="RUN", help="folder of a run")
    plot.add_argument("--out", type=Path, metavar="FOLDER", help="where the PNGs go (plots in the first RUN)")


def run(arguments: argparse.Namespace) -> int:
    """List, show or draw; returns 0."""
    if arguments.action == "plot":
        return _plot(arguments.run, arguments.out)
    if arguments.action == "show":
        return _show(arguments.run)
    folders = [folder for folder in sorted(arguments.runs.glob("*")) if (folder / "state.json").is_file()]
    if not folders:
        print(f"There is no run in {arguments.runs}.")
        return 0
    _print_table([_HEAD, *(_row(folder) for folder in folders)])
    return 0


_HEAD = ("run", "status", "stage", "steps", "best")


def _row(folder: Path) -> tuple[str, ...]:
    from GANEnhanceLib.training.loop.folder import RunFolder
    from GANEnhanceLib.training.loop.journal import read_log

    kept = RunFolder(folder)
    kept.sweep()
    state = kept.read_state()
    judged = [line for line in read_log(folder / "log.jsonl") if line.get("kind") == "validation"]
    beside = judged[-1] if judged else {}
    best = []
    for name, value in (state.get("best") or {}).items():
        given = beside.get(f"input_{name}")
        best.append(f"{name} {value:.4g}" + (f" (input {given:.4g})" if given is not None else ""))
    status, stage = str(state.get("status", "?")), str(state.get("stage", ""))
    return folder.name, status, stage, str(state.get("total", 0)), ", ".join(best)


def _show(folder: Path) -> int:
    from GANEnhanceLib.training.loop.journal import read_log

    log = read_log(_log_of(folder))
    judged = [line for line in log if line.get("kind") == "validation"]
    _print_table([_HEAD, _row(folder)])
    if judged:
        print()
        _print_judgments(folder, judged)
    else:
        print("It has not been judged yet.")
    warnings = [line for line in log if line.get("kind") == "warning"]
    if warnings:
        print()
    for line in warnings:
        print(f"Warning of stage {line['stage']}: {line['text']}")
    return 0


def _print_judgments(folder: Path, judged: list[dict[str, Any]]) -> None:
    """Print the last judgment, and beside it for each metric the best one."""
    from GANEnhanceLib.training.validation.judge import higher_is_better
    from GANEnhanceLib.training.validation.measures import METRICS
    from GANEnhanceLib.training.validation.rows import figure_in_words, judged_rows, range_in_words

    rows = judged_rows(judged[-1])
    beside = {"input": "input", _classical_of(folder): "classical", "real images": "real"}
    shown = {name: key for name, key in beside.items() if any(getattr(row, key) is not None for row in rows)}
    head = ("metric", "unit and range", "better", *shown, "model", "best", "at step")
    table = [head]
    for row in rows:
        is_higher = higher_is_better(row.metric)
        taken = [line for line in judged if row.metric in line]
        best = (max if is_higher else min)(taken, key=lambda line, name=row.metric: line[name], default={})
        values = [getattr(row, key) for key in shown.values()]
        figures = [figure_in_words(value) for value in (*values, row.model, best.get(row.metric))]
        better = "higher" if is_higher else "lower"
        table.append((row.metric, range_in_words(row.metric), better, *figures, str(best.get("total", "-"))))
    _print_table(table)
    print(f"\nThe column model is the last judgment, at step {judged[-1]['total']} of the run.")
    if "data_range" in judged[-1]:
        print(f"Full scale is {judged[-1]['data_range']:g} value units on average.")
    for row in rows:
        print(f"{row.metric}: {METRICS[row.metric].text}")


def _plot(runs: list[Path], out: Path | None) -> int:
    for folder in runs:
        _log_of(folder)
    from GANEnhanceLib.training.loop.plots import plot_runs

    folder = out or runs[0] / "plots"
    try:
        written = plot_runs(runs, folder)
    except OSError as error:
        raise OutputError(
            f"The curves cannot be written to {folder}: {error.strerror or error}.",
            "Choose another folder with --out.",
        ) from error
    for path in written:
        print(path)
    if not written:
        print(f"There is nothing to draw yet in {runs[0]}.")
    return 0


def _log_of(folder: Path) -> Path:
    log = folder / "log.jsonl"
    if not log.is_file():
        there = "has told nothing yet" if (folder / "state.json").is_file() else "holds no run"
        raise InputError(f"{folder} {there}.", _NAME_A_RUN)
    return log


def _classical_of(folder: Path) -> str:
    """Return the name of the filter that a run is compared with."""
    import yaml

    try:
        said = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
        return str(said["validation"]["classical"])
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return "filter"


def _print_table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
