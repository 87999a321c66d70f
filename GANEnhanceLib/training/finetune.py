"""Begins a run with the weights of a model: its network and scaling hold, whatever the configuration says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from GANEnhanceLib.errors import ModelError, OptionError
from GANEnhanceLib.models import ModelCard, NetworkModel, load_model
from GANEnhanceLib.networks.doubt import WITH_DOUBT, generator_state
from GANEnhanceLib.training.config import RunConfig, load_config
from GANEnhanceLib.training.config.run import StartConfig
from GANEnhanceLib.training.loop.checkpoints import read_state, write_state
from GANEnhanceLib.training.loop.folder import RunFolder

_DIMENSIONS = {"2d": 2, "2.5d": 2, "3d": 3}
_USUAL_LIMITS = {"mr-percentile": [-0.25, 2.0]}


def load_finetune_config(
    bundle: str | Path, path: Path, changes: tuple[str, ...] = (), weights: str | None = None
) -> tuple[RunConfig, list[str]]:
    """Return the configuration of a run that begins with a model, and sentences on what was not as it said.

    Args:
        bundle: name or folder of the model.
        path: of the YAML file; its generator may be left out.
        changes: as in `load_config`.
        weights: "fidelity" or "perceptual"; None takes the first that the model has.

    Raises:
        ModelError: the model cannot be had, or is not made for training.
        OptionError: the configuration has faults, or its data do not suit the model.
    """
    model = load_model(bundle)
    if not isinstance(model, NetworkModel) or "safetensors" not in model.formats:
        raise ModelError(
            f"The model {model.name} cannot be trained further: it has no network whose weights can be read.",
            "Take a model with safetensors weights.",
        )
    card = model.card
    weights = weights or card.weight_sets[0]
    if weights not in card.weight_sets:
        raise OptionError(
            f"The weights are '{weights}', but the model {card.name} has {' and '.join(card.weight_sets)}."
        )
    architecture, network_arguments = _generator(card)
    own = [
        f"networks.generator.architecture={architecture}",
        f"networks.generator.arguments={json.dumps(network_arguments)}",
        f"scaling={json.dumps(_scaling(card))}",
        f"start={json.dumps(_start(model, weights))}",
    ]
    config = load_config(path, (*changes, *own))
    _check_suits(config, card)
    return config, _conflicts(path, config)


def read_start(start: StartConfig, folder: RunFolder) -> dict[str, torch.Tensor]:
    """Return the weights that a run begins with.

    They are kept in the run's folder, so that the run can be resumed when the model is gone.

    Raises:
        ModelError: the model is gone or another one.
        OutputError: the run's folder cannot be written.
    """
    kept = folder.path / "start.pt"
    if not kept.exists():
        model = load_model(start.bundle)
        if start.sha256 and model.sha256 != start.sha256:
            raise ModelError(
                f"The model in {start.bundle} is not the one to begin with: its sha256 is {model.sha256}, not"
                f" {start.sha256}.",
                "Begin a new run with `ganenhance finetune`.",
            )
        weights = model.weights(start.weights)
        if model.card.network.architecture == WITH_DOUBT:
            weights = generator_state(weights)
        state = {key: torch.from_numpy(np.array(each)) for key, each in weights.items()}
        write_state(state, kept)
    return read_state(kept)


def begin_with(generator: nn.Module, state: dict[str, torch.Tensor], start: StartConfig) -> None:
    """Give a generator the weights that its run begins with; ModelError if they do not fit."""
    try:
        generator.load_state_dict(state)
    except RuntimeError as error:
        raise ModelError(
            f"The weights of {start.name or start.bundle} do not fit the generator of the configuration.",
            "Begin with `ganenhance finetune`, which takes the model's own architecture.",
        ) from error


def _start(model: NetworkModel, weights: str) -> dict[str, str]:
    card = model.card
    return {
        "bundle": str(Path(model.folder).resolve()),
        "name": card.name,
        "version": card.version,
        "sha256": model.sha256,
        "weights": weights,
    }


def _generator(card: ModelCard) -> tuple[str, dict[str, Any]]:
    """Return architecture and arguments of the card's generator, without an estimator of doubt beside it."""
    network = card.network
    if network.architecture != WITH_DOUBT:
        return network.architecture, network.arguments
    return network.arguments["architecture"], network.arguments["arguments"]


def _scaling(card: ModelCard) -> dict[str, Any]:
    """Return the card's scaling as a configuration has it."""
    values = dict(card.scaling)
    limits = list(values.pop("limits", _USUAL_LIMITS.get(values["name"], [0, 1])))
    if limits != _USUAL_LIMITS.get(values["name"], [0, 1]):
        raise ModelError(
            f"The model {card.name} has the limits {limits} of its scaling, which no training takes over.",
            "Take another model, or begin with random weights.",
        )
    return values


def _check_suits(config: RunConfig, card: ModelCard) -> None:
    """Refuse data that the model's network cannot take, or that are not what it was made for."""
    if config.modality not in card.modality:
        raise OptionError(
            f"The configuration is for {config.modality}, but the model {card.name} for"
            f" {', '.join(card.modality)}.",
            "Correct modality, or take another model.",
        )
    patches = config.data.patches
    channels = patches.slices if patches.dimensions == "2.5d" else 1
    needed = card.network.dimensions, card.network.channels_in
    if config.data.kind == "real" or (_DIMENSIONS[patches.dimensions], channels) != needed:
        wanted = {1: "2d"}.get(needed[1], f"2.5d with slices: {needed[1]}") if needed[0] == 2 else "3d"
        raise OptionError(
            f"The model {card.name} takes patches of {wanted}, but data.patches of the configuration are"
            f" {patches.dimensions}{f' with slices: {channels}' if channels > 1 else ''}.",
            f"Set data.patches.dimensions={wanted.split()[0]}"
            + (f" and data.patches.slices={needed[1]}." if needed[1] > 1 else "."),
        )


def _conflicts(path: Path, config: RunConfig) -> list[str]:
    """Return a sentence for each value of the file that the model's own replaced."""
    import yaml

    said = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    sentences = []
    own = config.networks.generator
    theirs = (said.get("networks") or {}).get("generator") or {}
    if theirs and (theirs.get("architecture"), theirs.get("arguments") or {}) != (
        own.architecture,
        own.arguments,
    ):
        sentences.append(
            f"The generator is the model's, {own.architecture} {own.arguments}, not the file's,"
            f" {theirs.get('architecture')} {theirs.get('arguments') or {}}."
        )
    scaling = config.scaling.model_dump(exclude_none=True)
    if said.get("scaling") and said["scaling"] != scaling:
        sentences.append(f"The scaling is the model's, {scaling}, not the file's, {said['scaling']}.")
    return sentences
