"""Plans: every voxel of the region once, blocks of one size at allowed places, weights that sum to one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from inference_cases import ODD_SIZES

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.inference.plan import plan_patches, plan_slices, view_order


def whole(shape):
    """The region that is the volume."""
    return tuple(slice(0, size) for size in shape)


def plans(shape, multiple, overlap, blend):
    """A plan for each axis, whole planes and tiles, and one of patches."""
    for axis, patch in product(range(3), (None, (8, 8, 8))):
        yield plan_slices(shape, whole(shape), axis, 3, multiple, patch, overlap, blend)
    yield plan_patches(shape, whole(shape), multiple, (8, 16, 8), overlap, blend)


@pytest.mark.parametrize("shape", ODD_SIZES, ids=str)
@pytest.mark.parametrize(("multiple", "overlap"), [(1, 0), (1, 5), (4, 0), (4, 4)])
def test_every_voxel_is_kept_once(shape, multiple, overlap):
    """With the centre kept; blocks start at multiples and hold what is kept of them."""
    for plan in plans(shape, multiple, overlap, "centre"):
        count = np.zeros(plan.shape, int)
        for block in plan.blocks:
            count[block.keep] += 1
            for axis, (start, size, keep) in enumerate(zip(block.start, plan.size, block.keep, strict=True)):
                assert start <= keep.start < keep.stop <= min(start + size, plan.shape[axis])
                assert start % multiple == 0 or size == 1
        assert count.min() == count.max() == 1


@pytest.mark.parametrize("shape", ODD_SIZES, ids=str)
@pytest.mark.parametrize(("multiple", "overlap"), [(1, 0), (1, 5), (4, 4)])
def test_weights_sum_to_one(shape, multiple, overlap):
    """With smooth blending; none is 0, so that no voxel is left to rounding."""
    for plan in plans(shape, multiple, overlap, "smooth"):
        total = np.zeros(plan.shape)
        for block in plan.blocks:
            s, u, v = (tile.weights for tile in block.tiles)
            weights = s[:, None, None] * u[:, None] * v
            assert weights.min() > 0
            total[block.keep] += weights
        assert np.abs(total - 1).max() < 1e-6


def test_the_kept_centre_is_far_from_the_faces():
    """At least half of the overlap lies between a kept voxel and a face inside the volume."""
    plan = plan_patches((50, 40, 60), whole((50, 40, 60)), 4, (16, 16, 24), 8, "centre")
    assert plan.size == (16, 16, 24)
    for block in plan.blocks:
        for start, size, keep, length in zip(block.start, plan.size, block.keep, plan.shape, strict=True):
            assert start == 0 or keep.start - start >= 4
            assert start + size >= length or start + size - keep.stop >= 4


def test_smooth_weights_fall_toward_the_faces():
    """Inside the overlap they rise with the distance from the face, and are one in the middle."""
    plan = plan_patches((8, 8, 64), whole((8, 8, 64)), 1, (8, 8, 24), 8, "smooth")
    middle = plan.blocks[1].tiles[2]
    assert (np.diff(middle.weights[:8]) > 0).all() and (np.diff(middle.weights[-8:]) < 0).all()
    assert middle.weights[8:-8] == pytest.approx(1.0)
    assert plan.blocks[0].tiles[2].weights[0] == pytest.approx(1.0)


def test_a_region_takes_only_the_blocks_that_touch_it():
    """In the places that they have in the whole plan."""
    shape, region = (40, 40, 40), (slice(3, 9), slice(20, 21), slice(0, 40))
    full = plan_patches(shape, whole(shape), 1, (16, 16, 16), 4, "centre")
    part = plan_patches(shape, region, 1, (16, 16, 16), 4, "centre")
    wanted = {
        block.start
        for block in full.blocks
        if all(
            keep.start < r.stop and keep.stop > r.start for keep, r in zip(block.keep, region, strict=True)
        )
    }
    assert {block.start for block in part.blocks} == wanted
    assert len(wanted) < len(full.blocks)
    slices = plan_slices(shape, region, 0, 5, 2)
    assert [block.start for block in slices.blocks] == [(row, 0, 0) for row in range(3, 9)]


def test_layers_end_before_the_next_ones_begin():
    """Blocks come layer by layer, and rows before a layer are no longer touched."""
    for blend in ("centre", "smooth"):
        plan = plan_patches((50, 20, 20), whole((50, 20, 20)), 1, (16, 16, 16), 6, blend)
        assert [block.layer for block in plan.blocks] == sorted(block.layer for block in plan.blocks)
        for block in plan.blocks:
            first, last = plan.layers[block.layer]
            assert (block.keep[0].start, block.keep[0].stop) == (first, last)
        firsts = [first for first, _ in plan.layers]
        assert firsts == sorted(firsts) and plan.layers[-1][1] == 50


def test_an_overlap_that_does_not_fit_is_refused():
    """One block that holds the volume needs no overlap; else it must leave room for a step."""
    plan_patches((8, 8, 8), whole((8, 8, 8)), 4, (8, 8, 8), 100, "centre")
    with pytest.raises(OptionError, match="overlap is 5.*allow 4"):
        plan_patches((9, 9, 9), whole((9, 9, 9)), 4, (8, 8, 8), 5, "centre")


def test_views_have_the_slice_axis_first():
    """The others keep their order."""
    assert view_order("kji", 0) == ("k", "j", "i")
    assert view_order("kji", 1) == ("j", "k", "i")
    assert view_order("kji", 2) == ("i", "k", "j")


@pytest.mark.parametrize("multiple", [1, 2, 8])
@pytest.mark.parametrize("blend", ["centre", "smooth"])
def test_a_window_holds_all_that_the_network_sees_from_the_region(multiple, blend):
    """Up to the end of the plane, and no more than it must; all regions of one size share a shape."""
    shape, reach, sizes = (4, 150, 203), 21, set()
    for start in (0, 1, 40, 77, 128, 149):
        for first in (0, 7, 100, 202):
            stop, last = min(start + 5, 150), min(first + 1, 203)
            roi = (slice(1, 3), slice(start, stop), slice(first, last))
            plan = plan_slices(shape, roi, 0, 3, multiple, blend=blend, reach=reach)
            assert len(plan.blocks) == 2
            for block in plan.blocks:
                for axis in (1, 2):
                    begin, size, length = block.start[axis], plan.size[axis], shape[axis]
                    assert begin % multiple == 0 and begin >= 0
                    assert begin <= max(0, roi[axis].start - reach)
                    assert begin + size >= min(length, roi[axis].stop + reach)
                    assert size <= roi[axis].stop - roi[axis].start + 2 * reach + 2 * multiple + 16
                    keep = block.keep[axis]
                    assert keep.start <= roi[axis].start and roi[axis].stop <= keep.stop <= length
            if stop - start == 5:
                sizes.add(plan.size)
    assert len(sizes) == 1


def test_a_whole_plane_is_its_own_window():
    plans = [plan_slices((3, 50, 61), whole((3, 50, 61)), 0, 1, 4, reach=reach) for reach in (None, 9)]
    assert plans[0] == plans[1]
