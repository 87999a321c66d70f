"""The training loop: stages one after another, checkpoints that survive a kill, a log that a machine can
read.

PyTorch-Ignite drives the steps. A checkpoint holds networks, averages, optimisers, schedules and the
sampler's generator, is written aside and renamed, and a run that finds one goes on from it.
"""

from __future__ import annotations

import json
import logging
import os
import time
from pathlib import Path

import torch
from ignite.engine import Engine, Events

from GANEnhanceLib.networks import build_network
from GANEnhanceLib.training.config import StageConfig, TrainingConfig
from GANEnhanceLib.training.paired_step import PairedStep
from GANEnhanceLib.training.sampler import PatchSampler
from GANEnhanceLib.training.validation import ValidationSet

_log = logging.getLogger(__name__)


class TrainingRun:
    """A run in a folder.

    The folder holds `log.jsonl`, `checkpoint.pt` and, for each finished stage, its averaged generator
    `<stage>.pt`.

    Args:
        config: the checked configuration.
        sampler: draws the patches.
        folder: of the run, made if missing.
        validation: judged every `checkpoint_every` steps; None leaves it out.
        device: "cpu", "cuda", ...
    """

    def __init__(
        self,
        config: TrainingConfig,
        sampler: PatchSampler,
        folder: Path,
        validation: ValidationSet | None = None,
        device: str = "cpu",
    ) -> None:
        """Make the run; see the class for the arguments."""
        self.config, self.sampler, self.folder = config, sampler, Path(folder)
        self.validation, self.device = validation, device
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(config.seed)
        self.generator = _build(config.generator)

    def train(self) -> dict[str, Path]:
        """Run every stage that is not finished yet and return the averaged weights' files by stage."""
        kept = {}
        for stage in self.config.stages:
            path = self.folder / f"{stage.name}.pt"
            if not path.exists():
                average = self._train_stage(stage)
                _save(average, path)
            self.generator.load_state_dict(torch.load(path, weights_only=True))
            kept[stage.name] = path
        return kept

    def _train_stage(self, stage: StageConfig) -> dict:
        discriminator = _build(self.config.discriminator) if stage.adversarial_weight > 0 else None
        step = PairedStep(self.generator, discriminator, stage, self.config.precision, self.device)
        done = self._resume(stage, step)
        self.sampler.grid = stage.grid
        engine = Engine(lambda _engine, batch: step.update(*map(torch.from_numpy, batch)))
        clock = time.monotonic()

        @engine.on(Events.ITERATION_COMPLETED(every=100))
        def report(engine: Engine) -> None:
            steps = done + engine.state.iteration
            pace = (time.monotonic() - clock) / engine.state.iteration
            self._log(stage, steps, seconds_per_step=round(pace, 4), **engine.state.output)
            minutes = (stage.steps - steps) * pace / 60
            _log.info(
                "%s %d/%d, %.0f min left, %s", stage.name, steps, stage.steps, minutes, engine.state.output
            )

        @engine.on(Events.ITERATION_COMPLETED(every=self.config.checkpoint_every))
        def checkpoint(engine: Engine) -> None:
            steps = done + engine.state.iteration
            self._checkpoint(stage, steps, step)
            if self.validation is not None:
                self._log(stage, steps, **self.validation.judge(step.average.module, self.device))

        if done < stage.steps:
            engine.run(self.sampler, max_epochs=1, epoch_length=stage.steps - done)
            self._checkpoint(stage, stage.steps, step)
        return step.average.module.state_dict()

    def _resume(self, stage: StageConfig, step: PairedStep) -> int:
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return 0
        state = torch.load(path, weights_only=True)
        self.sampler.restore(state["sampler"])
        if state["stage"] != stage.name:
            return 0
        step.restore(state["step"])
        _log.info("going on with %s after step %d", stage.name, state["steps"])
        return state["steps"]

    def _checkpoint(self, stage: StageConfig, steps: int, step: PairedStep) -> None:
        state = {"stage": stage.name, "steps": steps, "step": step.state(), "sampler": self.sampler.state()}
        _save(state, self.folder / "checkpoint.pt")

    def _log(self, stage: StageConfig, steps: int, **values: float) -> None:
        line = {"stage": stage.name, "step": steps, **values}
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")


def _build(arguments: dict) -> torch.nn.Module:
    arguments = dict(arguments)
    return build_network(arguments.pop("architecture"), **arguments)


def _save(state: dict, path: Path) -> None:
    aside = path.with_suffix(".part")
    torch.save(state, aside)
    os.replace(aside, path)
