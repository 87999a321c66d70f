"""Files that need the application run in processes of their own; their tests are counted like all others."""

import os
import shutil
import subprocess
import sys

import ownprocess
import pytest

ORDINARY = '''
"""Each kind of outcome."""

import os
from pathlib import Path

import pytest


class TestInside:
    @pytest.mark.parametrize("number", [1, 2])
    def test_passes(self, number):
        Path(os.environ["PROCESSES"]).open("a").write(f"{os.getpid()} {Path.cwd()}\\n")


def test_fails():
    assert 1 == 2, "one is not two"


def test_skipped():
    pytest.skip("for a reason")
'''
DYING = '''
"""A crash takes the whole file with it."""

import os


def test_before():
    pass


def test_crash():
    os._exit(3)
'''
HANGING = '''
"""Waits for what never comes."""

import os
import time
from pathlib import Path


def test_waits():
    Path(os.environ["PROCESSES"]).open("a").write("started\\n")
    time.sleep(1000)


def test_behind():
    pass
'''
BROKEN = "import no_such_module_anywhere\n"


@pytest.fixture
def repository(tmp_path):
    """A copy of the machinery with panel test files that end in different ways."""
    panel = tmp_path / "Testing" / "Panel"
    panel.mkdir(parents=True)
    for name in ("conftest.py", "ownprocess.py", "run_panel_tests.py"):
        shutil.copy(ownprocess.TESTING / name, tmp_path / "Testing")
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    for name, text in {
        "a": ORDINARY,
        "b": ORDINARY,
        "dying": DYING,
        "hanging": HANGING,
        "broken": BROKEN,
    }.items():
        (panel / f"test_{name}.py").write_text(text)
    return tmp_path


def run(repository, *command):
    """Run Python in the copy, as a parent process."""
    tree = {ownprocess.TREE: str(repository), "PROCESSES": str(repository / "processes")}
    environment = {**os.environ, **tree}
    environment.pop(ownprocess.CHILD, None)
    return subprocess.run(
        [sys.executable, *command], cwd=repository, env=environment, text=True, capture_output=True
    )


def test_outcomes_are_counted_and_each_file_has_its_process(repository):
    files = [f"Testing/Panel/test_{name}.py" for name in "ab"]
    output = run(repository, "-m", "pytest", *files).stdout
    assert "2 failed, 4 passed, 2 skipped" in output and "one is not two" in output, output
    lines = (repository / "processes").read_text().split("\n")[:-1]
    assert len(lines) == 4 and len(set(lines)) == 2, "two files, two processes"
    assert not any(line.endswith(str(repository)) for line in lines), "started in a folder of its own"


def test_chosen_tests_only(repository):
    output = run(repository, "-m", "pytest", "Testing/Panel/test_a.py", "-k", "passes and 2").stdout
    assert "1 passed, 3 deselected" in output, output
    assert len((repository / "processes").read_text().splitlines()) == 1


def test_a_crash_fails_every_test_of_the_file(repository):
    output = run(repository, "-m", "pytest", "Testing/Panel/test_dying.py").stdout
    assert "2 failed" in output and "The process of test_dying.py ended with code 3" in output, output


def test_a_file_that_takes_too_long_fails_once(repository):
    machinery = repository / "Testing" / "ownprocess.py"
    text = machinery.read_text()
    assert "LIMIT_SECONDS = 900" in text
    machinery.write_text(text.replace("LIMIT_SECONDS = 900", "LIMIT_SECONDS = 10"))
    output = run(repository, "-m", "pytest", "Testing/Panel/test_hanging.py").stdout
    assert "2 failed" in output and "took longer than 10 s" in output, output
    assert (repository / "processes").read_text() == "started\n", "the file was run once"


def test_a_file_that_cannot_be_imported_is_an_error(repository):
    result = run(repository, "-m", "pytest", "Testing/Panel/test_broken.py")
    assert (
        "1 error" in result.stdout and "no_such_module_anywhere" in result.stdout and result.returncode == 2
    )


def test_the_script_ends_with_the_count(repository):
    for name in ("broken", "hanging"):
        (repository / "Testing" / "Panel" / f"test_{name}.py").unlink()
    result = run(repository, "Testing/run_panel_tests.py", "-q")
    assert result.stdout.splitlines()[-1] == "4 passed, 4 failed" and result.returncode == 1, result.stdout
