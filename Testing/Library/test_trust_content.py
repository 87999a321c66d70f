"""The check of the voxels: strange images are told from ordinary ones, noted or warned of, and held back."""

import time
from types import SimpleNamespace

import numpy as np
import pytest
from inference_cases import enhanced, mixing_network
from scipy.ndimage import gaussian_filter

from GANEnhanceLib.degrade.mr import add_noncentral_chi_noise
from GANEnhanceLib.inference.facts import VolumeFacts
from GANEnhanceLib.metrics import estimate_noise
from GANEnhanceLib.samples import list_samples
from GANEnhanceLib.trust import is_strange, judge_content, measure_content, tight_bound
from GANEnhanceLib.trust.sized import _likeness, find_turn_in_mm
from GANEnhanceLib.trust.upright import TURNS, find_turn
from GANEnhanceLib.volume import Volume, read_volume

SHAPE = (4, 150, 141)
SCALINGS = {"MR": "mr-percentile", "CT": "ct-window", "US": "us-display"}
SAMPLES = {
    sample.name: Volume(read_volume(sample.path).voxels, read_volume(sample.path).ijk_to_ras, sample.modality)
    for sample in list_samples()
}
RNG = np.random.default_rng(11)


def card(modality="MR"):
    return SimpleNamespace(name="m", modality=(modality,), contract={}, scaling={"name": SCALINGS[modality]})


def made(voxels, modality="MR", dtype=np.float32):
    return Volume(np.ascontiguousarray(voxels).astype(dtype), np.diag([1.0, 1.0, 3.0, 1.0]), modality)


def words(volume, modality="MR"):
    return [
        f"{each.level}: {each.sentence}" for each in judge_content(measure_content(volume), card(modality))
    ]


def boxes(levels=(0.0, 0.9, 0.4, 0.65, 0.2)):
    """A phantom: boxes and discs of one value each."""
    j, i = np.mgrid[: SHAPE[1], : SHAPE[2]]
    plane = np.full(SHAPE[1:], levels[0])
    plane[15:135, 12:128] = levels[1]
    plane[(j - 55) ** 2 + (i - 50) ** 2 < 24**2] = levels[2]
    plane[90:120, 40:110] = levels[3]
    plane[(j - 50) ** 2 + (i - 100) ** 2 < 12**2] = levels[4]
    return np.broadcast_to(plane, SHAPE)


def letters():
    from PIL import Image, ImageDraw

    page = Image.new("L", SHAPE[:0:-1], 0)
    for line in range(3, SHAPE[1], 12):
        ImageDraw.Draw(page).text((2, line), "Patient: ANON 42 / L-R", fill=255)
    return np.broadcast_to(np.asarray(page, np.float32) / 255, SHAPE)


def body(noise=8.0):
    """A chest in Hounsfield units: air, lungs, fat, muscle and bone, with soft edges."""
    j, i = np.mgrid[-1 : 1 : SHAPE[1] * 1j, -1 : 1 : SHAPE[2] * 1j]
    plane = np.full(SHAPE[1:], -1000.0)
    plane[(j / 0.8) ** 2 + (i / 0.9) ** 2 < 1] = -90
    plane[(j / 0.7) ** 2 + (i / 0.8) ** 2 < 1] = 45
    for side in (-1, 1):
        plane[(j / 0.5) ** 2 + ((i - 0.4 * side) / 0.28) ** 2 < 1] = -820
    plane[(j - 0.5) ** 2 + i**2 < 0.02] = 350
    texture = gaussian_filter(np.random.default_rng(2).normal(size=SHAPE), (0, 3, 3))
    texture *= 25 / texture.std()
    return gaussian_filter(plane, 1.0) + texture + np.random.default_rng(1).normal(0, noise, SHAPE)


STRANGE = {
    "noise": (np.hypot(*RNG.normal(0, 90, (2, *SHAPE))), "pure noise"),
    "noise of one slice": (RNG.normal(400, 60, (1, 100, 100)), "pure noise"),
    "slightly correlated noise": (gaussian_filter(RNG.normal(0, 1, SHAPE), (0, 0.8, 0.8)) + 9, "pure noise"),
    "nearly constant": (np.where(RNG.random(SHAPE) > 0.9999, 700, 300), "same value"),
    "constant with noise": (300 + RNG.normal(0, 2, SHAPE), "pure noise"),
    "letters": (1000 * letters(), "text"),
    "noisy letters": (np.abs(1000 * letters() + RNG.normal(0, 50, SHAPE)), "text"),
    "black on white": (255 - 255 * letters(), "text"),
    "phantom": (800 * boxes(), "phantom"),
    "noisy phantom": (
        np.hypot(800 * boxes() + RNG.normal(0, 16, SHAPE), RNG.normal(0, 16, SHAPE)),
        "phantom",
    ),
    "phantom without air": (boxes((300, 800, 500, 600, 400)), "phantom"),
    "mask": (boxes((0, 1, 0, 1, 0)) * 1000 + RNG.random(SHAPE), "black and white"),
    "CT": (body(), "Hounsfield"),
    "standardized": (SAMPLES["t1-head"].voxels - 60.0, "below zero"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_images_are_named_and_warned_of(name):
    voxels, word = STRANGE[name]
    (said,) = words(made(voxels))
    assert said.startswith("warn: ") and word in said


@pytest.mark.parametrize(("modality", "word"), [("CT", "as dark as fat"), ("US", "brightness of a display")])
def test_mr_is_warned_of_where_another_modality_is_meant(modality, word):
    (said,) = words(SAMPLES["b0"], modality)
    assert word in said


def test_ct_suits_ct_and_is_warned_of_for_ultrasound():
    assert words(made(body(), "CT", np.int16), "CT") == []
    assert "Hounsfield" in words(made(body()), "US")[0]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("percent", [0, 1, 6, 12])
def test_ordinary_images_are_not_warned_of_with_and_without_noise(name, percent):
    volume = SAMPLES[name]
    if percent:
        high = np.percentile(volume.voxels, 99.5)
        noisy = add_noncentral_chi_noise(volume.voxels.astype(np.float32) / high, percent / 100, 1, percent)
        volume = volume.with_voxels(noisy * high)
    assert words(volume) == []


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_single_slices_and_parts_of_an_ordinary_image_are_not_warned_of(axis):
    volume = SAMPLES["t1-head"]
    for part in (slice(30, 31), slice(25, 60)):
        cut = volume.voxels[(slice(None),) * axis + (part,)]
        assert words(Volume(cut, volume.ijk_to_ras, "MR")) == []
    assert words(made(volume.voxels[20:40, 20:107, 11:110])) == []


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.int64, np.float64])
def test_the_type_of_the_voxels_does_not_matter(dtype):
    scaled = SAMPLES["t1-head"].voxels * (250 / SAMPLES["t1-head"].voxels.max())
    assert words(made(scaled, dtype=dtype)) == words(made(scaled.astype(np.uint8))) == []
    assert "text" in words(made(250 * letters(), dtype=dtype))[0]


@pytest.mark.parametrize("factor", [1e-30, 1e30])
def test_tiny_and_huge_values_are_judged_alike(factor):
    assert words(made(SAMPLES["t1-head"].voxels * factor)) == []
    assert "pure noise" in words(made(STRANGE["noise"][0] * factor))[0]


@pytest.mark.parametrize(
    "shape", [(1, 1, 2), (1, 5, 1), (3, 15, 15), (1, 16, 4000), (70, 1, 9), (2, 63, 200)]
)
def test_small_and_odd_sizes_are_measured_without_judging_their_texture(shape):
    assert words(made(RNG.random(shape))) == []


def test_thin_values_of_small_slices_are_judged():
    small = body()[:, 40:80, 20:80]
    assert min(small.shape[1:]) < 64 and "Hounsfield" in words(made(small))[0]


def with_rod(voxels, value):
    voxels = np.array(voxels, np.float32)
    j, i = np.mgrid[: voxels.shape[1], : voxels.shape[2]]
    voxels[:, (j - voxels.shape[1] // 2) ** 2 + (i - voxels.shape[2] // 2) ** 2 <= 9] = value
    return voxels


def test_metal_is_noted_where_it_is_and_does_not_make_an_image_strange():
    head, chest = SAMPLES["t1-head"], made(body(), "CT")
    high = float(np.percentile(head.voxels, 99.5))
    for volume, value, kind in ((head, 5 * high, "MR"), (chest, 3000, "CT")):
        found = judge_content(measure_content(volume.with_voxels(with_rod(volume.voxels, value))), card(kind))
        assert [each.check for each in found] == ["metal"] and found[0].level == "note" and found[0].hint
        assert not is_strange(found)
    single = np.array(head.voxels, np.float32)
    single[20, 40, 40] = 50 * high
    assert words(head.with_voxels(single)) == []
    assert words(chest.with_voxels(with_rod(chest.voxels, 1800)), "CT") == []


@pytest.mark.parametrize("turn", TURNS, ids=TURNS.get)
def test_a_head_that_is_turned_over_is_noted(turn):
    volume = SAMPLES["t1-head"]
    axes = {0: 1, 1: 0}  # the sample's array axes that run to the head (j) and to the front (k)
    turned = np.flip(volume.voxels, [axes[each] for each in turn])
    (said,) = words(volume.with_voxels(turned))
    assert said.startswith("note: ") and "may be turned over" in said
    assert ("head and feet" in said) == (0 in turn)


def test_a_head_with_a_long_neck_is_known_by_its_size():
    head = SAMPLES["t1-head"]  # j runs to the head, k to the front
    bright = float(np.percentile(head.voxels, 80))
    k, _, i = np.mgrid[: head.shape[0], :50, : head.shape[2]]
    column = ((k / head.shape[0] - 0.45) / 0.3) ** 2 + ((i / head.shape[2] - 0.5) / 0.25) ** 2 < 1
    longer = np.concatenate([bright * column, head.voxels], axis=1).astype(np.float32)
    volume = Volume(longer, head.ijk_to_ras, "MR")
    turned = volume.with_voxels(np.ascontiguousarray(volume.voxels[:, ::-1]))
    assert find_turn(volume) is None
    assert find_turn(turned) == "head and feet"


def test_the_likeness_in_mm_is_the_correlation_of_what_lies_over_one_another():
    rng = np.random.default_rng(2)
    template = rng.random((5, 6, 7)).astype(np.float32)
    volume = rng.random((8, 9, 10)).astype(np.float32)
    volume[4:, 2:8, 1:8] = 3 * template[:4] + 1  # a fifth of it lies beyond the end
    assert _likeness(volume, template, [(), (1,)])[0] == pytest.approx(1.0, abs=1e-4)
    assert _likeness(np.flip(volume, 1).copy(), template, [(), (1,)])[1] == pytest.approx(1.0, abs=1e-4)
    best = max(
        np.corrcoef(volume[z : z + 5, y : y + 6, x : x + 7].ravel(), np.flip(template, 0).ravel())[0, 1]
        for z, y, x in np.ndindex(4, 4, 4)
    )
    assert best <= _likeness(volume, template, [(0,)])[0] < 0.6
    for strange in (
        np.zeros((8, 9, 10)),
        np.ones((8, 9, 10)),
        rng.random((2, 9, 10)),
        np.zeros((900, 90, 90)),
    ):
        assert _likeness(strange, template, [()])[0] <= 0.0
    assert find_turn_in_mm(np.ones((12, 12, 12), np.float32), TURNS) is None


def test_a_turned_grid_with_turned_voxels_is_upright():
    volume = SAMPLES["t1-head"]
    matrix = np.array(volume.ijk_to_ras)
    matrix[:3, 3] += matrix[:3, 1] * (volume.shape[1] - 1)
    matrix[:3, 1] *= -1
    assert find_turn(Volume(volume.voxels[:, ::-1], matrix, "MR")) is None
    order = np.transpose(volume.voxels, (2, 0, 1))
    assert find_turn(Volume(order, volume.ijk_to_ras[:, [1, 2, 0, 3]], "MR")) is None
    assert find_turn(Volume(order[:, :, ::-1], volume.ijk_to_ras[:, [1, 2, 0, 3]], "MR")) == "head and feet"


def test_the_check_takes_a_fraction_of_a_second():
    k, j, i = np.ogrid[-1:1:160j, -1:1:256j, -1:1:256j]
    head = (k**2 + j**2 + i**2 < 0.7) * 900.0 + 40 * np.sin(40 * i) * np.cos(30 * j)
    volume = Volume(head.astype(np.int16), np.eye(4), "MR")
    measure_content(volume)  # reads the templates
    times = []
    for _ in range(3):
        began = time.process_time()
        measure_content(volume)
        times.append(time.process_time() - began)
    assert min(times) < 0.3


def test_facts_measure_the_content_once():
    facts = VolumeFacts(SAMPLES["t1-head"])
    first = facts.content
    facts.volume = None
    assert facts.content is first


# In a run


@pytest.fixture(scope="module")
def loud(tmp_path_factory):
    """A network that changes everything by much."""
    return mixing_network(tmp_path_factory.mktemp("models") / "loud", [5.0])


@pytest.mark.parametrize("name", ["noise", "letters", "phantom", "CT"])
def test_the_change_of_a_strange_image_is_held_to_its_noise(loud, name):
    volume = made(STRANGE[name][0])
    result = enhanced(volume, loud, device="cpu")
    span = result.scaling.high - result.scaling.low
    change = (result.volume.voxels.astype(np.float64) - volume.voxels) / span
    allowed = tight_bound(estimate_noise(volume.voxels), span)
    assert 0 < np.abs(change).max() <= allowed * (1 + 1e-5)
    assert result.verdict.level == "warn" and result.provenance["contract"]["level"] == "warn"
    assert result.bound_hits > 0


def test_an_ordinary_image_keeps_the_bound_of_the_card(loud):
    volume = SAMPLES["t1-head"]
    result = enhanced(volume, loud, device="cpu", roi=((0, 128), (0, 128), (30, 32)))
    change = np.abs(result.volume.voxels.astype(np.float64) - volume.voxels).max() / result.scaling.high
    assert result.verdict.level == "ok" and change == pytest.approx(0.3, rel=5e-3)


def test_a_smaller_bound_that_was_asked_for_stays(loud):
    volume = made(STRANGE["noise"][0])
    result = enhanced(volume, loud, device="cpu", bound=0.001)
    change = np.abs(result.volume.voxels - volume.voxels).max() / result.scaling.high
    assert change <= 0.001 * (1 + 1e-3)


def test_a_strange_image_has_equal_voxels_in_a_slice_a_region_and_the_whole(loud):
    volume = made(STRANGE["phantom"][0])
    whole = enhanced(volume, loud, device="cpu").volume.voxels
    for roi in (((0, 141), (0, 150), (1, 2)), ((9, 60), (30, 99), (0, 3))):
        part = enhanced(volume, loud, device="cpu", roi=roi).volume.voxels
        i, j, k = (slice(*pair) for pair in roi)
        np.testing.assert_array_equal(part[k, j, i], whole[k, j, i])
