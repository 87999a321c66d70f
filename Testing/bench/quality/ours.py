"""Our models: which should be there, which are, and how they are run, through the engine that users run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.inference import EnhanceOptions, EnhanceResult, run
from GANEnhanceLib.models import NetworkModel, load_model
from GANEnhanceLib.volume import Volume
from quality.cases import Case

MODELS = {
    "mr-denoise": ("MR", "denoise"),
    "mr-superres": ("MR", "superres"),
    "ct-lowdose": ("CT", "denoise"),
    "us-despeckle": ("US", "despeckle"),
}
"""Models of the project: modality and task by name."""


@dataclass(frozen=True)
class Setting:
    """Options that a model is judged with, and the name of its rows."""

    name: str
    fidelity: float
    precision: str = "float32"


class OurModel:
    """A model and how it is run."""

    def __init__(self, model: NetworkModel, threads: int = 1):
        """Take a model from `models.load_model`; `threads` are those of the processor."""
        self.model, self._threads = model, threads

    @property
    def name(self) -> str:
        """Return the name on its card."""
        return self.model.card.name

    @property
    def modality(self) -> str:
        """Return what it is for."""
        return MODELS[self.name][0] if self.name in MODELS else self.model.card.modality[0]

    @property
    def task(self) -> str:
        """Return "denoise", "superres" or "despeckle"."""
        if self.name in MODELS:
            return MODELS[self.name][1]
        return "superres" if self.model.card.super_resolution is not None else self.model.card.task

    def settings(self, default: float) -> list[Setting]:
        """Return fidelity 1, the default, and 0, each once, and the default in bfloat16."""
        values = sorted({1.0, default, 0.0} if self.has_two_sets else {1.0}, reverse=True)
        settings = [Setting(f"{self.name}, fidelity {each:g}", each) for each in values]
        return [*settings, Setting(f"{self.name}, fidelity {default:g}, bfloat16", default, "bfloat16")]

    @property
    def has_two_sets(self) -> bool:
        """Return whether there are perceptual weights beside those of fidelity."""
        return len(self.model.card.weight_sets) > 1

    def enhance(self, volume: Volume, setting: Setting, **more) -> EnhanceResult:
        """Enhance a volume whose slices lie along k; `more` are arguments of the engine.

        Raises:
            GANEnhanceError: the engine refuses the volume.
        """
        options = more.pop("options", {})
        options = EnhanceOptions(
            device="openvino",
            fidelity=setting.fidelity if self.has_two_sets else None,
            precision=setting.precision,
            # Of a finer grid the axes that are not refined are taken.
            axis=None if self.task == "superres" or self.model.card.plan.axis == "all" else "k",
            threads=self._threads,
            output_type="float32",
            **options,
        )
        return run(volume, self.model, options, **more)

    def run(self, case: Case, setting: Setting) -> np.ndarray:
        """Return what the model makes of a case, on the grid of its reference."""
        options = {"scale": tuple(map(float, case.factors[::-1]))} if case.task == "superres" else {}
        return self.enhance(case.given, setting, options=options).volume.voxels


def find_models(names: list[str], threads: int) -> tuple[list[OurModel], dict[str, str]]:
    """Return the models that are there, by name or folder, and why others are not."""
    found, missing = [], {}
    for name in names:
        try:
            found.append(OurModel(load_model(name), threads))
        except GANEnhanceError as error:
            missing[name] = str(error)
    return found, missing


def is_ours(row: dict) -> bool:
    """Return whether a row is of a model of ours, not of a classical method or the input."""
    return ", fidelity " in row["method"]


def is_of(row: dict, model: str) -> bool:
    """Return whether a row is of the model of this name."""
    return is_ours(row) and row["method"].partition(",")[0] == model
