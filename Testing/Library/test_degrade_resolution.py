"""Truncated k-space against the Gibbs phenomenon, thick slices against plain means, motion by TorchIO."""

import numpy as np
import pytest

from GANEnhanceLib.degrade.motion import add_ghosts, add_motion
from GANEnhanceLib.degrade.resolution import average_slices, truncate_kspace
from GANEnhanceLib.errors import OptionError


def test_an_edge_overshoots_by_nine_percent():
    edge = np.full((1, 4, 1024), 10.0, np.float32)
    edge[..., 512:] = 30.0
    ringing = truncate_kspace(edge, (1.0, 1 / 16))
    # Si(pi) / pi - 1/2 = 0.0895, however many lines are kept.
    assert ringing.max() - 30.0 == pytest.approx(0.0895 * 20, rel=0.02)
    assert 10.0 - ringing.min() == pytest.approx(0.0895 * 20, rel=0.02)


@pytest.mark.parametrize("extent", [64, 65])
def test_kept_waves_pass_and_others_vanish(extent):
    place = (np.arange(extent) + 0.5) / extent
    low, high = np.cos(5 * np.pi * place), np.cos(50 * np.pi * place)
    image = np.broadcast_to((low + high - 3)[:, None], (extent, 8)).astype(np.float32)
    assert np.allclose(truncate_kspace(image, (0.5, 1.0))[:, 0], low - 3, atol=1e-5)
    assert np.array_equal(truncate_kspace(image, 1.0), image)


def test_truncation_is_that_of_the_cosine_transform():
    from scipy.fft import dctn, idctn

    image = np.random.default_rng(1).uniform(-1, 1, (3, 40, 50)).astype(np.float32)
    spectrum = dctn(image, axes=(1, 2), norm="ortho")
    spectrum[:, 20:], spectrum[:, :, 30:] = 0, 0
    expected = idctn(spectrum, axes=(1, 2), norm="ortho")
    assert np.allclose(truncate_kspace(image, (0.5, 0.6)), expected, atol=1e-5)


@pytest.mark.parametrize("kept", [0.0, 1.2, (0.5, -1)])
def test_an_impossible_share_is_refused(kept):
    with pytest.raises(OptionError, match="above 0 and at most 1"):
        truncate_kspace(np.ones((4, 8, 8)), kept)


def test_magnitudes_stay_magnitudes():
    image = (np.random.default_rng(0).random((2, 32, 32)) > 0.8).astype(np.float32)
    assert truncate_kspace(image, 0.4).min() >= 0


def test_thick_slices_are_means_of_fine_ones():
    voxels = np.random.default_rng(0).random((12, 5, 6)).astype(np.float32)
    thick = average_slices(voxels, 3, interpolation="nearest")
    expected = voxels.reshape(4, 3, 5, 6).mean(axis=1)
    assert np.allclose(thick[1::3], expected, atol=1e-6) and np.array_equal(thick[0], thick[2])
    linear = average_slices(voxels, 3)
    assert np.allclose(linear[1::3], expected, atol=1e-6), "the centers of thick slices keep their values"
    assert np.allclose(linear[2], expected[0] * 2 / 3 + expected[1] / 3, atol=1e-6)
    assert np.array_equal(linear[0], linear[1]), "nothing is made up beyond the last centers"


def test_a_ramp_stays_a_ramp_between_the_outer_centers():
    voxels = np.arange(16, dtype=np.float32)[None, :, None] * np.ones((2, 1, 3), np.float32)
    assert np.allclose(average_slices(voxels, 4, axis=1)[:, 2:14], voxels[:, 2:14] + 0.0, atol=1e-5)


@pytest.mark.parametrize(("first", "borders"), [(0, [4, 8]), (1, [1, 5, 9]), (3, [3, 7])])
def test_the_borders_lie_where_they_are_asked_for(first, borders):
    steps = average_slices(np.arange(10.0).reshape(10, 1, 1), 4, 0, first, "nearest").ravel()
    assert list(np.flatnonzero(np.diff(steps)) + 1) == borders
    assert steps.mean() == pytest.approx(4.5)


def test_one_slice_thickness_changes_nothing_and_half_a_slice_is_refused():
    voxels = np.random.default_rng(0).random((5, 4, 4)).astype(np.float32)
    assert np.allclose(average_slices(voxels, 1), voxels)
    assert np.allclose(average_slices(voxels, 9), voxels.mean(axis=0))
    with pytest.raises(OptionError, match="whole number"):
        average_slices(voxels, 0)


def block(extent=48):
    """Return a bright block off the center of three slices."""
    voxels = np.zeros((3, extent, extent), np.float32)
    voxels[:, 10:30, 14:34] = 100.0
    return voxels


def test_motion_follows_its_generator_and_keeps_the_signal():
    pytest.importorskip("torchio")
    still = block()
    one, again, other = (add_motion(still, (3, 1, 1), 5, 4, 3, seed, in_plane=True) for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    assert one.shape == still.shape and one.dtype == np.float32 and one.min() >= 0
    # Motion mixes lines of k-space along the phase direction: energy is kept, the edges are spoiled.
    assert np.sum(one.astype(float) ** 2) == pytest.approx(np.sum(still.astype(float) ** 2), rel=0.1)
    assert np.abs(one - still)[:, :, :].max() > 10
    assert np.allclose(add_motion(still, (3, 1, 1), 0, 0, 3, 1), still, atol=1e-3)


def test_a_shift_in_the_plane_leaves_slices_apart():
    pytest.importorskip("torchio")
    voxels = np.zeros((3, 32, 32), np.float32)
    voxels[1, 8:20, 8:20] = 50.0
    moved = add_motion(voxels, (1, 1, 1), 4, 4, 2, 5, in_plane=True)
    assert moved[0].max() < 1e-3 and moved[2].max() < 1e-3 and moved[1].max() > 25


@pytest.mark.parametrize("axis", [1, 2])
def test_ghosts_lie_at_equal_shares_of_the_field_of_view(axis):
    pytest.importorskip("torchio")
    voxels = np.zeros((2, 64, 64), np.float32)
    place = [slice(None), slice(30, 34), slice(30, 34)]
    voxels[tuple(place)] = 100.0
    ghosted = add_ghosts(voxels, 4, 0.8, axis)
    profile = ghosted.mean(axis=(0, 3 - axis))
    outside = profile.copy()
    outside[28:36] = 0
    strongest = sorted(np.argsort(outside)[-8:])
    # A fourth of 64 is 16: copies around 14 to 18 and 46 to 50, and at the border.
    assert {int(each) % 16 for each in strongest} <= {14, 15, 0, 1, 2}
    assert outside.max() > 2.5 * np.median(profile)
    assert np.allclose(add_ghosts(voxels, 4, 0.0, axis), voxels, atol=1e-4)


def test_a_missing_torchio_is_one_sentence(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "torchio", None)
    with pytest.raises(OptionError, match="TorchIO, which is not installed. Install it"):
        add_motion(block(), (1, 1, 1), 1, 1, 1, 0)
