"""Learning from pairs: pix2pix (Isola et al., CVPR 2017), or plain regression without a discriminator."""

from __future__ import annotations

import torch
from torch import nn

from GANEnhanceLib.training.config.stages import PairedStage
from GANEnhanceLib.training.objectives.terms import noise_weights
from GANEnhanceLib.training.objectives.weighted import WeightedTerms
from GANEnhanceLib.training.steps.contest import Contest
from GANEnhanceLib.training.steps.discriminator_features import Judged
from GANEnhanceLib.training.steps.step import Batch, Step, StepContext, frozen
from GANEnhanceLib.training.steps.totals import Totals

_LARGEST_BALANCE = 1e3


class PairedStep(Step):
    """Generator against target, and against a discriminator where the stage has a contest.

    The fake is made once and used for both networks, and the discriminator is frozen while the generator
    learns: most of the difference to the textbook's step. Both take their gradients before either moves.

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
        self.terms = WeightedTerms(stage.terms, context.device)
        self.contest = None
        if stage.adversarial is not None:
            begin = stage.adversarial.from_step
            self.add_network("discriminator", discriminator, stage.discriminator, average=False, begin=begin)
            self.contest = Contest(self, "discriminator", stage.adversarial)

    def update(self, batch: Batch) -> dict[str, float]:
        """Learn from a batch with "input" and "target"; see `Step.update`."""
        batch = self.on_device(batch)
        contest = self.contest if self.contest_has_begun() else None
        self.begin_update()
        totals, moves_generator = Totals(), self.generator_moves()
        for part, share in self.parts(batch):
            totals.add(self._learn_part(part, contest, share, moves_generator), share)
        if contest is not None:
            contest.move()
        if moves_generator:
            self.move("generator", self.stage.clip_norm)
        self.end_update()
        return totals.numbers()

    def pictures(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Return the middle input slice, the output, the target and what was removed."""
        batch = self.on_device(batch)
        generator = self.kept()
        with self.looking(generator):
            output = generator(batch["input"]).float()
        given = middle_channel(batch["input"])
        return {"input": given, "output": output, "target": batch["target"], "removed": given - output}

    def histograms(self) -> dict[str, torch.Tensor]:
        """Return what the discriminator said last of real and generated images."""
        return self.contest.histograms() if self.contest_has_begun() else {}

    def _learn_part(
        self, part: Batch, contest: Contest | None, share: float, moves_generator: bool
    ) -> dict[str, torch.Tensor]:
        given, target = part["input"], part["target"]
        with self.context.autocast(), torch.set_grad_enabled(moves_generator):
            fake = self.networks["generator"](given).float()
        losses = {}
        if contest is not None:
            losses = contest.learn(self._shown(given, target), self._shown(given, fake), share)
        if not moves_generator:
            return losses
        # The discriminator's gradients are complete before it is frozen for the generator's.
        judged_real = judged_fake = None
        if contest is not None:
            with frozen(contest.network):
                judged_real, judged_fake = self._judge(contest, given, target, fake)
        weights = self._weights(given, target)
        terms = self.terms(fake, target, self.steps_done, weights, judged_real, judged_fake)
        total = sum(terms.values(), torch.zeros((), device=fake.device))
        if contest is not None:
            real = self._shown(given, target)
            wanted = contest.generator_loss(self._shown(given, fake), real, judged_fake.logits)
            terms["adversarial"] = wanted
            total = total + self._adversarial_weight(total, wanted) * wanted
        self.check({**terms, "total": total})
        self.learn(total, share)
        return {**losses, **terms}

    def _judge(
        self, contest: Contest, given: torch.Tensor, target: torch.Tensor, fake: torch.Tensor
    ) -> tuple[Judged | None, Judged]:
        shown = self._shown(given, fake)
        if not self.terms.needs_features(self.steps_done):
            return None, Judged(contest.judge(shown), [])
        with torch.no_grad():
            real = contest.judge_with_features(self._shown(given, target))
        return real, contest.judge_with_features(shown)

    def _shown(self, given: torch.Tensor, image: torch.Tensor) -> torch.Tensor:
        return torch.cat([given, image], dim=1) if self.stage.conditional else image

    def _weights(self, given: torch.Tensor, target: torch.Tensor) -> torch.Tensor | None:
        if self.stage.noise_balance <= 0:
            return None
        return noise_weights(middle_channel(given), target, self.stage.noise_balance)

    def _adversarial_weight(self, total: torch.Tensor, judged: torch.Tensor) -> torch.Tensor | float:
        """Return the factor of the adversarial term (adaptive: Esser et al., CVPR 2021, eq. 7)."""
        config = self.contest.config
        if not config.adaptive or not total.requires_grad:
            return config.weight
        last = [each for each in self.networks["generator"].parameters() if each.ndim > 1][-1]
        # Scaled, so that half precision does not lose them; the scale drops out of their ratio.
        scaled = [self.scaler.scale(loss) for loss in (total, judged)]
        slopes = [torch.autograd.grad(loss, last, retain_graph=True)[0] for loss in scaled]
        self.context.average(slopes)
        balance = slopes[0].norm() / slopes[1].norm().clamp_min(1e-8 * self.scaler.get_scale())
        return config.weight * torch.nan_to_num(balance, nan=0.0).clamp(max=_LARGEST_BALANCE).detach()


def middle_channel(image: torch.Tensor) -> torch.Tensor:
    """Return the middle channel of (n, c, ...), the slice that is enhanced, as (n, 1, ...)."""
    middle = image.shape[1] // 2
    return image[:, middle : middle + 1]
