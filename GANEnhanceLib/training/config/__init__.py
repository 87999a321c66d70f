"""The configuration of a training run: one YAML file, typed, checked before anything starts."""

from GANEnhanceLib.training.config.run import RunConfig
from GANEnhanceLib.training.config.source import load_config, parse_config

__all__ = ["RunConfig", "load_config", "parse_config"]
