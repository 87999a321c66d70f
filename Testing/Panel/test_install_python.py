"""Another Python: tried by a real worker, used if it has what is needed, told in one sentence if not."""

import os
import stat
import subprocess
import sys

import harness
import person_install
import pytest

SETTING = "GANEnhance/Python"


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An environment of a user: with numpy, SimpleITK and a stand-in of OpenVINO."""
    made = person_install.ThrowAwayPython(tmp_path_factory.mktemp("env") / "python")
    made.add(person_install.makeWheel(made.folder / "wheels", "openvino", "2025.1"))
    return made


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """An environment with nothing in it."""
    folder = tmp_path_factory.mktemp("env") / "empty"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder


@pytest.fixture
def settings(slicerApp):
    """The settings of this computer, without a choice before and after the test."""
    import qt

    qt.QSettings().remove(SETTING)
    yield qt.QSettings()
    qt.QSettings().remove(SETTING)


@pytest.fixture
def shown(settings, ganenhanceModule, panel):
    """The panel as a person sees it, with the choices unfolded."""
    ganenhanceModule.widgetRepresentation().show()
    panel.ui.setupButton.click()
    return panel


def use(panel, path):
    """Give a path and press "Check and use"; returns what is said in the end."""
    panel.ui.pythonPathLineEdit.currentPath = str(path)
    panel.ui.usePythonButton.click()
    harness.processEventsUntil(lambda: not panel.ui.installProgressBar.visible, seconds=60)
    harness.processEventsUntil(lambda: panel.client.hello is not None and panel.models, seconds=60)
    return panel.ui.installStatusLabel.text.replace("\u200b", "")


def kept(settings):
    """The path that is kept on this computer."""
    settings.sync()
    return settings.value(SETTING) or ""


def test_a_good_environment_is_used_until_the_user_goes_back(settings, shown, environment):
    own = shown.client.hello["versions"]["openvino"]
    assert shown.ui.pythonInUseLabel.text.startswith("In use: Slicer's own Python 3.")
    assert not shown.ui.ownPythonButton.visible
    # The folder of the environment will do.
    assert use(shown, environment.folder) == f"The worker now runs in {environment.folder}/bin/python3."
    assert kept(settings) == f"{environment.folder}/bin/python3"
    assert shown.client.hello["versions"]["openvino"] == "2025.1"
    program = os.readlink(f"/proc/{shown.client.processId()}/exe")
    assert program.startswith(os.path.realpath(environment.folder))
    assert not shown.ui.setupBox.visible and shown.ui.setupButton.text == "Set up..."
    shown.ui.setupButton.click()
    assert str(environment.folder) in shown.ui.pythonInUseLabel.text.replace("\u200b", "")
    assert not shown.ui.installTorchButton.enabled
    assert "For Slicer's own Python only" in shown.ui.torchNoteLabel.text
    shown.ui.ownPythonButton.click()
    harness.processEventsUntil(lambda: shown.client.hello is not None and shown.models, seconds=60)
    assert kept(settings) == ""
    assert shown.client.hello["versions"]["openvino"] == own


def test_scripts_use_the_same_python(settings, slicerApp, installTree, environment):
    settings.setValue(SETTING, str(environment.path))
    module = slicerApp.loadModule(installTree / "GANEnhance.py")
    from GANEnhancePanel.phantom import makePhantom

    node = module.widget.logic.enhance(makePhantom(), model="median")
    assert node is not None
    module.unload()


def test_nothing_of_the_application_reaches_another_python(settings, shown, environment, tmp_path):
    import slicer

    (tmp_path / "numpy.py").write_text("raise ImportError('the numpy of the application')")
    surroundings = slicer.app.startupEnvironment()
    surroundings.insert("PYTHONHOME", "/nowhere")
    surroundings.insert("PYTHONPATH", str(tmp_path))
    try:
        assert use(shown, environment.path) == f"The worker now runs in {environment.path}."
    finally:
        surroundings.remove("PYTHONHOME")
        surroundings.remove("PYTHONPATH")


def test_an_environment_without_a_backend(settings, shown, environment):
    import slicer

    environment.remove("openvino")
    text = use(shown, environment.path)
    environment.add(environment.folder / "wheels" / "openvino-2025.1-py3-none-any.whl")
    assert text.startswith(f"{environment.path} lacks OpenVINO or PyTorch. To install what is missing, copy")
    shown.ui.copyInstallCommandButton.click()
    assert slicer.app.clipboard().text() == f"{environment.path} -m pip install openvino"
    assert kept(settings) == ""


def test_an_environment_without_simpleitk(settings, shown, environment):
    from pathlib import Path

    folder = environment.packages / "SimpleITK"
    (info,) = environment.packages.glob("[sS]imple*.dist-info")
    away = [Path(f"{path}-away") for path in (folder, info)]
    folder.rename(away[0])
    info.rename(away[1])
    text = use(shown, environment.path)
    away[0].rename(folder)
    away[1].rename(info)
    assert text.startswith(f"{environment.path} lacks SimpleITK. To install"), text
    assert kept(settings) == ""


def test_an_empty_environment(settings, shown, empty):
    text = use(shown, empty)
    assert str(empty) in text and "numpy" in text, text
    assert kept(settings) == ""


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "No Python is chosen."),
        ("{tmp}/nothing", "There is no file {tmp}/nothing."),
        ("{tmp}", "The folder {tmp} has no Python in it."),
        ("{tmp}/list", "{tmp}/list cannot run the worker"),
        ("{tmp}/text.py", "{tmp}/text.py cannot run the worker"),
    ],
)
def test_what_is_no_python_is_told_in_a_sentence(settings, shown, tmp_path, path, words):
    (tmp_path / "list").write_text("#!/bin/sh\necho nothing to see\nexit 3\n")
    (tmp_path / "list").chmod(stat.S_IRWXU)
    (tmp_path / "text.py").write_text("print('not a program')")
    before = shown.client.processId()
    text = use(shown, path.format(tmp=tmp_path))
    assert text.startswith(words.format(tmp=tmp_path)), text
    assert kept(settings) == ""
    # The worker that was there was not touched.
    assert shown.client.processId() == before


def test_a_program_that_says_nothing_can_be_given_up(settings, shown, tmp_path):
    program = tmp_path / "silent"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(stat.S_IRWXU)
    shown.ui.pythonPathLineEdit.currentPath = str(program)
    shown.ui.usePythonButton.click()
    assert shown.ui.installStatusLabel.text.replace("\u200b", "") == f"Trying {program}..."
    assert shown.ui.cancelInstallButton.visible and shown.ui.cancelInstallButton.enabled
    shown.ui.cancelInstallButton.click()
    assert shown.ui.installStatusLabel.text == "Canceled: the Python is as before."
    assert not shown.ui.installProgressBar.visible
    assert kept(settings) == ""


def test_a_python_that_is_gone_is_told_and_can_be_left(settings, slicerApp, installTree):
    settings.setValue(SETTING, "/nowhere/bin/python")
    module = slicerApp.loadModule(installTree / "GANEnhance.py")
    module.enter()
    module.widgetRepresentation().show()
    ui = module.widget.ui
    harness.processEventsUntil(lambda: ui.setupButton.text == "Repair...", seconds=30)
    assert ui.deviceLineLabel.text == "The worker cannot start, so nothing can be enhanced."
    warning = ui.deviceWarningLabel.text.replace("\u200b", "")
    assert "cannot be started with /nowhere/bin/python. Press Repair to go back" in warning
    ui.setupButton.click()
    assert ui.ownPythonButton.visible and ui.ownPythonButton.enabled
    ui.ownPythonButton.click()
    harness.processEventsUntil(lambda: module.widget.models, seconds=60)
    assert kept(settings) == ""
    assert ui.deviceLineLabel.text.startswith("Runs on ")
    assert not ui.deviceWarningLabel.visible
    module.unload()
    assert module.leftovers() == []
