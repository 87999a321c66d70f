"""Contrast-to-noise against its formula, on values that are known and on values that are drawn."""

import math

import numpy as np
import pytest

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics import RegionValues, contrast_to_noise, region_values


def test_values_of_a_region_are_those_of_numpy():
    voxels = np.random.default_rng(0).integers(0, 5000, (4, 9, 11)).astype(np.int16)
    inside = np.random.default_rng(1).random(voxels.shape) < 0.3
    values = region_values(voxels, inside)
    assert values == RegionValues(
        pytest.approx(voxels[inside].mean()), pytest.approx(voxels[inside].std(ddof=1)), int(inside.sum())
    )


def test_the_formula():
    assert contrast_to_noise(RegionValues(30, 3, 10), RegionValues(10, 4, 1000)) == pytest.approx(
        20 / math.sqrt((9 + 16) / 2)
    )
    assert contrast_to_noise(RegionValues(10, 4, 9), RegionValues(30, 3, 9)) == contrast_to_noise(
        RegionValues(30, 3, 9), RegionValues(10, 4, 9)
    )


def test_drawn_values_have_the_ratio_they_were_drawn_with():
    voxels = np.random.default_rng(0).normal(100, 10, (20, 40, 40))
    voxels[:10] += 25
    inside = np.zeros(voxels.shape, bool)
    inside[:10] = True
    ratio = contrast_to_noise(region_values(voxels, inside), region_values(voxels, ~inside))
    assert ratio == pytest.approx(2.5, rel=0.02)


def test_half_the_noise_is_twice_the_ratio():
    noise = np.random.default_rng(0).normal(0, 10, (10, 30, 30))
    inside = np.arange(10)[:, None, None] + np.zeros(noise.shape) < 5
    one, half = (
        contrast_to_noise(region_values(v, inside), region_values(v, ~inside))
        for v in (100.0 * inside + noise, 100.0 * inside + noise / 2)
    )
    assert half == pytest.approx(2 * one, rel=0.01)


def test_regions_without_noise():
    one, other = RegionValues(5, 0, 4), RegionValues(7, 0, 4)
    assert contrast_to_noise(one, other) == math.inf and contrast_to_noise(one, one) == 0


@pytest.mark.parametrize(("count", "said"), [(0, "0 voxels"), (1, "1 voxel of")])
def test_a_region_of_no_size_is_refused(count, said):
    inside = np.zeros((3, 3, 3), bool)
    inside.ravel()[:count] = True
    with pytest.raises(InputError, match=said):
        region_values(np.ones((3, 3, 3)), inside)


def test_values_that_are_no_numbers_are_refused():
    voxels = np.ones((3, 3, 3))
    voxels[1] = np.nan
    with pytest.raises(InputError, match="NaN"):
        region_values(voxels, np.ones(voxels.shape, bool))
