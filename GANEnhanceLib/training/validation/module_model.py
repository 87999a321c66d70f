"""A generator in memory as a model of the engine: no bundle is written, and the engine cannot tell."""

from __future__ import annotations

import copy
import itertools

import torch
from torch import nn

from GANEnhanceLib.errors import DeviceError
from GANEnhanceLib.inference import EnhanceOptions, VolumeFacts, run
from GANEnhanceLib.inference.backends import forget_backends
from GANEnhanceLib.inference.boxes import Box
from GANEnhanceLib.intensity import FittedScaling
from GANEnhanceLib.models import ModelCard
from GANEnhanceLib.models.model import Model
from GANEnhanceLib.volume import Volume

_numbers = itertools.count()


class ModuleModel(Model):
    """What the engine asks of a `NetworkModel`, for a module.

    Args:
        generator: is copied, since the engine moves it and changes its memory layout.
        card: how it is run.
    """

    def __init__(self, generator: nn.Module, card: ModelCard) -> None:
        """Copy the generator; see the class for the arguments."""
        # The engine keeps a network for the next run by this name, and weights change.
        super().__init__(card, f"in-memory-{next(_numbers)}")
        self._generator = copy.deepcopy(generator).float().eval().requires_grad_(False)

    def runs_on(self, device: str) -> bool:
        """Tell whether a device is one of PyTorch's."""
        return device != "openvino"

    def device_error(self) -> DeviceError:
        """Return what to tell where no device of PyTorch is there."""
        return DeviceError("A model in memory needs a device of PyTorch.", "Choose another device.")

    def build_torch(self, fidelity: float) -> nn.Module:
        """Return the generator; it is the only set of weights."""
        return self._generator


class ModuleRunner:
    """Runs a generator over volumes by the engine, on the device where it lies, in float32.

    Use it in a `with` statement: at its end the engine forgets the generator.
    """

    def __init__(self, generator: nn.Module, card: ModelCard) -> None:
        """Take the generator as it is now."""
        self._model = ModuleModel(generator, card)
        self._device = str(next(generator.parameters()).device)

    def __enter__(self) -> ModuleRunner:
        """Begin."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Let go of the weights."""
        forget_backends()

    def __call__(
        self, volume: Volume, box: Box, scaling: FittedScaling, facts: VolumeFacts | None = None
    ) -> Volume:
        """Return the enhanced voxels of a box (k, j, i), as float32, on its part of the grid."""
        options = EnhanceOptions(
            device=self._device,
            precision="float32",
            output_type="float32",
            threads=torch.get_num_threads(),
            roi=tuple((part.start, part.stop) for part in reversed(box)),
        )
        return run(volume, self._model, options, scaling=scaling, crop=True, facts=facts).volume
