"""The classical methods of the quality benchmark work, so that being ahead of them means something."""

from dataclasses import replace

import bench_quality  # noqa: F401
import numpy as np
import pytest
from quality.cases import Case, make_cases
from quality.degradations import DEGRADATIONS, levels_of, resize_cosine, thin_out
from quality.images import Images
from quality.methods import Method, best_of, classical_methods
from quality.methods.despeckling import frost, lee, srad, to_amplitude, to_display
from quality.methods.upsampling import UPSAMPLING, lanczos_matrix

from GANEnhanceLib.degrade.ultrasound import add_speckle
from GANEnhanceLib.metrics import psnr
from GANEnhanceLib.volume import Volume

SMOOTH = np.cos(np.pi * (np.arange(32) + 0.5) * 3 / 32).astype(np.float32)


def a_case(reference, given=None, factors=(1, 1, 1), **more):
    given = reference if given is None else given
    values = {"modality": "MR", "task": "denoise", "image": "x", "patient": "p", "level": "l", "sigma": 0.1}
    return Case(
        given=Volume(given, np.eye(4), "MR"),
        reference=reference,
        mask=np.ones(reference.shape, dtype=bool),
        factors=factors,
        **{**values, **more},
    )


@pytest.fixture(scope="module")
def quick_case():
    return next(make_cases(Images("none", quick=True), "MR", "denoise", quick=True))


@pytest.mark.parametrize("method", classical_methods("denoise", quick=True), ids=lambda each: each.name)
def test_denoisers_come_nearer_to_the_truth(method, quick_case):
    if method.missing:
        pytest.skip(method.missing)
    before = psnr(quick_case.given.voxels, quick_case.reference, 1.0, quick_case.mask)
    after = psnr(method.run(quick_case), quick_case.reference, 1.0, quick_case.mask)
    # A median of 3 by 3 voxels of 2 mm costs more detail than it takes noise.
    assert after > before + (-5 if method.name == "median" else 0.5)


def test_the_best_setting_is_that_of_the_least_error_where_it_is_compared():
    case = a_case(np.zeros((1, 4, 4), np.float32))
    images = [np.full((1, 4, 4), value, np.float32) for value in (0.5, -0.1, 0.2)]
    assert best_of(iter(images), case)[0, 0, 0] == np.float32(-0.1)
    case.mask[:] = False
    case.mask[0, 0, 0] = True
    images[0][0, 0, 0] = 0.0
    assert best_of(iter(images), case)[0, 1, 1] == 0.5


def test_a_package_that_is_not_there_is_said():
    method = Method("m", lambda case: iter(()), ("no_such_package", "no-such-package"))
    assert method.missing == "the package no-such-package is not installed"
    assert replace(method, package=("numpy", "numpy")).missing is None


@pytest.mark.parametrize("method", UPSAMPLING, ids=lambda each: each.name)
def test_finer_grids_have_the_same_corners(method):
    # Structure far below the coarse grid's limit comes back in its place on the fine grid.
    fine = np.cos(np.pi * (np.arange(64) + 0.5) * 2 / 64)
    volume = (1.5 + fine[:, None, None] * fine[None, :32, None] * fine[None, None, :32]).astype(np.float32)
    coarse = volume.reshape(32, 2, 16, 2, 16, 2).mean(axis=(1, 3, 5))
    case = a_case(volume, coarse, factors=(2, 2, 2))
    found = method.run(case)
    assert found.shape == volume.shape
    np.testing.assert_allclose(found[8:-8, 8:-8, 8:-8], volume[8:-8, 8:-8, 8:-8], atol=0.02)


def test_lanczos_weights_sum_to_one_and_keep_what_is_smooth():
    matrix = lanczos_matrix(16, 3)
    np.testing.assert_allclose(matrix.sum(axis=0), 1, atol=1e-6)
    np.testing.assert_array_equal(lanczos_matrix(5, 1), np.eye(5))
    ramp = np.arange(16) @ matrix
    np.testing.assert_allclose(ramp[12:-12], (np.arange(48)[12:-12] + 0.5) / 3 - 0.5, atol=0.03)


def test_zeros_in_k_space_give_a_band_limited_image_back_exactly():
    plane = (SMOOTH[:, None] * SMOOTH)[None]
    coarse = resize_cosine(resize_cosine(plane, 16, 1), 16, 2)
    back = resize_cosine(resize_cosine(coarse, 32, 1), 32, 2)
    np.testing.assert_allclose(back, plane, atol=1e-5)
    np.testing.assert_allclose(coarse.mean(), plane.mean(), atol=1e-6)


def test_thick_slices_are_means_and_corners_stay():
    volume = np.arange(4, dtype=np.float32)[:, None, None] * np.ones((4, 8, 8), np.float32)
    np.testing.assert_allclose(thin_out(volume, (2, 1, 1))[:, 0, 0], [0.5, 2.5])
    assert thin_out(volume, (1, 2, 2)).shape == (4, 4, 4)


def test_speckle_filters_smooth_speckle_and_keep_what_has_none():
    flat = np.full((1, 96, 96), 0.5, np.float32)
    speckled = to_amplitude(add_speckle(flat, (1.5, 1.5), 1, 0).astype(np.float64))
    inner = np.s_[:, 16:-16, 16:-16]

    def variation(image):
        return image[inner].std() / image[inner].mean()

    assert variation(speckled) == pytest.approx(0.523, abs=0.03)  # Rayleigh: sqrt(4 / pi - 1)
    last = list(srad(speckled, 0.523, 80))[-1]
    for image in (lee(speckled, 0.523, 7), frost(speckled, 1.0, 7), last):
        assert variation(image) < 0.6 * variation(speckled)
        assert image[inner].mean() == pytest.approx(speckled[inner].mean(), rel=0.05)
    step = np.ones((1, 40, 40))
    step[..., 20:] = 3.0
    np.testing.assert_allclose(lee(step, 1e-9, 5), step)
    edge = frost(step, 1e4, 5)
    np.testing.assert_allclose(edge[..., 19:21], step[..., 19:21], rtol=0.05)


def test_without_damping_frost_is_the_mean_of_its_window():
    image = np.random.default_rng(0).random((1, 20, 20))
    expected = np.lib.stride_tricks.sliding_window_view(image[0], (5, 5)).mean(axis=(2, 3))
    np.testing.assert_allclose(frost(image, 0.0, 5)[0, 2:-2, 2:-2], expected)


def test_log_compression_is_undone_exactly():
    shown = np.linspace(0.01, 1, 50)
    np.testing.assert_allclose(to_display(to_amplitude(shown)), shown, atol=1e-12)
    assert to_amplitude(np.array(1 - 20 / 60)) == pytest.approx(0.1)  # 20 dB of a display of 60 dB


@pytest.mark.parametrize("level", DEGRADATIONS, ids=lambda each: f"{each.modality} {each.level}")
def test_every_level_adds_noise_that_the_seed_decides(level):
    tissue = {"MR": 0.6, "CT": 40.0, "US": 153.0}[level.modality]
    flat = np.full((1, 64, 64), tissue, np.float32)
    one, again, other = (level.patches(flat, (1.0, 1.0, 1.0), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 0 and one.dtype == np.float32
    if level.sigma and level.coils == 1:
        assert (one - flat).std() == pytest.approx(level.sigma, rel=0.1)


def test_stronger_levels_are_stronger_and_kernels_differ():
    flat = np.full((1, 128, 128), 40.0, np.float32)
    added = {each.level: (each.patches(flat, (1.0, 1.0, 1.0), 3) - flat).std() for each in levels_of("CT")}
    assert added["tenth dose, soft kernel"] > 1.4 * added["quarter dose, soft kernel"]
    assert added["quarter dose, sharp kernel"] > 1.2 * added["quarter dose, soft kernel"]
