"""Turn the weights of a finished run into a bundle that panel and command load."""

from __future__ import annotations

import json
from pathlib import Path

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.models import write_bundle
from GANEnhanceLib.models.card import WEIGHT_SETS
from GANEnhanceLib.training.config import RunConfig

_QUOTED = ("input", "curvature", "non-local", "Rician", "BM4D", "mr-denoise, fidelity")
"""Beginnings of the methods whose rows the card quotes."""


def export(
    config: RunConfig, weights: dict[str, Path], card: Path, folder: Path, figures: Path | None = None
) -> Path:
    """Write the bundle of a run and return its folder.

    Args:
        config: of the run; its generator's arguments go into the card.
        weights: files of the stages; those named "fidelity" and "perceptual" are exported.
        card: JSON file with the card's texts.
        folder: of the bundle, replaced when it is one already.
        figures: what the quality bench wrote; without it the card holds no measured quality.

    Raises:
        InputError: the figures are of a model that is below its own input, so it must not be shipped.
    """
    import torch

    metadata = json.loads(Path(card).read_text(encoding="utf-8"))
    arguments = dict(config.networks.generator.arguments)
    network = metadata["enhancement"]["network"]
    network["architecture"] = config.networks.generator.architecture
    network["arguments"] = arguments
    network["channels_in"] = arguments["channels_in"]
    if figures is not None:
        metadata["enhancement"] |= _measured(json.loads(Path(figures).read_text(encoding="utf-8")))
    states = {name: torch.load(weights[name], weights_only=True) for name in WEIGHT_SETS if name in weights}
    Path(folder).parent.mkdir(parents=True, exist_ok=True)
    return write_bundle(folder, metadata, states, replace=True)


def _measured(figures: dict) -> dict:
    worse = [bar for bar in figures["bars"] if bar["bar"].startswith("never below") and not bar["held"]]
    if worse:
        raise InputError(
            f"The model is {-worse[0]['lead_db']:.2f} dB below its own input ({worse[0]['bar']}).",
            "Train it longer or with other data; such a model is not exported.",
        )
    rows = [row for row in figures["summary"] if row["method"].startswith(_QUOTED)]
    real = [
        row for row in figures["rows"] if row["case"] == "epi-repeat" and row["method"].startswith(_QUOTED)
    ]
    return {
        "results": rows + real,
        "precision": figures["precision"],
        "fidelity_default": figures["fidelity_default"],
    }
