"""Where and how a step computes: device, precision, and what several processes do together."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch


@dataclass
class StepContext:
    """Device, precision and place among the processes of a distributed run.

    All processes draw the same random numbers, for the whole batch, and take their share: process `rank` of
    `world` the rows rank, rank + world, ... So several processes learn what one would with the same batch.
    """

    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    precision: str = "bfloat16"
    compile: bool = False
    world: int = 1
    rank: int = 0

    def autocast(self) -> Any:
        """Return the context in which networks compute."""
        kinds = {"bfloat16": torch.bfloat16, "float16": torch.float16}
        if self.precision not in kinds:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, kinds[self.precision])

    def draw(self, make: Callable[[int], torch.Tensor], count: int) -> torch.Tensor:
        """Return this process's `count` rows of what `make` draws for all processes."""
        return make(count * self.world)[self.rank :: self.world]

    def average(self, tensors: list[torch.Tensor]) -> None:
        """Replace tensors by their mean over all processes, in place; all travel as one."""
        if self.world == 1 or not tensors:
            return
        import torch.distributed as distributed

        bucket = torch.cat([tensor.reshape(-1) for tensor in tensors])
        distributed.all_reduce(bucket)
        bucket /= self.world
        for tensor, part in zip(tensors, bucket.split([each.numel() for each in tensors]), strict=True):
            tensor.copy_(part.view(tensor.shape))

    def gather(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the rows (n, ...) of all processes in the order of the whole batch, without gradient."""
        rows = rows.detach()
        if self.world == 1:
            return rows
        import torch.distributed as distributed

        parts = [torch.empty_like(rows.contiguous()) for _ in range(self.world)]
        distributed.all_gather(parts, rows.contiguous())
        return torch.stack(parts, dim=1).flatten(0, 1)

    def share(self, rows: torch.Tensor) -> torch.Tensor:
        """Return this process's rows of a whole batch (n, ...)."""
        return rows[self.rank :: self.world]

    def mean(self, values: torch.Tensor) -> torch.Tensor:
        """Return the mean over all entries and all processes, with gradient."""
        own = values.mean()
        return own if self.world == 1 else SumOfProcesses.apply(own) / self.world


class SumOfProcesses(torch.autograd.Function):
    """The sum over all processes; its gradient, and that of its gradient, is summed as well."""

    @staticmethod
    def forward(context: Any, values: torch.Tensor) -> torch.Tensor:
        """Return the sum."""
        total = values.clone().contiguous()
        torch.distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> torch.Tensor:
        """Return the summed gradient."""
        return SumOfProcesses.apply(gradient)
