"""The contest between generator and discriminator, independent of what is generated from what.

Each objective gives the discriminator's loss and the generator's loss from maps of logits of any shape; means
are taken over all entries. `real` is what the discriminator says of real images, `fake` what it says of
generated ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch
from torch.nn import functional

from GANEnhanceLib.errors import OptionError

Mean = Callable[[torch.Tensor], torch.Tensor]


class Objective(Protocol):
    """A pair of losses, both to be minimized."""

    def discriminator(self, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        """Return the loss of the discriminator, a scalar."""

    def generator(self, fake: torch.Tensor, real: torch.Tensor | None = None) -> torch.Tensor:
        """Return the loss of the generator, a scalar; `real` is needed by relativistic objectives only."""


class BinaryCrossEntropy:
    """The first GAN's objective, non-saturating for the generator (Goodfellow et al., NeurIPS 2014).

    At the optimum D = p / (p + q) of the discriminator its loss is 2 log 2 - 2 JS(p, q).
    """

    def discriminator(self, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        """Return -mean log D(real) - mean log(1 - D(fake)), D being the sigmoid of the logits."""
        return functional.softplus(-real).mean() + functional.softplus(fake).mean()

    def generator(self, fake: torch.Tensor, real: torch.Tensor | None = None) -> torch.Tensor:
        """Return -mean log D(fake)."""
        return functional.softplus(-fake).mean()


class LeastSquares:
    """Pull logits to 1 on real and 0 on fake images (Mao et al., LSGAN, ICCV 2017)."""

    def discriminator(self, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        """Return half of mean (real - 1)^2 + mean fake^2."""
        return 0.5 * ((real - 1.0).square().mean() + fake.square().mean())

    def generator(self, fake: torch.Tensor, real: torch.Tensor | None = None) -> torch.Tensor:
        """Return mean (fake - 1)^2."""
        return (fake - 1.0).square().mean()


class Hinge:
    """Ask for a margin of 1 on both sides (Lim and Ye, Geometric GAN, 2017; Miyato et al., ICLR 2018)."""

    def discriminator(self, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        """Return mean max(0, 1 - real) + mean max(0, 1 + fake)."""
        return functional.relu(1.0 - real).mean() + functional.relu(1.0 + fake).mean()

    def generator(self, fake: torch.Tensor, real: torch.Tensor | None = None) -> torch.Tensor:
        """Return -mean fake."""
        return -fake.mean()


class Wasserstein:
    """The critic's estimate of the earth mover's distance (Arjovsky et al., ICML 2017).

    The critic's slope has to be bounded: by clipping its weights, or by a gradient penalty (Gulrajani et al.,
    NeurIPS 2017).
    """

    def discriminator(self, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        """Return mean fake - mean real."""
        return fake.mean() - real.mean()

    def generator(self, fake: torch.Tensor, real: torch.Tensor | None = None) -> torch.Tensor:
        """Return -mean fake."""
        return -fake.mean()


class RelativisticAverage:
    """Judge how much more real than the average of the other kind (Jolicoeur-Martineau, ICLR 2019).

    Args:
        mean: takes the average, of the batches of all processes where there are several.
    """

    def __init__(self, mean: Mean = torch.mean) -> None:
        """Keep the function."""
        self.mean = mean

    def discriminator(self, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        """Return the cross entropy of real above the mean fake and of fake below the mean real."""
        above, below = real - self.mean(fake), fake - self.mean(real)
        return functional.softplus(-above).mean() + functional.softplus(below).mean()

    def generator(self, fake: torch.Tensor, real: torch.Tensor | None = None) -> torch.Tensor:
        """Return the discriminator's loss with real and fake exchanged.

        Raises:
            ValueError: `real` is missing.
        """
        if real is None:
            raise ValueError("the relativistic objective needs the logits of the real images")
        return self.discriminator(fake, real)


ADVERSARIAL = {
    "bce": BinaryCrossEntropy,
    "least-squares": LeastSquares,
    "hinge": Hinge,
    "wgan-gp": Wasserstein,
    "wgan-clip": Wasserstein,
    "relativistic": RelativisticAverage,
}


def make_objective(name: str, mean: Mean = torch.mean) -> Objective:
    """Return the objective of a name; `mean` is what `RelativisticAverage` takes.

    Raises:
        OptionError: unknown name.
    """
    if name not in ADVERSARIAL:
        raise OptionError(f"The objective is '{name}', but must be one of: {', '.join(ADVERSARIAL)}.")
    return RelativisticAverage(mean) if name == "relativistic" else ADVERSARIAL[name]()
