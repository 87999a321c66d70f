"""What a killed process left beside a model is removed, and nothing that somebody still needs."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from GANEnhanceLib.models.aside import OWNER, REPLACED, folder_aside, sweep_aside

posix = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signal")
MAKE = (
    "import os, signal, sys\n"
    "from pathlib import Path\n"
    "from GANEnhanceLib.models.aside import folder_aside\n"
    "with folder_aside(Path(sys.argv[1])) as aside:\n"
    "    (aside / 'half').mkdir()\n"
    "    os.kill(os.getpid(), signal.SIGKILL)\n"
)


def killed_beside(target) -> Path:
    """Return the folder that a killed process has left beside a target."""
    places = str(Path(__file__).parents[2])
    before = set(target.parent.glob(f".{target.name}-*"))
    done = subprocess.run(
        [sys.executable, "-c", MAKE, str(target)], env={**os.environ, "PYTHONPATH": places}, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    (left,) = set(target.parent.glob(f".{target.name}-*")) - before
    return left


@posix
def test_what_a_killed_process_left_is_removed(tmp_path):
    left = killed_beside(tmp_path / "model")
    assert (left / "half").is_dir() and (left / OWNER).is_file()
    sweep_aside(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


@posix
def test_what_a_living_process_writes_stays(tmp_path):
    target = tmp_path / "model"
    killed_beside(target)
    with folder_aside(target) as aside:
        sweep_aside(target)
        assert list(tmp_path.iterdir()) == [aside]
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_model_that_made_room_comes_back_unless_the_new_one_is_there(tmp_path):
    target = tmp_path / "model"
    for number, there in enumerate((False, True)):
        left = killed_beside(target)
        (left / REPLACED).mkdir()
        (left / REPLACED / "card").write_text(f"old {number}")
        if there:
            (target / "card").write_text("new")
        sweep_aside(target)
        assert not left.exists()
        assert (target / "card").read_text() == ("new" if there else "old 0")


def test_what_is_not_ours_stays(tmp_path):
    for name in (".model-backup", ".model-abcdefgh", ".other-abcdefgh"):
        (tmp_path / name).mkdir()
    (tmp_path / ".model-abcdefgh" / OWNER).write_bytes(b"")
    sweep_aside(tmp_path / "model")
    assert len(list(tmp_path.iterdir())) == 3


def test_a_missing_folder_is_no_error(tmp_path):
    sweep_aside(tmp_path / "nowhere" / "model")
