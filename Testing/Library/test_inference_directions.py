"""A model whose card says "all" is passed over a volume three times, and the mean is applied."""

import math

import numpy as np
import pytest
from command_line import make_phantom
from inference_cases import blended, check_bound
from make_bundle import make_tiny_bundle

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.inference import (
    EnhanceOptions,
    backends,
    directions,
    enhance,
    forget_backends,
    run,
)
from GANEnhanceLib.inference.devices import usable_threads
from GANEnhanceLib.methods.estimate import Estimator
from GANEnhanceLib.methods.rates import Rates
from GANEnhanceLib.models import NetworkModel, list_models, load_model
from GANEnhanceLib.models.passes import Pass, Side, passes_of
from GANEnhanceLib.models.readme import render_readme
from GANEnhanceLib.volume import Volume

SHAPE = (13, 34, 41)
ALL = {"mode": "slices25d", "axis": "all"}
FLOAT = EnhanceOptions(output_type="float32", precision="float32")


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return {
        kind: load_model(str(make_tiny_bundle(folder / kind, kind=kind, channels_in=5, plan=ALL)))
        for kind in ("random", "identity")
    }


def phantom(spacing=(1.0, 1.0, 1.0), dtype="int16"):
    return Volume(make_phantom(SHAPE, dtype), np.diag([*spacing, 1.0]), "MR")


def seen_from(volume, turn, model):
    """What one pass over a turned volume gives, turned back."""
    turned = Volume(np.ascontiguousarray(turn(volume.voxels)), np.eye(4), "MR")
    return turn(run(turned, model, FLOAT.replace(axis="k")).volume.voxels)


def test_cubes_are_passed_along_three_axes_and_thick_or_few_slices_from_three_sides():
    sides = tuple(Pass(0, side) for side in Side)
    assert passes_of(phantom(), "all") == (Pass(0), Pass(1), Pass(2))
    assert passes_of(phantom((1, 1, 1.6)), "all") == (Pass(0), Pass(1), Pass(2))
    assert passes_of(phantom((1, 1, 1.8)), "all") == sides
    few = Volume(np.zeros((5, 40, 40), np.int16), np.eye(4), "MR")
    assert passes_of(few, "all") == sides
    assert passes_of(phantom((3, 1, 1)), "all") == tuple(Pass(2, side) for side in Side)
    assert passes_of(phantom((1, 1, 3)), "acquisition") == (Pass(0),)
    assert passes_of(phantom((1, 1, 3)), "i") == (Pass(2),)


@pytest.mark.parametrize("each", [Pass(axis, side) for axis in range(3) for side in Side])
def test_a_turn_is_its_own_inverse_and_boxes_turn_with_their_voxels(each):
    voxels = np.arange(math.prod(SHAPE)).reshape(SHAPE)
    box = (slice(2, 5), slice(7, 30), slice(0, 11))
    turned = each.turn(voxels)
    assert np.array_equal(each.turn(turned), voxels)
    there = turned[each.turn_box(box, SHAPE)]
    assert np.array_equal(there, each.turn(voxels[box]))
    assert each.turn_triple(SHAPE) == turned.shape


def test_the_result_is_the_mean_of_the_passes_along_the_axes(models):
    volume = phantom()
    single = [run(volume, models["random"], FLOAT.replace(axis=axis)).volume.voxels for axis in "kji"]
    made = run(volume, models["random"], FLOAT)
    spread = np.ptp(single, axis=0).max()
    assert spread > 1, "the passes say the same, so nothing is proven"
    np.testing.assert_allclose(made.volume.voxels, np.mean(single, axis=0), atol=1e-3)
    assert made.work[0] * made.work[1] > 2.9 * math.prod(SHAPE)


def test_thick_slices_are_the_mean_of_their_turned_and_mirrored_selves(models):
    volume = phantom((1, 1, 4))
    turns = [lambda v: v, lambda v: v.swapaxes(1, 2), lambda v: v[:, ::-1]]
    single = [seen_from(volume, turn, models["random"]) for turn in turns]
    made = run(volume, models["random"], FLOAT).volume.voxels
    np.testing.assert_allclose(made, np.mean(single, axis=0), atol=1e-3)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "float32", "float64"])
def test_a_network_that_changes_nothing_gives_the_input_bit_for_bit(models, dtype):
    volume = phantom(dtype=dtype)
    assert np.array_equal(run(volume, models["identity"]).volume.voxels, volume.voxels)


@pytest.mark.parametrize("spacing", [(1, 1, 1), (1, 1, 4)])
def test_a_region_and_a_single_slice_have_the_voxels_of_the_whole_run(models, spacing):
    volume = phantom(spacing)
    whole = run(volume, models["random"]).volume.voxels
    for roi in (((0, 41), (0, 34), (6, 7)), ((5, 29), (8, 9), (0, 13)), ((3, 20), (2, 30), (4, 11))):
        cut = run(volume, models["random"], EnhanceOptions(roi=roi), crop=True).volume.voxels
        assert np.array_equal(cut, whole[tuple(slice(*part) for part in reversed(roi))])


def test_another_strength_of_the_kept_change_is_a_run_with_that_strength(models, tmp_path):
    volume = phantom()
    kept = run(volume, models["random"], keep=tmp_path / "change")
    again = run(volume, models["random"], EnhanceOptions(strength=0.4))
    assert np.array_equal(blended(volume, kept, 0.4), again.volume.voxels)


def test_a_bound_holds_for_the_mean(models):
    check_bound(phantom(), models["random"], FLOAT, 0.001)


@pytest.mark.parametrize(("large", "kept"), [(2**26, 3), (0, 1)])
def test_networks_of_earlier_passes_are_given_up_where_the_sum_is_large(models, monkeypatch, large, kept):
    monkeypatch.setattr(directions, "_LARGE_BYTES", large)
    forget_backends()
    run(phantom(), models["random"])
    assert len(backends._kept) == kept
    forget_backends()


def test_progress_rises_over_all_passes_and_closing_stops_the_run(models):
    steps = enhance(phantom(), models["random"])
    seen = [step.fraction for step in steps if step.stage == "enhancing"]
    assert seen == sorted(seen) and len({fraction // (1 / 3) for fraction in seen}) >= 3
    steps = enhance(phantom(), models["random"])
    while next(steps).stage != "enhancing":
        pass
    steps.close()


def test_the_time_foretold_counts_every_pass(models, tmp_path):
    estimator = Estimator(Rates(tmp_path / "rates.json"))
    estimator.rates.update(
        f"{models['random'].sha256[:16]} here, {usable_threads()} cores",
        lambda old: {"seconds": 1e-6},
    )
    device = type("Device", (), {"name": "cpu", "label": "here"})()
    one, three = (
        estimator.network(models["random"].card, models["random"].sha256, phantom(), options, device)
        for options in (EnhanceOptions(axis="k"), EnhanceOptions())
    )
    fixed = 0.3 + 1.5e-8 * math.prod(SHAPE)
    assert (three.seconds - fixed) / (one.seconds - fixed) == pytest.approx(3, rel=0.1)


def test_monai_gives_the_same_voxels(models):
    torch = pytest.importorskip("torch")
    from monai.inferers import SliceInferer

    from GANEnhanceLib.models.monai_run import BundleRun
    from GANEnhanceLib.networks import build_network

    model = models["random"]
    assert isinstance(model, NetworkModel)
    for spacing in ((1, 1, 1), (1, 1, 4)):
        network = build_network(model.card.network.architecture, **model.card.network.arguments)
        inferer = SliceInferer(spatial_dim=0, roi_size=(-1, -1), sw_batch_size=1)
        volume = phantom(spacing)
        with torch.inference_mode():
            theirs = BundleRun(model.folder, network, inferer, 1.0).enhance(volume).voxels
        ours = run(volume, model, EnhanceOptions(device="cpu", precision="float32")).volume.voxels
        assert np.abs(theirs.astype(int) - ours).max() <= 1 and np.mean(theirs == ours) > 0.999


def test_a_network_in_3d_has_no_axes_to_be_passed_along(tmp_path):
    plan = {"mode": "patches", "axis": "all"}
    with pytest.raises(ModelError, match=r"enhancement\.plan\.axis"):
        load_model(str(make_tiny_bundle(tmp_path / "three", kind="random", dimensions=3, plan=plan)))


def test_the_card_counts_the_operations_of_every_pass(models, tmp_path):
    once = load_model(str(make_tiny_bundle(tmp_path / "once", kind="random", channels_in=5)))
    three = models["random"].card
    assert (once.card.most_passes, three.most_passes) == (1, 3)
    assert three.flops_per_voxel == 3 * once.card.flops_per_voxel > 0
    listed = {entry.name: entry for entry in list_models([models["random"].folder.parent])}
    assert listed["random"].flops_per_voxel == three.flops_per_voxel
    assert f"{three.flops_per_voxel / 1000:.0f} kFLOP a voxel in 3 passes" in render_readme(three)
