"""What cannot be enhanced is told in the panel in words, nothing is left in the scene, and the next run
works.
"""

import os
import resource

import numpy as np
import person
import pytest
import slicer


def add(voxels, panel):
    """Add a volume and choose it as the input."""
    node = slicer.util.addVolumeFromArray(voxels, name="Input")
    panel.ui.inputSelector.setCurrentNode(node)
    return node


def assert_refused(panel, *words):
    """Press Enhance and read an error that has these words; no node may be new."""
    nodes = person.nodeCount()
    person.choose(panel.ui.modelComboBox, "median")
    person.press(panel)
    person.waitUntilReady(panel)
    text = person.status(panel)
    assert text.startswith("Error: "), text
    for word in words:
        assert word in text, text
    assert person.nodeCount() == nodes
    assert not person.leftFiles(panel)


def noise(shape=(6, 20, 24)):
    return np.random.default_rng(0).normal(300, 40, shape).astype("float32")


def test_without_input_the_button_says_what_is_missing(panel):
    assert not panel.ui.enhanceButton.enabled
    assert "No input volume" in panel.ui.enhanceButton.toolTip


def test_a_volume_without_voxels(panel):
    panel.ui.inputSelector.setCurrentNode(slicer.mrmlScene.AddNewNodeByClass(person.VOLUME))
    assert not panel.ui.enhanceButton.enabled
    assert "no voxels" in panel.ui.enhanceButton.toolTip


def test_vector_volumes_and_label_maps_are_not_offered(panel):
    for kind in ("vtkMRMLVectorVolumeNode", "vtkMRMLLabelMapVolumeNode"):
        panel.ui.inputSelector.setCurrentNode(slicer.mrmlScene.AddNewNodeByClass(kind))
        assert panel.ui.inputSelector.currentNode() is None


def test_the_input_as_output(panel, phantom):
    panel.ui.outputSelector.setCurrentNode(phantom)
    assert not panel.ui.enhanceButton.enabled
    assert "not the input" in panel.ui.enhanceButton.toolTip


@pytest.mark.parametrize(("value", "word"), [(np.nan, "NaN"), (np.inf, "infinite")])
def test_voxels_that_are_no_numbers(panel, value, word):
    voxels = noise()
    voxels[3, 4, 5] = value
    add(voxels, panel)
    assert_refused(panel, word)


def test_a_constant_volume(panel):
    add(np.full((6, 20, 24), 7, "int16"), panel)
    assert_refused(panel, "constant", "7")


def test_a_scalar_volume_that_looks_like_labels(panel):
    add((noise() > 300).astype("uint8"), panel)
    assert_refused(panel, "label map")


def test_a_grid_that_cannot_be(panel):
    node = add(noise(), panel)
    node.SetIJKToRASDirections(1, 0, 0, 1, 0, 0, 0, 0, 1)
    assert_refused(panel, "not invertible")


def test_a_modality_that_no_model_is_for(panel):
    node = add(noise(), panel)
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    hierarchy.SetItemAttribute(hierarchy.GetItemByDataNode(node), "DICOM.Modality", "PT")
    nodes = person.nodeCount()
    person.choose(panel.ui.modelComboBox, "median")
    person.press(panel)
    assert "PT" in person.status(panel)
    assert "MR, CT, US" in person.status(panel)
    assert person.nodeCount() == nodes
    panel.ui.modalityComboBox.setCurrentIndex(1)  # the user knows better
    assert len(person.enhance(panel, "median")) == 1


def test_automatic_says_what_it_takes(panel, phantom):
    person.choose(panel.ui.modelComboBox, "auto")
    assert "modality is not known" in panel.ui.modelNoteLabel.text
    assert "a classical filter is taken" in panel.ui.modelNoteLabel.text
    (result,) = person.enhance(panel, "auto")
    assert result.GetAttribute("GANEnhance.Model") in ("nlm", "anisotropic-diffusion")
    assert "modality is not known" in person.status(panel)
    panel.ui.modalityComboBox.setCurrentIndex(2)
    assert panel.ui.modelNoteLabel.text.startswith("Takes Non-local means; CT low dose is made")


def test_the_modality_is_read_from_the_subject_hierarchy(panel, phantom):
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    hierarchy.SetItemAttribute(hierarchy.GetItemByDataNode(phantom), "DICOM.Modality", "US")
    (result,) = person.enhance(panel, "median")
    assert result.GetAttribute("GANEnhance.Modality") == "US"


def test_the_modality_is_read_from_the_dicom_database(panel, phantom, monkeypatch):
    class Database:
        """The two names that are used of the database, which only the application has."""

        isOpen = True

        def instanceValue(self, uid, tag):
            return {("1.2.3", "0008,0060"): "CT"}.get((uid, tag), "")

    monkeypatch.setattr(slicer, "dicomDatabase", Database(), raising=False)
    phantom.SetAttribute("DICOM.instanceUIDs", "1.2.3 1.2.4")
    (result,) = person.enhance(panel, "median")
    assert result.GetAttribute("GANEnhance.Modality") == "CT"


def test_a_model_of_an_old_scene_that_is_not_installed(panel, phantom):
    panel.logic.getParameterNode().model = "long-gone"
    assert panel.ui.modelComboBox.currentText == "long-gone (not available)"
    assert "not installed" in panel.ui.modelNoteLabel.text
    assert not panel.ui.enhanceButton.enabled
    assert "long-gone" in panel.ui.enhanceButton.toolTip
    person.choose(panel.ui.modelComboBox, "median")
    assert panel.ui.enhanceButton.enabled


def test_a_broken_bundle_is_listed_with_its_reason(ganenhanceModule, tmp_path, monkeypatch):
    import harness

    (tmp_path / "broken" / "configs").mkdir(parents=True)
    (tmp_path / "broken" / "configs" / "metadata.json").write_text("{")
    panel = ganenhanceModule.widget
    panel.client.stop()
    monkeypatch.setenv("GANENHANCE_MODELS", str(tmp_path))
    panel.panel.models = []
    panel.enter()
    harness.processEventsUntil(lambda: panel.models, seconds=60)
    (entry,) = [model for model in panel.models if not model["available"] and "broken" in model["name"]]
    person.choose(panel.ui.modelComboBox, entry["name"])
    assert panel.ui.modelComboBox.currentText.endswith("(not available)")
    # Long paths have invisible spaces, where they may be wrapped.
    assert panel.ui.modelNoteLabel.text.replace("\u200b", "") == entry["reason"]
    assert not panel.ui.enhanceButton.enabled


def test_a_device_that_is_not_there(panel, phantom, network):
    import qt

    qt.QSettings().setValue("GANEnhance/Device", "cuda:7")
    panel.enter()
    nodes = person.nodeCount()
    try:
        panel.ui.modalityComboBox.setCurrentIndex(1)
        person.choose(panel.ui.modelComboBox, network)
        person.press(panel)
        person.waitUntilReady(panel)
    finally:
        qt.QSettings().setValue("GANEnhance/Device", "auto")
    assert "cuda:7" in person.status(panel)
    assert person.nodeCount() == nodes


def test_a_volume_of_another_modality_than_the_model_is_for(panel, phantom, network):
    nodes = person.nodeCount()
    panel.ui.modalityComboBox.setCurrentIndex(2)
    person.choose(panel.ui.modelComboBox, network)
    person.press(panel)
    person.waitUntilReady(panel)
    assert person.status(panel).startswith("Error: ")
    assert "CT" in person.status(panel) and "MR" in person.status(panel)
    assert person.nodeCount() == nodes


def test_a_model_whose_weights_were_changed(panel, phantom, network, tmp_path):
    nodes = person.nodeCount()
    weights = next((tmp_path / "models").rglob("*.onnx"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    panel.ui.modalityComboBox.setCurrentIndex(1)
    person.choose(panel.ui.modelComboBox, network)
    person.press(panel)
    person.waitUntilReady(panel)
    assert person.status(panel).startswith("Error: ")
    assert weights.name in person.status(panel)
    assert person.nodeCount() == nodes


def test_a_disk_that_is_full(panel):
    add(noise((20, 100, 100)), panel)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        assert_refused(panel, "cannot be copied", str(panel.client.folder), os.strerror(27))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert len(person.enhance(panel, "median")) == 1


def test_the_logic_refuses_what_the_panel_does_not_offer(panel):
    from GANEnhanceLib.errors import InputError, OptionError

    logic = panel.logic
    labels = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode")
    color = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLVectorVolumeNode")
    model = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLModelNode")
    good = slicer.util.addVolumeFromArray(noise())
    nodes = person.nodeCount()
    for node in (None, labels, color, model):
        with pytest.raises(InputError):
            logic.enhance(node, model="median")
    for output in (good, labels, color):
        with pytest.raises(InputError):
            logic.enhance(good, output, model="median")
    for options in (
        {"strength": 2.0},
        {"modality": "XX"},
        {"nonsense": 1},
        {"roi": ((0, 99), (0, 1), (0, 1))},
    ):
        with pytest.raises(OptionError):
            logic.enhance(good, model="median", **options)
    assert person.nodeCount() == nodes
