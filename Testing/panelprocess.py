"""Runs each file of Testing/Panel in a process of its own, while its tests are counted like all others.

The harness imitates an application, and there is one application in a process: what a panel test leaves
behind must not reach the next file. conftest.py uses these collectors; in the child process (environment
variable CHILD) the file is an ordinary test file. To debug one file: GANENHANCE_PANEL_PROCESS=1 python -m
pytest Testing/Panel/test_x.py
"""

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

TESTING = Path(__file__).resolve().parent
CHILD = "GANENHANCE_PANEL_PROCESS"
TREE = "GANENHANCE_INSTALL_TREE"  # folder of the installed modules, made once for all child processes
LIMIT_SECONDS = 900


def panelFile(path, parent):
    """A collector for a file of Testing/Panel; None for other files and in the child process."""
    if os.environ.get(CHILD) or TESTING / "Panel" not in path.parents:
        return None
    return PanelFile.from_parent(parent, path=path)


def runPytest(targets, *arguments):
    """Run pytest on files or tests, from an empty folder: no code is imported from where it was started."""
    environment = {**os.environ, CHILD: "1", "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
    if TREE in environment:
        environment["PYTHONPATH"] = environment[TREE] + os.pathsep + environment.get("PYTHONPATH", "")
    settings = [f"--rootdir={TESTING.parent}", "-c", str(TESTING.parent / "pyproject.toml")]
    with tempfile.TemporaryDirectory(prefix="ganenhance-panel-") as folder:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *settings, "-p", "no:cacheprovider", *arguments, *targets],
            env=environment,
            cwd=folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LIMIT_SECONDS,
        )


def testName(case):
    """Name of a <testcase> of a junit report, as in the node id behind the file: "Class::test" or "test"."""
    stem = case.get("classname").split(".")
    classes = stem[next(i for i, part in enumerate(stem) if part.startswith("test_")) + 1 :]
    return "::".join([*classes, case.get("name")])


class PanelFile(pytest.File):
    """One test file; its tests are listed and run by child processes."""

    results = None  # {test name: <testcase>} after the run
    output = ""

    def collect(self):
        """One item a test, without importing the file here."""
        listing = runPytest([self.path], "--collect-only", "-q").stdout
        names = [line.partition("::")[2] for line in listing.splitlines() if f"{self.path.name}::" in line]
        if not names or "error" in listing.splitlines()[-1]:
            raise self.CollectError(listing)
        return [PanelItem.from_parent(self, name=name) for name in names]

    def result(self, name):
        """The <testcase> of a test, None if the process died; the first call runs all chosen tests."""
        if self.results is None:
            chosen = [f"{self.path}::{item.name}" for item in self.session.items if item.parent is self]
            with tempfile.TemporaryDirectory() as folder:
                report = Path(folder) / "report.xml"
                run = runPytest(chosen, "-q", f"--junitxml={report}")
                cases = ElementTree.parse(report).iter("testcase") if report.exists() else []
                self.results = {testName(case): case for case in cases}
            self.output = f"{run.stdout}\nThe process of {self.path.name} ended with code {run.returncode}."
        return self.results.get(name)


class PanelItem(pytest.Item):
    """One test that a child process runs."""

    def __init__(self, **options):
        super().__init__(**options)
        self.add_marker(pytest.mark.timeout(LIMIT_SECONDS + 60))  # the first item runs the whole file

    def runtest(self):
        """Fail or skip as the test did."""
        case = self.parent.result(self.name)
        if case is None:
            raise PanelFailure(self.parent.output)
        for bad in (*case.findall("failure"), *case.findall("error")):
            raise PanelFailure(bad.text)
        for skipped in case.findall("skipped"):
            pytest.skip(skipped.get("message", ""))

    def repr_failure(self, excinfo, style=None):
        """Show the child's report instead of a traceback of this file."""
        return (
            str(excinfo.value) if isinstance(excinfo.value, PanelFailure) else super().repr_failure(excinfo)
        )

    def reportinfo(self):
        """Place of the test in pytest's report."""
        return self.path, None, f"{self.path.name}::{self.name}"


class PanelFailure(Exception):
    """A test failed in the child process."""
