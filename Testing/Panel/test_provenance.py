"""Where a result comes from: said in the panel and from the node, and run again with the same settings."""

import json

import harness
import numpy as np
import person
import person_comparing as look
import pytest
import slicer


def test_the_result_is_named_after_its_model_and_lies_beside_its_source(panel, phantom):
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    study = hierarchy.CreateStudyItem(hierarchy.GetSceneItemID(), "Study")
    hierarchy.SetItemParent(hierarchy.GetItemByDataNode(phantom), study)
    (first,) = person.enhance(panel, "median")
    (second,) = person.enhance(panel, "median")
    assert [node.GetName() for node in (first, second)] == ["Head Median filter", "Head Median filter_1"]
    for node in (first, second):
        assert hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node)) == study
        assert node.GetAttribute("GANEnhance.Model") == "median"
        assert node.GetNodeReference("GANEnhance.sourceVolume") is phantom


def test_a_chosen_output_keeps_its_name(panel, phantom):
    panel.ui.outputSelector.addNode()
    chosen = panel.ui.outputSelector.currentNode()
    chosen.SetName("Mine")
    assert person.enhance(panel, "median") == []
    assert chosen.GetName() == "Mine"
    assert chosen.GetAttribute("GANEnhance.Model") == "median"
    assert panel.ui.resultSelector.currentNode() is chosen


def test_provenance_is_shown_in_words_and_in_full_and_can_be_copied(panel, phantom):
    assert not panel.ui.provenanceShowButton.enabled and not panel.ui.provenanceAgainButton.enabled
    panel.ui.strengthSlider.value = 0.75
    panel.ui.modalityComboBox.setCurrentIndex(1)
    (result,) = person.enhance(panel, "median")
    panel.ui.provenanceCollapsibleButton.collapsed = False
    assert panel.ui.provenanceTextEdit.plainText == ""
    panel.ui.provenanceShowButton.click()
    assert panel.ui.provenanceShowButton.text == "Hide provenance"
    text = panel.ui.provenanceTextEdit.plainText
    version = result.GetAttribute("GANEnhance.ModelVersion")
    assert text.startswith(f"Head Median filter was made from Head by median {version}.\nRun: 20")
    for words in ("strength 0.75", "modality MR", "GANEnhanceLib", "not for diagnosis", "is still the same"):
        assert words in text
    full = json.loads(text[text.index("{") :])
    assert full["ModelHash"] == result.GetAttribute("GANEnhance.ModelHash")
    assert full["Parameters"]["strength"] == 0.75
    assert full["Provenance"]["input"]["shape"] == [12, 24, 32]
    panel.ui.provenanceCopyButton.click()
    assert slicer.app.clipboard().text() == text
    panel.ui.provenanceShowButton.click()
    assert panel.ui.provenanceShowButton.text == "Show provenance"


def test_the_text_is_that_of_the_chosen_result(panel, phantom):
    (first,) = person.enhance(panel, "median")
    panel.ui.strengthSlider.value = 0.5
    (second,) = person.enhance(panel, "median")
    panel.ui.provenanceShowButton.click()
    assert "strength 0.5" in panel.ui.provenanceTextEdit.plainText
    panel.ui.resultSelector.setCurrentNode(first)
    assert "strength 1.0" in panel.ui.provenanceTextEdit.plainText
    slicer.mrmlScene.RemoveNode(phantom)
    assert "its source is not in the scene" in panel.ui.provenanceTextEdit.plainText
    assert second.GetName() not in panel.ui.provenanceTextEdit.plainText.replace(first.GetName(), "")


def test_a_model_that_has_changed_since_is_told(panel, phantom):
    (result,) = person.enhance(panel, "median")
    assert "is still the same" in panel.ui.provenanceNoteLabel.text
    result.SetAttribute("GANEnhance.ModelHash", "0" * 64)
    panel.panel.updateSections()
    assert "The model median has changed since" in panel.ui.provenanceNoteLabel.text
    panel.ui.provenanceAgainButton.click()
    assert "has changed since" in person.status(panel)
    result.SetAttribute("GANEnhance.Model", "gone")
    panel.panel.updateSections()
    assert "gone is not installed any more" in panel.ui.provenanceNoteLabel.text


def test_running_again_sets_the_panel_and_gives_the_same_voxels(panel, phantom):
    panel.ui.strengthSlider.value = 0.6
    panel.ui.modelFidelityCheckBox.checked = False
    panel.ui.fidelitySlider.value = 0.25
    panel.ui.modalityComboBox.setCurrentIndex(3)
    panel.ui.voxelTypeComboBox.setCurrentIndex(1)
    person.choose(panel.ui.deviceComboBox, "cpu")
    (result,) = person.enhance(panel, "median")
    wanted = look.voxels(result).copy()
    other = slicer.util.addVolumeFromArray(np.zeros((4, 5, 6), "int16"), name="Other")
    panel.ui.inputSelector.setCurrentNode(other)
    panel.ui.outputSelector.setCurrentNode(other)
    panel.ui.strengthSlider.value = 0.1
    panel.ui.modelFidelityCheckBox.checked = True
    panel.ui.modalityComboBox.setCurrentIndex(0)
    panel.ui.voxelTypeComboBox.setCurrentIndex(0)
    person.choose(panel.ui.deviceComboBox, "auto")
    panel.ui.provenanceAgainButton.click()
    assert person.status(panel).startswith("The panel is set as it was for Head Median filter")
    assert panel.ui.inputSelector.currentNode() is phantom
    assert panel.ui.outputSelector.currentNode() is None
    assert panel.ui.strengthSlider.value == 0.6
    assert not panel.ui.modelFidelityCheckBox.checked and panel.ui.fidelitySlider.value == 0.25
    assert panel.ui.modalityComboBox.currentIndex == 3
    assert panel.ui.voxelTypeComboBox.currentIndex == 1
    assert panel.ui.deviceComboBox.itemData(panel.ui.deviceComboBox.currentIndex) == "cpu"
    assert panel.panel.parameterNode.model == "median"
    before = person.volumes()
    person.press(panel)
    person.waitUntilReady(panel)
    (again,) = [node for node in person.volumes() if node not in before]
    assert look.voxels(again).dtype == "float32"
    np.testing.assert_array_equal(look.voxels(again), wanted)
    person.choose(panel.ui.deviceComboBox, "auto")


def test_without_the_source_running_again_says_what_to_do(panel, phantom):
    person.enhance(panel, "median")
    slicer.mrmlScene.RemoveNode(phantom)
    panel.ui.provenanceAgainButton.click()
    assert "is not in the scene. Load it" in person.status(panel)


def test_a_device_that_is_not_here_is_told(panel, phantom):
    (result,) = person.enhance(panel, "median")
    options = json.loads(result.GetAttribute("GANEnhance.Parameters"))
    changed = {**options, "device": "cuda:7", "overlap": 24, "strength": 0.62517}
    result.SetAttribute("GANEnhance.Parameters", json.dumps(changed))
    panel.ui.provenanceAgainButton.click()
    assert "The device cuda:7 is not here" in person.status(panel)
    assert "no control for it: overlap 24" in person.status(panel)
    # Finer than the slider shows.
    assert panel.panel.parameterNode.strength == 0.62517


@pytest.mark.parametrize("isKept", [True, False])
def test_a_box_is_set_again(panel, phantom, isKept):
    from GANEnhancePanel.parameters import RegionKind

    parameters = panel.panel.parameterNode
    roi = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsROINode", "Box")
    bounds = np.zeros(6)
    phantom.GetRASBounds(bounds)
    roi.SetCenter(*((bounds[::2] + bounds[1::2]) / 2))
    roi.SetSize(14.0, 10.0, 12.0)
    parameters.regionROI, parameters.regionKind, parameters.regionFeather = roi, RegionKind.box, 2.0
    (result,) = person.enhance(panel, "median")
    panel.ui.provenanceShowButton.click()
    assert "a box of 14 \u00d7 10 \u00d7 12 mm, feather 2.0 mm" in panel.ui.provenanceTextEdit.plainText
    parameters.regionKind, parameters.regionFeather, parameters.regionROI = RegionKind.whole, 0.0, None
    if not isKept:
        roi.SetSize(3.0, 3.0, 3.0)
    panel.ui.provenanceAgainButton.click()
    assert parameters.regionKind == RegionKind.box and parameters.regionFeather == 2.0
    again = parameters.regionROI
    assert (again is roi) == isKept
    assert again.GetSize() == pytest.approx((14.0, 10.0, 12.0))
    assert again.GetCenter() == pytest.approx((bounds[::2] + bounds[1::2]) / 2)
    before = person.volumes()
    person.press(panel)
    person.waitUntilReady(panel)
    (second,) = [node for node in person.volumes() if node not in before]
    np.testing.assert_array_equal(look.voxels(second), look.voxels(result))


def test_a_label_map_is_set_again(panel, phantom):
    from GANEnhancePanel.parameters import RegionKind

    parameters = panel.panel.parameterNode
    labels = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "Labels")
    mask = np.zeros((12, 24, 32), "int16")
    mask[3:9, 6:18, 8:24] = 2
    slicer.util.updateVolumeFromArray(labels, mask)
    labels.CopyOrientation(phantom)
    parameters.regionLabelMap, parameters.regionLabel = labels, 2
    parameters.regionKind = RegionKind.labelMap
    person.enhance(panel, "median")
    parameters.regionKind, parameters.regionLabelMap, parameters.regionLabel = RegionKind.whole, None, 0
    panel.ui.provenanceAgainButton.click()
    assert parameters.regionKind == RegionKind.labelMap
    assert (parameters.regionLabelMap, parameters.regionLabel) == (labels, 2)
    slicer.mrmlScene.RemoveNode(labels)
    panel.ui.provenanceAgainButton.click()
    assert parameters.regionKind == RegionKind.whole
    assert "mask of that run is not in the scene" in person.status(panel)


def test_the_menu_of_a_result_shows_and_runs_again(mainWindow, panel, phantom, ganenhanceModule):
    panel.ui.strengthSlider.value = 0.5
    (first,) = person.enhance(panel, "median")
    panel.ui.strengthSlider.value = 1.0
    person.enhance(panel, "median")
    ganenhanceModule.exit()
    assert harness.contextMenu(phantom) == []
    show, again = harness.contextMenu(first)
    assert show.text == "Show GANEnhance provenance"
    show.trigger()
    assert ganenhanceModule.widgetRepresentation().isEntered
    assert panel.ui.resultSelector.currentNode() is first
    assert not panel.ui.provenanceCollapsibleButton.collapsed
    assert "strength 0.5" in panel.ui.provenanceTextEdit.plainText
    panel.ui.strengthSlider.value = 0.9
    again.trigger()
    assert panel.ui.strengthSlider.value == 0.5
    assert "press Enhance" in person.status(panel)


def test_another_module_can_open_the_panel_for_a_volume(panel, phantom):
    (result,) = person.enhance(panel, "median")
    other = slicer.util.addVolumeFromArray(np.zeros((4, 5, 6), "int16"), name="Other")
    assert panel.setEditedNode(other) is True
    assert panel.ui.inputSelector.currentNode() is other
    assert panel.setEditedNode(result) is True
    assert panel.ui.resultSelector.currentNode() is result
    assert panel.setEditedNode(slicer.mrmlScene.AddNewNodeByClass("vtkMRMLModelNode")) is False


def test_provenance_is_read_from_a_loaded_scene(panel, phantom, tmp_path):
    person.enhance(panel, "median")
    panel.ui.provenanceShowButton.click()
    text = panel.ui.provenanceTextEdit.plainText
    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    assert panel.ui.provenanceTextEdit.plainText == ""
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    panel.enter()
    assert panel.ui.provenanceTextEdit.plainText == text
