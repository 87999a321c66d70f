"""Noise to image through a style space: StyleGAN2's training (Karras et al., CVPR 2020)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from GANEnhanceLib.training.config.stages import StyleStage
from GANEnhanceLib.training.objectives.penalties import PathLength
from GANEnhanceLib.training.steps.contest import Contest
from GANEnhanceLib.training.steps.step import Batch, Step, StepContext, frozen
from GANEnhanceLib.training.steps.totals import Totals

_PICTURES = 16


class StyleStep(Step):
    """Mapping and synthesis network against a discriminator, with R1, path length and style mixing.

    The discriminator takes its step first. What it judged is used for both networks, unless the batch is cut
    into parts: then new images are generated. The path length is looked at every few steps with a part of
    the batch.

    Args:
        generator: has `latent_size` and `layers`, `map_styles(latent) -> (n, layers, d)` and
            `synthesize(styles, noises) -> (n, 1, h, w)` with a noise (n, 1, edge, edge) for each of its
            `noise_edges`; called with latents it does both.
        discriminator: takes (n, 1, h, w), returns logits.
        stage: contest with R1, path length, mixing.
        context: device, precision, processes.
    """

    def __init__(
        self, generator: nn.Module, discriminator: nn.Module, stage: StyleStage, context: StepContext
    ) -> None:
        """Make the step; see the class for the arguments."""
        super().__init__(stage, context)
        self.add_network("generator", generator, stage.generator, average=True)
        self.add_network("discriminator", discriminator, stage.discriminator, average=False)
        self.contest = Contest(self, "discriminator", stage.adversarial)
        self.path_length = PathLength(mean=context.mean)

    def update(self, batch: Batch) -> dict[str, float]:
        """Learn from a batch with "real"; see `Step.update`."""
        batch = self.on_device(batch)
        self.begin_update()
        totals, moves_generator = Totals(), self.generator_moves()
        parts = list(self.parts(batch))
        fake = None
        for part, share in parts:
            with torch.set_grad_enabled(moves_generator and len(parts) == 1):
                fake = self.generate(len(part["real"]))
            totals.add(self.contest.learn(part["real"], fake, share), share)
        self.contest.move()
        if moves_generator:
            for part, share in parts:
                made = fake if len(parts) == 1 else self.generate(len(part["real"]))
                totals.add(self._imitate(part["real"], made, share), share)
            self.move("generator", self.stage.clip_norm)
        self.end_update()
        return totals.numbers()

    def draw_latent(self, count: int) -> torch.Tensor:
        """Return `count` random latents (count, latent_size), normal."""
        size, device = self.networks["generator"].latent_size, self.context.device
        return self.context.draw(lambda rows: torch.randn(rows, size, device=device), count)

    def draw_styles(self, count: int) -> torch.Tensor:
        """Return styles (n, layers, d) of random latents, sometimes of two from a random layer on."""
        generator = self.networks["generator"]
        styles = generator.map_styles(self.draw_latent(count))
        if torch.rand(()) < self.stage.mixing:
            others = generator.map_styles(self.draw_latent(count))
            first = int(torch.randint(1, generator.layers, ()))
            styles = torch.cat([styles[:, :first], others[:, first:]], dim=1)
        return styles

    def generate(self, count: int) -> torch.Tensor:
        """Return images (count, 1, h, w), float32, of random styles."""
        with self.context.autocast():
            return self.synthesize(self.draw_styles(count)).float()

    def synthesize(self, styles: torch.Tensor) -> torch.Tensor:
        """Return images (n, 1, h, w) of styles (n, layers, d), with this process's share of random noise."""
        generator, draw, device = self.networks["generator"], self.context.draw, self.context.device
        noises = [
            draw(lambda rows, edge=edge: torch.randn(rows, 1, edge, edge, device=device), len(styles))
            for edge in generator.noise_edges
        ]
        return generator.synthesize(styles, noises)

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

    def state(self) -> dict[str, Any]:
        """Return everything that a resumed run needs, the mean path length included."""
        return {**super().state(), "path_length": self.path_length.running}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a saved state; see `Step.restore`."""
        super().restore(state)
        self.path_length.running = state["path_length"]

    def _imitate(self, real: torch.Tensor, fake: torch.Tensor, share: float) -> dict[str, torch.Tensor]:
        with frozen(self.contest.network):
            wanted = {"adversarial": self.stage.adversarial.weight * self.contest.generator_loss(fake, real)}
        every = self.stage.path_length_every
        if self.stage.path_length > 0 and self.steps_done % every == every - 1:
            wanted["path_length"] = self.stage.path_length * every * self._length(max(1, len(real) // 2))
        self.check(wanted)
        self.learn(sum(wanted.values()), share)
        return wanted

    def _length(self, count: int) -> torch.Tensor:
        # Gradients of gradients in half precision vanish or overflow, so this is done in float32.
        styles = self.draw_styles(count)
        images = self.synthesize(styles)
        noise = self.context.draw(
            lambda rows: torch.randn(rows, *images.shape[1:], device=images.device), count
        )
        return self.path_length(images, styles, noise)
