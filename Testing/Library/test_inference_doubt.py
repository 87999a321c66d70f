"""The doubt map of a run: the network's own in value units, on every way, and no voxel changed by asking."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from inference_cases import BACKENDS, enhanced, make_volume, network_of
from make_bundle import tiny_metadata

from GANEnhanceLib.cli import main
from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.inference import EnhanceOptions
from GANEnhanceLib.inference.voxels import write_doubt
from GANEnhanceLib.intensity import FittedScaling
from GANEnhanceLib.models import NetworkModel, write_bundle
from GANEnhanceLib.models.coarser import coarser_of
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.networks.doubt import WITH_DOUBT, arguments_of
from GANEnhanceLib.volume import Volume, read_volume, write_volume
from GANEnhanceLib.worker_session import WorkerSession

OWN = {
    "even": ("residual-unshuffle", {"channels_in": 3, "channels": 8, "blocks": 1}, 3, 2, 2),
    "any": ("plain-residual", {"channels_in": 3}, 3, 2, 1),
    "solid": ("plain-residual", {"channels_in": 1, "dimensions": 3}, 1, 3, 1),
}
"""Architecture, arguments, channels, dimensions and multiple of generators."""


def doubting(folder, kind, **fields):
    """Write and load a random generator with a random estimator of doubt."""
    architecture, arguments, channels, dimensions, multiple = OWN[kind]
    wrapped = arguments_of(architecture, arguments, channels, dimensions, 8)
    metadata = tiny_metadata(folder.name, WITH_DOUBT, {"channels_in": channels, "dimensions": dimensions})
    metadata["enhancement"]["network"] |= {"arguments": wrapped, "multiple": multiple}
    metadata["enhancement"] |= {"doubt": {"quantile": 0.9, "reach": 16}, **fields}
    sets = {}
    with torch.random.fork_rng(devices=[]):
        for number, name in enumerate(("fidelity", "perceptual")):
            torch.manual_seed(number)
            module = build_network(WITH_DOUBT, **wrapped)
            for parameter in module.generator.parameters():
                torch.nn.init.normal_(parameter, std=0.05)
            sets[name] = module.state_dict()
    return NetworkModel(write_bundle(folder, metadata, sets))


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return {kind: doubting(folder / kind, kind) for kind in OWN}


WAYS = {
    "planes": ("even", {"axis": "k"}),
    "sagittal planes": ("even", {"axis": "i"}),
    "odd planes": ("any", {"axis": "j"}),
    "tiles": ("even", {"axis": "k", "patch": (1, 32, 32), "overlap": 8, "blend": "smooth"}),
    "patches": ("solid", {"patch": (8, 12, 12), "overlap": 4}),
}


@pytest.mark.parametrize("device", BACKENDS)
@pytest.mark.parametrize("way", WAYS)
def test_asking_changes_no_voxel_and_a_region_has_the_doubt_of_the_whole(models, way, device):
    kind, options = WAYS[way]
    volume = make_volume((9, 61, 90) if kind != "solid" else (12, 23, 29))
    plain = enhanced(volume, models[kind], device=device, **options)
    whole = enhanced(volume, models[kind], device=device, doubt=True, **options)
    assert plain.doubt is None
    assert np.array_equal(plain.volume.voxels, whole.volume.voxels)
    assert whole.doubt.voxels.dtype == np.float32
    assert np.array_equal(whole.doubt.ijk_to_ras, whole.volume.ijk_to_ras)
    assert whole.doubt.voxels.min() > 0
    for roi in (((3, 20), (5, 6), (0, 9)), ((0, 9), (0, 7), (4, 5))):
        part = enhanced(volume, models[kind], device=device, doubt=True, roi=roi, **options).doubt.voxels
        box = tuple(slice(*pair) for pair in reversed(roi))
        assert np.array_equal(part[box], whole.doubt.voxels[box])
        part = part.copy()
        part[box] = 0
        assert not part.any(), "0 where nothing was computed"


@pytest.mark.parametrize("device", BACKENDS)
def test_in_short_numbers_asking_changes_no_voxel_either(models, device):
    volume, ways = make_volume((5, 22, 30)), {"device": device, "precision": "bfloat16"}
    plain = enhanced(volume, models["even"], **ways).volume.voxels
    assert np.array_equal(enhanced(volume, models["even"], doubt=True, **ways).volume.voxels, plain)


@pytest.mark.parametrize("fidelity", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("device", BACKENDS)
def test_the_map_is_the_networks_second_channel_in_value_units(models, device, fidelity):
    volume = make_volume((5, 22, 30))
    found = enhanced(volume, models["even"], device=device, doubt=True, fidelity=fidelity, bound=9.0)
    scaled = found.scaling.forward(volume.voxels)
    rows = np.arange(5)
    stacks = np.stack([scaled[np.clip(rows + step, 0, 4)] for step in (-1, 0, 1)], axis=1)
    with torch.inference_mode():
        made = models["even"].build_torch(fidelity)(torch.from_numpy(stacks))[:, 1].numpy()
    inside = found.scaling.inside(scaled)
    expected = np.where(inside, made, 0) * (found.scaling.high - found.scaling.low)
    assert np.abs(found.doubt.voxels - expected).max() < 1e-2  # of about 300


def test_the_map_grows_by_what_strength_and_bound_take_from_the_change(models):
    """So it still bounds the error of what was mixed: |s a + (1 - s) b - t| <= |a - t| + (1 - s) |a - b|."""
    volume = make_volume((5, 22, 30))
    ways = {"device": "cpu", "doubt": True}
    full = enhanced(volume, models["even"], bound=9.0, **ways)
    change = full.volume.voxels - volume.voxels
    weak = enhanced(volume, models["even"], bound=9.0, strength=0.3, **ways)
    assert np.allclose(weak.doubt.voxels, full.doubt.voxels + 0.7 * np.abs(change), atol=1e-2)
    tight = enhanced(volume, models["even"], bound=0.01, **ways)
    missing = np.abs(full.volume.voxels - tight.volume.voxels)
    assert missing.max() > 1
    assert np.allclose(tight.doubt.voxels, full.doubt.voxels + missing, atol=1e-2)
    assert not enhanced(volume, models["even"], strength=0.0, **ways).doubt.voxels.any()


def test_voxels_outside_of_the_scaling_have_no_doubt_and_a_logarithm_is_undone(tmp_path):
    model = doubting(tmp_path / "log", "even", scaling={"name": "us-log"}, modality=["MR"])
    values = np.random.default_rng(0).random((3, 22, 30)).astype(np.float32) * 100
    values[1, 5, 5] = -20.0
    volume = Volume(values, np.eye(4), "MR", "envelope")
    found = enhanced(volume, model, device="cpu", doubt=True, bound=9.0)
    assert found.doubt.voxels[1, 5, 5] == 0
    scaled = found.scaling.forward(found.volume.voxels)
    with torch.inference_mode():
        given = found.scaling.forward(values)
        made = model.build_torch(1.0)(torch.from_numpy(given[[0, 1, 2]][None]))[0, 1].numpy()
    above = found.scaling.inverse(scaled[1] + made) - found.volume.voxels[1]
    inside = found.scaling.inside(given[1])
    assert np.allclose(found.doubt.voxels[1][inside], above[inside], rtol=1e-3, atol=1e-3)


def test_a_finer_grid_has_its_doubt_with_and_without_a_grid_to_be_like(tmp_path):
    refined = {"through_plane": {"factors": [2, 4], "profile": "gaussian"}}
    model = doubting(tmp_path / "fine", "even", super_resolution=refined, task="super-resolution")
    volume = make_volume((6, 24, 26))
    plain = enhanced(volume, model, device="cpu", scale=(1.0, 1.0, 3.0))
    found = enhanced(volume, model, device="cpu", scale=(1.0, 1.0, 3.0), doubt=True)
    assert np.array_equal(plain.volume.voxels, found.volume.voxels)
    assert found.doubt.shape == found.volume.shape == (18, 24, 26)
    assert found.doubt.voxels.min() > 0
    half = enhanced(volume, model, device="cpu", scale=(1.0, 1.0, 3.0), doubt=True, strength=0.5)
    assert np.all(half.doubt.voxels >= found.doubt.voxels - 1e-3)


def test_slices_that_are_seen_coarser_have_their_doubt_on_the_grid_of_the_volume(tmp_path):
    plan = {"mode": "slices25d", "grid_mm": 0.5}
    model = doubting(tmp_path / "coarser", "even", plan=plan, residual_bound=9.0)
    volume = Volume(make_volume((5, 40, 46)).voxels, np.diag([0.3, 0.25, 2.0, 1.0]), "MR")
    plain, found = (enhanced(volume, model, device="cpu", doubt=each) for each in (False, True))
    assert np.array_equal(plain.volume.voxels, found.volume.voxels)
    assert found.doubt.shape == volume.shape and found.doubt.voxels.min() >= 0
    assert found.doubt.voxels.mean() > 1, "there is doubt"
    half = enhanced(volume, model, device="cpu", doubt=True, strength=0.5)
    change = np.abs(found.volume.voxels - volume.voxels)
    np.testing.assert_allclose(half.doubt.voxels, found.doubt.voxels + change / 2, rtol=1e-3, atol=1e-2)
    roi = ((0, 46), (0, 40), (2, 3))
    part = enhanced(volume, model, device="cpu", doubt=True, roi=roi)
    np.testing.assert_allclose(part.doubt.voxels[2], found.doubt.voxels[2], rtol=1e-5, atol=1e-3)


def test_doubt_on_coarser_slices_grows_by_the_noise_that_the_network_was_not_shown(tmp_path):
    model = doubting(tmp_path / "coarser", "even", plan={"mode": "slices25d", "grid_mm": 0.5})
    matrix = np.diag([0.25, 0.25, 2.0, 1.0])
    grid = Volume(make_volume((5, 60, 64)).voxels.astype(np.float32), matrix, "MR")
    coarser = coarser_of(grid, model.card, 0)
    noise = np.random.default_rng(0).normal(0, 8, grid.shape).astype(np.float32)
    finest = noise - coarser.widened(coarser.thinned(noise))
    smooth = coarser.widened(coarser.thinned(grid.voxels))
    scaling = enhanced(grid, model, device="cpu").scaling
    without, found = (
        enhanced(Volume(voxels, matrix, "MR"), model, device="cpu", doubt=True, scaling=scaling).doubt.voxels
        for voxels in (smooth, smooth + finest)
    )
    grown = np.sqrt(np.median(found**2 - without**2))
    assert grown == pytest.approx(1.645 * finest.std(), rel=0.05) and finest.std() > 5


def test_a_model_without_doubt_says_so_in_one_sentence(tmp_path):
    with pytest.raises(OptionError, match="has no doubt map"):
        enhanced(make_volume((3, 8, 8)), network_of(tmp_path / "plain"), doubt=True)


def test_command_worker_and_library_give_the_same_map_and_tell_of_it(models, tmp_path, capsys):
    volume = make_volume((5, 22, 30))
    write_volume(volume, tmp_path / "in.nrrd")
    bundle = str(models["even"].folder)
    expected = enhanced(volume, models["even"], device="openvino", doubt=True)
    words = ["--model", bundle, "--modality", "MR", "--device", "openvino", "--report", tmp_path / "r.json"]
    words += ["--doubt", tmp_path / "doubt.nrrd", "--threads", 1]
    assert main([str(word) for word in ("enhance", tmp_path / "in.nrrd", tmp_path / "out.nrrd", *words)]) == 0
    assert "Doubt map: 90% of the errors shall lie below it" in capsys.readouterr().out
    found = read_volume(tmp_path / "doubt.nrrd")
    assert np.array_equal(found.voxels, expected.doubt.voxels)
    told = json.loads((tmp_path / "r.json").read_text())["doubt"]
    more = np.mean(np.abs(expected.volume.voxels - volume.voxels) > expected.doubt.voxels)
    assert told["share_changed_more"] == pytest.approx(more)
    assert told["mean"] == pytest.approx(expected.doubt.voxels.mean(), rel=1e-5)
    with WorkerSession() as session:
        options = EnhanceOptions(device="openvino", doubt=True, threads=1)
        _volume, doubt, report = session.enhance_with_doubt(volume, bundle, options)
        assert np.array_equal(doubt.voxels, expected.doubt.voxels)
        assert report["doubt"] == told
        image, _report = session.preview(volume, "k", 2, bundle, options)
        assert image.shape == (22, 30)
        assert not list(session.folder.glob("doubt-*")), "nothing is left behind"


def test_the_command_refuses_a_map_of_a_model_without_one(tmp_path, capsys):
    write_volume(make_volume((3, 8, 8)), tmp_path / "in.nrrd")
    words = ["enhance", tmp_path / "in.nrrd", tmp_path / "out.nrrd", "--modality", "MR", "--model", "median"]
    assert main([str(word) for word in (*words, "--doubt", tmp_path / "doubt.nrrd")]) == 2
    assert "has no doubt map" in capsys.readouterr().err
    assert not (tmp_path / "out.nrrd").exists()


def test_doubt_is_cut_at_the_range_of_the_image_also_where_values_are_counted_in_noise():
    """A noise of 1 % makes the reference intensity 5 in scaled units; a doubt of 2 is well within it."""
    scaling = FittedScaling("mr-percentile", 0.0, 1000.0).in_units_of_noise(10.0, 0.05)
    source, found = np.full((1, 2, 2), 500.0, np.float32), np.empty((1, 2, 2), np.float32)
    none = np.zeros_like(source)
    for doubt, wanted in ((2.0, 400.0), (9.0, 1000.0)):
        write_doubt(source, found, scaling, none, none, np.full_like(source, doubt), 1.0)
        assert found == pytest.approx(wanted, rel=1e-5)
