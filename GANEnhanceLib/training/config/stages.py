"""One stage of a training: what is minimized, how fast, by which step."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from GANEnhanceLib.training.config.base import Strict
from GANEnhanceLib.training.config.data import PatchConfig

Positive = Annotated[float, Field(gt=0.0)]
NotNegative = Annotated[float, Field(ge=0.0)]


def _check_odd(edge: int) -> int:
    if edge % 2 == 0:
        raise ValueError(f"the edge of a box is {edge}, but must be odd: a box has a middle; take {edge + 1}")
    return edge


OddEdge = Annotated[int, Field(ge=3, le=63), AfterValidator(_check_odd)]

OBJECTIVES = ("bce", "least-squares", "hinge", "wgan-gp", "wgan-clip", "relativistic")
TERMS = (
    "l1",
    "charbonnier",
    "mse",
    "ssim",
    "gradient",
    "frequency",
    "feature-matching",
    "perceptual",
)


class TermConfig(Strict):
    """A term of the generator's loss beside the adversarial one."""

    name: Literal[TERMS]
    """What is compared."""
    weight: NotNegative = 1.0
    """Factor of the term."""
    from_step: Annotated[int, Field(ge=0)] = 0
    """Step of the stage at which it begins to rise."""
    rise: Annotated[int, Field(ge=0)] = 0
    """Steps in which it rises to its weight."""


class OptimizerConfig(Strict):
    """How one network's parameters are moved."""

    name: Literal["adam", "adamw"] = "adam"
    """Both fused where PyTorch can."""
    learning_rate: Positive = 2e-4
    """Peak rate."""
    betas: tuple[NotNegative, NotNegative] = (0.5, 0.999)
    """Of Adam; a lower first one keeps a GAN from swinging."""
    weight_decay: NotNegative = 0.0
    """Of AdamW."""
    plan: Literal["constant", "cosine", "linear"] = "constant"
    """How the rate falls towards the end of the stage: not at all, along a cosine to a hundredth, or
    linearly over the second half."""
    warm_up: Annotated[int, Field(ge=0)] = 0
    """Steps in which the rate rises from 0."""


class AdversarialConfig(Strict):
    """The contest with the discriminator."""

    objective: Literal[OBJECTIVES] = "least-squares"
    """What discriminator and generator are asked to minimize."""
    weight: NotNegative = 1.0
    """Factor of the adversarial term."""
    adaptive: bool = False
    """Scale the term at each step so that its gradient at the generator's last layer is `weight` times that
    of the other terms (Esser et al., VQGAN, CVPR 2021)."""
    from_step: Annotated[int, Field(ge=0)] = 0
    """Step of the stage at which the contest begins; before it only the other terms act."""
    critic_steps: Annotated[int, Field(ge=1, le=20)] = 1
    """Steps of the discriminator for each one of the generator."""
    penalty: NotNegative = 10.0
    """Weight of the gradient penalty (wgan-gp) or of R1 (others, 0 for none)."""
    penalty_every: Annotated[int, Field(ge=1, le=64)] = 1
    """Steps between penalties; the weight is multiplied accordingly."""
    clip: Positive = 0.01
    """Largest weight of a critic of wgan-clip."""


class _StepConfig(Strict):
    steps: Annotated[int, Field(ge=1)]
    """Length of the stage."""
    generator: OptimizerConfig = OptimizerConfig()
    """How the generator is moved."""
    discriminator: OptimizerConfig = OptimizerConfig()
    """How the discriminator is moved."""
    ema: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.999
    """Decay a step of the averaged generator, which is what is kept; 0 keeps the last one."""
    clip_norm: Positive | None = 1.0
    """Largest norm of the generator's gradient; null does not clip."""
    accumulate: Annotated[int, Field(ge=1, le=256)] = 1
    """Parts that a batch is cut into, where it does not fit in memory."""
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")] = "train"
    """Of the stage; its averaged generator is kept under it."""
    patches: PatchConfig | None = None
    """How patches are drawn in this stage; null as in `data`. Size, batch and dimensions stay those of
    `data`."""

    @model_validator(mode="after")
    def _uses_all_of_its_contest(self) -> _StepConfig:
        contest, step = self.adversarial, self.step
        if contest is not None and contest.adaptive and step != "paired":
            raise ValueError(
                f"adversarial.adaptive is true, but a stage {step} gives its contest a fixed weight: "
                "leave it out and choose adversarial.weight"
            )
        if contest is not None and contest.from_step and step in ("latent", "style"):
            raise ValueError(
                f"adversarial.from_step is {contest.from_step}, but a stage {step} learns by its contest "
                "alone: leave it out"
            )
        return self


class PairedStage(_StepConfig):
    """Input and target belong together (pix2pix; without `adversarial`: plain regression)."""

    step: Literal["paired"]
    terms: tuple[TermConfig, ...] = (TermConfig(name="charbonnier"),)
    """Terms beside the adversarial one."""
    adversarial: AdversarialConfig | None = None
    """The contest; null trains without a discriminator."""
    conditional: bool = False
    """Show the discriminator the input beside the output, as pix2pix does."""
    noise_balance: NotNegative = 0.0
    """Above 0, errors are counted relative to the noise of their patch; see `objectives.noise_weights`."""

    @model_validator(mode="after")
    def _learns_something(self) -> PairedStage:
        if not self.terms and self.adversarial is None:
            raise ValueError("nothing is minimized: give terms, adversarial or both")
        if self.adversarial is None and any(term.name == "feature-matching" for term in self.terms):
            raise ValueError(
                "the term feature-matching compares a discriminator's features: give adversarial"
            )
        return self


class CycleStage(_StepConfig):
    """Two sets without pairs (CycleGAN, Zhu et al., ICCV 2017)."""

    step: Literal["cycle"]
    adversarial: AdversarialConfig = AdversarialConfig()
    """The contest, the same in both directions."""
    cycle: NotNegative = 10.0
    """Weight of the way there and back."""
    identity: NotNegative = 5.0
    """Weight of leaving alone what already looks as it should."""
    pool: Annotated[int, Field(ge=0, le=1000)] = 50
    """Earlier fakes that the discriminators are shown again (Shrivastava et al., CVPR 2017)."""

    low_pass: NotNegative = 0.0
    """Weight of leaving slow changes as they are, in both directions: local means of the output are compared
    with those of what came in, so that contrast stays."""
    low_pass_edge: OddEdge = 9
    """Edge of the box of these means, pixels; odd."""


class NoiseTransferStage(_StepConfig):
    """Two sets without pairs, noisy and clean: the noise that is taken out of one is put into the other."""

    step: Literal["noise-transfer"]
    adversarial: AdversarialConfig = AdversarialConfig()
    """The contest: images of a, made clean, against images of b."""
    transfer: NotNegative = 10.0
    """Weight of coming back to images of b that were given noise of a."""
    modeled_share: Annotated[float, Field(ge=0.0, le=1.0)] = 0.5
    """Share of the images of b that are given white noise, as strong as that of a is estimated to be, instead
    of what the generator takes out of a: at first it takes out nothing."""
    identity: NotNegative = 5.0
    """Weight of leaving alone what is clean already."""
    low_pass: NotNegative = 10.0
    """Weight of leaving slow changes of a as they are; see `CycleStage`."""
    low_pass_edge: OddEdge = 9
    """Edge of the box of these means, pixels; odd."""


class LatentStage(_StepConfig):
    """Noise to image: vanilla GAN, DCGAN, WGAN, InfoGAN."""

    step: Literal["latent"]
    adversarial: AdversarialConfig = AdversarialConfig(objective="bce", penalty=0.0)
    """The contest."""
    code: NotNegative = 0.0
    """Weight of InfoGAN's code loss (Chen et al., NeurIPS 2016); needs a generator with codes."""


class StyleStage(_StepConfig):
    """Noise to image through a mapping network (Karras et al., StyleGAN2, CVPR 2020)."""

    step: Literal["style"]
    adversarial: AdversarialConfig = AdversarialConfig(objective="bce", penalty=10.0, penalty_every=16)
    """The contest, with R1."""
    path_length: NotNegative = 2.0
    """Weight of the path length penalty."""
    path_length_every: Annotated[int, Field(ge=1, le=64)] = 8
    """Steps between path length penalties."""
    mixing: Annotated[float, Field(ge=0.0, le=1.0)] = 0.9
    """Chance that two styles are mixed."""


class DoubtConfig(Strict):
    """The last stage of a run: for each set of weights that is exported, a small network learns how far the
    finished generator may be wrong at each voxel (its 90 % quantile). The generator stays as it is."""

    steps: Annotated[int, Field(ge=1)] = 2000
    """Length, for each set of weights."""
    channels: Annotated[int, Field(ge=4, le=64)] = 16
    """Feature maps at half resolution; 16 cost about 5 kFLOP a voxel in 2-D."""
    optimizer: OptimizerConfig = OptimizerConfig(
        learning_rate=2e-3, betas=(0.9, 0.999), plan="cosine", warm_up=50
    )
    """How the network is moved."""
    ema: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.99
    """Decay a step of the averaged network, which is what is kept."""
    patches: PatchConfig | None = None
    """How patches are drawn; null as in the stage of the weights. Size, batch and dimensions stay those of
    `data`."""


class DoubtStage(DoubtConfig):
    """`DoubtConfig` for the weights of one finished stage, as the loop runs it."""

    step: Literal["doubt"] = "doubt"
    """How its network learns."""
    name: str
    """Of the stage; what it learned is kept under it."""
    of: str
    """Stage whose generator is doubted."""
    clip_norm: Positive | None = 1.0
    """Largest norm of the gradient."""
    accumulate: int = 1
    """Parts that a batch is cut into."""
    adversarial: None = None
    """It has no contest."""


StageConfig = Annotated[
    PairedStage | CycleStage | NoiseTransferStage | LatentStage | StyleStage, Field(discriminator="step")
]
