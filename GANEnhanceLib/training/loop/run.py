"""A training run: stages one after another, resumable at any moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.training.config.run import RunConfig
from GANEnhanceLib.training.loop.checkpoints import Checkpoints, read_state, write_state
from GANEnhanceLib.training.loop.difference import find_difference
from GANEnhanceLib.training.loop.distributed import Process, check_precision, choose_device
from GANEnhanceLib.training.loop.doubting import finish_doubt, make_doubt_step
from GANEnhanceLib.training.loop.folder import RunFolder, write_aside
from GANEnhanceLib.training.loop.journal import Journal
from GANEnhanceLib.training.loop.judging import Judge, Judging
from GANEnhanceLib.training.loop.randomness import seed_everything
from GANEnhanceLib.training.loop.stage import StageLoop
from GANEnhanceLib.training.loop.stopping import StopAsked
from GANEnhanceLib.training.steps import make_step
from GANEnhanceLib.training.steps.step import Step, StepContext


class Sampler(Protocol):
    """An endless source of global batches with one random generator."""

    def __next__(self) -> dict[str, np.ndarray]:
        """Return the next batch."""

    def begin_stage(self, stage: Any) -> None:
        """Draw as this stage wants it."""

    def state(self) -> dict:
        """Return the state of the random generator."""

    def restore(self, state: dict) -> None:
        """Go on from a saved state."""


class TrainingRun:
    """A run in its folder.

    Args:
        config: the checked configuration.
        sampler: draws the batches.
        folder: of the run.
        judge: called every `validation.every` steps and at the end of a stage; None leaves it out.
        process: this process among those of a distributed run.
        on_step: called with (stage name, step, steps of the stage, losses) after each step, for a progress
            bar.
        provenance: what the run learns from, to be noted in its folder.

    Raises:
        DeviceError, OptionError: the device is not there, or cannot compute in the wanted precision.
        OutputError: the folder cannot be made.
    """

    def __init__(
        self,
        config: RunConfig,
        sampler: Sampler,
        folder: str | Path,
        judge: Judge | None = None,
        process: Process | None = None,
        on_step: Callable[[str, int, int, dict[str, float]], None] | None = None,
        provenance: list[dict[str, Any]] | None = None,
    ) -> None:
        """Make networks and folder; see the class for the arguments."""
        self.provenance = provenance
        self.config, self.sampler, self.on_step = config, sampler, on_step
        self.process = process or Process()
        device = choose_device(config.device, self.process)
        check_precision(config.precision, device)
        self.context = StepContext(
            device, config.precision, config.compile, self.process.world, self.process.rank
        )
        self.folder = RunFolder(folder)
        self.checkpoints = Checkpoints(self.folder.checkpoints, config.checkpoints.keep)
        self.judging = Judging(judge, config.validation, self.checkpoints)
        self.stop = StopAsked()
        seed_everything(config.seed)
        self.generator = _build(config.networks.generator)

    @property
    def stopping(self) -> bool:
        """Whether the run is to end after its step, with a checkpoint."""
        return self.stop.asked

    @stopping.setter
    def stopping(self, asked: bool) -> None:
        self.stop.asked = asked

    def train(self, resume: bool = False) -> bool:
        """Run all stages that are not finished; True if the run came to its end, False if it was stopped.

        Raises:
            OptionError: another run writes to the folder; the folder has a run and `resume` is False; or what
                it holds is of another configuration.
            OutputError: a checkpoint cannot be written; those before it are whole.
            GANEnhanceError: a loss is not finite; the last checkpoint is whole.
        """
        with self.folder.locked(self.process.is_first), self.stop:
            self.process.from_first(lambda: self._prepare(resume))
            newest = self.process.from_first(self.checkpoints.newest)
            journal = self._open_journal(newest)
            try:
                return self._train_stages(journal, newest)
            finally:
                journal.close()

    def note(self, **values: Any) -> None:
        """Write down how far the run is."""
        if self.process.is_first:
            self.folder.write_state(**values)

    def _train_stages(self, journal: Journal, newest: dict[str, Any] | None) -> bool:
        done = 0
        for number, stage in enumerate((*self.config.stages, *self.config.doubt_stages())):
            weights = self._finished(stage)
            if weights is None:
                if not self._train_stage(number, stage, done, journal, newest):
                    self.note(status="stopped")
                    return False
                newest, weights = None, self._finished(stage)
            if stage.step != "doubt":
                self.generator.load_state_dict(weights)
            done += stage.steps
        self.note(status="finished", total=done)
        return True

    def _train_stage(
        self, number: int, stage: Any, before: int, journal: Journal, newest: dict[str, Any] | None
    ) -> bool:
        seed_everything(self.config.seed, number + 1)
        step = self._make_step(stage)
        self.sampler.begin_stage(stage)
        self.judging.begin_stage()
        loop = StageLoop(self, stage, step, before, journal)
        if newest is not None:
            loop.restore(newest)
        finished = loop.train()
        if finished:
            path = self.folder.stage_weights(stage.name)
            if stage.step == "doubt":
                judge = self.judging.judge
                self.process.from_first(lambda: finish_doubt(self.folder, self.config, step, judge))
            self.process.from_first(lambda: write_state(step.kept().state_dict(), path))
        return finished

    def _make_step(self, stage: Any) -> Step:
        if stage.step == "doubt":
            return make_doubt_step(self.folder, self.config, stage, self.generator, self.context)
        discriminator = None
        if stage.adversarial is not None:
            discriminator = _build(self.config.networks.discriminator)
        return make_step(stage, self.generator, discriminator, self.context)

    def _finished(self, stage: Any) -> dict[str, torch.Tensor] | None:
        path = self.folder.stage_weights(stage.name)
        return self.process.from_first(lambda: read_state(path) if path.exists() else None)

    def _prepare(self, resume: bool) -> None:
        refuse_other_run(self.config, self.folder.path, resume)
        self.folder.tidy()
        write_aside(self.folder.config, dump_config(self.config))
        self.folder.write_environment()
        if self.provenance is not None:
            self.folder.write_data(self.provenance)
        if hasattr(self.judging.judge, "describe"):
            self.folder.write_validation(self.judging.judge.describe())
        self.folder.write_state(status="running", name=self.config.name)

    def _open_journal(self, newest: dict[str, Any] | None) -> Journal:
        total = 0 if newest is None else newest["total"]
        return Journal(self.folder, self.config.logging.tensorboard, self.process.is_first, total)


def refuse_other_run(config: RunConfig, folder: str | Path, resume: bool) -> None:
    """Look whether a run may write to a folder, which may be missing.

    Raises:
        OptionError: it holds a run that is not to be resumed, or one of another configuration.
    """
    folder = Path(folder)
    before = folder / "config.yaml"
    if not before.exists() or not [*folder.glob("checkpoints/step-*.pt"), *folder.glob("stages/*.pt")]:
        return
    if not resume:
        raise OptionError(
            f"{folder} holds a run already.",
            "Resume it with --resume auto, or give this one another name with --set name=...",
        )
    difference = find_difference(before.read_text(encoding="utf-8"), config)
    if difference is not None:
        raise OptionError(
            f"The run in {folder} was begun with another configuration: {difference}.",
            f"Resume it as it was with `ganenhance train --resume {folder}`, or give this run another name"
            " with --set name=...",
        )


def dump_config(config: RunConfig) -> str:
    """Return the configuration as YAML that gives the same configuration again."""
    import yaml

    return yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False, allow_unicode=True)


def _build(config: Any) -> torch.nn.Module:
    return build_network(config.architecture, **config.arguments)
