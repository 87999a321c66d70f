"""The choices and the result live in the scene: saved, loaded again, they are the same."""

import person
import pytest
import slicer


@pytest.mark.parametrize("suffix", [".mrb", ".mrml"])
def test_choices_and_results_come_back_with_the_scene(panel, phantom, tmp_path, suffix):
    panel.ui.strengthSlider.value = 0.75
    panel.ui.modelFidelityCheckBox.checked = False
    panel.ui.fidelitySlider.value = 0.25
    panel.ui.modalityComboBox.setCurrentIndex(3)
    panel.ui.voxelTypeComboBox.setCurrentIndex(1)
    panel.ui.outputSelector.addNode()
    result = panel.ui.outputSelector.currentNode()
    result.SetName("Result")
    person.enhance(panel, "median")
    parameters = result.GetAttribute("GANEnhance.Parameters")
    voxels = slicer.util.arrayFromVolume(result).copy()
    scene = tmp_path / ("scene" + suffix)
    if suffix == ".mrml":
        for node in person.volumes():
            slicer.util.saveNode(node, str(tmp_path / (node.GetName() + ".nrrd")))
    assert slicer.util.saveScene(str(scene))
    slicer.mrmlScene.Clear(0)
    assert panel.ui.strengthSlider.value == 1.0
    slicer.util.loadScene(str(scene))
    panel.enter()

    assert panel.ui.inputSelector.currentNode().GetName() == "Head"
    again = panel.ui.outputSelector.currentNode()
    assert again.GetName() == "Result"
    assert panel.ui.strengthSlider.value == 0.75
    assert not panel.ui.modelFidelityCheckBox.checked
    assert panel.ui.fidelitySlider.value == 0.25
    assert panel.ui.modalityComboBox.currentIndex == 3
    assert panel.ui.voxelTypeComboBox.currentIndex == 1
    assert panel.ui.modelComboBox.itemData(panel.ui.modelComboBox.currentIndex) == "median"
    assert again.GetAttribute("GANEnhance.Parameters") == parameters
    assert again.GetNodeReference("GANEnhance.sourceVolume") is panel.ui.inputSelector.currentNode()
    assert (slicer.util.arrayFromVolume(again) == voxels).all()


def test_the_first_volume_is_chosen_when_the_user_comes(ganenhanceModule):
    from GANEnhancePanel.phantom import makePhantom

    ganenhanceModule.exit()
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode")
    node = makePhantom()
    ganenhanceModule.enter()
    assert ganenhanceModule.widget.ui.inputSelector.currentNode() is node


def test_the_device_is_kept_on_the_computer_not_in_the_scene(panel):
    person.choose(panel.ui.deviceComboBox, "cpu")
    slicer.mrmlScene.Clear(0)
    assert panel.ui.deviceComboBox.itemData(panel.ui.deviceComboBox.currentIndex) == "cpu"
    assert slicer.util.settingsValue("GANEnhance/Device", "") == "cpu"
    person.choose(panel.ui.deviceComboBox, "auto")


def test_the_scene_is_not_changed_by_coming_and_going(ganenhanceModule, panel, phantom):
    nodes = person.nodeCount()
    for _time in range(5):
        ganenhanceModule.exit()
        ganenhanceModule.enter()
    assert person.nodeCount() == nodes
    panel.ui.strengthSlider.value = 0.3
    assert panel.logic.getParameterNode().strength == 0.3
