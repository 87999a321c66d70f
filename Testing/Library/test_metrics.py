"""PSNR, SSIM, MAE and RMSE against scikit-image and plain numpy, on any type and size."""

import math
import tracemalloc

import numpy as np
import pytest

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.metrics import mae, psnr, rmse, ssim

ALL = (psnr, ssim, lambda *arguments: mae(*arguments[:2], *arguments[3:]), lambda *a: rmse(*a[:2], *a[3:]))


def pair(shape=(4, 40, 53), dtype="float64", noise=60, offset=0.0):
    generator = np.random.default_rng(0)
    k, j, i = np.indices(shape)
    clean = 500 + 300 * np.sin(i / 5 + k) * np.cos(j / 7) + offset
    return (clean + generator.normal(0, noise, shape)).astype(dtype), clean.astype(dtype)


def skimage_ssim(image, reference, data_range, mask=None):
    metrics = pytest.importorskip("skimage.metrics")
    options = {
        "gaussian_weights": True,
        "sigma": 1.5,
        "use_sample_covariance": False,
        "data_range": data_range,
    }
    image, reference = image.astype(np.float64), reference.astype(np.float64)
    if mask is None:
        return np.mean(
            [metrics.structural_similarity(x, y, **options) for x, y in zip(image, reference, strict=True)]
        )
    maps = np.stack(
        [
            metrics.structural_similarity(x, y, full=True, **options)[1]
            for x, y in zip(image, reference, strict=True)
        ]
    )
    counted = np.zeros(mask.shape, bool)
    counted[:, 5:-5, 5:-5] = mask[:, 5:-5, 5:-5]
    return maps[counted].mean()


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "float32", "float64"])
def test_the_measures_equal_scikit_images(dtype):
    metrics = pytest.importorskip("skimage.metrics")
    image, reference = pair(dtype="float64")
    image, reference = (np.clip(array / 4, 0, 255).astype(dtype) for array in (image, reference))
    expected = metrics.peak_signal_noise_ratio(reference.astype(float), image.astype(float), data_range=255)
    assert psnr(image, reference, 255) == pytest.approx(expected, abs=1e-9)
    assert ssim(image, reference, 255) == pytest.approx(skimage_ssim(image, reference, 255), abs=1e-5)
    difference = image.astype(float) - reference.astype(float)
    assert mae(image, reference) == pytest.approx(np.abs(difference).mean(), rel=1e-12)
    assert rmse(image, reference) == pytest.approx(math.sqrt((difference**2).mean()), rel=1e-12)


@pytest.mark.parametrize(
    "shape", [(1, 11, 11), (2, 11, 40), (3, 43, 12), (1, 97, 131), (5, 64, 42), (2, 75, 11)]
)
def test_ssim_of_any_size(shape):
    image, reference = pair(shape)
    assert ssim(image, reference, 900) == pytest.approx(skimage_ssim(image, reference, 900), abs=1e-5)


@pytest.mark.parametrize(("offset", "noise"), [(0, 1), (0, 900), (-1000, 40), (1e6, 60), (0, 0.01)])
def test_ssim_with_any_offset_and_noise(offset, noise):
    image, reference = pair(offset=offset, noise=noise)
    assert ssim(image, reference, 900) == pytest.approx(skimage_ssim(image, reference, 900), abs=1e-4)


@pytest.mark.parametrize("shape", [(3, 1, 1), (2, 5, 40), (2, 40, 10), (1, 3, 3)])
def test_ssim_of_slices_smaller_than_its_window(shape):
    image, reference = pair(shape)
    assert -1 <= ssim(image, reference, 900) < 1
    assert ssim(reference, reference, 900) == pytest.approx(1)


def test_equal_images_are_perfect():
    image, _ = pair()
    assert psnr(image, image, 1000) == math.inf
    assert ssim(image, image, 1000) == pytest.approx(1, abs=1e-6)
    assert mae(image, image) == rmse(image, image) == 0


def test_whole_numbers_do_not_wrap_around():
    low, high = np.full((2, 12, 12), -32768, np.int16), np.full((2, 12, 12), 32767, np.int16)
    assert mae(low, high) == rmse(high, low) == 65535
    assert psnr(low, high, 65535) == pytest.approx(0)
    assert mae(np.zeros((1, 2, 2), np.uint8), np.ones((1, 2, 2), np.uint8)) == 1


def test_a_slice_is_a_volume_of_one():
    image, reference = pair((1, 40, 41))
    for measure in ALL:
        assert measure(image[0], reference[0], 900) == measure(image, reference, 900)


def test_only_the_mask_counts():
    image, reference = pair()
    mask = np.zeros(image.shape, np.uint8)
    mask[1:3, 8:30, 3:40] = 7
    inside = mask != 0
    difference = (image - reference)[inside]
    assert mae(image, reference, mask) == pytest.approx(np.abs(difference).mean())
    assert rmse(image, reference, mask) == pytest.approx(math.sqrt((difference**2).mean()))
    assert psnr(image, reference, 900, mask) == pytest.approx(
        20 * math.log10(900 / rmse(image, reference, mask))
    )
    assert ssim(image, reference, 900, mask) == pytest.approx(
        skimage_ssim(image, reference, 900, inside), abs=1e-5
    )
    image[~inside] = np.nan
    assert math.isfinite(psnr(image, reference, 900, mask))


@pytest.mark.parametrize("measure", ALL)
def test_what_does_not_fit_is_refused(measure):
    image, reference = pair()
    with pytest.raises(InputError, match=r"\(4, 40, 52\)"):
        measure(image[:, :, 1:], reference, 900)
    with pytest.raises(InputError, match="mask"):
        measure(image, reference, 900, np.ones((4, 40, 5)))
    with pytest.raises(InputError, match="mask"):
        measure(image, reference, 900, np.zeros(image.shape))
    with pytest.raises(InputError):
        measure(np.zeros((0, 4, 4)), np.zeros((0, 4, 4)), 900)
    image[0, 20, 20] = np.nan
    with pytest.raises(InputError, match="NaN"):
        measure(image, reference, 900)


@pytest.mark.parametrize("measure", [psnr, ssim])
@pytest.mark.parametrize("data_range", [0, -1, math.nan, math.inf, None, "wide"])
def test_the_data_range_must_be_a_number_above_0(measure, data_range):
    image, reference = pair()
    with pytest.raises(OptionError, match=str(data_range)):
        measure(image, reference, data_range)


@pytest.mark.parametrize("measure", [psnr, ssim])
def test_the_data_range_is_obligatory(measure):
    with pytest.raises(TypeError):
        measure(*pair())


@pytest.mark.parametrize("measure", ALL)
def test_measuring_copies_no_volume(measure):
    image, reference = pair((64, 128, 130), "int16")
    mask = np.ones(image.shape, bool)
    tracemalloc.start()
    try:
        measure(image, reference, 900, mask)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2**20 < image.nbytes
