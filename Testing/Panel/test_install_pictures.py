"""Pictures of the top of the panel in each of its states, at the narrowest and at a usual width."""

import os
import stat

import harness
import person_install
import pytest

for variable in person_install.PIP_VARIABLES:
    del os.environ[variable]

WIDTHS = (300, 480)
SETTING = "GANEnhance/Python"


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A Python that may be spoilt."""
    return person_install.ThrowAwayPython(tmp_path_factory.mktemp("env") / "python")


@pytest.fixture
def settings(slicerApp):
    """The settings of this computer, without a choice after the test."""
    import qt

    yield qt.QSettings()
    qt.QSettings().remove(SETTING)


class Camera:
    """Takes pictures of the section alone at 100 % and 200 %; no text of it may be cut."""

    def __init__(self, panel, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._section = panel.ui.GANEnhanceInstall
        self._section.setParent(None)  # alone, since other sections have widths of their own

    def take(self, name):
        """Take the pictures of a state."""
        for width in WIDTHS:
            for scale in (1, 2):
                path = self._folder / f"install-{name}-{width}-{scale}00.png"
                harness.screenshot(self._section, path, scale=scale, width=width)
            assert self._section.width == width, "the section does not fit"
            # A path may be longer than the field in which it is typed.
            cut = [found for found in harness.cutTexts(self._section) if found.name != "pythonPathLineEdit"]
            assert cut == []


def test_pictures_of_an_installation(settings, environment, slicerApp, installTree, tmp_path, request):
    index = person_install.Index(tmp_path / "index")
    silent = person_install.SilentIndex()
    settings.setValue(SETTING, str(environment.path))
    module = slicerApp.loadModule(installTree / "GANEnhance.py")
    camera = Camera(module.widget, request.config.rootpath / "out" / "panel")
    module.enter()
    ui = module.widget.ui
    camera.take("looking")
    harness.processEventsUntil(lambda: module.widget.models, seconds=60)
    camera.take("missing")
    ui.setupButton.click()
    camera.take("unfolded")

    environment.usePip(silent.address, timeout=30)
    harness.answers.questions.append(True)
    ui.installOpenVinoButton.click()
    harness.processEventsUntil(lambda: "Looking in" in ui.installLogTextEdit.plainText, seconds=60)
    camera.take("installing")
    ui.cancelInstallButton.click()
    harness.processEventsUntil(lambda: ui.installOpenVinoButton.enabled, seconds=60)
    camera.take("canceled")

    environment.usePip(index.address)
    person_install.makeWheel(index.folder, "openvino", "2025.1", ["numpy>=99"])
    harness.answers.questions.append(True)
    ui.installOpenVinoButton.click()
    harness.processEventsUntil(lambda: ui.copyInstallCommandButton.visible, seconds=60)
    camera.take("failed")

    person_install.makeWheel(index.folder, "openvino", "2025.2")
    harness.answers.questions.append(True)
    ui.installOpenVinoButton.click()
    harness.processEventsUntil(lambda: "can be used" in ui.installStatusLabel.text, seconds=60)
    camera.take("done")
    module.unload()
    index.close()
    silent.close()
    environment.remove("openvino")


def test_pictures_of_other_pythons_and_of_a_gpu(
    settings, environment, slicerApp, installTree, tmp_path, monkeypatch, request
):
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'GPU 0: Test GPU 9000 (UUID: GPU-1)'\n")
    tool.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    settings.setValue(SETTING, "/nowhere/an-environment/bin/python")
    module = slicerApp.loadModule(installTree / "GANEnhance.py")
    camera = Camera(module.widget, request.config.rootpath / "out" / "panel")
    module.enter()
    ui = module.widget.ui
    harness.processEventsUntil(lambda: ui.setupButton.text == "Repair...", seconds=60)
    camera.take("gone")
    ui.setupButton.click()
    camera.take("gone-unfolded")
    ui.ownPythonButton.click()
    harness.processEventsUntil(lambda: module.widget.models, seconds=60)
    assert ui.deviceWarningLabel.visible
    camera.take("gpu")
    ui.setupButton.click()
    ui.pythonPathLineEdit.currentPath = str(environment.path)
    ui.usePythonButton.click()
    camera.take("trying")
    harness.processEventsUntil(lambda: ui.copyInstallCommandButton.visible, seconds=60)
    camera.take("lacking")
    module.unload()
