"""Whether a super-resolution agrees with its input: made coarse again, it is the input within its noise."""

from __future__ import annotations

import math

import numpy as np

from quality.cases import Case
from quality.degradations import thin_out


def disagreement(image: np.ndarray, case: Case) -> float:
    """Return the root mean square of (result made coarse again - input) over the noise of the input.

    Taken where it is compared. The truth itself has 1; an interpolation through the input's voxels less.
    """
    back = thin_out(image, case.factors)
    mask = thin_out(case.mask.astype(np.float32), case.factors) > 0.99
    difference = np.subtract(back, case.given.voxels, dtype=np.float64)[mask]
    return math.sqrt(float(np.mean(difference**2))) / case.sigma


def consistency_bars(rows: list[dict], setting: str) -> list[dict]:
    """Return the bar of rows with `case`, `level` and `disagreement`."""
    if not rows:
        return []
    worst = max(rows, key=lambda row: row["disagreement"])
    return [
        {
            "bar": f"made coarse again it is the input within its noise, {setting} (worst: {worst['case']},"
            f" {worst['level']})",
            "value": worst["disagreement"],
            "needed": "at most 1 (of the noise)",
            "held": worst["disagreement"] <= 1,
        }
    ]
