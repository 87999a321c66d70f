"""The last touch of an estimator of doubt: one factor, found on volumes that nothing was learned from.

It is found on what the engine gives, which is what users get: a mean of passes that is bounded and brought
back to the data errs less than one pass of the network. Behind a quantile regression such a factor makes the
share of errors below it right on new data like those that it is found on (conformal prediction: Romano et
al., Conformalized quantile regression, NeurIPS 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from GANEnhanceLib.inference.backends import forget_backends
from GANEnhanceLib.metrics import estimate_noise
from GANEnhanceLib.models.model import Model
from GANEnhanceLib.networks.describe import reach_of
from GANEnhanceLib.networks.doubt import QUANTILE, DoubtEstimator, WithDoubt
from GANEnhanceLib.training.card import make_card, super_resolution_of
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.data.volumes import HeldOutVolume
from GANEnhanceLib.training.validation.cases import Case
from GANEnhanceLib.training.validation.fused import run_channels
from GANEnhanceLib.training.validation.module_model import ModuleModel
from GANEnhanceLib.training.validation.trials import Trial, foreground_or_all, make_trials

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
    generator: nn.Module,
    estimator: DoubtEstimator,
    volumes: list[HeldOutVolume],
    config: RunConfig,
    sections: dict[str, Any] | None = None,
) -> Calibration:
    """Find the factor of an estimator, whose own is 1, and measure it.

    Args:
        generator: that it is of.
        estimator: its estimator.
        volumes: with a reference; without any the factor is 1. Of a denoiser and of super-resolution those
            whose reference is noisier than it should be are left out, unless there are no others.
        config: of the run.
        sections: what the card's section "enhancement" says beside what the configuration does.
    """
    trials = make_trials(config, volumes)
    trials = [trial for trial in trials if _can_be_told(trial, config)] or trials
    if not trials:
        return Calibration(1.0)
    network = WithDoubt.joining(generator, estimator).eval()
    model = None if config.data.is_fused else _model_of(network, config, sections or {})
    device = str(next(generator.parameters()).device)
    ratios = [_ratios(trial, network, config, model, device) for trial in trials]
    forget_backends()
    patients = [trial.patient for trial in trials]
    on_others = len(set(patients)) > 1
    shares = []
    for own, patient in zip(ratios, patients, strict=True):
        others = [each for each, whose in zip(ratios, patients, strict=True) if whose != patient]
        shares.append(float(np.mean(own <= find_factor(others if on_others else ratios))))
    return Calibration(find_factor(ratios), tuple(_rows(trials, shares)), on_others)


def is_clean(case: Case) -> bool:
    """Tell whether a reference's own noise is at most half of what was added: else its noise, which a good
    denoiser takes away, counts as error."""
    inside = foreground_or_all(case.wanted)
    added = float(np.sqrt(np.mean(np.square(case.input - case.wanted)[inside])))
    return estimate_noise(case.wanted) <= added / 2


def _can_be_told(trial: Trial, config: RunConfig) -> bool:
    """Tell whether errors of a trial are the model's: detail of a reference that is its noise nobody can
    foresee."""
    if trial.case is None:
        return trial.noise == 0 or estimate_noise(trial.wanted) <= trial.noise / 2
    return config.task != "denoise" or is_clean(trial.case)


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


def _model_of(network: WithDoubt, config: RunConfig, sections: dict[str, Any]) -> Model:
    """Return what the engine runs: the network, with a card that says of it what an export says."""
    dimensions = 3 if config.data.patches.dimensions == "3d" else 2
    reach = reach_of(network.generator, 1, 3) if dimensions == 3 else 0
    refinement = super_resolution_of(config)
    said = {"doubt": {"quantile": QUANTILE, "reach": network.doubt.reach}, **sections}
    if refinement is not None:
        said["super_resolution"] = refinement
    return ModuleModel(network, make_card(config, network.generator, reach, said))


def _ratios(
    trial: Trial, network: WithDoubt, config: RunConfig, model: Model | None, device: str
) -> np.ndarray:
    """Return |output - truth| / doubt of the voxels that count; without a model, which a network of several
    inputs is not, the network is run as it is."""
    case = trial.case
    if model is None:
        output, doubt = run_channels(network, case, config.data.patches)
        truth = (case.wanted_scaling if case.has_new_values else case.scaling).forward(case.wanted)
        return (np.abs(output - truth) / doubt)[trial.inside]
    found = trial.run(model, device=device, threads=torch.get_num_threads(), doubt=True)
    output, doubt = found.volume.voxels, found.doubt.voxels
    if case is not None and case.has_new_values:
        output = case.in_units_of_target(output)
        doubt = doubt * (case.data_range / (case.scaling.high - case.scaling.low))
    # Where the doubt is 0 the voxel was not the network's to change.
    inside = trial.inside & (doubt > 0)
    return np.abs(output - trial.wanted)[inside] / doubt[inside]


def _rows(trials: list[Trial], shares: list[float]) -> list[dict[str, Any]]:
    patients = len({trial.patient for trial in trials})
    where = f"{patients} validation volume{'s' if patients > 1 else ''}"
    levels = list(dict.fromkeys(trial.level for trial in trials))
    groups = {}
    if len(levels) > 1:
        for level in levels:
            found = [share for trial, share in zip(trials, shares, strict=True) if trial.level == level]
            groups[f"{where}, {level}"] = found
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
