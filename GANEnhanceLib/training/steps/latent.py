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
from GANEnhanceLib.training.steps.step import Batch, Step, StepContext, frozen
from GANEnhanceLib.training.steps.totals import Totals

_PICTURES = 16


class LatentStep(Step):
    """A generator that imitates images against a discriminator.

    As in the first GAN, the discriminator takes its step first and the generator then learns from the new
    one. What it judged is used for both, unless the batch is cut into parts: then each is generated twice.

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
        self.categories = int(getattr(generator, "categories", 0))
        self.continuous = int(getattr(generator, "continuous", 0))

    def update(self, batch: Batch) -> dict[str, float]:
        """Learn from a batch with "real"; see `Step.update`."""
        batch = self.on_device(batch)
        self.begin_update()
        totals, moves_generator = Totals(), self.generator_moves()
        parts = list(self.parts(batch))
        latents = [self.draw_latent(len(part["real"])) for part, _ in parts]
        fake = None
        for (part, share), latent in zip(parts, latents, strict=True):
            with torch.set_grad_enabled(moves_generator and len(parts) == 1):
                fake = self.generate(latent)
            totals.add(self._teach(part["real"], fake, latent, share), share)
        self.contest.move()
        if moves_generator:
            for (part, share), latent in zip(parts, latents, strict=True):
                made = fake if len(parts) == 1 else self.generate(latent)
                totals.add(self._imitate(part["real"], made, latent, share), share)
            self.move("generator", self.stage.clip_norm)
        self.end_update()
        return totals.numbers()

    def draw_latent(self, count: int) -> torch.Tensor:
        """Return `count` inputs of the generator: normal noise, one-hot categories, codes of -1 to 1."""
        size, draw, device = self.networks["generator"].latent_size, self.context.draw, self.context.device
        parts = [draw(lambda rows: torch.randn(rows, size, device=device), count)]
        if self.categories:
            chosen = draw(lambda rows: torch.randint(self.categories, (rows,), device=device), count)
            parts.append(functional.one_hot(chosen, self.categories).float())
        if self.continuous:
            parts.append(
                draw(lambda rows: 2.0 * torch.rand(rows, self.continuous, device=device) - 1.0, count)
            )
        return torch.cat(parts, dim=1)

    def generate(self, latent: torch.Tensor) -> torch.Tensor:
        """Return images (n, 1, h, w), float32, for inputs of `draw_latent`."""
        with self.context.autocast():
            return self.networks["generator"](latent).float()

    def pictures(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Return samples of the averaged generator beside real images."""
        real = self.on_device(batch)["real"][:_PICTURES]
        generator = self.kept()
        with self.looking(generator):
            sample = generator(self.draw_latent(len(real))).float()
        return {"real": real, "sample": sample}

    def histograms(self) -> dict[str, torch.Tensor]:
        """Return what the discriminator said last of real and generated images."""
        return self.contest.histograms()

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

    def _teach(
        self, real: torch.Tensor, fake: torch.Tensor, latent: torch.Tensor, share: float
    ) -> dict[str, torch.Tensor]:
        """Add the gradients of the discriminator, which also learns to read the code."""
        losses = self.contest.learn(real, fake, share)
        if self.stage.code > 0:
            self.learn(self.stage.code * self.code_loss(fake.detach(), latent), share)
        return losses

    def _imitate(
        self, real: torch.Tensor, fake: torch.Tensor, latent: torch.Tensor, share: float
    ) -> dict[str, torch.Tensor]:
        """Add the gradients of the generator, which also learns to show the code."""
        with frozen(self.contest.network):
            wanted = {"adversarial": self.stage.adversarial.weight * self.contest.generator_loss(fake, real)}
            if self.stage.code > 0:
                wanted["code"] = self.stage.code * self.code_loss(fake, latent)
        self.check(wanted)
        self.learn(sum(wanted.values()), share)
        return wanted
