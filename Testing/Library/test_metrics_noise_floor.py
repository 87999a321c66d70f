"""The noise of several coils is found in the air, told from one coil's, and its floor is taken off."""

import numpy as np
import pytest
from inference_cases import enhanced, network_of

from GANEnhanceLib.degrade.mr import add_noncentral_chi_noise
from GANEnhanceLib.inference import VolumeFacts
from GANEnhanceLib.intensity import FittedScaling, fit_scaling
from GANEnhanceLib.metrics import find_noise_floor
from GANEnhanceLib.samples import list_samples
from GANEnhanceLib.volume import Volume, read_volume

SPEC = {"name": "mr-percentile", "floor": "air"}


def head(shape=(12, 96, 80)) -> np.ndarray:
    """An even ellipsoid of 1000 with a dark inside of 200, in air."""
    places = np.meshgrid(*(np.linspace(-1, 1, size) for size in shape), indexing="ij")
    radius = np.sqrt(sum((place / 0.8) ** 2 for place in places[1:]))
    return np.where(radius < 0.5, 200.0, np.where(radius < 1, 1000.0, 0.0)).astype(np.float32)


def fit(voxels: np.ndarray) -> FittedScaling:
    return VolumeFacts(Volume(voxels, np.eye(4), "MR")).fit(SPEC)


@pytest.mark.parametrize("coils", [2, 4, 8, 32])
@pytest.mark.parametrize("percent", [2.0, 8.0])
def test_coils_and_sigma_are_found_in_the_air(coils, percent):
    found = find_noise_floor(add_noncentral_chi_noise(head(), 10 * percent, coils, 1))
    assert found.coils == pytest.approx(coils, rel=0.12)
    assert found.sigma == pytest.approx(10 * percent, rel=0.06)
    assert found.power == pytest.approx((2 * coils - 2) * (10 * percent) ** 2, rel=0.06)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_axis_of_the_slices_and_one_slice_do_not_matter(axis):
    noisy = add_noncentral_chi_noise(head(), 50.0, 4, 1)
    assert find_noise_floor(np.moveaxis(noisy, 0, axis)).coils == pytest.approx(4, rel=0.08)
    assert find_noise_floor(np.moveaxis(noisy[5:6], 0, axis)).coils == pytest.approx(4, rel=0.15)


def test_there_is_none_for_one_coil_masked_air_weak_noise_or_hardly_a_voxel():
    one = add_noncentral_chi_noise(head(), 50.0, 1, 1)
    masked = add_noncentral_chi_noise(head(), 50.0, 4, 1) * (head() > 0)
    weak = add_noncentral_chi_noise(head(), 0.5, 4, 1)
    cut = add_noncentral_chi_noise(head(), 50.0, 4, 1)[:, 36:60, 30:50]
    for voxels in (one, masked, cut, weak, head(), np.full((4, 40, 40), 7.0), one[:, :10, :10]):
        assert find_noise_floor(voxels) is None


@pytest.mark.parametrize("name", [sample.name for sample in list_samples() if sample.modality == "MR"])
def test_the_shipped_samples_are_of_one_coil(name):
    (sample,) = [each for each in list_samples() if each.name == name]
    voxels = read_volume(sample.path).voxels
    scaling = fit(voxels)
    assert np.sqrt(scaling.floor) < 0.02, "hardly brighter, if at all"


def test_the_floor_is_taken_off_what_the_network_gives():
    coils, sigma = 8, 80.0
    clean = head()
    noisy = add_noncentral_chi_noise(clean, sigma, coils, 3)
    scaling = fit(noisy)
    # What a perfect denoiser of one coil's noise gives: the root of the mean square, less one coil's noise.
    ideal = np.sqrt(clean**2 + (2 * coils - 2) * sigma**2)
    residual = scaling.forward(ideal) - scaling.forward(noisy)
    result = scaling.apply_residual(noisy, residual, 1.0)
    inside = clean > 0
    assert np.abs(result - clean)[inside].mean() < 0.15 * np.abs(ideal - clean)[inside].mean()
    np.testing.assert_array_equal(scaling.apply_residual(noisy, residual, 0.0), noisy)
    half = scaling.apply_residual(noisy, residual, 0.5)
    np.testing.assert_allclose(half, (noisy + result) / 2, rtol=1e-4, atol=0.05)


def test_a_scaling_without_a_floor_is_as_it_was_and_numbers_come_back():
    noisy = add_noncentral_chi_noise(head(), 50.0, 4, 1)
    plain, floored = fit_scaling({"name": "mr-percentile"}, noisy), fit(noisy)
    assert plain.floor == 0 and floored.floor > 0 and plain.high == floored.high
    assert FittedScaling.from_dict(floored.to_dict()) == floored
    before = {key: value for key, value in plain.to_dict().items() if key != "floor"}
    assert FittedScaling.from_dict(before) == plain


def test_a_run_takes_the_floor_off_says_so_and_gives_a_slice_as_the_whole_volume(tmp_path):
    model = network_of(tmp_path / "net", "identity", scaling=SPEC)
    volume = Volume(add_noncentral_chi_noise(head(), 50.0, 4, 3), np.eye(4), "MR")
    whole = enhanced(volume, model, output_type="float32")
    dark = head() == 200
    assert whole.volume.voxels[dark].mean() < volume.voxels[dark].mean() - 20
    assert any("noise of several coils" in note for note in whole.notes)
    one = enhanced(volume, model, output_type="float32", roi=((0, 80), (0, 96), (4, 5)))
    np.testing.assert_array_equal(one.volume.voxels[4], whole.volume.voxels[4])
    single = Volume(add_noncentral_chi_noise(head(), 50.0, 1, 3), np.eye(4), "MR")
    untouched = enhanced(single, model, output_type="float32")
    np.testing.assert_allclose(untouched.volume.voxels, single.voxels, rtol=1e-6)
    assert not any("coils" in note for note in untouched.notes)
