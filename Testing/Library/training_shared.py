"""Trains small runs, alone or as one of several processes: `torchrun ... training_shared.py FOLDER`."""

import sys
from pathlib import Path

import torch
import training_cases as cases

from GANEnhanceLib.training.loop.distributed import joined
from GANEnhanceLib.training.loop.run import TrainingRun

STEPS = 6


def runs():
    """Return the configurations: every kind of step, norm, penalty and mean that processes have to share."""
    contest = {"adaptive": True, "penalty": 1.0, "penalty_every": 3}
    terms = [{"name": "charbonnier"}, {"name": "feature-matching"}]
    unet = {"architecture": "unet", "arguments": {"features": 4}}
    cycle = {"pool": 4, "adversarial": {"objective": "relativistic", "penalty": 0.0}}
    return {
        "paired": of("paired", terms=terms, adversarial=contest, noise_balance=0.02),
        "unet": of("paired", {"generator": unet}, adversarial={"penalty": 0.0}),
        "cycle": of("cycle", **cycle),
        "latent": of("latent", code=1.0, adversarial={"objective": "wgan-gp", "critic_steps": 2}),
        "style": of("style", path_length_every=3),
    }


def of(kind, networks=None, **stage):
    """Return the configuration of a kind of step with other networks and another stage."""
    settings = cases.gan(kind, STEPS)
    values = settings.model_dump(mode="json")
    values["networks"].update(networks or {})
    values["stages"][0].update(stage)
    values["data"]["patches"]["batch"] = 4
    return type(settings).model_validate(values)


def train(folder, process=None, stop=False):
    """Train them all in `folder`; with `stop` the last process stops the first run half-way."""
    for name, settings in runs().items():
        place = folder / name
        if stop and name == "paired":
            run = TrainingRun(settings, cases.gan_sampler(settings), place, process=process)
            run.on_step = lambda stage, step, steps, losses, run=run: ask_to_stop(run, step)
            assert not run.train()
        run = TrainingRun(settings, cases.gan_sampler(settings), place, process=process)
        assert run.train(resume=True)


def ask_to_stop(run, step):
    """Ask one process alone."""
    if step == STEPS // 2 and run.process.rank == run.process.world - 1:
        run.stopping = True


if __name__ == "__main__":
    torch.set_num_threads(1)
    with joined() as process:
        train(Path(sys.argv[1]), process, stop=True)
