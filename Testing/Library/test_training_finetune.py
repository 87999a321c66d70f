"""Training further from a model: its weights, network and scaling hold, and the new card says so."""

import json

import numpy as np
import pytest
import torch
import training_cases as cases
import training_folders as folders
import yaml

from GANEnhanceLib.cli import main
from GANEnhanceLib.errors import GANEnhanceError, ModelError, OptionError
from GANEnhanceLib.models import load_model
from GANEnhanceLib.networks.doubt import generator_state
from GANEnhanceLib.training.config import load_config, parse_config
from GANEnhanceLib.training.finetune import begin_with, load_finetune_config, read_start
from GANEnhanceLib.training.loop.folder import RunFolder

pytestmark = pytest.mark.usefixtures("one_thread")


def write(folder, **changes):
    data = folders.fill(folder / "own", ("doe/a.nrrd", "roe/b.nrrd"), (10, 32, 32))
    settings = cases.values(
        (3, 2),
        name="further",
        data={
            "kind": "clean",
            "clean": [{"folder": str(data)}],
            "split": {"validation_patients": ["doe"]},
            "patches": {"dimensions": "2.5d", "slices": 5, "size": 16, "batch": 2},
        },
        validation={"every": 3, "levels": [6], "slices": 2, "classical": "median"},
    )
    for stage in settings["stages"]:
        stage["generator"]["learning_rate"] = 1e-6
    path = folder / "further.yaml"
    path.write_text(yaml.safe_dump({**settings, **changes}))
    return path


def test_a_run_begins_with_the_shipped_model_and_its_card_says_so(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path, shipped = write(tmp_path), load_model("mr-denoise")
    assert main(["finetune", "mr-denoise", str(path), "--set", "seed=3"]) == 0
    told = capsys.readouterr()
    assert "The generator is the model's, residual-unshuffle" in told.err
    run = tmp_path / "runs" / "further"
    assert load_config(run / "config.yaml").seed == 3
    tuned = torch.load(RunFolder(run).stage_weights("fidelity"), weights_only=True)
    own = generator_state(shipped.weights("fidelity"))
    for key, each in own.items():
        # Three steps of 1e-6: no random weights.
        assert np.allclose(tuned[key], each, atol=1e-4)
    assert any(not np.array_equal(tuned[key], each) for key, each in own.items())
    assert main(["export", str(run), "mine"]) == 0
    card = load_model(tmp_path / "mine").card
    assert card.scaling["percentile"] == shipped.card.scaling["percentile"]
    assert card.network.arguments == shipped.card.network.arguments["arguments"]
    assert (
        f"Begun with the weights of mr-denoise {shipped.card.version} (sha256 {shipped.sha256})" in card.data
    )
    assert card.raw["training"]["configuration"]["start"]["sha256"] == shipped.sha256
    assert str(shipped.folder) not in json.dumps(card.raw)
    assert main(["finetune", "mr-denoise", str(path), "--set", "seed=3"]) == 2
    assert "holds a run already" in capsys.readouterr().err
    assert main(["train", "--resume", str(run)]) == 0


def test_the_generator_may_be_left_out_and_the_perceptual_weights_taken(tmp_path):
    path = write(tmp_path, networks={"discriminator": {"architecture": "patch-discriminator"}})
    config, sentences = load_finetune_config("mr-denoise", path, (), "perceptual")
    assert sentences == []
    shipped = load_model("mr-denoise").card.network.arguments["arguments"]
    assert config.networks.generator.arguments == shipped
    assert config.start.weights == "perceptual" and config.scaling.percentile == 99.5


def test_another_scaling_is_said(tmp_path):
    path = write(tmp_path, scaling={"name": "unit"})
    _, sentences = load_finetune_config("mr-denoise", path)
    assert any("scaling is the model's" in sentence and "'unit'" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (("modality=CT",), "configuration is for CT, but the model mr-denoise for MR"),
        (("data.patches.slices=3",), "takes patches of 2.5d with slices: 5, but .* are 2.5d with slices: 3"),
        (("data.patches.dimensions=2d",), "takes patches of 2.5d with slices: 5, but .* are 2d"),
        (("seeed=1",), "'seeed' is unknown. Did you mean 'seed'"),
    ],
)
def test_data_that_the_model_cannot_take_are_refused(changes, told, tmp_path):
    with pytest.raises(OptionError, match=told):
        load_finetune_config("mr-denoise", write(tmp_path), changes)


def test_filters_cannot_be_trained(tmp_path):
    with pytest.raises(ModelError, match="median cannot be trained further"):
        load_finetune_config("median", write(tmp_path))
    with pytest.raises(GANEnhanceError, match="nothing-like-it"):
        load_finetune_config("nothing-like-it", write(tmp_path))


def test_another_model_in_that_folder_is_noticed_and_kept_weights_are_enough(tmp_path):
    config, _ = load_finetune_config("mr-denoise", write(tmp_path))
    start = config.start.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(ModelError, match="is not the one to begin with"):
        read_start(start, RunFolder(tmp_path / "run"))
    state = read_start(config.start, RunFolder(tmp_path / "run"))
    gone = config.start.model_copy(update={"bundle": tmp_path / "gone"})
    again = read_start(gone, RunFolder(tmp_path / "run"))
    assert all(torch.equal(state[key], again[key]) for key in state)
    with pytest.raises(ModelError, match="do not fit the generator"):
        begin_with(torch.nn.Conv2d(1, 1, 3), state, start)


def test_a_configuration_may_name_the_model_itself(tmp_path):
    config, _ = load_finetune_config("mr-denoise", write(tmp_path))
    text = yaml.safe_dump(config.model_dump(mode="json"))
    assert parse_config(text) == config
