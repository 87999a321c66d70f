"""Keeps the best generators by what a judge says of them, and the patience of a stage."""

from __future__ import annotations

from typing import Any, Protocol

import torch

from GANEnhanceLib.training.config.run import ValidationConfig
from GANEnhanceLib.training.loop.checkpoints import Checkpoints


class Judge(Protocol):
    """Judges a generator on volumes that it does not learn from."""

    def judge(self, generator: torch.nn.Module, **others: torch.nn.Module) -> dict[str, float]:
        """Return figures by name; without pairs, `back` is the generator of the way back."""

    def higher_is_better(self, name: str) -> bool:
        """Return whether more of a figure is better."""


class Judging:
    """What has been said so far.

    Args:
        judge: asked each time.
        config: `best_by` and `patience`.
        checkpoints: where the best ones go.
    """

    def __init__(self, judge: Judge | None, config: ValidationConfig, checkpoints: Checkpoints) -> None:
        """Begin without figures; see the class for the arguments."""
        self.judge, self.config, self.checkpoints = judge, config, checkpoints
        self.best: dict[str, float] = {}
        self._best_of_stage: dict[str, float] = {}
        self._waited = 0

    @property
    def is_patient(self) -> bool:
        """Whether the stage may go on."""
        return self.config.patience is None or self._waited < self.config.patience

    def begin_stage(self) -> None:
        """Be patient anew; the best figures of the run stay."""
        self._best_of_stage, self._waited = {}, 0

    def look(self, stage: str, generator: torch.nn.Module, **others: torch.nn.Module) -> dict[str, float]:
        """Return the judge's figures for a generator, and keep it where it is the best so far.

        Args:
            stage: its name.
            generator: what is judged and kept.
            others: networks that it is judged with.

        Raises:
            OutputError: a checkpoint cannot be written.
        """
        figures = self.judge.judge(generator, **others)
        improved = False
        for metric in self.config.best_by:
            if metric not in figures:
                continue
            if self._is_better(figures[metric], self._best_of_stage.get(metric), metric):
                self._best_of_stage[metric] = figures[metric]
                improved = True
            if self._is_better(figures[metric], self.best.get(metric), metric):
                self.checkpoints.write_best(metric, {"stage": stage, "weights": generator.state_dict()})
                self.best[metric] = figures[metric]
        self._waited = 0 if improved else self._waited + 1
        return figures

    def state(self) -> dict[str, Any]:
        """Return what a resumed run needs."""
        return {"best": dict(self.best), "best_of_stage": dict(self._best_of_stage), "waited": self._waited}

    def restore(self, state: dict[str, Any], same_stage: bool) -> None:
        """Go on from a saved state; of another stage only the best figures count."""
        self.best = dict(state["best"])
        if same_stage:
            self._best_of_stage, self._waited = dict(state["best_of_stage"]), state["waited"]

    def _is_better(self, value: float, best: float | None, metric: str) -> bool:
        if value != value:  # not a number
            return False
        if best is None:
            return True
        return value > best if self.judge.higher_is_better(metric) else value < best
