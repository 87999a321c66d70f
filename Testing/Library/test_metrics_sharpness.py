"""The sharpness of edges against blur that is known in closed form, with and without noise."""

import math
import tracemalloc

import numpy as np
import pytest

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics import estimate_noise, find_edges, measure_sharpness
from GANEnhanceLib.metrics.sharpness import RISE_10_90

CONTRAST = 400.0
_erf = np.vectorize(math.erf)


def disc(blur, spacing=(1.0, 1.0, 3.0), shape=(4, 128, 120), noise=0.0, seed=0):
    """A round object whose border is a step blurred by a Gaussian of `blur` mm."""
    _, j, i = np.indices(shape, dtype=float)
    radius = np.hypot((j - 63.7) * spacing[1], (i - 60.2) * spacing[0]) - 38 * min(spacing[:2])
    image = 100 + CONTRAST * (radius < 0)
    if blur:
        image = 100 + CONTRAST / 2 * (1 - _erf(radius / (math.sqrt(2) * blur)))
    return image + np.random.default_rng(seed).normal(0, noise, shape) if noise else image


def blurred(volume, sigmas):
    """Convolution with a Gaussian, by the Fourier transform, of standard deviations in voxels (k, j, i)."""
    waves = np.meshgrid(*map(np.fft.fftfreq, volume.shape), indexing="ij")
    damping = sum((2 * np.pi * wave * sigma) ** 2 for wave, sigma in zip(waves, sigmas, strict=True))
    return np.fft.ifftn(np.fft.fftn(volume) * np.exp(-damping / 2)).real


def edges_of(image, spacing=(1.0, 1.0, 3.0), axis=0, noise=0.0):
    edges = find_edges(image, spacing, axis, noise)
    assert edges is not None
    return edges


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 3.0), (0.7, 0.7, 0.7), (0.8, 1.0, 4.0), (3.0, 3.0, 9.0)])
@pytest.mark.parametrize("voxels", [0.5, 0.75, 1.0, 2.0, 3.0])
def test_the_width_and_slope_are_those_of_a_blurred_step(spacing, voxels):
    unit = max(spacing[:2])
    image = disc(voxels * unit, spacing)
    sharp = measure_sharpness(image, edges_of(image, spacing))
    assert RISE_10_90 * voxels * unit == pytest.approx(sharp.width_mm, rel=0.035)
    slope = CONTRAST / math.sqrt(2 * math.pi * (voxels**2 + 1)) / unit
    assert slope == pytest.approx(sharp.gradient, rel=0.01)


def test_ten_to_ninety_percent_is_what_it_says():
    rise = RISE_10_90 / 2 / math.sqrt(2)
    assert 0.5 * (1 + math.erf(rise)) == pytest.approx(0.9, abs=1e-12)


def test_a_step_that_is_not_blurred_is_as_wide_as_a_voxel_makes_it():
    image = disc(0.0)
    voxel = RISE_10_90 / math.sqrt(12)
    assert measure_sharpness(image, edges_of(image)).width_mm == pytest.approx(voxel)


@pytest.mark.parametrize("noise", [8, 20, 40])
def test_noise_at_edges_of_the_denoised_image_changes_nothing(noise):
    clean = disc(0.8)
    edges = edges_of(clean, noise=noise)
    expected, noisy = measure_sharpness(clean, edges), measure_sharpness(disc(0.8, noise=noise), edges)
    assert noisy.width_mm == pytest.approx(expected.width_mm, rel=0.05)
    assert noisy.gradient == pytest.approx(expected.gradient, rel=0.03)


def test_noise_that_is_left_in_the_result_changes_little():
    noisy = disc(0.8, noise=40)
    half = (disc(0.8) + noisy) / 2
    edges = edges_of(half, noise=40)
    before, after = measure_sharpness(noisy, edges), measure_sharpness(half, edges)
    assert before.width_mm == pytest.approx(RISE_10_90 * 0.8, rel=0.1)
    assert after.width_mm == pytest.approx(before.width_mm, rel=0.06)


def test_blur_of_a_noisy_image_is_seen_though_noise_fell():
    noisy = disc(0.8, noise=20)
    after = blurred(noisy, (0, 1.2, 1.2))
    edges = edges_of(after, noise=20)
    assert measure_sharpness(noisy, edges).width_mm == pytest.approx(RISE_10_90 * 0.8, rel=0.08)
    assert measure_sharpness(after, edges).width_mm == pytest.approx(
        RISE_10_90 * math.hypot(0.8, 1.2), rel=0.06
    )


def test_a_real_head_gets_less_sharp_with_each_blur_and_not_with_noise(t1_head):
    voxels, axis = t1_head.voxels.astype(np.float64), t1_head.acquisition_axis
    in_plane = [0.0 if other == axis else 1.0 for other in range(3)]
    edges = edges_of(voxels, t1_head.spacing, axis, estimate_noise(voxels))
    widths = [
        measure_sharpness(blurred(voxels, [sigma * way for way in in_plane]), edges).width_mm
        for sigma in (0.0, 0.4, 0.7, 1.0, 1.5)
    ]
    assert all(less * 1.05 < more for less, more in zip(widths[:-1], widths[1:], strict=True)), widths
    noise = np.random.default_rng(1).normal(0, 0.1 * np.percentile(voxels, 99.5), voxels.shape)
    assert measure_sharpness(voxels + noise, edges).width_mm == pytest.approx(widths[0], rel=0.01)


def test_values_scale_the_slope_and_not_the_width():
    image = disc(1.0)
    sharp = measure_sharpness(image, edges_of(image))
    scaled = measure_sharpness(image * 1e-4 - 3, edges_of(image * 1e-4 - 3))
    assert scaled.width_mm == pytest.approx(sharp.width_mm, rel=1e-3)
    assert scaled.gradient == pytest.approx(sharp.gradient * 1e-4, rel=1e-3)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_slices_are_taken_across_the_axis_that_is_asked_for(axis):
    image = disc(1.0)
    turned = np.moveaxis(image, 0, axis)
    spacing = [1.0, 1.0, 1.0]
    spacing[2 - axis] = 3.0
    expected = measure_sharpness(image, edges_of(image))
    assert measure_sharpness(turned, edges_of(turned, spacing, axis)) == expected


def test_whole_numbers_and_one_slice_can_be_measured():
    image = np.rint(disc(1.0)[1:2]).astype(np.uint16)
    sharp = measure_sharpness(image, edges_of(image))
    assert sharp.width_mm == pytest.approx(RISE_10_90, rel=0.05)


def test_where_no_edge_stands_out_there_is_no_sharpness():
    noise = np.random.default_rng(0).normal(100, 10, (4, 64, 64))
    assert find_edges(noise, (1, 1, 1), noise=10) is None
    assert find_edges(np.full((4, 64, 64), 7, np.int16), (1, 1, 1)) is None
    assert find_edges(disc(1.0), (1, 1, 3), noise=600) is None


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 14, 200), (3, 200, 10), (40, 3, 3)])
def test_slices_that_are_too_small_have_no_sharpness(shape):
    assert find_edges(np.random.default_rng(0).normal(0, 1, shape), (1, 1, 1)) is None


def test_what_is_no_volume_is_refused():
    with pytest.raises(InputError, match="shape"):
        find_edges(np.zeros((20, 20)), (1, 1, 1))


def test_measuring_copies_no_volume():
    image = np.tile(disc(1.0, shape=(8, 256, 256), noise=20).astype(np.int16), (20, 1, 1))
    tracemalloc.start()
    try:
        measure_sharpness(image, edges_of(image, noise=0))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 48 * 2**20  # of a volume of 20 MiB, which would be 160 as float64
