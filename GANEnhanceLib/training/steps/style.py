"""Noise to image through a style space: StyleGAN2's training (Karras et al., CVPR 2020)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from GANEnhanceLib.training.config.stages import StyleStage
from GANEnhanceLib.training.objectives.penalties import PathLength
from GANEnhanceLib.training.steps.contest import Contest
from GANEnhanceLib.training.steps.step import Batch, Step, StepContext, check_finite, frozen

_PICTURES = 16


class StyleStep(Step):
    """Mapping and synthesis network against a discriminator, with R1, path length and style mixing.

    The parts are generated once for both networks; the path length is looked at every few steps with a part
    of the batch.

    Args:
        generator: has `latent_size` and `layers`, `map_styles(latent) -> (n, layers, d)` and
            `synthesize(styles) -> (n, 1, h, w)`; called with latents it does both.
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
        self.path_length = PathLength()

    def update(self, batch: Batch) -> dict[str, float]:
        """Learn from a batch with "real"; see `Step.update`."""
        batch = self.on_device(batch)
        for optimizer in self.optimizers.values():
            optimizer.zero_grad(set_to_none=True)
        totals: dict[str, float] = {}
        for part in list(self.parts(batch)):
            share = len(part["real"]) / len(batch["real"])
            for name, loss in self._learn_part(part["real"], share).items():
                totals[name] = totals.get(name, 0.0) + share * float(loss.detach())
        self.contest.move()
        self.move("generator", self.stage.clip_norm)
        self.end_update()
        return totals

    def draw_styles(self, count: int) -> torch.Tensor:
        """Return styles (n, layers, d) of random latents, sometimes of two from a random layer on."""
        generator = self.networks["generator"]
        shape = (count, generator.latent_size)
        styles = generator.map_styles(torch.randn(shape, device=self.context.device))
        if torch.rand(()) < self.stage.mixing:
            others = generator.map_styles(torch.randn(shape, device=self.context.device))
            first = int(torch.randint(1, generator.layers, ()))
            styles = torch.cat([styles[:, :first], others[:, first:]], dim=1)
        return styles

    def pictures(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Return samples of the averaged generator beside real images."""
        real = self.on_device(batch)["real"][:_PICTURES]
        kept = torch.random.get_rng_state()
        with torch.no_grad(), self.context.autocast():
            latent = torch.randn(len(real), self.kept().latent_size, device=real.device)
            sample = self.kept()(latent).float()
        # Looking must not change what is drawn next.
        torch.random.set_rng_state(kept)
        return {"real": real, "sample": sample}

    def histograms(self) -> dict[str, torch.Tensor]:
        """Return what the discriminator said last of real and generated images."""
        contest = self.contest
        return {"discriminator/on_real": contest.last_real, "discriminator/on_fake": contest.last_fake}

    def state(self) -> dict[str, Any]:
        """Return everything that a resumed run needs, the mean path length included."""
        return {**super().state(), "path_length": self.path_length.mean}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a saved state; see `Step.restore`."""
        super().restore(state)
        self.path_length.mean = state["path_length"]

    def _learn_part(self, real: torch.Tensor, share: float) -> dict[str, torch.Tensor]:
        with self.context.autocast():
            styles = self.draw_styles(len(real))
            fake = self.networks["generator"].synthesize(styles).float()
        losses = self.contest.learn(real, fake, share)
        with frozen(self.contest.network):
            wanted = {"adversarial": self.stage.adversarial.weight * self.contest.generator_loss(fake, real)}
        every = self.stage.path_length_every
        if self.stage.path_length > 0 and self.steps_done % every == every - 1:
            wanted["path_length"] = self.stage.path_length * every * self._length(max(1, len(real) // 2))
        check_finite(wanted)
        self.scaler.scale(share * sum(wanted.values())).backward()
        return {**losses, **wanted}

    def _length(self, count: int) -> torch.Tensor:
        # Gradients of gradients in half precision vanish or overflow, so this is done in float32.
        styles = self.draw_styles(count)
        return self.path_length(self.networks["generator"].synthesize(styles), styles)
