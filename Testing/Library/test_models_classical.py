"""Classical filters: regions and blocks equal the filtered whole volume, and closing cancels at once."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
import SimpleITK

from GANEnhanceLib.errors import ModelError, OptionError
from GANEnhanceLib.metrics import estimate_noise, psnr
from GANEnhanceLib.models import CLASSICAL_NAMES, classical_model
from GANEnhanceLib.models import classical as module
from GANEnhanceLib.volume import Volume

WHOLE = (slice(None), slice(None), slice(None))


def noisy_volume(shape=(12, 40, 33), spacing=(0.9, 1.1, 3.0), dtype=np.int16):
    random = np.random.default_rng(1)
    k, j, i = np.indices(shape)
    clean = 300 + 200 * (np.hypot(j - 18, i - 15) < 11) + 5 * k
    return Volume((clean + random.normal(0, 20, shape)).astype(dtype), np.diag([*spacing, 1.0]))


def box_of(volume, roi=WHOLE):
    return tuple(slice(*span.indices(size)[:2]) for span, size in zip(roi, volume.shape, strict=True))


def filtered(model, volume, roi=WHOLE):
    steps, fractions = model.steps(volume, box_of(volume, roi)), []
    try:
        while True:
            fractions.append(next(steps))
    except StopIteration as end:
        assert fractions == sorted(fractions) and all(0 <= fraction <= 1 for fraction in fractions)
        return end.value


def whole_image(volume):
    image = SimpleITK.GetImageFromArray(volume.voxels.astype(np.float32))
    image.SetSpacing(volume.spacing)
    return image


def test_median_is_simpleitks():
    volume = noisy_volume()
    expected = SimpleITK.GetArrayFromImage(SimpleITK.Median(whole_image(volume), [1, 1, 1]))
    np.testing.assert_array_equal(filtered(classical_model("median"), volume), expected)


def test_anisotropic_diffusion_is_simpleitks():
    """All iterations in one call of the filter, against ours one by one."""
    volume = noisy_volume(spacing=(1.0, 1.0, 3.0))
    expected = SimpleITK.CurvatureAnisotropicDiffusion(
        whole_image(volume), timeStep=0.0625, conductanceParameter=1.0, numberOfIterations=5
    )
    found = filtered(classical_model("anisotropic-diffusion"), volume)
    np.testing.assert_array_equal(found, SimpleITK.GetArrayFromImage(expected))


@pytest.mark.parametrize("scale", [0.01, 1.0, 50.0])
def test_anisotropic_diffusion_is_stable_for_any_spacing(scale):
    model = classical_model("anisotropic-diffusion")
    found = filtered(model, noisy_volume(spacing=(scale, scale, 3 * scale)))
    np.testing.assert_allclose(found, filtered(model, noisy_volume(spacing=(1, 1, 3))), rtol=1e-5)
    assert found.min() > 200 and found.max() < 650


def test_nlm_is_scikit_images():
    from skimage.restoration import denoise_nl_means

    volume = noisy_volume()
    sigma = estimate_noise(volume.voxels)
    assert sigma == pytest.approx(20, rel=0.3)
    settings = dict(patch_size=5, patch_distance=6, h=0.8 * sigma, sigma=sigma, fast_mode=True)
    expected = np.stack([denoise_nl_means(part.astype(np.float64), **settings) for part in volume.voxels])
    np.testing.assert_allclose(filtered(classical_model("nlm"), volume), expected, atol=1e-3)


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
@pytest.mark.parametrize(
    "roi",
    [
        (slice(3, 5), slice(10, 30), slice(4, 29)),
        (slice(0, 1), slice(0, 40), slice(0, 33)),
        (slice(0, 12), slice(39, 40), slice(0, 33)),
        (slice(5, 6), slice(7, 8), slice(32, 33)),
    ],
    ids=["inside", "first slice", "last row", "one voxel"],
)
def test_region_equals_the_whole(name, roi):
    volume = noisy_volume()
    part, whole = filtered(classical_model(name), volume, roi), filtered(classical_model(name), volume)
    assert part.dtype == whole.dtype == np.float32 and part.flags.owndata
    np.testing.assert_allclose(part, whole[roi], atol=1e-3)


@pytest.mark.parametrize("name", ["median", "nlm"])
@pytest.mark.parametrize("spacing", [(1.0, 1.0, 3.0), (1.0, 3.0, 1.0), (3.0, 1.0, 1.0)])
def test_blocks_leave_no_seams(name, spacing, monkeypatch):
    volume = noisy_volume(spacing=spacing)
    whole = filtered(classical_model(name), volume)
    monkeypatch.setattr(module, "_MEDIAN_BLOCK", 150)
    monkeypatch.setattr(module, "_NLM_TILE", 7)
    np.testing.assert_allclose(filtered(classical_model(name), volume), whole, atol=1e-3)


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
@pytest.mark.parametrize("shape", [(1, 40, 33), (12, 1, 33), (12, 40, 1), (1, 1, 9), (2, 2, 2)])
def test_thin_volumes(name, shape):
    found = filtered(classical_model(name), noisy_volume(shape))
    assert found.shape == shape and np.isfinite(found).all()


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int32, np.float32, np.float64])
def test_types_and_the_input_untouched(name, dtype):
    volume = noisy_volume(dtype=np.float64)
    volume = volume.with_voxels((volume.voxels / 4).astype(dtype))
    before = volume.voxels.copy()
    volume.voxels.setflags(write=False)
    assert filtered(classical_model(name), volume).dtype == np.float32
    np.testing.assert_array_equal(volume.voxels, before)


def test_nlm_leaves_a_volume_without_noise_alone():
    voxels = np.arange(4, dtype=np.int16)[:, None, None] * np.full((4, 20, 20), 100, np.int16)
    volume = Volume(voxels, np.eye(4))
    assert estimate_noise(voxels) == 0
    np.testing.assert_array_equal(filtered(classical_model("nlm"), volume), voxels)


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
def test_real_head_with_noise_gains(name, t1_head):
    clean = t1_head.voxels[24:36].astype(np.float32)
    noisy = clean + np.random.default_rng(0).normal(0, 25, clean.shape).astype(np.float32)
    found = filtered(classical_model(name), Volume(noisy, t1_head.ijk_to_ras))
    assert psnr(found, clean, 255) > psnr(noisy, clean, 255) + 2


def large_volume():
    return Volume(np.random.default_rng(0).normal(100, 10, (48, 256, 256)).astype(np.float32), np.eye(4))


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
def test_closing_cancels_at_once(name):
    volume = large_volume()
    steps = classical_model(name).steps(volume, box_of(volume))
    began = time.perf_counter()
    longest, fraction = 0.0, 0.0
    while fraction < 0.1 and time.perf_counter() - began < 3:
        step = time.perf_counter()
        fraction = next(steps)
        longest = max(longest, time.perf_counter() - step)
    closing = time.perf_counter()
    steps.close()
    assert time.perf_counter() - closing < 0.5
    if name != "nlm":  # its first step measures the noise of the whole volume
        assert longest < 0.5
    left = [thread for thread in threading.enumerate() if thread.name == "classical-filter"]
    for thread in left:
        thread.join(20)
        assert not thread.is_alive(), "an abandoned filter ends with its iteration"


def test_error_in_the_thread_is_raised():
    def fail(stopped):
        yield 1
        raise ValueError("broken filter")

    job = module._Background(fail, 2)
    with pytest.raises(ValueError, match="broken filter"):
        list(job.progress())


def test_parameters_are_part_of_the_identity():
    assert classical_model("median").sha256 == classical_model("median", radius=1).sha256
    assert classical_model("median", radius=2).sha256 != classical_model("median").sha256
    volume = noisy_volume()
    expected = SimpleITK.GetArrayFromImage(SimpleITK.Median(whole_image(volume), [2, 2, 2]))
    np.testing.assert_array_equal(filtered(classical_model("median", radius=2), volume), expected)


@pytest.mark.parametrize(
    ("name", "parameters", "named"),
    [
        ("median", {"radius": 0}, "radius"),
        ("median", {"radius": 1.5}, "radius"),
        ("median", {"size": 3}, "size"),
        ("anisotropic-diffusion", {"iterations": 0}, "iterations"),
        ("anisotropic-diffusion", {"time_step": 0.2}, "time_step"),
        ("nlm", {"strength": -1}, "strength"),
        ("nlm", {"patch_size": 4}, "patch_size"),
    ],
)
def test_wrong_parameter(name, parameters, named):
    with pytest.raises(OptionError, match=named):
        classical_model(name, **parameters)


def test_unknown_filter():
    with pytest.raises(ModelError, match="gaussian.*median"):
        classical_model("gaussian")
