"""Several processes, one training: started by `torchrun`, on one machine or on many.

Each process draws the same global batch and takes its share, gradients are averaged, so that n processes
learn what one would learn with the same batch.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch

from GANEnhanceLib.errors import DeviceError, OptionError


@dataclass(frozen=True)
class Process:
    """This process among all that train together."""

    rank: int = 0
    world: int = 1
    local_rank: int = 0

    @property
    def is_first(self) -> bool:
        """Whether this process writes files and speaks."""
        return self.rank == 0

    def share(self, batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return this process's part of a global batch.

        Raises:
            OptionError: the batch cannot be shared equally.
        """
        size = len(next(iter(batch.values())))
        if size % self.world:
            raise OptionError(
                f"data.patches.batch is {size}, which {self.world} processes cannot share equally.",
                f"Choose a multiple of {self.world}.",
            )
        return {name: each[self.rank :: self.world] for name, each in batch.items()}


@contextmanager
def joined() -> Iterator[Process]:
    """Join the other processes if `torchrun` started this one, and leave them at the end."""
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        yield Process()
        return
    import torch.distributed as distributed

    backend = "nccl" if torch.cuda.is_available() else "gloo"
    distributed.init_process_group(backend)
    try:
        local = int(os.environ.get("LOCAL_RANK", "0"))
        yield Process(distributed.get_rank(), distributed.get_world_size(), local)
    finally:
        distributed.destroy_process_group()


def choose_device(wanted: str, process: Process) -> torch.device:
    """Return the device to train on: "auto" takes CUDA, then MPS, then the CPU.

    Raises:
        DeviceError: the wanted device is not there.
    """
    if wanted == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda", process.local_rank)
        if torch.backends.mps.is_available():
            return torch.device("mps")
        return torch.device("cpu")
    device = torch.device(wanted)
    if device.type == "cuda":
        if device.index is None:
            device = torch.device("cuda", process.local_rank)
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if device.index >= count:
            raise DeviceError(
                f"The device is {wanted}, but {count} CUDA devices are here.", "Choose auto or cpu."
            )
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise DeviceError("The device is mps, but PyTorch cannot use it here.", "Choose auto or cpu.")
    return device
