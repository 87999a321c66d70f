"""What an export takes over of the estimators of doubt that a run has learned behind its generators."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.networks.doubt import QUANTILE, WITH_DOUBT, DoubtEstimator, arguments_of, join_states
from GANEnhanceLib.training.calibration import calibrate
from GANEnhanceLib.training.chosen import State, Weights
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.data.build import hold_out
from GANEnhanceLib.training.data.fitting import channels_of
from GANEnhanceLib.training.loop.checkpoints import read_state
from GANEnhanceLib.training.loop.folder import RunFolder

_DECIDE_VOXELS = ("plan", "residual_bound", "keep_outside")
"""Values of a card that the configuration of a run does not say in the end."""


@dataclass(frozen=True)
class Doubt:
    """An estimator's state, and its calibration as the run noted it."""

    state: State
    figures: dict[str, Any]


def read_doubts(folder: RunFolder, config: RunConfig, weights: dict[str, Weights]) -> dict[str, Doubt]:
    """Return the estimator of each weight set; empty unless all of them have one.

    An estimator is of the generator at the end of a stage: the best one before is another.

    Args:
        folder: of the run.
        config: of the run.
        weights: that are exported.

    Raises:
        InputError: a file is damaged.
    """
    learned = {stage.of: stage.name for stage in config.doubt_stages()}
    found = {}
    for name, each in weights.items():
        path = folder.stage_weights(learned.get(each.stage, "doubt-none"))
        if not each.is_finished or not path.exists():
            return {}
        figures = {}
        with contextlib.suppress(OSError, ValueError):
            figures = json.loads(folder.doubt_figures(path.stem).read_text(encoding="utf-8"))
        found[name] = Doubt(read_state(path), figures)
    return found


def calibrate_again(
    doubts: dict[str, Doubt],
    generators: dict[str, nn.Module],
    config: RunConfig,
    cache: Path,
    enhancement: dict[str, Any],
) -> dict[str, Doubt]:
    """Return estimators with the factor that the engine gives now; what they learned stays.

    Args:
        doubts: of the run, by weight set.
        generators: of the same sets.
        config: of the run.
        cache: folder of public images.
        enhancement: section of the card that is exported.

    Raises:
        InputError: no patient was held out to calibrate on, or the volumes are gone.
    """
    volumes = hold_out(config, cache, "validation")
    if not volumes:
        raise InputError(
            f"No patient of the run '{config.name}' was held out, so its doubt cannot be calibrated.",
            "Leave --calibrate out.",
        )
    dimensions = 3 if config.data.patches.dimensions == "3d" else 2
    sections = {key: enhancement[key] for key in _DECIDE_VOXELS if key in enhancement}
    found = {}
    for name, doubt in doubts.items():
        estimator = DoubtEstimator(channels_of(config), dimensions, len(doubt.state["head.bias"]))
        estimator.load_state_dict(doubt.state)
        estimator.factor.fill_(1.0)
        calibration = calibrate(generators[name], estimator, volumes, config, sections)
        estimator.factor.fill_(calibration.factor)
        found[name] = Doubt(estimator.state_dict(), calibration.to_dict())
    return found


def add_doubt(
    enhancement: dict[str, Any], config: RunConfig, states: dict[str, State], doubts: dict[str, Doubt]
) -> dict[str, State]:
    """Change a card to that of a generator with its doubt, and return the states of both as one.

    Args:
        enhancement: section of the card; its network is wrapped, and it gets the section "doubt".
        config: of the run.
        states: of the generators, by weight set.
        doubts: of the same sets.
    """
    network = enhancement["network"]
    channels, dimensions = network["channels_in"], network["dimensions"]
    features = len(next(iter(doubts.values())).state["head.bias"])
    network["arguments"] = arguments_of(
        network["architecture"], network["arguments"], channels, dimensions, features
    )
    network["architecture"] = WITH_DOUBT
    coverage = [
        {"weights": name, **row} for name, doubt in doubts.items() for row in doubt.figures.get("rows", [])
    ]
    reach = DoubtEstimator(channels_of(config), dimensions, features).reach
    enhancement["doubt"] = {"quantile": QUANTILE, "reach": reach, "coverage": coverage}
    return {name: join_states(state, doubts[name].state) for name, state in states.items()}
