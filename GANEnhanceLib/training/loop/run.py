"""A training run: stages one after another, each driven by PyTorch-Ignite, resumable at any moment."""

from __future__ import annotations

import logging
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from ignite.engine import Engine, Events

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.training.config.run import RunConfig
from GANEnhanceLib.training.loop.checkpoints import Checkpoints, write_state
from GANEnhanceLib.training.loop.distributed import Process, choose_device
from GANEnhanceLib.training.loop.folder import RunFolder
from GANEnhanceLib.training.loop.journal import Journal
from GANEnhanceLib.training.loop.watch import StabilityWatch
from GANEnhanceLib.training.steps import make_step
from GANEnhanceLib.training.steps.step import Step, StepContext

_log = logging.getLogger(__name__)


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


class Judge(Protocol):
    """Judges a generator on volumes that it does not learn from."""

    def judge(self, generator: torch.nn.Module) -> dict[str, float]:
        """Return figures by name; `higher_is_better(name)` says which way is better."""

    def higher_is_better(self, name: str) -> bool:
        """Return whether more of a figure is better."""


class TrainingRun:
    """A run in its folder.

    Args:
        config: the checked configuration.
        sampler: draws the batches.
        folder: of the run.
        judge: called every `validation.every` steps; None leaves it out.
        process: this process among those of a distributed run.
        on_step: called with (stage name, step, steps of the stage, losses) after each step, for a progress
            bar.
    """

    def __init__(
        self,
        config: RunConfig,
        sampler: Sampler,
        folder: str | Path,
        judge: Judge | None = None,
        process: Process | None = None,
        on_step: Callable[[str, int, int, dict[str, float]], None] | None = None,
    ) -> None:
        """Make networks and folder; see the class for the arguments."""
        self.config, self.sampler, self.judge, self.on_step = config, sampler, judge, on_step
        self.process = process or Process()
        self.folder = RunFolder(folder)
        self.checkpoints = Checkpoints(self.folder.checkpoints, config.checkpoints.keep)
        self.context = StepContext(
            choose_device(config.device, self.process), config.precision, config.compile, self.process.world
        )
        self.stopping = False
        torch.manual_seed(config.seed)
        random.seed(config.seed)
        self.generator = _build(config.networks.generator)

    def train(self, resume: bool = False) -> bool:
        """Run all stages that are not finished; True if the run came to its end, False if it was stopped.

        Raises:
            OptionError: another run writes to the folder; the folder has a run and `resume` is False; or what
                it holds is of another configuration.
            OutputError: a checkpoint cannot be written.
            FloatingPointError: a loss is not finite; the last checkpoint is whole.
        """
        with self.folder.locked(), _until_asked_to_stop(self):
            self._prepare(resume)
            journal = Journal(self.folder, self.config.logging.tensorboard, self.process.is_first)
            try:
                return self._train_stages(journal)
            finally:
                journal.close()

    # Stages

    def _train_stages(self, journal: Journal) -> bool:
        done = 0
        for stage in self.config.stages:
            path = self.folder.stage_weights(stage.name)
            if not path.exists() and not self._train_stage(stage, done, journal):
                self._note(status="stopped")
                return False
            self.generator.load_state_dict(torch.load(path, weights_only=True))
            done += stage.steps
        self._note(status="finished", total=done)
        return True

    def _train_stage(self, stage: Any, before: int, journal: Journal) -> bool:
        discriminator = None
        if stage.adversarial is not None:
            discriminator = _build(self.config.networks.discriminator)
        step = make_step(stage, self.generator, discriminator, self.context)
        self.sampler.begin_stage(stage)
        self._best: dict[str, float] = {}
        self._waited = 0
        self._restore(stage, step)
        watch = StabilityWatch(stage)
        engine = Engine(lambda _engine, batch: step.update(_as_tensors(self.process.share(batch))))
        self._attach(engine, stage, step, before, journal, watch)
        left = stage.steps - step.steps_done
        if left > 0 and not self.stopping:
            engine.run(_Forever(self.sampler), max_epochs=1, epoch_length=left)
        finished = step.steps_done >= stage.steps or (not self.stopping and self._is_patient(stage) is False)
        self._checkpoint(stage, step, before)
        if finished and self.process.is_first:
            write_state(step.kept().state_dict(), self.folder.stage_weights(stage.name))
        self._wait_for_all()
        return finished

    def _attach(
        self, engine: Engine, stage: Any, step: Step, before: int, journal: Journal, watch: StabilityWatch
    ) -> None:
        config, clock = self.config, _Clock()

        @engine.on(Events.ITERATION_COMPLETED)
        def tell(engine: Engine) -> None:
            if self.on_step is not None:
                self.on_step(stage.name, step.steps_done, stage.steps, engine.state.output)

        @engine.on(Events.ITERATION_COMPLETED(every=config.logging.every))
        def report(engine: Engine) -> None:
            total = before + step.steps_done
            figures = {**engine.state.output, **step.diagnostics(), "seconds_per_step": clock.pace(total)}
            journal.scalars(stage.name, step.steps_done, total, figures)
            for name, values in step.histograms().items():
                journal.histogram(name, values, total)
            for warning in watch.look(step.steps_done, figures):
                _log.warning("%s", warning)
                journal.text(stage.name, step.steps_done, total, warning)

        @engine.on(Events.ITERATION_COMPLETED(every=config.logging.pictures_every))
        def show(engine: Engine) -> None:
            images = step.pictures(_as_tensors(self.process.share(engine.state.batch)))
            total = before + step.steps_done
            journal.pictures(stage.name, step.steps_done, total, images)
            for warning in watch.look_at(step.steps_done, images):
                _log.warning("%s", warning)
                journal.text(stage.name, step.steps_done, total, warning)

        @engine.on(Events.ITERATION_COMPLETED(every=config.validation.every))
        def validate(engine: Engine) -> None:
            self._validate(stage, step, before, journal)
            if not self._is_patient(stage):
                engine.terminate()

        @engine.on(Events.ITERATION_COMPLETED)
        def keep(engine: Engine) -> None:
            if self.stopping:
                engine.terminate()
            elif step.steps_done % config.checkpoints.every == 0 and step.steps_done < stage.steps:
                self._checkpoint(stage, step, before)

    # Judging

    def _validate(self, stage: Any, step: Step, before: int, journal: Journal) -> None:
        if self.judge is None or not self.process.is_first:
            return
        figures = self.judge.judge(step.kept())
        journal.scalars(stage.name, step.steps_done, before + step.steps_done, figures, kind="validation")
        improved = False
        for metric in self.config.validation.best_by:
            if metric not in figures or not self._is_better(metric, figures[metric]):
                continue
            improved = True
            self._best[metric] = figures[metric]
            self.checkpoints.write_best(metric, {"stage": stage.name, "weights": step.kept().state_dict()})
        self._waited = 0 if improved else self._waited + 1
        self._note(best=self._best)

    def _is_better(self, metric: str, value: float) -> bool:
        if metric not in self._best:
            return True
        up = self.judge.higher_is_better(metric)
        return value > self._best[metric] if up else value < self._best[metric]

    def _is_patient(self, stage: Any) -> bool:
        patience = self.config.validation.patience
        return patience is None or self._waited < patience

    # State

    def _prepare(self, resume: bool) -> None:
        text = dump_config(self.config)
        begun = self.folder.config.exists() and self.checkpoints.numbered() + list(
            self.folder.stages.glob("*.pt")
        )
        if begun and not resume:
            raise OptionError(
                f"{self.folder.path} holds a run already.",
                "Resume it with --resume auto, or give this one another name with --set name=...",
            )
        if begun and deciding(self.folder.config.read_text(encoding="utf-8")) != deciding(text):
            raise OptionError(
                f"The run in {self.folder.path} was begun with another configuration.",
                "Resume it with its own config.yaml, or give this run another name with --set name=...",
            )
        if self.process.is_first:
            from GANEnhanceLib.training.loop.folder import write_aside

            write_aside(self.folder.config, text)
            self.folder.write_environment()
        self._note(status="running", name=self.config.name)

    def _checkpoint(self, stage: Any, step: Step, before: int) -> None:
        if not self.process.is_first:
            return
        state = {
            "stage": stage.name,
            "step": step.state(),
            "sampler": self.sampler.state(),
            "torch_rng": torch.get_rng_state(),
            "best": dict(self._best),
            "waited": self._waited,
        }
        if self.context.device.type == "cuda":
            state["cuda_rng"] = torch.cuda.get_rng_state(self.context.device)
        self.checkpoints.write(before + step.steps_done, state)
        self._note(stage=stage.name, step=step.steps_done, total=before + step.steps_done)

    def _restore(self, stage: Any, step: Step) -> None:
        state = self.checkpoints.newest()
        if state is None:
            return
        self.sampler.restore(state["sampler"])
        torch.set_rng_state(state["torch_rng"])
        if "cuda_rng" in state and self.context.device.type == "cuda":
            torch.cuda.set_rng_state(state["cuda_rng"], self.context.device)
        if state["stage"] != stage.name:
            return
        try:
            step.restore(state["step"])
        except (KeyError, RuntimeError) as error:
            reason = str(error).splitlines()[0]
            raise OptionError(
                f"The checkpoint in {self.folder.checkpoints} is of other networks ({reason}).",
                "Resume it with its own config.yaml, or give this run another name.",
            ) from error
        self._best, self._waited = dict(state["best"]), state["waited"]
        _log.info("Going on with stage %s after step %d.", stage.name, step.steps_done)

    def _note(self, **values: Any) -> None:
        if self.process.is_first:
            self.folder.write_state(**values)

    def _wait_for_all(self) -> None:
        if self.process.world > 1:
            torch.distributed.barrier()


class _Forever:
    """An iterable over a sampler, for Ignite."""

    def __init__(self, sampler: Sampler) -> None:
        self.sampler = sampler

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.sampler)


class _Clock:
    """Seconds a step between two reports."""

    def __init__(self) -> None:
        self._time, self._total = time.monotonic(), None

    def pace(self, total: int) -> float:
        now = time.monotonic()
        steps = total - self._total if self._total is not None else total
        pace = (now - self._time) / max(1, steps)
        self._time, self._total = now, total
        return pace


class _until_asked_to_stop:
    """SIGTERM and SIGINT end the run after its step, with a checkpoint."""

    def __init__(self, run: TrainingRun) -> None:
        self._run, self._before = run, {}

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                self._before[number] = signal.signal(number, self._stop)

    def __exit__(self, *_exception: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _stop(self, number: int, frame: object) -> None:
        self._run.stopping = True


def dump_config(config: RunConfig) -> str:
    """Return the configuration as YAML that gives the same configuration again."""
    import yaml

    return yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False, allow_unicode=True)


def deciding(text: str) -> dict[str, Any]:
    """Return what of a configuration decides the result: a run may be resumed on another device, with more
    steps in its last stage, or watched differently."""
    import yaml

    values = yaml.safe_load(text)
    for name in ("device", "threads", "compile", "logging", "checkpoints", "card"):
        values.pop(name, None)
    return values


def _build(config: Any) -> torch.nn.Module:
    return build_network(config.architecture, **config.arguments)


def _as_tensors(batch: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(np.ascontiguousarray(each)) for name, each in batch.items()}
