"""One training step on pairs of noisy and clean patches, with or without a discriminator (after pix2pix)."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from GANEnhanceLib.training.config import StageConfig
from GANEnhanceLib.training.objectives import (
    charbonnier,
    least_squares_discriminator,
    least_squares_generator,
    noise_weights,
)


class PairedStep:
    """Holds both networks, their optimisers and the averaged generator of one stage.

    In a stage with `adversarial_weight` 0 only the pixel loss acts. Otherwise the adversarial term is
    scaled, each step, so that the norm of its gradient at the generator's last layer is `adversarial_weight`
    times that of the pixel loss (Esser et al., VQGAN, CVPR 2021): a fixed weight would depend on the
    discriminator's slope.
    The fake is made once and the discriminator is frozen while the generator learns.

    Args:
        generator: takes (n, slices, h, w), returns (n, 1, h, w).
        discriminator: takes (n, 1, h, w), returns a map of logits; None in a stage without adversary.
        stage: rates, weights, number of steps.
        precision: "bfloat16" or "float32".
        device: where the networks are.
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module | None,
        stage: StageConfig,
        precision: str = "bfloat16",
        device: str = "cpu",
    ) -> None:
        """Make the step; see the class for the arguments."""
        self.stage, self.device = stage, torch.device(device)
        self.autocast = precision == "bfloat16"
        self.generator = generator.to(self.device, memory_format=torch.channels_last)
        self.average = AveragedModel(self.generator, multi_avg_fn=get_ema_multi_avg_fn(stage.ema))
        self.optimizer = torch.optim.Adam(self.generator.parameters(), lr=stage.learning_rate, fused=True)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._rate)
        self.discriminator = None
        if stage.adversarial_weight > 0:
            self.discriminator = discriminator.to(self.device, memory_format=torch.channels_last)
            self.discriminator_optimizer = torch.optim.Adam(
                self.discriminator.parameters(), lr=stage.discriminator_rate, betas=(0.5, 0.9), fused=True
            )

    def update(self, noisy: torch.Tensor, clean: torch.Tensor) -> dict[str, float]:
        """Learn from one batch.

        Args:
            noisy: (n, slices, h, w), scaled.
            clean: (n, 1, h, w), scaled.

        Returns:
            The losses by name.

        Raises:
            FloatingPointError: a loss is not finite; the networks are left as they were before this step.
        """
        noisy = noisy.to(self.device).contiguous(memory_format=torch.channels_last)
        clean = clean.to(self.device)
        with self._precision():
            fake = self.generator(noisy).float()
        losses = {"pixel": charbonnier(fake, clean, weights=self._weights(noisy, clean))}
        if self.discriminator is not None:
            losses |= self._learn_to_judge(fake.detach(), clean)
        total = losses["pixel"] + self._adversarial_term(fake, losses)
        if not all(math.isfinite(float(loss.detach())) for loss in (*losses.values(), total)):
            values = {name: float(loss.detach()) for name, loss in losses.items()}
            raise FloatingPointError(f"a loss is not finite: {values}")
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.generator.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.average.update_parameters(self.generator)
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def state(self) -> dict:
        """Return everything that a resumed run needs."""
        state = {
            "generator": self.generator.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }
        if self.discriminator is not None:
            state["discriminator"] = self.discriminator.state_dict()
            state["discriminator_optimizer"] = self.discriminator_optimizer.state_dict()
        return state

    def restore(self, state: dict) -> None:
        """Go on from a saved state."""
        for name, value in state.items():
            getattr(self, name).load_state_dict(value)

    def _weights(self, noisy: torch.Tensor, clean: torch.Tensor) -> torch.Tensor | None:
        if self.stage.noise_balance <= 0:
            return None
        center = noisy.shape[1] // 2
        return noise_weights(noisy[:, center : center + 1], clean, self.stage.noise_balance)

    def _learn_to_judge(self, fake: torch.Tensor, clean: torch.Tensor) -> dict[str, torch.Tensor]:
        for parameter in self.discriminator.parameters():
            parameter.requires_grad_(True)
        with self._precision():
            on_real, on_fake = self.discriminator(clean).float(), self.discriminator(fake).float()
        loss = least_squares_discriminator(on_real, on_fake)
        self.discriminator_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.discriminator_optimizer.step()
        for parameter in self.discriminator.parameters():
            parameter.requires_grad_(False)
        return {"discriminator": loss, "on_real": on_real.mean(), "on_fake": on_fake.mean()}

    def _adversarial_term(self, fake: torch.Tensor, losses: dict[str, torch.Tensor]) -> torch.Tensor | float:
        if self.discriminator is None:
            return 0.0
        with self._precision():
            judged = self.discriminator(fake).float()
        adversarial = losses["adversarial"] = least_squares_generator(judged)
        last = list(self.generator.parameters())[-2]
        pixel_norm, adversarial_norm = (
            torch.autograd.grad(loss, last, retain_graph=True)[0].norm()
            for loss in (losses["pixel"], adversarial)
        )
        balance = (pixel_norm / adversarial_norm.clamp_min(1e-8)).clamp(max=1e3)
        return self.stage.adversarial_weight * balance.detach() * adversarial

    def _precision(self):
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.autocast)

    def _rate(self, step: int) -> float:
        warm_up = min(1.0, (step + 1) / max(1, self.stage.warm_up))
        done = min(1.0, step / max(1, self.stage.steps))
        return warm_up * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * done)))
