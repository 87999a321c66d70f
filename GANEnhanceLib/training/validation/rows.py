"""A judgment in rows: each figure of the model beside that of its input and of the classical filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from GANEnhanceLib.training.validation.measures import METRICS

_BESIDE = ("input_", "classical_", "real_")


@dataclass(frozen=True)
class JudgedRow:
    """One metric of a judgment; None where it was not taken.

    `real` is what images of one kind have among themselves, for runs that imitate images.
    """

    metric: str
    model: float | None
    input: float | None = None
    classical: float | None = None
    real: float | None = None


def judged_rows(figures: dict[str, Any]) -> list[JudgedRow]:
    """Return the rows of a judgment, as a judge gives it or as the log has it, in the order of METRICS."""
    measured = {name.removeprefix(prefix) for name in figures for prefix in ("", *_BESIDE)}
    return [
        JudgedRow(name, figures.get(name), *(figures.get(f"{prefix}{name}") for prefix in _BESIDE))
        for name in METRICS
        if name in measured
    ]


def judgment_in_words(figures: dict[str, Any], classical: str) -> str:
    """Return a judgment as one line, for example "psnr 30.1 dB (input 24.4, median 27.9), ssim ...".

    Args:
        figures: of a judge.
        classical: name of the filter beside it.
    """
    return ", ".join(_row_in_words(row, classical) for row in judged_rows(figures))


def range_in_words(metric: str) -> str:
    """Return unit and range of a metric, for example "dB, at most 120"."""
    known = METRICS[metric]
    low, high = (f"{limit:g}" if abs(limit) != float("inf") else None for limit in (known.low, known.high))
    limits = f"{low} to {high}" if low and high else f"at most {high}" if high else f"at least {low}"
    return f"{known.unit}, {limits}" if known.unit else limits


def figure_in_words(value: float | None) -> str:
    """Return a figure with four digits, or a dash where there is none."""
    return "-" if value is None else f"{value:.4g}"


def _row_in_words(row: JudgedRow, classical: str) -> str:
    unit = METRICS[row.metric].unit
    # Units in words would make the line unreadable.
    ours = f"{row.metric} {figure_in_words(row.model)}" + (f" {unit}" if unit in ("dB", "mm") else "")
    named = {"input": row.input, classical: row.classical, "real images": row.real}
    beside = ", ".join(
        f"{name} {figure_in_words(value)}" for name, value in named.items() if value is not None
    )
    return f"{ours} ({beside})" if beside else ours
