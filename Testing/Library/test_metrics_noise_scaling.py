"""Scaled by its noise an image has the same noise at every level, and everything can be undone."""

import numpy as np
import pytest

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.intensity import FittedScaling, fit_scaling
from GANEnhanceLib.metrics import fit_to_noise

UNIT_OF_NOISE = {"name": "mr-percentile", "noise": 0.05}


@pytest.mark.parametrize("sigma", [2.0, 20.0, 80.0])
def test_in_units_of_noise_the_noise_is_the_same_whatever_its_level(sigma):
    noisy = 500 + np.random.default_rng(1).normal(0, sigma, (5, 60, 60))
    scaling = fit_to_noise(UNIT_OF_NOISE, noisy)
    assert scaling.forward(noisy).std() == pytest.approx(0.05, rel=0.05)
    plain = fit_scaling({"name": "mr-percentile"}, noisy)
    ends = np.array([-0.25, 2.0]) * plain.high
    assert scaling.forward(ends) == pytest.approx(scaling.limits, rel=1e-6), "the same voxels are left alone"
    assert scaling.span * scaling.high == pytest.approx(plain.high)
    assert FittedScaling.from_dict(scaling.to_dict()) == scaling


def test_an_image_without_noise_is_not_blown_up_and_noise_alone_is_not_shrunk_away():
    smooth = np.broadcast_to(np.linspace(0, 100, 64), (3, 64, 64)).copy()
    assert fit_to_noise(UNIT_OF_NOISE, smooth).span == pytest.approx(0.05 / 0.002)
    noise = np.abs(np.random.default_rng(2).normal(0, 100, (3, 64, 64)))
    assert fit_to_noise(UNIT_OF_NOISE, noise).span == pytest.approx(0.05 / 0.2)


def test_values_residuals_and_voxels_beyond_the_limits_come_back():
    noisy = 500 + np.random.default_rng(1).normal(0, 20, (5, 60, 60)).astype(np.float32)
    noisy[2, 3, 4] = 5000
    scaling = fit_to_noise(UNIT_OF_NOISE, noisy)
    assert scaling.inverse(scaling.forward(noisy)) == pytest.approx(noisy, rel=1e-5)
    changed = scaling.apply_residual(noisy, np.full(noisy.shape, 0.05, np.float32), 1.0)
    assert changed[2, 3, 4] == 5000
    rest = np.delete(changed - noisy, np.ravel_multi_index((2, 3, 4), noisy.shape))
    assert rest == pytest.approx(20, rel=0.05), "one unit of noise"


def test_without_noise_in_the_card_it_is_the_plain_scaling():
    voxels = np.random.default_rng(3).gamma(2, 150, (4, 20, 20))
    spec = {"name": "mr-percentile", "percentile": 98}
    assert fit_to_noise(spec, voxels) == fit_scaling(spec, voxels)


def test_a_noise_of_zero_is_the_models_fault():
    voxels = np.random.default_rng(3).gamma(2, 150, (4, 20, 20))
    with pytest.raises(ModelError, match="has the noise 0"):
        fit_to_noise({"name": "mr-percentile", "noise": 0}, voxels)
