"""Write a bundle's `docs/README.md` from its card, so that the two never disagree."""

from __future__ import annotations

from typing import Any

from GANEnhanceLib.models.card import ModelCard


def render_readme(card: ModelCard) -> str:
    """Return the model card as Markdown."""
    network = card.network
    parts = [
        f"# {card.title}",
        card.description,
        "**Research only: its results are made by a neural network and are not for diagnosis.**",
        "## Use",
        f"    ganenhance enhance INPUT OUTPUT --model {card.name}",
        "or choose it in the GANEnhance module of 3D Slicer. With MONAI:",
        "    python -m monai.bundle run --config_file BUNDLE/configs/inference.json --bundle_root BUNDLE"
        " --input INPUT --output OUTPUT",
        "## What it is for",
        _table(
            ["", ""],
            [
                ["Task", card.task],
                ["Modality", ", ".join(card.modality)],
                ["Anatomy", card.anatomy],
                *([_words(key), _value(value)] for key, value in card.contract.items() if key != "modality"),
                ["Largest change of a voxel", f"{card.residual_bound:g} of the scaled range"],
            ],
        ),
        "## Limits",
        *([f"**Risk: {card.risk}.**"] if card.risk else []),
        card.limits,
        "## Results",
        _results(card.results),
        *_doubt(card),
        "## Network",
        f"{network.architecture}, {network.dimensions}-D, {network.channels_in} slices in one step,"
        f" {flops_in_words(card)}, {network.receptive_field} voxels of context around each."
        f" Weight sets: {', '.join(card.weight_sets)}"
        f" (fidelity {card.fidelity_default:g} by default).",
        "## Data",
        card.data,
        "## Licence",
        f"{card.licence}, see `LICENSE`.",
    ]
    return "\n\n".join(parts) + "\n"


def flops_in_words(card: ModelCard) -> str:
    """Return what a voxel costs: "208 kFLOP a voxel", or that of up to three passes."""
    text = f"{card.flops_per_voxel / 1000:.0f} kFLOP a voxel"
    return text if card.most_passes == 1 else f"{text} in {card.most_passes} passes"


def _doubt(card: ModelCard) -> list[str]:
    if card.doubt is None:
        return []
    said = (
        f"The second channel says how far each voxel may be wrong: {card.doubt.quantile:.0%} of the errors"
        " shall lie below it. Measured shares:"
    )
    return ["## Doubt", said, _results(list(card.doubt.coverage))]


def _results(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "None were measured."
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return _table(
        [_words(column) for column in columns], [[_value(row.get(c)) for c in columns] for row in rows]
    )


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)


def _words(key: str) -> str:
    return key.replace("_", " ")


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        if len(value) == 2 and value[0] == value[1]:
            return _value(value[0])
        return " to ".join(map(_value, value)) if len(value) == 2 else " x ".join(map(_value, value))
    return str(value)
