"""Finer grids: the same corners, splines as scipy's, slice profiles as their integrals, and consistency."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.fft import dct, idct
from scipy.integrate import quad
from scipy.ndimage import map_coordinates
from volume_cases import GRIDS, SHAPES

from GANEnhanceLib.degrade.resolution import truncate_kspace
from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.finer.grid import Grid
from GANEnhanceLib.finer.interpolation import interpolation_matrix
from GANEnhanceLib.finer.lattice import Lattice
from GANEnhanceLib.finer.resample import covered, resample
from GANEnhanceLib.finer.sampling import PROFILES, sampling_matrix
from GANEnhanceLib.finer.spline import fine_places, spline_matrix

SIZES = [(12, 4), (13, 5), (30, 11), (7, 7), (3, 1), (64, 27)]


def outer_corners(grid: Grid) -> np.ndarray:
    """The eight corners (RAS) where the outermost voxels end."""
    ends = [(-0.5, size - 0.5) for size in reversed(grid.shape)]
    ijk = np.array(np.meshgrid(*ends, [1.0], indexing="ij")).reshape(4, -1)
    return (grid.matrix @ ijk)[:3]


def to_end(steps):
    """Run a generator to its end and return its value."""
    try:
        while True:
            next(steps)
    except StopIteration as stop:
        return stop.value


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("fine", [(15, 7, 9), (12, 14, 19), (11, 13, 20)])
def test_a_finer_grid_ends_where_the_coarse_one_does(name, shape, fine):
    """Oblique, left-handed and anisotropic grids keep their corners, their axes and their handedness."""
    grid = Grid.make(shape, GRIDS[name])
    finer = grid.refined(fine)
    np.testing.assert_allclose(outer_corners(finer), outer_corners(grid), rtol=1e-12, atol=1e-9)
    directions = [each.matrix[:3, :3] / each.spacing for each in (grid, finer)]
    np.testing.assert_allclose(*directions, atol=1e-12)


@pytest.mark.parametrize("count", [2, 3, 8, 21])
def test_splines_are_those_of_scipy(count):
    """An independent implementation, mirrored in the same way, between and beyond the centers."""
    signal = np.random.default_rng(0).normal(size=count)
    places = np.linspace(-0.5, count - 0.5, 41)
    expected = map_coordinates(signal, [places], order=3, mode="mirror")
    np.testing.assert_allclose(spline_matrix(count, places) @ signal, expected, atol=1e-12)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("fine", "coarse"), SIZES)
def test_a_constant_stays_a_constant(profile, fine, coarse):
    """Measured, interpolated, and both after one another; also from one slice."""
    up = interpolation_matrix(fine, coarse, profile)
    down = sampling_matrix(fine, coarse, profile)
    np.testing.assert_allclose(down @ np.ones(fine), 1, atol=1e-12)
    np.testing.assert_allclose(up @ np.ones(coarse), 1, atol=1e-12)


def test_profiles_are_their_integrals():
    """The weights of voxels inside are areas under the profile, by numerical quadrature."""
    sigma = 3.0 / (2 * np.sqrt(2 * np.log(2)))
    curves = {
        "box": lambda x: float(abs(x) <= 1.5),
        "gaussian": lambda x: float(np.exp(-0.5 * (x / sigma) ** 2)),
    }
    for profile, curve in curves.items():
        row = sampling_matrix(33, 11, profile)[5]
        areas = np.array([quad(curve, m - 16.5, m - 15.5, points=[-1.5, 1.5])[0] for m in range(33)])
        np.testing.assert_allclose(row, areas / areas.sum(), atol=1e-6)


def test_kspace_sampling_agrees_with_the_degradation():
    """Samples of a band-limited signal, taken back by its own inverse, are k-space truncated."""
    signal = np.random.default_rng(1).normal(size=(1, 24, 24)).astype(np.float32)
    matrix = sampling_matrix(24, 12, "kspace")
    limited = np.linalg.pinv(matrix) @ (matrix @ signal[0])
    np.testing.assert_allclose(limited, truncate_kspace(signal, (0.5, 1.0))[0], atol=1e-5)


@pytest.mark.parametrize(("fine", "coarse"), SIZES)
def test_where_kspace_ended_early_the_rest_is_filled_with_zeros(fine, coarse):
    """Beside scipy's cosine transform; and what comes out is measured as it was, exactly."""
    signal = np.random.default_rng(4).normal(size=coarse)
    terms = np.append(dct(signal, norm="ortho"), np.zeros(fine - coarse))
    expected = np.sqrt(fine / coarse) * idct(terms, norm="ortho")
    filled = interpolation_matrix(fine, coarse, "kspace") @ signal
    np.testing.assert_allclose(filled, expected, atol=1e-12)
    np.testing.assert_allclose(sampling_matrix(fine, coarse, "kspace") @ filled, signal, atol=1e-12)


def test_a_lattice_fills_kspace_in_the_plane_and_takes_splines_through_it():
    coarse = np.random.default_rng(5).normal(size=(4, 5, 6)).astype(np.float32)
    lattice = Lattice(coarse.shape, (9, 11, 6), {0: "box", 1: "kspace", 2: "kspace"})
    fine = np.empty(lattice.fine, np.float32)
    to_end(lattice.interpolate(coarse, fine))
    through = spline_matrix(4, fine_places(9, 4))
    expected = np.einsum("ka,jb,abi->kji", through, interpolation_matrix(11, 5, "kspace"), coarse)
    np.testing.assert_allclose(fine, expected, atol=1e-5)


def test_an_unknown_profile_is_refused():
    """The sentence names the allowed ones."""
    with pytest.raises(OptionError, match="'round'.*box, gaussian, kspace"):
        sampling_matrix(6, 3, "round")


@pytest.mark.parametrize("refined", [(0,), (1,), (2,), (0, 2), (0, 1, 2)])
@pytest.mark.parametrize("profile", PROFILES)
def test_the_result_is_measured_as_the_input(refined, profile):
    """Whatever was invented: A x = y after the step, exactly or within the limit."""
    rng = np.random.default_rng(2)
    coarse = (6, 5, 7)
    fine = tuple(round(2.6 * size) if axis in refined else size for axis, size in enumerate(coarse))
    lattice = Lattice(coarse, fine, dict.fromkeys(range(3), profile))
    measured = rng.normal(100, 20, coarse).astype(np.float32)
    for limit in (0.0, 5.0):
        invented = rng.normal(100, 30, fine).astype(np.float32)
        before, after = to_end(lattice.make_consistent(invented, measured, limit))
        misfit = lattice.sample(invented) - measured
        assert np.abs(misfit).max() <= limit + 1e-3
        assert after <= before
        np.testing.assert_allclose(np.sqrt(np.mean(misfit**2)), after, atol=1e-3)


def test_the_change_for_consistency_is_the_least():
    """The pseudo-inverse of the whole operator (a Kronecker product) gives the same correction."""
    rng = np.random.default_rng(3)
    lattice = Lattice((3, 4, 2), (7, 4, 5), {0: "gaussian", 2: "kspace"})
    measured, invented = rng.normal(size=(3, 4, 2)), rng.normal(size=(7, 4, 5)).astype(np.float32)
    whole = np.kron(np.kron(sampling_matrix(7, 3, "gaussian"), np.eye(4)), sampling_matrix(5, 2, "kspace"))
    misfit = measured.ravel() - whole @ invented.ravel()
    expected = invented + (np.linalg.pinv(whole) @ misfit).reshape(7, 4, 5)
    to_end(lattice.make_consistent(invented, measured, 0.0))
    np.testing.assert_allclose(invented, expected, atol=1e-5)


@pytest.mark.parametrize("name", GRIDS)
def test_resampling_puts_values_at_their_places(name):
    """A linear function of place comes out as itself on a turned grid, and beyond the volume is outside."""
    grid = Grid.make((12, 14, 16), GRIDS[name])
    k, j, i = np.meshgrid(*map(np.arange, grid.shape), indexing="ij")
    voxels = 3.0 * i - 2.0 * j + 5.0 * k + 100.0
    turn = np.eye(4)
    turn[:3, :3] = [[0.8, -0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]]
    turn[:3, 3] = [4.0, 1.0, 3.0]
    target = Grid.make((9, 10, 11), grid.matrix @ turn)
    values = resample(voxels, grid, target, -7.0)
    there = covered(grid, target)
    assert 0 < there.sum() < there.size
    kk, jj, ii = np.meshgrid(*map(np.arange, target.shape), indexing="ij")
    place = np.einsum("ab,bkji->akji", turn, np.stack([ii, jj, kk, np.ones_like(ii)]).astype(float))
    expected = 3.0 * place[0] - 2.0 * place[1] + 5.0 * place[2] + 100.0
    inner = np.all([(p > 2) & (p < n - 3) for p, n in zip(place, (16, 14, 12), strict=False)], axis=0)
    np.testing.assert_allclose(values[inner], expected[inner], atol=0.3)
    assert (values[~there] == -7.0).all()


def test_grids_say_what_is_wrong_with_them():
    """The JSON form of a grid to be like is checked field by field."""
    good = Grid.make((2, 3, 4), np.eye(4))
    assert Grid.from_dict(good.to_dict()) == good
    for wrong in (None, {}, {"shape": [2, 3]}, {"shape": [0, 1, 1]}, {"shape": [2, 3, 4.5]}):
        with pytest.raises(OptionError, match="three whole numbers"):
            Grid.from_dict(wrong)
    for numbers in ([1, 2], list(np.zeros(16)), ["x"] * 16, None):
        with pytest.raises(OptionError, match="16 numbers"):
            Grid.from_dict({"shape": [2, 3, 4], "ijk_to_ras": numbers})
