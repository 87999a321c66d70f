"""Write a bundle's `configs/inference.json`, which MONAI's own command executes off line.

In the bundle's folder: `python -m monai.bundle run --config_file configs/inference.json --input A.nii.gz
--output B.nii.gz`. The network is made by its class, slices are run by MONAI's SliceInferer (3-D networks on
the whole volume by its SimpleInferer), and `monai_run.BundleRun` does what lies around them.
"""

from __future__ import annotations

from typing import Any

from GANEnhanceLib.models.card import ModelCard
from GANEnhanceLib.networks import NETWORKS


def inference_config(card: ModelCard) -> dict[str, Any]:
    """Return the content of `configs/inference.json` for a card."""
    module, attribute = NETWORKS[card.network.architecture]
    return {
        "bundle_root": ".",
        "input": "input.nii.gz",
        "output": "output.nii.gz",
        "fidelity": card.fidelity_default,
        "strength": 1.0,
        "device": "cpu",
        "network_def": {"_target_": f"{module}.{attribute}", **card.network.arguments},
        "inferer": _inferer(card),
        "enhancer": {
            "_target_": "GANEnhanceLib.models.monai_run.BundleRun",
            "bundle_root": "@bundle_root",
            "network": "@network_def",
            "inferer": "@inferer",
            "fidelity": "@fidelity",
            "strength": "@strength",
            "device": "@device",
        },
        "run": ["$@enhancer.enhance_file(@input, @output)"],
    }


def _inferer(card: ModelCard) -> dict[str, Any]:
    if card.network.dimensions == 3:
        return {"_target_": "monai.inferers.SimpleInferer"}
    # Whole slices; BundleRun brings the slice axis to the front.
    return {
        "_target_": "monai.inferers.SliceInferer",
        "spatial_dim": 0,
        "roi_size": [-1, -1],
        "sw_batch_size": 1,
    }
