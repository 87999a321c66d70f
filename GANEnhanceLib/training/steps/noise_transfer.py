"""Learning to denoise without pairs: the noise that is taken out of one set is put into the clean other.

A cycle as CycleGAN's (Zhu et al., ICCV 2017), whose way back needs no network: what the generator takes out
of a noisy image, added to a clean image of another patient, makes a noisy image whose clean one is known.
Noise that was extracted from noisy images and put into clean ones was learned from by Chen et al. (Image
Blind Denoising With Generative Adversarial Network Based Noise Modeling, CVPR 2018). Since an untrained
generator takes nothing out, a share of the clean images gets white noise as strong as that of a instead.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import nn

from GANEnhanceLib.training.config.stages import NoiseTransferStage
from GANEnhanceLib.training.objectives.low_pass import low_pass_difference
from GANEnhanceLib.training.steps.contest import Contest
from GANEnhanceLib.training.steps.paired import middle_channel
from GANEnhanceLib.training.steps.step import Batch, Step, StepContext, frozen
from GANEnhanceLib.training.steps.totals import Totals


class NoiseTransferStep(Step):
    """Two domains, a (noisy) and b (clean), of different people; the generator makes a clean.

    It is asked to fool the discriminator of b, to come back to an image of b that was given noise of a, to
    leave alone what is clean, and to keep the local means of a, so that no contrast changes.

    Args:
        generator: takes (n, c, h, w), neighboring slices as channels, returns the middle one, (n, 1, h, w).
        discriminator: of b; takes (n, 1, h, w).
        stage: weights of the terms, contest, rates.
        context: device, precision, processes.
    """

    def __init__(
        self, generator: nn.Module, discriminator: nn.Module, stage: NoiseTransferStage, context: StepContext
    ) -> None:
        """Make the step; see the class for the arguments."""
        super().__init__(stage, context)
        self.add_network("generator", generator, stage.generator, average=True)
        begin = stage.adversarial.from_step
        self.add_network("discriminator", discriminator, stage.discriminator, average=False, begin=begin)
        self.contest = Contest(self, "discriminator", stage.adversarial)

    def update(self, batch: Batch) -> dict[str, float]:
        """Learn from a batch with "a" and "b", which do not belong together; see `Step.update`."""
        batch = self.on_device(batch)
        self.begin_update()
        totals, moves_generator = Totals(), self.generator_moves()
        for part, share in self.parts(batch):
            totals.add(self._learn_part(part, share, moves_generator), share)
        if self.contest_has_begun():
            self.contest.move()
        if moves_generator:
            self.move("generator", self.stage.clip_norm)
        self.end_update()
        return totals.numbers()

    def pictures(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Return an image of a, what it becomes, what was removed, and an image of b with that noise."""
        batch = self.on_device(batch)
        generator = self.kept()
        with self.looking(generator):
            output = generator(batch["a"]).float()
        given = middle_channel(batch["a"])
        removed = given - output
        noisy = middle_channel(batch["b"]) + removed
        return {"input": given, "output": output, "removed": removed, "transferred": noisy}

    def histograms(self) -> dict[str, torch.Tensor]:
        """Return what the discriminator said last of real and generated images."""
        return self.contest.histograms() if self.contest_has_begun() else {}

    def _learn_part(self, part: Batch, share: float, moves_generator: bool) -> dict[str, torch.Tensor]:
        a, b = part["a"], part["b"]
        with self.context.autocast(), torch.set_grad_enabled(moves_generator):
            fake = self.networks["generator"](a).float()
        losses = self._imitate(a, b, fake, share) if moves_generator else {}
        if not self.contest_has_begun():
            return losses
        return {**losses, **self.contest.learn(middle_channel(b), fake, share)}

    def _imitate(
        self, a: torch.Tensor, b: torch.Tensor, fake: torch.Tensor, share: float
    ) -> dict[str, torch.Tensor]:
        stage, clean = self.stage, middle_channel(b)
        with self.context.autocast():
            shown = torch.cat([b + self._noise_for(b, a, fake.detach()), b])
            returned, same = self.networks["generator"](shown).float().chunk(2)
        losses = {
            "transfer": stage.transfer * (returned - clean).abs().mean(),
            "identity": stage.identity * (same - clean).abs().mean(),
            "low_pass": stage.low_pass * low_pass_difference(fake, middle_channel(a), stage.low_pass_edge),
        }
        if self.contest_has_begun():
            with frozen(self.contest.network):
                losses["adversarial"] = stage.adversarial.weight * self.contest.generator_loss(fake, clean)
        self.check(losses)
        self.learn(sum(losses.values()), share)
        return losses

    def _noise_for(self, b: torch.Tensor, a: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        given = middle_channel(a)
        noise = spread_noise(given - fake, b.shape[1])
        drawn = torch.randn_like(b) * noise_level(given)
        modeled = self.context.draw(partial(torch.rand, device=b.device), len(b)) < self.stage.modeled_share
        return repeat_alike(torch.where(modeled[:, None, None, None], drawn, noise), b)


def spread_noise(removed: torch.Tensor, count: int) -> torch.Tensor:
    """Return noise for neighboring slices, made of the noise of one.

    The middle slice gets the noise as it is, each other one the noise shifted and mirrored at random, since
    noise of neighboring slices is independent.

    Args:
        removed: (n, 1, h, w).
        count: c, of slices.

    Returns:
        (n, c, h, w).
    """
    noise = [removed[:, 0] if each == count // 2 else _moved(removed[:, 0]) for each in range(count)]
    return torch.stack(noise, 1)


def noise_level(image: torch.Tensor) -> torch.Tensor:
    """Estimate the standard deviation of white noise in images (n, 1, h, w); returns (n, 1, 1, 1).

    The median of the finest diagonal differences over 0.6745 (Donoho and Johnstone, Biometrika 1994), which
    edges hardly change.
    """
    rows = image[..., 1::2, :] - image[..., 0:-1:2, :]
    diagonal = (rows[..., 1::2] - rows[..., 0:-1:2]) / 2.0
    return diagonal.abs().flatten(1).median(1).values[:, None, None, None] / 0.6745


def repeat_alike(noise: torch.Tensor, slices: torch.Tensor) -> torch.Tensor:
    """Return noise (n, c, h, w) in which slices that repeat each other, as at the end of a volume, get the
    same: that of the middle one, or of the first of them."""
    count, middle = slices.shape[1], slices.shape[1] // 2
    repeats = (slices[:, :, None] == slices[:, None]).flatten(3).all(-1)
    preferred = torch.arange(count, 0, -1, device=slices.device)
    preferred[middle] = count + 1
    first = (repeats * preferred).argmax(-1)
    return noise.gather(1, first[:, :, None, None].expand_as(slices))


def _moved(noise: torch.Tensor) -> torch.Tensor:
    height, width = noise.shape[-2:]
    shifts = int(torch.randint(height, ())), int(torch.randint(width, ()))
    moved = noise.roll(shifts, (-2, -1))
    return moved.flip(-1) if torch.rand(()) < 0.5 else moved
