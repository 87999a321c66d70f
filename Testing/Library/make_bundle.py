"""Tiny real bundles for tests: real networks, real safetensors and ONNX files, written as an export writes
them.

Run as a script it makes one: `python make_bundle.py FOLDER [identity|random] [CHANNELS_IN] [DIMENSIONS]`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

KINDS = {"identity": "identity", "random": "plain-residual"}


def make_tiny_bundle(
    folder: Path | str,
    kind: str = "identity",
    channels_in: int = 1,
    dimensions: int = 2,
    seed: int = 0,
    **enhancement: Any,
) -> Path:
    """Write a bundle for MR into `folder` (made; its name is the model's) and return it.

    "identity" returns its input; "random" adds a residual of some percent by random weights, which differ in
    the two weight sets. `enhancement` replaces fields of that section of the card.
    """
    import torch

    from GANEnhanceLib.models import write_bundle
    from GANEnhanceLib.networks import build_network

    folder = Path(folder)
    architecture = KINDS[kind]
    arguments = {"channels_in": channels_in, "dimensions": dimensions}
    weight_sets = {}
    with torch.random.fork_rng(devices=[]):
        for number, name in enumerate(("fidelity", "perceptual")):
            torch.manual_seed(2 * seed + number)
            weight_sets[name] = build_network(architecture, **arguments).state_dict()
    metadata = tiny_metadata(folder.name, architecture, arguments)
    metadata["enhancement"].update(enhancement)
    return write_bundle(folder, metadata, weight_sets)


def tiny_metadata(name: str, architecture: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata of a tiny model, as an author would give it to `write_bundle`."""
    channels_in, dimensions = arguments["channels_in"], arguments["dimensions"]
    modes = {(2, True): "slices", (2, False): "slices25d"}
    return {
        "name": name,
        "version": "0.1.0",
        "description": f"Tiny {architecture} network for tests.",
        "enhancement": {
            "title": f"Tiny {architecture}",
            "task": "denoise",
            "modality": ["MR"],
            "anatomy": "any",
            "limits": "For tests only.",
            "licence": "Apache-2.0",
            "data": "none: the weights are random",
            "network": {
                "architecture": architecture,
                "arguments": arguments,
                "channels_in": channels_in,
                "dimensions": dimensions,
                "multiple": 1,
            },
            "scaling": {"name": "mr-percentile"},
            "plan": {"mode": modes.get((dimensions, channels_in == 1), "patches")},
            "residual_bound": 0.3,
            "fidelity_default": 1.0,
        },
    }


if __name__ == "__main__":
    print(make_tiny_bundle(sys.argv[1], *sys.argv[2:3], *map(int, sys.argv[3:5])))
