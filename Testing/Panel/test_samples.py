"""A sample is one click away: a real volume in the scene, seen, chosen, and known to be MR."""

import time
from pathlib import Path

import harness
import numpy as np
import person
import pytest

harness.start()
import SampleData  # noqa: E402
import slicer  # noqa: E402
import vtk  # noqa: E402
from vtk.util import numpy_support  # noqa: E402

HEAD, CLEAN, BRAIN = "MR head, noise added", "MR head, T1-weighted", "MR brain, diffusion b=0 (noisy)"


def fromFile(name):
    """Return the voxels of a shipped sample as the library reads them."""
    from GANEnhanceLib.samples import sample_path
    from GANEnhanceLib.volume import read_volume

    return read_volume(sample_path(name))


def test_one_click_loads_shows_and_chooses_the_head(panel):
    began = time.perf_counter()
    panel.ui.loadSampleButton.click()
    took = time.perf_counter() - began
    (node,) = person.volumes()
    assert node.GetName() == HEAD
    assert panel.ui.inputSelector.currentNode() is node
    assert person.status(panel) == f"{HEAD} is loaded: press Enhance."
    sample = fromFile("t1-head-noise")
    assert np.array_equal(slicer.util.arrayFromVolume(node), sample.voxels)
    from GANEnhancePanel.volumes import ijkToRASArray

    np.testing.assert_allclose(ijkToRASArray(node), sample.ijk_to_ras, atol=1e-4)
    # The scene is saved with the voxels, not with a path into the extension.
    assert node.GetStorageNode() is None
    assert not slicer.util.getNodesByClass("vtkMRMLStorageNode")
    assert took < 2


def test_it_is_shown_in_the_views(mainWindow, panel):
    panel.ui.loadSampleButton.click()
    (node,) = person.volumes()
    views = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
    assert len(views) >= 3
    assert {view.GetBackgroundVolumeID() for view in views} == {node.GetID()}


def test_auto_takes_the_network_for_it(panel):
    panel.ui.loadSampleButton.click()
    assert panel.panel.modality() == "MR"
    person.choose(panel.ui.modelComboBox, "auto")
    person.press(panel)
    person.waitUntilReady(panel)
    (result,) = [node for node in person.volumes() if node.GetName() != HEAD]
    assert result.GetAttribute("GANEnhance.Model") == "mr-denoise"


def test_the_menu_has_all_samples(panel):
    button = panel.ui.loadSampleButton
    actions = button.menu().actions()
    assert [action.text for action in actions] == [HEAD, CLEAN, BRAIN]
    # The menu key opens it as well.
    import qt

    assert not button.menu().visible
    key = qt.QContextMenuEvent(qt.QContextMenuEvent.Keyboard, qt.QPoint(2, 2), qt.QPoint(2, 2))
    slicer.app.sendEvent(button, key)
    assert button.menu().visible
    button.menu().close()
    actions[2].trigger()
    (node,) = person.volumes()
    assert panel.ui.inputSelector.currentNode() is node and node.GetName() == BRAIN
    assert np.array_equal(slicer.util.arrayFromVolume(node), fromFile("b0").voxels)


def test_twice_makes_two(panel):
    panel.ui.loadSampleButton.click()
    panel.ui.loadSampleButton.click()
    assert len(person.volumes()) == 2
    assert panel.ui.inputSelector.currentNode() is person.volumes()[1]


def test_a_missing_file_is_told(panel, installTree):
    path = Path(installTree) / "GANEnhanceLib" / "samples" / "t1-head-noise.nii.gz"
    away = path.rename(path.with_suffix(".away"))
    try:
        panel.ui.loadSampleButton.click()
    finally:
        away.rename(path)
    assert "The file t1-head-noise.nii.gz of sample 't1-head-noise' is missing." in person.status(panel)
    assert person.volumes() == []


def test_the_samples_are_in_sample_data(ganenhanceModule):
    sources = SampleData.SampleDataLogic.sampleDataSourcesByCategory("GANEnhance")
    assert [source.sampleName for source in sources] == [HEAD, CLEAN, BRAIN]
    for source in sources:
        (uri,) = source.uris
        assert uri.startswith("file://")
        reader = vtk.vtkPNGReader()
        reader.SetFileName(source.thumbnailFileName)
        reader.Update()
        assert reader.GetOutput().GetDimensions() == (260, 280, 1)
        gray = numpy_support.vtk_to_numpy(reader.GetOutput().GetPointData().GetScalars())
        assert 10 < gray.mean() < 200 and gray.std() > 20


def test_sample_data_loads_the_file_and_checks_it(ganenhanceModule):
    node = SampleData.downloadSample(HEAD)
    assert np.array_equal(slicer.util.arrayFromVolume(node), fromFile("t1-head-noise").voxels)


def test_the_modality_of_a_sample_that_a_script_loads(panel):
    node = SampleData.downloadSample(HEAD)
    panel.ui.inputSelector.setCurrentNode(node)
    assert panel.panel.modality() == "MR"
    # Another volume in the place of the sample is not the sample.
    path = Path(node.GetStorageNode().GetFileName())
    path.write_bytes(path.read_bytes()[:-1])
    assert panel.panel.modality() is None
    path.unlink()
    assert panel.panel.modality() is None


def test_the_button_of_sample_data_knows_the_modality(ganenhanceModule):
    source = SampleData.SampleDataLogic.sampleDataSourcesByCategory("GANEnhance")[0]
    source.customDownloader(source)  # what the button does
    (node,) = person.volumes()
    assert node.GetAttribute("GANEnhance.Modality") == "MR"


@pytest.mark.parametrize("name", ["t1-head-noise", "t1-head", "b0"])
def test_the_thumbnails_are_of_the_samples(ganenhanceModule, name, request):
    """Made by the script, from these volumes."""
    import subprocess
    import sys
    import tempfile

    pytest.importorskip("PIL")
    script = request.config.rootpath / "Testing" / "scripts" / "make_thumbnails.py"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, script, folder], check=True, capture_output=True)
        made = (Path(folder) / f"GANEnhanceSample-{name}.png").read_bytes()
    shipped = request.config.rootpath / "GANEnhance" / "Resources" / "Icons" / f"GANEnhanceSample-{name}.png"
    assert pixels(made) == pixels(shipped.read_bytes())


def pixels(png):
    """Return size and gray values of a PNG."""
    import io

    from PIL import Image

    image = Image.open(io.BytesIO(png))
    return image.size, image.tobytes()


def test_the_views_survive_without_a_main_window(panel):
    assert slicer.app.layoutManager() is None
    panel.ui.loadSampleButton.click()
    assert len(person.volumes()) == 1
    assert not harness.recordedExceptions
