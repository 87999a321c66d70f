"""A model ready to be run: a verified bundle with network weights, or a classical filter.

Nothing of a bundle is executed: weights are safetensors or ONNX data, and the network's code is looked up by name
in `GANEnhanceLib.networks`.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib.models.card import ModelCard

if TYPE_CHECKING:
    import torch

    from GANEnhanceLib.volume import Volume


class Model:
    """Card, identity (`sha256`) and, for a bundle, the folder of a model."""

    def __init__(self, card: ModelCard, sha256: str, folder: Path | None = None):
        self.card = card
        self.sha256 = sha256
        self.folder = folder

    @property
    def name(self) -> str:
        """The model's short name."""
        return self.card.name


class NetworkModel(Model):
    """A generator network whose files were verified when it was loaded (`load_model`)."""

    def onnx_path(self, weight_set: str) -> Path:
        """Return the ONNX file of a weight set ("fidelity" or "perceptual").

        Graph input "image" (n, c, h, w) or (n, 1, d, h, w), output "enhanced" (n, 1, h, w) or (n, 1, d, h, w),
        float32, scaled units; initializers carry the names of the state dict.
        """
        raise NotImplementedError

    def weights(self, weight_set: str) -> dict[str, np.ndarray]:
        """Return the state dict of a weight set as numpy arrays."""
        raise NotImplementedError

    def build_torch(self, fidelity: float) -> torch.nn.Module:
        """Return the generator in evaluation mode with weights f * fidelity + (1 - f) * perceptual."""
        raise NotImplementedError


class ClassicalModel(Model):
    """A classical filter that runs in steps, so that it can show progress and be canceled."""

    def steps(
        self, volume: Volume, roi_slices: tuple[slice, slice, slice]
    ) -> Generator[float, None, np.ndarray]:
        """Filter the ROI (slices k, j, i); yield the fraction done (0..1) between steps.

        Returns float32 voxels (k, j, i) of the ROI in value units, equal to the ROI of the filtered whole volume.
        """
        raise NotImplementedError


def describe_model(model: Model) -> dict[str, Any]:
    """Return what provenance and reports say of a model: name, version, title, kind and sha256."""
    card = model.card
    return {
        "name": card.name,
        "version": card.version,
        "title": card.title,
        "kind": card.kind,
        "sha256": model.sha256,
    }
