"""Frames of a sequence are enhanced one by one into a sequence that is played with the first; by scripts."""

import contextlib
import json

import cine
import numpy as np
import person
import pytest
import slicer


@pytest.fixture
def logic(ganenhanceModule):
    """The logic of the module."""
    return ganenhanceModule.python.GANEnhanceLogic()


@pytest.fixture
def session(logic):
    """A warm worker."""
    from GANEnhanceLib.worker_session import WorkerSession

    with WorkerSession() as session:
        yield session


@contextlib.contextmanager
def refused(code, sentence, hint=""):
    """Context in which one of our errors with this code and these words is raised."""
    with pytest.raises(Exception) as caught:
        yield
    assert getattr(caught.value, "code", None) == code, caught.value
    assert sentence in caught.value.sentence and hint in caught.value.hint, caught.value


def enhance(logic, source, session, **options):
    """Return (sequence, report) of a run that is waited for."""
    reports = []
    options = {"model": "median", **options}
    sequence = logic.enhanceSequence(
        source, session=session, onDone=lambda node, report: reports.append(report), **options
    )
    return sequence, reports[0]


def test_the_result_has_the_index_of_the_input(logic, session):
    source, _browser, _proxy = cine.makeCine()
    before = cine.frames(source)
    result, report = enhance(logic, source, session)
    assert (result.GetIndexName(), result.GetIndexUnit()) == ("time", "ms")
    assert result.GetIndexType() == source.GetIndexType()
    after = cine.frames(result)
    assert list(after) == list(before) == ["0", "40", "80", "120", "160"]
    for index, voxels in cine.frames(source).items():
        np.testing.assert_array_equal(voxels, before[index])
    from GANEnhancePanel.volumes import ijkToRASArray

    assert report["frames"] == {"count": 5, "numbers": [0, 1, 2, 3, 4]}
    for n in range(5):
        np.testing.assert_allclose(
            ijkToRASArray(result.GetNthDataNode(n)), ijkToRASArray(source.GetNthDataNode(n)), atol=1e-6
        )
        assert result.GetNthDataNode(n).GetAttribute("GANEnhance.Model") == "median"


def test_play_shows_both(logic, session):
    source, browser, proxy = cine.makeCine()
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    transform = slicer.util.getNodesByClass("vtkMRMLLinearTransformNode")[0]
    proxy.SetAndObserveTransformNodeID(transform.GetID())
    volumes = person.volumes()
    result, _report = enhance(logic, proxy, session)
    (shown,) = [node for node in person.volumes() if node not in volumes]
    assert browser.GetProxyNode(result) is shown
    from GANEnhancePanel.sequences import sequenceOfProxy

    assert sequenceOfProxy(shown).sequence is result
    before, after = cine.frames(source), cine.frames(result)
    for number in (3, 0, 4):
        browser.SetSelectedItemNumber(number)
        index = source.GetNthIndexValue(number)
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(proxy), before[index])
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(shown), after[index])
        assert shown.GetTransformNodeID() == transform.GetID()
        assert shown.GetNodeReference("GANEnhance.sourceVolume") is proxy
        assert shown.GetAttribute("GANEnhance.Model") == "median"


def test_nothing_but_the_result_is_new_in_the_scene(logic, session):
    source, _browser, _proxy = cine.makeCine()
    known = {node.GetID() for node in slicer.util.getNodesByClass("vtkMRMLNode")}
    enhance(logic, source, session)
    new = [n for n in slicer.util.getNodesByClass("vtkMRMLNode") if n.GetID() not in known]
    kinds = sorted(node.GetClassName() for node in new)
    assert kinds == ["vtkMRMLScalarVolumeDisplayNode", "vtkMRMLScalarVolumeNode", "vtkMRMLSequenceNode"]
    # Nor is there anything but frames in the sequences' own scenes.
    for sequence in cine.sequences():
        inner = sequence.GetSequenceScene()
        assert inner.GetNumberOfNodes() == 5


def test_frames_that_were_not_enhanced_are_empty(logic, session):
    source, browser, _proxy = cine.makeCine()
    result, report = enhance(logic, source, session, frames=range(1, 4))
    assert list(cine.frames(result)) == ["40", "80", "120"]
    assert report["frames"]["numbers"] == [1, 2, 3]
    shown = browser.GetProxyNode(result)
    browser.SetSelectedItemNumber(4)
    assert shown.GetImageData() is None or shown.GetImageData().GetNumberOfPoints() == 0
    browser.SetSelectedItemNumber(2)
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(shown), cine.frames(result)["80"])
    assert result.GetNumberOfDataNodes() == 3


def test_each_frame_is_enhanced_as_if_alone_with_the_scaling_of_the_first(logic, network, session):
    source, _browser, _proxy = cine.makeCine(count=3, brightness=150.0)
    result, report = enhance(logic, source, session, model=network, modality="MR")
    assert report["scaling"]
    after = cine.frames(result)
    from GANEnhancePanel.volumes import ijkToRASArray

    from GANEnhanceLib.volume import Volume

    differ = 0
    for number, index in enumerate(after):
        voxels = slicer.util.arrayFromVolume(source.GetNthDataNode(number)).copy()
        volume = Volume(voxels, ijkToRASArray(source.GetNthDataNode(number)), "MR")
        alone, _report = session.enhance(volume, network, scaling=report["scaling"])
        np.testing.assert_array_equal(after[index], alone.voxels)
        own, _report = session.enhance(volume, network)
        differ += not np.array_equal(own.voxels, alone.voxels)
    assert differ == 2  # the brighter frames would have been scaled in another way


def test_flicker_is_measured_over_all_frames(logic, session):
    source, _browser, _proxy = cine.makeCine(count=6)
    _result, report = enhance(logic, source, session)
    # Independent noise of standard deviation s changes by 2 s / sqrt(pi) from frame to frame.
    assert report["flicker"]["before"] == pytest.approx(2 * cine.NOISE / np.sqrt(np.pi), rel=0.1)
    assert report["flicker"]["after"] < 0.6 * report["flicker"]["before"]
    _result, alone = enhance(logic, source, session, frames=[0, 2])
    assert alone["flicker"] == {"before": None, "after": None}


def test_at_most_two_frames_lie_in_the_workers_folder(logic, session):
    source, _browser, _proxy = cine.makeCine(count=6)
    most = []

    def look(message):
        most.append(len(list(session.folder.glob("*.npy"))))

    logic.enhanceSequence(source, model="median", session=session, onProgress=look)
    assert 2 <= max(most) <= 4
    assert list(session.folder.glob("*.npy")) == []


def test_progress_counts_frames_and_never_falls(logic, session):
    source, _browser, _proxy = cine.makeCine(count=4)
    messages = []
    logic.enhanceSequence(source, model="median", session=session, onProgress=messages.append)
    fractions = [message["fraction"] for message in messages]
    assert fractions == sorted(fractions) and 0 <= fractions[0] and fractions[-1] <= 1.0
    assert {(message["frame"], message["frames"]) for message in messages} == {(n, 4) for n in (1, 2, 3, 4)}
    assert messages[-1]["seconds_left"] is not None and messages[-1]["seconds_left"] < 1


def test_cancel_leaves_no_half_sequence(logic, session):
    source, _browser, _proxy = cine.makeCine()
    nodes = person.nodeCount()
    seen = []
    with refused("cancelled", ""):
        logic.enhanceSequence(
            source,
            model="median",
            session=session,
            onProgress=lambda message: seen.append(message["frame"]),
            cancelled=lambda: 3 in seen,
        )
    assert person.nodeCount() == nodes
    assert cine.sequences() == [source]
    assert list(session.folder.glob("*.npy")) == []


def test_a_failed_frame_fails_the_run_and_is_named(logic, session):
    def voxels(number):
        array = cine.voxelsOf(number).astype("float32")
        array[1, 2, 3] = np.nan if number == 2 else array[1, 2, 3]
        return array

    source, _browser, _proxy = cine.makeCine(voxels=voxels)
    nodes = person.nodeCount()
    with refused("input", "Frame 3 of 5: "):
        logic.enhanceSequence(source, model="median", session=session)
    assert person.nodeCount() == nodes
    assert list(session.folder.glob("*.npy")) == []


def test_a_frame_without_voxels_is_named_before_anything_runs(logic, session):
    source, _browser, _proxy = cine.makeCine(count=3)
    source.GetNthDataNode(1).SetAndObserveImageData(None)
    with refused("input", "Frame 2 of 3: The input volume has no voxels"):
        logic.enhanceSequence(source, model="median", session=session)


def test_color_frames_are_refused_with_what_to_do(logic):
    sequence, _browser, proxy = cine.makeColorCine()
    for node in (sequence, proxy):
        with refused("input", "in color", "gray"):
            logic.enhanceSequence(node)


@pytest.mark.parametrize("frames", [[7], [-1], []])
def test_frames_that_are_not_there_are_refused(logic, frames):
    source, _browser, _proxy = cine.makeCine()
    with refused("option", "frames 0 to 4"):
        logic.enhanceSequence(source, model="median", frames=frames)


def test_a_volume_of_no_sequence_is_refused(logic, phantom):
    with refused("input", "shows no sequence"):
        logic.enhanceSequence(phantom)
    with refused("input", "No sequence is chosen"):
        logic.enhanceSequence(None)
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceNode")
    with refused("input", "has no frames"):
        logic.enhanceSequence(empty)


def test_a_sequence_without_a_browser_gives_one_without(logic, session):
    source, browser, proxy = cine.makeCine(count=2)
    slicer.mrmlScene.RemoveNode(browser)
    slicer.mrmlScene.RemoveNode(proxy)
    result, _report = enhance(logic, source, session)
    assert list(cine.frames(result)) == ["0", "40"]
    assert person.volumes() == []


def test_a_browser_that_goes_meanwhile_does_not_matter(logic, session):
    source, browser, _proxy = cine.makeCine(count=2)
    result = logic.enhanceSequence(
        source,
        model="median",
        session=session,
        onProgress=lambda message: slicer.mrmlScene.RemoveNode(browser) if browser.GetScene() else None,
    )
    assert list(cine.frames(result)) == ["0", "40"]


def test_the_result_comes_back_with_the_scene(logic, session, tmp_path):
    source, _browser, _proxy = cine.makeCine(count=3)
    result, _report = enhance(logic, source, session)
    before = cine.frames(result)
    parameters = result.GetAttribute("GANEnhance.Parameters")
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    (again,) = [node for node in cine.sequences() if node.GetName() == result.GetName()]
    after = cine.frames(again)
    assert list(after) == list(before)
    for index, voxels in before.items():
        np.testing.assert_array_equal(after[index], voxels)
    assert again.GetAttribute("GANEnhance.Parameters") == parameters
    assert json.loads(again.GetAttribute("GANEnhance.Provenance"))
    browser = slicer.util.getNodesByClass("vtkMRMLSequenceBrowserNode")[0]
    shown = browser.GetProxyNode(again)
    browser.SetSelectedItemNumber(2)
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(shown), before["80"])
