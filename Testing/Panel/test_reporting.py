"""A person reads the report of a run, chooses a reference and ROIs, copies the table and saves the report."""

import csv
import io
import json

import harness
import numpy as np
import person
import person_reporting as reader
import pytest
import slicer


@pytest.fixture
def noisy(panel):
    return reader.addNoisy(panel)


@pytest.fixture
def result(panel, noisy):
    return reader.enhance(panel)


def number(text):
    """The figure at the beginning of a cell."""
    return float(text.split()[0].split("/")[0])


# After a run


def test_before_a_run_the_section_is_closed_and_says_what_to_do(panel, noisy):
    ui = panel.ui
    assert ui.reportCollapsibleButton.collapsed
    assert "Enhance a volume" in reader.note(panel)
    assert not (ui.measureButton.enabled or ui.copyTableButton.enabled or ui.saveReportButton.enabled)
    assert ui.reportTable.isHidden() and ui.verdictLabel.isHidden()


def test_after_a_run_it_opens_itself_and_judges(panel, noisy):
    from GANEnhanceLib.metrics import estimate_noise

    result = reader.enhance(panel)
    ui = panel.ui
    assert not ui.reportCollapsibleButton.collapsed and not ui.reportTable.isHidden()
    shown = reader.rows(panel)
    before, after = (estimate_noise(slicer.util.arrayFromVolume(node)) for node in (noisy, result))
    assert number(shown["Noise"][0]) == pytest.approx(before, rel=5e-3)
    assert number(shown["Noise"][1]) == pytest.approx(after, rel=5e-3)
    assert shown["Noise"][1].endswith("\u2193 better")
    assert shown["Edge width"][0].endswith(" mm")
    assert {"Edge slope", "Mean value", "Largest change"} <= set(shown)
    assert f"Noise fell to {100 * after / before:.0f} %." in ui.verdictLabel.text
    assert ui.verdictLabel.text.endswith("The volume suits the model.")
    assert reader.note(panel) == "" and ui.reportNoteLabel.isHidden()
    assert ui.warningsLabel.isHidden()
    assert "Standard deviation" in ui.reportTable.item(0, 0).toolTip()
    assert ui.copyTableButton.enabled and ui.saveReportButton.enabled and ui.measureButton.enabled
    assert person.leftFiles(panel) == []


def test_a_network_is_said_to_have_held_to_its_bound(panel, noisy, network):
    panel.ui.modalityComboBox.setCurrentIndex(1)  # MR
    reader.enhance(panel, network)
    assert "bound" in panel.ui.verdictLabel.text


def test_what_does_not_suit_the_model_is_a_warning(panel):
    if "mr-denoise" not in {model["name"] for model in panel.models if model["available"]}:
        pytest.skip("the shipped network cannot run here")
    voxels = reader.cleanImage() + np.random.default_rng(0).normal(0, 20, reader.SHAPE)
    node = reader.addVolume("Coarse", voxels.astype("int16"), spacing=(1.0, 1.0, 30.0))
    panel.ui.inputSelector.setCurrentNode(node)
    panel.ui.modalityComboBox.setCurrentIndex(1)  # MR
    reader.enhance(panel, "mr-denoise")
    assert "not quite what the model was made for" in panel.ui.verdictLabel.text
    assert "The spacing is 1 x 1 x 30 mm" in panel.ui.warningsLabel.text
    assert not panel.ui.warningsLabel.isHidden()


def test_the_result_that_is_chosen_is_the_one_that_is_judged(panel, noisy):
    first = reader.enhance(panel)
    table = reader.rows(panel)
    second = reader.enhance(panel, "anisotropic-diffusion")
    assert reader.rows(panel) != table
    panel.ui.resultSelector.setCurrentNode(first)
    assert reader.note(panel) == f"Press Measure to judge {first.GetName()}."
    assert panel.ui.reportTable.isHidden() and not panel.ui.copyTableButton.enabled
    panel.ui.measureButton.click()
    assert reader.note(panel) == "Measuring..." and not panel.ui.measureButton.enabled
    reader.waitForReport(panel)
    assert reader.rows(panel) == table
    assert panel.ui.resultSelector.currentNode() is not second


# Reference and regions


def test_a_reference_adds_psnr_ssim_and_mae(panel, noisy, result):
    from GANEnhanceLib.metrics import psnr

    reference = reader.addVolume("Truth", reader.cleanImage().astype("int16"))
    assert not panel.ui.dataRangeSpinBox.enabled
    panel.ui.referenceSelector.setCurrentNode(reference)
    reader.waitForReport(panel)
    shown = reader.rows(panel)
    voxels = [slicer.util.arrayFromVolume(node) for node in (noisy, result, reference)]
    assert number(shown["PSNR"][1]) == pytest.approx(psnr(voxels[1], voxels[2], 500), rel=5e-3)
    assert shown["PSNR"][1].endswith("dB \u2191 better") and {"SSIM", "Mean absolute error"} <= set(shown)
    assert "closer to the reference" in panel.ui.verdictLabel.text
    row = list(shown).index("PSNR")
    assert "Data range 500 (of the reference, 20 to 520)" in panel.ui.reportTable.item(row, 0).toolTip()
    assert panel.ui.dataRangeSpinBox.enabled
    panel.ui.dataRangeSpinBox.value = 1000.0
    reader.waitForReport(panel)
    assert number(reader.rows(panel)["PSNR"][1]) == pytest.approx(psnr(voxels[1], voxels[2], 1000), rel=5e-3)
    assert "Data range 1000 (as chosen)" in panel.ui.reportTable.item(row, 0).toolTip()
    panel.ui.referenceSelector.setCurrentNode(None)
    reader.waitForReport(panel)
    assert "PSNR" not in reader.rows(panel)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda node: node.SetOrigin(50, 0, 0), "The reference does not lie where the source lies."),
        (
            lambda node: slicer.util.updateVolumeFromArray(node, np.ones((2, 4, 4))),
            "has 4\u00d74\u00d72 voxels",
        ),
        (lambda node: node.SetAndObserveImageData(None), "has no voxels"),
    ],
)
def test_a_reference_on_another_grid_is_one_sentence(panel, noisy, result, change, said):
    reference = reader.addVolume("Truth", reader.cleanImage())
    change(reference)
    panel.ui.referenceSelector.setCurrentNode(reference)
    reader.waitForReport(panel)
    assert said in reader.note(panel)
    assert "PSNR" not in reader.rows(panel) and "Noise" in reader.rows(panel)


def test_two_rois_give_contrast_to_noise(panel, noisy, result):
    ui = panel.ui
    ui.newTissueButton.click()
    reader.waitForReport(panel)
    assert "needs both" in reader.note(panel)
    ui.newBackgroundButton.click()
    reader.waitForReport(panel)
    shown = reader.rows(panel)["Contrast-to-noise"]
    assert number(shown[0]) == pytest.approx(500 / 20, rel=0.15)
    assert number(shown[1]) > number(shown[0]) and shown[1].endswith("better")
    assert ui.tissueSelector.currentNode().GetName() == "Tissue"
    assert ui.backgroundSelector.currentNode().GetName() == "Background"
    # The tissue is dragged to the darker part of the disc.
    ui.tissueSelector.currentNode().SetCenter(-20.0, -47.0, 7.5)
    center = [0.0] * 3
    ui.tissueSelector.currentNode().GetCenter(center)
    reader.waitForReport(panel)
    assert reader.rows(panel)["Contrast-to-noise"] != shown


def test_one_roi_for_both_is_no_contrast(panel, noisy, result):
    panel.ui.newTissueButton.click()
    panel.ui.backgroundSelector.setCurrentNode(panel.ui.tissueSelector.currentNode())
    reader.waitForReport(panel)
    assert reader.rows(panel)["Contrast-to-noise"] == ("0", "0 = same")
    panel.ui.backgroundSelector.setCurrentNode(None)
    reader.waitForReport(panel)
    assert "Contrast-to-noise" not in reader.rows(panel)


def test_an_roi_outside_is_said_and_the_rest_is_measured(panel, noisy, result):
    panel.ui.newTissueButton.click()
    panel.ui.newBackgroundButton.click()
    panel.ui.tissueSelector.currentNode().SetCenter(900.0, 900.0, 900.0)
    reader.waitForReport(panel)
    shown = reader.rows(panel)
    assert shown["Contrast-to-noise"] == ("\u2013", "\u2013") and "Noise" in shown
    row = list(shown).index("Contrast-to-noise")
    assert "does not hold the center of any voxel" in panel.ui.reportTable.item(row, 0).toolTip()


# Staying true


@pytest.mark.parametrize("which", ["source", "result"])
def test_changed_voxels_make_the_report_stale(panel, noisy, result, which):
    node = noisy if which == "source" else result
    slicer.util.arrayFromVolume(node)[:] += 3
    slicer.util.arrayFromVolumeModified(node)
    assert "changed since this was measured" in reader.note(panel)
    assert not panel.ui.copyTableButton.enabled and not panel.ui.saveReportButton.enabled
    panel.ui.measureButton.click()
    reader.waitForReport(panel)
    assert "changed since this was measured" not in reader.note(panel)
    assert panel.ui.copyTableButton.enabled
    assert ("source volume was changed" in panel.ui.verdictLabel.text) == (which == "source")


def test_voxels_that_change_meanwhile_are_not_reported(panel, noisy, result):
    panel.ui.measureButton.click()
    slicer.util.arrayFromVolume(noisy)[:] += 3
    slicer.util.arrayFromVolumeModified(noisy)
    reader.waitForReport(panel)
    assert "changed while" in reader.note(panel) or reader.rows(panel)
    assert person.leftFiles(panel) == []


def test_a_result_of_a_loaded_scene_is_measured_on_request(panel, noisy, result, tmp_path):
    table = reader.rows(panel)
    verdict, name = panel.ui.verdictLabel.text, result.GetName()
    path = str(tmp_path / "scene.mrb")
    assert slicer.util.saveScene(path)
    slicer.mrmlScene.Clear(0)
    assert panel.ui.reportTable.isHidden()
    slicer.util.loadScene(path)
    panel.enter()
    assert reader.note(panel) == f"Press Measure to judge {name}."
    panel.ui.measureButton.click()
    reader.waitForReport(panel)
    assert reader.rows(panel) == table and panel.ui.verdictLabel.text == verdict


def test_without_its_source_a_result_cannot_be_measured(panel, noisy, result):
    slicer.mrmlScene.RemoveNode(noisy)
    assert "was made from is not in the scene" in reader.note(panel)
    assert not panel.ui.measureButton.enabled and panel.ui.reportTable.isHidden()


def test_a_removed_result_leaves_no_report(panel, noisy, result):
    slicer.mrmlScene.RemoveNode(result)
    assert panel.ui.reportTable.isHidden() and "Enhance a volume" in reader.note(panel)


def test_a_scene_that_closes_while_measuring_leaves_nothing(panel, noisy, result):
    panel.ui.measureButton.click()
    person.waitSeconds(0.02)
    slicer.mrmlScene.Clear(0)
    person.waitSeconds(0.5)
    assert panel.ui.reportTable.isHidden()
    assert person.leftFiles(panel) == []


def test_a_worker_that_dies_is_one_sentence_and_the_next_one_measures(panel, noisy, result):
    import os
    import signal

    panel.ui.measureButton.click()
    os.kill(panel.client.processId(), signal.SIGKILL)
    reader.waitForReport(panel)
    assert reader.note(panel).startswith("Error: ")
    panel.ui.measureButton.click()
    reader.waitForReport(panel)
    assert "Noise" in reader.rows(panel)


# Taking it away


def test_the_table_goes_to_the_clipboard(panel, noisy, result):
    panel.ui.copyTableButton.click()
    lines = [line.split("\t") for line in slicer.app.clipboard().text().splitlines()]
    assert lines[0] == ["Measure", "Before", "After"]
    assert {line[0]: (line[1], line[2]) for line in lines[1:]} == reader.rows(panel)
    assert "clipboard" in person.status(panel)


def save(panel, path):
    harness.answers.files.append(str(path))
    panel.ui.saveReportButton.click()
    harness.processEventsUntil(lambda: "report" in person.status(panel), seconds=20)


def test_the_report_is_saved_in_three_ways(panel, noisy, result, tmp_path):
    for name in ("r.html", "r.csv", "r.json", "plain"):
        panel.panel.status("")
        save(panel, tmp_path / name)
        assert str(tmp_path / name) in person.status(panel)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plain.html", "r.csv", "r.html", "r.json"]
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.count("data:image/png") == 9 and "not for diagnosis" in page
    assert panel.ui.verdictLabel.text in page
    names = [row["name"] for row in csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text(), newline=""))]
    assert names[0] == "noise" and "bound_hits" in names
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["model"]["title"] and report["seconds"] > 0
    assert report["provenance"] == json.loads(result.GetAttribute("GANEnhance.Provenance"))


def test_names_of_volumes_stay_out_of_saved_reports(panel, noisy, tmp_path):
    noisy.SetName("Doe^Jane")
    result = reader.enhance(panel)
    assert "Jane" in result.GetName()
    for name in ("r.html", "r.csv", "r.json"):
        panel.panel.status("")
        save(panel, tmp_path / name)
        assert "Jane" not in (tmp_path / name).read_text(encoding="utf-8")


def test_giving_up_the_dialog_saves_nothing(panel, noisy, result, tmp_path):
    harness.answers.files.append("")
    panel.ui.saveReportButton.click()
    person.waitSeconds(0.1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "said"), [("r.pdf", "must end with .html, .csv or .json"), ("none/r.csv", "does not exist")]
)
def test_what_cannot_be_saved_is_one_sentence(panel, noisy, result, tmp_path, name, said):
    panel.panel.status("")
    save(panel, tmp_path / name)
    assert person.status(panel).startswith("Error: ") and said in person.status(panel)
    assert list(tmp_path.iterdir()) == []


# Words


def test_the_panel_says_what_saved_reports_say(panel):
    from GANEnhancePanel.reporting.words import sentences

    from GANEnhanceLib.report_words import SENTENCES

    assert sentences() == SENTENCES


# The strength slider, and time


def test_another_strength_is_judged_without_being_asked(panel, noisy, result):
    strong = number(reader.rows(panel)["Noise"][1])
    panel.ui.strengthSlider.value = 0.5
    harness.processEventsUntil(
        lambda: reader.rows(panel) and number(reader.rows(panel)["Noise"][1]) > 2 * strong, seconds=60
    )
    reader.waitForReport(panel)
    assert reader.note(panel) == ""
    before = number(reader.rows(panel)["Noise"][0])
    assert strong < number(reader.rows(panel)["Noise"][1]) < before


def test_a_report_that_was_closed_stays_closed(panel, noisy, result):
    panel.ui.reportCollapsibleButton.collapsed = True
    old = slicer.util.arrayFromVolume(result).copy()
    panel.ui.strengthSlider.value = 0.5
    harness.processEventsUntil(lambda: not np.array_equal(slicer.util.arrayFromVolume(result), old), 60)
    person.waitSeconds(0.8)
    assert panel.ui.reportCollapsibleButton.collapsed
    panel.ui.reportCollapsibleButton.collapsed = False
    assert "changed since this was measured" in reader.note(panel)


def test_measuring_and_saving_a_whole_volume_never_block(panel, tmp_path):
    """Measured as computing time of this thread in one turn of the event loop, whatever else runs here."""
    import time

    import qt

    tile = np.kron(reader.cleanImage()[0], np.ones((3, 3)))[:256, :256]
    noise = np.random.default_rng(0).normal(0, 20, (16, 256, 256))
    node = reader.addVolume("Whole", np.tile(tile + noise, (10, 1, 1)).astype("int16"))
    panel.ui.inputSelector.setCurrentNode(node)
    reader.enhance(panel)
    gaps, last, timer = [], [time.thread_time()], qt.QTimer()

    def tick():
        now = time.thread_time()
        gaps.append(now - last[0])
        last[0] = now

    timer.connect("timeout()", tick)
    timer.start(0)
    began = time.monotonic()
    panel.ui.measureButton.click()
    harness.processEventsUntil(lambda: reader.note(panel) != "Measuring...", 60)
    seconds = time.monotonic() - began
    save(panel, tmp_path / "r.html")
    person.waitSeconds(0.1)
    timer.stop()
    print(f"measured in {seconds:.2f} s; longest {1000 * max(gaps):.1f} ms of {len(gaps)} ticks")
    assert (tmp_path / "r.html").exists() and max(gaps) < 0.05
