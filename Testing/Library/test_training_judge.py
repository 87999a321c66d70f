"""The judge of a run: figures by their definition, the input beside the generator, and a whole command."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from GANEnhanceLib.training.judge import Case, SliceJudge


class Half(torch.nn.Module):
    """Returns half of its middle channel."""

    def __init__(self):
        super().__init__()
        self.factor = torch.nn.Parameter(torch.tensor(0.5))

    def forward(self, image):
        return self.factor * image[:, 1:2]


def test_figures_are_those_of_the_output_and_of_the_input():
    given = np.full((2, 3, 32, 32), 0.6, dtype=np.float32)
    wanted = np.full((2, 32, 32), 0.4, dtype=np.float32)
    found = SliceJudge([Case(given, wanted)]).judge(Half())
    assert found["mae"] == pytest.approx(0.1, rel=1e-5)
    assert found["psnr"] == pytest.approx(20.0, abs=1e-3)
    assert found["input_mae"] == pytest.approx(0.2, rel=1e-5)


def test_less_is_better_for_errors_only():
    judge = SliceJudge([Case(np.zeros((1, 1, 16, 16), np.float32), np.zeros((1, 16, 16), np.float32) + 0.1)])
    assert judge.higher_is_better("psnr") and not judge.higher_is_better("mae")


def test_the_template_trains_by_the_command_and_is_judged(tmp_path):
    def ganenhance(*words):
        command = [sys.executable, "-m", "GANEnhanceLib.cli", *words]
        return subprocess.run(command, cwd=tmp_path, text=True, capture_output=True, timeout=170)

    (tmp_path / "mine.yaml").write_text(ganenhance("train", "--template", "paired-mr-denoise").stdout)
    changes = [
        "stages.0.steps=12",
        "stages.1.steps=4",
        "validation.every=6",
        "validation.slices=2",
        "threads=1",
    ]
    words = [word for change in changes for word in ("--set", change)]
    done = ganenhance("train", "mine.yaml", *words)
    assert done.returncode == 0, done.stderr
    assert "The run is complete" in done.stdout
    listed = ganenhance("runs").stdout
    assert "my-mr-denoise" in listed and "finished" in listed and "psnr" in listed
    again = ganenhance("train", "mine.yaml", *words)
    assert again.returncode == 2 and "holds a run already" in again.stderr
