"""What a person does with a finer result, and on the way to it: compare, judge, blend, preview, cancel."""

import harness
import numpy as np
import person
import person_batch
import person_comparing as look
import person_finer as finer
import person_preview
import person_reporting
import pytest
import slicer
from test_finer import _theWorkerFindsIt, choose, head, makeVolume, models, voxels, waitForNote  # noqa: F401


@pytest.fixture
def result(panel, head):  # noqa: F811
    """The head with thrice as many slices."""
    finer.choose(panel, "factors", through=3.0)
    return finer.enhance(panel)


def test_comparisons_show_the_interpolated_input_voxel_by_voxel(panel, head, result):  # noqa: F811
    before, after = finer.interpolated(panel, head, result), voxels(result)
    assert (before != after).any()
    look.compare(panel, "difference")
    waitForNote(panel, "interpolated")
    np.testing.assert_array_equal(voxels(look.background("Red")), before.astype("float32") - after)
    look.compare(panel, "checkerboard")
    waitForNote(panel, "interpolated")
    board = voxels(look.background("Red"))
    assert ((board == before) | (board == after)).all()
    assert (board == before)[before != after].any() and (board == after)[before != after].any()
    look.compare(panel, "swipe")
    waitForNote(panel, "interpolated")
    half = voxels(look.background("Red"))
    assert (half != after).any() and (half != before).any()
    for mode in ("sideBySide", "fader"):
        look.compare(panel, mode)
        assert "Head" in look.note(panel) and result.GetName() in look.note(panel)
    panel.ui.compareBackButton.click()
    assert look.background("Red") is result
    slicer.util.arrayFromVolume(head)[2] = 0
    slicer.util.arrayFromVolumeModified(head)
    look.compare(panel, "difference")
    waitForNote(panel, "interpolated")
    changed = finer.interpolated(panel, head, result)
    np.testing.assert_array_equal(voxels(look.background("Red")), changed.astype("float32") - after)


def test_the_strength_of_a_finer_result_is_changed_at_once(panel, head, result):  # noqa: F811
    from GANEnhancePanel.preview.section import PreviewSection

    tuning = panel.panel.section(PreviewSection).tuning
    full, before = voxels(result).copy(), finer.interpolated(panel, head, result)
    assert "changes" in panel.ui.tuningNoteLabel.text
    for strength, expected in ((0.0, before), (1.0, full)):
        panel.ui.strengthSlider.value = strength
        harness.processEventsUntil(lambda: tuning.isBusy, seconds=5)
        harness.processEventsUntil(lambda: not tuning.isBusy, seconds=30)
        np.testing.assert_array_equal(voxels(result), expected)
    panel.ui.modelFidelityCheckBox.checked = False
    panel.ui.fidelitySlider.value = 0.25
    person.waitSeconds(0.2)
    assert "The slider says fidelity 0.25" in panel.ui.tuningNoteLabel.text
    assert not person_preview.previewNodes() and not panel.ui.previewApplyButton.isHidden()
    finer.choose(panel, "factors", through=2.0)
    assert "with other settings" in panel.ui.tuningNoteLabel.text


def test_the_report_compares_with_the_interpolated_input(panel, head, result):  # noqa: F811
    from GANEnhancePanel.reporting.section import ReportingSection

    person_reporting.waitForReport(panel)
    assert "interpolated to the finer grid" in panel.ui.reportNoteLabel.text
    assert panel.ui.reportTable.rowCount > 2
    document = panel.panel.section(ReportingSection)._measured.document
    assert document["measures"]["source_changed"] is False
    assert document["finer"]["factors"] == [1, 1, 3]
    panel.ui.provenanceShowButton.click()
    assert "Finer grid: 16×14×15 voxels" in panel.ui.provenanceTextEdit.plainText
    finer.choose(panel, "spacing", spacing=0.8)
    panel.ui.provenanceAgainButton.click()
    assert "16×14×15 voxels" in finer.wait(panel)
    assert (voxels(finer.enhance(panel)) == voxels(result)).all()


def test_a_slice_is_previewed_where_the_run_puts_it(panel, head):  # noqa: F811
    finer.choose(panel, "factors", through=3.0)
    panel.ui.voxelTypeComboBox.setCurrentIndex(1)
    shown = {name: person_preview.preview(panel, name) for name in ("Red", "Green")}
    pixels = {name: person_preview.pixels(node) for name, node in shown.items()}
    panel.ui.strengthSlider.value = 0.5
    person_preview.wait(panel)
    assert (person_preview.pixels(person_preview.foreground("Red")) != pixels["Red"]).any()
    panel.ui.strengthSlider.value = 1.0
    person_preview.wait(panel)
    from GANEnhancePanel.preview.plane import planeOf

    planes = {name: planeOf(person_preview.sliceNode(name), head) for name in shown}
    corners = {name: finer.corners(node) for name, node in shown.items()}
    panel.ui.previewEndButton.click()
    after = voxels(finer.enhance(panel))
    assert planes["Red"].axis == "k" and planes["Green"].axis == "j"
    whole = {"Red": after[3 * planes["Red"].index + 1], "Green": after[:, planes["Green"].index]}
    for name, expected in whole.items():
        assert pixels[name].shape == expected.shape
        np.testing.assert_allclose(pixels[name], expected, rtol=0, atol=0.01)
    box = finer.corners(head).reshape(2, 2, 2, 3)
    steps = [(box[1, 0, 0] - box[0, 0, 0]) / 16, (box[0, 1, 0] - box[0, 0, 0]) / 14]
    first = box[0, 0, 0] + planes["Green"].index * steps[1]
    np.testing.assert_allclose(corners["Green"][0], first, atol=1e-6)
    last = first + steps[1] + box[1, 0, 1] - box[0, 0, 0]
    np.testing.assert_allclose(corners["Green"][-1], last, rtol=0, atol=1e-6)


def test_a_run_is_canceled_in_the_middle(panel, mainWindow):
    choose(panel, makeVolume(np.diag([1.0, 1.0, 4.0, 1.0]), (30, 180, 180)))
    finer.choose(panel, "factors", through=4.0)
    nodes = person.nodeCount()
    person.press(panel)
    person.waitUntilWorking(panel)
    person.press(panel)
    person.waitUntilReady(panel)
    assert person.nodeCount() == nodes and "Canceled" in person.status(panel)
    person.waitSeconds(0.5)
    assert not person.leftFiles(panel)


def test_a_region_several_volumes_and_scripts(panel, head):  # noqa: F811
    finer.choose(panel, "factors", through=2.0)
    panel.ui.regionKindComboBox.setCurrentIndex(1)
    panel.ui.newROIButton.click()
    part = finer.enhance(panel)
    before = finer.interpolated(panel, head, part)
    assert (voxels(part)[0] == before[0]).all() and (voxels(part) != before).any()
    panel.ui.regionKindComboBox.setCurrentIndex(0)
    turned = makeVolume(
        np.array([[0, 0, 3.0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1.0]]), (6, 9, 10), "B"
    )
    made = person.volumes()
    person_batch.check(panel, head, turned)
    person_batch.enhanceAll(panel, "tiny")
    several = {voxels(node).shape: node for node in person.volumes() if node not in made}
    assert sorted(several) == [(10, 14, 16), (12, 9, 10)]
    scripted = panel.logic.enhance(turned, model="tiny", modality="MR", scale=(1, 1, 2))
    assert (voxels(scripted) == voxels(several[12, 9, 10])).all() and "1×1×2" in scripted.GetName()
    alike = panel.logic.enhance(
        head, model="tiny", modality="MR", like=part, referenceVolume=part, session=None
    )
    assert voxels(alike).shape == voxels(part).shape
    np.testing.assert_allclose(finer.corners(alike), finer.corners(head), rtol=0, atol=1e-6)


def test_frames_together_are_refused_in_a_sentence(panel, mainWindow):
    import cine

    _sequence, _browser, proxy = cine.makeCine(count=3)
    choose(panel, proxy)
    panel.ui.modalityComboBox.setCurrentIndex(1)
    finer.choose(panel, "factors", through=1.0, inPlane=2.0)
    panel.ui.framesComboBox.setCurrentIndex(1)
    nodes = person.nodeCount()
    person.press(panel)
    assert "do not enhance the frames of a sequence together" in person.status(panel)
    assert person.nodeCount() == nodes
