"""The judge of a run: figures of its generator beside the input as it is and a classical filter.

The generator runs through the engine that panel and command use, with the plan, scaling and bound that its
card will have.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from GANEnhanceLib.inference import run
from GANEnhanceLib.models import load_model
from GANEnhanceLib.models.classical import missing_package
from GANEnhanceLib.networks.describe import reach_of
from GANEnhanceLib.training.card import make_card
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.data.build import TrainingData
from GANEnhanceLib.training.data.volumes import HeldOutVolume
from GANEnhanceLib.training.validation.cases import Case, make_cases
from GANEnhanceLib.training.validation.fused import run_fused
from GANEnhanceLib.training.validation.measures import METRICS, CaseMeasures, mean_figures
from GANEnhanceLib.training.validation.module_model import ModuleRunner

_log = logging.getLogger(__name__)

Enhance = Callable[[Case], np.ndarray]


class VolumeJudge:
    """Judges generators on cases with a reference.

    `judge` gives the mean over all cases of each metric, under its name; "input_..." and "classical_..." are
    the same of the input and of the filter, and "data_range" is full scale in value units.

    Args:
        config: of the run.
        cases: each with a reference.
        volumes: that they were made of.
    """

    def __init__(self, config: RunConfig, cases: list[Case], volumes: Sequence[HeldOutVolume] = ()) -> None:
        """Measure nothing yet; see the class for the arguments."""
        self.config, self.cases, self.volumes = config, cases, list(volumes)
        self.names = metrics_of(config)
        self._measures = [CaseMeasures(case) for case in cases]
        self._beside: dict[str, list[dict[str, float]]] | None = None
        self._reach: int | None = None

    def higher_is_better(self, name: str) -> bool:
        """Return whether more of a figure is better."""
        return higher_is_better(name)

    def judge(self, generator: nn.Module) -> dict[str, float]:
        """Return the figures of a generator; see the class."""
        return {
            **mean_figures(self.rows_of(generator)),
            **mean_figures(self.beside["input"], "input_"),
            **mean_figures(self.beside.get(self.config.validation.classical, []), "classical_"),
            "data_range": float(np.mean([case.data_range for case in self.cases])),
        }

    def rows_of(self, generator: nn.Module) -> list[dict[str, float]]:
        """Return the figures of a generator case by case."""
        generator = generator.eval()
        if self.config.data.is_fused:
            return self.measure(lambda case: run_fused(generator, case, self.config.data.patches))
        card = make_card(self.config, generator, self._find_reach(generator))
        with ModuleRunner(generator, card) as runner:
            return self.measure(lambda case: runner(case.given, case.box, case.scaling, case.facts).voxels)

    def measure(self, enhance: Enhance) -> list[dict[str, float]]:
        """Return the figures, case by case, of what gives the voxels (k, j, i) of a case's box, in value
        units of its input."""
        return [
            measures.measure(case.in_units_of_target(enhance(case)), self.names)
            for case, measures in zip(self.cases, self._measures, strict=True)
        ]

    @property
    def beside(self) -> dict[str, list[dict[str, float]]]:
        """Figures of the input and, by its name, of the classical filter, case by case; measured once."""
        if self._beside is None:
            self._beside = {"input": self.measure(lambda case: case.given.voxels[case.box])}
            name = self.config.validation.classical
            if name != "none":
                missing = missing_package(name)
                if missing is not None:
                    _log.warning("The filter %s is left out of the judgments. %s", name, missing)
                else:
                    self._beside[name] = self.measure(lambda case: _filter(case, name))
        return self._beside

    def describe(self) -> dict[str, Any]:
        """Return what is judged, for `validation.json` of the run's folder."""
        described = [
            {
                "name": case.name,
                "patient": case.patient,
                "level": case.level,
                "slices": int(case.wanted.shape[case.axis]),
                "data_range": case.data_range,
            }
            for case in self.cases
        ]
        return {"metrics": describe_metrics(self.names), "cases": described}

    def _find_reach(self, generator: nn.Module) -> int:
        """Return the receptive field of a network in 3-D, whose blocks overlap by it."""
        if self.config.data.patches.dimensions != "3d":
            return 0
        if self._reach is None:
            self._reach = reach_of(generator, 1, 3)
        return self._reach


def make_judge(config: RunConfig, data: TrainingData) -> Any | None:
    """Return the judge of a run, or None where nobody is held out to judge it by.

    Runs that imitate images are judged by the statistics of features; without images held out, by those that
    they learn from.
    """
    if config.data.kind == "real":
        from GANEnhanceLib.training.validation.imitation import ImitationJudge

        return ImitationJudge(config, data.validation_volumes, data.sampler)
    return judge_of_volumes(config, data.validation_volumes)


def judge_of_volumes(config: RunConfig, volumes: list) -> Any | None:
    """Return the judge of a run that enhances volumes, or None without any."""
    if config.data.kind == "unpaired":
        from GANEnhanceLib.training.validation.unpaired import make_unpaired_judge

        return make_unpaired_judge(config, volumes)
    cases = make_cases(config, volumes)
    return VolumeJudge(config, cases, volumes) if cases else None


def metrics_of(config: RunConfig) -> tuple[str, ...]:
    """Return the names of the metrics that a run is judged by."""
    validation = config.validation
    return tuple(dict.fromkeys((*validation.metrics, *validation.best_by)))


def higher_is_better(name: str) -> bool:
    """Return whether more of a figure is better; those beside the model's are told as the model's are."""
    for beside in ("input_", "classical_", "real_"):
        name = name.removeprefix(beside)
    return METRICS[name].higher_is_better if name in METRICS else True


def describe_metrics(names: tuple[str, ...]) -> dict[str, Any]:
    """Return unit, range and direction of metrics, as JSON values (null: no bound)."""
    described = {}
    for name in names:
        metric = METRICS[name]
        limits = [each if np.isfinite(each) else None for each in (metric.low, metric.high)]
        better = "higher" if metric.higher_is_better else "lower"
        described[name] = {"unit": metric.unit, "range": limits, "better": better, "what": metric.text}
    return described


def _filter(case: Case, name: str) -> np.ndarray:
    from GANEnhanceLib.inference import EnhanceOptions

    roi = tuple((part.start, part.stop) for part in reversed(case.box))
    options = EnhanceOptions(output_type="float32", roi=roi, threads=torch.get_num_threads())
    return run(case.given, load_model(name), options, crop=True, facts=case.facts).volume.voxels
