"""The discriminator's side of a contest: its steps, its penalties, and what it says of the generator."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import nn

from GANEnhanceLib.training.config.stages import AdversarialConfig
from GANEnhanceLib.training.objectives.adversarial import make_objective
from GANEnhanceLib.training.objectives.penalties import clip_weights, gradient_penalty, r1_penalty
from GANEnhanceLib.training.steps.discriminator_features import Judged, judge_with_features, logits_of
from GANEnhanceLib.training.steps.step import Step


class Contest:
    """One discriminator against one generator, inside a step.

    Args:
        step: that owns the networks.
        name: of the discriminator in `step.networks`.
        config: objective, penalties.
    """

    def __init__(self, step: Step, name: str, config: AdversarialConfig) -> None:
        """Make the contest; the discriminator must be in the step already."""
        self.step, self.name, self.config = step, name, config
        self.objective = make_objective(config.objective, step.context.mean)
        self.last_real = torch.zeros(1)
        self.last_fake = torch.zeros(1)

    @property
    def network(self) -> nn.Module:
        """The discriminator."""
        return self.step.networks[self.name]

    def judge(self, images: torch.Tensor) -> torch.Tensor:
        """Return the discriminator's logits, float32."""
        with self.step.context.autocast():
            return logits_of(self.network(images))

    def judge_with_features(self, images: torch.Tensor) -> Judged:
        """Return the discriminator's logits and what its layers found on the way."""
        with self.step.context.autocast():
            return judge_with_features(self.network, images)

    def learn(self, real: torch.Tensor, fake: torch.Tensor, share: float = 1.0) -> dict[str, torch.Tensor]:
        """Add the gradients of the discriminator's loss for real and generated images; `fake` is detached.

        Args:
            real, fake: (n, c, ...).
            share: of the batch, when it is cut into parts.
        """
        fake = fake.detach()
        on_real, on_fake = self.judge(real), self.judge(fake)
        losses = {"discriminator": self.objective.discriminator(on_real, on_fake)}
        penalty = self._penalty(real, fake)
        if penalty is not None:
            losses["penalty"] = penalty
        self.step.check(losses)
        self.step.learn(sum(losses.values()), share)
        self.last_real, self.last_fake = on_real.detach(), on_fake.detach()
        return {**losses, "on_real": on_real.mean(), "on_fake": on_fake.mean()}

    def move(self) -> None:
        """Take the discriminator's step."""
        self.step.move(self.name)
        if self.config.objective == "wgan-clip":
            clip_weights(self.network, self.config.clip)

    def generator_loss(
        self, fake: torch.Tensor, real: torch.Tensor | None = None, judged: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return what the generator has to minimize; call it while the discriminator is frozen.

        `judged` are the logits of `fake`, where they are known already.
        """
        on_real = None
        if self.config.objective == "relativistic":
            with torch.no_grad():
                on_real = self.judge(real)
        return self.objective.generator(self.judge(fake) if judged is None else judged, on_real)

    def histograms(self) -> dict[str, torch.Tensor]:
        """Return what the discriminator said last of real and generated images."""
        return {f"{self.name}/on_real": self.last_real, f"{self.name}/on_fake": self.last_fake}

    def _penalty(self, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor | None:
        config = self.config
        clipped = config.objective == "wgan-clip"
        if config.penalty == 0 or clipped or self.step.steps_done % config.penalty_every:
            return None
        # Gradients of gradients in half precision vanish or overflow.
        judge: Callable = lambda images: logits_of(self.network(images))  # noqa: E731
        weight = config.penalty * config.penalty_every
        if config.objective == "wgan-gp":
            shares = self.step.context.draw(partial(torch.rand, device=real.device), len(real))
            return weight * gradient_penalty(judge, real, fake, shares)
        return weight * r1_penalty(judge, real)
