"""Write a bundle's `configs/inference.json`, which MONAI's own command executes off line.

`python -m monai.bundle run --config_file BUNDLE/configs/inference.json --bundle_root BUNDLE --input A.nii.gz
--output B.nii.gz`; the output goes outside of the bundle, which holds listed files only. The network is made
by its class, slices are run by MONAI's SliceInferer (3-D networks on the whole volume by its SimpleInferer),
and `monai_run.BundleRun` does what lies around them.
"""

from __future__ import annotations

from typing import Any

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.models.card import ModelCard
from GANEnhanceLib.networks import NETWORKS

_RUN = "$@enhancer.enhance_file(@input, @output)"
_TARGETS = ("GANEnhanceLib.networks.", "GANEnhanceLib.models.monai_run.BundleRun", "monai.inferers.")


def inference_config(card: ModelCard) -> dict[str, Any]:
    """Return the content of `configs/inference.json` for a card; ModelError for an unknown architecture."""
    if card.network.architecture not in NETWORKS:
        raise ModelError(
            f'The network architecture "{card.network.architecture}" is unknown.',
            f"Known are {', '.join(sorted(NETWORKS))}.",
        )
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
        "run": [_RUN],
    }


def check_inference_config(config: Any, path: str = "") -> None:
    """Raise ModelError if a parsed `configs/inference.json` could run other code than ours.

    GANEnhance never runs the file, but MONAI does: it calls every "_target_", evaluates every text that
    begins with "$" and reads files named in "%" texts.
    """
    if isinstance(config, dict):
        for key, value in config.items():
            check_inference_config(value, f"{path}.{key}" if path else key)
    elif isinstance(config, list):
        for number, value in enumerate(config):
            check_inference_config(value, f"{path}.{number}")
    elif isinstance(config, str):
        _check_text(config, path)


def _check_text(text: str, path: str) -> None:
    is_target = path.rsplit(".", 1)[-1] == "_target_"
    runs_code = ("$" in text and text != _RUN) or "%" in text
    if runs_code or (is_target and not text.startswith(_TARGETS)):
        raise ModelError(
            f'"{path}" of configs/inference.json is "{text[:80]}", which MONAI would run as code.',
            "Do not run this bundle with MONAI; ask its author for one that GANEnhance has written.",
        )


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
