"""Whatever ends a training, it goes on bit for bit: ten kills, a full disk, in every kind of step."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import training_cases as cases

from GANEnhanceLib.training.loop.checkpoints import read_state
from GANEnhanceLib.training.loop.journal import cut_log, read_log
from GANEnhanceLib.training.loop.run import TrainingRun

HERE = Path(__file__).parent
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, SIGKILL and limits of files")


def children(*words):
    """Run the helper that trains in children; returns what it prints, and its complaints."""
    places = os.pathsep.join([str(HERE), str(HERE.parent.parent)])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(HERE / "training_children.py"), *map(str, words)],
        env={**os.environ, "PYTHONPATH": places, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=170,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def told(folder):
    """The log without what a clock says."""
    return [
        {k: v for k, v in line.items() if k != "seconds_per_step"} for line in read_log(folder / "log.jsonl")
    ]


def equal_stages(one, other):
    names = sorted(path.name for path in (one / "stages").iterdir())
    assert names and names == sorted(path.name for path in (other / "stages").iterdir())
    for name in names:
        first, second = read_state(one / "stages" / name), read_state(other / "stages" / name)
        assert first.keys() == second.keys()
        assert all(torch.equal(first[key], second[key]) for key in first), name


@posix
def test_ten_kills_at_random_moments_change_nothing(tmp_path):
    found, complaint = children("kills", tmp_path, 4)
    assert found["whole"] == found["resumed"] == 0, complaint
    # Some kills fell into the writing of a checkpoint, and the run was not over before the last one.
    assert len(found["caught"]) == 10 and sum(found["caught"]) >= 2
    assert "perceptual.pt" not in found["stages"]
    equal_stages(tmp_path / "whole", tmp_path / "cut")
    assert told(tmp_path / "whole") == told(tmp_path / "cut")
    assert not list((tmp_path / "cut" / "checkpoints").glob(".*"))


@posix
def test_a_full_disk_is_said_in_a_sentence_and_older_checkpoints_stay(tmp_path):
    found, complaint = children("full", tmp_path)
    assert found["stopped"] == 130
    assert found["failed"] == 2
    sentence = [line for line in complaint.splitlines() if "cannot be written" in line]
    assert len(sentence) == 1 and "Traceback" not in complaint
    assert "MiB are free there" in sentence[0] or "File too large" in sentence[0], "PyTorch's words"
    assert "Free some space there and resume the run; the checkpoints before it are whole." in sentence[0]
    assert found["before"] and found["before"] == found["after"]
    assert found["resumed"] == 0


class Killed(Exception):
    """Stands for the end of the process."""


class Cut:
    """A sampler that ends the process after some batches."""

    def __init__(self, sampler, left):
        self._sampler, self._left = sampler, left

    def __getattr__(self, name):
        return getattr(self._sampler, name)

    def __next__(self):
        self._left -= 1
        if self._left < 0:
            raise Killed
        return next(self._sampler)


@pytest.mark.parametrize("kind", ["paired", "cycle", "noise-transfer", "latent", "style"])
def test_twenty_steps_are_ten_a_kill_and_ten(tmp_path, kind):
    settings = cases.gan(kind, 20)
    whole = TrainingRun(settings, cases.gan_sampler(settings), tmp_path / "whole")
    assert whole.train()
    with pytest.raises(Killed):
        TrainingRun(settings, Cut(cases.gan_sampler(settings), 12), tmp_path / "cut").train()
    resumed = TrainingRun(settings, cases.gan_sampler(settings), tmp_path / "cut")
    assert resumed.train(resume=True)
    equal_stages(tmp_path / "whole", tmp_path / "cut")
    assert told(tmp_path / "whole") == told(tmp_path / "cut")
    states = [run.checkpoints.newest() for run in (whole, resumed)]
    assert_equal(*states)


def assert_equal(one, other, where="checkpoint"):
    """Networks, averages, optimizers, pools, sampler and every random generator are the same."""
    if isinstance(one, torch.Tensor):
        assert torch.equal(one, other), where
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            assert_equal(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, (list, tuple)):
        assert len(one) == len(other), where
        for number, (first, second) in enumerate(zip(one, other, strict=True)):
            assert_equal(first, second, f"{where}.{number}")
    else:
        assert one == other, where


def test_what_a_killed_run_told_of_lost_steps_is_cut_off(tmp_path):
    log = tmp_path / "log.jsonl"
    lines = [json.dumps({"kind": "train", "total": total}) for total in (5, 10, 12)]
    log.write_text("\n".join(lines) + '\n{"kind": "tra')
    cut_log(log, 10)
    assert [line["total"] for line in read_log(log)] == [5, 10]
    assert log.read_text().endswith("\n")
