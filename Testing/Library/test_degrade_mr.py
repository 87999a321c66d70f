"""Rician noise held against its closed forms."""

import numpy as np
import pytest
from scipy.stats import kstest, rayleigh, rice

from GANEnhanceLib.degrade.mr import add_rician_noise


@pytest.mark.parametrize(("value", "sigma"), [(0.0, 7.0), (50.0, 20.0), (800.0, 10.0)])
def test_noise_on_a_constant_follows_the_rice_distribution(value, sigma):
    noisy = add_rician_noise(np.full((4, 40, 41), value, np.float32), sigma, seed=5)
    expected = rice(value / sigma, scale=sigma) if value else rayleigh(scale=sigma)
    assert noisy.dtype == np.float32
    assert kstest(noisy.ravel()[::3], expected.cdf).pvalue > 1e-3


def test_sigma_zero_returns_the_magnitude():
    voxels = np.linspace(-5, 5, 60).reshape(3, 4, 5)
    assert np.allclose(add_rician_noise(voxels, 0.0, seed=1), np.abs(voxels))


def test_the_same_seed_gives_the_same_noise_and_another_seed_other_noise():
    voxels = np.full((2, 16, 16), 9, np.int16)
    first, again, other = (add_rician_noise(voxels, 2.0, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.all(voxels == 9)


@pytest.mark.parametrize("shape", [(3, 64, 64), (2, 61, 47)])
def test_correlated_noise_keeps_its_standard_deviation_and_correlates_neighbors_of_the_slice(shape):
    noise = add_rician_noise(np.full(shape, 1e4, np.float32), 10.0, seed=3, correlation=0.8) - 1e4
    assert noise.std() == pytest.approx(10.0, rel=0.05)
    in_slice = np.corrcoef(noise[:, :, 1:].ravel(), noise[:, :, :-1].ravel())[0, 1]
    across = np.corrcoef(noise[1:].ravel(), noise[:-1].ravel())[0, 1]
    # A Gaussian of standard deviation s has the autocorrelation exp(-d^2 / (4 s^2)).
    assert in_slice == pytest.approx(np.exp(-1 / (4 * 0.8**2)), abs=0.05)
    assert abs(across) < 0.06


def test_a_map_of_sigma_gives_noise_that_varies_in_space():
    sigma = np.linspace(1.0, 9.0, 50, dtype=np.float32)
    noise = add_rician_noise(np.full((8, 200, 50), 1e4, np.float32), sigma, seed=4) - 1e4
    assert np.allclose(noise.std(axis=(0, 1)), sigma, rtol=0.12)
