"""Runs test files that need the Slicer stand-in in a process of their own, and counts their tests like all
others.

There is one application in a process: what one of these files leaves behind must reach neither the next one
nor the tests of the library. The processes run behind the other tests, and wait for the worker most of their
time; a test of such a file waits for the process of its file. conftest.py uses these collectors; in the child
process (environment variable CHILD) the file is an ordinary test file. To debug one:
GANENHANCE_OWN_PROCESS=1 python -m pytest Testing/Panel/test_x.py --pdb
"""

import compileall
import os
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

TESTING = Path(__file__).resolve().parent
FOLDERS = {TESTING / "Panel", TESTING / "HarnessTests"}
CHILD = "GANENHANCE_OWN_PROCESS"
TREE = "GANENHANCE_INSTALL_TREE"  # folder of the installed modules, made once for all child processes
LIMIT_SECONDS = 900


def fileCollector(path, parent):
    """A collector for a file of FOLDERS; None for other files and in the child process."""
    if os.environ.get(CHILD) or not FOLDERS & set(path.parents):
        return None
    return OwnProcessFile.from_parent(parent, path=path)


_running = set()  # child processes, so that none survives the end of the tests
_lock = threading.Lock()


def runPytest(targets, *arguments):
    """Run pytest on files or tests, from an empty folder: no code is imported from where it was started."""
    environment = {**os.environ, CHILD: "1", "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
    if TREE in environment:
        environment["PYTHONPATH"] = environment[TREE] + os.pathsep + environment.get("PYTHONPATH", "")
    settings = [f"--rootdir={TESTING.parent}", "-c", str(TESTING.parent / "pyproject.toml")]
    command = [sys.executable, "-m", "pytest", *settings, "-p", "no:cacheprovider", *arguments, *targets]
    with tempfile.TemporaryDirectory(prefix="ganenhance-tests-") as folder:
        environment["TMPDIR"] = os.path.join(folder, "tmp")  # what a test forgets there is found, and goes
        os.mkdir(environment["TMPDIR"])
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        with subprocess.Popen(command, env=environment, cwd=folder, **pipes) as process:
            with _lock:
                _running.add(process)
            try:
                output, _ = process.communicate(timeout=LIMIT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            finally:
                with _lock:
                    _running.discard(process)
        return subprocess.CompletedProcess(command, process.returncode, output)


@cache
def collectedNames():
    """{path of a file: names of its tests} of FOLDERS, listed by one child process; empty if one cannot be
    listed.
    """
    run = runPytest(sorted(FOLDERS), "--collect-only", "-q")
    found = {}
    for line in run.stdout.splitlines() if run.returncode == 0 else ():
        file, _, name = line.partition("::")
        if name:
            found.setdefault(TESTING.parent / file, []).append(name)
    return found


def startAll(session):
    """Begin to run the files of the chosen tests, behind the other tests."""
    files = list(dict.fromkeys(item.parent for item in session.items if isinstance(item, OwnProcessItem)))
    if not files:
        return
    cores = os.cpu_count() or 1
    session.config.ownProcesses = ThreadPoolExecutor(max_workers=cores)
    session.config.freeCores = threading.Semaphore(max(1, cores - 1))
    session.config.coreLent = cores == 1
    session.config.stopping = False
    for file in files:
        file.future = session.config.ownProcesses.submit(file.run)


def stopAll(config):
    """End what still runs, and undo `installTree`."""
    if hasattr(config, "ownProcesses"):
        config.stopping = True
        config.ownProcesses.shutdown(wait=False, cancel_futures=True)
        with _lock:
            for process in _running:
                process.kill()
        config.ownProcesses.shutdown()
    removeInstallTree(config)


def testName(case):
    """Name of a <testcase> of a junit report, as in the node id behind the file: "Class::test" or "test"."""
    parts = case.get("classname").split(".")
    file = next(i for i, part in enumerate(parts) if part.startswith("test_"))
    return "::".join([*parts[file + 1 :], case.get("name")])


def installTree(config):
    """Make the install tree at the first call; the child processes find it by the environment."""
    with _treeLock:
        if TREE not in os.environ:
            from harness.installtree import makeInstallTree

            config.installFolder = tempfile.TemporaryDirectory(prefix="ganenhance-install-")
            tree = makeInstallTree(config.installFolder.name)
            # Else each panel and each worker compiles all of it where Python may write no byte code.
            compileall.compile_dir(tree, quiet=1)
            os.environ[TREE] = str(tree)


_treeLock = threading.Lock()


def removeInstallTree(config):
    """Undo `installTree`."""
    if hasattr(config, "installFolder"):
        os.environ.pop(TREE, None)
        config.installFolder.cleanup()


class OwnProcessFile(pytest.File):
    """One test file; its tests are listed and run by child processes."""

    future = None  # of `run`, which gives {test name: <testcase>}
    output = ""

    def collect(self):
        """One item a test, without importing the file here."""
        names = collectedNames().get(self.path)
        if names is None:
            names = self._collectAlone()
        return [OwnProcessItem.from_parent(self, name=name) for name in names]

    def _collectAlone(self):
        run = runPytest([self.path], "--collect-only", "-q")
        names = [line.partition("::")[2] for line in run.stdout.splitlines() if f"{self.path.name}::" in line]
        if run.returncode or not names:
            raise self.CollectError(run.stdout)
        return names

    def result(self, name):
        """The <testcase> of a test, None if there was none; waits for the process of the file.

        The other tests are done when the first of these is waited for: their core is lent to a child process.
        """
        if not self.config.coreLent:
            self.config.coreLent = True
            self.config.freeCores.release()
        return self.future.result().get(name)

    def run(self):
        """Run the chosen tests of the file; returns {test name: <testcase>}."""
        try:
            with self.config.freeCores:
                return {} if self.config.stopping else self._run()
        except RuntimeError as error:  # the install tree cannot be made
            self.output = str(error)
        except subprocess.TimeoutExpired:
            self.output = f"{self.path.name} took longer than {LIMIT_SECONDS} s."
        return {}

    def _run(self):
        installTree(self.config)
        chosen = [f"{self.path}::{item.name}" for item in self.session.items if item.parent is self]
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.xml"
            run = runPytest(chosen, "-q", f"--junitxml={report}")
            self.output = f"{run.stdout}\nThe process of {self.path.name} ended with code {run.returncode}."
            cases = ElementTree.parse(report).iter("testcase") if report.exists() else []
            return {testName(case): case for case in cases}


class OwnProcessItem(pytest.Item):
    """One test that a child process runs."""

    def __init__(self, **options):
        super().__init__(**options)
        self.add_marker(pytest.mark.timeout(0))  # the process of the file has a limit of its own

    def runtest(self):
        """Fail or skip as the test did."""
        case = self.parent.result(self.name)
        if case is None:
            raise ChildFailure(self.parent.output)
        for bad in (*case.findall("failure"), *case.findall("error")):
            raise ChildFailure(bad.text)
        for skipped in case.findall("skipped"):
            pytest.skip(skipped.get("message", ""))

    def repr_failure(self, excinfo, style=None):
        """Show the child's report instead of a traceback of this file."""
        return (
            str(excinfo.value) if isinstance(excinfo.value, ChildFailure) else super().repr_failure(excinfo)
        )

    def reportinfo(self):
        """Place of the test in pytest's report."""
        return self.path, None, f"{self.path.name}::{self.name}"


class ChildFailure(Exception):
    """A test failed in the child process."""
