"""The Volume itself: what it refuses, its spacing and slice axis, and what makes it unusable."""

import subprocess
import sys

import numpy as np
import pytest
from volume_cases import GRIDS, OBLIQUE, TYPES, matrix, voxels

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.volume import Volume


def image(shape=(5, 6, 7), dtype="int16"):
    return Volume(voxels(shape, dtype), np.eye(4))


def test_importing_volume_does_not_load_simpleitk():
    code = "import sys, GANEnhanceLib.volume; sys.exit('SimpleITK' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4)),
        np.zeros((2, 3, 4, 5)),
        np.zeros((0, 4, 4)),
        np.zeros((3, 4, 4), complex),
        np.zeros((3, 4, 4), bool),
        np.zeros((3, 4, 4), object),
        np.zeros((3, 4, 4), "U3"),
    ],
    ids=lambda array: f"{array.shape} {array.dtype}",
)
def test_what_is_not_a_scalar_volume_is_refused(array):
    with pytest.raises(InputError):
        Volume(array, np.eye(4))


@pytest.mark.parametrize(
    "wrong",
    [
        np.eye(3),
        np.diag([1.0, 1, 0, 1]),
        matrix([[1, 1, 0], [0, 0, 0], [0, 0, 1]]),
        np.full((4, 4), np.nan),
        np.diag([1.0, 1, 1, 2]),
    ],
    ids=["3x3", "zero spacing", "parallel axes", "NaN", "last row"],
)
def test_a_matrix_that_is_no_grid_is_refused(wrong):
    with pytest.raises(InputError):
        Volume(voxels(), wrong)


def test_tiny_spacing_is_a_grid():
    assert Volume(voxels(), matrix(OBLIQUE, (1e-4, 1e-4, 1e-4))).spacing == pytest.approx((1e-4,) * 3)


def test_the_matrix_is_a_private_copy():
    given = np.eye(4)
    volume = Volume(voxels(), given)
    given[0, 0] = 7
    assert volume.ijk_to_ras[0, 0] == 1
    with pytest.raises(ValueError):
        volume.ijk_to_ras[0, 0] = 7


@pytest.mark.parametrize("name", GRIDS)
def test_spacing_is_the_length_of_the_columns_i_j_k(name):
    expected = {"oblique": (0.8, 1.1, 3.3), "left-handed": (0.8, 1.1, 3.3), "anisotropic": (0.05, 12, 0.3)}
    if name in expected:
        assert Volume(voxels(), GRIDS[name]).spacing == pytest.approx(expected[name])
    assert np.allclose(Volume(voxels(), GRIDS[name]).spacing, np.linalg.norm(GRIDS[name][:3, :3], axis=0))


@pytest.mark.parametrize(
    ("spacing", "shape", "axis"),
    [
        ((1, 1, 5), (5, 6, 7), 0),
        ((1, 5, 1), (5, 6, 7), 1),
        ((5, 1, 1), (5, 6, 7), 2),
        ((1, 1, 1), (5, 6, 7), 0),
        ((1.00000012, 1, 1), (5, 6, 7), 0),
        ((1, 2, 2), (5, 6, 7), 0),
        ((2, 2, 1), (5, 6, 7), 1),
        ((2, 2, 1), (1, 6, 7), 0),
        ((1, 1, 3), (5, 6, 1), 2),
        ((1, 1, 3), (1, 6, 1), 0),
    ],
)
def test_the_acquisition_axis_has_the_largest_spacing_or_the_only_slice(spacing, shape, axis):
    assert Volume(voxels(shape), matrix(OBLIQUE, spacing)).acquisition_axis == axis


def test_with_voxels_keeps_grid_modality_and_name():
    before = Volume(voxels(), GRIDS["oblique"], "mr ", "head")
    after = before.with_voxels(np.ones((5, 6, 7), np.float32))
    assert np.array_equal(after.ijk_to_ras, before.ijk_to_ras)
    assert (after.modality, after.name, after.voxels.dtype) == ("MR", "head", np.float32)
    with pytest.raises(InputError, match="shape"):
        before.with_voxels(np.ones((5, 6, 8)))


@pytest.mark.parametrize("dtype", TYPES)
def test_an_image_of_any_type_is_usable(dtype):
    image((9, 16, 17), dtype).check_usable()


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_counted_and_located(wrong):
    array = voxels(dtype="float32")
    array[2, 3, 4] = array[4, 0, 1] = wrong
    with pytest.raises(InputError, match=r"2 of .* are NaN or infinite.*\(i, j, k\) = \(4, 3, 2\)"):
        Volume(array, np.eye(4)).check_usable()
    assert Volume(array, np.eye(4)).shape == (5, 6, 7)  # looking at it is allowed


def test_one_nan_is_one():
    array = voxels(dtype="float64")
    array[0, 0, 1] = np.nan
    with pytest.raises(InputError, match="1 of .* is NaN"):
        Volume(array, np.eye(4)).check_usable()


@pytest.mark.parametrize("value", [0, 7, -3.5])
def test_a_constant_volume_is_refused(value):
    with pytest.raises(InputError, match=f"constant.* {value:g}"):
        Volume(np.full((4, 5, 6), value), np.eye(4)).check_usable()


def test_one_voxel_is_constant():
    with pytest.raises(InputError, match="constant"):
        image((1, 1, 1)).check_usable()


def test_values_beyond_32_bit_floats_are_refused():
    array = voxels(dtype="float64")
    array[1, 1, 1] = 1e300
    with pytest.raises(InputError, match="1e\\+300"):
        Volume(array, np.eye(4)).check_usable()


@pytest.mark.parametrize("dtype", [name for name in TYPES if "int" in name])
@pytest.mark.parametrize("labels", [2, 5, 32])
def test_a_label_map_is_refused(dtype, labels):
    array = (np.arange(12 * 13 * 14).reshape(12, 13, 14) // 60 % labels).astype(dtype)
    with pytest.raises(InputError, match=f"label map.* {labels} distinct"):
        Volume(array, np.eye(4)).check_usable()


def test_an_8_bit_image_with_many_values_is_no_label_map(t1_head):
    array = np.clip(t1_head.voxels, 0, 255).astype(np.uint8)
    assert 32 < len(np.unique(array)) <= 256
    t1_head.with_voxels(array).check_usable()


def test_many_values_that_appear_late_are_seen():
    array = np.zeros((40, 20, 20), np.int16)
    array[39] = np.arange(400).reshape(20, 20) % 33
    Volume(array, np.eye(4)).check_usable()


def test_a_tiny_image_is_no_label_map():
    Volume(np.arange(27, dtype=np.int16).reshape(3, 3, 3), np.eye(4)).check_usable()


def test_whole_numbers_as_floats_are_no_label_map():
    Volume((np.arange(1000).reshape(10, 10, 10) % 3).astype(np.float32), np.eye(4)).check_usable()


def test_checking_copies_no_volume(traced_peak):
    for dtype in ("int16", "float32"):
        array = np.zeros((64, 128, 128), dtype)
        array[-1] = np.arange(128 * 128).reshape(128, 128)
        assert traced_peak(Volume(array, np.eye(4)).check_usable) < array.nbytes / 4


@pytest.fixture
def traced_peak():
    import tracemalloc

    def measure(function):
        tracemalloc.start()
        try:
            function()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return measure
