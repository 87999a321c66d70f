"""What the benchmark writes: CSV of all rows, JSON for each model, and tables in Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from quality.methods import INPUT
from quality.summary import FIGURES, LOWER_IS_BETTER

_SHOWN = {
    "psnr_db": ("PSNR, dB", "{:.2f}"),
    "ssim": ("SSIM", "{:.4f}"),
    "worst_psnr_db": ("worst PSNR", "{:.2f}"),
    "ms_ssim": ("MS-SSIM", "{:.4f}"),
    "feature_distance": ("feature distance", "{:.4f}"),
    "edge_mm": ("edge, mm", "{:.2f}"),
    "nps_distance": ("NPS distance", "{:.4g}"),
    "cnr": ("CNR", "{:.1f}"),
    "enl": ("ENL", "{:.0f}"),
    "ssi": ("SSI", "{:.4f}"),
    "drift_hu": ("drift, HU", "{:.2f}"),
    "cpu_seconds": ("CPU s", "{:.1f}"),
    "peak_mib": ("MiB", "{:.0f}"),
}


def to_csv(rows: Iterable[dict]) -> str:
    """Return all rows as CSV."""
    text = io.StringIO()
    places = ("modality", "task", "case", "patient", "level", "judged", "method")
    writer = csv.DictWriter(text, [*places, *FIGURES], extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: f"{v:.6g}" if isinstance(v, float) else v for key, v in row.items()})
    return text.getvalue()


def quality_tables(summary: list[dict]) -> str:
    """Return one table for each modality, task and level; the best figure of a column is bold.

    A method that is not for all of the images says which ones its mean is of, and is not compared.
    """
    parts = []
    for place in dict.fromkeys((row["modality"], row["task"], row["level"]) for row in summary):
        rows = [row for row in summary if (row["modality"], row["task"], row["level"]) == place]
        modality, task, level = place
        whole = max(rows, key=lambda row: row["patients"])
        cases = whole["case"].removeprefix("mean of ")
        patients = f"{whole['patients']} patient{'s' if whole['patients'] > 1 else ''}: {cases}"
        parts.append(f"### {modality}, {task}: {level}\n\nMean of {patients}.\n\n{_table(rows)}")
    return "\n".join(parts)


def _table(rows: list[dict]) -> str:
    shown = [name for name in _SHOWN if any(name in row for row in rows)]
    every = max(row["patients"] for row in rows)
    best = {name: _best([row for row in rows if row["patients"] == every], name) for name in shown}
    lines = ["| method | " + " | ".join(_SHOWN[name][0] for name in shown) + " |"]
    lines.append("|---" * (len(shown) + 1) + "|")
    for row in rows:
        cells = []
        for name in shown:
            if name not in row:
                cells.append("")
                continue
            text = _SHOWN[name][1].format(row[name])
            if row.get(f"{name}_interval"):
                low, high = row[f"{name}_interval"]
                text += f" ({_SHOWN[name][1].format(low)} to {_SHOWN[name][1].format(high)})"
            cells.append(f"**{text}**" if row is best[name] else text)
        only = "" if row["patients"] == every else f" (only {row['case'].removeprefix('mean of ')})"
        lines.append(f"| {row['method']}{only} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _best(rows: list[dict], name: str) -> dict | None:
    """Return the best row of a column; of time and memory, and beside the input, nothing is marked."""
    if name in ("cpu_seconds", "peak_mib", "enl", "ssi", "cnr"):
        return None
    figure = name.removeprefix("worst_")
    able = [row for row in rows if name in row and row["method"] != INPUT]
    choose = min if figure in LOWER_IS_BETTER else max
    return choose(able, key=lambda row: row[name]) if len(able) > 1 else None


def bar_table(bars: list[dict]) -> str:
    """Return the bars, each with its figure and whether it is held."""
    lines = ["| bar | figure | needed | held |", "|---|---|---|---|"]
    for bar in bars:
        value = bar["value"] if isinstance(bar["value"], str) else f"{bar['value']:+.4g}"
        lines.append(f"| {bar['bar']} | {value} | {bar['needed']} | {'yes' if bar['held'] else '**no**'} |")
    return "\n".join(lines) + "\n"


def harm_tables(harm: dict) -> str:
    """Return the tables of the harm tests of one setting."""
    parts = [
        _plain(
            "Lesions: d' of a reader before and after, and what else tells of them",
            harm["lesions"],
            {
                "level": "level",
                "radius_voxels": "radius",
                "contrast": "contrast",
                "reader_before": "d' before",
                "reader_after": "d' after",
                "ratio": "ratio",
                "interval": "interval",
                "steady_ratio": "own noise steady",
                "information_ratio": "information",
                "contrast_after": "contrast kept",
                "held": "held",
            },
            "The reader's own noise is as strong in each channel as that of the image it reads. Not judged:"
            " the ratio where it stays that of the input, that of an observer without noise of its own, and"
            " the contrast.",
        ),
        _plain(
            "False structures on lesion-free twins, of at least this contrast",
            harm["twins"],
            {key: key.replace("_", " ") for key in (harm["twins"][0] if harm["twins"] else ())},
        ),
        _plain(
            "Invented patches",
            harm["patches"],
            {
                "case": "case",
                "level": "level",
                "share": "share invented",
                "windows": "windows",
                "mean_gain": "mean gain of agreement",
                "largest_fall": "largest fall",
                "held": "held",
            },
        ),
        _plain(
            "Strange inputs, shares of the range",
            harm["strange"],
            {
                "input": "input",
                "noise": "noise",
                "change_rms": "change (rms)",
                "change_allowed": "allowed",
                "change_largest": "largest",
                "bounded": "bounded",
                "warned": "warned",
            },
        ),
        _plain("Clean images", harm["clean"], {"case": "case", "psnr_db": "PSNR, dB", "held": "held"}),
        _plain(
            "Second pass, share of the first change",
            harm["twice"],
            {"case": "case", "second_change": "second change", "held": "held"},
        ),
    ]
    return "\n".join(part for part in parts if part)


def plain_table(rows: list[dict]) -> str:
    """Return a table of rows with a column for each of their keys."""
    columns = {key: key.replace("_", " ") for row in rows for key in row}
    return _table_of(rows, columns)


def _plain(title: str, rows: list[dict], columns: dict[str, str], words: str = "") -> str:
    if not rows:
        return ""
    return "\n\n".join(part for part in (f"#### {title}", words, _table_of(rows, columns)) if part)


def _table_of(rows: list[dict], columns: dict[str, str]) -> str:
    lines = ["| " + " | ".join(columns.values()) + " |", "|---" * len(columns) + "|"]
    for row in rows:
        lines.append("| " + " | ".join(_cell(row.get(key)) for key in columns) + " |")
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    if isinstance(value, list):
        return " to ".join(f"{each:.2f}" for each in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
