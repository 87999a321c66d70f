"""What all training steps share: networks, optimizers, averages, schedules, precision, and their state."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from GANEnhanceLib.training.config.stages import OptimizerConfig

Batch = dict[str, torch.Tensor]


@dataclass
class StepContext:
    """Where and how a step computes.

    `average` makes values equal over all processes of a distributed run, in place; alone it does nothing.
    """

    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    precision: str = "bfloat16"
    compile: bool = False
    world: int = 1

    def autocast(self) -> Any:
        """Return the context in which networks compute."""
        kinds = {"bfloat16": torch.bfloat16, "float16": torch.float16}
        if self.precision not in kinds:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, kinds[self.precision])

    def average(self, tensors: list[torch.Tensor]) -> None:
        """Replace tensors by their mean over all processes."""
        if self.world == 1:
            return
        import torch.distributed as distributed

        for tensor in tensors:
            distributed.all_reduce(tensor)
            tensor /= self.world


class Step:
    """Networks that learn together, and everything that a resumed run needs of them.

    A subclass fills `networks` and `optimizers` (the same names) with `add_network`, and implements `update`.
    The parts of the state are found by name, so that a checkpoint of another step is noticed.
    """

    def __init__(self, stage: Any, context: StepContext) -> None:
        """Keep the stage's configuration and the context; a subclass adds its networks."""
        self.stage, self.context = stage, context
        self.networks: dict[str, nn.Module] = {}
        self.averages: dict[str, AveragedModel] = {}
        self.optimizers: dict[str, torch.optim.Optimizer] = {}
        self.schedules: dict[str, torch.optim.lr_scheduler.LRScheduler] = {}
        self.scaler = torch.amp.GradScaler(
            context.device.type, enabled=context.precision == "float16" and context.device.type == "cuda"
        )
        self.steps_done = 0
        self._norms: dict[str, float] = {}

    # What a subclass implements

    def update(self, batch: Batch) -> dict[str, float]:
        """Learn from one batch and return the losses by name.

        Raises:
            FloatingPointError: a loss is not finite; the networks are as they were before.
        """
        raise NotImplementedError

    def pictures(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Return images (n, 1, h, w) in scaled intensity that show what the generator does, by name."""
        raise NotImplementedError

    # What all steps do alike

    def add_network(
        self, name: str, network: nn.Module, optimizer: OptimizerConfig, average: bool
    ) -> nn.Module:
        """Take a network in, with its optimizer and, if asked, its running average."""
        network = network.to(self.context.device)
        if any(parameter.ndim == 4 for parameter in network.parameters()):
            network = network.to(memory_format=torch.channels_last)
        self.networks[name] = network
        self.optimizers[name] = make_optimizer(network, optimizer, self.context.device)
        self.schedules[name] = torch.optim.lr_scheduler.LambdaLR(
            self.optimizers[name], lambda step: rate_factor(optimizer, step, self.stage.steps)
        )
        if average and self.stage.ema > 0:
            self.averages[name] = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(self.stage.ema))
        return network

    def move(self, name: str, clip_norm: float | None = None) -> None:
        """Average the gradients of a network over all processes, clip, and take the optimizer's step."""
        network, optimizer = self.networks[name], self.optimizers[name]
        self.scaler.unscale_(optimizer)
        gradients = [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
        self.context.average(gradients)
        limit = clip_norm if clip_norm is not None else math.inf
        norm = torch.nn.utils.clip_grad_norm_(network.parameters(), limit)
        self._norms[name] = float(norm)
        self.scaler.step(optimizer)
        self.schedules[name].step()
        if name in self.averages:
            self.averages[name].update_parameters(network)

    def end_update(self) -> None:
        """Count the step."""
        self.scaler.update()
        self.steps_done += 1

    def diagnostics(self) -> dict[str, float]:
        """Return figures for the stability watch: the gradient norm of each network."""
        return {f"gradient_norm_{name}": value for name, value in self._norms.items()}

    def histograms(self) -> dict[str, torch.Tensor]:
        """Return values whose distribution is worth seeing, such as what the discriminator says."""
        return {}

    def parts(self, batch: Batch) -> Iterator[Batch]:
        """Cut a batch into the micro-batches of gradient accumulation, equal in size."""
        count = min(self.stage.accumulate, len(next(iter(batch.values()))))
        pieces = {name: tensor.chunk(count) for name, tensor in batch.items()}
        for number in range(len(next(iter(pieces.values())))):
            yield {name: chunks[number] for name, chunks in pieces.items()}

    def on_device(self, batch: Batch) -> Batch:
        """Move a batch to the device, in the memory layout that convolutions like."""
        moved = {}
        for name, tensor in batch.items():
            tensor = tensor.to(self.context.device, non_blocking=True)
            if tensor.ndim == 4:
                tensor = tensor.contiguous(memory_format=torch.channels_last)
            moved[name] = tensor
        return moved

    def kept(self, name: str = "generator") -> nn.Module:
        """Return the network that is judged and exported: the average where there is one."""
        return self.averages[name].module if name in self.averages else self.networks[name]

    def state(self) -> dict[str, Any]:
        """Return everything that a resumed run needs."""
        return {
            "steps_done": self.steps_done,
            "networks": {name: each.state_dict() for name, each in self.networks.items()},
            "averages": {name: each.state_dict() for name, each in self.averages.items()},
            "optimizers": {name: each.state_dict() for name, each in self.optimizers.items()},
            "schedules": {name: each.state_dict() for name, each in self.schedules.items()},
            "scaler": self.scaler.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a saved state.

        Raises:
            KeyError, RuntimeError: the state is of another step or of other networks.
        """
        for kind in ("networks", "averages", "optimizers", "schedules"):
            parts = getattr(self, kind)
            if set(parts) != set(state[kind]):
                raise KeyError(f"{kind}: {sorted(state[kind])} instead of {sorted(parts)}")
            for name, each in parts.items():
                each.load_state_dict(state[kind][name])
        if state["scaler"]:
            self.scaler.load_state_dict(state["scaler"])
        self.steps_done = state["steps_done"]


def make_optimizer(
    network: nn.Module, config: OptimizerConfig, device: torch.device
) -> torch.optim.Optimizer:
    """Return the optimizer of a network, fused where PyTorch can."""
    kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    return kinds[config.name](
        network.parameters(),
        lr=config.learning_rate,
        betas=config.betas,
        weight_decay=config.weight_decay,
        fused=device.type in ("cpu", "cuda"),
    )


def rate_factor(config: OptimizerConfig, step: int, steps: int) -> float:
    """Return the share of the peak learning rate at a step of a stage of `steps` steps."""
    warm_up = min(1.0, (step + 1) / max(1, config.warm_up))
    done = min(1.0, step / max(1, steps))
    if config.plan == "cosine":
        return warm_up * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * done)))
    if config.plan == "linear":
        return warm_up * min(1.0, 2.0 * (1.0 - done) + 1e-3)
    return warm_up


@contextlib.contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """Take no gradients for a network's parameters: the discriminator in the generator's step."""
    before = [parameter.requires_grad for parameter in network.parameters()]
    network.requires_grad_(False)
    try:
        yield
    finally:
        for parameter, wanted in zip(network.parameters(), before, strict=True):
            parameter.requires_grad_(wanted)


def check_finite(losses: dict[str, torch.Tensor]) -> None:
    """Raise FloatingPointError, naming the losses, unless all are finite."""
    values = {name: float(loss.detach()) for name, loss in losses.items()}
    if not all(math.isfinite(value) for value in values.values()):
        raise FloatingPointError(
            "A loss is not finite: " + ", ".join(f"{name} {value:g}" for name, value in values.items()) + "."
        )
