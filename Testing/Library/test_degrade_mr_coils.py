"""Noise of several coils held against the moments of the non-central chi distribution."""

import numpy as np
import pytest
from scipy.special import gammaln, hyp1f1
from scipy.stats import chi, kstest

from GANEnhanceLib.degrade.mr import add_noncentral_chi_noise, add_rician_noise, sigma_map


def mean_of(value, sigma, coils):
    """sigma sqrt(2) G(L + 1/2) / G(L) 1F1(-1/2; L; -v^2 / 2 sigma^2) (Constantinides 1997)."""
    factor = np.exp(gammaln(coils + 0.5) - gammaln(coils))
    return sigma * np.sqrt(2) * factor * hyp1f1(-0.5, coils, -(value**2) / (2 * sigma**2))


@pytest.mark.parametrize("correlation", [0.0, 0.6])
@pytest.mark.parametrize(("value", "sigma", "coils"), [(0.0, 5.0, 4), (20.0, 10.0, 8), (100.0, 4.0, 2)])
def test_moments_are_those_of_the_non_central_chi_distribution(value, sigma, coils, correlation):
    noisy = add_noncentral_chi_noise(np.full((8, 96, 96), value, np.float32), sigma, coils, 3, correlation)
    mean, power = mean_of(value, sigma, coils), value**2 + 2 * coils * sigma**2
    assert noisy.dtype == np.float32
    assert noisy.mean() == pytest.approx(mean, rel=5e-3)
    assert np.mean(noisy.astype(float) ** 2) == pytest.approx(power, rel=1e-2)
    assert noisy.std() == pytest.approx(np.sqrt(power - mean**2), rel=2e-2)


def test_air_follows_the_chi_distribution():
    noisy = add_noncentral_chi_noise(np.zeros((2, 60, 60), np.float32), 3.0, 6, seed=1)
    assert kstest(noisy.ravel()[::2], chi(12, scale=3.0).cdf).pvalue > 1e-3


def test_one_coil_is_rician():
    voxels = np.linspace(0, 50, 4 * 30 * 30, dtype=np.float32).reshape(4, 30, 30)
    assert np.array_equal(add_noncentral_chi_noise(voxels, 4.0, 1, 7), add_rician_noise(voxels, 4.0, 7))


def test_a_level_that_varies_makes_noise_that_varies():
    level = sigma_map((6, 100, 80), 2.0, (0.0, 1.0))
    assert level[:, 0] == pytest.approx(np.full(100, 1.0)) and level[:, -1] == pytest.approx(
        np.full(100, 3.0)
    )
    noisy = add_noncentral_chi_noise(np.zeros((20, 100, 80), np.float32), level, 4, 2)
    power = np.mean(noisy.astype(float) ** 2, axis=(0, 1))
    assert power == pytest.approx(8 * level[0].astype(float) ** 2, rel=0.08)
