"""What the voxels of a volume say to a run: findings for the verdict, and how much may change."""

from __future__ import annotations

from GANEnhanceLib.inference.facts import VolumeFacts
from GANEnhanceLib.inference.options import EnhanceOptions
from GANEnhanceLib.intensity import FittedScaling
from GANEnhanceLib.models import Model, ModelCard, NetworkModel
from GANEnhanceLib.trust import Finding, is_strange, judge_content, tight_bound


def find_content(facts: VolumeFacts, model: Model) -> tuple[Finding, ...]:
    """Return what there is to say of the image; of a classical filter, which expects nothing, nothing."""
    return judge_content(facts.content, model.card) if isinstance(model, NetworkModel) else ()


def bound_of_run(
    facts: VolumeFacts, card: ModelCard, options: EnhanceOptions, scaling: FittedScaling
) -> float:
    """Return the largest change of a voxel, in scaled units: as asked, else the card's, both shares of the
    reference range; of a strange image at most what its own noise explains, see ``trust.tight_bound``.
    """
    bound = card.residual_bound if options.bound is None else options.bound
    if is_strange(judge_content(facts.content, card)):
        bound = min(bound, tight_bound(facts.noise, (scaling.high - scaling.low) * scaling.span))
    return bound * scaling.span
