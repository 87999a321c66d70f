"""PyTorch comes through the extension PyTorch; it is kept to the same promises by its own real pip.

The extension is a stand-in (the real one needs the Extensions Manager) that starts pip as the real one does:
in a process that inherits the environment of the application. The application's Python is a throw-away one.
"""

import os
import sys

import harness
import person_install
import pytest

for variable in person_install.PIP_VARIABLES:
    del os.environ[variable]

EXTENSION = """
import os, subprocess, sys, types
class PyTorchUtilsLogic:
    def installTorch(self, askConfirmation=False, torchVersionRequirement=None):
        assert askConfirmation is False
        environment = dict(os.environ)
        {change}
        command = [sys.executable, "-m", "pip", "install", "torch" + torchVersionRequirement]
        subprocess.run(command, check=True, env=environment)
        return types.ModuleType("torch")
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """An index of packages on this machine."""
    served = person_install.Index(tmp_path_factory.mktemp("index"))
    person_install.makeWheel(served.folder, "numpy", "99.0", code="raise ImportError('the wrong one')")
    yield served
    served.close()


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A Python that may be spoilt."""
    return person_install.ThrowAwayPython(tmp_path_factory.mktemp("env") / "python")


@pytest.fixture
def python(environment, index, monkeypatch):
    """The application's own Python: one without a backend."""
    for file in index.folder.glob("torch*"):
        file.unlink()
    environment.usePip(index.address)
    environment.before, environment.prints = environment.installed(), environment.fingerprint()
    monkeypatch.setattr(sys, "executable", str(environment.path))
    yield environment
    new = set(environment.installed()) - set(environment.before)
    if new:
        environment.remove(*new)


@pytest.fixture
def extension(tmp_path, monkeypatch):
    """The module of the extension PyTorch."""
    (tmp_path / "PyTorchUtils.py").write_text(EXTENSION.replace("{change}", "pass"))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path / "PyTorchUtils.py"
    sys.modules.pop("PyTorchUtils", None)


@pytest.fixture
def shown(python, ganenhanceModule, panel):
    """The panel as a person sees it, with the choices unfolded."""
    ganenhanceModule.widgetRepresentation().show()
    panel.ui.setupButton.click()
    return panel


def press(panel):
    """Press "Install PyTorch...", agree, and return what is said in the end."""
    harness.answers.questions.append(True)
    assert panel.ui.installTorchButton.enabled
    panel.ui.installTorchButton.click()
    harness.processEventsUntil(lambda: not panel.ui.installProgressBar.visible, seconds=60)
    harness.processEventsUntil(lambda: "starts again" not in panel.ui.installStatusLabel.text, seconds=60)
    harness.answers.questions.clear()
    return panel.ui.installStatusLabel.text


def test_without_the_extension_the_panel_says_how_to_get_it(shown):
    text = press(shown)
    assert text == (
        "PyTorch is installed by the extension PyTorch, which is not here. Open the Extensions Manager,"
        " install PyTorch, restart Slicer, and press this button again."
    )
    assert not any("PyTorch into" in asked.text for asked in harness.answers.asked)


def test_the_extension_installs_pytorch(python, extension, shown, index):
    person_install.makeWheel(index.folder, "torch", "2.9", ["numpy"])
    assert press(shown) == "PyTorch 2.9 is installed: trained models can be used."
    question = harness.answers.asked[0].text
    assert "PyTorch into Slicer's own Python" in question and "3 GB" in question
    assert python.installed() == {**python.before, "torch": "2.9"}
    assert shown.ui.deviceLineLabel.text.startswith("Runs on PyTorch on the CPU.")
    assert "PIP_CONSTRAINT" not in os.environ


def test_the_extension_cannot_replace_numpy(python, extension, shown, index):
    person_install.makeWheel(index.folder, "torch", "2.9", ["numpy>=99"])
    text = press(shown)
    assert text.startswith("PyTorch was not installed: "), text
    assert text.endswith("The filters work as before. The Python console has what the extension wrote.")
    assert python.fingerprint() == python.prints
    assert shown.ui.setupButton.text == "Install..."
    assert "PIP_CONSTRAINT" not in os.environ


def test_a_replaced_package_would_be_told(python, extension, shown, index):
    import slicer

    extension.write_text(EXTENSION.replace("{change}", "del environment['PIP_CONSTRAINT']"))
    person_install.makeWheel(index.folder, "torch", "2.9", ["numpy>=99"])
    text = press(shown)
    numpy = python.before["numpy"]
    assert text.startswith(f"Installing PyTorch changed packages that were there: numpy {numpy} → 99.0."), (
        text
    )
    shown.ui.copyInstallCommandButton.click()
    assert slicer.app.clipboard().text().endswith(f"-m pip install --no-deps numpy=={numpy}")
    python.remove("numpy")
    person_install.copyDistribution("numpy", python.packages)
    assert python.installed()["numpy"] == numpy
