"""The noise estimate against noise that was added, and the foreground against objects that are known."""

import tracemalloc

import numpy as np
import pytest

from GANEnhanceLib.metrics import estimate_noise, foreground


def phantom(shape=(12, 120, 131)):
    """An object with smooth shading and sharp inner edges on a background of 0, and its mask."""
    k, j, i = np.indices(shape, dtype=np.float32)
    radius = np.hypot(j - shape[1] / 2, i - shape[2] / 2)
    inside = radius < 0.4 * min(shape[1:])
    image = 400 + 150 * np.sin(i / 9 + k / 3) * np.cos(j / 7)
    image[(j // 12 + i // 12) % 2 == 0] += 100
    return np.where(inside, image, 0).astype(np.float32), inside


def noisy(sigma, seed=0, rician=False):
    image, _ = phantom()
    generator = np.random.default_rng(seed)
    real = image + generator.normal(0, sigma, image.shape)
    return np.hypot(real, generator.normal(0, sigma, image.shape)) if rician else real


@pytest.mark.parametrize("rician", [True, False])
@pytest.mark.parametrize("sigma", [3, 10, 30, 60])
def test_added_noise_is_measured(sigma, rician):
    assert estimate_noise(noisy(sigma, rician=rician)) == pytest.approx(sigma, rel=0.06)


@pytest.mark.parametrize("sigma", [0.5, 1, 2, 5])
def test_noise_of_whole_numbers_is_measured(sigma):
    image = np.full((8, 100, 100), 500.0) + np.random.default_rng(0).normal(0, sigma, (8, 100, 100))
    rounded = np.sqrt(sigma**2 + 1 / 12)  # rounding adds the variance of a step
    assert estimate_noise(np.rint(image).astype(np.int16)) == pytest.approx(rounded, rel=0.08)


@pytest.mark.parametrize(("added", "rel"), [(3, 0.08), (6, 0.08), (10, 0.08)])
def test_noise_adds_up_on_a_real_head(t1_head, added, rel):
    voxels = t1_head.voxels.astype(np.float32)
    sigma = np.percentile(voxels, 99.5) * added / 100
    generator = np.random.default_rng(1)
    real, imaginary = generator.normal(0, sigma, (2, *voxels.shape))
    both = estimate_noise(np.hypot(voxels + real, imaginary))
    assert both == pytest.approx(np.hypot(sigma, estimate_noise(voxels)), rel=rel)


def test_the_scale_and_offset_of_values_do_not_matter():
    image = noisy(20)
    assert estimate_noise(image * 1e-6 + 5e-4) == pytest.approx(20e-6, rel=0.06)
    assert estimate_noise(image - 1024) == pytest.approx(estimate_noise(image), rel=1e-3)


def test_an_image_without_noise_has_none():
    assert estimate_noise(np.zeros((5, 20, 20), np.int16)) == 0
    assert estimate_noise(np.full((5, 20, 20), 3.5)) == 0
    k, j, i = np.indices((5, 40, 40))
    assert estimate_noise((k + 2 * j + 3 * i).astype(np.float32)) == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize(
    "shape", [(1, 60, 60), (60, 60, 1), (60, 1, 60), (60, 60, 2), (3, 3, 3), (1, 3, 400), (300, 20, 20)]
)
def test_noise_of_any_size(shape):
    image = 100 + np.random.default_rng(0).normal(0, 10, shape)
    assert estimate_noise(image) == pytest.approx(10, rel=0.1 if image.size > 1000 else 0.9)


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 2, 50), (50, 1, 1), (2, 2, 2)])
def test_what_is_too_small_to_measure_has_no_noise(shape):
    assert estimate_noise(np.random.default_rng(0).normal(0, 10, shape)) == 0


def test_a_slice_is_measured_as_a_volume_of_one():
    image = noisy(20)
    assert estimate_noise(image[6]) == estimate_noise(image[6:7]) == pytest.approx(20, rel=0.1)


def test_the_foreground_is_the_object():
    image, inside = phantom()
    assert (foreground(image) == inside).mean() > 0.97
    assert (foreground(noisy(40, rician=True)) == inside).mean() > 0.97
    hounsfield = np.where(inside, image / 8, -1000).astype(np.int16)
    assert (foreground(hounsfield) == inside).mean() > 0.97


def test_dark_tissue_beside_bright_voxels_is_foreground():
    image, inside = phantom()
    image[inside & (image > 560)] *= 6
    assert (foreground(image) == inside).mean() > 0.97


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 1, 20), (2, 2, 2), (7, 9)])
def test_a_constant_image_is_all_foreground(shape):
    mask = foreground(np.full(shape, 4, np.uint8))
    assert mask.shape == shape and mask.dtype == bool and mask.all()


def test_the_mask_has_the_shape_of_the_image():
    image, _ = phantom()
    assert foreground(image[3]).shape == image[3].shape
    assert foreground(image.astype(np.uint16)[:, ::-1]).shape == image.shape


def test_one_spike_does_not_hide_the_object():
    image, inside = phantom()
    image[0, 0, 0] = 1e7
    assert (foreground(image) == inside).mean() > 0.97


def test_measuring_noise_copies_no_volume():
    image = np.tile(noisy(20).astype(np.int16), (12, 2, 2))
    tracemalloc.start()
    try:
        estimate_noise(image)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * image.nbytes  # a fixed sample of a million voxels, not a share of the volume
    assert peak < 24 * 2**20
