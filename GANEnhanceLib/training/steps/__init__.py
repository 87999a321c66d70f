"""Training steps: how networks learn from a batch. Steps and objectives are chosen independently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn

    from GANEnhanceLib.training.steps.step import Step, StepContext

STEPS = {
    "paired": ("GANEnhanceLib.training.steps.paired", "PairedStep"),
    "cycle": ("GANEnhanceLib.training.steps.cycle", "CycleStep"),
    "noise-transfer": ("GANEnhanceLib.training.steps.noise_transfer", "NoiseTransferStep"),
    "latent": ("GANEnhanceLib.training.steps.latent", "LatentStep"),
    "style": ("GANEnhanceLib.training.steps.style", "StyleStep"),
}


def make_step(
    stage: Any, generator: nn.Module, discriminator: nn.Module | None, context: StepContext
) -> Step:
    """Return the step that a stage's configuration asks for, around these networks."""
    from importlib import import_module

    module, name = STEPS[stage.step]
    return getattr(import_module(module), name)(generator, discriminator, stage, context)
