"""A model ready to be run: a verified bundle with network weights, or a classical filter.

No Python of a bundle is executed: weights are safetensors, whose network is looked up by name in
`GANEnhanceLib.networks`, ONNX graphs, or TorchScript. One of them is enough: OpenVINO runs ONNX, PyTorch the
other two, and where PyTorch is installed OpenVINO runs safetensors, too.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib.errors import DeviceError, ModelError
from GANEnhanceLib.models.card import ModelCard, parse_card
from GANEnhanceLib.models.files import METADATA, BundleFiles, parse_json
from GANEnhanceLib.models.torchscript import load_torchscript
from GANEnhanceLib.models.weight_files import (
    can_run,
    onnx_file,
    refuse_external_data,
    require_weight_files,
    safetensors_file,
    torchscript_file,
    weight_formats,
    why_not,
)
from GANEnhanceLib.models.weights import interpolate, read_safetensors

if TYPE_CHECKING:
    import torch

    from GANEnhanceLib.volume import Volume


class Model:
    """Card, identity (`sha256`) and, for a bundle, the folder of a model."""

    def __init__(self, card: ModelCard, sha256: str, folder: Path | None = None):
        """Keep what identifies the model; `load_model` is how one is made."""
        self.card = card
        self.sha256 = sha256
        self.folder = folder

    @property
    def name(self) -> str:
        """The model's short name."""
        return self.card.name


class NetworkModel(Model):
    """A generator network in a bundle folder; its files are verified when opened here and again when used."""

    def __init__(self, folder: Path | str):
        """Verify every file of `folder`, then read the card.

        Raises ModelError for a bundle that is broken, changed or unsafe.
        """
        self._files = BundleFiles(Path(folder))
        self._files.verify()
        super().__init__(read_card(self._files), self._files.sha256, self._files.folder)
        require_weight_files(self._files, self.card)
        self.formats = weight_formats(self._files.hashes, self.card)

    def runs_on(self, device: str) -> bool:
        """Tell whether a device ("openvino", "cpu", "cuda", ...) can run what the bundle holds."""
        return can_run("openvino" if device == "openvino" else "torch", self.formats)

    def device_error(self) -> DeviceError:
        """Return what to tell where no device can run what the bundle holds."""
        return why_not(self.name, self.formats)

    def onnx_path(self, weight_set: str) -> Path:
        """Return the ONNX file of a weight set ("fidelity" or "perceptual").

        Graph input "image" (n, c, h, w) or (n, 1, d, h, w), output "enhanced" (n, 1, h, w) or (n, 1, d, h,
        w), with the doubt as second channel where the card has one, float32, scaled units; initializers carry
        the names of the state dict.
        """
        self._require_set(weight_set)
        path = self._files.path(onnx_file(weight_set))
        refuse_external_data(path)
        return path

    def weights(self, weight_set: str) -> dict[str, np.ndarray]:
        """Return the state dict of a weight set as numpy arrays (read-only)."""
        self._require_set(weight_set)
        relative = safetensors_file(weight_set)
        return read_safetensors(self._files.read(relative), relative)

    def mixed_weights(self, fidelity: float) -> dict[str, np.ndarray]:
        """Return the state dict fidelity * "fidelity" + (1 - fidelity) * "perceptual"; fidelity is 0..1.

        ModelError if a set that takes part is not in the bundle.
        """
        if fidelity >= 1.0:
            return self.weights("fidelity")
        if fidelity <= 0.0:
            return self.weights("perceptual")
        return interpolate(self.weights("fidelity"), self.weights("perceptual"), fidelity)

    def build_torch(self, fidelity: float) -> torch.nn.Module:
        """Return the generator on the CPU, float32, in evaluation mode, with `mixed_weights(fidelity)`.

        It is made from the safetensors, else from the TorchScript of the bundle. Raises ModelError if
        architecture and weights do not fit, DeviceError without PyTorch.
        """
        if "safetensors" in self.formats:
            return build_network_with(self.card, self.mixed_weights(fidelity))
        if fidelity >= 1.0:
            return self.torchscript("fidelity")
        if fidelity <= 0.0:
            return self.torchscript("perceptual")
        return self._mixed_torchscript(fidelity)

    def torchscript(self, weight_set: str) -> torch.jit.ScriptModule:
        """Return the TorchScript module of a weight set (ModelError, DeviceError without PyTorch)."""
        self._require_set(weight_set)
        relative = torchscript_file(weight_set)
        return load_torchscript(self._files.read(relative), relative)

    def _mixed_torchscript(self, fidelity: float) -> torch.nn.Module:
        module, other = self.torchscript("fidelity"), self.torchscript("perceptual")
        states = [
            {key: values.numpy() for key, values in part.state_dict().items()} for part in (module, other)
        ]
        if not states[0]:
            raise ModelError(
                f'The weights of the model "{self.name}" are frozen, so its two sets cannot be mixed.',
                "Use fidelity 0 or 1.",
            )
        import torch

        mixed = {key: torch.from_numpy(np.array(v)) for key, v in interpolate(*states, fidelity).items()}
        module.load_state_dict(mixed)
        return module

    def _require_set(self, weight_set: str) -> None:
        if weight_set not in self.card.weight_sets:
            raise ModelError(
                f'The model "{self.name}" has no weight set "{weight_set}"; it has'
                f" {' and '.join(self.card.weight_sets)}.",
                f"Use fidelity {1 if 'fidelity' in self.card.weight_sets else 0}.",
            )


class ClassicalModel(Model):
    """A classical filter that runs in steps, so that it can show progress and be canceled."""

    def steps(
        self, volume: Volume, roi_slices: tuple[slice, slice, slice]
    ) -> Generator[float, None, np.ndarray]:
        """Filter the ROI (slices k, j, i); yield the fraction done (0..1) between steps.

        Returns float32 voxels (k, j, i) of the ROI in value units, equal to the ROI of the filtered whole
        volume. Closing the generator cancels.
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


def read_card(files: BundleFiles) -> ModelCard:
    """Return the card of a bundle from its verified `configs/metadata.json`."""
    return parse_card(parse_json(files.folder, METADATA, files.read(METADATA)))


def build_network_with(card: ModelCard, weights: dict[str, np.ndarray]) -> torch.nn.Module:
    """Return the card's network with `weights`, in evaluation mode; ModelError if they do not fit it."""
    try:
        import torch
    except ImportError as error:
        raise DeviceError(
            "PyTorch is not installed.", "Install it (pip install torch), or choose the device openvino."
        ) from error
    from GANEnhanceLib.networks import build_network

    module = build_network(card.network.architecture, **card.network.arguments)
    # Copied, because the arrays are read-only views of the file's bytes.
    tensors = {key: torch.from_numpy(np.array(values)) for key, values in weights.items()}
    try:
        module.load_state_dict(tensors, strict=True)
    except RuntimeError as error:
        raise ModelError(
            f'The weights of the model "{card.name}" do not fit its architecture'
            f' "{card.network.architecture}": {_second_line(error)}',
            "Install the model again, or a version of GANEnhance that knows it.",
        ) from error
    return module.eval().requires_grad_(False)


def _second_line(error: RuntimeError) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[1] if len(lines) > 1 else lines[0]
