"""The configuration of a training run, read from one YAML file and checked before anything starts."""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path

from GANEnhanceLib.errors import OptionError


@dataclass(frozen=True)
class DataConfig:
    """Which images are used and how patches are drawn from them."""

    train: tuple[str, ...]
    """Names of sources in `training.sources`."""
    slices: int = 5
    """Neighbouring slices a patch, odd."""
    patch: int = 64
    """Edge of a patch in voxels, a multiple of 2."""
    batch: int = 8
    """Patches a step."""


@dataclass(frozen=True)
class DegradationConfig:
    """Rician noise drawn for each patch; levels in percent of the reference intensity."""

    percent_low: float = 0.3
    """Lowest level of the logarithmic draw."""
    percent_high: float = 13.0
    """Highest level."""
    uniform_share: float = 0.5
    """Share of patches whose level is drawn uniformly instead of logarithmically."""
    correlated_share: float = 0.15
    """Share of patches whose noise is smoothed in the slice plane."""
    varying_share: float = 0.2
    """Share of patches whose noise level varies in space."""


@dataclass(frozen=True)
class GridConfig:
    """On which grids patches are shown: a network that saw only fine grids takes coarse detail for noise."""

    coarse_share: float = 0.35
    """Share of patches whose slice plane is coarsened."""
    coarsest: int = 2
    """Largest factor."""
    sampled_share: float = 0.0
    """Share of the coarsened patches that are sampled instead of averaged, which keeps them sharp."""
    sharpened_share: float = 0.0
    """Share of patches that are sharpened before the noise is added."""


@dataclass(frozen=True)
class StageConfig:
    """One stage of the training: a number of steps with one objective."""

    name: str
    steps: int
    learning_rate: float = 1e-3
    """Peak rate of the generator's Adam; it falls to a hundredth along a cosine."""
    warm_up: int = 200
    """Steps in which the rate rises from 0."""
    adversarial_weight: float = 0.0
    """Weight of the adversarial term beside the pixel loss; 0 trains without a discriminator."""
    discriminator_rate: float = 2e-4
    """Rate of the discriminator's Adam."""
    ema: float = 0.999
    """Decay a step of the averaged generator, which is what is kept."""
    noise_balance: float = 0.0
    """Above 0, errors are counted relative to the noise of their patch; see `objectives.noise_weights`."""
    grid: GridConfig = field(default_factory=GridConfig)


@dataclass(frozen=True)
class TrainingConfig:
    """A whole run."""

    name: str
    generator: dict
    """`architecture` and its arguments."""
    discriminator: dict
    data: DataConfig
    stages: tuple[StageConfig, ...]
    degradation: DegradationConfig = field(default_factory=DegradationConfig)
    seed: int = 1
    precision: str = "bfloat16"
    """`bfloat16` (autocast) or `float32`."""
    checkpoint_every: int = 500
    """Steps between checkpoints."""

    def __post_init__(self) -> None:
        """Refuse values that cannot work."""
        if self.precision not in ("bfloat16", "float32"):
            raise OptionError(f"precision is '{self.precision}', allowed are bfloat16 and float32.")
        if self.data.slices % 2 == 0 or self.data.slices < 1:
            raise OptionError(f"data.slices is {self.data.slices}, allowed are odd numbers from 1.")
        if self.data.patch % 2 or self.data.patch < 8:
            raise OptionError(f"data.patch is {self.data.patch}, allowed are even numbers from 8.")
        if not self.stages:
            raise OptionError("stages is empty; give at least one stage with a name and a number of steps.")


def load_config(path: Path) -> TrainingConfig:
    """Read a YAML file.

    Raises:
        OptionError: the file is missing, or a key or value is not allowed; the sentence names it.
    """
    import yaml

    try:
        values = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise OptionError(f"The configuration '{path}' cannot be read: {error}.") from error
    return _build(TrainingConfig, values, "configuration")


def _build(cls, values, where: str):
    if not isinstance(values, dict):
        raise OptionError(f"{where} is {values!r}, expected a mapping.")
    hints = typing.get_type_hints(cls)
    fields = {item.name: item for item in dataclasses.fields(cls)}
    for key in values:
        if key not in fields:
            raise OptionError(f"{where} has the unknown key '{key}'; allowed are {', '.join(fields)}.")
    for name, item in fields.items():
        optional = item.default is not dataclasses.MISSING or item.default_factory is not dataclasses.MISSING
        if name not in values and not optional:
            raise OptionError(f"{where} lacks the key '{name}'.")
    return cls(**{key: _convert(hints[key], value, f"{where}.{key}") for key, value in values.items()})


def _convert(kind, value, where: str):
    if dataclasses.is_dataclass(kind):
        return _build(kind, value, where)
    if isinstance(kind, types.GenericAlias) and typing.get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise OptionError(f"{where} is {value!r}, expected a list.")
        member = typing.get_args(kind)[0]
        return tuple(_convert(member, item, f"{where}[{index}]") for index, item in enumerate(value))
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise OptionError(f"{where} is {value!r}, expected a value of type {kind.__name__}.")
    return value
