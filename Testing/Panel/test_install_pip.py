"""Installing with a real pip from an index on this machine: nothing that is there is ever replaced, a failure
leaves the Python as it was, and the sentence says why.
"""

import os

import harness
import person_install
import pytest

# Settings of pip of whoever runs the tests must not reach the pip that is tested.
for variable in person_install.PIP_VARIABLES:
    del os.environ[variable]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """An index with a good package, and newer versions of what must not be replaced."""
    served = person_install.Index(tmp_path_factory.mktemp("index"))
    for name in ("numpy", "SimpleITK", "torch"):
        person_install.makeWheel(served.folder, name, "99.0", code="raise ImportError('the wrong one')")
    yield served
    served.close()


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A Python that may be spoilt."""
    return person_install.ThrowAwayPython(tmp_path_factory.mktemp("env") / "python")


@pytest.fixture
def python(environment, index):
    """The Python, as it was at first after each test; pip looks at the index."""
    for file in index.folder.glob("*openvino*"):
        file.unlink()
    environment.usePip(index.address)
    environment.before = environment.installed()
    environment.prints = environment.fingerprint()
    yield environment
    new = set(environment.installed()) - set(environment.before)
    if new:
        environment.remove(*new)


class Run:
    """An installation that was driven to its end."""

    def __init__(self, python, package=None, cancelAt=None):
        from GANEnhancePanel.install.commandrunner import CommandRunner
        from GANEnhancePanel.install.installing import pipInstallation
        from GANEnhancePanel.install.packages import OPENVINO
        from GANEnhancePanel.interpreter import Interpreter

        self.lines, self.result, self.error, self.cancelAt = [], None, None, cancelAt
        interpreter = Interpreter(str(python.path), False)
        procedure = pipInstallation(package or OPENVINO, interpreter)
        self.runner = CommandRunner(procedure, self._onLine, self._onResult, self._onError)
        self.runner.start()
        harness.processEventsUntil(lambda: self.result or self.error, seconds=60)

    def _onLine(self, line):
        self.lines.append(line)
        if self.cancelAt is not None and line.startswith(self.cancelAt):
            self.runner.cancel()

    def _onResult(self, result):
        self.result = result

    def _onError(self, error):
        self.error = error

    @property
    def log(self):
        """All lines."""
        return "\n".join(self.lines)


def assertAsBefore(python, run):
    """The run failed, and no file of any package is another one, newer or gone."""
    assert run.error is not None, run.log
    assert python.installed() == python.before
    assert python.fingerprint() == python.prints


def leftFolders():
    """Names of what installations left in the temporary folder."""
    import slicer

    return [name for name in os.listdir(slicer.app.temporaryPath) if name.startswith("GANEnhance-pip-")]


@pytest.fixture(autouse=True)
def noFolderIsLeft(slicerApp, installTree):
    """Whatever happened, the temporary folder of pip is gone."""
    import sys

    sys.path[:] = [str(installTree), *(path for path in sys.path if path != str(installTree))]
    yield
    assert leftFolders() == []


def test_a_good_package_is_installed(python, index):
    person_install.makeWheel(index.folder, "openvino", "2025.1", ["numpy>=1.20"])
    run = Run(python)
    assert run.error is None, run.error
    assert (run.result.version, run.result.names) == ("2025.1", ("openvino",))
    assert python.installed() == {**python.before, "openvino": "2025.1"}
    assert python.fingerprint().items() >= python.prints.items()
    assert "Successfully installed openvino-2025.1" in run.log
    assert f"Looking in indexes: {index.address}" in run.log


@pytest.mark.parametrize(
    ("requires", "words"),
    [
        (["numpy>=99"], ("needs numpy>=99", "but numpy {numpy} is installed here and is never replaced")),
        (["numpy<1.5"], ("needs numpy<1.5", "but numpy {numpy} is installed")),
        (["SimpleITK>=99"], ("needs SimpleITK>=99", "but simpleitk {simpleitk} is installed")),
    ],
)
def test_a_package_that_wants_another_version_is_refused(python, index, requires, words):
    person_install.makeWheel(index.folder, "openvino", "2025.1", requires)
    run = Run(python)
    assertAsBefore(python, run)
    for word in words:
        assert word.format(**python.before) in run.error.sentence, run.error.sentence


def test_a_torch_that_is_there_is_never_replaced(python, index):
    python.add(person_install.makeWheel(python.folder / "wheels", "torch", "2.4.0"))
    python.before, python.prints = python.installed(), python.fingerprint()
    person_install.makeWheel(index.folder, "openvino", "2025.1", ["torch>=3"])
    run = Run(python)
    assertAsBefore(python, run)
    assert "needs torch>=3, but torch 2.4.0 is installed" in run.error.sentence
    python.remove("torch")


def test_what_pip_does_not_know_is_never_covered(python, index):
    """Applications ship packages without telling pip, which would lay another copy over them."""
    (python.packages / "scipy").mkdir()
    (python.packages / "scipy" / "__init__.py").write_text("")
    python.prints = python.fingerprint()
    person_install.makeWheel(index.folder, "scipy", "1.99")
    person_install.makeWheel(index.folder, "openvino", "2025.1", ["scipy>=1"])
    run = Run(python)
    assertAsBefore(python, run)
    assert "it needs scipy>=1, but scipy is installed here" in run.error.sentence
    (python.packages / "scipy" / "__init__.py").unlink()
    (python.packages / "scipy").rmdir()


@pytest.mark.parametrize("setting", ["force-reinstall", "ignore-installed", "upgrade"])
def test_settings_of_pip_do_not_make_it_replace_anything(python, index, setting):
    python.usePip(index.address, **{setting: "true"})
    person_install.makeWheel(index.folder, "openvino", "2025.1", ["numpy", "SimpleITK"])
    run = Run(python)
    assert run.error is None, run.error
    assert python.installed() == {**python.before, "openvino": "2025.1"}
    assert python.fingerprint().items() >= python.prints.items()


def test_a_file_that_is_no_wheel_changes_nothing(python, index):
    (index.folder / "openvino-2025.1-py3-none-any.whl").write_bytes(b"not a wheel")
    run = Run(python)
    assertAsBefore(python, run)
    assert "a file that was downloaded is damaged" in run.error.sentence


def test_a_package_that_cannot_be_loaded_is_removed_again(python, index):
    code = "raise ImportError('libtbb.so.12 is missing')"
    person_install.makeWheel(index.folder, "openvino", "2025.1", ["extra_openvino"], code=code)
    person_install.makeWheel(index.folder, "extra_openvino", "1.0")
    run = Run(python)
    assertAsBefore(python, run)
    assert "was removed again" in run.error.sentence and "libtbb.so.12 is missing" in run.error.sentence


def test_an_index_without_the_package(python, index):
    run = Run(python)
    assertAsBefore(python, run)
    assert "no openvino>=2024.4 was found" in run.error.sentence


def test_an_index_with_an_old_package_only(python, index):
    person_install.makeWheel(index.folder, "openvino", "2020.1")
    run = Run(python)
    assertAsBefore(python, run)
    assert "there is no openvino>=2024.4, only 2020.1" in run.error.sentence


def test_an_address_where_nobody_is(python):
    python.usePip("http://127.0.0.1:9/simple", retries=1)
    run = Run(python)
    assertAsBefore(python, run)
    assert "the package index does not answer" in run.error.sentence


def test_an_index_that_says_nothing(python):
    silent = person_install.SilentIndex()
    python.usePip(silent.address, timeout=1, retries=1)
    run = Run(python)
    silent.close()
    assertAsBefore(python, run)
    assert "the package index does not answer" in run.error.sentence


def test_a_python_without_pip(python, index):
    pip = python.packages / "pip"
    pip.rename(python.packages / "pip-away")
    try:
        run = Run(python)
    finally:
        (python.packages / "pip-away").rename(pip)
    assertAsBefore(python, run)
    assert "this Python has no pip" in run.error.sentence


def test_cancel_while_pip_looks(python):
    silent = person_install.SilentIndex()
    python.usePip(silent.address, timeout=30, retries=5)
    run = Run(python, cancelAt="Looking in")
    silent.close()
    assertAsBefore(python, run)
    assert run.error.code == "cancelled"


def test_cancel_while_pip_installs_undoes_it(python, index):
    """Ending pip in the middle would leave half a package: it ends, and then all of it goes."""
    person_install.makeWheel(index.folder, "openvino", "2025.1", size=3_000_000)
    run = Run(python, cancelAt="Installing collected packages")
    assertAsBefore(python, run)
    assert run.error.code == "cancelled"
    assert "Successfully installed" in run.log and "Successfully uninstalled" in run.log


def test_leaving_while_pip_works_ends_it(python):
    from GANEnhancePanel.install.commandrunner import CommandRunner
    from GANEnhancePanel.install.installing import pipInstallation
    from GANEnhancePanel.install.packages import OPENVINO
    from GANEnhancePanel.interpreter import Interpreter

    silent = person_install.SilentIndex()
    python.usePip(silent.address, timeout=30, retries=5)
    lines, ends = [], []
    procedure = pipInstallation(OPENVINO, Interpreter(str(python.path), False))
    runner = CommandRunner(procedure, lines.append, ends.append, ends.append)
    runner.start()
    harness.processEventsUntil(lambda: any("Looking in" in line for line in lines), seconds=30)
    runner.stop()
    silent.close()
    harness.processEventsUntil(lambda: True, seconds=1)
    assert ends == [] and leftFolders() == []
    assert python.fingerprint() == python.prints
