"""MS-SSIM against MONAI's, and the distance of feature statistics against SciPy's root of a matrix."""

import numpy as np
import pytest
from scipy import linalg, ndimage

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics import feature_distance, ms_ssim, ssim
from GANEnhanceLib.metrics.ms_similarity import scale_powers


def pictures(shape=(2, 192, 208)):
    rng = np.random.default_rng(0)
    clean = ndimage.gaussian_filter(rng.random(shape), (0, 3, 3))
    clean = (clean - clean.min()) / (clean.max() - clean.min())
    return clean, clean + rng.normal(0.0, 0.08, shape)


def test_it_is_the_multi_scale_similarity_of_monai():
    torch = pytest.importorskip("torch")
    from monai.metrics import MultiScaleSSIMMetric

    clean, noisy = pictures()
    metric = MultiScaleSSIMMetric(spatial_dims=2, data_range=1.0, kernel_size=11, kernel_sigma=1.5)
    as_batch = [torch.from_numpy(each.astype(np.float32))[:, None] for each in (noisy, clean)]
    expected = float(metric(*as_batch).mean())
    assert ms_ssim(noisy, clean, 1.0) == pytest.approx(expected, abs=2e-4)


def test_equal_images_have_the_similarity_one_and_values_in_any_units():
    clean, noisy = pictures((1, 64, 64))
    assert ms_ssim(clean, clean, 1.0) == pytest.approx(1.0, abs=1e-6)
    one, other = ms_ssim(noisy, clean, 1.0), ms_ssim(1000 * noisy - 1000, 1000 * clean - 1000, 1000.0)
    # Brightness counts from zero on, so that a constant changes it a little.
    assert one == pytest.approx(other, abs=5e-3)
    assert ms_ssim(1.0 - clean, clean, 1.0) < 0.3


def test_small_slices_are_compared_at_the_scales_they_have_room_for():
    assert [len(scale_powers((size, 300))) for size in (11, 21, 22, 44, 88, 175, 176, 999)] == [
        1, 1, 2, 3, 4, 4, 5, 5,
    ]  # fmt: skip
    assert sum(scale_powers((40, 40))) == pytest.approx(1.0)
    clean, noisy = pictures((1, 20, 20))
    assert ms_ssim(noisy, clean, 1.0) == pytest.approx(ssim(noisy, clean, 1.0), abs=1e-5)
    with pytest.raises(InputError, match="MS-SSIM needs 11 x 11"):
        ms_ssim(clean[:, :10], clean[:, :10], 1.0)


def test_the_distance_is_that_of_the_root_of_the_product_of_covariances():
    rng = np.random.default_rng(1)
    one, other = rng.normal(size=(300, 6)) @ rng.normal(size=(6, 6)), rng.normal(0.4, 1.3, (200, 6))
    a, b = np.cov(one.T), np.cov(other.T)
    apart = one.mean(0) - other.mean(0)
    expected = apart @ apart + np.trace(a + b - 2 * linalg.sqrtm(a @ b).real)
    assert feature_distance(one, other) == pytest.approx(expected, rel=1e-9)
    assert feature_distance(other, one) == pytest.approx(expected, rel=1e-9)
    assert feature_distance(one, one) == pytest.approx(0.0, abs=1e-9)
    # Fewer images than features.
    assert feature_distance(one[:4], one[:4] + 2.0) == pytest.approx(6 * 4.0)


def test_sets_that_cannot_be_compared_are_refused():
    for wrong in (np.zeros((1, 3)), np.zeros((5, 4)), np.zeros(5)):
        with pytest.raises(InputError, match="shapes"):
            feature_distance(wrong, np.zeros((5, 3)))
    with pytest.raises(InputError, match="NaN"):
        feature_distance(np.full((5, 3), np.nan), np.zeros((5, 3)))
