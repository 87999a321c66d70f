"""A person enhances several volumes: one after another, with a table of what happened to each."""

import os
import signal

import harness
import numpy as np
import person
import person_batch
import pytest
import slicer


@pytest.fixture
def three(panel):
    """Three small volumes, checked in the list."""
    from GANEnhancePanel.phantom import makePhantom

    nodes = [makePhantom(name=name, shape=(6, 20, 24)) for name in ("A", "B", "C")]
    panel.ui.inputSelector.setCurrentNode(nodes[0])
    person_batch.check(panel, *nodes)
    return nodes


@pytest.fixture
def withBig(panel):
    """Three checked volumes, of which the second takes its time."""
    from GANEnhancePanel.phantom import makePhantom

    rng = np.random.default_rng(3)
    voxels = rng.normal(300, 40, (96, 192, 192)).astype("float32")
    first = makePhantom(name="A", shape=(6, 20, 24))
    nodes = [
        first,
        slicer.util.addVolumeFromArray(voxels, name="Big"),
        makePhantom(name="C", shape=(6, 20, 24)),
    ]
    panel.ui.inputSelector.setCurrentNode(first)
    person_batch.check(panel, *nodes)
    return nodes


def startBig(panel):
    """Start, and wait until the big volume is being computed."""
    person_batch.start(panel, "anisotropic-diffusion")
    person_batch.waitForOutcome(panel, "Big", "Running...")
    harness.processEventsUntil(lambda: "Enhancing" in person.status(panel), seconds=60)


def test_all_are_enhanced_and_the_table_says_so(panel, three):
    workers = []
    panel.ui.strengthSlider.value = 0.8
    before = [slicer.util.arrayFromVolume(node).copy() for node in three]
    person_batch.start(panel)
    workers.append(panel.client.processId())
    person.waitUntilReady(panel)
    rows = person_batch.table(panel)
    assert [row[0] for row in rows] == ["A", "B", "C"]
    made = person_batch.results()
    for node, row, voxels in zip(three, rows, before, strict=True):
        result = made[row[1]]
        assert result.GetNodeReference("GANEnhance.sourceVolume") is node
        alone = panel.logic.enhance(node, model="median", strength=0.8)
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(result), slicer.util.arrayFromVolume(alone))
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(node), voxels)
        noise, less = row[3].split(" \u2192 ")
        assert row[2].endswith("s") and 0 < float(less) < float(noise)
    assert person.status(panel) == "3 of 3 volumes are enhanced."
    assert workers == [panel.client.processId()]  # one warm worker for all
    assert person.leftFiles(panel) == []


def test_progress_is_that_of_all_and_never_falls(panel, three):
    seen, texts = [], []
    person_batch.start(panel)

    def over():
        seen.append(panel.ui.progressBar.value)
        texts.append(person.status(panel))
        return panel.ui.enhanceButton.text == "Enhance"

    harness.processEventsUntil(over, seconds=60)
    assert seen == sorted(seen) and seen[-1] >= 90
    assert len({value for value in seen if value > 0}) > 3
    for number in (1, 2, 3):
        assert any(text.startswith(f"Volume {number} of 3: ") for text in texts)
    assert any("(all: " in text and "left)" in text for text in texts)


def test_a_failed_one_does_not_stop_the_rest(panel, three):
    array = np.full((4, 8, 8), np.nan, "float32")
    slicer.util.updateVolumeFromArray(three[1], array)
    rows = person_batch.enhanceAll(panel)
    assert rows[1][1].startswith("Failed: ") and "NaN" in rows[1][1]
    assert rows[1][2:] == ["", ""]
    assert len(person_batch.results()) == 2
    assert person.status(panel) == "2 of 3 volumes are enhanced. 1 failed: see the table."
    log = panel.ui.logTextEdit.plainText
    assert "Volume 2 failed: " in log and "B" not in log.replace("GANEnhance", "")


def test_a_volume_without_voxels_fails_in_words(panel, three):
    three[0].SetAndObserveImageData(None)
    rows = person_batch.enhanceAll(panel)
    assert rows[0][1].startswith("Failed: The input volume has no voxels.")
    assert len(person_batch.results()) == 2


def test_a_worker_that_dies_costs_one_volume(panel, withBig):
    startBig(panel)
    os.kill(panel.client.processId(), signal.SIGKILL)
    person.waitUntilReady(panel)
    outcome = person_batch.outcomes(panel)
    assert outcome["Big"].startswith("Failed: The worker process ended unexpectedly")
    assert len(person_batch.results()) == 2


def test_cancel_stops_the_present_one_and_the_rest(panel, withBig):
    startBig(panel)
    nodes = person.nodeCount()
    person.press(panel)
    assert panel.ui.enhanceButton.text == "Enhance"
    outcome = person_batch.outcomes(panel)
    assert (outcome["Big"], outcome["C"]) == ("Canceled", "Not run")
    assert outcome["A"] in person_batch.results()
    assert person.status(panel) == "Canceled. 1 of 3 volumes are enhanced."
    person.waitSeconds(1)
    assert person.nodeCount() == nodes
    harness.processEventsUntil(lambda: person.leftFiles(panel) == [], seconds=10)
    assert [row[1] for row in person_batch.enhanceAll(panel)] == sorted(person_batch.results())[-3:]


def test_the_present_volume_is_deleted(panel, withBig):
    startBig(panel)
    slicer.mrmlScene.RemoveNode(withBig[1])
    person.waitUntilReady(panel)
    outcome = person_batch.outcomes(panel)
    assert outcome["Big"].startswith("Failed: The input volume was deleted")
    assert len(person_batch.results()) == 2
    assert person_batch.kept(panel) == [withBig[0], withBig[2]]


def test_a_waiting_volume_is_deleted(panel, withBig):
    startBig(panel)
    slicer.mrmlScene.RemoveNode(withBig[2])
    assert person_batch.outcomes(panel)["C"].startswith("Failed: The volume was deleted")
    person.waitUntilReady(panel)
    assert len(person_batch.results()) == 2


def test_the_scene_is_closed_in_the_middle(panel, withBig):
    startBig(panel)
    slicer.mrmlScene.Clear(0)
    assert not panel.isRunning()
    assert "scene was closed" in person.status(panel)
    person.waitSeconds(0.5)
    assert person.volumes() == []
    assert not panel.ui.enhanceAllButton.enabled
    assert person_batch.table(panel) == []


def test_leaving_the_module_lets_all_go_on(ganenhanceModule, panel, three):
    person_batch.start(panel)
    ganenhanceModule.exit()
    harness.processEventsUntil(lambda: not panel.isRunning(), seconds=60)
    assert len(person_batch.results()) == 3
    ganenhanceModule.enter()
    assert len(person_batch.table(panel)) == 3
    assert person_batch.checked(panel) == three


def test_check_marks_are_those_of_the_scene(ganenhanceModule, panel, three):
    assert person_batch.kept(panel) == three
    person_batch.uncheck(panel, three[1])
    assert person_batch.kept(panel) == [three[0], three[2]]
    slicer.mrmlScene.RemoveNode(three[0])
    assert person_batch.kept(panel) == person_batch.checked(panel) == [three[2]]
    ganenhanceModule.exit()
    from GANEnhancePanel.phantom import makePhantom

    makePhantom(name="New")
    ganenhanceModule.enter()
    assert person_batch.kept(panel) == person_batch.checked(panel) == [three[2]]
    person_batch.uncheck(panel, three[2])
    assert not panel.ui.enhanceAllButton.enabled
    assert "Check the volumes" in panel.ui.enhanceAllButton.toolTip


@pytest.mark.parametrize("isEntered", [True, False])
def test_check_marks_come_back_with_the_scene(ganenhanceModule, panel, three, tmp_path, isEntered):
    person_batch.uncheck(panel, three[1])
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    if not isEntered:
        ganenhanceModule.exit()
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    person.waitSeconds(0.1)
    if not isEntered:
        ganenhanceModule.enter()
    person.waitSeconds(0.1)
    assert [node.GetName() for node in person_batch.kept(panel)] == ["A", "C"]
    assert [node.GetName() for node in person_batch.checked(panel)] == ["A", "C"]
    rows = person_batch.enhanceAll(panel)
    assert [row[0] for row in rows] == ["A", "C"]
    assert len(person_batch.results()) == 2


def test_the_table_is_copied(panel, three):
    rows = person_batch.enhanceAll(panel)
    panel.ui.copyBatchTableButton.click()
    lines = person_batch.clipboard().splitlines()
    assert lines[0].split("\t") == ["Volume", "Result", "Time", "Noise before", "Noise after"]
    copied = [line.split("\t") for line in lines[1:]]
    assert [line[:2] for line in copied] == [row[:2] for row in rows]
    assert [" \u2192 ".join(line[3:]) for line in copied] == [row[3] for row in rows]


def test_all_use_the_region_that_is_chosen(panel, three):
    roi = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsROINode")
    bounds = [0.0] * 6
    three[0].GetRASBounds(bounds)
    roi.SetCenter([(bounds[2 * axis] + bounds[2 * axis + 1]) / 2 for axis in range(3)])
    roi.SetSize([10, 10, 8])
    panel.ui.regionKindComboBox.setCurrentIndex(1)
    panel.ui.regionROISelector.setCurrentNode(roi)
    rows = person_batch.enhanceAll(panel)
    made = person_batch.results()
    for node, row in zip(three, rows, strict=True):
        changed = slicer.util.arrayFromVolume(made[row[1]]) != slicer.util.arrayFromVolume(node)
        assert 0 < np.count_nonzero(changed) <= 11 * 11 * 5


def test_one_run_at_a_time(panel, withBig):
    startBig(panel)
    assert not panel.ui.enhanceAllButton.enabled
    assert "Wait until" in panel.ui.enhanceAllButton.toolTip
    person.press(panel)
    assert panel.ui.enhanceAllButton.enabled


def test_reload_in_the_middle_leaves_nothing(ganenhanceModule, panel, withBig):
    startBig(panel)
    folder = panel.client.folder
    ganenhanceModule.reload()
    assert not folder.exists()
    fresh = ganenhanceModule.widget
    fresh.enter()
    harness.processEventsUntil(lambda: fresh.models, seconds=60)
    assert person_batch.checked(fresh) == withBig
    assert person_batch.table(fresh) == []
