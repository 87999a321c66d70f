"""Watches a training for what goes wrong with GANs, and says in plain words what may help."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Any

import torch

from GANEnhanceLib.training.objectives.checkerboard import checkerboard_peak

_WINDOW = 10
"""Reports that are compared with."""
_IN_ROW = 3
"""Reports in a row that must show the same: one large gradient is usual, above all with lazy penalties."""
_RISE, _FALL = 20.0, 1e-3
"""Factors to the usual gradient norm beyond which it has exploded or vanished."""
_LEAST_RISEN = 1.0
"""Norm below which no gradient is called exploded."""
_SMALLEST_NORM = 1e-7
_LOST = {"bce": 0.05, "hinge": 0.05, "least-squares": 0.01, "relativistic": 0.05}
"""Loss below which a discriminator knows real from generated images nearly always."""
_TIMES = 2.0
"""Lengths of the running average (1 / (1 - ema) steps) before which pictures say nothing."""
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
        self._seen: dict[str, deque[float]] = {}
        self._said: dict[str, set[str]] = {"figures": set(), "images": set()}
        self._suspected: set[str] = set()

    def look(self, step: int, figures: dict[str, float]) -> list[str]:
        """Return warnings about losses and gradient norms at a step."""
        found = {}
        for name, value in figures.items():
            if name == "discriminator" or name.startswith("gradient_norm_"):
                self._seen.setdefault(name, deque(maxlen=_WINDOW + _IN_ROW)).append(float(value))
        for name, values in self._seen.items():
            warning = self._balance(values) if name == "discriminator" else _gradient(name, values)
            if warning:
                found[name] = warning
        return self._new("figures", step, found)

    def look_at(self, step: int, images: dict[str, torch.Tensor]) -> list[str]:
        """Return warnings about what the generator makes: all the same, or with a checkerboard.

        What shows in one batch of pictures alone may be chance; a warning needs two in a row. An averaged
        generator that still is much like it began says nothing.
        """
        if step * (1.0 - self.stage.ema) < _TIMES:
            return []
        made = images.get("output", images.get("sample"))
        if made is None:
            return []
        found = {}
        compared = next((images[name] for name in ("target", "real", "input") if name in images), None)
        if compared is not None and len(made) > 1:
            share = diversity(made) / max(diversity(compared), 1e-12)
            if share < _COLLAPSED:
                found["collapse"] = (
                    f"The generator makes nearly the same image each time (diversity {share:.1%} of the"
                    " images'): it has collapsed; take wgan-gp, a penalty, or a lower learning_rate."
                )
        peak = checkerboard_peak(made)
        reference = checkerboard_peak(compared) if compared is not None else 1.0
        if peak > _PEAK * max(reference, 1.0):
            found["checkerboard"] = (
                f"The output has a checkerboard ({peak:.1f} times the spectrum around it): choose a generator"
                " that upsamples by resizing, or train longer."
            )
        suspected, self._suspected = self._suspected, set(found)
        return self._new("images", step, {cause: found[cause] for cause in found if cause in suspected})

    def state(self) -> dict[str, Any]:
        """Return what a resumed run needs."""
        return {
            "seen": {name: list(values) for name, values in self._seen.items()},
            "said": {kind: sorted(causes) for kind, causes in self._said.items()},
            "suspected": sorted(self._suspected),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a saved state."""
        self._seen = {name: deque(values, maxlen=_WINDOW + _IN_ROW) for name, values in state["seen"].items()}
        self._said = {kind: set(causes) for kind, causes in state["said"].items()}
        self._suspected = set(state["suspected"])

    def _balance(self, losses: deque[float]) -> str | None:
        limit = _LOST.get(self.stage.adversarial.objective) if self.stage.adversarial else None
        if limit is None or len(losses) < _WINDOW:
            return None
        mean = sum(losses) / len(losses)
        if mean >= limit:
            return None
        return (
            f"The discriminator wins (its loss is {mean:.3g}): lower its learning_rate, add a penalty, or"
            " make it smaller."
        )

    def _new(self, kind: str, step: int, found: dict[str, str]) -> list[str]:
        fresh = [text for cause, text in found.items() if cause not in self._said[kind]]
        self._said[kind] = set(found)
        return [f"Step {step}: {text}" for text in fresh]


def diversity(images: torch.Tensor) -> float:
    """Return the mean standard deviation over the images (n, ...) of a batch, voxel by voxel."""
    return float(images.detach().float().std(dim=0).mean())


def _gradient(name: str, norms: deque[float]) -> str | None:
    """Return a warning if the last norms lie far from those before them, or are nothing at all."""
    network = name.removeprefix("gradient_norm_")
    before, last = list(norms)[:-_IN_ROW], list(norms)[-_IN_ROW:]
    if len(last) < _IN_ROW:
        return None
    usual = median(before) if len(before) >= _WINDOW // 2 else None
    if max(last) < _SMALLEST_NORM or (usual is not None and max(last) < _FALL * usual):
        return (
            f"The gradient of the {network} has nearly vanished (norm {max(last):.1e}): it learns nothing any"
            " more; choose another objective or a smaller discriminator."
        )
    if usual is not None and min(last) > max(_RISE * usual, _LEAST_RISEN):
        return (
            f"The gradient of the {network} explodes (norm {min(last):.3g}, before {usual:.3g}): lower its"
            " learning_rate or set clip_norm."
        )
    return None
