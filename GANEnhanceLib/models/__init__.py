"""Models: cards, bundles with verified files, and the list of what is installed.

Importing this package costs json and numpy only; torch, SimpleITK and OpenVINO load when a model is run.
"""

from GANEnhanceLib.models.card import ModelCard, NetworkSpec, PlanSpec, parse_card
from GANEnhanceLib.models.model import ClassicalModel, Model, NetworkModel, describe_model

__all__ = [
    "ClassicalModel",
    "Model",
    "ModelCard",
    "NetworkModel",
    "NetworkSpec",
    "PlanSpec",
    "describe_model",
    "parse_card",
]
