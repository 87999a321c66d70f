"""Slices finer than those a network learned from are seen on the grid that its card names."""

import math

import numpy as np
import pytest
from command_line import make_phantom
from inference_cases import blended, check_bound
from make_bundle import make_tiny_bundle
from scipy.fft import dctn, idctn

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.inference import EnhanceOptions, enhance, run
from GANEnhanceLib.inference.devices import usable_threads
from GANEnhanceLib.methods.estimate import Estimator
from GANEnhanceLib.methods.rates import Rates
from GANEnhanceLib.models import load_model
from GANEnhanceLib.models.coarser import coarser_of
from GANEnhanceLib.volume import Volume

SHAPE = (7, 51, 64)
FINE = (0.3, 0.25, 1.5)
PLAN = {"mode": "slices25d", "axis": "acquisition", "grid_mm": 0.5}
FLOAT = EnhanceOptions(output_type="float32", precision="float32")


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    plans = {"coarser": PLAN, "plain": {**PLAN, "grid_mm": None}}
    made = {
        name: load_model(str(make_tiny_bundle(folder / name, kind="random", channels_in=5, plan=plan)))
        for name, plan in plans.items()
    }
    identity = make_tiny_bundle(folder / "identity", kind="identity", channels_in=5, plan=PLAN)
    return {**made, "identity": load_model(str(identity))}


def phantom(spacing=FINE, dtype="int16"):
    return Volume(make_phantom(SHAPE, dtype), np.diag([*spacing, 1.0]), "MR")


def resized(slices, height, width):
    """Slices with as many of the lowest terms of the cosine transform as fit, by SciPy."""
    terms = dctn(slices.astype(np.float64), axes=(1, 2), norm="ortho")
    kept = np.zeros((len(slices), height, width))
    rows, columns = min(height, terms.shape[1]), min(width, terms.shape[2])
    kept[:, :rows, :columns] = terms[:, :rows, :columns]
    scale = math.sqrt(height * width / (slices.shape[1] * slices.shape[2]))
    return idctn(kept, axes=(1, 2), norm="ortho") * scale


def test_the_change_is_that_of_the_coarser_slices_filled_with_zeros(models):
    volume = phantom()
    coarse = resized(volume.voxels, round(51 * 0.25 / 0.5), round(64 * 0.3 / 0.5)).astype(np.float32)
    scaling = run(volume, models["plain"], FLOAT).scaling
    there = run(Volume(coarse, np.eye(4), "MR"), models["plain"], FLOAT.replace(axis="k"), scaling=scaling)
    wanted = volume.voxels + resized(there.volume.voxels - coarse, 51, 64)
    made = run(volume, models["coarser"], FLOAT)
    assert np.abs(wanted - volume.voxels).max() > 1, "nothing changes, so nothing is proven"
    np.testing.assert_allclose(made.volume.voxels, wanted, atol=2e-3)
    assert any("it saw 38 x 26 x 7 voxels" in note for note in made.notes), made.notes


@pytest.mark.parametrize(
    ("spacing", "shape"),
    [
        ((0.5, 0.5, 1.5), None),
        ((0.4, 0.4, 1.5), None),
        ((0.8, 0.9, 1.0), None),
        ((0.39, 0.39, 1.5), (7, 40, 50)),
        ((0.25, 0.6, 1.5), (7, 51, 32)),
        ((1.5, 0.25, 0.25), (4, 26, 64)),
    ],
)
def test_only_axes_of_clearly_finer_slices_become_coarser(models, spacing, shape):
    volume = phantom(spacing)
    found = coarser_of(volume, models["coarser"].card, volume.acquisition_axis)
    assert (None if found is None else found.coarse) == shape
    assert coarser_of(volume, models["plain"].card, volume.acquisition_axis) is None


def test_slices_as_coarse_as_those_it_learned_from_come_out_as_without_a_grid(models):
    volume = phantom((0.5, 0.45, 1.5))
    with_grid, without = (run(volume, models[name]) for name in ("coarser", "plain"))
    assert np.array_equal(with_grid.volume.voxels, without.volume.voxels)
    assert with_grid.notes == without.notes


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "float32", "float64"])
def test_a_network_that_changes_nothing_gives_the_input_bit_for_bit(models, dtype):
    volume = phantom(dtype=dtype)
    assert np.array_equal(run(volume, models["identity"]).volume.voxels, volume.voxels)


@pytest.mark.parametrize("spacing", [FINE, (1.5, 0.25, 0.25), (0.3, 1.5, 0.3)])
def test_a_region_and_a_single_slice_have_the_voxels_of_the_whole_run(models, spacing):
    volume = phantom(spacing)
    whole = run(volume, models["coarser"]).volume.voxels
    assert np.any(whole != volume.voxels)
    for roi in (((0, 64), (0, 51), (3, 4)), ((5, 29), (8, 9), (0, 7)), ((3, 4), (2, 50), (2, 6))):
        cut = run(volume, models["coarser"], EnhanceOptions(roi=roi), crop=True).volume.voxels
        assert np.array_equal(cut, whole[tuple(slice(*part) for part in reversed(roi))])
        kept = run(volume, models["coarser"], EnhanceOptions(roi=roi)).volume.voxels
        outside = np.ones(SHAPE, bool)
        outside[tuple(slice(*part) for part in reversed(roi))] = False
        assert np.array_equal(kept[outside], volume.voxels[outside])


def test_another_strength_of_the_kept_change_is_a_run_with_that_strength(models, tmp_path):
    volume = phantom()
    kept = run(volume, models["coarser"], keep=tmp_path / "change")
    again = run(volume, models["coarser"], EnhanceOptions(strength=0.4))
    assert np.array_equal(blended(volume, kept, 0.4), again.volume.voxels)


def test_a_bound_holds_on_the_grid_of_the_volume(models):
    check_bound(phantom(), models["coarser"], FLOAT, 0.001)


def test_a_single_slice_and_odd_sizes_can_be_seen_coarser(models):
    one = Volume(make_phantom((1, 33, 47), "int16"), np.diag([0.11, 0.13, 5.0, 1.0]), "MR")
    result = run(one, models["coarser"])
    assert result.volume.shape == one.shape and np.any(result.volume.voxels != one.voxels)
    tiny = Volume(make_phantom((1, 3, 3), "int16"), np.diag([0.01, 0.01, 1.0, 1.0]), "MR")
    assert coarser_of(tiny, models["coarser"].card, 0).coarse == (1, 1, 1)


def test_every_slice_that_is_thinned_or_filled_in_is_a_chance_to_cancel(models):
    stages = [step.stage for step in enhance(phantom(), models["coarser"])]
    assert stages.count("loading") >= SHAPE[0] and stages.count("enhancing") >= 2 * SHAPE[0]
    for stage in ("loading", "enhancing"):
        steps = enhance(phantom(), models["coarser"])
        while next(steps).stage != stage:
            pass
        steps.close()


def test_the_time_foretold_counts_the_voxels_that_the_network_sees(models, tmp_path):
    estimator = Estimator(Rates(tmp_path / "rates.json"))
    device = type("Device", (), {"name": "cpu", "label": "here"})()
    seconds = {}
    for name in ("coarser", "plain"):
        model = models[name]
        key = f"{model.sha256[:16]} here, {usable_threads()} cores"
        estimator.rates.update(key, lambda old: {"seconds": 1e-6})
        found = estimator.network(model.card, model.sha256, phantom(), EnhanceOptions(), device)
        seconds[name] = found.seconds - 0.3 - 1.5e-8 * math.prod(SHAPE)
    assert seconds["coarser"] / seconds["plain"] == pytest.approx(38 * 26 / (51 * 64), rel=0.01)


def test_monai_gives_the_same_voxels(models):
    torch = pytest.importorskip("torch")
    from monai.inferers import SliceInferer

    from GANEnhanceLib.models.monai_run import BundleRun
    from GANEnhanceLib.networks import build_network

    model = models["coarser"]
    network = build_network(model.card.network.architecture, **model.card.network.arguments)
    inferer = SliceInferer(spatial_dim=0, roi_size=(-1, -1), sw_batch_size=1)
    with torch.inference_mode():
        theirs = BundleRun(model.folder, network, inferer, 1.0).enhance(phantom()).voxels
    ours = run(phantom(), model, EnhanceOptions(device="cpu", precision="float32")).volume.voxels
    assert np.abs(theirs.astype(int) - ours).max() <= 1 and np.mean(theirs == ours) > 0.999


@pytest.mark.parametrize(
    ("fields", "dimensions"),
    [
        ({"plan": {**PLAN, "axis": "all"}}, 2),
        ({"plan": {"mode": "patches", "grid_mm": 0.5}}, 3),
        ({"plan": {**PLAN, "grid_mm": 0}}, 2),
        ({"plan": {**PLAN, "grid_mm": "fine"}}, 2),
        (
            {"plan": PLAN, "super_resolution": {"through_plane": {"factors": [1.5, 4.0], "profile": "box"}}},
            2,
        ),
    ],
)
def test_a_card_whose_grid_cannot_be_used_is_refused(tmp_path, fields, dimensions):
    with pytest.raises(ModelError, match=r"enhancement\.plan\.grid_mm"):
        channels = 5 if dimensions == 2 else 1
        folder = tmp_path / "wrong"
        load_model(str(make_tiny_bundle(folder, "random", channels, dimensions, **fields)))
