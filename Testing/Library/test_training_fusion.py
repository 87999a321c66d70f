"""Several registered modalities as input channels: learned from, judged, and one of them may be missing."""

import numpy as np
import pytest
import torch
import training_folders as folders
import yaml

from GANEnhanceLib.cli import main
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.training.config import parse_config
from GANEnhanceLib.training.data.build import build_data
from GANEnhanceLib.training.loop.checkpoints import read_state
from GANEnhanceLib.training.start import start_run

SHAPE = (12, 32, 32)
CHANNELS = {"2d": 2, "2.5d": 6, "3d": 2}


@pytest.fixture(scope="module")
def registered(tmp_path_factory):
    """Folders t1 (noisy), t2 (the same anatomy in another contrast) and target (t1 without noise)."""
    folder = tmp_path_factory.mktemp("registered")
    for number, name in enumerate(("a.nii.gz", "b.nii.gz", "c.nii.gz")):
        rng = np.random.default_rng(number)
        clean = np.kron(rng.uniform(20, 200, (3, 4, 4)), np.ones((4, 8, 8))).astype(np.float32)
        folders.save(folder / "target" / name, clean)
        folders.save(folder / "t1" / name, clean + rng.normal(0, 20, SHAPE).astype(np.float32))
        folders.save(folder / "t2" / name, 250 - clean + rng.normal(0, 4, SHAPE).astype(np.float32))
    return folder


def settings(folder, dimensions, steps, **patches):
    """A run of a small U-Net that is given t1 and t2."""
    data = folders.paired(folder, ("t1", "t2"))
    data["patches"] = {"dimensions": dimensions, "slices": 3, "size": 16, "depth": 8, "batch": 4, **patches}
    network = {
        "channels_in": CHANNELS[dimensions],
        "features": 8,
        "dimensions": 3 if dimensions == "3d" else 2,
    }
    stage = {"name": "train", "step": "paired", "steps": steps, "ema": 0.9}
    stage["generator"] = {"learning_rate": 1e-3, "betas": [0.9, 0.999]}
    values = folders.values(
        data,
        name="fused",
        networks={"generator": {"architecture": "unet", "arguments": network}},
        stages=[stage],
        logging={"every": 50, "pictures_every": 100, "tensorboard": False},
        validation={"every": steps, "classical": "none", "slices": 4},
    )
    return parse_config(yaml.safe_dump(values))


@pytest.mark.parametrize("dimensions", CHANNELS)
def test_a_run_of_two_modalities_is_trained_and_judged(registered, tmp_path, dimensions):
    config = settings(registered, dimensions, 3, channel_drop=0.3)
    assert start_run(config, tmp_path / "fused", tmp_path / "data")
    log = [yaml.safe_load(line) for line in (tmp_path / "fused" / "log.jsonl").read_text().splitlines()]
    (judged,) = [line for line in log if line["kind"] == "validation"]
    assert {"psnr", "input_psnr"} <= set(judged) and np.isfinite(judged["psnr"])


def test_channel_drop_makes_a_missing_modality_tolerable(registered, tmp_path):
    """Trained with both always there, the network leans on t2; with drops it still works without it."""
    errors = {}
    for name, drop in (("always", 0.0), ("dropped", 0.4)):
        config = settings(registered, "2d", 200, channel_drop=drop)
        torch.set_num_threads(1)
        assert start_run(config, tmp_path / name, tmp_path / "data")
        network = config.networks.generator
        generator = build_network(network.architecture, **network.arguments)
        generator.load_state_dict(read_state(tmp_path / name / "stages" / "train.pt"))
        batch = held_out_batch(config, tmp_path)
        given, target = batch["input"], batch["target"]
        without = given.clone()
        without[:, 0] = 0.0  # the first one is in the middle, where networks correct it
        with torch.inference_mode():
            errors[name] = [float((generator(each) - target).abs().mean()) for each in (given, without)]
        errors["input"] = [float((given[:, 1:] - target).abs().mean())]
    assert errors["always"][0] < 0.6 * errors["input"][0], "t2 has to help"
    assert errors["dropped"][1] < 0.8 * errors["always"][1]
    assert errors["dropped"][0] < errors["dropped"][1] < 0.8 * errors["input"][0]


def held_out_batch(config, folder):
    """Return slices of the volume that judges the run, t2 and t1 as channels, and their target."""
    (held,) = build_data(config, folder / "data").validation_volumes
    scaled = {name: held.scaling.forward(each.voxels) for name, each in held.inputs.items()}
    given = np.stack([scaled["t2"], scaled["t1"]], axis=1).astype(np.float32)
    target = held.scaling.forward(held.target.voxels)[:, np.newaxis].astype(np.float32)
    return {"input": torch.from_numpy(given), "target": torch.from_numpy(target)}


def test_export_says_that_panel_and_command_give_a_model_one_volume(registered, tmp_path, capsys):
    config = settings(registered, "2d", 2)
    assert start_run(config, tmp_path / "fused", tmp_path / "data")
    assert main(["export", str(tmp_path / "fused"), str(tmp_path / "model")]) == 2
    told = capsys.readouterr().err
    assert "takes 2 images at once (t1, t2), but panel and command give a model one volume" in told
    assert not (tmp_path / "model").exists()
