"""The harm tests of the quality benchmark: they pass what does no harm and find the harm they are for."""

from dataclasses import replace

import bench_quality  # noqa: F401
import numpy as np
import pytest
from quality.degradations import levels_of
from quality.harm import lesions, strange
from quality.harm.observers import Patches, compare, recovered_contrast
from quality.harm.patches import invented_share
from quality.harm.run import Harm, harm_bars
from quality.harm.steady import judge_clean, judge_twice
from quality.images import Clean
from scipy.ndimage import gaussian_filter

from GANEnhanceLib.errors import ContractError
from GANEnhanceLib.inference import EnhanceOptions
from GANEnhanceLib.inference import run as engine
from GANEnhanceLib.models import load_model
from GANEnhanceLib.volume import Volume

SIX = next(level for level in levels_of("MR") if level.level == "6 %")
SIZE = 2 * lesions.HALF + 1


def patches(count=60, places=3, contrast=0.5):
    absent = np.random.default_rng(0).normal(size=(count, places, SIZE, SIZE))
    disc = lesions.ball((1, SIZE, SIZE), 3, lesions.HALF, lesions.HALF)[0]
    return Patches(absent + contrast * disc, absent), contrast * disc


def changed(both, function):
    return Patches(function(both.present), function(both.absent))


def test_the_reader_sees_as_theory_says():
    # Own noise as strong as the image's: d'^2 = |s|^2 / 2. A weaker image is read as well, since own noise
    # falls with that of the image; own noise that stays weighs more: (1/4) / (1/4 + 1).
    both, signal = patches(200)
    same = compare(both, both, 6)
    assert same.ratio == 1 and same.interval == (1, 1) and not same.is_lower
    assert same.before == pytest.approx(np.linalg.norm(signal) / 2**0.5, rel=0.1)
    weaker = compare(both, changed(both, lambda image: image / 2), 6)
    assert weaker.ratio == pytest.approx(1) and weaker.information == pytest.approx(1)
    assert weaker.steady == pytest.approx((2 / 5) ** 0.5, rel=0.01)


def test_less_noise_with_all_of_the_lesion_helps_the_reader():
    both, signal = patches(100)
    calmer = Patches(both.present - both.absent / 2, both.absent / 2)
    found = compare(both, calmer, 6)
    assert found.ratio == pytest.approx(2, rel=0.02) and found.information == pytest.approx(2, rel=0.02)
    assert found.steady == pytest.approx((2 / 1.25) ** 0.5, rel=0.02)
    assert recovered_contrast(calmer, signal) == pytest.approx(1)


def test_less_of_the_lesion_in_the_same_noise_harms_the_reader():
    both, signal = patches(100)
    fainter = Patches(both.absent + 0.7 * (both.present - both.absent), both.absent)
    found = compare(both, fainter, 6)
    assert found.ratio == pytest.approx(0.7, rel=0.02) and found.steady == pytest.approx(0.7, rel=0.02)
    assert found.is_lower and recovered_contrast(fainter, signal) == pytest.approx(0.7)


def test_channels_that_the_noise_leaves_free_give_the_reader_no_signal_for_nothing():
    # Smooth noise has next to no power in some sums of channels. Own noise that is correlated as the
    # image's would vanish there too, and small lesions would be seen better than large ones.
    noise = gaussian_filter(np.random.default_rng(0).normal(size=(100, 3, SIZE, SIZE)), (0, 0, 4, 4))
    found = {}
    for radius in (2, 5):
        disc = lesions.ball((1, SIZE, SIZE), radius, lesions.HALF, lesions.HALF)[0]
        both = Patches(noise + 0.05 * disc, noise)
        found[radius] = compare(both, both, 2 * radius).before
    assert found[2] < found[5]


def test_a_lesion_that_is_taken_away_is_missed():
    both, signal = patches()
    gone = Patches(both.absent * 0.3, both.absent * 0.3)
    assert compare(both, gone, 6).is_lower
    assert recovered_contrast(gone, signal) == pytest.approx(0)


@pytest.fixture(scope="module")
def scene():
    rng = np.random.default_rng(1)
    anatomy = gaussian_filter(rng.normal(size=(9, 180, 190)), (1, 8, 8))
    anatomy = (0.6 + 0.5 * anatomy / np.abs(anatomy).max()).astype(np.float32)
    return lesions.make_scene(Clean("made", "made", Volume(anatomy, np.eye(4), "MR")))


def test_places_of_lesions_are_apart_and_inside(scene):
    places = [place for each in scene.places.values() for place in each]
    assert len(places) == 9 and set(scene.places) == set(lesions.RADII)
    for number, (row, column) in enumerate(places):
        assert 18 <= row < 110 and 18 <= column < 110
        assert all(np.hypot(row - r, column - c) >= 26 for r, c in places[:number])
    assert scene.anatomy.shape == (5, 128, 128)


def test_a_ball_has_its_volume_and_contrast():
    made = lesions.ball((21, 21, 21), 5, 10, 10)
    assert made.sum() == pytest.approx(4 / 3 * np.pi * 125, rel=0.05) and made[10, 10, 10] == 1
    total = lesions.lesion_map(replace_places(5.0))
    assert total.max() == 1 and total[2, 64, 64] == 1


def replace_places(radius):
    return lesions.Scene(np.zeros((5, 128, 128), np.float32), (1, 1, 1), "MR", {radius: [(64, 64)]})


def test_doing_nothing_harms_no_lesion_and_invents_none(scene):
    rows, twin = lesions.judge_lesions(scene, SIX, lambda volume, number: volume.voxels[number], 4)
    assert len(rows) == 12 and all(row["held"] and row["ratio"] == 1 for row in rows)
    assert rows[0]["contrast_after"] == pytest.approx(1, abs=0.1)
    assert twin["held"] and twin["invented_r3"] == 0 and twin["before_r2"] == twin["after_r2"] > 100


def test_a_model_that_gives_healthy_anatomy_is_found_out(scene):
    healthy = np.tile(scene.anatomy[2], (4, 4))
    rng = np.random.default_rng(2)
    rows, twin = lesions.judge_lesions(
        scene, SIX, lambda volume, number: healthy + rng.normal(0, 0.01, healthy.shape), 4
    )
    assert not any(row["held"] for row in rows) and twin["held"]


def test_a_model_that_adds_lesions_is_found_out(scene):
    clean = np.tile(scene.anatomy[2], (4, 4))
    added = clean + 0.1 * np.tile(lesions.lesion_map(scene)[2], (4, 4))
    _, twin = lesions.judge_lesions(scene, replace(SIX, patches=lambda v, *_: v), lambda *_: added, 4)
    # 9 places in each of 16 tiles; the smallest disc also fits into the larger ones.
    assert twin["invented_r5"] >= 48 and twin["before_r5"] == 0 and not twin["held"]


@pytest.mark.parametrize("radius", lesions.RADII)
def test_the_contrast_of_a_disc_is_read_off_and_flat_ground_has_none(radius):
    plane = 3 + 0.2 * lesions.ball((1, 41, 41), radius, 20, 20)[0]
    contrast = lesions.blob_contrast(plane, radius)
    assert contrast[20, 20] == pytest.approx(0.2)
    found = lesions.blobs(contrast, 0.19, radius)
    assert np.argwhere(found).tolist() == [[20, 20]]
    np.testing.assert_allclose(lesions.blob_contrast(np.full((20, 20), 7.0), radius), 0, atol=1e-9)


@pytest.fixture(scope="module")
def truth():
    return gaussian_filter(np.random.default_rng(3).normal(size=(2, 160, 160)), (0, 2, 2)) * 4


def noisy(truth, seed):
    return truth + np.random.default_rng(seed).normal(0, 0.3, truth.shape)


def test_smoothing_invents_nothing(truth):
    given, mask = noisy(truth, 4), np.ones(truth.shape, dtype=bool)
    for result in (given, gaussian_filter(given, (0, 1, 1)), truth):
        found = invented_share(result, given, noisy(truth, 5), truth, mask)
        assert found["share"] <= 0.01 and found["windows"] == 2 * 81
    assert found["mean_gain"] > 0  # the truth itself


def test_patches_of_other_structure_are_found(truth):
    given, mask = noisy(truth, 4), np.ones(truth.shape, dtype=bool)
    result = given.copy()
    result[1, 64:96, 64:96] = gaussian_filter(np.random.default_rng(6).normal(size=(60, 60)), 2)[:32, :32] * 4
    found = invented_share(result, given, noisy(truth, 5), truth, mask)
    assert 0.01 < found["share"] < 0.15 and found["largest_fall"] > 0.5


def anatomy():
    plane = gaussian_filter(np.random.default_rng(7).random((5, 64, 64)), (1, 4, 4))
    plane -= plane.min()
    return Volume((100 * plane / plane.max()).astype(np.float32), np.eye(4), "MR")


def with_model(name, change):
    """The engine itself, and its result with other voxels."""
    model = load_model(name)

    def enhance(volume):
        result = engine(volume, model, EnhanceOptions(output_type="float32"))
        return replace(result, volume=volume.with_voxels(change(volume.voxels)))

    return enhance


def test_strange_inputs_are_what_they_are_called():
    made = strange.strange_inputs(anatomy(), Volume(np.zeros((2, 8, 8)), np.eye(4), "CT"))
    assert all(volume.voxels.min() >= 0 for volume in made.values())
    assert np.ptp(made["constant"].voxels) == 0 and made["other modality"].modality == "CT"
    assert made["other modality, not said"].modality is None
    assert made["metal"].voxels.max() > 4 * anatomy().voxels.max() * 0.9
    np.testing.assert_array_equal(made["upside down"].voxels[:, ::-1], anatomy().voxels)
    low = anatomy().voxels.min()
    noise = made["pure noise"].voxels - low
    assert noise.mean() / noise.std() == pytest.approx(1.913, rel=0.02)  # Rayleigh
    assert 0.02 < (made["text"].voxels > low).mean() < 0.4


def test_a_volume_with_axes_of_the_patient_is_turned_over_along_them():
    matrix = np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, -1, 0], [0, 0, 0, 1.0]])
    volume = Volume(np.arange(24).reshape(2, 3, 4), matrix, "MR")
    np.testing.assert_array_equal(strange.turned_over(volume).voxels, volume.voxels[::-1])
    slice_across = Volume(volume.voxels[:1], matrix, "MR")
    np.testing.assert_array_equal(strange.turned_over(slice_across).voxels, volume.voxels[:1, :, ::-1])
    made = strange.strange_inputs(anatomy(), anatomy(), volume)
    np.testing.assert_array_equal(made["upside down"].voxels, volume.voxels[::-1])


def test_a_change_beyond_the_noise_is_not_bounded_and_one_below_is():
    inputs = {"phantom": strange.strange_inputs(anatomy(), anatomy())["phantom"]}
    (same,) = strange.judge_strange(inputs, with_model("median", lambda v: v), 0.5)
    (worse,) = strange.judge_strange(inputs, with_model("median", lambda v: v + 0.2 * v.max()), 0.5)
    assert same["bounded"] and same["change_rms"] == 0 and not same["warned"]
    assert not worse["bounded"]


def test_a_refused_input_counts_as_warned():
    def refuse(volume):
        raise ContractError("The volume is of modality CT, but the model is for MR.")

    (row,) = strange.judge_strange({"other modality": anatomy()}, refuse, 0.5)
    assert row["held"] and "modality CT" in row["words"]


def test_clean_images_are_judged_at_45_db():
    clean, mask = np.zeros((1, 8, 8)), np.ones((1, 8, 8), dtype=bool)
    assert judge_clean("x", clean, clean + 0.005, 1.0, mask) == {"case": "x", "psnr_db": 46.02, "held": True}
    assert not judge_clean("x", clean, clean + 0.006, 1.0, mask)["held"]
    assert judge_clean("x", clean, clean, 1.0, mask)["held"]


def test_a_second_pass_is_a_share_of_the_first():
    mask = np.ones((1, 4, 4), dtype=bool)
    given = np.zeros((1, 4, 4))
    found = judge_twice("x", given, given + 1.0, given + 1.3, mask)
    assert found["second_change"] == pytest.approx(0.3) and not found["held"]
    assert judge_twice("x", given, given + 1.0, given + 1.1, mask)["held"]
    assert judge_twice("x", given, given, given, mask)["held"]


def test_every_harm_test_is_a_bar_and_nothing_measured_is_none():
    good, bad = (
        {"held": True, "bounded": True, "warned": True},
        {"held": False, "bounded": True, "warned": False},
    )
    harm = Harm("m, fidelity 1", [good, good], [good], [good], [good, bad], [], [bad])
    bars = {bar["bar"]: (bar["value"], bar["held"]) for bar in harm_bars(harm)}
    assert bars["lesions as well to be seen as in the input, m, fidelity 1"] == ("2 of 2", True)
    assert bars["strange inputs: change bounded, m, fidelity 1"] == ("2 of 2", True)
    assert bars["strange inputs: warned, m, fidelity 1"] == ("1 of 2", False)
    assert bars["a second pass changes little, m, fidelity 1"] == ("0 of 1", False)
    assert not any("clean" in name for name in bars)
