"""Watches a training for what goes wrong with GANs, and says in plain words what may help."""

from __future__ import annotations

from collections import deque
from typing import Any

import torch

from GANEnhanceLib.training.objectives.checkerboard import checkerboard_peak

_WINDOW = 10
_LARGEST_NORM = 100.0
_SMALLEST_NORM = 1e-7
_LOST = {"bce": 0.05, "hinge": 0.05, "least-squares": 0.01, "relativistic": 0.05}
"""Loss below which a discriminator knows real from generated images nearly always."""
_COLLAPSED = 0.05
_PEAK = 6.0


class StabilityWatch:
    """Looks at the figures of a stage; each warning is given once until its cause has gone.

    Args:
        stage: its configuration.
    """

    def __init__(self, stage: Any) -> None:
        """Begin to watch."""
        self.stage = stage
        self._losses: deque[float] = deque(maxlen=_WINDOW)
        self._said: set[str] = set()

    def look(self, step: int, figures: dict[str, float]) -> list[str]:
        """Return warnings about losses and gradient norms at a step."""
        found = {}
        if "discriminator" in figures:
            self._losses.append(figures["discriminator"])
            found |= self._balance()
        for name, value in figures.items():
            if name.startswith("gradient_norm_"):
                network = name.removeprefix("gradient_norm_")
                if value > _LARGEST_NORM:
                    found[name] = (
                        f"The gradient of the {network} has a norm of {value:.3g}, above {_LARGEST_NORM:g}:"
                        " lower its learning_rate or set clip_norm."
                    )
                elif value < _SMALLEST_NORM:
                    found[name] = (
                        f"The gradient of the {network} has nearly vanished (norm {value:.1e}): it learns"
                        " nothing any more; choose another objective or a smaller discriminator."
                    )
        return self._new(step, found)

    def look_at(self, step: int, images: dict[str, torch.Tensor]) -> list[str]:
        """Return warnings about what the generator makes: all the same, or with a checkerboard."""
        made = images.get("output", images.get("sample"))
        if made is None:
            return []
        found = {}
        compared = images.get("target", images.get("real"))
        if "sample" in images and compared is not None and len(made) > 1:
            share = diversity(made) / max(diversity(compared), 1e-12)
            if share < _COLLAPSED:
                found["collapse"] = (
                    f"The generator makes nearly the same image each time (diversity {share:.0%} of the real"
                    " images'): it has collapsed; take wgan-gp, a penalty, or a lower learning_rate."
                )
        peak = checkerboard_peak(made)
        reference = checkerboard_peak(compared) if compared is not None else 1.0
        if peak > _PEAK * max(reference, 1.0):
            found["checkerboard"] = (
                f"The output has a checkerboard ({peak:.1f} times the spectrum around it): choose a generator"
                " that upsamples by resizing, or train longer."
            )
        return self._new(step, found)

    def _balance(self) -> dict[str, str]:
        limit = _LOST.get(self.stage.adversarial.objective) if self.stage.adversarial else None
        if limit is None or len(self._losses) < _WINDOW:
            return {}
        mean = sum(self._losses) / len(self._losses)
        if mean < limit:
            return {
                "balance": f"The discriminator wins (its loss is {mean:.3g}): lower its learning_rate, add a"
                " penalty, or make it smaller."
            }
        return {}

    def _new(self, step: int, found: dict[str, str]) -> list[str]:
        fresh = [text for cause, text in found.items() if cause not in self._said]
        self._said = set(found)
        return [f"Step {step}: {text}" for text in fresh]


def diversity(images: torch.Tensor) -> float:
    """Return the mean standard deviation over the images (n, ...) of a batch, voxel by voxel."""
    return float(images.detach().float().std(dim=0).mean())
