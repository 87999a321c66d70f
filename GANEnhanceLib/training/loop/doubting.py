"""The stages that learn the doubt of finished generators: what they begin with, and how they end."""

from __future__ import annotations

import json
import logging
from typing import Any

import torch

from GANEnhanceLib.networks.doubt import DoubtEstimator
from GANEnhanceLib.training.calibration import Calibration, calibrate
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.config.stages import DoubtStage
from GANEnhanceLib.training.data.fitting import channels_of
from GANEnhanceLib.training.loop.checkpoints import read_state
from GANEnhanceLib.training.loop.folder import RunFolder, write_aside
from GANEnhanceLib.training.steps.doubt import DoubtStep

_log = logging.getLogger(__name__)


def make_doubt_step(
    folder: RunFolder, config: RunConfig, stage: DoubtStage, generator: torch.nn.Module, context: Any
) -> DoubtStep:
    """Return the step of a stage: the finished generator, and an estimator to learn.

    The estimator begins with what was learned for the first set of weights, so that the two can be
    interpolated as their generators are.

    Args:
        folder: of the run.
        config: of the run.
        stage: what is learned.
        generator: is given the finished weights.
        context: device, precision, processes.
    """
    generator.load_state_dict(read_state(folder.stage_weights(stage.of)))
    dimensions = 3 if config.data.patches.dimensions == "3d" else 2
    estimator = DoubtEstimator(channels_of(config), dimensions, stage.channels)
    first = folder.stage_weights(config.doubt_stages()[0].name)
    if first.exists():
        estimator.load_state_dict(read_state(first))
        estimator.factor.fill_(1.0)
    return DoubtStep(generator, estimator, stage, context)


def finish_doubt(folder: RunFolder, config: RunConfig, step: DoubtStep, judge: Any | None) -> None:
    """Calibrate what a stage learned on the volumes of the judge, and note the figures beside its weights."""
    estimator = step.kept()
    volumes = [] if judge is None else judge.volumes
    if volumes:
        found = calibrate(step.generator, estimator, volumes, config)
        rows = "; ".join(f"{row['data']}: {row['share']:.1%}" for row in found.rows)
        _log.info("Errors below the doubt, factor %.3f: %s.", found.factor, rows)
    else:
        found = Calibration(1.0)
        _log.warning("No volume is held out, so the doubt is not calibrated on new data.")
    estimator.factor.fill_(found.factor)
    write_aside(folder.doubt_figures(step.stage.name), json.dumps(found.to_dict(), indent=1) + "\n")
