"""The figures of a model beside its input and a classical filter, on patients that it did not learn from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.data.build import hold_out
from GANEnhanceLib.training.validation.judge import VolumeJudge, higher_is_better, judge_of_volumes
from GANEnhanceLib.training.validation.measures import METRICS, mean_figures

_KEYS = {
    "psnr": "psnr_db",
    "ms-ssim": "ms_ssim",
    "noise-power": "noise_power",
    "edge-width": "edge_width_mm",
    "speckle-index": "speckle_index",
    "feature-distance": "feature_distance",
    "cycle-error": "cycle_error",
}
_JUDGED_BY = ("psnr", "feature-distance")
"""The first of these that was measured decides whether a model is worse than its input."""

Figures = dict[str, float]


@dataclass(frozen=True)
class Comparison:
    """What was measured of a model.

    Attributes:
        results: rows for the card.
        shortfalls: sentences on what the model is worse than; empty if it may be exported.
        limits: sentences on single levels at which the input is better.
        where: on what it was measured, in words.
    """

    results: list[dict[str, Any]]
    shortfalls: list[str]
    where: str
    limits: tuple[str, ...] = ()


def compare(config: RunConfig, generators: dict[str, nn.Module], cache: Path) -> Comparison:
    """Measure the generators of a model on the test patients, or without any on those of the validation.

    Args:
        config: of the run.
        generators: by weight set.
        cache: folder of public images.

    Raises:
        InputError: the volumes are not there any more.
    """
    part = "test" if config.data.split.test or config.data.split.test_patients else "validation"
    volumes = hold_out(config, cache, part)
    judge = judge_of_volumes(_with_psnr(config), volumes)
    if judge is None:
        sentence = "No patient was held out, so nobody knows whether the model is better than its input."
        return Comparison([], [sentence], "nobody")
    count = len({case.patient for case in judge.cases})
    where = f"{count} {part} patient{'s' if count > 1 else ''}"
    if isinstance(judge, VolumeJudge):
        return _compare_volumes(config, judge, generators, where)
    return _compare_unpaired(config, judge, generators, where)


def _with_psnr(config: RunConfig) -> RunConfig:
    """Return the configuration with PSNR among the metrics: a card has it, and it decides."""
    metrics = tuple(dict.fromkeys(("psnr", *config.validation.metrics)))
    return config.model_copy(update={"validation": config.validation.model_copy(update={"metrics": metrics})})


def _compare_volumes(
    config: RunConfig, judge: VolumeJudge, generators: dict[str, nn.Module], where: str
) -> Comparison:
    measured = {"input": judge.beside["input"]}
    measured |= {name: rows for name, rows in judge.beside.items() if name != "input"}
    ours = {name: judge.rows_of(generator) for name, generator in generators.items()}
    measured |= {_method(config, name): rows for name, rows in ours.items()}
    levels = list(dict.fromkeys(case.level for case in judge.cases))
    results = []
    for level in levels:
        at_level = [number for number, case in enumerate(judge.cases) if case.level == level]
        for method, rows in measured.items():
            figures = mean_figures([rows[number] for number in at_level])
            results.append({**_place(config, where, level), "method": method, **_rounded(figures)})
    means = {method: mean_figures(rows) for method, rows in measured.items()}
    shortfalls = _shortfalls(config, means, list(generators), where)
    first = ours[next(iter(ours))]
    return Comparison(results, shortfalls, where, tuple(_weak_levels(config, judge, first)))


def _weak_levels(config: RunConfig, judge: VolumeJudge, rows: list[Figures]) -> list[str]:
    """Return sentences on the levels at which the input has more PSNR than the model."""
    found = []
    for level in dict.fromkeys(case.level for case in judge.cases if case.level is not None):
        at_level = [number for number, case in enumerate(judge.cases) if case.level == level]
        ours, given = (
            mean_figures([each[number] for number in at_level])["psnr"]
            for each in (rows, judge.beside["input"])
        )
        if ours < given:
            unit = " %" if config.degradations[0].kind == "mr-noise" else ""
            found.append(
                f"At {config.degradations[0].kind} of {level:g}{unit} its PSNR, {ours:.1f} dB, was below that"
                f" of the input, {given:.1f} dB."
            )
    return found


def _compare_unpaired(
    config: RunConfig, judge: Any, generators: dict[str, nn.Module], where: str
) -> Comparison:
    means: dict[str, Figures] = {}
    for name, generator in generators.items():
        figures = judge.judge(generator)
        means["input"] = _under(figures, "input_")
        if _under(figures, "classical_"):
            means[config.validation.classical] = _under(figures, "classical_")
        means[_method(config, name)] = {key: value for key, value in figures.items() if key in METRICS}
    results = [{"case": where, "method": method, **_rounded(each)} for method, each in means.items()]
    return Comparison(results, _shortfalls(config, means, list(generators), where), where)


def _shortfalls(config: RunConfig, means: dict[str, Figures], sets: list[str], where: str) -> list[str]:
    """Return where the model loses: the set that is used first against all, others against the input."""
    metric = next((name for name in _JUDGED_BY if name in means[_method(config, sets[0])]), None)
    if metric is None:
        return ["Nothing was measured that tells whether the model is better than its input."]
    found = []
    for number, weight_set in enumerate(sets):
        ours = means[_method(config, weight_set)][metric]
        for name, figures in means.items():
            beside = name == "input" or (number == 0 and name == config.validation.classical)
            if beside and metric in figures and _is_worse(metric, ours, figures[metric]):
                found.append(_loss(metric, weight_set, ours, name, figures[metric], where))
    return found


def _is_worse(metric: str, ours: float, theirs: float) -> bool:
    return ours < theirs if higher_is_better(metric) else ours > theirs


def _loss(metric: str, weight_set: str, ours: float, name: str, theirs: float, where: str) -> str:
    other = "its own input" if name == "input" else f"the filter {name}"
    unit = METRICS[metric].unit
    figures = f"{ours:.2f} {unit}".strip(), f"{theirs:.2f} {unit}".strip()
    return f"On {where} its {weight_set} weights have a {metric} of {figures[0]}, {other} has {figures[1]}."


def _method(config: RunConfig, weight_set: str) -> str:
    return f"{config.name}, fidelity {1 if weight_set == 'fidelity' else 0}"


def _place(config: RunConfig, where: str, level: float | None) -> dict[str, Any]:
    if level is None:
        return {"case": where}
    kind = config.degradations[0]
    if kind.kind == "mr-noise":
        return {"case": where, "percent": level, "noise": "simulated"}
    return {"case": f"{where}, {kind.kind} {level:g}"}


def _rounded(figures: Figures) -> Figures:
    return {_KEYS.get(name, name): round(value, 4) for name, value in figures.items() if name in METRICS}


def _under(figures: Figures, prefix: str) -> Figures:
    return {name.removeprefix(prefix): value for name, value in figures.items() if name.startswith(prefix)}
