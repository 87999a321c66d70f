"""A model that a person trained runs in the panel: a run of a few steps, exported, added and used."""

import subprocess
import sys

import harness
import numpy as np
import person
import person_choosing as choosing
import pytest
import slicer
import yaml

STEPS = 3


@pytest.fixture
def exported(request, tmp_path):
    """The folder of a model that the command made of a run of some steps."""
    library = str(request.config.rootpath / "Testing" / "Library")
    sys.path.insert(0, library)
    try:
        import training_cases
    finally:
        sys.path.remove(library)
    values = training_cases.values((STEPS, STEPS), name="own-denoiser", card={"title": "My own denoiser"})
    values["data"]["clean"] = [{"sources": ["sample-t1-head"]}, {"sources": ["sample-b0"]}]
    values["data"]["split"] = {"validation": 0.5}
    values["validation"] = {"every": 50, "slices": 1, "levels": [5], "classical": "none"}
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(values))
    # In one process, which imports PyTorch once, but not in this one: the panel's never does.
    commands = [
        ["train", "own.yaml", "--set", "threads=1"],
        ["export", "runs/own-denoiser", "models/own", "--even-if-worse"],
    ]
    code = f"from GANEnhanceLib.cli import main; print([main(words) for words in {commands}])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, text=True, capture_output=True, timeout=120
    )
    assert done.stdout.endswith("[0, 0]\n"), done.stdout + done.stderr
    return tmp_path / "models" / "own"


def test_a_model_of_ones_own_is_trained_added_and_enhances(panel, phantom, exported, tmp_path, monkeypatch):
    monkeypatch.setenv("GANENHANCE_MODELS", str(tmp_path / "added"))
    choosing.restart(panel)
    harness.answers.files.append(str(exported))
    choosing.action(panel, "Add from a folder").trigger()
    choosing.waitUntilAdded(panel)
    assert choosing.message(panel).startswith('Added "My own denoiser" (')
    harness.processEventsUntil(lambda: any(each["name"] == "own-denoiser" for each in panel.models), 60)
    panel.ui.modalityComboBox.setCurrentIndex(1)
    choosing.waitForVerdicts(panel)
    before = slicer.util.arrayFromVolume(phantom).copy()
    (result,) = person.enhance(panel, "own-denoiser")
    assert result.GetAttribute("GANEnhance.Model") == "own-denoiser"
    after = slicer.util.arrayFromVolume(result)
    assert after.shape == before.shape and np.isfinite(after).all() and not np.array_equal(after, before)
    assert np.array_equal(slicer.util.arrayFromVolume(phantom), before)
    panel.ui.modelMoreButton.checked = True
    card = choosing.card(panel)
    assert "simulated noise: input " in card and "this model " in card, "what was measured of it"
