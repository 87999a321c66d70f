"""The generator's terms with their weights and schedules, added up."""

from __future__ import annotations

from collections.abc import Iterable

import torch

from GANEnhanceLib.training.config.stages import TermConfig
from GANEnhanceLib.training.objectives.terms import compare_by


class WeightedTerms:
    """All terms of a stage that compare output and target.

    Args:
        terms: names, weights and schedules.
    """

    def __init__(self, terms: Iterable[TermConfig]) -> None:
        """Look the functions up; see the class for the arguments."""
        self.terms = [(term, compare_by(term.name)) for term in terms]

    def __call__(
        self,
        output: torch.Tensor,
        target: torch.Tensor,
        step: int,
        weights: torch.Tensor | None = None,
    ) -> dict[str, torch.Tensor]:
        """Return the weighted terms by name, scalars.

        Args:
            output, target: (n, 1, ...), scaled.
            step: of the stage, for the schedules.
            weights: (n,) factor of each image; equal when left out.
        """
        found = {}
        for term, compare in self.terms:
            factor = term_weight(term, step)
            if factor > 0:
                losses = compare(output, target)
                found[term.name] = factor * (losses if weights is None else losses * weights).mean()
        return found


def term_weight(term: TermConfig, step: int) -> float:
    """Return the weight of a term at a step: 0 before it begins, rising linearly, then constant."""
    if step < term.from_step:
        return 0.0
    if term.rise == 0:
        return term.weight
    return term.weight * min(1.0, (step - term.from_step + 1) / term.rise)
