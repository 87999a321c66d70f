"""Model observers reach what theory says for known structures in known noise."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.metrics import (
    channel_responses,
    hotelling_snr,
    laguerre_gauss_channels,
    matched_filter_snr,
)
from GANEnhanceLib.metrics.observer import response_covariance

SIZE = 21
PLACE = np.arange(SIZE) - SIZE // 2
RADIUS_SQUARED = PLACE[:, None] ** 2 + PLACE**2
DISC = (RADIUS_SQUARED <= 9).astype(float)


def white(seed, count, sigma=1.0):
    return sigma * np.random.default_rng(seed).normal(size=(count, SIZE, SIZE))


def test_the_matched_filter_reaches_the_norm_over_sigma_in_white_noise():
    # SNR = |s| / sigma for the ideal observer (Barrett and Myers, section 13.2).
    signal = 0.5 * DISC
    snr = matched_filter_snr(white(0, 4000, 0.7) + signal, white(1, 4000, 0.7), signal)
    assert snr == pytest.approx(np.linalg.norm(signal) / 0.7, rel=0.03)


def test_any_other_template_sees_less_by_its_angle_to_the_structure():
    other = np.exp(-RADIUS_SQUARED / 50)
    cosine = (other * DISC).sum() / np.linalg.norm(other) / np.linalg.norm(DISC)
    snr = matched_filter_snr(white(2, 4000) + DISC, white(3, 4000), other)
    assert snr == pytest.approx(cosine * np.linalg.norm(DISC), rel=0.03)


def test_smoothing_costs_the_matched_filter_and_not_the_hotelling_observer():
    # For Gaussians of standard deviation a (structure) and b (filter): a sqrt(a^2 + 2 b^2) / (a^2 + b^2).
    a = b = 1.5
    structure = np.exp(-RADIUS_SQUARED / (2 * a**2))
    noise = np.random.default_rng(4).normal(size=(4000, SIZE + 20, SIZE + 20))
    smooth = gaussian_filter(noise, (0, b, b))[:, 10:-10, 10:-10]
    blurred = gaussian_filter(np.pad(structure, 10), b)[10:-10, 10:-10]
    noise = noise[:, 10:-10, 10:-10]
    ideal = np.linalg.norm(structure)
    found = matched_filter_snr(smooth[::2] + blurred, smooth[1::2], blurred)
    assert found == pytest.approx(ideal * 0.75**0.5, rel=0.03)
    channels = laguerre_gauss_channels(SIZE, 6.0)
    before = [channel_responses(noise + each, channels) for each in (structure, 0)]
    after = [channel_responses(smooth + each, channels) for each in (blurred, 0)]
    assert hotelling_snr(*before) == pytest.approx(ideal, rel=0.03)
    assert hotelling_snr(*after) == pytest.approx(ideal, rel=0.03)


def test_the_channels_are_orthonormal_and_the_first_is_a_gaussian():
    # The Laguerre polynomials are orthogonal under exp(-x); sampling leaves a little.
    channels = laguerre_gauss_channels(61, 12.0, 5).reshape(5, -1)
    np.testing.assert_allclose(channels @ channels.T, np.eye(5), atol=1e-3)
    place = np.arange(61) - 30
    gaussian = np.exp(-np.pi * (place[:, None] ** 2 + place**2) / 144).ravel()
    np.testing.assert_allclose(channels[0], gaussian / np.linalg.norm(gaussian))


def test_few_images_do_not_read_too_high():
    # Without a structure SNR^2 is 0; the plain estimate is about 5 (1/12 + 1/12) / (1 - 6/22) = 1.1.
    rng = np.random.default_rng(5)
    plain, squares = [], []
    for _ in range(400):
        present, absent = rng.normal(size=(2, 12, 5)) + np.array([[[1.5, 0, 0, 0, 0]], [[0] * 5]])
        squares.append(hotelling_snr(present, absent) ** 2)
        mean = (present - absent).mean(axis=0)
        pooled = (np.cov(present.T) + np.cov(absent.T)) / 2
        plain.append(mean @ np.linalg.solve(pooled, mean))
    assert np.mean(plain) > 4.0
    assert np.mean(squares) == pytest.approx(2.25, abs=0.25)


def test_places_of_other_brightness_are_no_noise():
    rng = np.random.default_rng(6)
    groups = np.repeat([0, 1, 2], 200)
    places = np.array([[0, 0, 0], [50, 0, 0], [-90, 0, 0]])[groups]
    absent = rng.normal(size=(600, 3)) + places
    present = rng.normal(size=(600, 3)) + places + [2.0, 0, 0]
    assert hotelling_snr(present, absent, groups) == pytest.approx(2.0, rel=0.06)
    assert hotelling_snr(present, absent) < 0.1


def test_noise_of_the_observers_own_as_large_as_the_images_halves_the_squared_snr():
    rng = np.random.default_rng(7)
    absent = rng.normal(size=(3000, 4))
    present = absent + [3.0, 0, 0, 0]
    one = np.zeros(len(absent), dtype=int)
    own = response_covariance(absent, one)
    np.testing.assert_allclose(own, np.cov(absent.T))
    assert hotelling_snr(present, absent) == pytest.approx(3.0, rel=0.03)
    assert hotelling_snr(present, absent, internal=own) == pytest.approx(3.0 / 2**0.5, rel=0.03)


def test_no_noise_at_all_and_no_difference():
    flat = np.zeros((4, 3, 3))
    assert matched_filter_snr(flat, flat, np.ones((3, 3))) == 0.0
    assert matched_filter_snr(flat + 1, flat, np.ones((3, 3))) == np.inf


def test_what_does_not_fit_is_said():
    with pytest.raises(InputError, match="two images or more"):
        matched_filter_snr(np.zeros((1, 3, 3)), np.zeros((4, 3, 3)), np.zeros((3, 3)))
    with pytest.raises(InputError, match="template"):
        matched_filter_snr(np.zeros((4, 3, 3)), np.zeros((4, 3, 3)), np.zeros((2, 3)))
    with pytest.raises(InputError, match="more of them than channels"):
        hotelling_snr(np.zeros((4, 8)), np.zeros((4, 8)))
    with pytest.raises(OptionError, match="size 8"):
        laguerre_gauss_channels(8, 3.0)
