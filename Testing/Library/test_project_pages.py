"""What the pages tell people to type works as written, with a filter in the network's place to save time."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pytest

from GANEnhanceLib.samples import sample_path
from GANEnhanceLib.volume import read_volume

FAST = "median"


@pytest.fixture
def workplace(repository, tmp_path):
    """A folder in which the pages' relative paths lead somewhere."""
    (tmp_path / "GANEnhanceLib").symlink_to(repository / "GANEnhanceLib")
    (tmp_path / "noisy.nii.gz").write_bytes(sample_path("t1-head").read_bytes())
    return tmp_path


def _blocks(page, language):
    text = page.read_text(encoding="utf-8").replace("mr-denoise", FAST)
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def _run(commands, folder):
    ganenhance = f"{shlex.quote(sys.executable)} -m GANEnhanceLib.cli"
    script = f'set -eu\nganenhance() {{ {ganenhance} "$@"; }}\n{commands}'
    return subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=150)


PAGES = ["README.md", "Docs/command-line.md", "Docs/models.md", "Docs/degradations.md"]


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_succeed(repository, workplace, page):
    blocks = "\n".join(_blocks(repository / page, "sh")).replace(".venv/bin/", "")
    commands = blocks.replace("\\\n", " ").splitlines()
    # The commands of make have tests of their own; words in capitals stand for the reader's own files.
    chosen = [
        line for line in commands if re.match(r"(ganenhance|cp) ", line) and not re.search(r"\bPATH\b", line)
    ]
    assert chosen
    done = _run("\n".join(chosen), workplace)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in re.findall(r"[\w-]+\.(?:nii\.gz|json|png)", "\n".join(chosen)):
        assert (workplace / name).exists() or name == "t1-head.nii.gz", f"{name} was not made"


def test_the_range_on_the_command_line_page_is_that_of_the_sample(repository, t1_head):
    from GANEnhanceLib.intensity import reference_intensity

    text = (repository / "Docs/command-line.md").read_text(encoding="utf-8")
    ranges = {float(number) for number in re.findall(r"--data-range (\d+)", text)}
    assert ranges == {round(reference_intensity(t1_head.voxels))}


def test_the_python_of_the_readme_enhances_a_volume(repository, workplace):
    (code,) = _blocks(repository / "README.md", "python")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=workplace, capture_output=True, text=True, timeout=150
    )
    assert done.returncode == 0, done.stderr
    before, after = (read_volume(workplace / f"{name}.nii.gz") for name in ("noisy", "clean"))
    assert after.shape == before.shape and (after.voxels != before.voxels).any()


def test_the_python_of_the_worker_page_enhances_a_volume(repository, workplace):
    (code,) = _blocks(repository / "Docs/worker-protocol.md", "python")
    given = "from GANEnhanceLib.volume import read_volume\nvolume = read_volume('noisy.nii.gz')\n"
    told = "\nprint(enhanced.shape, report['model']['name'])"
    done = subprocess.run(
        [sys.executable, "-c", given + code + told],
        cwd=workplace,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"(62, 128, 128) {FAST}"
