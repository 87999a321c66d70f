"""Means, worst cases and confidence intervals of rows, by level and method."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

FIGURES = (
    "psnr_db",
    "ssim",
    "ms_ssim",
    "feature_distance",
    "edge_mm",
    "nps_distance",
    "cnr",
    "enl",
    "ssi",
    "drift_hu",
    "cpu_seconds",
    "peak_mib",
)
LOWER_IS_BETTER = {"feature_distance", "edge_mm", "nps_distance", "ssi", "drift_hu"}
_DRAWS = 2000
_SHARE = 0.95


def summarize(rows: Iterable[dict]) -> list[dict]:
    """Return a row for each level and method, over the cases that are judged.

    `psnr_db` and the others are means over patients (each patient's images count as one), `worst_psnr_db` and
    `worst_ssim` the lowest of any case, `psnr_db_interval` the 95 % interval by patient.
    """
    groups: dict[tuple, list[dict]] = {}
    for row in rows:
        if row.get("judged", True):
            groups.setdefault((row["modality"], row["task"], row["level"], row["method"]), []).append(row)
    return [_summary(place, chosen) for place, chosen in groups.items()]


def _summary(place: tuple, rows: list[dict]) -> dict:
    modality, task, level, method = place
    names = list(dict.fromkeys(row["case"] for row in rows))
    summary = {
        "case": "mean of " + " and ".join(names),
        "modality": modality,
        "task": task,
        "level": level,
        "percent": rows[0]["percent"],
        "method": method,
        "patients": len({row["patient"] for row in rows}),
    }
    for figure in FIGURES:
        values = [(row["patient"], row[figure]) for row in rows if figure in row]
        if not values:
            continue
        patients, means = by_patient(*zip(*values, strict=True))
        summary[figure] = float(np.mean(means))
        if figure in ("psnr_db", "ssim"):
            summary[f"worst_{figure}"] = min(value for _, value in values)
            summary[f"{figure}_interval"] = bootstrap_interval(means)
    return summary


def by_patient(patients: Sequence[str], values: Sequence[float]) -> tuple[list[str], np.ndarray]:
    """Return patients and the mean of the values of each."""
    names = list(dict.fromkeys(patients))
    means = [np.mean([v for p, v in zip(patients, values, strict=True) if p == name]) for name in names]
    return names, np.asarray(means, dtype=float)


def bootstrap_interval(values: np.ndarray, seed: int = 0) -> list[float] | None:
    """Return the 95 % percentile interval of the mean, values (n,) drawn with replacement; None for one.

    B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13. With few values it is
    too narrow, and says how they differ rather than how the next one will.
    """
    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        return None
    draws = np.random.default_rng(seed).integers(0, len(values), (_DRAWS, len(values)))
    tail = (1 - _SHARE) / 2
    return [float(each) for each in np.quantile(values[draws].mean(axis=1), (tail, 1 - tail))]
