"""What can come between the button and the result: cancel, a closed scene, deleted nodes, a killed worker,
the end.
"""

import os
import signal
import sys
import time

import harness
import numpy as np
import person
import pytest
import slicer

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals")


@pytest.fixture
def busy(panel):
    """The panel while the worker computes something that takes its time; returns the input node."""
    rng = np.random.default_rng(3)
    node = slicer.util.addVolumeFromArray(rng.normal(300, 40, (96, 192, 192)).astype("float32"), name="Big")
    panel.ui.inputSelector.setCurrentNode(node)
    person.choose(panel.ui.modelComboBox, "anisotropic-diffusion")
    person.press(panel)
    person.waitUntilWorking(panel)
    assert not panel.ui.progressBar.isHidden()
    return node


def alive(processId):
    """Whether a process runs (a zombie does not)."""
    try:
        with open(f"/proc/{processId}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_cancel_stops_at_once_and_leaves_nothing(panel, busy):
    nodes, worker = person.nodeCount(), panel.client.processId()
    start = time.monotonic()
    person.press(panel)
    assert time.monotonic() - start < 0.5
    assert panel.ui.enhanceButton.text == "Enhance"
    assert "Canceled" in person.status(panel)
    assert panel.ui.progressBar.isHidden()
    harness.processEventsUntil(lambda: not person.leftFiles(panel), seconds=10)
    assert person.nodeCount() == nodes
    assert panel.client.processId() == worker  # it stays warm


def test_after_a_cancel_the_next_run_works(panel, busy):
    person.press(panel)
    (result,) = person.enhance(panel, "median")
    assert result.GetAttribute("GANEnhance.Model") == "median"


def test_cancel_while_the_worker_starts(ganenhanceModule):
    from GANEnhancePanel.phantom import makePhantom

    panel = ganenhanceModule.widget
    panel.ui.inputSelector.setCurrentNode(makePhantom())
    person.press(panel)
    person.press(panel)
    assert "Canceled" in person.status(panel)
    harness.processEventsUntil(lambda: panel.models, seconds=60)
    assert len(person.volumes()) == 1


def test_closing_the_scene_stops_the_job(panel, busy):
    slicer.mrmlScene.Clear(0)
    assert not panel.isRunning()
    assert "scene was closed" in person.status(panel)
    settle(panel)
    assert person.volumes() == []
    assert panel.ui.enhanceButton.text == "Enhance"
    assert not panel.ui.enhanceButton.enabled


def test_deleting_the_input_stops_the_job(panel, busy):
    slicer.mrmlScene.RemoveNode(busy)
    assert not panel.isRunning()
    assert "input volume was deleted" in person.status(panel)
    settle(panel)
    assert person.volumes() == []


def test_deleting_the_chosen_output_makes_a_new_one(panel, phantom):
    panel.ui.outputSelector.addNode()
    chosen = panel.ui.outputSelector.currentNode()
    person.choose(panel.ui.modelComboBox, "median")
    person.press(panel)
    slicer.mrmlScene.RemoveNode(chosen)
    person.waitUntilReady(panel)
    (result,) = [node for node in person.volumes() if node is not phantom]
    assert result.GetName() == "Head Median filter"
    assert result.GetImageData() is not None


def test_leaving_the_module_lets_the_job_go_on(ganenhanceModule, panel, phantom):
    person.choose(panel.ui.modelComboBox, "median")
    person.press(panel)
    ganenhanceModule.exit()
    harness.processEventsUntil(lambda: not panel.isRunning(), seconds=60)
    assert len(person.volumes()) == 2
    ganenhanceModule.enter()
    assert panel.ui.enhanceButton.text == "Enhance"
    assert "is ready" in person.status(panel)


def test_closing_the_scene_after_leaving_stops_the_job(ganenhanceModule, panel, busy):
    ganenhanceModule.exit()
    slicer.mrmlScene.Clear(0)
    assert not panel.isRunning()
    settle(panel)
    assert person.volumes() == []


def test_reload_in_the_middle_ends_job_worker_and_folder(ganenhanceModule, panel, busy):
    worker, folder = panel.client.processId(), panel.client.folder
    ganenhanceModule.reload()
    assert not alive(worker)
    assert not folder.exists()
    fresh = ganenhanceModule.widget
    assert fresh is not panel
    fresh.enter()
    harness.processEventsUntil(lambda: fresh.models, seconds=60)
    assert not fresh.isRunning()
    fresh.ui.inputSelector.setCurrentNode(busy)
    (result,) = person.enhance(fresh, "median")
    assert result.GetAttribute("GANEnhance.Model") == "median"


def test_the_end_of_the_application_ends_the_worker(slicerApp, panel, busy):
    worker, folder = panel.client.processId(), panel.client.folder
    start = time.monotonic()
    slicerApp.qtApplication.aboutToQuit.emit()
    assert time.monotonic() - start < 3
    assert not alive(worker)
    assert not folder.exists()


def test_a_killed_worker_is_an_error_and_the_next_run_starts_a_new_one(panel, busy):
    nodes, worker, folder = person.nodeCount(), panel.client.processId(), panel.client.folder
    os.kill(worker, signal.SIGKILL)
    person.waitUntilReady(panel, seconds=10)
    assert person.status(panel).startswith("Error: The worker process ended unexpectedly")
    assert person.nodeCount() == nodes
    assert not folder.exists()
    (result,) = person.enhance(panel, "median")
    assert panel.client.processId() != worker
    assert result.GetAttribute("GANEnhance.Model") == "median"


def test_a_stopped_worker_is_ended_when_it_does_not_answer_a_cancel(panel, busy):
    worker = panel.client.processId()
    os.kill(worker, signal.SIGSTOP)
    person.press(panel)
    assert panel.ui.enhanceButton.text == "Enhance"
    harness.processEventsUntil(lambda: not alive(worker), seconds=10)
    (result,) = person.enhance(panel, "median")
    assert panel.client.processId() != worker


def test_a_worker_that_cannot_start_is_an_error(panel, phantom, monkeypatch):
    person.choose(panel.ui.modelComboBox, "median")
    panel.client.stop()
    with monkeypatch.context() as context:
        context.setattr(sys, "executable", "/nowhere/python")
        person.press(panel)
        person.waitUntilReady(panel)
        assert "cannot be started with /nowhere/python" in person.status(panel)
    assert len(person.enhance(panel, "median")) == 1


def test_a_worker_that_breaks_at_its_start_says_why(panel, phantom, monkeypatch, tmp_path):
    person.choose(panel.ui.modelComboBox, "median")
    panel.client.stop()
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys; print('no disk', file=sys.stderr); os._exit(3)"
    )
    with monkeypatch.context() as context:
        context.setenv("PYTHONPATH", str(tmp_path))
        person.press(panel)
        person.waitUntilReady(panel)
        assert "ended unexpectedly (code 3)" in person.status(panel)
        assert "no disk" in person.status(panel)
    assert len(person.enhance(panel, "median")) == 1


def test_voxels_that_change_while_they_are_copied_are_not_mixed(panel, busy):
    person.press(panel)
    slicer.util.arrayFromVolumeModified(busy)  # the copy that is there is of the old voxels
    person.press(panel)
    slicer.util.arrayFromVolume(busy)[:] = 0
    slicer.util.arrayFromVolumeModified(busy)
    person.waitUntilReady(panel)
    assert "changed while its voxels were copied" in person.status(panel)
    assert len(person.volumes()) == 1


def settle(panel):
    """Let the worker answer what is under way: its models once more."""
    answers = []
    panel.client.request("models", {}, onResult=answers.append, onError=answers.append)
    harness.processEventsUntil(lambda: answers, seconds=30)
