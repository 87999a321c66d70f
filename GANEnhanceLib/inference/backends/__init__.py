"""Backends: what runs a network on blocks, and the one that is kept ready for the next run.

A backend has a few *slots*. The engine fills the input of a slot, starts it, does other work, and takes the
output: so reading and writing voxels overlaps with the network wherever the backend can work in the
background. Opening one costs from 0.1 s (OpenVINO) to seconds (a GPU), so the last few used are kept and
given out again for the same model, weights, device, precision and block size: a preview after a preview
starts at once, also after the fidelity has been moved to and fro.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from GANEnhanceLib.errors import DeviceError
from GANEnhanceLib.inference.memory import OutOfMemory
from GANEnhanceLib.models import NetworkModel


class Backend(Protocol):
    """What the engine asks of a backend.

    Attributes:
        label: for people, for example ``OpenVINO on the CPU (bfloat16)``.
        slots: how many batches it holds at once.
        notes: one line for each thing that is not as asked.
    """

    label: str
    slots: int
    notes: tuple[str, ...]

    def input(self, slot: int) -> np.ndarray:
        """Return the float32 array to be filled: (batch, channels, u, v) or (batch, 1, s, u, v), scaled."""

    def start(self, slot: int) -> None:
        """Run the network on the input of a slot; raises ``memory.OutOfMemory``."""

    def ready(self, slot: int, seconds: float) -> bool:
        """Wait for at most ``seconds``, if the backend can, and tell whether the output is there."""

    def output(self, slot: int) -> np.ndarray:
        """Return the float32 output (batch, 1, ...), or 2 channels with doubt, valid until the next start.

        Raises ``OutOfMemory``.
        """

    def cancel(self) -> None:
        """Stop whatever runs and leave all slots free."""


@dataclass(frozen=True)
class Request:
    """Everything that a backend depends on; equal requests can share one.

    Attributes:
        device: ``cuda``, ``cuda:N``, ``mps``, ``openvino`` or ``cpu``, no longer ``auto``.
        fidelity: share of the fidelity weights, 0 to 1.
        precision: as in the options.
        shape: of one input: (batch, channels, u, v) or (batch, 1, s, u, v).
        threads: CPU threads.
        doubt: give the second channel, too; without it a network is cut after its first one.
    """

    device: str
    fidelity: float
    precision: str
    shape: tuple[int, ...]
    threads: int
    doubt: bool = False


# What is kept takes memory (75 MiB for planes of 512 x 512 voxels of the shipped model).
_MOST_KEPT = 3
_Key = tuple[str, Request]

_lock = threading.Lock()
_kept: OrderedDict[_Key, Backend] = OrderedDict()


def acquire_backend(model: NetworkModel, request: Request) -> Backend:
    """Return a backend that nobody else uses, made new or kept from an earlier run.

    Raises:
        ModelError: the weights cannot be used.
        DeviceError: the device cannot be used.
        OutOfMemory: there is no room for the weights.
    """
    with _lock:
        backend = _kept.pop((model.sha256, request), None)
        # The new one takes the place of the oldest.
        while backend is None and len(_kept) >= _MOST_KEPT:
            _kept.popitem(last=False)
    if backend is not None:
        return backend
    kind = _backend_class(request.device)
    try:
        return kind(model, request)
    except OutOfMemory:
        if not forget_backends():
            raise
    return kind(model, request)


def _backend_class(device: str) -> type:
    """Import what the device needs; a package that is there but broken is a device that is not."""
    try:
        if device == "openvino":
            from GANEnhanceLib.inference.backends.openvino import OpenVinoBackend, import_openvino

            import_openvino()
            return OpenVinoBackend
        from GANEnhanceLib.inference.backends.torch import TorchBackend

        return TorchBackend
    except (ImportError, OSError) as error:
        package = "OpenVINO" if device == "openvino" else "PyTorch"
        raise DeviceError(
            f"{package} cannot be loaded: {error}.", "Install it again, or choose another device."
        ) from error


def keep_backend(model: NetworkModel, request: Request, backend: Backend) -> None:
    """Give a backend back; it is kept until others have been."""
    with _lock:
        _kept[(model.sha256, request)] = backend
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)


def forget_backends() -> bool:
    """Free the kept backends with their memory, also on a GPU; False if there are none."""
    with _lock:
        had = bool(_kept)
        _kept.clear()
    return had
