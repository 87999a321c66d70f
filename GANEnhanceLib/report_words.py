"""What a report comes to, in a few plain sentences: on noise, edges, the bound and the contract.

`conclude` finds out which sentences hold and with which values; `SENTENCES` has their English text, so that a
front end in another language can bring its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from GANEnhanceLib.measures import judge_row

SENTENCES = {
    "noise_fell": "Noise fell to {percent} %.",
    "noise_rose": "Noise rose to {percent} %.",
    "noise_same": "Noise did not change.",
    "noise_none": "No noise was measured.",
    "edges_same": "Edges are as sharp as before.",
    "edges_wider": "Edges became {percent} % wider, so less sharp.",
    "edges_narrower": "Edges became {percent} % narrower, so sharper.",
    "edges_flatter": "Edges are no wider than before, but {percent} % less steep.",
    "cnr_better": "Contrast-to-noise rose from {before} to {after}.",
    "cnr_worse": "Contrast-to-noise fell from {before} to {after}.",
    "reference_better": "The result is closer to the reference than the input was.",
    "reference_worse": "The result is farther from the reference than the input was.",
    "bound_none": "No voxel was held back by the bound.",
    "bound_some": "The bound held back {count} voxels ({share}).",
    "contract_ok": "The volume suits the model.",
    "contract_warn": "The volume is not quite what the model was made for.",
    "contract_refuse": "The volume is not what the model was made for.",
    "source_changed": "The source volume was changed after the run.",
}


@dataclass(frozen=True)
class Conclusion:
    """A sentence that holds: its name in SENTENCES and the texts for its places."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, sentences: Mapping[str, str] = SENTENCES) -> str:
        """Return the sentence."""
        return sentences[self.name].format(**self.values)


def conclude(document: Mapping[str, Any]) -> list[Conclusion]:
    """Return the sentences that hold for a document of `report_document`, the most important first."""
    rows = {row["name"]: row for row in document["measures"]["rows"]}
    found = [
        _noise(rows.get("noise")),
        _edges(rows.get("edge_width"), rows.get("edge_slope")),
        _cnr(rows.get("cnr")),
        _reference(rows.get("mae")),
        _bound(document),
        _contract(document),
        Conclusion("source_changed") if document["measures"].get("source_changed") else None,
    ]
    return [conclusion for conclusion in found if conclusion is not None]


def summary(document: Mapping[str, Any], sentences: Mapping[str, str] = SENTENCES) -> str:
    """Return all sentences in one line."""
    return " ".join(conclusion.text(sentences) for conclusion in conclude(document))


def warnings(document: Mapping[str, Any]) -> list[str]:
    """Return the sentences, with hints, of what does not suit the model."""
    findings = (document.get("contract") or {}).get("findings") or []
    return [
        f"{found.get('sentence', '')} {found.get('hint', '')}".strip()
        for found in findings
        if found.get("level") != "ok"
    ]


def number_text(value: float | None) -> str:
    """Return a figure with three significant digits, all digits of larger ones as far as they can be read."""
    if value is None:
        return "\N{EN DASH}"
    whole = 1e3 <= abs(value) < 1e7
    return f"{value:.0f}" if whole else f"{value:.3g}"


def _noise(row: Mapping[str, Any] | None) -> Conclusion | None:
    if row is None or row["before"] is None or row["after"] is None:
        return None
    if row["before"] == 0:
        return Conclusion("noise_none")
    verdict = judge_row(row)
    name = {"better": "noise_fell", "worse": "noise_rose"}.get(verdict, "noise_same")
    return Conclusion(name, {"percent": f"{100 * row['after'] / row['before']:.0f}"})


def _edges(width: Mapping[str, Any] | None, slope: Mapping[str, Any] | None) -> Conclusion | None:
    """Say that edges became sharper only where width and slope say so."""
    wider, steeper = _change(width), _change(slope)
    if wider is None or steeper is None:
        return None
    if judge_row(width) == "worse":
        return Conclusion("edges_wider", {"percent": f"{100 * wider:.0f}"})
    if judge_row(slope) == "worse":
        return Conclusion("edges_flatter", {"percent": f"{-100 * steeper:.0f}"})
    if judge_row(width) == "better":
        return Conclusion("edges_narrower", {"percent": f"{-100 * wider:.0f}"})
    return Conclusion("edges_same")


def _change(row: Mapping[str, Any] | None) -> float | None:
    """Relative change of a row's figure; None if it is not known."""
    if row is None or not row["before"] or row["after"] is None:
        return None
    return row["after"] / row["before"] - 1


def _cnr(row: Mapping[str, Any] | None) -> Conclusion | None:
    verdict = judge_row(row) if row is not None else ""
    if verdict not in ("better", "worse"):
        return None
    return Conclusion(f"cnr_{verdict}", {side: number_text(row[side]) for side in ("before", "after")})


def _reference(row: Mapping[str, Any] | None) -> Conclusion | None:
    verdict = judge_row(row) if row is not None else ""
    return Conclusion(f"reference_{verdict}") if verdict in ("better", "worse") else None


def _bound(document: Mapping[str, Any]) -> Conclusion | None:
    hits = document.get("bound_hits")
    # A filter has no bound, and nothing is to be said of it.
    if hits is None or (document.get("model") or {}).get("kind") == "classical":
        return None
    if hits == 0:
        return Conclusion("bound_none")
    shape = (document.get("input") or {}).get("shape") or []
    voxels = 1
    for size in shape:
        voxels *= size
    return Conclusion("bound_some", {"count": str(hits), "share": f"{hits / voxels:.2%}"})


def _contract(document: Mapping[str, Any]) -> Conclusion | None:
    level = (document.get("contract") or {}).get("level")
    return Conclusion(f"contract_{level}") if f"contract_{level}" in SENTENCES else None
