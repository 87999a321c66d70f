"""What all training steps share: networks, optimizers, averages, rates, precision, and their state."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from GANEnhanceLib.training.config.stages import OptimizerConfig
from GANEnhanceLib.training.steps.context import StepContext
from GANEnhanceLib.training.steps.shared_norm import share_norms

Batch = dict[str, torch.Tensor]
_SMALLEST_SCALE = 2.0**-10
"""Scale of half-precision losses below which gradients are taken for lost, not for too large."""


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
        self.scaler = torch.amp.GradScaler(context.device.type, enabled=context.precision == "float16")
        self.steps_done = 0
        self._rates: dict[str, tuple[OptimizerConfig, int]] = {}
        self._norms: dict[str, float] = {}

    # What a subclass implements

    def update(self, batch: Batch) -> dict[str, float]:
        """Learn from one batch and return the losses by name.

        Raises:
            FloatingPointError: a loss or a gradient is not finite; the network whose it is was not moved.
        """
        raise NotImplementedError

    def pictures(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Return images (n, 1, h, w) in scaled intensity that show what the generator does, by name."""
        raise NotImplementedError

    # What all steps do alike

    def add_network(
        self, name: str, network: nn.Module, optimizer: OptimizerConfig, average: bool, begin: int = 0
    ) -> nn.Module:
        """Take a network in, with its optimizer and, if asked, its running average.

        Args:
            name: of the network.
            network: whose parameters learn.
            optimizer: how.
            average: keep a running average.
            begin: step of the stage at which it begins to learn, and its rate to rise.
        """
        network = network.to(self.context.device)
        if self.context.world > 1:
            share_norms(network)
        if any(parameter.ndim == 4 for parameter in network.parameters()):
            network = network.to(memory_format=torch.channels_last)
        self.networks[name] = network
        self.optimizers[name] = make_optimizer(network, optimizer, self.context.device)
        self._rates[name] = optimizer, begin
        if average and self.stage.ema > 0:
            # With the statistics of batch normalization: those of the last step do not fit averaged weights.
            self.averages[name] = AveragedModel(
                network, multi_avg_fn=get_ema_multi_avg_fn(self.stage.ema), use_buffers=True
            )
        return network

    def begin_update(self) -> None:
        """Forget the gradients of the last step, and set the learning rates of this one."""
        for name, optimizer in self.optimizers.items():
            optimizer.zero_grad(set_to_none=True)
            config, begin = self._rates[name]
            factor = rate_factor(config, max(0, self.steps_done - begin), max(1, self.stage.steps - begin))
            for group in optimizer.param_groups:
                group["lr"] = config.learning_rate * factor

    def learn(self, loss: torch.Tensor, share: float = 1.0) -> None:
        """Add the gradients of a loss that stands for `share` of the batch."""
        self.scaler.scale(share * loss).backward()

    def move(self, name: str, clip_norm: float | None = None) -> None:
        """Average the gradients of a network over all processes, clip, and take the optimizer's step.

        Raises:
            FloatingPointError: the gradient is not finite; the network stays as it is.
        """
        network, optimizer = self.networks[name], self.optimizers[name]
        # Averaged while scaled: where one process overflows, all of them see it and leave the step out.
        self.context.average([each.grad for each in network.parameters() if each.grad is not None])
        self.scaler.unscale_(optimizer)
        limit = clip_norm if clip_norm is not None else math.inf
        norm = float(torch.nn.utils.clip_grad_norm_(network.parameters(), limit))
        self._check_norm(name, norm)
        self._norms[name] = norm
        self.scaler.step(optimizer)
        if name in self.averages:
            self.averages[name].update_parameters(network)

    def end_update(self) -> None:
        """Count the step."""
        self.scaler.update()
        self.steps_done += 1

    def generator_moves(self) -> bool:
        """Return whether the generator takes a step in this update, or the discriminator alone."""
        if not self.contest_has_begun():
            return True
        return (self.steps_done + 1) % self.stage.adversarial.critic_steps == 0

    def contest_has_begun(self) -> bool:
        """Return whether a discriminator takes part in this update, or the other terms act alone."""
        contest = self.stage.adversarial
        return contest is not None and self.steps_done >= contest.from_step

    def check(self, losses: dict[str, torch.Tensor]) -> None:
        """Raise FloatingPointError, naming the losses, unless all are finite.

        One of several processes must not stop alone, or the others wait for ever: there the averaged
        gradient shows it.
        """
        if self.context.world == 1:
            check_finite(losses)

    def diagnostics(self) -> dict[str, float]:
        """Return figures for the stability watch: the gradient norm and the learning rate of each network."""
        norms = {f"gradient_norm_{name}": value for name, value in self._norms.items()}
        rates = {f"rate_{name}": each.param_groups[0]["lr"] for name, each in self.optimizers.items()}
        scale = {"loss_scale": self.scaler.get_scale()} if self.scaler.is_enabled() else {}
        return {**norms, **rates, **scale}

    def histograms(self) -> dict[str, torch.Tensor]:
        """Return values whose distribution is worth seeing, such as what the discriminator says."""
        return {}

    def parts(self, batch: Batch) -> Iterator[tuple[Batch, float]]:
        """Cut a batch into the parts of gradient accumulation; gives each with its share of the batch."""
        size = len(next(iter(batch.values())))
        pieces = {name: tensor.chunk(min(self.stage.accumulate, size)) for name, tensor in batch.items()}
        for number, first in enumerate(next(iter(pieces.values()))):
            yield {name: chunks[number] for name, chunks in pieces.items()}, len(first) / size

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

    @contextlib.contextmanager
    def looking(self, *networks: nn.Module) -> Iterator[None]:
        """Use networks to look at what they do: no gradients, no change of statistics or random numbers."""
        before = [network.training for network in networks]
        devices = [self.context.device] if self.context.device.type == "cuda" else []
        with torch.random.fork_rng(devices), torch.no_grad(), self.context.autocast():
            try:
                for network in networks:
                    network.eval()
                yield
            finally:
                for network, was_training in zip(networks, before, strict=True):
                    network.train(was_training)

    def state(self) -> dict[str, Any]:
        """Return everything that a resumed run needs; learning rates follow from the number of steps."""
        return {
            "steps_done": self.steps_done,
            "networks": {name: each.state_dict() for name, each in self.networks.items()},
            "averages": {name: each.state_dict() for name, each in self.averages.items()},
            "optimizers": {name: each.state_dict() for name, each in self.optimizers.items()},
            "scaler": self.scaler.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a saved state.

        Raises:
            KeyError, RuntimeError, ValueError: the state is of another step or of other networks.
        """
        for kind in ("networks", "averages", "optimizers"):
            parts = getattr(self, kind)
            if set(parts) != set(state[kind]):
                raise KeyError(f"{kind} {sorted(state[kind])} instead of {sorted(parts)}")
            for name, each in parts.items():
                each.load_state_dict(state[kind][name])
        if state["scaler"]:
            self.scaler.load_state_dict(state["scaler"])
        self.steps_done = state["steps_done"]

    def _check_norm(self, name: str, norm: float) -> None:
        if math.isfinite(norm):
            return
        # In half precision the scaler leaves a step out and lowers its scale, which is usual now and then.
        if self.scaler.is_enabled() and self.scaler.get_scale() > _SMALLEST_SCALE:
            return
        raise FloatingPointError(f"The gradient of the {name} is not finite.")


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
    if not losses:
        return
    values = torch.stack([loss.detach().float() for loss in losses.values()])
    if not bool(torch.isfinite(values).all()):
        named = ", ".join(f"{name} {value:g}" for name, value in zip(losses, values.tolist(), strict=True))
        raise FloatingPointError(f"A loss is not finite: {named}.")
