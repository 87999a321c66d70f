"""The logic as scripts use it: waiting or not, with regions and references, without panel or main window."""

import contextlib
import os
import re
import time
from pathlib import Path

import cine
import harness
import numpy as np
import person
import pytest
import slicer

MEDIAN = {"model": "median"}


@pytest.fixture
def logic(ganenhanceModule):
    """The logic of the module; no worker may be left behind."""
    # The panel's own worker is another matter.
    harness.processEventsUntil(lambda: ganenhanceModule.widget.models, seconds=60)
    children = childProcesses()
    yield ganenhanceModule.python.GANEnhanceLogic()
    harness.processEventsUntil(lambda: not childProcesses() - children, seconds=10)


@pytest.fixture
def volume(logic):
    """A small noisy volume."""
    from GANEnhancePanel.phantom import makePhantom

    return makePhantom(name="Head")


@pytest.fixture
def bigVolume(logic):
    """A volume that takes a while with `slow`."""
    rng = np.random.default_rng(3)
    return slicer.util.addVolumeFromArray(rng.normal(300, 40, (64, 160, 160)).astype("float32"), name="Big")


SLOW = {"model": "anisotropic-diffusion"}


def childProcesses():
    """Ids of the processes that this one started and that it has not seen the end of."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid():
                found.add(int(entry.name))
    return found


def waitForStage(messages, stage):
    """Let the application live until the worker is at a stage."""
    harness.processEventsUntil(lambda: stage in [message["stage"] for message in messages], seconds=60)


def code(caught):
    """The code of one of our errors."""
    return getattr(caught.value, "code", caught.value)


# Waiting


def test_done_is_told_with_the_report(logic, volume):
    told = []
    node = logic.enhance(volume, **MEDIAN, onDone=lambda *values: told.append(values))
    assert told[0][0] is node
    assert told[0][1]["model"]["name"] == "median"
    assert told[0][1]["noise"]["after"] < told[0][1]["noise"]["before"]


def test_a_wrong_session_is_refused(logic, volume):
    from GANEnhancePanel.client import WorkerClient

    from GANEnhanceLib.worker_session import WorkerSession

    with pytest.raises(Exception, match="WorkerClient for those that do not") as caught:
        logic.enhance(volume, **MEDIAN, session=WorkerClient())
    assert code(caught) == "option"
    with WorkerSession() as session, pytest.raises(Exception, match="must be a") as caught:
        logic.enhance(volume, **MEDIAN, session=session, wait=False)
    assert code(caught) == "option"


def test_a_session_whose_worker_died_is_an_error(logic, volume):
    from GANEnhanceLib.worker_session import WorkerSession

    with WorkerSession() as session:
        os.kill(session.pid, 9)
        with pytest.raises(Exception, match="worker process has ended") as caught:
            logic.enhance(volume, **MEDIAN, session=session)
    assert code(caught) == "worker"
    assert person.volumes() == [volume]


def test_a_region_keeps_what_is_outside(logic, volume):
    labels = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode")
    mask = np.zeros(slicer.util.arrayFromVolume(volume).shape, "uint8")
    mask[3:8, 5:15, 6:20] = 2
    slicer.util.updateVolumeFromArray(labels, mask)
    labels.CopyOrientation(volume)
    before = slicer.util.arrayFromVolume(volume)
    whole = slicer.util.arrayFromVolume(logic.enhance(volume, **MEDIAN))
    for region in (labels, (labels, 2)):
        inside = slicer.util.arrayFromVolume(logic.enhance(volume, **MEDIAN, region=region))
        np.testing.assert_array_equal(inside[mask == 0], before[mask == 0])
        np.testing.assert_array_equal(inside[mask == 2], whole[mask == 2])
    with pytest.raises(Exception, match="not an ROI, a segmentation or a label map"):
        logic.enhance(volume, **MEDIAN, region=volume)


def test_a_reference_gives_measures(logic, volume):
    reference = logic.enhance(volume, **MEDIAN)
    reports = []
    logic.enhance(
        volume, **MEDIAN, referenceVolume=reference, onDone=lambda node, report: reports.append(report)
    )
    rows = {row["name"]: row for row in reports[0]["measures"]["rows"]}
    assert rows["mae"]["after"] == 0 < rows["mae"]["before"]
    assert reports[0]["measures"]["data_range"] > 0
    small = slicer.util.addVolumeFromArray(np.zeros((2, 3, 4), "int16"))
    with pytest.raises(Exception, match="reference volume has") as caught:
        logic.enhance(volume, **MEDIAN, referenceVolume=small)
    assert code(caught) == "input"


# Not waiting


def test_a_handle_gives_the_same_voxels_as_waiting(logic, volume):
    told = []
    handle = logic.enhance(volume, **MEDIAN, wait=False, onDone=lambda *values: told.append(values))
    assert handle.isRunning and handle.node is None and handle.report is None
    node = handle.wait(60)
    assert not handle.isRunning
    assert told == [(node, handle.report)] and handle.node is node
    waited = logic.enhance(volume, **MEDIAN)
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(node), slicer.util.arrayFromVolume(waited))
    assert node.GetAttribute("GANEnhance.Parameters") == waited.GetAttribute("GANEnhance.Parameters")


def test_a_forgotten_handle_goes_on(logic, volume):
    told = []
    logic.enhance(volume, **MEDIAN, wait=False, onDone=lambda *values: told.append(values))
    harness.processEventsUntil(lambda: told, seconds=60)
    assert len(person.volumes()) == 2


def test_starting_a_handle_does_not_block(logic, bigVolume):
    start = time.thread_time()
    handle = logic.enhance(bigVolume, **SLOW, wait=False)
    assert time.thread_time() - start < 0.05
    handle.cancel()


def test_cancel_of_a_handle_is_silent_and_leaves_nothing(logic, bigVolume):
    told, messages = [], []
    handle = logic.enhance(
        bigVolume, **SLOW, wait=False, onProgress=messages.append, onDone=told.append, onError=told.append
    )
    waitForStage(messages, "enhancing")
    start = time.monotonic()
    handle.cancel()
    handle.cancel()
    assert time.monotonic() - start < 0.1
    assert not handle.isRunning
    with pytest.raises(Exception, match="canceled") as caught:
        handle.wait()
    assert code(caught) == "cancelled"
    person.waitSeconds(1)
    assert told == [] and person.volumes() == [bigVolume]


def test_cancelled_is_asked_without_waiting_too(logic, bigVolume):
    messages = []
    handle = logic.enhance(
        bigVolume, **SLOW, wait=False, onProgress=messages.append, cancelled=lambda: len(messages) > 4
    )
    with pytest.raises(Exception, match="canceled"):
        handle.wait(60)


def test_errors_reach_the_callback_and_whoever_waits(logic, volume):
    told = []
    handle = logic.enhance(volume, model="no-such-model", wait=False, onError=told.append)
    with pytest.raises(Exception, match="no-such-model") as caught:
        handle.wait(60)
    assert told == [caught.value] == [handle.error]
    assert code(caught) == "model"


def test_wait_does_not_wait_longer_than_asked(logic, bigVolume):
    handle = logic.enhance(bigVolume, **SLOW, wait=False)
    with pytest.raises(TimeoutError):
        handle.wait(0.2)
    assert handle.isRunning
    handle.cancel()


@pytest.mark.parametrize("sequence", [False, True])
def test_a_handle_fails_when_its_input_goes(logic, bigVolume, sequence):
    told, messages = [], []
    if sequence:
        source, _browser, _proxy = cine.makeCine(count=30, shape=(4, 64, 64))
        handle = logic.enhanceSequence(
            source, **SLOW, wait=False, onProgress=messages.append, onError=told.append
        )
    else:
        source = bigVolume
        handle = logic.enhance(source, **SLOW, wait=False, onProgress=messages.append, onError=told.append)
    waitForStage(messages, "enhancing")
    slicer.mrmlScene.RemoveNode(source)
    assert not handle.isRunning
    assert told[0].code == "input" and "deleted" in told[0].sentence


def test_a_handle_fails_when_the_scene_closes(logic, bigVolume):
    told = []
    handle = logic.enhance(bigVolume, **SLOW, wait=False, onError=told.append)
    slicer.mrmlScene.Clear(0)
    assert not handle.isRunning
    assert "scene was closed" in told[0].sentence
    person.waitSeconds(0.5)
    assert person.volumes() == []


def test_the_end_of_the_application_ends_a_handle(slicerApp, logic, bigVolume):
    messages = []
    handle = logic.enhance(bigVolume, **SLOW, wait=False, onProgress=messages.append)
    waitForStage(messages, "enhancing")
    slicerApp.qtApplication.aboutToQuit.emit()
    assert not handle.isRunning


def test_handles_share_a_worker(logic, volume):
    from GANEnhancePanel.client import WorkerClient

    worker = WorkerClient()
    handles = [
        logic.enhance(volume, **MEDIAN, strength=strength, wait=False, session=worker)
        for strength in (0.5, 1.0)
    ]
    nodes = [handle.wait(60) for handle in handles]
    assert worker.processId() is not None
    assert list(worker.folder.glob("*.npy")) == []
    assert not np.array_equal(*[slicer.util.arrayFromVolume(node) for node in nodes])
    worker.stop()


def test_a_worker_that_is_stopped_ends_its_handles(logic, bigVolume):
    from GANEnhancePanel.client import WorkerClient

    worker, told = WorkerClient(), []
    handles = [
        logic.enhance(bigVolume, **SLOW, wait=False, session=worker, onError=told.append) for _n in range(2)
    ]
    harness.processEventsUntil(lambda: worker.hello, seconds=60)
    person.waitSeconds(0.3)
    worker.stop()
    assert [handle.isRunning for handle in handles] == [False, False]
    assert [error.code for error in told] == ["worker", "worker"]
    assert "worker was ended" in told[0].sentence


def test_a_sequence_without_waiting(logic):
    source, browser, _proxy = cine.makeCine()
    waited = logic.enhanceSequence(source, **MEDIAN)
    result = logic.enhanceSequence(source, **MEDIAN, wait=False).wait(60)
    before, after = cine.frames(waited), cine.frames(result)
    assert list(before) == list(after)
    for index, voxels in before.items():
        np.testing.assert_array_equal(after[index], voxels)
    assert browser.GetProxyNode(result) is not browser.GetProxyNode(waited)


def test_the_folder_of_a_handles_worker_is_removed(logic, volume):
    folder = Path(slicer.app.temporaryPath)
    before = set(folder.iterdir())
    logic.enhance(volume, **MEDIAN, wait=False).wait(60)
    harness.processEventsUntil(lambda: set(folder.iterdir()) <= before, seconds=10)


# The page


def test_the_page_runs_as_it_stands(request, logic):
    page = (request.config.rootpath / "Docs" / "scripting.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)
    assert len(blocks) > 10
    names = {}
    for number, block in enumerate(blocks, 1):
        exec(compile(block, f"block {number} of scripting.md", "exec"), names)
    assert names["result"].GetAttribute("GANEnhance.Model") == "median"
    assert len(cine.sequences()) == 7
