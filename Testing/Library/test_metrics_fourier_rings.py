"""Ring correlation: 1 for one image, 0 for none in common, and the share of the signal between."""

import numpy as np
import pytest

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.metrics import ring_correlation, scan_rings


def noise(seed, count=40, size=32):
    return np.random.default_rng(seed).normal(size=(count, size, size))


def test_an_image_agrees_with_itself_however_it_is_scaled():
    images = noise(0, 3)
    np.testing.assert_allclose(ring_correlation(images, images).correlation, 1.0)
    np.testing.assert_allclose(ring_correlation(images, 7 - 0.2 * images).correlation, -1.0)


def test_smoothing_by_a_round_filter_does_not_lower_it():
    from scipy.ndimage import gaussian_filter

    image = noise(1, 1, 128)
    smooth = gaussian_filter(image, (0, 1.5, 1.5), mode="wrap")
    found = ring_correlation(image[:, 32:96, 32:96], smooth[:, 32:96, 32:96])
    low = found.frequencies < 0.2
    assert found.correlation[0, low].min() > 0.95


def test_images_without_relation_scatter_about_zero_as_theory_says():
    found = ring_correlation(noise(2, 400), noise(3, 400))
    assert abs(found.correlation.mean()) < 0.01
    # 1 / sqrt(count) for independent frequencies; a Hann window joins neighbors of a ring with correlations
    # of 2/3 and 1/6, which leaves one in 1 + 2 (4/9 + 1/36) = 1.94 of them.
    ratio = found.correlation.std(axis=0) * np.sqrt(found.counts)
    assert ratio[4:].mean() == pytest.approx(1.94**0.5, rel=0.05)


def test_common_signal_beside_noise_has_the_known_share():
    # corr = S / (S + N) for two noisy images of one signal: M. van Heel, M. Schatz, J. Struct. Biol. 2005.
    signal = noise(4, 300)
    found = ring_correlation(signal + 0.5 * noise(5, 300), signal + 0.5 * noise(6, 300))
    assert found.correlation[:, 3:].mean() == pytest.approx(1 / 1.25, abs=0.02)


def test_power_and_counts_are_those_of_the_transform():
    images = noise(7, 200)
    found = ring_correlation(images, images)
    window = np.hanning(34)[1:-1]
    energy = (window[:, None] * window) ** 2
    np.testing.assert_allclose(found.power[:, 2:].mean(axis=0) / found.counts[2:], energy.sum(), rtol=0.1)
    assert found.frequencies[0] == 1 / 32 and found.frequencies[-1] == 0.5
    assert found.counts[0] == 8 and len(found.counts) == 16


def test_a_flat_image_has_nothing_in_common():
    assert not ring_correlation(np.full((1, 16, 16), 3.0), noise(8, 1, 16)).correlation.any()


def test_the_scan_finds_the_patch_that_was_exchanged():
    image = noise(9, 2, 96)
    other = image.copy()
    other[1, 32:64, 32:64] = noise(10, 1)[0]
    for k, (places, found) in enumerate(scan_rings(image, other, 32, 16)):
        means = found.correlation.mean(axis=1)
        assert len(places) == 25 and set(places[:, 0]) == {k}
        if k == 0:
            assert means.min() > 0.999
        else:
            assert places[means.argmin()].tolist() == [1, 32, 32] and means.min() < 0.2
            assert means[0] > 0.999


@pytest.mark.parametrize("shape", [(3, 16, 15), (3, 6, 6), (16, 16)])
def test_what_does_not_fit_is_said(shape):
    with pytest.raises(InputError, match="shapes"):
        ring_correlation(np.zeros(shape), np.zeros(shape))


def test_nan_and_a_step_of_zero_are_refused():
    with pytest.raises(InputError, match="NaN"):
        ring_correlation(np.full((1, 16, 16), np.nan), np.zeros((1, 16, 16)))
    with pytest.raises(OptionError, match="step is 0"):
        next(scan_rings(np.zeros((1, 16, 16)), np.zeros((1, 16, 16)), 16, 0))
