"""The line at the top says which device runs and why, and warns where a GPU is there but cannot be used."""

import stat

import harness
import person
import pytest

DEVICES = [
    {"name": "cuda", "label": "GPU", "available": False, "reason": "PyTorch is not installed"},
    {"name": "openvino", "label": "OpenVINO on the CPU", "available": True, "reason": ""},
    {"name": "cpu", "label": "PyTorch on the CPU", "available": True, "reason": ""},
]
CHOICE = {"device": "openvino", "label": "OpenVINO on the CPU", "reason": "No GPU was found.", "warning": ""}


@pytest.fixture
def line(slicerApp, installTree, monkeypatch):
    """The function that makes the line."""
    monkeypatch.syspath_prepend(str(installTree))
    from GANEnhancePanel.install.deviceline import deviceLine

    return lambda chosen, **choice: deviceLine(
        {"devices": DEVICES, "device_choice": {**CHOICE, **choice}}, chosen
    )


def test_automatic_says_why(line):
    assert line("auto").text == "Runs on OpenVINO on the CPU. No GPU was found."
    assert line("auto").warning == ""


def test_a_warning_stays_where_the_user_chose_the_slow_device(line):
    warning = "This computer has a GPU (X), but PyTorch is not installed."
    assert line("auto", warning=warning).warning == warning
    assert line("cpu", warning=warning).warning == warning
    assert line("cpu").text == "Runs on PyTorch on the CPU, as chosen under Advanced."


@pytest.mark.parametrize(
    ("chosen", "warning"),
    [
        ("cuda", "GPU cannot be used: PyTorch is not installed. Choose Automatic under Advanced."),
        ("cuda:3", "cuda:3 cannot be used: it is not in this computer. Choose Automatic under Advanced."),
    ],
)
def test_a_chosen_device_that_is_not_there(line, chosen, warning):
    assert line(chosen).warning == warning
    assert "No trained model can run" in line(chosen).text


def test_the_line_follows_the_choice(ganenhanceModule, panel):
    ganenhanceModule.widgetRepresentation().show()
    label = panel.ui.deviceLineLabel
    assert label.text == "Runs on OpenVINO on the CPU. No GPU was found."
    assert not panel.ui.deviceWarningLabel.visible
    person.choose(panel.ui.deviceComboBox, "cpu")
    assert label.text == "Runs on PyTorch on the CPU, as chosen under Advanced."
    person.choose(panel.ui.deviceComboBox, "auto")
    assert label.text == "Runs on OpenVINO on the CPU. No GPU was found."


def test_a_gpu_that_cannot_be_used_is_a_visible_warning(slicerApp, installTree, tmp_path, monkeypatch):
    """A computer whose driver knows a GPU, with a PyTorch for the CPU."""
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'GPU 0: Test GPU 9000 (UUID: GPU-1)'\n")
    tool.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    module = slicerApp.loadModule(installTree / "GANEnhance.py")
    module.enter()
    module.widgetRepresentation().show()
    ui = module.widget.ui
    harness.processEventsUntil(lambda: module.widget.models, seconds=60)
    assert ui.deviceWarningLabel.visible
    assert ui.deviceWarningLabel.text.startswith("Warning: This computer has a GPU (Test GPU 9000), but ")
    # Not a dead end, and never replaced by us.
    ui.setupButton.click()
    assert not ui.installTorchButton.enabled
    assert "The module PyTorch Utils can change it." in ui.torchNoteLabel.text
    module.unload()
