"""With an identity network every mode, axis, overlap, blend and size returns the input.

A network that changes each voxel in a known way goes through the same plans, because a voxel that is left
out or written elsewhere shows only where something changes.
"""

from __future__ import annotations

import numpy as np
import pytest
from inference_cases import BACKENDS, ODD_SIZES, enhanced, make_volume, mixing_network, network_of

from GANEnhanceLib.volume import Volume


@pytest.fixture(scope="module")
def identities(tmp_path_factory):
    """Identity networks by (channels, dimensions, multiple)."""
    folder = tmp_path_factory.mktemp("identities")
    keys = ((1, 2, 1), (3, 2, 1), (5, 2, 4), (1, 3, 1), (1, 3, 4))
    return {
        key: network_of(folder / f"id-{'-'.join(map(str, key))}", "identity", *key[:2], multiple=key[2])
        for key in keys
    }


def assert_same(result, volume):
    """The result is the input to 1e-6 of its range, on the same grid."""
    assert result.volume.voxels.shape == volume.voxels.shape
    assert result.volume.voxels.dtype == volume.voxels.dtype
    assert np.abs(result.volume.voxels - volume.voxels).max() <= 1e-6 * np.ptp(volume.voxels)
    assert np.array_equal(result.volume.ijk_to_ras, volume.ijk_to_ras)
    assert result.bound_hits == 0


@pytest.fixture(scope="module")
def mixing(tmp_path_factory):
    """Networks that change every voxel, by the same keys, with the weights of their channels."""
    folder = tmp_path_factory.mktemp("mixing")
    weights = {(1, 2, 1): [1.1], (3, 2, 1): [0.1, 1.0, -0.05], (5, 2, 4): [0.1, 0.0, 1.0, 0.05, -0.07]}
    weights |= {(1, 3, 1): [1.1], (1, 3, 4): [0.9]}
    return {
        key: (mixing_network(folder / f"mix-{'-'.join(map(str, key))}", values, *key[1:]), values)
        for key, values in weights.items()
    }


def expected_mix(volume, weights, axis):
    """What a mixing network gives: the weighted sum of neighbor slices, the outermost repeated."""
    view = np.moveaxis(volume.voxels.astype(np.float64), axis, 0)
    rows, reach = np.arange(len(view)), len(weights) // 2
    mixed = sum(
        weight * view[np.clip(rows + step - reach, 0, len(view) - 1)] for step, weight in enumerate(weights)
    )
    return np.moveaxis(mixed, 0, axis)


def assert_mixed(result, volume, weights, axis):
    """The result is the mix to a millionth of the range (float32 holds seven digits)."""
    difference = np.abs(result.volume.voxels - expected_mix(volume, weights, axis)).max()
    assert difference <= 2e-6 * volume.voxels.max()


@pytest.mark.parametrize("device", BACKENDS)
@pytest.mark.parametrize("key", [(1, 2, 1), (3, 2, 1), (5, 2, 4)], ids=["2-D", "2.5-D", "2.5-D padded"])
@pytest.mark.parametrize("shape", ODD_SIZES, ids=str)
def test_slices(identities, mixing, device, key, shape):
    """Slices and stacks along each axis."""
    volume = make_volume(shape)
    mode = "slices" if key[0] == 1 else "slices25d"
    for number, axis in enumerate("kji"):
        options = {"device": device, "mode": mode, "axis": axis}
        assert_same(enhanced(volume, identities[key], **options), volume)
        model, weights = mixing[key]
        assert_mixed(enhanced(volume, model, bound=9.0, **options), volume, weights, number)


@pytest.mark.parametrize("device", BACKENDS)
@pytest.mark.parametrize("blend", ["centre", "smooth"])
@pytest.mark.parametrize("shape", ODD_SIZES, ids=str)
def test_tiles(identities, mixing, device, blend, shape):
    """Slices cut into tiles, with and without an overlap."""
    volume = make_volume(shape)
    for number, overlap in enumerate((0, 3, 5)):
        options = {"axis": "kji"[number], "patch": (8, 8, 8), "overlap": overlap, "blend": blend}
        assert_same(enhanced(volume, identities[3, 2, 1], device=device, **options), volume)
        model, weights = mixing[3, 2, 1]
        assert_mixed(enhanced(volume, model, device=device, bound=9.0, **options), volume, weights, number)


@pytest.mark.parametrize("device", BACKENDS)
@pytest.mark.parametrize("key", [(1, 3, 1), (1, 3, 4)], ids=["any size", "multiples of 4"])
@pytest.mark.parametrize("blend", ["centre", "smooth"])
@pytest.mark.parametrize("shape", ODD_SIZES, ids=str)
def test_patches(identities, mixing, device, key, blend, shape):
    """3-D patches, slabs and the whole volume, with and without an overlap."""
    volume = make_volume(shape)
    model, weights = mixing[key]
    for patch, overlap in (((8, 8, 8), 0), ((8, 8, 8), 4), ((12, 8, 16), 3), ((4, 64, 64), 0), (None, None)):
        options = {"mode": "patches", "patch": patch, "overlap": overlap, "blend": blend, "device": device}
        assert_same(enhanced(volume, identities[key], **options), volume)
        assert_mixed(enhanced(volume, model, bound=9.0, **options), volume, weights, 0)


def test_the_acquisition_axis_is_the_one_of_the_largest_spacing(mixing):
    """Here k (3 mm); with another grid i."""
    volume = make_volume((5, 6, 7))
    model, weights = mixing[3, 2, 1]
    assert_mixed(enhanced(volume, model, bound=9.0, axis="acquisition"), volume, weights, 0)
    sagittal = Volume(volume.voxels, np.diag([4.0, 1.0, 1.0, 1.0]), modality="MR")
    assert_mixed(enhanced(sagittal, model, bound=9.0), sagittal, weights, 2)


@pytest.mark.parametrize("device", BACKENDS)
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.int64, np.float64])
def test_types_come_back_exactly(identities, device, dtype):
    """Whole numbers of every size, and 64-bit floats to their own precision."""
    volume = make_volume((6, 9, 10), np.float64)
    values = volume.voxels * (0.2 if dtype == np.uint8 else 1.0)
    if dtype in (np.int32, np.int64):
        values = values * 2.0**20  # beyond what float32 holds exactly
    volume = volume.with_voxels(values.astype(dtype))
    result = enhanced(volume, identities[3, 2, 1], device=device)
    assert result.volume.voxels.dtype == dtype
    assert np.array_equal(result.volume.voxels, volume.voxels)


def test_memory_order_does_not_matter(identities):
    """Fortran order, negative strides and a view of a larger array give the same."""
    base = make_volume((7, 9, 11)).voxels
    padded = np.zeros((9, 12, 14), np.float32)
    padded[1:8, 2:11, 3:14] = base
    for voxels in (np.asfortranarray(base), base[::-1][::-1], padded[1:8, 2:11, 3:14]):
        volume = make_volume((7, 9, 11)).with_voxels(voxels)
        result = enhanced(volume, identities[5, 2, 4], device="openvino")
        assert np.array_equal(result.volume.voxels, base)
