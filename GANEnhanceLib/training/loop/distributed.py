"""Several processes, one training: started by `torchrun`, on one machine or on many.

Each process draws the same global batch and takes its share, gradients are averaged, so that n processes
learn what one would learn with the same batch. PyTorch's DistributedDataParallel is not taken: it averages
while a single backward pass runs, and has no place for a fake that two networks share, gradients of
gradients (gradient penalty, R1, path length) and a batch in parts. Here the gradients of a network travel
together, in one bucket, before its optimizer's step.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import numpy as np
import torch

from GANEnhanceLib.errors import DeviceError, GANEnhanceError, OptionError

_LONGEST_WAIT = timedelta(hours=6)
"""The others wait while the first one judges whole volumes."""
Answer = TypeVar("Answer")


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

    def from_first(self, make: Callable[[], Answer]) -> Answer:
        """Return in all processes what `make` returns in the first one, where alone it is called.

        Raises:
            GANEnhanceError: raised by `make`; in all processes, so that none waits for ever.
        """
        if self.world == 1:
            return make()
        answer: list = [None, None]
        if self.is_first:
            try:
                answer[0] = make()
            except GANEnhanceError as error:
                answer[1] = error
        torch.distributed.broadcast_object_list(answer, src=0)
        if answer[1] is not None:
            raise answer[1]
        return answer[0]

    def any(self, value: bool) -> bool:
        """Return whether it is so in any process."""
        if self.world == 1:
            return value
        flag = torch.tensor(float(value))
        torch.distributed.all_reduce(flag, torch.distributed.ReduceOp.MAX)
        return bool(flag)

    def mean(self, figures: dict[str, float]) -> dict[str, float]:
        """Return figures averaged over all processes, which all have the same names."""
        if self.world == 1 or not figures:
            return figures
        values = torch.tensor(list(figures.values()), dtype=torch.float32)
        torch.distributed.all_reduce(values)
        return dict(zip(figures, (values / self.world).tolist(), strict=True))


@contextmanager
def joined() -> Iterator[Process]:
    """Join the other processes if `torchrun` started this one, and leave them at the end."""
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        yield Process()
        return
    import torch.distributed as distributed

    local = int(os.environ.get("LOCAL_RANK", "0"))
    cuda = torch.cuda.is_available()
    if cuda:
        torch.cuda.set_device(local)
    # Each tensor travels by the backend of its device; a run on the CPU of a machine with GPUs by gloo.
    distributed.init_process_group("cpu:gloo,cuda:nccl" if cuda else "gloo", timeout=_LONGEST_WAIT)
    try:
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
        if device.index is None or process.world > 1:
            device = torch.device("cuda", process.local_rank)
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if device.index >= count:
            raise DeviceError(
                f"The device is {wanted}, but {count} CUDA devices are here.", "Choose auto or cpu."
            )
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise DeviceError("The device is mps, but PyTorch cannot use it here.", "Choose auto or cpu.")
    return device


def check_precision(precision: str, device: torch.device) -> None:
    """Refuse half precision where there is no gradient scaler for it.

    Raises:
        OptionError: float16 on another device than CUDA.
    """
    if precision == "float16" and device.type != "cuda":
        raise OptionError(
            f"The precision is float16, which is for CUDA; this run computes on {device.type}.",
            "Choose bfloat16 or float32 with --set precision=bfloat16.",
        )
