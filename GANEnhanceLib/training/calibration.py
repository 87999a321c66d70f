"""The last touch of an estimator of doubt: one factor, found on volumes that nothing was learned from.

Behind a quantile regression such a factor makes the share of errors below it right on new data like those
that it is found on (conformal prediction: Romano et al., Conformalized quantile regression, NeurIPS 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import nn

from GANEnhanceLib.metrics import estimate_noise, foreground
from GANEnhanceLib.networks.doubt import QUANTILE, DoubtEstimator, WithDoubt
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.validation.cases import Case
from GANEnhanceLib.training.validation.fused import run_channels

_MOST_OF_CASE = 20_000
"""Voxels of each case that count, so that each counts as much as the others."""


@dataclass(frozen=True)
class Calibration:
    """What an estimator's doubt is multiplied with, and how many errors then lie below it.

    Attributes:
        factor: above 0; 1 where no volume was held out.
        rows: for each level of the degradation, and for all: "data", "share" of the voxels of the foreground
            whose error lies below the doubt, "lowest" and "highest" of single volumes.
        on_others: each volume was measured with the factor of the other patients alone; False where there is
            one patient, whose own factor makes the share of all right by itself.
    """

    factor: float
    rows: tuple[dict[str, Any], ...] = ()
    on_others: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"factor": self.factor, "rows": list(self.rows), "on_others": self.on_others}


def calibrate(
    generator: nn.Module, estimator: DoubtEstimator, cases: list[Case], config: RunConfig
) -> Calibration:
    """Find the factor of an estimator, whose own is 1, and measure it.

    Args:
        generator: that it is of.
        estimator: its estimator.
        cases: volumes with a reference; without any the factor is 1. Of a denoiser those whose reference is
            noisier than it should be are left out, unless there are no others.
        config: of the run.
    """
    cases = [case for case in cases if config.task != "denoise" or is_clean(case)] or cases
    if not cases:
        return Calibration(1.0)
    network = WithDoubt.joining(generator, estimator).eval()
    ratios = [_ratios(network, case, config) for case in cases]
    patients = [case.patient for case in cases]
    on_others = len(set(patients)) > 1
    shares = []
    for own, patient in zip(ratios, patients, strict=True):
        others = [each for each, whose in zip(ratios, patients, strict=True) if whose != patient]
        shares.append(float(np.mean(own <= find_factor(others if on_others else ratios))))
    return Calibration(find_factor(ratios), tuple(_rows(cases, shares, config)), on_others)


def is_clean(case: Case) -> bool:
    """Tell whether a reference's own noise is at most half of what was added: else its noise, which a good
    denoiser takes away, counts as error."""
    added = float(np.sqrt(np.mean(np.square(case.input - case.wanted)[_inside(case)])))
    return estimate_noise(case.wanted) <= added / 2


def find_factor(ratios: list[np.ndarray]) -> float:
    """Return what the doubt must be multiplied with so that 90 % of the errors lie below it.

    Args:
        ratios: of each case, its errors divided by their doubt; each case counts alike.
    """
    rng = np.random.default_rng(0)
    drawn = np.concatenate([rng.choice(each, _MOST_OF_CASE) for each in ratios])
    # With one more voxel of the same kind in mind, which is what a conformal quantile counts with.
    share = min(1.0, QUANTILE * (1.0 + 1.0 / len(drawn)))
    return max(float(np.quantile(drawn, share)), 1e-3)


def _ratios(network: nn.Module, case: Case, config: RunConfig) -> np.ndarray:
    """Return |output - truth| / doubt of the foreground of a case."""
    output, doubt = run_channels(network, case, config.data.patches)
    truth = (case.wanted_scaling if case.has_new_values else case.scaling).forward(case.wanted)
    return (np.abs(output - truth) / doubt)[_inside(case)]


def _inside(case: Case) -> np.ndarray:
    inside = foreground(case.wanted)
    if not inside.any():
        inside[...] = True
    return inside


def _rows(cases: list[Case], shares: list[float], config: RunConfig) -> list[dict[str, Any]]:
    patients = len({case.patient for case in cases})
    where = f"{patients} validation volume{'s' if patients > 1 else ''}"
    kind = config.degradations[0].kind if config.degradations else ""
    levels = list(dict.fromkeys(case.level for case in cases))
    groups = {}
    if len(levels) > 1:
        for level in levels:
            found = [share for case, share in zip(cases, shares, strict=True) if case.level == level]
            groups[f"{where}, {kind} {level:g}"] = found
    groups[where] = shares
    return [
        {
            "data": name,
            "share": round(float(np.mean(found)), 4),
            "lowest": round(min(found), 4),
            "highest": round(max(found), 4),
        }
        for name, found in groups.items()
    ]
