"""What the export of a model reads: the rows that its card quotes, and what short numbers cost."""

from __future__ import annotations

from quality.methods import INPUT
from quality.ours import is_of, is_ours


def card_rows(summary: list[dict], model: str) -> list[dict]:
    """Return what a card quotes: the input, the best classical method of each level, and the model.

    `percent` is there for plain noise levels; what else a level is stands in `case`.
    """
    quoted = []
    for level in dict.fromkeys(row["level"] for row in summary):
        rows = [row for row in summary if row["level"] == level and "bfloat16" not in row["method"]]
        classical = [row for row in rows if row["method"] != INPUT and not is_ours(row)]
        every = max((row["patients"] for row in rows), default=0)
        able = [row for row in classical if row["patients"] == every]  # means of the same images only
        best = max(able, key=lambda row: row["psnr_db"], default=None)
        quoted += [_quote(row) for row in rows if row["method"] == INPUT or row is best or is_of(row, model)]
    return quoted


def _quote(row: dict) -> dict:
    figures = {"method": row["method"], "psnr_db": round(row["psnr_db"], 3), "ssim": round(row["ssim"], 4)}
    if row["percent"] is not None and row["level"] == f"{row['percent']:g} %":
        return {"case": row["case"], "percent": row["percent"], **figures}
    return {"case": f"{row['case']}, {row['level']}", **figures}


def short_number_loss(rows: list[dict], model: str, default: float) -> float:
    """Return how much PSNR bfloat16 costs at most at the default fidelity, dB; 0 without such rows."""
    name = f"{model}, fidelity {default:g}"
    exact = {(row["case"], row["level"]): row["psnr_db"] for row in rows if row["method"] == name}
    losses = [
        exact[row["case"], row["level"]] - row["psnr_db"]
        for row in rows
        if row["method"] == f"{name}, bfloat16"
    ]
    return round(max([0.0, *losses]), 4)
