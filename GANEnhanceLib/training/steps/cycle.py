"""Learning without pairs: CycleGAN (Zhu et al., ICCV 2017), two generators and two discriminators."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import nn

from GANEnhanceLib.training.config.stages import CycleStage
from GANEnhanceLib.training.objectives.low_pass import low_pass_difference
from GANEnhanceLib.training.steps.contest import Contest
from GANEnhanceLib.training.steps.paired import middle_channel
from GANEnhanceLib.training.steps.step import Batch, Step, StepContext, frozen
from GANEnhanceLib.training.steps.totals import Totals


class CycleStep(Step):
    """Two domains, a (as images come in) and b (as they should look); the generator a to b is what is kept.

    Each generator is asked to fool the discriminator of its domain, to bring an image back after the way
    there and back, and to leave alone what already is of its domain.

    Args:
        generator: takes (n, 1, h, w) of a, returns (n, 1, h, w) of b; the way back starts as its copy.
        discriminator: of b; that of a starts as its copy.
        stage: weights of the terms, contest, rates.
        context: device, precision, processes.
    """

    def __init__(
        self, generator: nn.Module, discriminator: nn.Module, stage: CycleStage, context: StepContext
    ) -> None:
        """Make the step; see the class for the arguments."""
        super().__init__(stage, context)
        # Copied before the optimizers see them, and drawn anew: equal networks would learn equal things.
        back, other = _drawn_anew(generator), _drawn_anew(discriminator)
        self.add_network("generator", generator, stage.generator, average=True)
        self.add_network("generator_back", back, stage.generator, average=False)
        begin = stage.adversarial.from_step
        self.add_network("discriminator", discriminator, stage.discriminator, average=False, begin=begin)
        self.add_network("discriminator_back", other, stage.discriminator, average=False, begin=begin)
        self.contest_b = Contest(self, "discriminator", stage.adversarial)
        self.contest_a = Contest(self, "discriminator_back", stage.adversarial)
        self.pools = {"a": ReplayPool(stage.pool), "b": ReplayPool(stage.pool)}

    def update(self, batch: Batch) -> dict[str, float]:
        """Learn from a batch with "a" and "b", which need not belong together; see `Step.update`."""
        batch = self.on_device(batch)
        self.begin_update()
        totals, moves_generator = Totals(), self.generator_moves()
        for part, share in self.parts(batch):
            totals.add(self._learn_part(part, share, moves_generator), share)
        if self.contest_has_begun():
            self.contest_b.move()
            self.contest_a.move()
        if moves_generator:
            self.move("generator", self.stage.clip_norm)
            self.move("generator_back", self.stage.clip_norm)
        self.end_update()
        return totals.numbers()

    def pictures(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Return an image of a, what it becomes, the way back, and what was removed."""
        batch = self.on_device(batch)
        there, back = self.kept(), self.networks["generator_back"]
        with self.looking(there, back):
            output = there(batch["a"]).float()
            returned = back(output).float()
        given = middle_channel(batch["a"])
        return {"input": given, "output": output, "returned": returned, "removed": given - output}

    def histograms(self) -> dict[str, torch.Tensor]:
        """Return what the discriminator of b said last of real and generated images."""
        return self.contest_b.histograms() if self.contest_has_begun() else {}

    def state(self) -> dict[str, Any]:
        """Return everything that a resumed run needs, the replay pools included."""
        return {**super().state(), "pools": {name: pool.state() for name, pool in self.pools.items()}}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a saved state; see `Step.restore`."""
        super().restore(state)
        for name, pool in self.pools.items():
            pool.restore(state["pools"][name])

    def _learn_part(self, part: Batch, share: float, moves_generator: bool) -> dict[str, torch.Tensor]:
        a, b = part["a"], part["b"]
        there, back = self.networks["generator"], self.networks["generator_back"]
        with self.context.autocast(), torch.set_grad_enabled(moves_generator):
            fake_b, fake_a = there(a).float(), back(b).float()
        losses = self._imitate(a, b, fake_a, fake_b, share) if moves_generator else {}
        if not self.contest_has_begun():
            return losses
        judged = self.contest_b.learn(b, self._exchange("b", fake_b), share)
        other = self.contest_a.learn(a, self._exchange("a", fake_a), share)
        return {**losses, **judged, "discriminator_back": other["discriminator"]}

    def _imitate(
        self, a: torch.Tensor, b: torch.Tensor, fake_a: torch.Tensor, fake_b: torch.Tensor, share: float
    ) -> dict[str, torch.Tensor]:
        there, back = self.networks["generator"], self.networks["generator_back"]
        with self.context.autocast():
            returned_a, returned_b = back(fake_b).float(), there(fake_a).float()
        losses = {"cycle": self.stage.cycle * (_l1(returned_a, a) + _l1(returned_b, b))}
        if self.stage.identity > 0:
            with self.context.autocast():
                same_b, same_a = there(b).float(), back(a).float()
            losses["identity"] = self.stage.identity * (_l1(same_b, b) + _l1(same_a, a))
        if self.stage.low_pass > 0:
            edge = self.stage.low_pass_edge
            losses["low_pass"] = self.stage.low_pass * (
                low_pass_difference(fake_b, middle_channel(a), edge)
                + low_pass_difference(fake_a, middle_channel(b), edge)
            )
        if self.contest_has_begun():
            with frozen(self.contest_b.network), frozen(self.contest_a.network):
                losses["adversarial"] = self.stage.adversarial.weight * (
                    self.contest_b.generator_loss(fake_b, b) + self.contest_a.generator_loss(fake_a, a)
                )
        self.check(losses)
        self.learn(sum(losses.values()), share)
        return losses

    def _exchange(self, name: str, fakes: torch.Tensor) -> torch.Tensor:
        # Every process keeps the pool of all, so that it is the same in a checkpoint of any.
        return self.context.share(self.pools[name].exchange(self.context.gather(fakes)))


class ReplayPool:
    """Earlier fakes, so that a discriminator does not forget them (Shrivastava et al., CVPR 2017).

    Args:
        size: images that are kept; 0 keeps none.
    """

    def __init__(self, size: int) -> None:
        """Begin with an empty pool."""
        self.size = size
        self.images: list[torch.Tensor] = []

    def exchange(self, fakes: torch.Tensor) -> torch.Tensor:
        """Return a batch like `fakes` (n, ...) in which about half are exchanged for earlier ones."""
        if self.size == 0:
            return fakes.detach()
        shown = []
        for fake in fakes.detach():
            if len(self.images) < self.size:
                self.images.append(fake.clone())
                shown.append(fake)
            elif torch.rand(()) < 0.5:
                place = int(torch.randint(self.size, ()))
                shown.append(self.images[place])
                self.images[place] = fake.clone()
            else:
                shown.append(fake)
        return torch.stack(shown)

    def state(self) -> list[torch.Tensor]:
        """Return the images."""
        return list(self.images)

    def restore(self, images: list[torch.Tensor]) -> None:
        """Go on with these images."""
        self.images = list(images)


def _l1(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    return (one - middle_channel(other)).abs().mean()


def _drawn_anew(network: nn.Module) -> nn.Module:
    other = copy.deepcopy(network)
    for module in other.modules():
        if hasattr(module, "reset_parameters") and not hasattr(module, "parametrizations"):
            module.reset_parameters()
    return other
