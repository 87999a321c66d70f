"""A run's change, kept and blended: bit for bit what a run with that strength gives, everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from inference_cases import blended, enhanced, make_volume, mixing_network, network_of

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.inference import EnhanceOptions, enhance
from GANEnhanceLib.inference.boxes import whole
from GANEnhanceLib.intensity import FittedScaling
from GANEnhanceLib.models import load_model
from GANEnhanceLib.regions import BoxRegion, MaskRegion
from GANEnhanceLib.volume import Volume

SHAPE = (7, 21, 26)
LOG = {"name": "us-log", "dynamic_range_db": 50.0}
STRENGTHS = (0.0, 0.37, 1.0)


def run_kept(volume, model, path, **more):
    """Run the engine at full strength and keep the change."""
    options = EnhanceOptions(**{"threads": 1, **more.pop("options", {})})
    steps = enhance(volume, model, options, keep=path, **more)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def feathered_box(volume):
    """A turned box with a feather that lies partly outside the volume."""
    turn = np.deg2rad(30)
    axes = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    return BoxRegion(volume.shape, volume.ijk_to_ras, [10, 9, 8], axes, [18, 14, 12], 4.0)


def blob(volume, feather=2.5):
    """A mask of two parts, one of them at the volume's border."""
    mask = np.zeros(volume.shape, np.uint8)
    mask[:3, :8, 20:] = 2
    mask[4:6, 10:17, 5:12] = 2
    mask[6, 0, 0] = 1
    return MaskRegion(mask, volume.ijk_to_ras, 2, feather)


REGIONS = {"everywhere": lambda volume: None, "box": feathered_box, "mask": blob}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A stack network, a solid one, and one with a log scaling, all with bounds that are hit."""
    folder = tmp_path_factory.mktemp("models")
    return {
        "stack": network_of(folder / "stack", channels_in=3, residual_bound=0.01),
        "solid": network_of(folder / "solid", dimensions=3, residual_bound=0.01),
        "log": network_of(folder / "log", scaling=LOG),
        "median": load_model("median"),
    }


@pytest.mark.parametrize("where", REGIONS)
@pytest.mark.parametrize("dtype", ["int16", "uint8", "float32", "int32", "float64"])
@pytest.mark.parametrize("name", ["stack", "solid", "log", "median"])
def test_a_blend_is_a_run_with_that_strength(models, tmp_path, name, dtype, where):
    volume = make_volume(SHAPE, dtype)
    region = REGIONS[where](volume)
    model = models[name]
    result = run_kept(volume, model, tmp_path / "kept", region=region)
    for strength in STRENGTHS:
        direct = enhanced(volume, model, strength=strength, region=region)
        ours = blended(volume, result, strength, region)
        assert ours.dtype == direct.volume.voxels.dtype
        assert np.array_equal(ours, direct.volume.voxels)
        for axis in range(3):
            frame = list(whole(SHAPE))
            frame[axis] = slice(4, 5)
            assert np.array_equal(
                blended(volume, result, strength, region, tuple(frame)), direct.volume.voxels[tuple(frame)]
            )
    assert not np.array_equal(blended(volume, result, 1.0, region), volume.voxels)


@pytest.mark.parametrize("axis", ["k", "j", "i"])
def test_the_axis_of_the_slices_does_not_matter(models, tmp_path, axis):
    volume = make_volume(SHAPE, "int16")
    region = blob(volume)
    options = {"axis": axis, "output_type": "float32"}
    result = run_kept(volume, models["stack"], tmp_path / "kept", region=region, options=options)
    direct = enhanced(volume, models["stack"], strength=0.6, region=region, **options)
    assert np.array_equal(blended(volume, result, 0.6, region), direct.volume.voxels)


def test_what_is_kept_does_not_depend_on_the_strength_of_the_run(models, tmp_path):
    volume = make_volume(SHAPE, "int16")
    weak = run_kept(volume, models["stack"], tmp_path / "weak", options={"strength": 0.0})
    full = enhanced(volume, models["stack"])
    assert np.array_equal(weak.volume.voxels, volume.voxels)
    assert np.array_equal(blended(volume, weak, 1.0), full.volume.voxels)
    assert weak.bound_hits == full.bound_hits > 0


@pytest.mark.parametrize("where", ["box", "mask"])
@pytest.mark.parametrize("name", ["stack", "solid", "log", "median"])
def test_outside_the_region_the_voxels_are_the_inputs(models, name, where):
    volume = make_volume(SHAPE, "float32")
    region = REGIONS[where](volume)
    weights = region.weights(whole(SHAPE))
    everywhere = enhanced(volume, models[name]).volume.voxels
    result = enhanced(volume, models[name], region=region)
    ours = result.volume.voxels
    assert np.array_equal(ours[weights == 0], volume.voxels[weights == 0])
    assert np.array_equal(ours[weights == 1], everywhere[weights == 1])
    assert (weights == 1).any() and (weights == 0).any()
    between = (weights > 0) & (weights < 1)
    assert between.any()
    if name != "log":
        wanted = volume.voxels + weights * (everywhere - volume.voxels)
        assert np.allclose(ours[between], wanted[between], rtol=0, atol=1e-3)
    assert result.region == region.summary() == result.provenance["region"]
    assert result.box == region.box(SHAPE)


def test_the_bound_is_counted_in_the_region_only(models):
    volume = make_volume(SHAPE, "float32")
    region = blob(volume, feather=0.0)
    everywhere = enhanced(volume, models["stack"])
    inside = enhanced(volume, models["stack"], region=region)
    change = np.abs(everywhere.volume.voxels - volume.voxels) / everywhere.scaling.high
    at_bound = np.isclose(change, 0.01, rtol=0, atol=1e-6)
    assert inside.bound_hits == np.count_nonzero(at_bound & (region.weights(whole(SHAPE)) > 0))
    assert 0 < inside.bound_hits < everywhere.bound_hits


def test_only_the_box_of_the_region_is_run(tmp_path):
    model = mixing_network(tmp_path / "mix", [0.5])
    volume = make_volume((40, 16, 16))
    mask = np.zeros(volume.shape, bool)
    mask[17, 3:5, 4] = True
    region = MaskRegion(mask, volume.ijk_to_ras)
    steps = enhance(volume, model, EnhanceOptions(threads=1), region=region)
    fractions = [progress.fraction for progress in steps if progress.stage == "enhancing"]
    assert len(set(fractions)) <= 3, "one slice, one block"


def test_a_cropped_run_is_the_roi_of_the_whole(models, tmp_path):
    volume = make_volume(SHAPE, "int16")
    for name, model in models.items():
        whole_run = enhanced(volume, model).volume
        result = run_kept(
            volume,
            model,
            tmp_path / f"kept-{name}",
            crop=True,
            options={"roi": ((3, 9), (0, 21), (2, 3))},
        )
        assert result.volume.shape == (1, 21, 6)
        assert np.array_equal(result.volume.voxels, whole_run.voxels[2:3, :, 3:9])
        corner = volume.ijk_to_ras @ [3, 0, 2, 1]
        assert np.allclose(result.volume.ijk_to_ras[:, 3], corner)
        assert np.array_equal(
            blended(volume, result, 0.25),
            enhanced(volume, model, strength=0.25).volume.voxels[2:3, :, 3:9],
        )


def test_a_crop_that_the_region_does_not_touch_is_the_input(models, tmp_path):
    volume = make_volume(SHAPE, "int16")
    region = MaskRegion(np.arange(7 * 21 * 26).reshape(SHAPE) < 26, volume.ijk_to_ras)
    for name in ("stack", "median"):
        result = run_kept(
            volume,
            models[name],
            tmp_path / name,
            region=region,
            crop=True,
            options={"roi": ((0, 26), (0, 21), (3, 4))},
        )
        assert np.array_equal(result.volume.voxels, volume.voxels[3:4])
        assert "does not touch" in result.notes[0]
        assert np.array_equal(blended(volume, result, 1.0, region), volume.voxels[3:4])
    with pytest.raises(InputError, match="no voxel in common"):
        enhanced(volume, models["stack"], region=region, roi=((0, 26), (0, 21), (3, 4)))


def test_a_region_and_an_roi_are_met_by_what_lies_in_both(models):
    volume = make_volume(SHAPE, "int16")
    region = blob(volume)
    roi = ((4, 24), (0, 15), (1, 6))
    result = enhanced(volume, models["stack"], region=region, roi=roi)
    full = enhanced(volume, models["stack"], region=region).volume.voxels
    inside = np.zeros(SHAPE, bool)
    inside[1:6, :15, 4:24] = True
    assert np.array_equal(result.volume.voxels, np.where(inside, full, volume.voxels))


def test_a_region_of_another_volume_is_refused(models):
    region = blob(make_volume((7, 21, 27)))
    with pytest.raises(InputError, match="27 x 21 x 7"):
        enhanced(make_volume(SHAPE), models["stack"], region=region)


# Scaling


def test_a_given_scaling_is_used_as_it_is(models):
    """The frames of a sequence are scaled alike: a frame twice as bright as the first gets no new fit."""
    first = make_volume(SHAPE, "float32", seed=1)
    scaling = enhanced(first, models["stack"]).scaling
    bright = Volume(first.voxels * 2, first.ijk_to_ras, "MR")
    fitted, given = (enhanced(bright, models["stack"], scaling=numbers) for numbers in (None, scaling))
    assert given.scaling == scaling != fitted.scaling
    assert given.provenance["scaling"] == scaling.to_dict()
    again = enhanced(first, models["stack"], scaling=FittedScaling.from_dict(scaling.to_dict()))
    assert np.array_equal(again.volume.voxels, enhanced(first, models["stack"]).volume.voxels)


def test_a_scaling_of_another_kind_is_refused(models):
    scaling = FittedScaling("ct-window", -1024.0, 3071.0)
    with pytest.raises(OptionError, match=r"'ct-window'.*'mr-percentile'"):
        enhanced(make_volume(SHAPE), models["stack"], scaling=scaling)
    with pytest.raises(OptionError, match="works without one"):
        enhanced(make_volume(SHAPE), models["median"], scaling=scaling)


# The file


@pytest.mark.parametrize("name", ["stack", "median"])
@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_cancelled_run_leaves_no_file(models, tmp_path, name, after):
    steps = enhance(make_volume(SHAPE), models[name], EnhanceOptions(threads=1), keep=tmp_path / "kept")
    for _ in range(after):
        next(steps)
    steps.close()
    assert not list(tmp_path.glob("kept*"))


def test_no_room_for_the_change_is_a_note_and_no_reason_to_fail(models, tmp_path):
    result = run_kept(make_volume(SHAPE), models["stack"], tmp_path / "missing" / "kept")
    assert result.change is None and "was not kept" in result.notes[0]
    assert np.array_equal(result.volume.voxels, enhanced(make_volume(SHAPE), models["stack"]).volume.voxels)


def test_removing_a_change_gives_its_file_back(models, tmp_path):
    result = run_kept(make_volume(SHAPE), models["stack"], tmp_path / "kept")
    assert (tmp_path / "kept").stat().st_size == 4 * np.prod(SHAPE)
    result.change.remove()
    result.change.remove()
    assert not (tmp_path / "kept").exists() and result.change.array.size == 0
