"""Noise to image: vanilla GAN (Goodfellow et al., 2014), DCGAN, Wasserstein GANs, InfoGAN.

The generator takes latent vectors and, for InfoGAN (Chen et al., NeurIPS 2016), a code that a head of the
discriminator has to read from the image.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from GANEnhanceLib.training.config.stages import LatentStage
from GANEnhanceLib.training.steps.contest import Contest
from GANEnhanceLib.training.steps.step import Batch, Step, StepContext, check_finite, frozen

_PICTURES = 16


class LatentStep(Step):
    """A generator that imitates images against a discriminator, the discriminator first.

    Args:
        generator: has `latent_size`, and with a code loss `categories` and `continuous`; takes (n,
            latent_size [+ code]) and returns (n, 1, h, w).
        discriminator: takes (n, 1, h, w), returns logits; with a code loss it has `read_code(image)`, which
            returns logits of the categories (n, c) and means of the continuous codes (n, k).
        stage: contest, code loss, rates.
        context: device, precision, processes.
    """

    def __init__(
        self, generator: nn.Module, discriminator: nn.Module, stage: LatentStage, context: StepContext
    ) -> None:
        """Make the step; see the class for the arguments."""
        super().__init__(stage, context)
        self.add_network("generator", generator, stage.generator, average=True)
        self.add_network("discriminator", discriminator, stage.discriminator, average=False)
        self.contest = Contest(self, "discriminator", stage.adversarial)
        self.categories = int(getattr(generator, "categories", 0)) if stage.code > 0 else 0
        self.continuous = int(getattr(generator, "continuous", 0)) if stage.code > 0 else 0

    def update(self, batch: Batch) -> dict[str, float]:
        """Learn from a batch with "real"; see `Step.update`."""
        batch = self.on_device(batch)
        for optimizer in self.optimizers.values():
            optimizer.zero_grad(set_to_none=True)
        totals: dict[str, float] = {}
        moves_generator = (self.steps_done + 1) % self.stage.adversarial.critic_steps == 0
        for part in list(self.parts(batch)):
            share = len(part["real"]) / len(batch["real"])
            for name, loss in self._learn_part(part["real"], share, moves_generator).items():
                totals[name] = totals.get(name, 0.0) + share * float(loss.detach())
        self.contest.move()
        if moves_generator:
            self.move("generator", self.stage.clip_norm)
        self.end_update()
        return totals

    def draw_latent(self, count: int) -> torch.Tensor:
        """Return `count` inputs of the generator: normal noise, one-hot categories, codes of -1 to 1."""
        device = self.context.device
        parts = [torch.randn(count, self.networks["generator"].latent_size, device=device)]
        if self.categories:
            chosen = torch.randint(self.categories, (count,), device=device)
            parts.append(functional.one_hot(chosen, self.categories).float())
        if self.continuous:
            parts.append(2.0 * torch.rand(count, self.continuous, device=device) - 1.0)
        return torch.cat(parts, dim=1)

    def pictures(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Return samples of the generator beside real images."""
        real = self.on_device(batch)["real"][:_PICTURES]
        kept = torch.random.get_rng_state()
        with torch.no_grad(), self.context.autocast():
            sample = self.kept()(self.draw_latent(len(real))).float()
        # Looking must not change what is drawn next.
        torch.random.set_rng_state(kept)
        return {"real": real, "sample": sample}

    def histograms(self) -> dict[str, torch.Tensor]:
        """Return what the discriminator said last of real and generated images."""
        contest = self.contest
        return {"discriminator/on_real": contest.last_real, "discriminator/on_fake": contest.last_fake}

    def _learn_part(self, real: torch.Tensor, share: float, moves_generator: bool) -> dict[str, torch.Tensor]:
        latent = self.draw_latent(len(real))
        with self.context.autocast(), torch.set_grad_enabled(moves_generator):
            fake = self.networks["generator"](latent).float()
        # The discriminator's gradients are complete before the generator's step freezes it.
        losses = self.contest.learn(real, fake, share)
        if not moves_generator:
            return losses
        with frozen(self.contest.network):
            wanted = {"adversarial": self.stage.adversarial.weight * self.contest.generator_loss(fake, real)}
        if self.stage.code > 0:
            # Both networks learn the code, so the discriminator is not frozen here.
            wanted["code"] = self.stage.code * self.code_loss(fake, latent)
        check_finite(wanted)
        self.scaler.scale(share * sum(wanted.values())).backward()
        return {**losses, **wanted}

    def code_loss(self, fake: torch.Tensor, latent: torch.Tensor) -> torch.Tensor:
        """Return the negative lower bound of the mutual information of code and image (Chen et al., eq. 5).

        Cross entropy of the categories, and the squared error of the continuous codes, which is a normal
        density of fixed width.
        """
        with self.context.autocast():
            logits, means = self.networks["discriminator"].read_code(fake)
        first = self.networks["generator"].latent_size
        loss = torch.zeros((), device=fake.device)
        if self.categories:
            chosen = latent[:, first : first + self.categories].argmax(dim=1)
            loss = loss + functional.cross_entropy(logits.float(), chosen)
        if self.continuous:
            loss = loss + functional.mse_loss(means.float(), latent[:, first + self.categories :])
        return loss
