"""Judges generators that learn without pairs: look, way there and back, and references where there are."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import nn

from GANEnhanceLib.metrics import feature_distance, mae
from GANEnhanceLib.training.card import make_card
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.data.volumes import HeldOutVolume
from GANEnhanceLib.training.validation.cases import Case, make_unpaired_cases, slices_of_case
from GANEnhanceLib.training.validation.features import image_features
from GANEnhanceLib.training.validation.judge import (
    VolumeJudge,
    describe_metrics,
    higher_is_better,
    metrics_of,
)
from GANEnhanceLib.training.validation.measures import mean_figures
from GANEnhanceLib.training.validation.module_model import ModuleRunner


class UnpairedJudge:
    """Judges the way from the set a to the set b.

    "feature-distance" compares the statistics of features of slices with those of b, "cycle-error" is the
    mean absolute error, in scaled intensity, of images that went to b and back. Where a volume of b shows a
    patient of a on the same grid it is a reference, and the metrics of pairs are taken too.

    Args:
        config: of the run.
        cases: of the set a.
        others: volumes of the set b.
    """

    def __init__(self, config: RunConfig, cases: list[Case], others: list[HeldOutVolume]) -> None:
        """Look at b once; see the class for the arguments."""
        self.config, self.cases = config, cases
        self.names = metrics_of(config)
        slices = [_slices(volume, config) for volume in others[: config.validation.volumes]]
        self._real = np.concatenate([image_features(each) for each in slices]) if slices else None
        with_reference = [case for case in cases if case.wanted is not None]
        self.pairs = VolumeJudge(config, with_reference) if with_reference else None
        self._input = self._look([case.given.voxels[case.box] for case in cases])

    def higher_is_better(self, name: str) -> bool:
        """Return whether more of a figure is better."""
        return higher_is_better(name)

    def judge(self, generator: nn.Module, back: nn.Module | None = None) -> dict[str, float]:
        """Return the figures of a generator, with the cycle error where the way back is given."""
        card = make_card(self.config, generator)
        with ModuleRunner(generator, card) as runner:
            made = [runner(case.given, case.box, case.scaling, case.facts) for case in self.cases]
        figures = self._look([volume.voxels for volume in made])
        if back is not None:
            with ModuleRunner(back, card) as runner:
                errors = [
                    _cycle_error(runner, case, volume) for case, volume in zip(self.cases, made, strict=True)
                ]
            figures["cycle-error"] = float(np.mean(errors))
        beside = {f"input_{name}": value for name, value in self._input.items()}
        return {**figures, **beside, **self._compare(made)}

    def describe(self) -> dict[str, Any]:
        """Return what is judged, for `validation.json` of the run's folder."""
        cases = [{"name": case.name, "patient": case.patient} for case in self.cases]
        return {"metrics": describe_metrics(self.names), "cases": cases}

    def _look(self, images: list[np.ndarray]) -> dict[str, float]:
        if self._real is None:
            return {}
        scaled = [
            slices_of_case(case, case.scaling.forward(image))
            for case, image in zip(self.cases, images, strict=True)
        ]
        features = np.concatenate([image_features(each) for each in scaled])
        if min(len(features), len(self._real)) < 2:
            return {}
        return {"feature-distance": feature_distance(features, self._real)}

    def _compare(self, made: list) -> dict[str, float]:
        if self.pairs is None:
            return {}
        by_case = {id(case): volume.voxels for case, volume in zip(self.cases, made, strict=True)}
        rows = self.pairs.measure(lambda case: by_case[id(case)])
        beside = self.pairs.beside
        classical = beside.get(self.config.validation.classical, [])
        return {
            **mean_figures(rows),
            **mean_figures(beside["input"], "input_"),
            **mean_figures(classical, "classical_"),
        }


def make_unpaired_judge(config: RunConfig, volumes: list[HeldOutVolume]) -> UnpairedJudge | None:
    """Return the judge of a run without pairs, or None where no volume of the set a is held out."""
    cases = make_unpaired_cases(config, volumes)
    others = [volume for volume in volumes if volume.group == "b"]
    return UnpairedJudge(config, cases, others) if cases else None


def _slices(volume: HeldOutVolume, config: RunConfig) -> np.ndarray:
    """Return the middle slices of a volume, (s, u, v), scaled."""
    planes = np.moveaxis(volume.target.voxels, volume.target.acquisition_axis, 0)
    count = min(config.validation.slices, len(planes))
    first = (len(planes) - count) // 2
    return volume.scaling.forward(planes[first : first + count])


def _cycle_error(runner: ModuleRunner, case: Case, made) -> float:
    whole = tuple(slice(0, size) for size in made.shape)
    returned = runner(made, whole, case.scaling)
    return mae(returned.voxels, case.given.voxels[case.box]) / (case.scaling.high - case.scaling.low)
