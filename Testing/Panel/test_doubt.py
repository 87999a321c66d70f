"""The doubt map: asked for by a tick, made by the real worker, a volume beside its result, never unasked."""

import json

import cine
import harness
import numpy as np
import person
import pytest
import slicer


@pytest.fixture
def mrPhantom(panel, phantom):
    """The phantom as an MR volume of gray values from 0 on."""
    array = slicer.util.arrayFromVolume(phantom)
    slicer.util.updateVolumeFromArray(phantom, (array - array.min()).astype(np.float32))
    panel.ui.modalityComboBox.setCurrentIndex(1)
    panel.enter()
    harness.processEventsUntil(lambda: panel.models, seconds=60)
    person.chooseModel(panel, "mr-denoise")
    return phantom


def both(volumes):
    """Return (result, map) of two new volumes."""
    (doubt,) = [node for node in volumes if node.GetNodeReference("GANEnhance.resultVolume")]
    (result,) = [node for node in volumes if node is not doubt]
    return result, doubt


def test_a_tick_brings_a_second_volume_in_the_place_of_the_result(panel, mrPhantom):
    assert panel.ui.doubtCheckBox.enabled
    assert "90%" in panel.ui.doubtCheckBox.toolTip and "no proof" in panel.ui.doubtCheckBox.toolTip
    panel.ui.doubtCheckBox.click()
    result, doubt = both(person.enhance(panel, "mr-denoise"))
    assert doubt.GetName() == f"{result.GetName()} doubt"
    assert doubt.GetNodeReference("GANEnhance.resultVolume") is result
    assert result.GetNodeReference("GANEnhance.doubtVolume") is doubt
    values, voxels = (slicer.util.arrayFromVolume(node) for node in (doubt, result))
    assert values.shape == voxels.shape and values.dtype == np.float32
    assert values.min() >= 0 and values.max() > 0
    from GANEnhancePanel.volumes import ijkToRASArray

    assert np.array_equal(ijkToRASArray(doubt), ijkToRASArray(result))
    said = doubt.GetAttribute("GANEnhance.Caption")
    assert said == "Doubt: 90% of the errors shall lie below it (strength 100%)"
    assert "not for diagnosis" in doubt.GetAttribute("GANEnhance.Notice")
    assert json.loads(doubt.GetAttribute("GANEnhance.DoubtQuantile")) == 0.9
    assert doubt.GetDisplayNode().GetWindow() > 0
    assert person.leftFiles(panel) == []


def test_nobody_who_did_not_ask_gets_one_and_models_without_a_map_say_so(panel, mrPhantom):
    assert len(person.enhance(panel, "mr-denoise")) == 1
    panel.ui.doubtCheckBox.click()
    person.chooseModel(panel, "median")
    assert not panel.ui.doubtCheckBox.enabled
    assert panel.ui.doubtCheckBox.toolTip == "The chosen model has no doubt map."
    assert len(person.enhance(panel, "median")) == 1
    person.chooseModel(panel, "auto")
    assert not panel.ui.doubtCheckBox.enabled and "by its name" in panel.ui.doubtCheckBox.toolTip
    person.chooseModel(panel, "mr-denoise")
    assert panel.ui.doubtCheckBox.enabled and panel.ui.doubtCheckBox.checked, "the wish is kept"


def test_a_second_run_into_the_same_volume_replaces_its_map_and_one_without_parts_from_it(panel, mrPhantom):
    panel.ui.doubtCheckBox.click()
    result, doubt = both(person.enhance(panel, "mr-denoise"))
    panel.ui.outputSelector.setCurrentNode(result)
    panel.panel.parameterNode.strength = 0.5
    assert person.enhance(panel, "mr-denoise") == []
    assert result.GetNodeReference("GANEnhance.doubtVolume") is doubt
    assert "strength 50%" in doubt.GetAttribute("GANEnhance.Caption")
    highest = doubt.GetDisplayNode().GetWindow()
    assert highest == pytest.approx(np.percentile(slicer.util.arrayFromVolume(doubt), 99.5), rel=0.2)
    panel.ui.doubtCheckBox.click()
    before = slicer.util.arrayFromVolume(doubt).copy()
    assert person.enhance(panel, "mr-denoise") == []
    assert result.GetNodeReference("GANEnhance.doubtVolume") is None
    assert doubt.GetAttribute("GANEnhance.Caption").endswith("of an earlier run")
    assert np.array_equal(slicer.util.arrayFromVolume(doubt), before)


def test_a_strength_that_is_tuned_afterwards_is_told_on_the_map_and_leaves_no_files(panel, mrPhantom):
    panel.ui.doubtCheckBox.click()
    result, doubt = both(person.enhance(panel, "mr-denoise"))
    before = slicer.util.arrayFromVolume(result).copy()
    panel.panel.parameterNode.strength = 0.5
    harness.processEventsUntil(lambda: not np.array_equal(slicer.util.arrayFromVolume(result), before), 60)
    said = doubt.GetAttribute("GANEnhance.Caption")
    assert said.endswith("(strength 100%); the result now has 50%")
    panel.panel.parameterNode.strength = 1.0
    harness.processEventsUntil(lambda: np.array_equal(slicer.util.arrayFromVolume(result), before), 60)
    assert doubt.GetAttribute("GANEnhance.Caption").endswith("(strength 100%)")
    panel.panel.parameterNode.useModelFidelity = False
    panel.panel.parameterNode.fidelity = 0.2
    person.waitSeconds(3)
    assert not [name for name in person.leftFiles(panel) if "doubt" in name]


def test_the_map_is_no_result_but_is_marked_and_comes_back_with_the_scene(panel, mrPhantom, tmp_path):
    panel.ui.doubtCheckBox.click()
    result, doubt = both(person.enhance(panel, "mr-denoise"))
    from GANEnhancePanel.comparing.pair import isResult, newestResult
    from GANEnhancePanel.provenance.annotation import textOf

    assert newestResult() is result and not isResult(doubt)
    assert panel.ui.resultSelector.currentNode() is result
    mark = textOf([doubt], 2000)
    assert "GANEnhance mr-denoise: not for diagnosis" in mark and "90% of the errors" in mark
    name = result.GetName()
    file = tmp_path / "scene.mrb"
    assert slicer.util.saveScene(str(file))
    slicer.mrmlScene.Clear(0)
    slicer.util.loadScene(str(file))
    again = slicer.util.getNode(name)
    assert again.GetNodeReference("GANEnhance.doubtVolume").GetName() == f"{name} doubt"
    assert panel.logic.getParameterNode().doubtMap


def test_the_map_of_a_finer_result_lies_on_the_finer_grid(panel, mrPhantom):
    mrPhantom.SetSpacing(1, 1, 4)
    panel.ui.doubtCheckBox.click()
    result, doubt = both(person.enhance(panel, "mr-superres"))
    assert slicer.util.arrayFromVolume(doubt).shape == slicer.util.arrayFromVolume(result).shape
    assert doubt.GetSpacing() == result.GetSpacing() != mrPhantom.GetSpacing()


def test_scripts_get_it_with_an_option_and_sequences_refuse_it(panel, mrPhantom):
    from GANEnhanceLib.errors import OptionError

    node = panel.logic.enhance(mrPhantom, model="mr-denoise", modality="MR", doubt=True)
    assert node.GetNodeReference("GANEnhance.doubtVolume") is not None
    node = panel.logic.enhance(mrPhantom, model="mr-denoise", modality="MR")
    assert node.GetNodeReference("GANEnhance.doubtVolume") is None
    with pytest.raises(OptionError, match="has no doubt map"):
        panel.logic.enhance(mrPhantom, model="median", modality="MR", doubt=True)
    sequence, _browser, _proxy = cine.makeCine(count=2)
    with pytest.raises(OptionError, match="Frames of a sequence get no doubt map"):
        panel.logic.enhanceSequence(sequence, model="mr-denoise", modality="MR", doubt=True)
