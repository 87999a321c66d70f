"""How far a result can be trusted: contract, content, bounds, what was removed, provenance."""

from GANEnhanceLib.trust.bounds import bound_residual
from GANEnhanceLib.trust.content import Content, is_strange, judge_content, measure_content, tight_bound
from GANEnhanceLib.trust.contract import Finding, Verdict, check_contract, check_grid
from GANEnhanceLib.trust.fan import Fan, find_fan
from GANEnhanceLib.trust.provenance import (
    NOT_FOR_DIAGNOSIS,
    hash_voxels,
    make_provenance,
    notice_of,
)
from GANEnhanceLib.trust.residual import residual_summary, residual_volume

__all__ = [
    "NOT_FOR_DIAGNOSIS",
    "Content",
    "Fan",
    "Finding",
    "Verdict",
    "bound_residual",
    "check_contract",
    "check_grid",
    "find_fan",
    "hash_voxels",
    "is_strange",
    "judge_content",
    "make_provenance",
    "measure_content",
    "notice_of",
    "residual_summary",
    "residual_volume",
    "tight_bound",
]
