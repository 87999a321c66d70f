"""Intensity scalings: reversible, exact where nothing changes, harmless beyond their limits, and lean."""

import json
import tracemalloc

import numpy as np
import pytest

from GANEnhanceLib.errors import InputError, ModelError
from GANEnhanceLib.intensity import FittedScaling, fit_scaling, reference_intensity, to_dtype

SPECS = {
    "ct-window": {"name": "ct-window"},
    "ct-window narrow": {"name": "ct-window", "low": -160, "high": 240},
    "mr-percentile": {"name": "mr-percentile"},
    "us-display": {"name": "us-display"},
    "us-log": {"name": "us-log", "high": 4000},
    "unit": {"name": "unit"},
}
TYPES = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64")
WIDE = np.array([-1e6, -2000, -1024, -3.5, 0, 0.25, 1, 100, 255, 3071, 3071.5, 65535, 2e7], np.float64)


def values(shape=(6, 20, 30), seed=0):
    return np.random.default_rng(seed).gamma(2, 150, shape)


@pytest.mark.parametrize("name", SPECS)
def test_forward_and_inverse_undo_each_other_far_beyond_the_limits(name):
    scaling = fit_scaling(SPECS[name], values())
    x = scaling.forward(WIDE)
    assert x.dtype == np.float32 and scaling.inverse(x).dtype == np.float32
    span = np.abs(scaling.high - scaling.low)
    assert np.all(np.abs(scaling.inverse(x) - WIDE) <= 2e-5 * (np.abs(WIDE) + span))
    assert np.all(np.diff(x) > 0)


@pytest.mark.parametrize("name", SPECS)
def test_low_and_high_are_0_and_1(name):
    scaling = fit_scaling(SPECS[name], values())
    ends = scaling.forward(np.array([scaling.low, scaling.high]))
    assert ends == pytest.approx([0, 1], abs=1e-7)
    assert scaling.inside(ends).all()


def test_each_hounsfield_value_of_the_window_is_inside_and_no_other():
    hounsfield = np.arange(-2000, 5000, dtype=np.int16)
    scaling = fit_scaling({"name": "ct-window"}, hounsfield.reshape(1, 7, -1))
    assert np.array_equal(
        scaling.inside(scaling.forward(hounsfield)), (hounsfield >= -1024) & (hounsfield <= 3071)
    )


def test_nan_is_not_inside():
    assert not fit_scaling({"name": "unit"}, values()).inside(np.array([np.nan], np.float32)).any()


def test_mr_is_measured_by_the_percentile_and_zero_stays_zero():
    voxels = values()
    scaling = fit_scaling({"name": "mr-percentile", "percentile": 90, "limits": [-1, 3]}, voxels)
    assert scaling.high == pytest.approx(np.percentile(voxels, 90), rel=1e-6)
    assert scaling.limits == (-1, 3)
    assert scaling.forward(np.zeros(3, np.int16)).tolist() == [0, 0, 0]
    assert fit_scaling({"name": "mr-percentile"}, voxels).limits == (-0.25, 2.0)


def test_the_log_scaling_is_the_log_of_the_envelope():
    scaling = fit_scaling(
        {"name": "us-log", "dynamic_range_db": 40}, np.linspace(0, 500, 60).reshape(3, 4, 5)
    )
    assert scaling.high == pytest.approx(500)
    x = scaling.forward(np.array([0, 50.0, 500]))
    assert x == pytest.approx([0, np.log(11) / np.log(101), 1], abs=1e-6)
    assert scaling.forward(np.array([-50.0])) == pytest.approx([-x[1]])


@pytest.mark.parametrize("name", SPECS)
def test_a_scaling_survives_json(name):
    scaling = fit_scaling(SPECS[name], values())
    assert FittedScaling.from_dict(json.loads(json.dumps(scaling.to_dict()))) == scaling


@pytest.mark.parametrize("strength", [0, 0.5, 1])
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", SPECS)
def test_no_residual_gives_the_input_bit_for_bit(name, dtype, strength):
    info = np.iinfo(dtype) if "int" in dtype else None
    voxels = values() if info is None else np.clip(values(), info.min, info.max)
    voxels = voxels.astype(dtype)
    voxels.flat[:4] = 0, 1, 90, 127
    scaling = fit_scaling(SPECS[name], voxels)
    result = scaling.apply_residual(voxels, np.zeros(voxels.shape, np.float32), strength)
    assert result.dtype == np.float32
    assert np.array_equal(result, voxels.astype(np.float32))


@pytest.mark.parametrize("name", SPECS)
def test_voxels_beyond_the_limits_come_back_exactly(name):
    scaling = fit_scaling(SPECS[name], values())
    voxels = WIDE.astype(np.float32)
    inside = scaling.inside(scaling.forward(voxels))
    assert inside.any() and not inside.all()
    result = scaling.apply_residual(voxels, np.full(voxels.shape, 0.1, np.float32), 1)
    assert np.array_equal(result[~inside], voxels[~inside])
    assert np.all(result[inside] > voxels[inside])


@pytest.mark.parametrize("name", SPECS)
def test_a_residual_is_added_in_scaled_units(name):
    scaling = fit_scaling(SPECS[name], values())
    x = np.linspace(0.1, 0.8, 50, dtype=np.float32)
    residual = np.linspace(-0.1, 0.2, 50, dtype=np.float32)
    result = scaling.apply_residual(scaling.inverse(x), residual, 0.5)
    assert scaling.forward(result) == pytest.approx(x + 0.5 * residual, abs=1e-5)


def test_wide_integers_are_exact_in_a_wide_result():
    voxels = np.array([[[2**30 + 1, -(2**31), 2**31 - 1, 12345]]], np.int32)
    scaling = fit_scaling({"name": "ct-window"}, voxels)
    out = np.empty(voxels.shape, np.float64)
    residual = np.array([[[0.5, 0.5, 0.5, 0]]], np.float32)
    assert scaling.apply_residual(voxels, residual, 1, out=out) is out
    assert np.array_equal(out, voxels)


def test_the_input_and_the_residual_are_only_read():
    voxels, residual = values().astype(np.float32), np.full((6, 20, 30), 0.1, np.float32)
    voxels.flags.writeable = residual.flags.writeable = False
    for spec in SPECS.values():
        fit_scaling(spec, voxels).apply_residual(voxels, residual, 1)


@pytest.mark.parametrize(
    ("spec", "named"),
    [
        ({"name": "z-score"}, "z-score"),
        ({}, "None"),
        ({"name": "ct-window", "low": 5, "high": 5}, "5.0"),
        ({"name": "ct-window", "high": float("nan")}, "nan"),
        ({"name": "unit", "limits": [1, 0]}, "1.0, 0.0"),
        ({"name": "unit", "limits": [1, 2, 3]}, "3.0"),
        ({"name": "unit", "low": "dark"}, "dark"),
        ({"name": "mr-percentile", "percentile": 0}, "0"),
        ({"name": "mr-percentile", "percentile": 101}, "101"),
        ({"name": "us-log", "dynamic_range_db": -3}, "-3"),
    ],
)
def test_a_wrong_spec_is_the_models_fault(spec, named):
    with pytest.raises(ModelError, match=named) as caught:
        fit_scaling(spec, values())
    assert caught.value.hint


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ModelError, match="ct-window, mr-percentile, us-display, us-log, unit"):
        fit_scaling({"name": "x"}, values())


@pytest.mark.parametrize("percentile", [0.01, 1, 37.5, 50, 99, 99.5, 99.99, 100])
@pytest.mark.parametrize("dtype", TYPES)
def test_the_reference_is_numpys_percentile(dtype, percentile):
    info = np.iinfo(dtype) if "int" in dtype else None
    voxels = (values() if info is None else np.clip(values(), info.min, info.max)).astype(dtype) + 1
    voxels = np.maximum(voxels, 1).astype(dtype)
    assert reference_intensity(voxels, percentile) == pytest.approx(
        np.percentile(voxels, percentile), rel=1e-6
    )


def test_one_bright_voxel_does_not_coarsen_the_percentile():
    voxels = values().astype(np.float32)
    voxels[0, 0, 0] = 3e38
    assert reference_intensity(voxels) == pytest.approx(np.percentile(voxels, 99.5), rel=1e-6)


def test_negative_values_are_sorted_below_positive_ones():
    voxels = np.random.default_rng(0).normal(0, 5, (5, 30, 31)).astype(np.float32)
    for percentile in (60, 75, 99.5):
        assert reference_intensity(voxels, percentile) == pytest.approx(
            np.percentile(voxels, percentile), rel=1e-6
        )


def test_values_that_are_not_finite_do_not_count():
    voxels = values().astype(np.float32)
    expected = np.percentile(voxels.ravel()[3:], 99.5)
    voxels.flat[:3] = np.nan, np.inf, -np.inf
    assert reference_intensity(voxels) == pytest.approx(expected, rel=1e-6)
    voxels.flat[0] = -np.float32(np.nan)
    assert reference_intensity(voxels) == pytest.approx(expected, rel=1e-6)
    with pytest.raises(InputError, match="no finite voxel"):
        reference_intensity(np.full((2, 3, 4), np.nan))


def test_a_nearly_empty_volume_is_measured_by_its_largest_value():
    voxels = np.zeros((10, 20, 30), np.int16)
    voxels[5, 5, 5] = 40
    assert reference_intensity(voxels) == 40


@pytest.mark.parametrize("value", [0, -7])
def test_a_volume_without_signal_is_refused(value):
    with pytest.raises(InputError, match=f"is {value}"):
        fit_scaling({"name": "mr-percentile"}, np.full((3, 4, 5), value, np.int16))
    with pytest.raises(InputError, match=f"is {value}"):
        fit_scaling({"name": "us-log"}, np.full((3, 4, 5), value, np.int16))


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("floats", [np.float32, np.float64])
def test_floats_are_rounded_and_clipped_to_integers(dtype, floats):
    given = np.array([-1e30, -1.5, -0.4, 0, 0.5, 1.5, 2.4999, 100.2, 1e30], floats)
    result = to_dtype(given, np.dtype(dtype))
    assert result.dtype == np.dtype(dtype)
    if "float" in dtype:
        assert np.array_equal(result, given.astype(dtype))
        return
    info = np.iinfo(dtype)
    below = [info.min, -2, 0] if info.min < 0 else [0, 0, 0]
    assert result.tolist() == [*below, 0, 0, 2, 2, 100, info.max]


@pytest.mark.parametrize("dtype", [name for name in TYPES if "int" in name])
def test_the_ends_of_integer_types_come_back(dtype):
    info = np.iinfo(dtype)
    for floats in (np.float32, np.float64):
        ends = np.array([info.min, info.max]).astype(floats)
        assert to_dtype(ends, np.dtype(dtype)).tolist() == [info.min, info.max]


def test_to_dtype_leaves_its_argument_alone():
    given = np.array([0.5, 300], np.float32)
    to_dtype(given, np.uint8)
    assert given.tolist() == [0.5, 300]


@pytest.mark.parametrize("dtype", ["int16", "float32", "float64"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_fitting_copies_no_volume(dtype, order):
    voxels = np.asarray(values((64, 128, 128)), dtype=dtype, order=order)
    tracemalloc.start()
    try:
        fit_scaling({"name": "mr-percentile"}, voxels)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * 2**20 < voxels.nbytes * 1.6
