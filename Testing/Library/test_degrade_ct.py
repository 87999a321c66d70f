"""Low-dose noise held against filtered back-projection's closed forms, the surrogate against the sinogram."""

import numpy as np
import pytest

from GANEnhanceLib.degrade.ct import WATER, LowDose, add_low_dose_noise, line_integrals, log_variance
from GANEnhanceLib.degrade.ct_surrogate import add_low_dose_field, add_low_dose_noise_fast, noise_sigma
from GANEnhanceLib.degrade.projection import ParallelBeam, kernel_window, project, reconstruct
from GANEnhanceLib.errors import OptionError

VOXEL, EXTENT = 1.6, 128
PLACES = (np.arange(EXTENT) - (EXTENT - 1) / 2) * VOXEL
RADIUS = np.hypot(PLACES[:, None], PLACES[None, :])


def cylinder(radius=90.0, slices=8):
    """Return slices of a water cylinder in air, HU."""
    plane = np.where(radius > RADIUS, 0.0, -1000.0).astype(np.float32)
    return np.repeat(plane[None], slices, axis=0)


def noise(method, scan, body=None, seed=3):
    """Return what a method adds."""
    body = cylinder() if body is None else body
    return method(body, (VOXEL, VOXEL), scan, seed) - body


def radial_spectrum(fields, half=24):
    """Return the noise power of the square in the middle by rings of frequency, and the frequencies."""
    middle = fields[:, EXTENT // 2 - half : EXTENT // 2 + half, EXTENT // 2 - half : EXTENT // 2 + half]
    window = np.hanning(2 * half)[:, None] * np.hanning(2 * half)[None, :]
    power = np.mean(np.abs(np.fft.fft2(middle * window)) ** 2, axis=0) * VOXEL**2 / np.sum(window**2)
    frequency = np.fft.fftfreq(2 * half, VOXEL)
    radial = np.hypot(frequency[:, None], frequency[None, :])
    edges = np.linspace(0.02, 0.5 / VOXEL, 13)
    ring = np.digitize(radial, edges)
    means = np.array([power[ring == number].mean() for number in range(1, len(edges))])
    return means, (edges[1:] + edges[:-1]) / 2


def test_line_integrals_are_chords_of_a_cylinder():
    lines = line_integrals(cylinder(slices=1), (VOXEL, VOXEL), ParallelBeam())[0]
    positions = (np.arange(lines.shape[1]) - (lines.shape[1] - 1) / 2) * 0.6
    chords = 2 * WATER * np.sqrt(np.maximum(90.0**2 - positions**2, 0))
    inside = np.abs(positions) < 80
    assert np.abs(lines - chords)[:, inside].max() < 0.06 * chords.max()
    assert np.abs(lines.mean(axis=0) - chords)[inside].max() < 0.02 * chords.max()


def test_projection_agrees_with_scikit_image():
    radon = pytest.importorskip("skimage.transform").radon
    places = (np.arange(129) - 64) * VOXEL
    image = np.exp(-((places[:, None] - 20) ** 2 + (places[None, :] + 35) ** 2 / 4) / 200).astype(np.float32)
    image[(image < 1e-3) | (np.hypot(places[:, None], places[None, :]) > 63 * VOXEL)] = 0
    angles = np.linspace(0, np.pi, 30, endpoint=False)
    own = project(image[None], (VOXEL, VOXEL), angles, places)[0]
    # scikit-image turns the other way round.
    other = radon(image, np.rad2deg(-angles), circle=True).T * VOXEL
    assert np.abs(own - other).max() < 0.03 * other.max()


def test_reconstruction_undoes_projection():
    spot = np.exp(-(RADIUS**2) / (2 * 12.0**2)).astype(np.float32)[None]
    beam = ParallelBeam(360, 0.8)
    elements = 401
    positions = (np.arange(elements) - 200) * 0.8
    back = reconstruct(
        project(spot, (VOXEL, VOXEL), beam.angles, positions), spot.shape[1:], (VOXEL, VOXEL), beam, "soft"
    )
    assert back[0][RADIUS < 60] == pytest.approx(spot[0][RADIUS < 60], abs=0.05)


@pytest.mark.parametrize("kernel", ["soft", "sharp"])
@pytest.mark.parametrize("dose", [0.5, 0.1])
def test_the_standard_deviation_is_that_of_the_closed_form(kernel, dose):
    scan = LowDose(dose, kernel=kernel)
    expected = noise_sigma(180.0, scan, VOXEL)
    for method in (add_low_dose_noise, add_low_dose_noise_fast):
        assert noise(method, scan)[:, RADIUS < 25].std() == pytest.approx(expected, rel=0.06)


@pytest.mark.parametrize("kernel", ["soft", "sharp"])
def test_the_surrogate_has_the_noise_power_spectrum_of_the_sinogram(kernel):
    scan = LowDose(0.25, kernel=kernel)
    body = cylinder(slices=24)
    exact, frequency = radial_spectrum(noise(add_low_dose_noise, scan, body))
    fast, _ = radial_spectrum(noise(add_low_dose_noise_fast, scan, body))
    patch, _ = radial_spectrum(add_low_dose_field(np.zeros_like(body), (VOXEL, VOXEL), scan, 180.0, seed=1))
    assert fast == pytest.approx(exact, rel=0.2, abs=0.04 * exact.max())
    assert patch == pytest.approx(exact, rel=0.2, abs=0.06 * exact.max())
    # The closed form: pi d var(p) / V f w^2.
    closed = frequency * kernel_window(frequency, kernel, VOXEL) ** 2
    closed *= np.pi * 0.6 / 720 * log_variance(np.float64(WATER * 180), scan) * (1000 / WATER) ** 2
    assert exact == pytest.approx(closed, rel=0.2, abs=0.06 * closed.max())


def test_kernels_differ_in_where_the_noise_lies():
    frequency = np.linspace(0, 1, 1001)
    peaks = [
        frequency[np.argmax(frequency * kernel_window(frequency, kernel, 0.4) ** 2)]
        for kernel in ("soft", "sharp")
    ]
    assert peaks == pytest.approx([0.18, 0.49], abs=0.01)
    assert kernel_window(np.array([0.0, 0.3126, 0.5]), "sharp", 1.6)[1:].max() == 0, "nothing above Nyquist"


@pytest.mark.parametrize("method", [add_low_dose_noise, add_low_dose_noise_fast])
def test_variance_follows_the_dose(method):
    quarter, tenth = (
        noise(method, LowDose(dose, electronics=0))[:, RADIUS < 70].var() for dose in (0.25, 0.1)
    )
    # Noise that is missing at share a: (1 - a) / a of the variance at full dose.
    assert tenth / quarter == pytest.approx(9 / 3, rel=0.06)


def test_electronics_matter_where_photons_are_few():
    few = {"dose": 0.1, "photons": 1e4}
    ratio = (
        noise(add_low_dose_noise, LowDose(**few, electronics=8))[:, RADIUS < 40].var()
        / noise(add_low_dose_noise, LowDose(**few, electronics=0))[:, RADIUS < 40].var()
    )
    integral = np.float64(WATER * 180)
    expected = log_variance(integral, LowDose(**few, electronics=8)) / log_variance(
        integral, LowDose(**few, electronics=0)
    )
    assert expected > 2 and ratio == pytest.approx(expected, rel=0.25)


@pytest.mark.parametrize("method", [add_low_dose_noise, add_low_dose_noise_fast])
@pytest.mark.parametrize("dose", [0.5, 0.25, 0.1])
def test_mean_hu_stays(method, dose):
    added = noise(method, LowDose(dose))
    assert abs(added[:, RADIUS < 85].mean()) < 0.3
    assert abs(added[:, RADIUS < 30].mean()) < 1.0


def test_full_dose_changes_nothing_and_padding_stays():
    body = cylinder(slices=2)
    body[:, RADIUS > 100] = -2000.0
    assert np.array_equal(add_low_dose_noise(body, (VOXEL, VOXEL), LowDose(1.0), 1), body)
    for method in (add_low_dose_noise, add_low_dose_noise_fast):
        added = noise(method, LowDose(0.2), body)
        assert not added[:, RADIUS > 100].any() and added[:, RADIUS < 90].std() > 1
    assert body[0, 0, 0] == -2000.0, "the input is not written to"


def test_noise_is_larger_in_the_middle_of_the_body():
    for method in (add_low_dose_noise, add_low_dose_noise_fast):
        added = noise(method, LowDose(0.2))
        assert added[:, RADIUS < 20].std() > 1.3 * added[:, (RADIUS > 75) & (RADIUS < 88)].std()


def test_streaks_run_between_bones_where_photons_starve():
    body = cylinder(slices=6)
    for side in (-55.0, 55.0):
        body[:, np.hypot(PLACES[:, None], PLACES[None, :] - side) < 18] = 1500.0
    added = noise(add_low_dose_noise, LowDose(0.1, photons=5e4), body)
    box = added[:, 56:72, 48:80]  # between the bones, which lie left and right
    box = box - box.mean(axis=(1, 2), keepdims=True)
    along = np.mean(box[:, :, 6:] * box[:, :, :-6]) / box.var()
    across = np.mean(box[:, 6:] * box[:, :-6]) / box.var()
    assert along > 0.15 and along > across + 0.15


def test_an_elongated_body_gives_a_spectrum_with_a_direction():
    zeros = np.zeros((16, 64, 64), np.float32)
    field = add_low_dose_field(zeros, (1, 1), LowDose(0.2), 250, 1, elongation=1.0, direction=0.0)
    power = np.mean(np.abs(np.fft.fft2(field)) ** 2, axis=0)
    assert power[0, 8:20].mean() / power[8:20, 0].mean() == pytest.approx(np.exp(2.0), rel=0.35)
    assert field.std() == pytest.approx(noise_sigma(250, LowDose(0.2), 1.0), rel=0.03)
    assert abs(field.mean()) < 1e-3


def test_the_seed_decides():
    body = cylinder(slices=2)
    for method in (add_low_dose_noise, add_low_dose_noise_fast):
        one, again, other = (method(body, (VOXEL, VOXEL), LowDose(0.3), seed) for seed in (1, 1, 2))
        assert np.array_equal(one, again) and not np.array_equal(one, other)
        assert one.dtype == np.float32


def test_work_can_be_watched_and_stopped():
    seen = []
    add_low_dose_noise(cylinder(slices=9), (VOXEL, VOXEL), LowDose(0.5), 1, seen.append)
    assert len(seen) == 2 * 720 and seen == sorted(seen) and 0 <= seen[0] and seen[-1] < 1


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"dose": 0}, "0"),
        ({"dose": 1.2}, "1.2"),
        ({"dose": 0.5, "photons": 0}, "0"),
        ({"dose": 0.5, "kernel": "x"}, "'x'"),
    ],
)
def test_impossible_scans_are_refused(settings, named):
    with pytest.raises(OptionError, match=named):
        LowDose(**settings)
