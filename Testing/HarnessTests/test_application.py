"""The application stand-in: files, settings, subject hierarchy, life of a module, strict fixtures."""

import subprocess
import sys

import harness
import numpy as np
import ownprocess
import pytest

harness.start()
import qt  # noqa: E402
import slicer  # noqa: E402

pytestmark = pytest.mark.usefixtures("slicerApp")


@pytest.mark.parametrize("suffix", [".nrrd", ".nii.gz", ".mha"])
def test_volumes_are_written_and_read_with_their_geometry(tmp_path, volume, suffix):
    volume.SetSpacing(0.5, 2, 3)
    volume.SetIJKToRASDirections(0, -1, 0, 1, 0, 0, 0, 0, 1)
    assert slicer.util.saveNode(volume, str(tmp_path / f"volume{suffix}"))
    loaded = slicer.util.loadVolume(str(tmp_path / f"volume{suffix}"))
    assert (slicer.util.arrayFromVolume(loaded) == slicer.util.arrayFromVolume(volume)).all()
    matrices = [slicer.util.arrayFromVTKMatrix(m) for m in (matrix(volume), matrix(loaded))]
    np.testing.assert_allclose(*matrices, atol=1e-6)


def matrix(volume):
    """IJK-to-RAS matrix of a volume."""
    import vtk

    made = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(made)
    return made


def test_a_file_that_is_not_there_raises(slicerApp):
    with pytest.raises(RuntimeError):
        slicer.util.loadVolume("/no/such/volume.nrrd")
    with pytest.raises(RuntimeError):
        slicer.util.loadVolume("/no/such/volume.xyz")
    assert slicerApp.vtkErrors()


def test_new_volumes_have_a_subject_hierarchy_item(volume):
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    item = hierarchy.GetItemByDataNode(volume)
    assert item and hierarchy.GetItemName(item) == "Volume"
    assert hierarchy.GetItemByDataNode(slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceNode")) == 0


def test_settings_live_in_the_temporary_folder():
    qt.QSettings().setValue("Harness/Key", "value")
    assert qt.QSettings().fileName().startswith(slicer.app.temporaryPath)
    assert slicer.util.settingsValue("Harness/Key", "default") == "value"


def test_nothing_is_left_in_the_temporary_folder(tmp_path, monkeypatch):
    code = "import harness; harness.start(); import qt, slicer; qt.QSettings().setValue('a', 1)\n"
    code += "slicer.app.settings().setValue('b', 2); print(slicer.app.temporaryPath)"
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ownprocess.TESTING))
    run = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    assert run.stdout.startswith(str(tmp_path)) and list(tmp_path.iterdir()) == []


def test_functions_of_slicer_util_are_no_attributes_of_slicer():
    assert not hasattr(slicer, "arrayFromVolume") and not hasattr(slicer, "getNode")
    assert slicer.util.arrayFromVolume and slicer.vtkMRMLScalarVolumeNode


def test_there_is_no_main_window_and_no_dialog(caplog):
    assert slicer.app.layoutManager() is None and slicer.util.mainWindow() is None
    slicer.util.errorDisplay("This would be a dialog")
    assert "This would be a dialog" in caplog.text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("colors", "vtkSlicerColorLogic"),
        ("markups", "vtkSlicerMarkupsLogic"),
        ("segmentations", "vtkSlicerSegmentationsModuleLogic"),
        ("sequences", "vtkSlicerSequencesLogic"),
        ("volumes", "vtkSlicerVolumesLogic"),
    ],
)
def test_modules_of_slicer_have_their_real_logic(name, kind):
    assert getattr(slicer.modules, name).logic().GetClassName() == kind


def test_segmentations_and_sequences_are_written_and_read(tmp_path, volume):
    segmentation = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Organs")
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    identifier = segmentation.GetSegmentation().AddEmptySegment("liver", "Liver")
    mask = np.zeros((2, 3, 4), np.uint8)
    mask[1, 1, 1:3] = 1
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, segmentation, identifier, volume)
    assert slicer.util.saveNode(segmentation, str(tmp_path / "organs.seg.nrrd"))
    sequence = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceNode", "Cine")
    for frame in range(3):
        slicer.util.updateVolumeFromArray(volume, np.full((2, 3, 4), float(frame)))
        sequence.SetDataNodeAtValue(volume, str(frame))
    assert slicer.util.saveNode(sequence, str(tmp_path / "cine.seq.nrrd"))
    loaded = slicer.util.loadSegmentation(str(tmp_path / "organs.seg.nrrd"))
    found = slicer.util.arrayFromSegmentBinaryLabelmap(loaded, "liver", volume)
    assert (found == mask).all()
    cine = slicer.util.loadSequence(str(tmp_path / "cine.seq.nrrd"))
    assert cine.GetNumberOfDataNodes() == 3
    assert slicer.util.arrayFromVolume(cine.GetNthDataNode(2)).max() == 2


def test_nothing_is_installed():
    """`slicer.packaging` is left out until the panel needs it; what would use it fails loudly."""
    with pytest.raises(ModuleNotFoundError):
        slicer.util.pip_install("no-such-package-anywhere")


def test_waiting_ends_with_an_error_when_nothing_happens():
    with pytest.raises(AssertionError, match=r"within 0\.05 s"):
        harness.processEventsUntil(lambda: False, 0.05)


def test_a_person_applies_and_the_result_is_there(demo, volume):
    ui = demo.widget.ui
    assert not ui.applyButton.enabled
    ui.applyButton.click()
    ui.inputSelector.setCurrentNode(volume)
    ui.applyButton.click()
    harness.processEventsUntil(lambda: ui.statusLabel.text, 5)
    output = slicer.util.getNode(ui.statusLabel.text)
    assert slicer.util.arrayFromVolume(output).max() == 1.5 * 23


def test_closing_the_scene_gives_a_fresh_parameter_node(demo, volume):
    demo.widget.parameterNode.inputVolume, demo.widget.parameterNode.factor = volume, 3.5
    slicer.mrmlScene.Clear(0)
    assert demo.widget.parameterNode.inputVolume is None and demo.widget.parameterNode.factor == 1.5
    assert demo.widget.ui.factorSlider.value == 1.5
    demo.exit()
    slicer.mrmlScene.Clear(0)
    assert demo.widget.parameterNode is None, "the user is not in the module"


def test_what_the_module_says_of_itself_is_published(demo):
    module = slicer.modules.demo
    assert (module.name, module.title, module.categories) == ("Demo", "Demo", ("Testing",))
    assert slicer.util.getModule("Demo") is module and slicer.util.modulePath("Demo") == demo.path
    assert slicer.modules.DemoWidget is demo.widget and slicer.util.getModuleWidget("Demo") is demo.widget
    with pytest.raises(ValueError, match="loaded already"):
        harness.loadModule(demo.path)


def test_reload_makes_a_new_widget_and_cleans_the_old(demo, volume):
    old = demo.widget
    demo.reload()
    assert demo.widget is not old and type(demo.widget) is not type(old)
    assert old.parameterNode is None and not old.Observations
    demo.widget.ui.inputSelector.setCurrentNode(volume)
    assert demo.widget.ui.applyButton.enabled


def test_unloading_cleans_up_and_forgets_the_python_module(demo):
    widget = demo.widget
    demo.unload()
    assert widget.parameterNode is None and not widget.Observations and not demo.leftovers()
    assert "Demo" not in sys.modules and not hasattr(slicer.modules, "demo")
    assert slicer.app.moduleManager().module("Demo") is None


def test_a_timer_that_outlives_its_module_is_found(demo):
    timer = demo.widget.timer
    demo.widget.cleanup = lambda: None
    timer.start()
    demo.unload()
    assert [sentence for sentence in demo.leftovers() if "onTick" in sentence]
    timer.stop()
    assert not demo.leftovers()


FAILING = '''
"""Tests that must fail, and one that must pass."""

import harness


def test_exception_in_a_slot(slicerApp):
    import qt

    button = qt.QPushButton()
    button.connect("clicked()", lambda: 1 / 0)
    button.click()


def test_vtk_error(slicerApp):
    import vtk

    vtk.vtkImageMedian3D().Update()


def test_clean(slicerApp):
    assert not harness.recordedExceptions
'''


def test_the_fixture_fails_a_test_for_slot_exceptions_and_vtk_errors(tmp_path):
    (tmp_path / "test_failing.py").write_text(FAILING)
    (tmp_path / "conftest.py").write_text((ownprocess.TESTING / "conftest.py").read_text())
    arguments = ["-q", "--rootdir", str(tmp_path), "-o", "pythonpath=" + str(ownprocess.TESTING)]
    output = ownprocess.runPytest([tmp_path / "test_failing.py"], *arguments).stdout
    assert "3 passed, 2 errors" in output, output
    assert "ZeroDivisionError" in output and "ERROR: In vtk" in output
