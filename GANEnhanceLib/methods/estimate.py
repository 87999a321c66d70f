"""Time and memory of a run before it is started, from earlier runs on this computer or from its speed.

What a run costs is proportional to the voxels that are computed: those of a plan's blocks for a network,
those of the box for a filter. Where the model has run here, its own rate is used; else, for a network, its
FLOP a voxel and the speed that the device had with other models, or with one small convolution that is timed
once; for a filter, what it took on the developers' computer.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib.methods.rates import Rates, mixed

if TYPE_CHECKING:
    from GANEnhanceLib.inference import EnhanceOptions
    from GANEnhanceLib.inference.boxes import Box
    from GANEnhanceLib.inference.devices import DeviceInfo
    from GANEnhanceLib.models import ModelCard
    from GANEnhanceLib.pipeline import Enhanced
    from GANEnhanceLib.volume import Volume

_MIB = 2.0**20
# Loading, checks, scaling, hashes and the report, measured: seconds, and seconds a voxel of the volume.
_START_SECONDS = 0.3
_SECONDS_A_VOXEL = 1.5e-8
# Core-seconds a voxel of the filters, measured on one computer.
_FILTERS = {"median": 5e-7, "anisotropic-diffusion": 8.5e-7, "nlm": 7.7e-7}
# Resident memory beside input and output, measured: imports and libraries; then bytes a voxel.
_FILTER_MIB, _FILTER_BYTES = 165.0, 4.0
_NETWORK_MIB, _NETWORK_BYTES_A_FLOP = 150.0, 2e-3
# Fewer blocks do not keep the device busy, and a short run says little.
_LEAST_BLOCKS, _LEAST_SECONDS = 8, 0.05


@dataclass(frozen=True)
class Estimate:
    """What a run will take: wall seconds, peak memory of the worker in MiB; None where nothing is known."""

    seconds: float | None = None
    memory_mib: float | None = None
    measured: bool = False


class Estimator:
    """Foretells runs, and learns from them."""

    def __init__(self, rates: Rates | None = None):
        """Use these rates (default: the user's)."""
        self.rates = Rates() if rates is None else rates

    def learn(self, volume: Volume, options: EnhanceOptions, enhanced: Enhanced) -> None:
        """Remember what a run took, if it says something about others."""
        result, model = enhanced.result, enhanced.model
        blocks, size = result.work
        seconds = result.seconds_in_network
        few = model.card.network is not None and blocks < _LEAST_BLOCKS
        if few or not size or seconds < _LEAST_SECONDS or options.threads is not None:
            return
        data = volume.voxels.nbytes + enhanced.volume.voxels.nbytes
        peak = enhanced.report.get("peak_memory_mib")
        new = {"seconds": seconds / (blocks * size)}
        # What a finer grid takes is told apart, by its size.
        if peak is not None and result.finer is None:
            held = 0.0 if model.card.network is None else _held_mib(volume, result.box, model.card, options)
            new["beside_mib"] = max(0.0, peak - data / _MIB - held)
            new["size"] = float(size)
        if model.card.network is not None:
            new["flops"] = model.card.network.flops_per_voxel
        self.rates.update(
            _key(model.sha256, result.device),
            lambda old: {**new, "seconds": mixed((old or {}).get("seconds"), new["seconds"])},
        )

    def filter(self, card: ModelCard, sha256: str, volume: Volume, options: EnhanceOptions) -> Estimate:
        """Return what a classical filter will take."""
        from GANEnhanceLib.inference.boxes import shape_of
        from GANEnhanceLib.inference.filtering import FILTER_DEVICE

        voxels = math.prod(shape_of(options.roi_slices(volume.shape)))
        row = self.rates.rows().get(_key(sha256, FILTER_DEVICE))
        rate = row["seconds"] if row and "seconds" in row else _FILTERS.get(card.name)
        seconds = None if rate is None else rate * voxels + _overhead(volume)
        beside = _FILTER_MIB + _FILTER_BYTES * voxels / _MIB
        if row and "beside_mib" in row:
            beside = max(0.0, row["beside_mib"] + _FILTER_BYTES * (voxels - row.get("size", voxels)) / _MIB)
        return Estimate(seconds, beside + _data_bytes(volume, options) / _MIB, row is not None)

    def network(
        self, card: ModelCard, sha256: str, volume: Volume, options: EnhanceOptions, device: DeviceInfo
    ) -> Estimate:
        """Return what a network will take on a device."""
        from GANEnhanceLib.inference.engine import plans_of_run
        from GANEnhanceLib.inference.memory import Rung

        rung = Rung(device.name, patch=options.patch or card.plan.patch)
        roi = options.roi_slices(volume.shape)
        plans = plans_of_run(volume, roi, card, options, rung)
        size = math.prod(plans[0].size)
        blocks = round(sum(len(plan.blocks) * math.prod(plan.size) for plan in plans) / size)
        rows = self.rates.rows()
        row = _newest(rows, sha256, device.label)
        if row is not None:
            rate = row["seconds"]
        else:
            flops = self._flops_a_second(rows, card, device)
            rate = None if flops is None else card.network.flops_per_voxel / flops
        if rate is not None and blocks < _LEAST_BLOCKS:
            # Each block runs on one core, so the last ones leave cores idle.
            cores = _cores()
            rate *= math.ceil(blocks / cores) * cores / blocks if device.name == "openvino" else 1
        seconds = None if rate is None else rate * blocks * size + _overhead(volume)
        beside = _beside_mib(row, card, size) + _held_mib(volume, roi, card, options)
        return Estimate(seconds, beside + _data_bytes(volume, options) / _MIB, row is not None)

    def _flops_a_second(
        self, rows: dict[str, dict[str, float]], card: ModelCard, device: DeviceInfo
    ) -> float | None:
        """Speed of a device with the other models that ran on it; with none, of a small convolution."""
        others = [
            row["flops"] / row["seconds"]
            for key, row in rows.items()
            if _is_here(key, device.label) and row.get("flops", 0) > 0 and row.get("seconds", 0) > 0
        ]
        if others:
            return sorted(others)[len(others) // 2]
        if device.name == "openvino":
            return self._speed_of_openvino(card)
        # Of a GPU nothing is known before it has run.
        return self._speed_of_numpy() if device.name == "cpu" else None

    def _speed_of_openvino(self, card: ModelCard) -> float | None:
        """Time a convolution once for this computer, this OpenVINO and the precision that the model takes."""
        from importlib import metadata

        from GANEnhanceLib.errors import GANEnhanceError
        from GANEnhanceLib.inference.devices import choose_precision

        try:
            from GANEnhanceLib.inference.backends.openvino import measure_speed, native_precisions

            precision, _ = choose_precision("auto", native_precisions(), card, "The CPU")
            key = f"speed OpenVINO {metadata.version('openvino')} {precision}"
            row = self.rates.rows().get(key)
            if row is None or row.get("flops_a_second", 0) <= 0:
                speed = measure_speed(precision)
                row = self.rates.update(key, lambda old: {"flops_a_second": speed})
        except (ImportError, OSError, RuntimeError, GANEnhanceError, metadata.PackageNotFoundError):
            return None
        return row["flops_a_second"] * _cores()

    def _speed_of_numpy(self) -> float:
        """Time a matrix product once for this computer and numpy: PyTorch on the CPU is about as fast."""
        key = f"speed numpy {np.__version__}, {_cores()} cores"
        row = self.rates.rows().get(key)
        if row is None or row.get("flops_a_second", 0) <= 0:
            speed = _matrix_flops_a_second()
            row = self.rates.update(key, lambda old: {"flops_a_second": speed})
        return row["flops_a_second"]


def _matrix_flops_a_second() -> float:
    """Return the floating-point operations a second of a matrix product: the best of a few."""
    size = 768
    matrix = np.full((size, size), 0.5, np.float32)

    def once() -> float:
        began = time.perf_counter()
        matrix @ matrix
        return time.perf_counter() - began

    return 2 * size**3 / min(once() for _ in range(6))


def _key(sha256: str, device: str) -> str:
    return f"{sha256[:16]} {device}, {_cores()} cores"


def _newest(rows: dict[str, dict[str, float]], sha256: str, label: str) -> dict[str, float] | None:
    """The last row of a model on a device, in whatever precision."""
    found = [
        row
        for key, row in rows.items()
        if key.startswith(sha256[:16]) and _is_here(key, label) and row.get("seconds", 0) > 0
    ]
    return found[-1] if found else None


def _is_here(key: str, label: str) -> bool:
    """Tell whether a row is of a device; the label of a device is part of the label of a run on it."""
    return label in key and key.endswith(f", {_cores()} cores")


def _cores() -> int:
    from GANEnhanceLib.inference.devices import usable_threads

    return usable_threads()


def _overhead(volume: Volume) -> float:
    return _START_SECONDS + _SECONDS_A_VOXEL * volume.voxels.size


def _data_bytes(volume: Volume, options: Any) -> float:
    output = 4 if options.output_type == "float32" else volume.voxels.dtype.itemsize
    return float(volume.voxels.size) * (volume.voxels.dtype.itemsize + output)


def _held_mib(volume: Volume, box: Box, card: ModelCard, options: EnhanceOptions) -> float:
    """What a network's run over a box holds: the sum of several passes, or slices on a coarser grid and what
    becomes of them.
    """
    from GANEnhanceLib.inference.boxes import shape_of
    from GANEnhanceLib.models.coarser import coarser_of
    from GANEnhanceLib.models.passes import passes_of_model

    passes = passes_of_model(volume, card, options.axis)
    if len(passes) > 1:
        return 4 * math.prod(shape_of(box)) / _MIB
    coarser = coarser_of(volume, card, passes[0].axis)
    if coarser is None:
        return 0.0
    share = shape_of(box)[coarser.axis] / coarser.coarse[coarser.axis]
    return 8 * math.prod(coarser.coarse) * share / _MIB


def _beside_mib(row: dict[str, float] | None, card: ModelCard, size: int) -> float:
    """Memory beside input and output; blocks of another size than measured take more or less."""
    blocks = _NETWORK_BYTES_A_FLOP * card.network.flops_per_voxel * size / _MIB
    if row is None or "beside_mib" not in row:
        return _NETWORK_MIB + blocks
    return row["beside_mib"] + blocks * (1 - row.get("size", size) / size)
