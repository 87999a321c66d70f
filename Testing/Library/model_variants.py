"""Bundles that hold one kind of weights only, made from a tiny complete one, and single files of networks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from bad_bundles import _sign as sign

KINDS = {"onnx": ".onnx", "safetensors": ".safetensors", "torchscript": ".ts"}


def only(bundle: Path, folder: Path, kind: str) -> Path:
    """Copy a complete bundle to `folder`, keeping one kind of its weights ("torchscript" is made)."""
    shutil.copytree(bundle, folder)
    if kind == "torchscript":
        add_torchscript(folder)
    for path in (folder / "models").iterdir():
        if path.suffix != KINDS[kind]:
            path.unlink()
    rename(folder)
    return folder


def rename(folder: Path) -> None:
    """Let the card bear the name of its folder; sign anew."""
    path = folder / "configs" / "metadata.json"
    metadata = json.loads(path.read_text())
    metadata["name"] = folder.name
    path.write_text(json.dumps(metadata))
    sign(folder)


def add_torchscript(bundle: Path, freeze: bool = False) -> None:
    """Write each weight set of a bundle as TorchScript, too (the bundle is not signed)."""
    import torch

    from GANEnhanceLib.models import load_model

    model = load_model(bundle)
    for weight_set in model.card.weight_sets:
        module = torch.jit.script(model.build_torch(1.0 if weight_set == "fidelity" else 0.0))
        module = torch.jit.freeze(module) if freeze else module
        module.save(str(bundle / "models" / f"{weight_set}.ts"))
