"""Degradations of patches: ranges, levels, seeds, units, and the time that the sampler can spare."""

import time

import numpy as np
import pytest
import training_cases as cases
import yaml
from pydantic import TypeAdapter, ValidationError

from GANEnhanceLib.degrade.ct import LowDose
from GANEnhanceLib.degrade.ct_surrogate import noise_sigma
from GANEnhanceLib.degrade.mr import add_rician_noise
from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.training.config.degradation import DegradationConfig
from GANEnhanceLib.training.config.run import ScalingConfig
from GANEnhanceLib.training.data.degraded import DEGRADATIONS, make_degradation

KINDS = sorted(DEGRADATIONS)
# Milliseconds that a patch of 5 x 64 x 64 may take on a busy machine; alone it is a third of it.
SPARE = {
    "mr-noise": 3,
    "mr-truncation": 2,
    "mr-motion": 40,
    "thick-slices": 2,
    "resolution": 3,
    "ct-low-dose": 4,
    "us-speckle": 9,
}


def degradation(kind, scaling=None, **settings):
    """Return the degradation of plain values."""
    return make_degradation(
        TypeAdapter(DegradationConfig).validate_python({"kind": kind, **settings}), scaling
    )


def patch(shape=(5, 64, 64)):
    """Return a smooth positive patch in scaled intensity."""
    k, j, i = np.meshgrid(*(np.linspace(0, 1, n) for n in shape), indexing="ij")
    return (0.5 + 0.3 * np.sin(7 * j + 2 * k) * np.cos(5 * i)).astype(np.float32)


def test_every_kind_of_the_configuration_can_be_made():
    union = DegradationConfig.__origin__.__args__
    assert {each.model_fields["kind"].annotation.__args__[0] for each in union} == set(DEGRADATIONS)


@pytest.mark.parametrize("kind", KINDS)
def test_patches_keep_shape_and_type_and_follow_the_generator(kind):
    if kind == "mr-motion":
        pytest.importorskip("torchio")
    clean = patch()
    before = clean.copy()
    made = degradation(kind, **({"share": 1.0} if kind == "mr-motion" else {}))
    one, again, other = (made.apply(clean, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one.shape == clean.shape and one.dtype == np.float32 and np.isfinite(one).all()
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    assert not np.array_equal(one, clean) and np.array_equal(clean, before), "a copy"


@pytest.mark.parametrize("kind", KINDS)
def test_levels_go_from_weak_to_strong(kind):
    if kind == "mr-motion":
        pytest.importorskip("torchio")
    made, clean = degradation(kind), patch((12, 64, 64))
    clean += 0.1 * np.sin(np.arange(12, dtype=np.float32) * 1.9)[:, None, None]
    clean[:, 20:44, 18:40] += 0.3
    levels = made.levels()
    assert len(levels) == len(set(levels)) == 3 and all(isinstance(level, float) for level in levels)
    errors = [
        np.mean([(made.apply(clean, np.random.default_rng(seed), level) - clean) ** 2 for seed in range(6)])
        for level in levels
    ]
    assert errors == sorted(errors) and errors[0] < 0.8 * errors[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_patch_costs_about_a_millisecond(kind):
    if kind == "mr-motion":
        pytest.importorskip("torchio")
    made, clean, rng = degradation(kind), patch(), np.random.default_rng(0)
    made.apply(clean, rng)
    times = []
    for _ in range(40):
        began = time.thread_time()
        made.apply(clean, rng)
        times.append(1e3 * (time.thread_time() - began))
    assert np.median(times) < SPARE[kind], f"{np.median(times):.2f} ms"


def test_mr_noise_with_one_coil_is_the_rician_noise_of_older_recipes():
    made = degradation("mr-noise", percent_low=4, percent_high=4, varying_share=0, correlated_share=0)
    rng = np.random.default_rng(5)
    found = made.apply(patch(), rng)
    rng = np.random.default_rng(5)
    rng.random(), rng.uniform(), rng.random(), rng.random()
    assert np.array_equal(found, add_rician_noise(patch(), np.float32(0.04), rng))


def test_more_coils_lift_the_air():
    made = degradation("mr-noise", coils=16)
    air = made.apply(np.zeros((5, 64, 64), np.float32), np.random.default_rng(1), level=5.0)
    assert np.mean(air**2) == pytest.approx(2 * 16 * 0.05**2, rel=0.02)


@pytest.mark.parametrize(
    ("scaling", "width"),
    [
        (None, 4095),
        (ScalingConfig(name="ct-window"), 4095),
        (ScalingConfig(name="ct-window", low=-200, high=300), 500),
    ],
)
def test_ct_noise_is_in_hu_whatever_the_scaling(scaling, width):
    made = degradation("ct-low-dose", scaling, kernel="soft", voxel_low=0.7, voxel_high=0.7)
    zero = np.zeros((24, 64, 64), np.float32)
    noise = made.apply(zero, np.random.default_rng(0), level=0.2) * width
    assert noise.std() == pytest.approx(noise_sigma(260.0, LowDose(0.2), 0.7), rel=0.02)
    assert abs(noise.mean()) < 0.05


def test_ct_doses_lie_in_their_range():
    made = degradation(
        "ct-low-dose", dose_low=0.1, dose_high=0.1, kernel="soft", elongation=0,
        diameter_low=250, diameter_high=250, voxel_low=0.7, voxel_high=0.7,
    )  # fmt: skip
    noise = made.apply(np.zeros((24, 64, 64), np.float32), np.random.default_rng(0)) * 4095
    assert noise.std() == pytest.approx(noise_sigma(250.0, LowDose(0.1), 0.7), rel=0.02)


def test_a_share_of_ct_noise_is_white_and_of_the_same_deviation():
    settings = {
        "dose_low": 0.1,
        "dose_high": 0.1,
        "kernel": "soft",
        "diameter_low": 300,
        "diameter_high": 300,
    }
    settings |= {"voxel_low": 0.7, "voxel_high": 0.7, "elongation": 0}
    empty = np.zeros((1, 128, 128), np.float32)
    deviations = []
    for share, neighbors in ((0.0, 0.3), (1.0, 0.0)):
        made = degradation("ct-low-dose", white_share=share, **settings)
        noise = made.apply(empty, np.random.default_rng(0))[0]
        deviations.append(noise.std())
        alike = np.corrcoef(noise[:, 1:].ravel(), noise[:, :-1].ravel())[0, 1]
        assert alike > neighbors if share == 0 else abs(alike) < 0.03
    assert deviations[1] == pytest.approx(deviations[0], rel=0.05)


def test_speckle_covers_more_voxels_where_they_are_finer():
    even, rng = np.full((1, 96, 96), 0.6, np.float32), np.random.default_rng(0)
    settings = {"looks_high": 1, "attenuation": 0, "frequency_low": 5, "frequency_high": 5}
    made = degradation("us-speckle", voxel=0.05, voxel_high=0.4, **settings)
    steps = [np.abs(np.diff(made.apply(even, rng), axis=1)).mean() for _ in range(40)]
    assert max(steps) > 2.5 * min(steps)


def test_a_share_of_patches_stays_without_speckle():
    clean, rng = patch(), np.random.default_rng(0)
    made = degradation("us-speckle", clean_share=0.3)
    kept = [np.array_equal(made.apply(clean, rng), clean) for _ in range(60)]
    assert 9 <= sum(kept) <= 27
    assert not np.array_equal(made.apply(clean, rng, level=1), clean), "a level that was asked for is given"


def test_speckle_of_a_patch_has_its_decibels():
    made = degradation("us-speckle", dynamic_range=60)
    even = np.full((8, 64, 64), 0.6, np.float32)
    speckled = made.apply(even, np.random.default_rng(0), level=1)
    assert 60 * speckled.std() == pytest.approx(5.57, abs=0.25)
    assert speckled.mean() == pytest.approx(0.6, abs=0.005)


def test_speckle_is_drawn_for_displays_and_apertures_of_a_range():
    even, rng = np.full((1, 96, 96), 0.6, np.float32), np.random.default_rng(0)
    settings = {"looks_high": 1, "attenuation": 0, "frequency_low": 4, "frequency_high": 4, "voxel": 0.1}
    displays = degradation("us-speckle", dynamic_range=50, dynamic_range_high=150, **settings)
    deviations = [displays.apply(even, rng).std() for _ in range(60)]
    # 5.57 dB of 150 and of 50 dB; single patches spread around it
    assert 0.75 * 5.57 / 150 < min(deviations) < 1.3 * 5.57 / 150
    assert 0.75 * 5.57 / 50 < max(deviations) < 1.3 * 5.57 / 50
    apertures = degradation("us-speckle", f_number_low=1.5, f_number_high=6, **settings)
    ratios = []
    for _ in range(40):
        down, across = (np.abs(np.diff(apertures.apply(even, rng), axis=axis)).mean() for axis in (1, 2))
        ratios.append(down / across)
    assert max(ratios) > 2 * min(ratios)


def test_thick_slices_average_the_patch_along_the_wanted_axis():
    clean = patch((6, 32, 32))
    along = degradation("thick-slices").apply(clean, np.random.default_rng(0), level=6)
    assert along == pytest.approx(np.broadcast_to(clean.mean(axis=0), clean.shape), abs=1e-5)
    rows = degradation("thick-slices", along="rows").apply(clean[:1], np.random.default_rng(0), level=32)
    assert rows == pytest.approx(
        np.broadcast_to(clean[:1].mean(axis=1, keepdims=True), (1, 32, 32)), abs=1e-5
    )


def test_thick_slices_of_one_slice_are_refused_with_the_way_out():
    with pytest.raises(OptionError, match="one slice.*along: rows"):
        degradation("thick-slices").apply(patch((1, 32, 32)), np.random.default_rng(0))


def test_a_share_leaves_the_other_patches_as_they_are():
    made, clean, rng = degradation("mr-truncation", share=0.25), patch(), np.random.default_rng(0)
    changed = [not np.array_equal(made.apply(clean, rng), clean) for _ in range(400)]
    assert np.mean(changed) == pytest.approx(0.25, abs=0.07)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (
            {"kind": "mr-noise", "percent_low": 5, "percent_high": 4},
            "percent_low is 5, above percent_high, 4",
        ),
        ({"kind": "thick-slices", "factor_low": 5, "factor_high": 4}, "factor_low is 5"),
        ({"kind": "ct-low-dose", "dose_low": 0.5, "dose_high": 0.2}, "dose_low is 0.5"),
        ({"kind": "ct-low-dose", "diameter_low": 500}, "diameter_low is 500"),
        ({"kind": "us-speckle", "looks_low": 9}, "looks_low is 9, above looks_high, 8"),
        (
            {"kind": "us-speckle", "dynamic_range": 90, "dynamic_range_high": 50},
            "dynamic_range is 90.*, above dynamic_range_high, 50",
        ),
        ({"kind": "us-speckle", "f_number_low": 4}, "f_number_low is 4.*, above f_number_high, 3"),
        ({"kind": "us-speckle", "looks_low": 1.5}, "whole|integer"),
        ({"kind": "us-speckle", "voxel": 0.3, "voxel_high": 0.1}, "voxel is 0.3, above voxel_high, 0.1"),
    ],
)
def test_ranges_that_fall_are_refused(settings, named):
    with pytest.raises(ValidationError, match=named):
        TypeAdapter(DegradationConfig).validate_python(settings)


def test_a_sampler_draws_with_several_degradations():
    kinds = [{"kind": "mr-truncation"}, {"kind": "thick-slices"}, {"kind": "mr-noise", "coils": 4}]
    settings = cases.config(degradations=kinds)
    assert yaml.safe_dump(settings.model_dump(mode="json"))
    batch, again = (next(cases.sampler(settings)) for _ in range(2))
    assert batch["input"].shape == (4, 5, 16, 16) and np.array_equal(batch["input"], again["input"])
