"""Learning from pairs: pix2pix (Isola et al., CVPR 2017), or plain regression without a discriminator."""

from __future__ import annotations

import torch
from torch import nn

from GANEnhanceLib.training.config.stages import PairedStage
from GANEnhanceLib.training.objectives.terms import noise_weights
from GANEnhanceLib.training.objectives.weighted import WeightedTerms
from GANEnhanceLib.training.steps.contest import Contest
from GANEnhanceLib.training.steps.step import Batch, Step, StepContext, check_finite, frozen

_LARGEST_BALANCE = 1e3


class PairedStep(Step):
    """Generator against target, and against a discriminator where the stage has a contest.

    The fake is made once and used for both networks, and the discriminator is frozen while the generator
    learns: most of the difference to the textbook's step.

    Args:
        generator: takes "input" (n, c, h, w) or (n, c, d, h, w), returns (n, 1, ...).
        discriminator: takes the target's shape (with `conditional`: input channels first), returns logits.
        stage: terms, contest, rates.
        context: device, precision, processes.
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module | None,
        stage: PairedStage,
        context: StepContext,
    ) -> None:
        """Make the step; see the class for the arguments."""
        super().__init__(stage, context)
        self.add_network("generator", generator, stage.generator, average=True)
        self.terms = WeightedTerms(stage.terms)
        self.contest = None
        if stage.adversarial is not None:
            self.add_network("discriminator", discriminator, stage.discriminator, average=False)
            self.contest = Contest(self, "discriminator", stage.adversarial)

    def update(self, batch: Batch) -> dict[str, float]:
        """Learn from a batch with "input" and "target"; see `Step.update`."""
        batch = self.on_device(batch)
        contest = self.contest if self._contest_has_begun() else None
        totals: dict[str, float] = {}
        for optimizer in self.optimizers.values():
            optimizer.zero_grad(set_to_none=True)
        parts = list(self.parts(batch))
        made = [self._learn_part(part, contest, len(part["input"]) / len(batch["input"])) for part in parts]
        for losses, share in made:
            for name, loss in losses.items():
                totals[name] = totals.get(name, 0.0) + share * float(loss.detach())
        if contest is not None:
            contest.move()
        if contest is None or self.steps_done % contest.config.critic_steps == 0:
            self.move("generator", self.stage.clip_norm)
        self.end_update()
        return totals

    def pictures(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Return the middle input slice, the output, the target and what was removed."""
        batch = self.on_device(batch)
        generator = self.kept()
        was_training = generator.training
        generator.eval()
        with torch.no_grad(), self.context.autocast():
            output = generator(batch["input"]).float()
        generator.train(was_training)
        given = middle_channel(batch["input"])
        return {"input": given, "output": output, "target": batch["target"], "removed": given - output}

    def histograms(self) -> dict[str, torch.Tensor]:
        """Return what the discriminator said last of real and generated images."""
        if self.contest is None:
            return {}
        return {
            "discriminator/on_real": self.contest.last_real,
            "discriminator/on_fake": self.contest.last_fake,
        }

    def _contest_has_begun(self) -> bool:
        return self.contest is not None and self.steps_done >= self.contest.config.from_step

    def _learn_part(
        self, part: Batch, contest: Contest | None, share: float
    ) -> tuple[dict[str, torch.Tensor], float]:
        given, target = part["input"], part["target"]
        with self.context.autocast():
            fake = self.networks["generator"](given).float()
        losses = {}
        if contest is not None:
            losses |= contest.learn(self._shown(given, target), self._shown(given, fake), share)
        terms = self.terms(fake, target, self.steps_done, self._weights(given, target))
        total = sum(terms.values(), torch.zeros((), device=fake.device))
        if contest is not None:
            with frozen(contest.network):
                judged = contest.generator_loss(self._shown(given, fake), self._shown(given, target))
            terms["adversarial"] = judged
            total = total + self._adversarial_weight(total, judged) * judged
        check_finite(terms)
        self.scaler.scale(share * total).backward()
        return {**losses, **terms}, share

    def _shown(self, given: torch.Tensor, image: torch.Tensor) -> torch.Tensor:
        return torch.cat([given, image], dim=1) if self.stage.conditional else image

    def _weights(self, given: torch.Tensor, target: torch.Tensor) -> torch.Tensor | None:
        if self.stage.noise_balance <= 0:
            return None
        return noise_weights(middle_channel(given), target, self.stage.noise_balance)

    def _adversarial_weight(self, total: torch.Tensor, judged: torch.Tensor) -> torch.Tensor | float:
        """Return the factor of the adversarial term (adaptive: Esser et al., CVPR 2021, eq. 7)."""
        config = self.contest.config
        if not config.adaptive:
            return config.weight
        last = [each for each in self.networks["generator"].parameters() if each.ndim > 1][-1]
        slopes = [torch.autograd.grad(loss, last, retain_graph=True)[0].norm() for loss in (total, judged)]
        self.context.average(slopes)
        balance = (slopes[0] / slopes[1].clamp_min(1e-8)).clamp(max=_LARGEST_BALANCE)
        return config.weight * balance.detach()


def middle_channel(image: torch.Tensor) -> torch.Tensor:
    """Return the middle channel of (n, c, ...), the slice that is enhanced, as (n, 1, ...)."""
    middle = image.shape[1] // 2
    return image[:, middle : middle + 1]
