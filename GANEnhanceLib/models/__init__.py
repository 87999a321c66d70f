"""Models: cards, bundles with verified files, and the list of what is installed.

Importing this package costs json and numpy only; torch, SimpleITK and OpenVINO load when a model is run.
"""

from GANEnhanceLib.models.cache import ModelCache
from GANEnhanceLib.models.card import ModelCard, NetworkSpec, PlanSpec, parse_card
from GANEnhanceLib.models.classical import CLASSICAL_NAMES, classical_model
from GANEnhanceLib.models.model import ClassicalModel, Model, NetworkModel, describe_model
from GANEnhanceLib.models.registry import ModelEntry, list_models, load_model, pick_model
from GANEnhanceLib.models.verify import Check, VerifyReport, verify_bundle
from GANEnhanceLib.models.write import write_bundle

__all__ = [
    "CLASSICAL_NAMES",
    "Check",
    "ClassicalModel",
    "Model",
    "ModelCache",
    "ModelCard",
    "ModelEntry",
    "NetworkModel",
    "NetworkSpec",
    "PlanSpec",
    "VerifyReport",
    "classical_model",
    "describe_model",
    "list_models",
    "load_model",
    "parse_card",
    "pick_model",
    "verify_bundle",
    "write_bundle",
]
