"""Speckle held against the statistics of fully developed speckle."""

import numpy as np
import pytest
from scipy.special import polygamma, psi
from scipy.stats import kstest, rayleigh

from GANEnhanceLib.degrade.ultrasound import (
    add_speckle,
    attenuation_per_voxel,
    beam_widths,
    mean_log_speckle,
)
from GANEnhanceLib.errors import OptionError

RANGE = 200.0  # dB, so wide that nothing is cut off
TISSUE = np.full((12, 128, 128), 0.8, np.float32)


def decibels(psf=(3.0, 3.0), looks=1, seed=4, tissue=TISSUE, **settings):
    """Return the speckle of even tissue in dB above the tissue, the mean of the logarithm not given back."""
    display = add_speckle(tissue, psf, looks, seed, RANGE, **settings)
    return (display - tissue).astype(float) * RANGE + mean_log_speckle(looks)


def test_the_envelope_of_one_look_is_rayleigh_distributed():
    envelope = 10 ** (decibels() / 20)
    # Speckles are some voxels wide: each fifth voxel is nearly independent.
    assert kstest(envelope[:, ::9, ::9].ravel(), rayleigh(scale=np.sqrt(0.5)).cdf).pvalue > 1e-3
    assert envelope.mean() / envelope.std() == pytest.approx(np.sqrt(np.pi / (4 - np.pi)), rel=0.02)


@pytest.mark.parametrize("looks", [1, 2, 4, 16])
def test_looks_divide_the_variance_of_the_intensity(looks):
    intensity = 10 ** (decibels(looks=looks) / 10)
    assert intensity.mean() == pytest.approx(1.0, rel=0.03)
    assert intensity.var() / intensity.mean() ** 2 == pytest.approx(1 / looks, rel=0.1)


@pytest.mark.parametrize("looks", [1, 3, 8])
def test_compressed_speckle_has_its_standard_deviation_in_decibels(looks):
    found = decibels(looks=looks)
    assert found.std() == pytest.approx(10 / np.log(10) * np.sqrt(polygamma(1, looks)), rel=0.02)
    assert mean_log_speckle(looks) == pytest.approx(10 / np.log(10) * (psi(looks) - np.log(looks)))
    assert found.mean() == pytest.approx(mean_log_speckle(looks), abs=0.12)


def test_one_look_has_5_57_decibels():
    assert decibels().std() == pytest.approx(5.57, abs=0.1)


def test_the_mean_brightness_stays():
    assert add_speckle(TISSUE, (2, 4), 2, 1, RANGE).mean() == pytest.approx(0.8, abs=0.001)


@pytest.mark.parametrize("psf", [(3.0, 6.0), (5.0, 2.0)])
def test_the_point_spread_function_sets_the_correlation(psf):
    intensity = 10 ** (decibels(psf=psf) / 10)
    intensity -= intensity.mean()
    for axis, width in zip((1, 2), psf, strict=True):
        sigma = width / 2.3548
        for distance in (1, 2, 3):
            one, other = (
                np.take(intensity, range(*ends), axis) for ends in ((0, 120), (distance, 120 + distance))
            )
            found = np.mean(one * other) / intensity.var()
            assert found == pytest.approx(np.exp(-(distance**2) / (2 * sigma**2)), abs=0.05)
    slices = np.corrcoef(intensity[1:].ravel(), intensity[:-1].ravel())[0, 1]
    assert abs(slices) < 0.03


def test_the_dynamic_range_is_what_the_display_shows():
    halves = np.full((4, 64, 64), 0.9, np.float32)
    halves[..., 32:] = 0.6
    shown = add_speckle(halves, (2, 2), 32, 1, 40.0)
    assert shown[..., :24].mean() - shown[..., 40:].mean() == pytest.approx(0.3, abs=0.01)
    # The same 5.57 dB are a larger part of a narrower display.
    wide, narrow = (add_speckle(TISSUE - 0.3, (2, 2), 1, 1, each).std() for each in (120.0, 60.0))
    assert narrow / wide == pytest.approx(2.0, rel=0.05)


def test_attenuation_darkens_with_depth():
    loss = attenuation_per_voxel(0.5, 5.0, 0.2)
    assert loss == pytest.approx(0.1)  # 0.5 dB/cm/MHz x 5 MHz x 0.02 cm, there and back
    profile = decibels(looks=32, attenuation=loss).mean(axis=(0, 2))
    slope = np.polyfit(np.arange(128), profile, 1)[0]
    assert slope == pytest.approx(-0.1, rel=0.05)


def test_the_beam_narrows_with_frequency():
    axial, lateral = beam_widths(5.0)
    assert axial == pytest.approx(0.308) and lateral == pytest.approx(0.308 * 3 * 1.2 / np.sqrt(2))
    assert beam_widths(10.0)[0] == pytest.approx(axial / 2)


def test_display_values_stay_on_the_display_and_follow_the_seed():
    image = np.random.default_rng(0).uniform(-0.2, 1.5, (2, 40, 30)).astype(np.float32)
    one, again, other = (add_speckle(image, (1.5, 3), 1, seed) for seed in (1, 1, 2))
    assert one.dtype == np.float32 and one.min() >= 0 and one.max() <= 1
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_nothing_scatters_below_the_floor():
    halves = np.zeros((2, 32, 64), np.float32)
    halves[..., 40:] = 0.7
    shown = add_speckle(halves, (2, 2), 1, 1, 60.0)
    assert not shown[..., :24].any() and shown[..., 44:].mean() == pytest.approx(0.7, abs=0.02)


@pytest.mark.parametrize(
    ("psf", "looks", "named"), [((1, 1), 0, "0"), ((1, 1), 1.5, "1.5"), ((-1, 1), 1, "-1")]
)
def test_impossible_settings_are_refused(psf, looks, named):
    with pytest.raises(OptionError, match=named):
        add_speckle(TISSUE, psf, looks, 0)
