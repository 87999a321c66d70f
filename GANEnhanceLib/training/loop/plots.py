"""Draws the curves of runs from their logs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from GANEnhanceLib.training.loop.journal import read_log
from GANEnhanceLib.training.validation.measures import METRICS
from GANEnhanceLib.training.validation.rows import judged_rows

_NOT_CURVES = {"kind", "stage", "step", "total", "text"}
_BESIDE = {"input": ":", "classical": "--", "real": "-."}
"""Line styles of what is drawn beside a model's figure."""

Lines = list[dict[str, Any]]


def plot_run(run: Path, out: Path) -> list[Path]:
    """Write the curves of one run; see `plot_runs`."""
    return plot_runs([run], out)


def plot_runs(runs: list[Path], out: Path) -> list[Path]:
    """Write one PNG for the training figures and one for the validation's; returns the files.

    Each panel is one figure over the steps of the whole run, a curve for each run; what was measured beside
    the model (input, classical filter) is in the panel of its metric. A vertical line is where a stage
    begins.

    Args:
        runs: folders of runs; the first one's stages and figures beside the model are drawn.
        out: folder of the PNGs; is made.
    """
    import matplotlib

    matplotlib.use("Agg")
    logs = {Path(run).name: read_log(Path(run) / "log.jsonl") for run in runs}
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, panels_of in (("train", _training_panels), ("validation", _validation_panels)):
        chosen = {name: [line for line in log if line.get("kind") == kind] for name, log in logs.items()}
        if any(chosen.values()):
            written.append(_draw(chosen, panels_of(chosen), out / f"{kind}.png"))
    return written


def _training_panels(logs: dict[str, Lines]) -> dict[str, dict[str, str]]:
    """Return for each panel its title and the keys that are drawn, with the style of each."""
    names = {name for lines in logs.values() for line in lines for name in line} - _NOT_CURVES
    return {name: {name: "-"} for name in sorted(names)}


def _validation_panels(logs: dict[str, Lines]) -> dict[str, dict[str, str]]:
    measured = {key: value for lines in logs.values() for line in lines for key, value in line.items()}
    panels = {}
    for row in judged_rows(measured):
        known = METRICS[row.metric]
        better = "higher" if known.higher_is_better else "lower"
        title = f"{row.metric} [{known.unit}]" if known.unit else row.metric
        beside = {f"{name}_{row.metric}": style for name, style in _BESIDE.items()}
        panels[f"{title}, {better} is better"] = {row.metric: "-", **beside}
    return panels


def _draw(logs: dict[str, Lines], panels: dict[str, dict[str, str]], path: Path) -> Path:
    from matplotlib.figure import Figure

    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    figure = Figure(figsize=(4 * columns, 2.6 * rows), layout="constrained")
    for number, (title, keys) in enumerate(panels.items()):
        axes = figure.add_subplot(rows, columns, number + 1)
        for run, (name, lines) in enumerate(logs.items()):
            for key, style in keys.items():
                is_model = key == next(iter(keys))
                if is_model or run == 0:
                    _draw_curve(axes, lines, key, style, name if is_model else key.partition("_")[0])
        axes.set_title(title, fontsize=9)
        axes.set_xlabel("step", fontsize=8)
        axes.tick_params(labelsize=8)
        for begin in _begins(next(iter(logs.values()))):
            axes.axvline(begin, color="0.7", linewidth=0.8)
        if len(axes.get_legend_handles_labels()[1]) > 1:
            axes.legend(fontsize=7)
    figure.savefig(path, dpi=100)
    return path


def _draw_curve(axes: Any, lines: Lines, key: str, style: str, label: str) -> None:
    points = [(line["total"], line[key]) for line in lines if key in line]
    if points:
        axes.plot(
            *zip(*points, strict=True),
            style,
            marker="." if len(points) < 2 else None,
            linewidth=1,
            label=label,
        )


def _begins(lines: Lines) -> list[int]:
    return [
        line["total"]
        for line, before in zip(lines[1:], lines, strict=False)
        if line["stage"] != before["stage"]
    ]
