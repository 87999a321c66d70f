"""`ganenhance train` and `ganenhance runs` as a person types them."""

import json
import os
import signal
import subprocess
import time

import pytest
import torch
import yaml
from command_line import COMMAND, assert_refused, run_command

from GANEnhanceLib.cli import main
from GANEnhanceLib.training.config import parse_config
from GANEnhanceLib.training.config.template import read_template, template_names
from GANEnhanceLib.training.loop.checkpoints import read_state
from GANEnhanceLib.training.loop.journal import read_log

CONFIG = """
name: tiny
task: synthesize
modality: MR
device: cpu
threads: 1
precision: float32
data:
  kind: real
  real: [{sources: [sample-t1-head]}]
  split: {validation: 0.0}
  patches: {dimensions: 2d, size: 16, batch: 4}
networks:
  generator: {architecture: dcgan, arguments: {size: 16, features: 8}}
  discriminator: {architecture: dcgan-discriminator, arguments: {size: 16, features: 8}}
stages:
  - {name: gan, step: latent, steps: 60}
checkpoints: {every: 10}
logging: {every: 10, pictures_every: 30, tensorboard: false}
"""


@pytest.fixture(autouse=True)
def _threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder with tiny.yaml, and in runs/tiny what came of it; and what the command printed."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "tiny.yaml").write_text(CONFIG)
    done = run_command("train", "tiny.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done


def test_a_run_is_shown_and_leaves_everything_in_its_folder(finished):
    folder, done = finished
    assert "gan: step 60 of 60" in done.stdout and "s a step" in done.stdout and " left: " in done.stdout
    assert "The run is complete: runs/tiny" in done.stdout
    run = folder / "runs" / "tiny"
    names = {path.name for path in run.iterdir()}
    assert {"config.yaml", "environment.json", "data.json", "state.json", "log.jsonl", "stages"} <= names
    assert [path.name for path in (run / "stages").iterdir()] == ["gan.pt"]
    assert sorted(path.name for path in (run / "pictures").iterdir()) == [
        "gan-00000030.png",
        "gan-00000060.png",
    ]
    assert [line["step"] for line in read_log(run / "log.jsonl") if line["kind"] == "train"] == [
        *range(10, 61, 10)
    ]
    assert json.loads((run / "environment.json").read_text())["torch"] == torch.__version__
    assert json.loads((run / "data.json").read_text())[0]["sha256"]
    # What was read back is what was meant.
    assert parse_config((run / "config.yaml").read_text()) == parse_config(CONFIG)


def test_runs_are_listed_and_drawn(finished, capsys):
    folder, _ = finished
    assert main(["runs", "--runs", str(folder / "runs")]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["run", "status", "stage", "steps", "best"]
    (row,) = [row.split() for row in rows if row.startswith("tiny")]
    assert row[:5] == ["tiny", "finished", "gan", "60", "feature-distance"] and float(row[5]) > 0
    assert main(["runs", "plot", str(folder / "runs" / "tiny"), "--out", str(folder / "plots")]) == 0
    drawn = [str(folder / "plots" / f"{kind}.png") for kind in ("train", "validation")]
    assert capsys.readouterr().out.split() == drawn
    from PIL import Image

    with Image.open(folder / "plots" / "train.png") as picture:
        assert picture.width > 400 and picture.height > 200
        assert len(set(picture.convert("L").getdata())) > 20


def test_no_run_is_said_in_a_sentence(tmp_path, capsys):
    assert main(["runs", "--runs", str(tmp_path)]) == 0
    assert "There is no run in" in capsys.readouterr().out
    assert main(["runs", "plot", str(tmp_path / "none")]) == 2
    assert "holds no run. Name a folder that `ganenhance runs` lists." in capsys.readouterr().err


def test_a_second_run_of_that_name_and_another_configuration_are_refused(finished, capsys):
    folder, _ = finished
    words = ["train", str(folder / "tiny.yaml"), "--runs", str(folder / "runs")]
    assert main(words) == 2
    assert "holds a run already. Resume it with --resume auto" in capsys.readouterr().err
    assert main([*words, "--set", "seed=5", "--resume", "auto"]) == 2
    assert "was begun with another configuration" in capsys.readouterr().err
    assert main([*words, "--set", "stages.0.steps=many"]) == 2
    assert "'stages.0.steps' is 'many'" in capsys.readouterr().err


def test_a_finished_run_that_is_resumed_stays_as_it_is(finished, capsys):
    folder, _ = finished
    weights = folder / "runs" / "tiny" / "stages" / "gan.pt"
    before = weights.read_bytes()
    assert main(["train", "--resume", str(folder / "runs" / "tiny")]) == 0
    assert "The run is complete" in capsys.readouterr().out
    assert weights.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="SIGTERM ends a process of Windows at once")
@pytest.mark.parametrize("resume", ["as told", "auto"])
def test_sigterm_saves_and_the_run_goes_on_bit_for_bit(finished, tmp_path, resume):
    folder, _ = finished
    (tmp_path / "tiny.yaml").write_text(CONFIG)
    # A change that decides, but not in a run this short.
    words = ["train", "tiny.yaml", "--set", "validation.every=777"]
    started = subprocess.Popen(
        [*COMMAND, *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    for line in started.stdout:
        if line.startswith("gan: step 12 "):
            started.send_signal(signal.SIGTERM)
            break
    out, err = started.communicate(timeout=60)
    assert started.returncode == 130, err
    _, said, told = out.strip().rpartition("Stopped after a checkpoint. Go on with: ganenhance ")
    assert said and told == "train --resume runs/tiny"
    assert "Traceback" not in err
    state = json.loads((tmp_path / "runs" / "tiny" / "state.json").read_text())
    assert state["status"] == "stopped" and 12 <= state["total"] < 60
    done = run_command(*(told.split() if resume == "as told" else [*words, "--resume", "auto"]), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    expected, found = (
        read_state(each / "runs" / "tiny" / "stages" / "gan.pt") for each in (folder, tmp_path)
    )
    assert all(torch.equal(expected[key], found[key]) for key in expected)
    logs = [read_log(each / "runs" / "tiny" / "log.jsonl") for each in (folder, tmp_path)]
    for line in [*logs[0], *logs[1]]:
        line.pop("seconds_per_step", None)
    assert logs[0] == logs[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="files are locked in another way on Windows")
def test_two_runs_in_one_folder_are_refused(finished, tmp_path):
    (tmp_path / "tiny.yaml").write_text(CONFIG.replace("steps: 60", "steps: 100000"))
    first = subprocess.Popen(
        [*COMMAND, "train", "tiny.yaml"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    try:
        assert "step 1 of" in first.stdout.readline()
        log = tmp_path / "runs" / "tiny" / "log.jsonl"
        until = time.monotonic() + 60
        while not log.exists() and time.monotonic() < until:
            time.sleep(0.1)
        second = run_command("train", "tiny.yaml", "--resume", "auto", cwd=tmp_path)
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=60)
    assert second.returncode == 2
    assert "Another run is writing to runs/tiny. Wait for its end" in second.stderr
    assert first.returncode == 130


def test_no_configuration_is_said_with_how_to_begin(tmp_path):
    done = run_command("train", cwd=tmp_path)
    assert_refused(done, "No configuration was given", "ganenhance train --template paired-mr-denoise")
    done = run_command("train", "--resume", "runs/none", cwd=tmp_path)
    assert_refused(done, "runs/none holds no run")


def test_what_there_is_to_name_is_printed(capsys):
    assert main(["train", "--networks"]) == 0
    assert {"unet", "dcgan", "patch-discriminator"} <= set(capsys.readouterr().out.split())
    assert main(["train", "--sources"]) == 0
    assert "sample-t1-head" in capsys.readouterr().out
    assert main(["train", "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert "stages" in schema["properties"] and schema["properties"]["seed"]["description"]
    assert main(["train", "--template", "no-such"]) == 2
    assert "The template is 'no-such', but must be one of: cyclegan, dcgan" in capsys.readouterr().err


@pytest.mark.parametrize("name", template_names())
def test_every_template_runs_as_it_is(name, tmp_path, capsys):
    assert main(["train", "--template", name]) == 0
    text = capsys.readouterr().out
    assert text == read_template(name)
    path = tmp_path / f"{name}.yaml"
    path.write_text(text)
    stages = yaml.safe_load(text)["stages"]
    short = [word for number in range(len(stages)) for word in ("--set", f"stages.{number}.steps=2")]
    small = ["--set", "logging.tensorboard=false", "--set", "threads=1", "--set", "logging.every=1"]
    # The judge has tests of its own.
    small += ["--set", "validation.volumes=1", "--set", "validation.slices=1"]
    assert main(["train", str(path), *short, *small, "--runs", str(tmp_path / "runs")]) == 0
    assert "The run is complete" in capsys.readouterr().out
    (run,) = [each for each in (tmp_path / "runs").iterdir() if each.name.startswith("my-")]
    losses = [line for line in read_log(run / "log.jsonl") if line["kind"] == "train"]
    assert len(losses) == 2 * len(stages)
