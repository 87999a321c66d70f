"""The moves of a person at the panel, and what that person sees in the scene."""

import time

import harness
import slicer

VOLUME = "vtkMRMLScalarVolumeNode"


def choose(comboBox, name):
    """Choose the item with this data in a combo box."""
    index = comboBox.findData(name)
    assert index >= 0, f"{name} is not in {[comboBox.itemData(i) for i in range(comboBox.count)]}"
    comboBox.setCurrentIndex(index)


def chooseModel(panel, name):
    """Choose a model by name, as the worker knows it."""
    choose(panel.ui.modelComboBox, name)


def press(panel):
    """Press the Enhance (or Cancel) button; it must be enabled."""
    assert panel.ui.enhanceButton.enabled, panel.ui.enhanceButton.toolTip
    panel.ui.enhanceButton.click()


def waitUntilReady(panel, seconds=90):
    """Wait until the button says Enhance again."""
    harness.processEventsUntil(lambda: panel.ui.enhanceButton.text == "Enhance", seconds)


def enhance(panel, model="median"):
    """Choose a model, press Enhance, wait; returns the volumes that are new in the scene."""
    before = volumes()
    chooseModel(panel, model)
    press(panel)
    assert panel.ui.enhanceButton.text == "Cancel"
    waitUntilReady(panel)
    return [node for node in volumes() if node not in before]


def volumes():
    """Return the scalar volumes of the scene."""
    return list(slicer.util.getNodesByClass(VOLUME))


def status(panel):
    """Return what the status line says."""
    return panel.ui.statusLabel.text


def nodeCount():
    """Return how many nodes the scene has."""
    return slicer.mrmlScene.GetNumberOfNodes()


def waitUntilWorking(panel):
    """Wait until the worker computes: progress beyond the copying of the voxels."""
    harness.processEventsUntil(lambda: panel.ui.progressBar.value >= 5, seconds=60)


def waitSeconds(seconds):
    """Let a moment pass, in which the application lives."""
    end = time.monotonic() + seconds
    harness.processEventsUntil(lambda: time.monotonic() > end, seconds + 5)


def leftFiles(panel):
    """Return the files in the worker's folder that are neither a warm input nor a run that is kept."""
    known = set(panel.panel.voxels.names())
    names = [file.name for file in panel.client.folder.glob("*.npy")]
    return [name for name in names if name not in known and not name.startswith("kept-")]
