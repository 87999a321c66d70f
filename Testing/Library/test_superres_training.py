"""Super-resolution learned: what patches are, what the card says, and whole runs that the command uses."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
import training_cases as cases
import yaml
from pydantic import TypeAdapter, ValidationError
from scipy.ndimage import map_coordinates

from GANEnhanceLib.cli import main
from GANEnhanceLib.degrade.coarse_grid import measure_coarsely
from GANEnhanceLib.finer.lattice import Lattice
from GANEnhanceLib.metrics import psnr
from GANEnhanceLib.models import load_model
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.training.card import make_card, super_resolution_of
from GANEnhanceLib.training.config import parse_config
from GANEnhanceLib.training.config.degradation import DegradationConfig
from GANEnhanceLib.training.config.template import read_template
from GANEnhanceLib.training.data.degraded import make_degradation
from GANEnhanceLib.volume import Volume, read_volume, write_volume


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def type_in(*words):
    """Run `ganenhance` with these words, as a person does but in this process; it must succeed."""
    assert main([str(word) for word in words]) == 0


def resolution(**settings):
    """The degradation of plain values, with the values."""
    config = TypeAdapter(DegradationConfig).validate_python({"kind": "resolution", **settings})
    return config, make_degradation(config)


def test_rows_are_averaged_and_interpolated_back():
    """Boxes of whole voxels without noise, beside numpy's mean and scipy's splines."""
    planes = np.random.default_rng(0).random((3, 24, 20)).astype(np.float32)
    made = measure_coarsely(planes, 3.0, "box", 0.0, np.random.default_rng(0))
    coarse = planes.reshape(3, 8, 3, 20).mean(axis=2)
    rows = (np.arange(24) + 0.5) / 3 - 0.5
    for plane, given in zip(coarse, made, strict=True):
        for column in range(20):
            expected = map_coordinates(plane[:, column].astype(float), [rows], order=3, mode="mirror")
            np.testing.assert_allclose(given[:, column], expected, atol=1e-5)


@pytest.mark.parametrize("profile", ["box", "gaussian", "kspace"])
@pytest.mark.parametrize("factor", [2.0, 2.7, 4.0])
def test_patches_are_what_the_engine_will_interpolate(profile, factor):
    """A patch at its level is the volume that a coarse one gives on its finer grid, where the ends agree."""
    coarse_rows = 12
    fine_rows = round(coarse_rows * factor)
    factor = fine_rows / coarse_rows
    volume = np.random.default_rng(1).random((fine_rows, 5, 6)).astype(np.float32)
    lattice = Lattice((coarse_rows, 5, 6), volume.shape, {0: profile})
    interpolated = np.empty(volume.shape, np.float32)
    for _ in lattice.interpolate(lattice.sample(volume).astype(np.float32), interpolated):
        pass
    planes = np.moveaxis(volume, 1, 0)  # slices across the thick ones, the refined axis along the rows
    made = measure_coarsely(planes, factor, profile, 0.0, np.random.default_rng(0))
    np.testing.assert_allclose(np.moveaxis(made, 0, 1), interpolated, atol=1e-5)


def test_a_constant_stays_and_noise_has_its_level():
    """Noise is of the coarse voxels: its rows are correlated afterwards, its columns are not."""
    flat = np.full((40, 48, 48), 1.0, np.float32)
    same = measure_coarsely(flat, 3.3, "gaussian", 0.0, np.random.default_rng(0), 0.25, 2.0)
    np.testing.assert_allclose(same, 1.0, atol=1e-5)
    noisy = measure_coarsely(flat, 3.0, "box", 0.02, np.random.default_rng(0)) - 1.0
    assert 0.75 * 0.02 < noisy.std() < 1.05 * 0.02  # a spline smooths between the centers
    rows = np.mean(noisy[:, 1:] * noisy[:, :-1]) / noisy.var()
    columns = np.mean(noisy[..., 1:] * noisy[..., :-1]) / noisy.var()
    assert rows > 0.7 and abs(columns) < 0.05


def test_in_plane_patches_lose_detail_along_columns_too():
    """Without in_plane_share columns stay; with it some lose them."""
    stripes = np.broadcast_to((np.arange(48) % 2).astype(np.float32), (1, 48, 48)).copy()
    for share, changes in ((0.0, False), (1.0, True)):
        _, made = resolution(in_plane_share=share, percent_high=0.0)
        kept = [made.apply(stripes, np.random.default_rng(seed)).std(axis=-1).mean() for seed in range(12)]
        assert (min(kept) < 0.4) == changes


def test_factors_must_rise():
    with pytest.raises(ValidationError, match="factor_low is 5"):
        resolution(factor_low=5.0, factor_high=3.0)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"through_plane": {"factors": [2.0, 4.0], "profile": "gaussian"}}),
        (
            {"profile": "box", "in_plane_share": 0.3, "in_plane_factor": 1.8, "factor_high": 3.5},
            {
                "through_plane": {"factors": [2.0, 3.5], "profile": "box"},
                "in_plane": {"factors": [1.1, 1.8], "profile": "kspace"},
            },
        ),
    ],
)
def test_the_card_states_what_was_learned(settings, expected):
    config = cases.config(degradations=[{"kind": "resolution", **settings}], task="super-resolution")
    assert super_resolution_of(config) == expected
    # While it is judged, the volumes are on the fine grid already, so the network runs as it is.
    generator = build_network("residual-unshuffle", **cases.TINY)
    assert make_card(config, generator).super_resolution is None


def test_other_trainings_state_no_finer_grid():
    assert super_resolution_of(cases.config()) is None


def balls(shape, rng) -> np.ndarray:
    """Tissues with sharp borders that lie anywhere, int16 (k, j, i)."""
    k, j, i = np.meshgrid(*map(np.arange, shape), indexing="ij")
    voxels = np.full(shape, 60, np.int16)
    for _ in range(40):
        place, radius = rng.uniform(0, shape), rng.uniform(3, 9)
        inside = (k - place[0]) ** 2 + (j - place[1]) ** 2 + (i - place[2]) ** 2 < radius**2
        voxels[inside] = rng.integers(40, 240)
    return voxels


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A phantom on a fine grid, one with thick slices, and the model of a run of seconds on the fine one."""
    folder = tmp_path_factory.mktemp("superres")
    rng = np.random.default_rng(5)
    names = {}
    for patient in ("one", "two"):
        voxels = balls((48, 48, 44), rng)
        names[patient] = folder / f"{patient}.nii.gz"
        write_volume(Volume(voxels, np.eye(4)), names[patient])
    values = yaml.safe_load(read_template("paired-mr-superres"))
    values["data"]["clean"] = [{"files": [str(path)], "modality": "MR"} for path in names.values()]
    values["data"]["split"] = {"validation_patients": ["two"]}
    values["data"]["patches"] |= {"size": 32, "contrasts": 0.0}
    values["degradations"][0] |= {"in_plane_share": 0.0, "percent_high": 0.5}
    values["networks"] = {
        "generator": {
            "architecture": "residual-unshuffle",
            "arguments": {"channels_in": 1, "channels": 16, "blocks": 2},
        }
    }
    stage = values["stages"][0] | {"steps": 150, "ema": 0.9}
    stage["generator"] = {**stage["generator"], "learning_rate": 4e-3, "warm_up": 10}
    values |= {"stages": [stage], "name": "tiny-superres", "precision": "float32", "threads": 1}
    values["validation"] |= {"every": 150, "metrics": ["psnr"], "slices": 8}
    values["logging"] = {"tensorboard": False, "pictures_every": 1000}
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump(values))
    type_in("train", config, "--runs", folder / "runs")
    type_in("export", folder / "runs" / "tiny-superres", folder / "tiny-superres")
    type_in("simulate", names["two"], folder / "thick.nii.gz", "--kind", "coarse-grid", "--factor", "3")
    return folder


def test_a_run_beats_cubic_interpolation_where_it_is_judged(made):
    """On the validation of the run, as its log says, and so export lets it pass."""
    lines = (made / "runs" / "tiny-superres" / "log.jsonl").read_text().splitlines()
    judged = [line for line in map(json.loads, lines) if line["kind"] == "validation"]
    assert judged[-1]["psnr"] > judged[-1]["input_psnr"] + 0.3


def test_the_command_beats_cubic_interpolation_with_the_exported_model(made):
    """The whole way on a patient that was not learned from: thick slices in, the fine grid out."""
    words = ["--model", made / "tiny-superres", "--modality", "MR", "--float", "--like", made / "two.nii.gz"]
    results = {}
    for strength in ("1", "0"):
        out = made / f"fine-{strength}.nii.gz"
        type_in("enhance", made / "thick.nii.gz", out, *words, "--strength", strength)
        results[strength] = read_volume(out)
    clean = read_volume(made / "two.nii.gz")
    ours, cubic = (psnr(results[each].voxels, clean.voxels, 255.0) for each in ("1", "0"))
    assert ours > cubic + 0.5
    np.testing.assert_allclose(results["1"].ijk_to_ras, clean.ijk_to_ras, atol=1e-6)
    card = load_model(made / "tiny-superres").card
    assert card.task == "super-resolution"
    assert card.super_resolution.through_plane.factors == (2.0, 4.0)


def test_thick_slices_are_simulated_on_a_coarser_grid(made):
    """The same corners, and each slice the weighted mean that the profile says."""
    clean, thick = (read_volume(made / f"{name}.nii.gz") for name in ("two", "thick"))
    assert thick.shape == (16, 48, 44) and thick.voxels.dtype == clean.voxels.dtype
    np.testing.assert_allclose(thick.spacing, (1, 1, 3), atol=1e-6)
    expected = Lattice(thick.shape, clean.shape, {0: "gaussian"}).sample(clean.voxels)
    assert np.abs(thick.voxels - expected).max() <= 0.5 + 1e-6


def test_a_volume_teaches_itself(made, tmp_path, capsys):
    """As SMORE does: only thick slices are seen, at their own resolution, and through the plane it helps."""
    values = yaml.safe_load(read_template("self-supervised-superres"))
    assert values["data"]["patches"]["directions"] == "acquisition"
    values["data"]["clean"] = [{"files": [str(made / "thick.nii.gz")], "modality": "MR"}]
    values["data"]["patches"] |= {"size": 32}
    values["degradations"][0] |= {"factor_low": 3.0, "factor_high": 3.0, "percent_high": 0.5}
    values["networks"]["generator"]["arguments"] = {"channels_in": 1, "channels": 16, "blocks": 2}
    stage = values["stages"][0] | {"steps": 150, "ema": 0.9}
    stage["generator"] = {**stage["generator"], "learning_rate": 4e-3, "warm_up": 10}
    values |= {"stages": [stage], "precision": "float32", "threads": 1}
    values["logging"] = {"tensorboard": False, "pictures_every": 1000}
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump(values))
    type_in("train", config, "--runs", tmp_path / "runs")
    run, bundle = tmp_path / "runs" / "my-self-superres", tmp_path / "bundle"
    assert main(["export", str(run), str(bundle)]) == 2
    assert "No patient was held out" in capsys.readouterr().err
    type_in("export", run, bundle, "--even-if-worse")
    clean = read_volume(made / "two.nii.gz")
    found = {}
    for strength in ("1", "0"):
        out = tmp_path / f"{strength}.nii.gz"
        words = ["--model", bundle, "--modality", "MR", "--float", "--strength", strength]
        type_in("enhance", made / "thick.nii.gz", out, *words)
        found[strength] = psnr(read_volume(out).voxels, clean.voxels, 255.0)
    assert found["1"] > found["0"] + 0.3


@pytest.mark.parametrize("name", ["paired-mr-superres", "self-supervised-superres"])
def test_templates_are_valid(name):
    config = parse_config(read_template(name))
    assert config.task == "super-resolution" and super_resolution_of(config) is not None
