"""The generator's terms with their weights and schedules, added up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import torch

from GANEnhanceLib.training.config.stages import TermConfig
from GANEnhanceLib.training.objectives.features import Perceptual, feature_matching
from GANEnhanceLib.training.objectives.terms import compare_by

if TYPE_CHECKING:
    from GANEnhanceLib.training.steps.discriminator_features import Judged

MATCHING = "feature-matching"


class WeightedTerms:
    """All terms of a stage that compare output and target.

    Args:
        terms: names, weights and schedules.
        device: of the networks that terms need.
    """

    def __init__(self, terms: Iterable[TermConfig], device: torch.device | None = None) -> None:
        """Look the functions up; see the class for the arguments."""
        self.terms = tuple(terms)
        self._compare = {
            term.name: Perceptual(device) if term.name == "perceptual" else compare_by(term.name)
            for term in self.terms
            if term.name != MATCHING
        }

    def needs_features(self, step: int) -> bool:
        """Return whether what a discriminator's layers find is needed at a step."""
        return any(term.name == MATCHING and term_weight(term, step) > 0 for term in self.terms)

    def __call__(
        self,
        output: torch.Tensor,
        target: torch.Tensor,
        step: int,
        weights: torch.Tensor | None = None,
        on_target: Judged | None = None,
        on_output: Judged | None = None,
    ) -> dict[str, torch.Tensor]:
        """Return the weighted terms by name, scalars.

        Args:
            output, target: (n, 1, ...), scaled.
            step: of the stage, for the schedules.
            weights: (n,) factor of each image; equal when left out.
            on_target, on_output: what the discriminator says of them, where `needs_features`; before the
                contest has begun there is none, and the features cannot be matched.
        """
        found = {}
        for term in self.terms:
            factor = term_weight(term, step)
            if factor == 0 or (term.name == MATCHING and on_target is None):
                continue
            if term.name == MATCHING:
                losses = feature_matching(on_output.features, on_target.features)
            else:
                losses = self._compare[term.name](output, target)
            found[term.name] = factor * (losses if weights is None else losses * weights).mean()
        return found


def term_weight(term: TermConfig, step: int) -> float:
    """Return the weight of a term at a step: 0 before it begins, rising linearly, then constant."""
    if step < term.from_step:
        return 0.0
    if term.rise == 0:
        return term.weight
    return term.weight * min(1.0, (step - term.from_step + 1) / term.rise)
