"""Flat blocks, noise power and speckle: against closed forms of white, filtered and Rayleigh noise."""

import numpy as np
import pytest
from scipy import ndimage

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics import (
    contrast_regions,
    contrast_to_noise,
    equivalent_looks,
    flat_blocks,
    noise_power,
    noise_power_distance,
    region_values,
    speckle_index,
    take_blocks,
)

SIZE, SPACING = 16, (0.5, 0.8)


def noise(seed=0, sigma=3.0, count=400):
    return np.random.default_rng(seed).normal(0.0, sigma, (count, SIZE, SIZE))


def halves(shape=(4, 64, 64)):
    image = np.zeros(shape)
    image[:, 8:56, 8:32], image[:, 8:56, 32:56] = 100.0, 160.0
    return image


def test_white_noise_has_the_same_power_everywhere_and_its_variance_as_integral():
    found = noise_power(noise(), SPACING)
    # A plane is taken out, which are three of the SIZE^2 numbers of a block.
    assert found.sigma**2 == pytest.approx(9.0 * (1 - 3 / SIZE**2), rel=0.01)
    flat = found.power[found.frequencies > 0.3]
    assert flat == pytest.approx(9.0 * SPACING[0] * SPACING[1], rel=0.12)


def test_filtered_noise_has_the_power_of_the_filter():
    fine = np.random.default_rng(1).normal(0.0, 1.0, (400, 32, 32))
    smooth = ndimage.gaussian_filter(fine, (0, 1.0, 1.0), mode="wrap", truncate=6)
    found = noise_power(smooth, (1.0, 1.0))
    expected = np.exp(-((2 * np.pi * found.frequencies) ** 2))
    middle = (found.frequencies > 0.1) & (found.frequencies < 0.25)
    assert found.power[middle] == pytest.approx(expected[middle], rel=0.15)


def test_a_plane_is_not_noise():
    down, right = np.mgrid[:SIZE, :SIZE]
    assert noise_power((2.0 * down - right + 5.0)[None], SPACING).sigma < 1e-9


def test_the_distance_is_the_noise_that_is_too_much_or_missing():
    texture = noise(5, 20.0)
    noisy = texture + noise(6)
    assert noise_power_distance(texture, texture, SPACING) == 0.0
    assert noise_power_distance(np.zeros_like(texture), noise(), SPACING) == pytest.approx(3.0, rel=0.02)
    assert noise_power_distance(noise(), np.zeros_like(texture), SPACING) == pytest.approx(3.0, rel=0.02)
    # Of noise over an object the object cancels but for what it has by chance in common with the noise.
    assert noise_power_distance(noisy, texture, SPACING) == pytest.approx(3.0, rel=0.25)


def test_coarse_noise_is_told_from_fine_noise_of_the_same_strength():
    coarse = ndimage.gaussian_filter(noise(2), (0, 2.0, 2.0), mode="wrap")
    coarse *= 3.0 / coarse.std()
    assert noise_power_distance(coarse, noise(3), SPACING) > 3.0


def test_flat_blocks_lie_in_the_object_and_not_on_its_edges():
    image = halves() + np.random.default_rng(0).normal(0.0, 0.1, (4, 64, 64))
    places = flat_blocks(image, 8)
    assert len(places) == 4 * 36 // 4
    blocks = take_blocks(image, places, 8)
    assert blocks.std(axis=(1, 2)).max() < 0.2
    k, j, i = places[3]
    assert np.array_equal(blocks[3], image[k, j : j + 8, i : i + 8])
    assert flat_blocks(image, 65).shape == (0, 3)


def test_speckle_of_one_look_has_the_constants_of_rayleigh_statistics():
    envelope = np.random.default_rng(4).rayleigh(2.0, (500, SIZE, SIZE))
    assert equivalent_looks(envelope) == pytest.approx(np.pi / (4 - np.pi), rel=0.02)  # 3.66
    assert speckle_index(envelope) == pytest.approx(np.sqrt(4 / np.pi - 1), rel=0.01)  # 0.52
    looks = np.random.default_rng(5).gamma(4, 1.0, (500, SIZE, SIZE))  # intensity of four looks
    assert equivalent_looks(looks) == pytest.approx(4.0, rel=0.02)
    assert speckle_index(looks) == pytest.approx(0.5, rel=0.01)


def test_without_blocks_nothing_is_measured():
    nothing = np.empty((0, 8, 8))
    for measure in (equivalent_looks, speckle_index, lambda blocks: noise_power(blocks, SPACING)):
        with pytest.raises(InputError, match="blocks"):
            measure(nothing)


def test_regions_of_contrast_are_the_two_tissues():
    image = halves()
    bright, dark = contrast_regions(image)
    assert set(image[bright]) == {160.0} and set(image[dark]) == {100.0}
    noisy = image + np.random.default_rng(7).normal(0.0, 5.0, image.shape)
    found = contrast_to_noise(region_values(noisy, bright), region_values(noisy, dark))
    assert found == pytest.approx(60.0 / 5.0, rel=0.05)
    assert contrast_regions(np.zeros((1, 8, 8))) is None
