"""Export: the bundle gives the voxels of its trainer, and a model below its own input is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import training_cases as cases

import GANEnhanceLib.training
from GANEnhanceLib.errors import InputError
from GANEnhanceLib.models import load_model
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.training.export import export
from GANEnhanceLib.training.loop.run import TrainingRun
from GANEnhanceLib.volume import Volume

CARD = Path(GANEnhanceLib.training.__file__).parent / "recipes" / "mr-denoise.card.json"


def trained(folder, steps=(20, 10)):
    settings = cases.config(steps)
    run = TrainingRun(settings, cases.sampler(settings), folder)
    run.train()
    return settings, {stage.name: run.folder.stage_weights(stage.name) for stage in settings.stages}


def test_an_exported_run_is_a_model_that_gives_the_voxels_of_its_trainer(tmp_path):
    from GANEnhanceLib.inference import EnhanceOptions, run

    settings, weights = trained(tmp_path / "run")
    model = load_model(export(settings, weights, CARD, tmp_path / "mr-denoise"))
    volume = Volume(cases.phantom((5, 33, 28)), np.diag([-1.0, -1.0, 1.0, 1.0]), modality="MR")
    options = EnhanceOptions(device="openvino", precision="float32", axis="k", output_type="float32")
    found = run(volume, model, options)
    generator = build_network("residual-unshuffle", **cases.TINY)
    generator.load_state_dict(torch.load(weights["fidelity"], weights_only=True))
    scaled = found.scaling.forward(volume.voxels)
    stack = np.pad(scaled[np.clip(2 + np.arange(-2, 3), 0, 4)], ((0, 0), (0, 1), (0, 0)), mode="edge")
    with torch.inference_mode():
        expected = generator(torch.from_numpy(stack)[None]).numpy()[0, 0, :33]
    # Far from the padded edge, where the engine may pad otherwise.
    inside = (2, slice(0, 16), slice(None))
    assert np.allclose(found.scaling.forward(found.volume.voxels)[inside], expected[:16], atol=1e-4)


def test_a_model_below_its_own_input_is_not_exported(tmp_path):
    settings, weights = trained(tmp_path / "run", (1, 1))
    bars = [{"bar": "never below its input, fidelity 1 (worst: x, 1 %)", "lead_db": -0.4, "held": False}]
    figures = tmp_path / "figures.json"
    figures.write_text(
        json.dumps({"bars": bars, "summary": [], "rows": [], "precision": {}, "fidelity_default": 1.0})
    )
    with pytest.raises(InputError, match="0.40 dB below its own input"):
        export(settings, weights, CARD, tmp_path / "bundle", figures)
    assert not (tmp_path / "bundle").exists()
