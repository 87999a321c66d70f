"""Trains in children of this process that are killed, or whose disk is full; prints what is left as JSON.

    python training_children.py kills FOLDER SEED
    python training_children.py full FOLDER

PyTorch is imported once and each child is forked from it, so that ten kills take seconds.
"""

import json
import os
import random
import resource
import signal
import sys
import time
import traceback
from pathlib import Path

import torch
import training_cases as cases

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.training.loop.run import TrainingRun

KILLS, FARTHEST = 10, 12
WRITING = (2, 5, 8)
"""Kills that wait until a checkpoint is being written."""
CHANGES = {
    "checkpoints": {"every": 4, "keep": 2},
    "logging": {"every": 2, "pictures_every": 20, "tensorboard": False},
}


def settings():
    """Two stages of a network whose checkpoint of some megabytes takes a while to be written."""
    values = cases.values((110, 60), **CHANGES)
    values["networks"]["generator"]["arguments"] = {"channels_in": 5, "channels": 96, "blocks": 1}
    values["data"]["patches"].update(size=16, batch=1)
    return cases.config(**{name: values[name] for name in ("networks", "data", "stages", *CHANGES)})


def in_child(work):
    """Fork, call `work` in the child, and return its process id and a pipe that it may write to."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    code = 1
    try:
        code = work(writing)
    except GANEnhanceError as error:
        print(error, file=sys.stderr, flush=True)
        code = 2
    except Exception:
        traceback.print_exc()
    os._exit(code)


def train(folder, tell):
    """Train to the end, writing a byte after each step; returns the exit code."""
    config = settings()
    run = TrainingRun(config, cases.sampler(config), folder, on_step=lambda *_step: os.write(tell, b"."))
    return 0 if run.train(resume=True) else 130


def exit_code(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def finish(folder):
    child, reading = in_child(lambda tell: train(folder, tell))
    while os.read(reading, 4096):
        pass
    os.close(reading)
    return exit_code(child)


def kill(folder, draw, writing):
    """Kill a child after some steps and a part of one, or while it writes; returns whether it was writing."""
    child, reading = in_child(lambda tell: train(folder, tell))
    for _ in range(draw.randrange(FARTHEST)):
        assert os.read(reading, 1), "the child ended before it was killed"
    if writing:
        while not list((folder / "checkpoints").glob(".step-*.part")):
            pass
    else:
        time.sleep(draw.uniform(0.0, 0.02))
    os.kill(child, signal.SIGKILL)
    assert exit_code(child) == -signal.SIGKILL
    os.close(reading)
    return bool(list((folder / "checkpoints").glob(".step-*.part")))


def kills(folder, seed):
    """Train one run without a kill and one with ten."""
    draw = random.Random(seed)
    whole = finish(folder / "whole")
    (folder / "cut" / "checkpoints").mkdir(parents=True)
    caught = [kill(folder / "cut", draw, number in WRITING) for number in range(KILLS)]
    left = sorted(path.name for path in (folder / "cut" / "stages").iterdir())
    return {"whole": whole, "caught": caught, "stages": left, "resumed": finish(folder / "cut")}


def full(folder):
    """Train some steps, go on where no file may grow large, then where there is room again."""
    child, reading = in_child(lambda tell: train(folder, tell))
    for _ in range(10):
        os.read(reading, 1)
    os.kill(child, signal.SIGTERM)
    stopped = exit_code(child)
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "checkpoints").iterdir()}
    room = resource.getrlimit(resource.RLIMIT_FSIZE)

    def train_without_room(tell):
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, room[1]))
        return train(folder, tell)

    failed = exit_code(in_child(train_without_room)[0])
    after = {path.name: path.stat().st_mtime_ns for path in (folder / "checkpoints").iterdir()}
    return {"stopped": stopped, "failed": failed, "before": before, "after": after, "resumed": finish(folder)}


if __name__ == "__main__":
    torch.set_num_threads(1)
    place = Path(sys.argv[2])
    print(json.dumps(kills(place, int(sys.argv[3])) if sys.argv[1] == "kills" else full(place)))
