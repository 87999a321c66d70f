"""Draws the curves of a run from its log."""

from __future__ import annotations

from pathlib import Path

from GANEnhanceLib.training.loop.journal import read_log

_NOT_CURVES = {"kind", "stage", "step", "total", "text"}


def plot_run(run: Path, out: Path) -> list[Path]:
    """Write one PNG for the training figures and one for the validation's; returns the files.

    Each panel is one figure over the steps of the whole run; a vertical line is where a stage begins.
    """
    import matplotlib

    matplotlib.use("Agg")
    lines = read_log(Path(run) / "log.jsonl")
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in ("train", "validation"):
        chosen = [line for line in lines if line.get("kind") == kind]
        if chosen:
            written.append(_draw(chosen, out / f"{kind}.png"))
    return written


def _draw(lines: list[dict], path: Path) -> Path:
    from matplotlib.figure import Figure

    names = sorted({name for line in lines for name in line} - _NOT_CURVES)
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(4 * columns, 2.6 * rows), layout="constrained")
    begins = [
        line["total"]
        for line, before in zip(lines[1:], lines, strict=False)
        if line["stage"] != before["stage"]
    ]
    for number, name in enumerate(names):
        axes = figure.add_subplot(rows, columns, number + 1)
        points = [(line["total"], line[name]) for line in lines if name in line]
        axes.plot(*zip(*points, strict=True), linewidth=1)
        axes.set_title(name, fontsize=9)
        axes.set_xlabel("step", fontsize=8)
        for begin in begins:
            axes.axvline(begin, color="0.7", linewidth=0.8)
    figure.savefig(path, dpi=100)
    return path
