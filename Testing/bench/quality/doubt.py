"""Whether a model's doubt map keeps its word: nine in ten true errors lie below it."""

from __future__ import annotations

import numpy as np

from quality.cases import Case
from quality.ours import OurModel, Setting

LEAST_SHARE, MOST_SHARE = 0.87, 0.93
POOLED = "all cases"


def judge_doubt(model: OurModel, setting: Setting, case: Case) -> dict:
    """Return the row of a case: the share of the compared voxels whose error lies below the map, their
    number, and the means of the map and of the error in value units."""
    options = {"doubt": True}
    if case.task == "superres":
        options["scale"] = tuple(map(float, case.factors[::-1]))
    found = model.enhance(case.given, setting, options=options)
    mask = case.mask
    return share_row(case, found.volume.voxels[mask], found.doubt.voxels[mask], case.reference[mask])


def share_row(case: Case, made: np.ndarray, doubt: np.ndarray, truth: np.ndarray) -> dict:
    """Return the row of a case from its voxels, all of one shape."""
    error = np.abs(np.subtract(made, truth, dtype=np.float64))
    return {
        "case": case.image,
        "level": case.level,
        "share": round(float(np.mean(error <= doubt)), 4),
        "voxels": int(error.size),
        "mean_doubt": round(float(doubt.mean(dtype=np.float64)), 5),
        "mean_error": round(float(error.mean()), 5),
    }


def doubt_bars(rows: list[dict], setting: str) -> list[dict]:
    """Return the bars of rows of `judge_doubt`: all voxels together, and the case that is farthest off."""
    if not rows:
        return []
    voxels = sum(row["voxels"] for row in rows)
    pooled = sum(row["share"] * row["voxels"] for row in rows) / voxels
    worst = max(rows, key=lambda row: abs(row["share"] - (LEAST_SHARE + MOST_SHARE) / 2))
    places = {POOLED: pooled, f"worst: {worst['case']}, {worst['level']}": worst["share"]}
    return [_bar(f"doubt map: share below it, {setting} ({where})", share) for where, share in places.items()]


def missing_bar(model: str) -> dict:
    """Return the bar of a model without a doubt map, which is missed."""
    return {"bar": f"doubt map: {model} has one", "value": 0, "needed": "one", "held": False}


def _bar(name: str, share: float) -> dict:
    return {
        "bar": name,
        "value": round(share, 4),
        "needed": f"{LEAST_SHARE:g} to {MOST_SHARE:g}",
        "held": LEAST_SHARE <= round(share, 4) <= MOST_SHARE,
    }
