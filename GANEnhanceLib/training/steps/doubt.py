"""Learning how far a finished generator may be wrong: it stays as it is, its estimator of doubt learns."""

from __future__ import annotations

import torch
from torch import nn

from GANEnhanceLib.networks.doubt import QUANTILE, DoubtEstimator
from GANEnhanceLib.training.config.stages import DoubtStage
from GANEnhanceLib.training.objectives.quantile import error_pinball
from GANEnhanceLib.training.steps.paired import middle_channel
from GANEnhanceLib.training.steps.step import Batch, Step, StepContext
from GANEnhanceLib.training.steps.totals import Totals


class DoubtStep(Step):
    """An estimator against the true errors of a frozen generator, by quantile regression.

    Args:
        generator: takes "input" (n, c, h, w) or (n, c, d, h, w), returns (n, 1, ...); is not moved.
        estimator: learns.
        stage: rates and average.
        context: device, precision, processes.
    """

    def __init__(
        self, generator: nn.Module, estimator: DoubtEstimator, stage: DoubtStage, context: StepContext
    ) -> None:
        """Make the step; see the class for the arguments."""
        super().__init__(stage, context)
        generator = generator.to(context.device).eval().requires_grad_(False)
        if any(parameter.ndim == 4 for parameter in generator.parameters()):
            # As it may come from the stage before: a resumed run gives the same bits.
            generator = generator.to(memory_format=torch.channels_last)
        self.generator = generator
        self.add_network("doubt", estimator, stage.optimizer, average=True)

    def update(self, batch: Batch) -> dict[str, float]:
        """Learn from a batch with "input" and "target"; see `Step.update`."""
        batch = self.on_device(batch)
        self.begin_update()
        totals = Totals()
        for part, share in self.parts(batch):
            totals.add(self._learn_part(part, share), share)
        self.move("doubt", self.stage.clip_norm)
        self.end_update()
        return totals.numbers()

    def pictures(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Return the middle input slice, the output, its true error and the doubt."""
        batch = self.on_device(batch)
        estimator = self.kept()
        with self.looking(estimator):
            output = self.generator(batch["input"]).float()
            doubt = estimator(batch["input"], output).float()
        error = (output - batch["target"]).abs()
        return {"input": middle_channel(batch["input"]), "output": output, "error": error, "doubt": doubt}

    def kept(self, name: str = "doubt") -> nn.Module:
        """Return the averaged estimator."""
        return super().kept(name)

    def _learn_part(self, part: Batch, share: float) -> dict[str, torch.Tensor]:
        with self.context.autocast():
            with torch.no_grad():
                output = self.generator(part["input"]).float()
            doubt = self.networks["doubt"](part["input"], output).float()
        error = (output - part["target"]).abs()
        loss = error_pinball(error, doubt, QUANTILE)
        self.check({"pinball": loss})
        self.learn(loss, share)
        return {"pinball": loss, "share_below": (error <= doubt).float().mean()}
