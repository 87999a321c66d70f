"""Panel, logic (waiting or not, volume or frame), worker session and command give the same voxels, bit for
bit, for the same options.
"""

import subprocess
import sys

import numpy as np
import person
import pytest
import slicer

OPTIONS = {"strength": 0.7}


@pytest.fixture(params=["median", "anisotropic-diffusion", "network"])
def model(request):
    """A model's name and modality; "network" is a tiny real generator."""
    if request.param == "network":
        return request.getfixturevalue("network"), "MR"
    return request.param, None


def test_all_ways_give_one_result(panel, phantom, model, tmp_path):
    from GANEnhanceLib.inference.options import EnhanceOptions
    from GANEnhanceLib.volume import read_volume
    from GANEnhanceLib.worker_session import WorkerSession

    name, modality = model
    panel.ui.strengthSlider.value = OPTIONS["strength"]
    panel.ui.modalityComboBox.setCurrentIndex(1 if modality else 0)
    (node,) = person.enhance(panel, name)
    results = {"panel": slicer.util.arrayFromVolume(node)}

    results["logic"] = slicer.util.arrayFromVolume(
        panel.logic.enhance(phantom, model=name, modality=modality, **OPTIONS)
    )

    handle = panel.logic.enhance(
        phantom, model=name, modality=modality, wait=False, session=panel.client, **OPTIONS
    )
    results["handle"] = slicer.util.arrayFromVolume(handle.wait(60))

    sequence = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceNode")
    sequence.SetDataNodeAtValue(phantom, "0")
    sequence = panel.logic.enhanceSequence(sequence, model=name, modality=modality, **OPTIONS)
    results["frame"] = slicer.util.arrayFromVolume(sequence.GetNthDataNode(0))

    source, target = tmp_path / "source.nrrd", tmp_path / "target.nrrd"
    assert slicer.util.saveNode(phantom, str(source))
    command = [
        sys.executable,
        "-m",
        "GANEnhanceLib.cli",
        "enhance",
        str(source),
        str(target),
        "--model",
        name,
    ]
    command += ["--strength", str(OPTIONS["strength"])] + (["--modality", modality] if modality else [])
    done = subprocess.run(command, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    results["command"] = slicer.util.arrayFromVolume(slicer.util.loadVolume(str(target)))

    volume = read_volume(source)
    if modality:
        volume = type(volume)(volume.voxels, volume.ijk_to_ras, modality)
    with WorkerSession() as session:
        results["session"] = session.enhance(volume, name, EnhanceOptions(**OPTIONS))[0].voxels

    assert not np.array_equal(results["panel"], slicer.util.arrayFromVolume(phantom))
    for way, voxels in results.items():
        assert voxels.dtype == results["panel"].dtype, way
        np.testing.assert_array_equal(voxels, results["panel"], err_msg=way)
