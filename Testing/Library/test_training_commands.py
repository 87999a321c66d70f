"""Training by the command, as a person types it: template, run, list, model, volume."""

import subprocess
import sys


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
    assert ganenhance("runs", "list").stdout == listed
    assert "The action 'lits' is unknown; use one of: list, show, plot." in ganenhance("runs", "lits").stderr
    again = ganenhance("train", "mine.yaml", *words)
    assert again.returncode == 2 and "holds a run already" in again.stderr
