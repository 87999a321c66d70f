"""The loop of one stage, driven by PyTorch-Ignite: learn, tell, show, judge, keep."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from ignite.engine import Engine, Events

from GANEnhanceLib.errors import DeviceError, GANEnhanceError, OptionError
from GANEnhanceLib.training.loop.compiling import compile_generators
from GANEnhanceLib.training.loop.journal import Journal
from GANEnhanceLib.training.loop.randomness import random_state, restore_random
from GANEnhanceLib.training.loop.watch import StabilityWatch
from GANEnhanceLib.training.steps.step import Batch, Step
from GANEnhanceLib.training.validation.rows import judgment_in_words

if TYPE_CHECKING:
    from GANEnhanceLib.training.loop.run import TrainingRun

_log = logging.getLogger(__name__)


class StageLoop:
    """One stage of a run.

    Args:
        run: that the stage belongs to.
        stage: its configuration.
        step: how its networks learn.
        before: steps of the stages before.
        journal: of the run.
    """

    def __init__(self, run: TrainingRun, stage: Any, step: Step, before: int, journal: Journal) -> None:
        """Make the loop; see the class for the arguments."""
        self.run, self.stage, self.step, self.before, self.journal = run, stage, step, before, journal
        self.watch = StabilityWatch(stage)
        self._clock = _Clock()
        self._has_learned = False

    @property
    def total(self) -> int:
        """Steps of the whole run so far."""
        return self.before + self.step.steps_done

    def train(self) -> bool:
        """Go on to the end of the stage; False if the run was stopped before.

        Raises:
            GANEnhanceError: a loss or gradient is not finite, a checkpoint cannot be written, or the
                networks do not take the patches.
        """
        if self.run.config.compile:
            self._compile()
        left = self.stage.steps - self.step.steps_done
        stopped = self.run.process.any(self.run.stopping)
        if left > 0 and not stopped and self.run.judging.is_patient:
            self._make_engine().run(_Forever(self.run.sampler), max_epochs=1, epoch_length=left)
        self._checkpoint()
        return self.step.steps_done >= self.stage.steps or not self.run.judging.is_patient

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint; of one of an earlier stage only the place in the data and the best figures
        count.

        Raises:
            OptionError: it is of other networks.
        """
        self.run.sampler.restore(state["sampler"])
        same = state["stage"] == self.stage.name
        self.run.judging.restore(state["judging"], same)
        if not same:
            return
        try:
            self.step.restore(state["step"])
        except (KeyError, RuntimeError, ValueError) as error:
            # PyTorch's first line names a class only.
            reason = str(error).strip("'\"").splitlines()[-1].strip().rstrip(".")
            raise OptionError(
                f"The checkpoint in {self.run.folder.checkpoints} is of other networks ({reason}).",
                "Resume it with its own config.yaml, or give this run another name.",
            ) from error
        restore_random(state["random"], self.step.context.device)
        self.watch.restore(state["watch"])
        _log.info("Going on with stage %s after step %d.", self.stage.name, self.step.steps_done)

    def _make_engine(self) -> Engine:
        engine, config = Engine(self._learn), self.run.config
        # Ignite tells of errors that we tell in a sentence.
        engine.logger.setLevel(logging.CRITICAL)
        every = [
            (1, self._tell, False),
            (config.logging.every, self._report, False),
            (config.logging.pictures_every, self._show, False),
            (config.validation.every, self._validate, True),
            (1, self._keep, False),
        ]
        for steps, handle, also_last in every:
            # Counted by the step itself: the engine counts from the last resume.
            engine.add_event_handler(
                Events.ITERATION_COMPLETED(event_filter=self._is_due(steps, also_last)), handle
            )
        return engine

    def _is_due(self, every: int, also_last: bool) -> Callable[[Engine, int], bool]:
        def is_due(_engine: Engine, _iteration: int) -> bool:
            done = self.step.steps_done
            return done % every == 0 or (also_last and done == self.stage.steps)

        return is_due

    def _learn(self, _engine: Engine, batch: dict[str, np.ndarray]) -> dict[str, float]:
        own = self._share(batch)
        try:
            losses = self.step.update(own)
        except FloatingPointError as error:
            raise self._not_finite(error) from error
        except torch.OutOfMemoryError as error:
            raise DeviceError(
                f"The memory of {self.step.context.device} is too small for a step of this batch.",
                "Lower data.patches.batch or size, or cut the batch into parts with accumulate.",
            ) from error
        except RuntimeError as error:
            if self._has_learned:
                raise
            shapes = ", ".join(f"{name} {tuple(each.shape)}" for name, each in own.items())
            raise OptionError(
                f"The networks do not take these patches ({shapes}): {str(error).splitlines()[0]}",
                "Choose another data.patches.size, or networks with fewer levels or other channels_in.",
            ) from error
        self._has_learned = True
        return losses

    # What is done after a step, in this order

    def _tell(self, engine: Engine) -> None:
        if self.run.on_step is not None:
            self.run.on_step(self.stage.name, self.step.steps_done, self.stage.steps, engine.state.output)

    def _report(self, engine: Engine) -> None:
        losses = self.run.process.mean(engine.state.output)
        figures = {**losses, **self.step.diagnostics()}
        pace = {"seconds_per_step": self._clock.pace(self.total)}
        self.journal.scalars(self.stage.name, self.step.steps_done, self.total, {**figures, **pace})
        for name, values in self.step.histograms().items():
            self.journal.histogram(name, values, self.total)
        self._warn(self.watch.look(self.step.steps_done, figures))

    def _show(self, engine: Engine) -> None:
        images = self.step.pictures(self._share(engine.state.batch))
        self.journal.pictures(self.stage.name, self.step.steps_done, self.total, images)
        self._warn(self.watch.look_at(self.step.steps_done, images))

    def _validate(self, engine: Engine) -> None:
        judging = self.run.judging
        if judging.judge is None or self.stage.step == "doubt":
            return
        figures, state = self.run.process.from_first(self._judge)
        judging.restore(state, same_stage=True)
        self.journal.scalars(self.stage.name, self.step.steps_done, self.total, figures, kind="validation")
        if self.run.process.is_first:
            words = judgment_in_words(figures, self.run.config.validation.classical)
            _log.info("Judged at step %d: %s.", self.step.steps_done, words)
        self.run.note(best=judging.best)
        if not judging.is_patient:
            engine.terminate()

    def _keep(self, engine: Engine) -> None:
        if self.run.process.any(self.run.stopping):
            self.run.stopping = True
            engine.terminate()
        elif self._is_due(self.run.config.checkpoints.every, False)(engine, 0):
            if self.step.steps_done < self.stage.steps:
                self._checkpoint()

    # How

    def _judge(self) -> tuple[dict[str, float], dict[str, Any]]:
        networks = {"generator": self.step.kept()}
        if "generator_back" in self.step.networks:
            networks["back"] = self.step.networks["generator_back"]
        # The judge chooses its own precision.
        devices = [self.step.context.device] if self.step.context.device.type == "cuda" else []
        were_training = {name: network.training for name, network in networks.items()}
        with torch.random.fork_rng(devices), torch.no_grad():
            try:
                shown = {name: network.eval() for name, network in networks.items()}
                figures = self.run.judging.look(self.stage.name, **shown)
            finally:
                for name, network in networks.items():
                    network.train(were_training[name])
        return figures, self.run.judging.state()

    def _warn(self, warnings: list[str]) -> None:
        for warning in warnings:
            if self.run.process.is_first:
                _log.warning("%s", warning)
            self.journal.text(self.stage.name, self.step.steps_done, self.total, warning)

    def _checkpoint(self) -> None:
        self.run.process.from_first(self._write_checkpoint)

    def _write_checkpoint(self) -> None:
        self.run.checkpoints.write(
            self.total,
            {
                "stage": self.stage.name,
                "total": self.total,
                "step": self.step.state(),
                "sampler": self.run.sampler.state(),
                "random": random_state(self.step.context.device),
                "judging": self.run.judging.state(),
                "watch": self.watch.state(),
            },
        )
        self.run.note(stage=self.stage.name, step=self.step.steps_done, total=self.total)

    def _compile(self) -> None:
        place = self.run.sampler.state()
        batch = self._share(next(self.run.sampler))
        self.run.sampler.restore(place)
        compile_generators(self.step, batch)

    def _share(self, batch: dict[str, np.ndarray]) -> Batch:
        own = self.run.process.share(batch)
        return {name: torch.from_numpy(np.ascontiguousarray(each)) for name, each in own.items()}

    def _not_finite(self, error: FloatingPointError) -> GANEnhanceError:
        kept = self.run.checkpoints.numbered()
        last = f"The last good state is {kept[-1]}." if kept else "No checkpoint was written before."
        sentence = f"Stage {self.stage.name} stopped at step {self.step.steps_done + 1}: {error} {last}"
        self.journal.text(self.stage.name, self.step.steps_done, self.total, sentence)
        self.run.note(status="not finite")
        return GANEnhanceError(
            sentence,
            "Lower learning_rate, set clip_norm or take precision: float32, and train under another name.",
        )


class _Forever:
    """An iterable over a sampler, for Ignite."""

    def __init__(self, sampler: Any) -> None:
        self.sampler = sampler

    def __iter__(self) -> Iterator[dict[str, np.ndarray]]:
        return self

    def __next__(self) -> dict[str, np.ndarray]:
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
