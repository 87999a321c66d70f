"""Where no backend is installed: one line and one button, an installation that a person watches, and a panel
that goes on working, however it ends. The worker and pip are real; they run in a throw-away Python.
"""

import os
import shlex

import harness
import person
import person_install
import pytest

# Settings of pip of whoever runs the tests must not reach the pip that is tested.
for variable in person_install.PIP_VARIABLES:
    del os.environ[variable]

SETTING = "GANEnhance/Python"


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
def python(slicerApp, environment, index):
    """A Python without a backend that the user chose; after the test it is without one again."""
    import qt

    for file in index.folder.glob("openvino*"):
        file.unlink()
    environment.usePip(index.address)
    environment.before = environment.installed()
    qt.QSettings().setValue(SETTING, str(environment.path))
    yield environment
    qt.QSettings().remove(SETTING)
    new = set(environment.installed()) - set(environment.before)
    if new:
        environment.remove(*new)


def line(panel):
    """What the line at the top says."""
    return panel.ui.deviceLineLabel.text


def message(panel):
    """What is said about the installation."""
    return panel.ui.installStatusLabel.text


def press(panel, agrees=True):
    """Unfold the choices, press "Install OpenVINO...", and answer the question; returns the question."""
    if not panel.ui.setupButton.checked:
        panel.ui.setupButton.click()
    assert panel.ui.installOpenVinoButton.enabled
    harness.answers.questions.append(agrees)
    panel.ui.installOpenVinoButton.click()
    return harness.answers.asked[-1].text


def waitUntilOver(panel):
    """Wait until nothing is installed or tried any more, and the worker is there again."""
    harness.processEventsUntil(lambda: not panel.ui.installProgressBar.visible, seconds=60)
    harness.processEventsUntil(lambda: panel.client.hello is not None and panel.models, seconds=60)


@pytest.fixture
def shown(python, ganenhanceModule, panel):
    """The panel as a person sees it: only then a widget knows whether it is visible."""
    ganenhanceModule.widgetRepresentation().show()
    return panel


def test_a_missing_backend_is_one_line_and_one_button(shown):
    assert line(shown) == (
        "Trained models need OpenVINO or PyTorch, which are missing; filters work without."
    )
    assert shown.ui.setupButton.text == "Install..." and shown.ui.setupButton.visible
    for hidden in ("setupBox", "installStatusLabel", "installLogTextEdit", "cancelInstallButton"):
        assert not getattr(shown.ui, hidden).visible, hidden
    shown.ui.setupButton.click()
    assert shown.ui.setupBox.visible and shown.ui.installOpenVinoButton.visible
    shown.ui.setupButton.click()
    assert not shown.ui.setupBox.visible


def test_nothing_is_installed_before_the_user_agrees(python, shown, index):
    index.asked.clear()
    question = press(shown, agrees=False)
    for word in ("OpenVINO", str(python.path), "60 MB", "Python Package Index", "Nothing that is installed"):
        assert word in question, question
    person.waitSeconds(0.5)
    assert index.asked == [] and not shown.ui.installProgressBar.visible
    assert python.installed() == python.before


def test_an_installation_is_watched_checked_and_used(python, shown, index):
    person_install.makeWheel(index.folder, "openvino", "2025.1", ["numpy>=1.20"])
    press(shown)
    assert shown.ui.installProgressBar.visible and shown.ui.cancelInstallButton.visible
    assert message(shown) == "Installing OpenVINO..."
    assert not shown.ui.installOpenVinoButton.enabled and not shown.ui.usePythonButton.enabled
    # Live, not in the end.
    harness.processEventsUntil(
        lambda: "Looking in indexes" in shown.ui.installLogTextEdit.plainText, seconds=60
    )
    assert shown.ui.installLogTextEdit.visible and shown.ui.installProgressBar.visible
    waitUntilOver(shown)
    harness.processEventsUntil(lambda: "can be used" in message(shown), seconds=60)
    assert message(shown) == "OpenVINO 2025.1 is installed: trained models can be used."
    assert line(shown).startswith("Runs on OpenVINO on the CPU.")
    assert not shown.ui.setupBox.visible and not shown.ui.installLogTextEdit.visible
    assert shown.ui.setupButton.text == "Set up..."
    assert next(model for model in shown.models if model["name"] == "mr-denoise")["available"]
    shown.ui.setupButton.click()
    assert not shown.ui.installOpenVinoButton.enabled
    assert shown.ui.openVinoNoteLabel.text == "Version 2025.1 is installed."


def test_a_refused_package_leaves_a_working_panel_that_says_how_to_repair(python, shown, phantom, index):
    import slicer

    person_install.makeWheel(index.folder, "openvino", "2025.1", ["numpy>=99"])
    press(shown)
    waitUntilOver(shown)
    text = message(shown)
    assert "it needs numpy>=99, but numpy" in text and "is never replaced" in text, text
    assert "Use another Python that has it. The filters work as before. To install by hand, copy" in text
    assert python.installed() == python.before
    assert shown.ui.setupButton.text == "Install..." and shown.ui.installOpenVinoButton.enabled
    # The log and the command can be copied, and the command does what the panel did.
    assert shown.ui.installLogTextEdit.visible
    shown.ui.copyInstallLogButton.click()
    assert "ResolutionImpossible" in slicer.app.clipboard().text()
    shown.ui.copyInstallCommandButton.click()
    command = slicer.app.clipboard().text()
    assert command.startswith(shlex.quote(str(python.path))) and "openvino>=2024.4" in command
    person_install.makeWheel(index.folder, "openvino", "2025.2", ["numpy>=1.20"])
    python.run(*shlex.split(command)[1:])
    assert python.installed() == {**python.before, "openvino": "2025.2"}
    python.remove("openvino")
    # The error is in the panel's log as well, and the filters still work.
    assert "numpy" in shown.ui.logTextEdit.plainText
    assert len(person.enhance(shown, "median")) == 1


def test_the_filters_work_while_something_is_installed(python, shown, phantom):
    silent = person_install.SilentIndex()
    python.usePip(silent.address, timeout=30)
    press(shown)
    harness.processEventsUntil(lambda: "Looking in" in shown.ui.installLogTextEdit.plainText, seconds=60)
    assert len(person.enhance(shown, "median")) == 1
    shown.ui.cancelInstallButton.click()
    assert not shown.ui.cancelInstallButton.enabled
    waitUntilOver(shown)
    silent.close()
    assert message(shown) == "OpenVINO was not installed: you canceled."
    assert python.installed() == python.before


def test_a_run_is_not_disturbed_by_the_end_of_an_installation(python, shown, index):
    """The worker starts again when the run is over."""
    import numpy as np
    import slicer

    person_install.makeWheel(index.folder, "openvino", "2025.1")
    press(shown)
    rng = np.random.default_rng(0)
    node = slicer.util.addVolumeFromArray(rng.normal(300, 40, (160, 200, 200)).astype("float32"))
    shown.ui.inputSelector.setCurrentNode(node)
    person.choose(shown.ui.modelComboBox, "anisotropic-diffusion")
    worker = shown.client.processId()
    person.press(shown)
    harness.processEventsUntil(lambda: not shown.ui.installProgressBar.visible, seconds=120)
    if shown.isRunning():
        assert shown.client.processId() == worker
        assert "OpenVINO 2025.1 is installed; the worker starts again" in message(shown)
        shown.ui.enhanceButton.click()
    waitUntilOver(shown)
    harness.processEventsUntil(lambda: "can be used" in message(shown), seconds=60)
    assert shown.client.processId() != worker


def test_leaving_while_something_is_installed_leaves_nothing(python, slicerApp, installTree):
    """No process and no folder outlives the module; the fixture of the module looks for what still runs."""
    import slicer

    silent = person_install.SilentIndex()
    python.usePip(silent.address, timeout=30)
    module = slicerApp.loadModule(installTree / "GANEnhance.py")
    module.enter()
    module.widgetRepresentation().show()
    panel = module.widget
    harness.processEventsUntil(lambda: panel.models, seconds=60)
    press(panel)
    harness.processEventsUntil(lambda: "Looking in" in panel.ui.installLogTextEdit.plainText, seconds=60)
    module.unload()
    silent.close()
    assert module.leftovers() == []
    assert not [name for name in os.listdir(slicer.app.temporaryPath) if name.startswith("GANEnhance-pip-")]
    assert python.installed() == python.before


def test_slicers_own_python_gets_it_where_no_other_is_chosen(
    python, slicerApp, installTree, index, monkeypatch
):
    """The application's Python is a throw-away one here."""
    import sys

    import qt

    qt.QSettings().remove(SETTING)
    monkeypatch.setattr(sys, "executable", str(python.path))
    person_install.makeWheel(index.folder, "openvino", "2025.1", ["numpy"])
    module = slicerApp.loadModule(installTree / "GANEnhance.py")
    module.enter()
    module.widgetRepresentation().show()
    harness.processEventsUntil(lambda: module.widget.models, seconds=60)
    assert "Install OpenVINO into Slicer's own Python?" in press(module.widget)
    harness.processEventsUntil(lambda: "can be used" in message(module.widget), seconds=60)
    assert python.installed() == {**python.before, "openvino": "2025.1"}
    module.unload()


def test_the_choices_fit_a_narrow_panel(shown):
    shown.ui.setupButton.click()
    assert shown.ui.setupBox.parentWidget().minimumSizeHint().width() <= 280
