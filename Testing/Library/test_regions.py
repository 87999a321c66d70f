"""Weights of boxes and masks against closed forms, on every kind of grid."""

import math
import tracemalloc

import numpy as np
import pytest
from volume_cases import GRIDS, matrix, rotation

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.regions import BoxRegion, MaskRegion, region_from_dict

SHAPES = [(1, 1, 1), (1, 9, 7), (7, 1, 9), (9, 7, 1), (11, 13, 17)]


def places(shape, to_ras):
    """RAS of each voxel's center, (k, j, i, 3)."""
    ijk = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij")[::-1], axis=-1)
    return ijk @ to_ras[:3, :3].T + to_ras[:3, 3]


def whole(shape):
    return tuple(slice(0, size) for size in shape)


def smoothstep(share):
    share = np.clip(share, 0, 1)
    return share**2 * (3 - 2 * share)


def expected_box(shape, to_ras, center, axes, size, feather):
    """The closed form: distance to the nearest of the six faces, by the normal of each."""
    offsets = places(shape, to_ras) - center
    distance = np.full(shape, np.inf)
    for axis in range(3):
        normal = np.cross(axes[:, (axis + 1) % 3], axes[:, (axis + 2) % 3])
        normal /= np.linalg.norm(normal)
        half = abs(normal @ axes[:, axis]) * size[axis] / 2
        distance = np.minimum(distance, half - np.abs(offsets @ normal))
    return smoothstep(distance / feather) if feather else _hard(distance)


def _hard(distance):
    """1 inside, 0 outside; NaN for what is too near to a face to say."""
    return np.where(np.abs(distance) < 0.01, np.nan, distance > 0)


@pytest.mark.parametrize("feather", [0.0, 0.4, 3.0, 50.0])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", GRIDS)
def test_a_rotated_box_is_the_closed_form(name, shape, feather):
    to_ras = GRIDS[name]
    # Off every lattice, so that no voxel's center lies in a face.
    center = to_ras[:3] @ [0.46 * shape[2], 0.47 * shape[1], 0.48 * shape[0] - 0.02, 1] + 0.0137
    step = np.linalg.norm(to_ras[:3, :3], axis=0)
    axes, size = rotation(31, 17, -44), np.maximum([4.4, 7.9, 6.1], 1.1 * step.max())
    region = BoxRegion(shape, to_ras, center, axes, size, feather)
    expected = expected_box(shape, to_ras, center, axes, size, feather)
    assert np.nansum(expected) > 0, "this case tests nothing"
    weights = region.weights(whole(shape))
    assert weights.dtype == np.float32
    np.testing.assert_allclose(weights, np.where(np.isnan(expected), weights, expected), atol=1e-6)
    assert_box_is_tight(region, weights)


def assert_box_is_tight(region, weights):
    box = region.box(weights.shape)
    found = np.nonzero(weights)
    assert box == tuple(slice(int(axis.min()), int(axis.max()) + 1) for axis in found)
    np.testing.assert_array_equal(region.weights(box), weights[box])


def test_faces_are_half_open():
    """Two boxes that touch in a plane of voxel centers share none of them and leave none out."""
    shape, to_ras = (4, 4, 20), matrix(np.eye(3), (0.1, 0.1, 0.1))
    left = BoxRegion(shape, to_ras, (0.35, 0.2, 0.2), np.eye(3), (0.7, 9, 9))
    right = BoxRegion(shape, to_ras, (1.2, 0.2, 0.2), np.eye(3), (1.0, 9, 9))
    in_left, in_right = left.weights(whole(shape)), right.weights(whole(shape))
    assert in_left[0, 0].tolist() == [1.0] * 7 + [0.0] * 13
    assert in_right[0, 0].tolist() == [0.0] * 7 + [1.0] * 10 + [0.0] * 3


def test_rounding_does_not_move_a_face():
    """A box around whole voxels takes the same ones wherever the grid lies and however it is turned."""
    for turn in (np.eye(3), rotation(33, 21, 13), rotation(90, 0, 0)):
        to_ras = matrix(turn, (0.3, 0.3, 0.3), (1000.1, -333.3, 77.7))
        center = to_ras[:3] @ [5, 5, 5, 1]
        # Faces go through voxel centers: the lower ones are inside.
        region = BoxRegion((11, 11, 11), to_ras, center, turn, [1.8] * 3)
        assert region.box((11, 11, 11)) == (slice(2, 8),) * 3
        assert region.weights(whole((11, 11, 11))).sum() == 6**3


def test_the_feather_of_a_sheared_box_is_measured_across_its_faces():
    axes = np.array([[1.0, 0.6, 0.0], [0.0, 0.8, 0.0], [0.0, 0.0, 1.0]])
    shape, center, size = (13, 21, 25), np.array([12.03, 10.02, 6.01]), np.array([16.1, 12.2, 9.3])
    region = BoxRegion(shape, np.eye(4), center, axes, size, 3.0)
    expected = expected_box(shape, np.eye(4), center, axes, size, 3.0)
    np.testing.assert_allclose(region.weights(whole(shape)), expected, atol=1e-6)


@pytest.mark.parametrize("feather", [0.0, 2.5, 7.0])
@pytest.mark.parametrize("kind", ["box", "mask"])
def test_any_cut_gives_the_same_bits(kind, feather):
    shape, to_ras = (9, 23, 19), GRIDS["oblique"]
    region = (
        BoxRegion(shape, to_ras, to_ras[:3] @ [9, 11, 4, 1], rotation(9, 8, 7), (9, 14, 11), feather)
        if kind == "box"
        else MaskRegion(blobs(shape), to_ras, None, feather)
    )
    together = region.weights(whole(shape))
    assert 0 < together.sum() < together.size
    for cut in [
        (slice(3, 4), slice(None), slice(None)),
        (slice(2, 7), slice(5, 6), slice(1, 18)),
        whole(shape),
    ]:
        np.testing.assert_array_equal(region.weights(cut), together[cut])
    columns = [region.weights((slice(None), slice(None), slice(i, i + 1))) for i in range(shape[2])]
    np.testing.assert_array_equal(np.concatenate(columns, axis=2), together)
    assert region.weights((slice(4, 4), slice(0, 3), slice(0, 3))).shape == (0, 3, 3)


def blobs(shape, labels=(1, 2)):
    """Labels in balls, one of which is cut by the end of the volume."""
    places_ = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1)
    mask = np.zeros(shape, np.uint8)
    for label, part in zip(labels, (0.05, 0.7), strict=True):
        reach = 0.35 * max(shape) if min(shape) > 1 else 0.3 * max(shape)
        mask[np.linalg.norm(places_ - np.array(shape) * part, axis=-1) < reach] = label
    return mask


def expected_mask(inside, to_ras, feather):
    """By brute force: the distance to each voxel outside."""
    if not feather or inside.all():
        return inside.astype(float)
    centers = places(inside.shape, to_ras)
    outside = centers[~inside]
    weights = np.zeros(inside.shape)
    for place in zip(*np.nonzero(inside), strict=True):
        weights[place] = smoothstep(np.linalg.norm(outside - centers[place], axis=1).min() / feather)
    return weights


@pytest.mark.parametrize("feather", [0.0, 1.7, 6.0])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", GRIDS)
def test_a_mask_is_feathered_by_the_distance_to_the_outside(name, shape, feather):
    mask = blobs(shape)
    for label, inside in ((None, mask > 0), (1, mask == 1)):
        region = MaskRegion(mask, GRIDS[name], label, feather)
        weights = region.weights(whole(shape))
        np.testing.assert_allclose(weights, expected_mask(inside, GRIDS[name], feather), atol=1e-5)
        np.testing.assert_array_equal(weights > 0, inside)
        assert_box_is_tight(region, weights)


def test_the_feather_agrees_with_the_distance_map_of_itk():
    SimpleITK = pytest.importorskip("SimpleITK")
    mask, to_ras = blobs((14, 25, 30)), matrix(np.eye(3), (0.7, 0.9, 3.0))
    image = SimpleITK.GetImageFromArray((mask == 0).astype(np.uint8))
    image.SetSpacing([0.7, 0.9, 3.0])
    distance = SimpleITK.SignedMaurerDistanceMap(image, squaredDistance=False, useImageSpacing=True)
    distance = np.maximum(SimpleITK.GetArrayFromImage(distance), 0)
    weights = MaskRegion(mask, to_ras, None, 5.0).weights(whole(mask.shape))
    inside = mask > 0
    np.testing.assert_allclose(weights[inside], smoothstep(distance / 5.0)[inside], atol=1e-5)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int16, np.int64, np.uint32])
def test_a_mask_may_be_of_any_whole_type(dtype):
    mask = blobs((5, 9, 9), (1, 1)).astype(dtype)
    mask.flags.writeable = False
    np.testing.assert_array_equal(MaskRegion(mask, np.eye(4)).weights(whole(mask.shape)), mask > 0)


def test_negative_labels_are_outside_unless_asked_for():
    mask = np.array([[[-3, 0, 2, -3]]], np.int16)
    assert MaskRegion(mask, np.eye(4)).weights(whole((1, 1, 4))).ravel().tolist() == [0, 0, 1, 0]
    assert MaskRegion(mask, np.eye(4), -3).weights(whole((1, 1, 4))).ravel().tolist() == [1, 0, 0, 1]


@pytest.mark.parametrize("center", [(50, 5, 5), (5, -50, 5), (-7, -7, -7), (5, 5, 1e9)])
def test_a_box_beside_the_volume_is_refused(center):
    region = BoxRegion((10, 10, 10), np.eye(4), center, rotation(20, 30, 40), (6, 6, 6), 1.0)
    with pytest.raises(InputError, match="6 x 6 x 6 mm does not hold the center of any voxel"):
        region.box((10, 10, 10))
    assert not region.weights(whole((10, 10, 10))).any()


def test_a_box_between_voxels_is_refused():
    region = BoxRegion((10, 10, 10), np.eye(4), (4.5, 4.5, 4.5), np.eye(3), (0.9, 0.9, 0.9))
    with pytest.raises(InputError, match="any voxel"):
        region.box((10, 10, 10))


def test_an_empty_mask_and_a_missing_label_are_refused():
    with pytest.raises(InputError, match="The mask is empty"):
        MaskRegion(np.zeros((3, 4, 5), np.uint8), np.eye(4)).box((3, 4, 5))
    with pytest.raises(InputError, match="no voxel with the label 7"):
        MaskRegion(blobs((3, 4, 5)), np.eye(4), 7).box((3, 4, 5))


def test_another_grid_is_refused():
    with pytest.raises(InputError, match="for a volume of 5 x 4 x 3 voxels, but this one has 5 x 4 x 2"):
        MaskRegion(blobs((3, 4, 5)), np.eye(4)).box((2, 4, 5))
    message = {"kind": "mask", "file": "m.npy", "label": None, "feather_mm": 0}
    with pytest.raises(InputError, match="The mask has 5 x 4 x 3 voxels"):
        region_from_dict(message, (3, 5, 4), np.eye(4), lambda name: blobs((3, 4, 5)))


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"kind": "ball"}, "The kind of the region is 'ball'"),
        ({"feather_mm": -1}, "The feather is -1"),
        ({"feather_mm": math.inf}, "The feather is inf"),
        ({"feather_mm": None}, "The feather is None"),
        ({"size_mm": [1, 0, 1]}, "each edge must be longer than 0"),
        ({"size_mm": [1, 2]}, "must be 3 numbers"),
        ({"center_ras": [1, "x", 1]}, "The center of the region's box"),
        ({"center_ras": [1, math.nan, 1]}, "The center of the region's box"),
        ({"axes_ras": [0] * 9}, "three unit vectors"),
        ({"axes_ras": [1, 1, 0, 0, 0, 0, 0, 0, 1]}, "three unit vectors"),
        ({"axes_ras": None}, "The axes of the region's box"),
    ],
)
def test_a_wrong_message_is_refused(change, wrong):
    message = {
        "kind": "box",
        "center_ras": [1, 1, 1],
        "axes_ras": np.eye(3).ravel().tolist(),
        "size_mm": [2, 2, 2],
        "feather_mm": 0.5,
    }
    region_from_dict(message, (3, 3, 3), np.eye(4), None).box((3, 3, 3))
    with pytest.raises(OptionError, match=wrong):
        region_from_dict({**message, **change}, (3, 3, 3), np.eye(4), None)


def test_a_wrong_mask_is_refused():
    with pytest.raises(InputError, match="of type float32"):
        MaskRegion(np.ones((3, 3, 3), np.float32), np.eye(4))
    with pytest.raises(OptionError, match="The label is 1.5"):
        MaskRegion(blobs((3, 3, 3)), np.eye(4), 1.5)
    for message in ("box", 7, {}):
        with pytest.raises(OptionError, match="The kind of the region"):
            region_from_dict(message, (3, 3, 3), np.eye(4), None)
    assert region_from_dict(None, (3, 3, 3), np.eye(4), None) is None


def test_the_summary_makes_the_same_box_again():
    shape, to_ras = (9, 9, 9), GRIDS["oblique"]
    region = BoxRegion(shape, to_ras, to_ras[:3] @ [4, 4, 4, 1], rotation(3, 2, 1), (5.0, 6.0, 7.0), 1.5)
    again = region_from_dict(region.summary(), shape, to_ras, None)
    np.testing.assert_array_equal(again.weights(whole(shape)), region.weights(whole(shape)))


def test_the_summary_of_a_mask_tells_its_voxels():
    mask = blobs((6, 9, 9))
    one, same = (MaskRegion(mask.astype(kind), np.eye(4), 2, 1.0).summary() for kind in (np.uint8, np.int32))
    assert one == same
    assert one["voxels"] == (mask == 2).sum()
    assert one["sha256"] != MaskRegion(mask, np.eye(4), 1, 1.0).summary()["sha256"]


def test_a_large_volume_is_never_held():
    """The box of a 512 x 512 x 200 volume and the weights of a slice of it, within a few slices' memory."""
    shape = (200, 512, 512)
    center, turn = (255.0, 255.0, 100.0), rotation(10, 20, 30)
    tracemalloc.start()
    region = BoxRegion(shape, np.eye(4), center, turn, (300, 300, 150), 10.0)
    region.box(shape)
    region.weights((slice(100, 101), slice(None), slice(None)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30 * 2**20
