"""Whether a bundle gives the voxels of its trainer: the engine on what was written, against the module."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import numpy as np
from torch import nn

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.inference import EnhanceOptions, forget_backends, list_devices, run
from GANEnhanceLib.models import NetworkModel
from GANEnhanceLib.training.validation.fused import run_padded
from GANEnhanceLib.volume import Volume

TOLERANCE = 1e-4
"""Largest difference in scaled units; what the order of additions makes is a hundredth of it."""
_DEVICES = ("cpu", "openvino")


def check_same_voxels(model: NetworkModel, generators: dict[str, nn.Module]) -> float:
    """Return the largest difference, in scaled units, between a bundle and the generators it was made of.

    A volume of noise is enhanced by the engine, with PyTorch and OpenVINO where they are installed, and the
    modules are given its slices (or, in 3-D, all of it) by hand. Of super-resolution the network alone is
    compared, on one grid, and of several passes one.

    Raises:
        ModelError: they differ by more than `TOLERANCE`.
    """
    model = copy(model)
    card = model.card
    plan = replace(card.plan, axis="acquisition" if card.network.dimensions == 2 else card.plan.axis)
    model.card = replace(card, super_resolution=None, keep_outside=None, plan=plan)
    volume = _noise(model)
    there = [device.name for device in list_devices() if device.available and device.name in _DEVICES]
    worst = 0.0
    for name, generator in generators.items():
        for device in there:
            options = EnhanceOptions(
                device=device,
                precision="float32",
                output_type="float32",
                fidelity=1.0 if name == "fidelity" else 0.0,
                bound=float("inf"),
            )
            found = run(volume, model, options)
            scaled = found.scaling.forward(volume.voxels)
            expected = _by_hand(model, generator.eval(), scaled)
            # Compared in scaled units; voxels outside of the limits stay as they came.
            inside = found.scaling.inside(scaled)
            apart = np.abs(found.scaling.forward(found.volume.voxels) - expected)[inside].max()
            forget_backends()
            worst = max(worst, float(apart) / max(1.0, float(np.abs(expected).max())))
            if not worst <= TOLERANCE:
                raise ModelError(
                    f"The bundle gives other voxels than its trainer: on {device} its {name} weights differ"
                    f" by {worst:.2g} of the range, allowed is {TOLERANCE:g}.",
                    "Report this with the configuration; the network may look at the size of its input.",
                )
    return worst


def _by_hand(model: NetworkModel, generator: nn.Module, scaled: np.ndarray) -> np.ndarray:
    network = model.card.network
    if network.dimensions == 3:
        return run_padded(generator, scaled[np.newaxis])[0]
    reach, last = network.channels_in // 2, len(scaled) - 1
    rows = (np.clip(np.arange(row - reach, row + reach + 1), 0, last) for row in range(len(scaled)))
    return np.concatenate([run_padded(generator, scaled[places]) for places in rows])


def _noise(model: NetworkModel) -> Volume:
    """Return a volume whose values the model's scaling maps to about 0 to 1, of a size that needs padding."""
    network, spec = model.card.network, model.card.scaling
    edge = max(32, 2 * network.multiple)
    depth = edge if network.dimensions == 3 else network.channels_in + 2
    low, high = {"ct-window": (-1024.0, 3071.0), "us-display": (0.0, 255.0)}.get(spec["name"], (0.0, 1.0))
    low, high = spec.get("low", low), spec.get("high", high)
    share = np.random.default_rng(0).random((depth, edge + 1, edge + 6), dtype=np.float32)
    voxels = (low + (high - low) * share).astype(np.float32)
    return Volume(voxels, np.diag([-1.0, -1.0, 1.0, 1.0]), model.card.modality[0], "noise")
