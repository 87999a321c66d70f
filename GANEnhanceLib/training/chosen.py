"""Which weights of a run become a model: of its finished stages, or the best of a run that was stopped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.models.card import WEIGHT_SETS
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.loop.checkpoints import Checkpoints, read_state
from GANEnhanceLib.training.loop.folder import RunFolder

State = dict[str, torch.Tensor]
_AVERAGED = "module."


@dataclass(frozen=True)
class Weights:
    """A generator's state with the stage it is of, in words where it is from, and whether that is the end of
    the stage."""

    state: State
    stage: str
    origin: str
    is_finished: bool = False


def open_run(path: Path) -> RunFolder:
    """Return the folder of a run that was begun; InputError if there is none."""
    if not (Path(path) / "config.yaml").is_file():
        raise InputError(f"{path} holds no run.", "Name a folder that `ganenhance runs` lists.")
    return RunFolder(path)


def choose_weights(
    folder: RunFolder, config: RunConfig, stages: tuple[str, ...] = (), best: str | None = None
) -> dict[str, Weights]:
    """Return the weight sets of the model, "fidelity" and "perceptual" or one of them.

    Without `stages` and `best` a run gives its stages named so, if both are finished; else its last stage,
    or, if it was stopped, the best generator so far. A stage with a contest makes the set "perceptual".

    Args:
        folder: of the run.
        config: of the run.
        stages: names of finished stages.
        best: a metric: the generator that was the best by it.

    Raises:
        OptionError: an unknown stage, or two that are not named as weight sets.
        InputError: no such weights are there.
    """
    names = [stage.name for stage in config.stages]
    for name in stages:
        if name not in names:
            raise OptionError(f"The stage is '{name}', but must be one of: {', '.join(names)}.")
    if best is not None:
        if stages:
            raise OptionError("A stage and the best by a metric were asked for.", "Give one of them.")
        return _one(config, _best(folder, best))
    if len(stages) > 1:
        if set(stages) != set(WEIGHT_SETS):
            raise OptionError(
                f"The stages {' and '.join(stages)} cannot be one model: its two sets of weights come from"
                f" stages named {' and '.join(WEIGHT_SETS)}.",
                "Give one stage.",
            )
        return {name: _finished(folder, name) for name in WEIGHT_SETS}
    if stages:
        return _one(config, _finished(folder, stages[0]))
    return _usual(folder, config, names)


def _usual(folder: RunFolder, config: RunConfig, names: list[str]) -> dict[str, Weights]:
    finished = [name for name in names if folder.stage_weights(name).exists()]
    if set(WEIGHT_SETS) <= set(finished):
        return {name: _finished(folder, name) for name in WEIGHT_SETS}
    if len(finished) == len(names):
        return _one(config, _finished(folder, finished[-1]))
    for metric in config.validation.best_by:
        if (folder.checkpoints / f"best-{metric}.pt").exists():
            return _one(config, _best(folder, metric))
    if finished:
        return _one(config, _finished(folder, finished[-1]))
    return _one(config, _newest(folder))


def _one(config: RunConfig, weights: Weights) -> dict[str, Weights]:
    stage = next((stage for stage in config.stages if stage.name == weights.stage), config.stages[-1])
    usual = "fidelity" if stage.adversarial is None else "perceptual"
    return {stage.name if stage.name in WEIGHT_SETS else usual: weights}


def _finished(folder: RunFolder, name: str) -> Weights:
    path = folder.stage_weights(name)
    if not path.exists():
        there = sorted(each.stem for each in folder.stages.glob("*.pt"))
        raise InputError(
            f"The stage {name} of {folder.path} is not finished; finished are {', '.join(there) or 'none'}.",
            "Resume the run, or take the best so far with --best METRIC.",
        )
    return Weights(read_state(path), name, f"end of stage {name}", is_finished=True)


def _best(folder: RunFolder, metric: str) -> Weights:
    path = folder.checkpoints / f"best-{metric}.pt"
    if not path.exists():
        there = sorted(each.stem.removeprefix("best-") for each in folder.checkpoints.glob("best-*.pt"))
        raise InputError(
            f"{folder.path} has no best generator by {metric}; it has those by {', '.join(there) or 'none'}.",
            "validation.best_by of the configuration says by which metrics the best is kept.",
        )
    state = read_state(path)
    return Weights(state["weights"], state["stage"], f"best by {metric}, stage {state['stage']}")


def _newest(folder: RunFolder) -> Weights:
    newest = Checkpoints(folder.checkpoints).newest()
    if newest is None:
        raise InputError(
            f"{folder.path} holds no weights yet.", "Wait for its first checkpoint, or resume the run."
        )
    step = newest["step"]
    averaged = step["averages"].get("generator")
    state = step["networks"]["generator"]
    if averaged is not None:
        state = {
            name.removeprefix(_AVERAGED): each
            for name, each in averaged.items()
            if name.startswith(_AVERAGED)
        }
    return Weights(state, newest["stage"], f"step {newest['total']}, stage {newest['stage']}")
