"""What a bundle's `configs/inference.json` needs around MONAI's inferer: read, scale, pad, put back, write.

The same steps as the engine's, written plainly and run by PyTorch and MONAI, so that the two can be compared
voxel by voxel. It holds the whole volume in memory several times over; to enhance volumes, use the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from GANEnhanceLib.intensity import to_dtype
from GANEnhanceLib.metrics import fit_to_noise
from GANEnhanceLib.models.coarser import coarser_of
from GANEnhanceLib.models.model import NetworkModel
from GANEnhanceLib.models.passes import passes_of_model
from GANEnhanceLib.trust import bound_residual, check_contract
from GANEnhanceLib.volume import Volume, check_output_path, read_volume, write_volume


class BundleRun:
    """A bundle on a device: weights in the given network, run by the given MONAI inferer."""

    def __init__(
        self,
        bundle_root: str | Path,
        network: torch.nn.Module,
        inferer: Callable,
        fidelity: float,
        strength: float = 1.0,
        device: str = "cpu",
    ):
        """Verify the bundle and load `fidelity` (0..1) of its weights into `network` (ModelError)."""
        self._model = NetworkModel(bundle_root)
        self._inferer, self._strength, self._device = inferer, strength, device
        weights = self._model.mixed_weights(fidelity)
        network.load_state_dict({key: torch.from_numpy(np.array(values)) for key, values in weights.items()})
        self._network = network.eval().to(device)

    def enhance_file(self, source: str | Path, target: str | Path) -> None:
        """Enhance the volume of a file into another file."""
        target = check_output_path(target)
        write_volume(self.enhance(read_volume(source)), target)

    def enhance(self, volume: Volume) -> Volume:
        """Return the enhanced volume on the same grid, in the same type (ContractError if unfit)."""
        volume.check_usable()
        card = self._model.card
        check_contract(volume, card).raise_if_refused()
        scaling = fit_to_noise(card.scaling, volume.voxels)
        passes = passes_of_model(volume, card)
        coarser = coarser_of(volume, card, passes[0].axis)
        scaled = scaling.forward(volume.voxels if coarser is None else coarser.thinned(volume.voxels))
        made = sum(each.turn(self._run(each.turn(scaled), each.axis)) - scaled for each in passes)
        made = made / np.float32(len(passes))
        if coarser is not None:
            made = coarser.widened(made)
        residual, _ = bound_residual(made, card.residual_bound * scaling.span)
        values = scaling.apply_residual(volume.voxels, residual, self._strength)
        return volume.with_voxels(to_dtype(values, volume.voxels.dtype))

    def _run(self, scaled: np.ndarray, axis: int) -> np.ndarray:
        """Run the network on scaled voxels (k, j, i) and return scaled voxels."""
        spec = self._model.card.network
        view = np.moveaxis(scaled, axis, 0)
        padded = _pad_end(view, spec.multiple, first=0 if spec.dimensions == 3 else 1)
        image = torch.from_numpy(_neighbors(padded, spec.channels_in))[None].to(self._device)
        with torch.inference_mode():
            result = self._inferer(image, self._network)
        inside = tuple(slice(size) for size in view.shape)
        return np.moveaxis(result[0, 0].cpu().numpy()[inside], 0, axis)


def _pad_end(view: np.ndarray, multiple: int, first: int) -> np.ndarray:
    """Repeat the last voxel of the axes from `first` on, up to a multiple."""
    widths = [(0, -size % multiple if axis >= first else 0) for axis, size in enumerate(view.shape)]
    return np.pad(view, widths, mode="edge")


def _neighbors(view: np.ndarray, channels: int) -> np.ndarray:
    """Return (channels, s, u, v): for each slice its neighbors, the first and last slice repeated outward."""
    reach = channels // 2
    rows = np.arange(len(view))
    return np.stack([view[np.clip(rows + step, 0, len(view) - 1)] for step in range(-reach, reach + 1)])
