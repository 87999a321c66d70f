"""The whole configuration of a training run: everything that decides the result is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from GANEnhanceLib.models.card import WEIGHT_SETS
from GANEnhanceLib.training.config.base import Strict
from GANEnhanceLib.training.config.data import DataConfig, Modality
from GANEnhanceLib.training.config.degradation import DegradationConfig
from GANEnhanceLib.training.config.stages import DoubtConfig, DoubtStage, StageConfig

METRICS = ("psnr", "ssim", "ms-ssim", "mae", "noise-power", "edge-width", "cnr", "enl", "speckle-index")
METRICS += ("feature-distance", "cycle-error")
_METRICS_WITHOUT_PAIRS = {
    "unpaired": {"metrics": ["feature-distance", "cycle-error"], "best_by": ["feature-distance"]},
    "real": {"metrics": ["feature-distance"], "best_by": ["feature-distance"]},
}
"""What a run is judged by if the file does not say it: nothing can be compared voxel by voxel."""
_NEEDED_DATA = {
    "paired": ("clean", "paired"),
    "cycle": ("unpaired",),
    "noise-transfer": ("unpaired",),
    "latent": ("real",),
    "style": ("real",),
}


class NetworkConfig(Strict):
    """A network of the registry."""

    architecture: str
    """Name in `GANEnhanceLib.networks`; `ganenhance train --networks` lists them."""
    arguments: dict[str, Any] = {}
    """The network's own arguments."""


class NetworksConfig(Strict):
    """The networks of the run."""

    generator: NetworkConfig
    """What is trained for."""
    discriminator: NetworkConfig | None = None
    """Its opponent; needed where a stage has a contest."""


class ScalingConfig(Strict):
    """How values become the network's range of about 0 to 1; the card of the bundle takes it over."""

    name: Literal["mr-percentile", "ct-window", "us-display", "unit"] = "mr-percentile"
    """Which scaling of `GANEnhanceLib.intensity`."""
    low: float | None = None
    """Value that becomes 0 (ct-window: HU)."""
    high: float | None = None
    """Value that becomes 1."""
    percentile: Annotated[float, Field(gt=50.0, le=100.0)] | None = None
    """Percentile that becomes 1 (mr-percentile; 99.5 when left out)."""
    floor: Literal["air"] | None = None
    """air: what the noise of several coils adds is read in the air of a volume and taken off the result
    (mr-percentile)."""
    noise: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    """What the noise of each image becomes (mr-percentile); null: images are scaled by their percentile
    alone. The network then need not guess the level of the noise; contrasts are what varies."""

    @model_validator(mode="after")
    def _suits(self) -> ScalingConfig:
        if self.noise is not None and self.name != "mr-percentile":
            raise ValueError(f"noise is for mr-percentile, not for {self.name}")
        return self


class StartConfig(Strict):
    """The model whose weights a run begins with; `ganenhance finetune` fills it in."""

    bundle: Path
    """Folder of the model."""
    name: str = ""
    """Of the model; goes into the new model's card."""
    version: str = ""
    """Of the model."""
    sha256: str = ""
    """Of the model; another one in that folder is refused. Empty takes any."""
    weights: Literal["fidelity", "perceptual"] = "fidelity"
    """Which of its weights."""


class ValidationConfig(Strict):
    """How the run is judged on whole volumes that it does not learn from."""

    every: Annotated[int, Field(ge=1)] = 500
    """Steps between judgments."""
    metrics: tuple[Literal[METRICS], ...] = ("psnr", "ssim", "mae")
    """What is measured, with the data range in the log. Without pairs feature-distance and cycle-error, for
    imitated images feature-distance alone, unless something else is said."""
    best_by: tuple[Literal[METRICS], ...] = ("psnr",)
    """For each of these the best checkpoint is kept; it is measured too. Without pairs: feature-distance."""
    classical: Literal["none", "median", "anisotropic-diffusion", "nlm"] = "anisotropic-diffusion"
    """Classical filter that is judged beside the model."""
    volumes: Annotated[int, Field(ge=1)] = 4
    """Most volumes that are looked at each time."""
    slices: Annotated[int, Field(ge=1)] = 24
    """Most slices of each volume that are looked at, from its middle."""
    levels: tuple[float, ...] = ()
    """Fixed levels of the degradation (percent, dose or looks); empty takes three of its range."""
    patience: Annotated[int, Field(ge=1)] | None = None
    """Judgments without a better figure after which the stage ends; null never ends it early."""


class CheckpointConfig(Strict):
    """What is kept so that a run can be resumed exactly."""

    every: Annotated[int, Field(ge=1)] = 500
    """Steps between checkpoints."""
    keep: Annotated[int, Field(ge=1, le=100)] = 2
    """How many of the last ones stay."""


class LoggingConfig(Strict):
    """What can be watched."""

    every: Annotated[int, Field(ge=1)] = 50
    """Steps between lines of the log."""
    pictures_every: Annotated[int, Field(ge=1)] = 500
    """Steps between image strips (input, output, target, residual)."""
    tensorboard: bool = True
    """Write TensorBoard files too, where the package is installed."""


class CardConfig(Strict):
    """What the exported bundle says of itself to people who choose a model."""

    title: str = ""
    """Short name in the list of models; the run's name when left out."""
    description: str = ""
    """What it is for, in one or two plain sentences."""
    limits: str = ""
    """Where it fails; shown where the model is chosen."""
    anatomy: str = "any"
    """For example head."""
    authors: str = ""
    """Who made the model and holds the rights to it."""
    license: str = "All rights reserved"
    """Of the weights."""
    data: str = ""
    """What it learned from, with licenses; filled in from public sources."""


class RunConfig(Strict):
    """A training run from data to bundle."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    """Of the run, its folder and the bundle: small letters, digits, dots, dashes."""
    task: Literal["denoise", "super-resolution", "despeckle", "translate", "synthesize"] = "denoise"
    """What the model is for."""
    modality: Modality
    """Which images it takes."""
    seed: Annotated[int, Field(ge=0)] = 1
    """Of everything random."""
    device: Annotated[str, Field(pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")] = "auto"
    """auto (CUDA, MPS, CPU), cpu, mps, cuda or cuda:N."""
    threads: Annotated[int, Field(ge=1)] | None = None
    """CPU threads; null takes all cores."""
    precision: Literal["float32", "bfloat16", "float16"] = "bfloat16"
    """Arithmetic of the networks (autocast); float16 with a gradient scaler, on CUDA only."""
    compile: bool = False
    """Compile the generator (torch.compile)."""
    data: DataConfig
    """Volumes and patches."""
    degradations: tuple[DegradationConfig, ...] = ()
    """What is done to clean patches, one after another; of unpaired data to those of the set a, where these
    are clean volumes too."""
    start: StartConfig | None = None
    """A model to begin with; null begins with random weights."""
    scaling: ScalingConfig = ScalingConfig()
    """How values are scaled."""
    networks: NetworksConfig
    """Generator and discriminator."""
    axis: Literal["acquisition", "all"] = "acquisition"
    """Axis that the finished model takes its slices along; all: along each, for the mean of three passes,
    which costs three times as much."""
    stages: tuple[StageConfig, ...] = Field(min_length=1)
    """One after another; each begins with the generator of the one before."""
    doubt: DoubtConfig | None = None
    """What predicts how far the result may be wrong, learned at the end; null leaves it out. It may be added
    to a run that is finished already."""
    validation: ValidationConfig = ValidationConfig()
    """How the run is judged."""
    checkpoints: CheckpointConfig = CheckpointConfig()
    """What is kept."""
    logging: LoggingConfig = LoggingConfig()
    """How often figures and pictures are written."""
    card: CardConfig = CardConfig()
    """What the bundle says."""

    def doubt_stages(self) -> tuple[DoubtStage, ...]:
        """Return the stages that learn the doubt, one for each set of weights that is exported: those named
        so, or the last one."""
        if self.doubt is None:
            return ()
        by_name = {stage.name: stage for stage in self.stages}
        chosen = WEIGHT_SETS if set(WEIGHT_SETS) <= set(by_name) else (self.stages[-1].name,)
        values = self.doubt.model_dump()
        return tuple(
            DoubtStage(
                **{**values, "patches": self.doubt.patches or by_name[name].patches},
                name=f"doubt-{name}",
                of=name,
            )
            for name in chosen
        )

    @model_validator(mode="before")
    @classmethod
    def _judged_as_its_data_can_be(cls, values: Any) -> Any:
        data = values.get("data") if isinstance(values, dict) else None
        usual = _METRICS_WITHOUT_PAIRS.get(data.get("kind")) if isinstance(data, dict) else None
        said = values.get("validation", {}) if isinstance(values, dict) else None
        if usual is None or not isinstance(said, dict):
            return values
        return {**values, "validation": {**usual, **said}}

    @model_validator(mode="after")
    def _fits_together(self) -> RunConfig:
        names = [stage.name for stage in self.stages]
        if len(set(names)) < len(names):
            raise ValueError(f"two stages are named '{max(names, key=names.count)}'; give each its own name")
        if self.axis == "all" and self.data.patches.dimensions == "3d":
            raise ValueError("axis is all, but a network of 3d blocks is not passed along axes; leave it out")
        for stage in self.stages:
            if self.data.kind not in _NEEDED_DATA[stage.step]:
                needed = " or ".join(_NEEDED_DATA[stage.step])
                raise ValueError(
                    f"the step of stage '{stage.name}' is {stage.step}, which needs data of kind {needed},"
                    f" not {self.data.kind}"
                )
            if self.data.patches.dimensions == "3d" and getattr(stage, "low_pass", None) is not None:
                if stage.step == "noise-transfer" or stage.low_pass > 0:
                    raise ValueError(
                        f"stage '{stage.name}' learns from slices ({stage.step}, low_pass"
                        f" {stage.low_pass:g}), but data.patches.dimensions is 3d; take 2d or 2.5d"
                    )
            if stage.adversarial is not None and self.networks.discriminator is None:
                raise ValueError(f"stage '{stage.name}' has a contest, but networks has no discriminator")
        if self.doubt is not None and self.data.kind not in _NEEDED_DATA["paired"]:
            raise ValueError(
                f"doubt is learned from true errors, which data of kind {self.data.kind} do not give; it"
                f" needs {' or '.join(_NEEDED_DATA['paired'])}"
            )
        if any(stage.name.startswith("doubt-") for stage in self.stages):
            raise ValueError("names of stages that begin with doubt- are kept for the section doubt")
        if self.data.kind == "clean" and not self.degradations:
            raise ValueError("data of kind clean needs degradations: without them input and target are equal")
        measured = (*self.validation.metrics, *self.validation.best_by)
        if self.data.kind == "real" and set(measured) - {"feature-distance"}:
            wrong = next(name for name in measured if name != "feature-distance")
            raise ValueError(
                f"validation names {wrong}, but images made from noise can be judged by feature-distance only"
            )
        if self.data.kind not in ("clean", "unpaired") and self.degradations:
            raise ValueError(
                f"degradations are for data of kind clean, or for the set a of kind unpaired, not for kind"
                f" {self.data.kind}, whose images are taken as they are"
            )
        return self
