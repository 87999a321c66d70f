"""What the configuration of a run says of the model that it makes: the card's values, before any figure.

The judge runs a generator by the same card that the exported bundle has, so both are cut, scaled and bounded
alike.
"""

from __future__ import annotations

from typing import Any

from torch import nn

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.models.card import SCHEMA_VERSION, ModelCard, parse_card
from GANEnhanceLib.networks.describe import multiple_of
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.data.degraded import stated_profile
from GANEnhanceLib.training.data.fitting import channels_of

UNPAIRED_RISK = "unpaired: higher risk"
"""Said of models that learned without pairs: they can invent what fits the look of the other set."""
_BOUND = 0.5
_NEW_VALUES_BOUND = 4.0
"""Largest change in scaled units; a translated image is another one, so there it bounds faults only."""
_MODES = {"2d": "slices", "2.5d": "slices25d", "3d": "patches"}


def make_metadata(config: RunConfig, generator: nn.Module) -> dict[str, Any]:
    """Return the metadata of a bundle as `models.write_bundle` takes it, without contract and figures.

    Raises:
        ModelError: the generator makes images from noise, or takes several modalities at once.
    """
    check_enhances(config)
    card = config.card
    title = card.title or config.name
    description = card.description or f"{title}: trained by {config.name}, task {config.task}."
    return {
        "name": config.name,
        "version": "0.1.0",
        "description": description,
        "authors": card.authors or "not stated",
        "copyright": card.authors or "not stated",
        "enhancement": {
            "title": title,
            "task": config.task,
            "modality": [config.modality],
            "anatomy": card.anatomy or "not stated",
            "limits": card.limits or "Not for diagnosis. Its author states no limits.",
            "licence": card.license or "All rights reserved",
            "data": card.data or "not stated",
            "network": network_values(config, generator),
            "scaling": config.scaling.model_dump(exclude_none=True),
            "plan": {"mode": _MODES[config.data.patches.dimensions], "axis": config.axis},
            "residual_bound": _NEW_VALUES_BOUND if config.task == "translate" else _BOUND,
            **({"risk": UNPAIRED_RISK} if config.data.kind == "unpaired" else {}),
        },
    }


def super_resolution_of(config: RunConfig) -> dict[str, Any] | None:
    """Return what the card says of finer grids: the factors that were learned; None for other tasks."""
    learned = next((each for each in config.degradations if each.kind == "resolution"), None)
    if learned is None:
        return None
    through = {"factors": [learned.factor_low, learned.factor_high], "profile": stated_profile(learned)}
    if learned.in_plane_share == 0:
        return {"through_plane": through}
    return {
        "through_plane": through,
        "in_plane": {"factors": [1.1, learned.in_plane_factor], "profile": "kspace"},
    }


def network_values(config: RunConfig, generator: nn.Module) -> dict[str, Any]:
    """Return what the card says of the network, but for what is measured on it."""
    wanted = config.networks.generator
    return {
        "architecture": wanted.architecture,
        "arguments": dict(wanted.arguments),
        "channels_in": channels_of(config),
        "dimensions": 3 if config.data.patches.dimensions == "3d" else 2,
        "multiple": multiple_of(generator),
    }


def check_enhances(config: RunConfig) -> None:
    """Refuse a run whose generator no volume can be given to.

    Raises:
        ModelError: it makes images from noise, or takes several modalities at once.
    """
    if config.data.kind == "real":
        raise ModelError(
            f"The generator of '{config.name}' makes images from noise and takes no volume, so the panel can"
            " enhance nothing with it.",
            "Look at its samples in the run's folder pictures; `ganenhance runs plot` draws its curves.",
        )
    if config.data.is_fused:
        names = ", ".join(config.data.inputs)
        raise ModelError(
            f"The generator of '{config.name}' takes {len(config.data.inputs)} images at once ({names}), but"
            " panel and command give a model one volume.",
            "Train one with a single input to use it there.",
        )


def make_card(
    config: RunConfig,
    generator: nn.Module,
    receptive_field: int = 0,
    sections: dict[str, Any] | None = None,
) -> ModelCard:
    """Return the card to run a generator with while it trains.

    `receptive_field` decides how much blocks of 3-D networks overlap; `sections` are further values of the
    card's section "enhancement".
    """
    metadata = make_metadata(config, generator)
    enhancement = metadata["enhancement"]
    enhancement |= {
        "schema_version": SCHEMA_VERSION,
        "contract": {"modality": [config.modality]},
        "weight_sets": ["fidelity"],
        "fidelity_default": 1.0,
    }
    enhancement["network"] |= {"receptive_field": receptive_field, "flops_per_voxel": 0.0}
    enhancement |= sections or {}
    return parse_card(metadata)
