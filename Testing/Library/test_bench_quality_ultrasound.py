"""The quality benchmark judges ultrasound: text and overlays, flicker, whole frames; and each can fail."""

import argparse
import json

import bench_quality  # noqa: F401
import numpy as np
import pytest
import torch
from inference_cases import network_of
from make_bundle import tiny_metadata
from quality import cases, choice, command
from quality.cases import make_cases, scaled_references
from quality.command import _settings_for
from quality.degradations import levels_of
from quality.doubt import judge_doubt
from quality.figures import measure
from quality.harm.lesions import judge_lesions, make_scene
from quality.images import Clean
from quality.methods import best_of
from quality.methods.despeckling import DESPECKLING, lee
from quality.ours import OurModel
from quality.overlays import judge_screens, screen_bars
from quality.real_ultrasound import flicker_ratio, frame_bars, judge_frames
from quality.screens import PROBES, draw_screen
from quality.store import Store
from scipy.ndimage import gaussian_filter, median_filter

from GANEnhanceLib.degrade.ultrasound import add_speckle
from GANEnhanceLib.inference import EnhanceOptions, run
from GANEnhanceLib.models import NetworkModel, load_model, write_bundle
from GANEnhanceLib.volume import Volume

FACTS = {"task": "despeckle", "modality": ["US"], "scaling": {"name": "us-display"}}


@pytest.fixture(scope="module")
def echoes():
    """Frames of one tissue, whose speckle stands still, with noise of their own."""
    rng = np.random.default_rng(0)
    tissue = gaussian_filter(rng.normal(size=(1, 300, 320)), (0, 10, 10))
    tissue = (0.5 + 0.25 * tissue / np.abs(tissue).max()).astype(np.float32)
    speckle = 255 * add_speckle(tissue, (2, 4), 1, 1)
    return np.clip(speckle + rng.normal(0, 6, (4, 300, 320)), 1, 230).astype(np.float32)


def median(volume):
    """The classical filter of the library, through the engine, which knows nothing of fans."""
    return run(volume, load_model("median"), EnhanceOptions(output_type="float32")).volume


def test_a_filter_that_knows_no_fan_is_found_out(echoes):
    rows = judge_screens("made", echoes, median)
    assert [row["probe"] for row in rows] == list(PROBES)
    assert all(row["beside_changed"] > 1000 and row["white_changed"] > 100 for row in rows)
    beside, drawn, enhanced = screen_bars(rows, "m")
    assert not beside["held"] and not drawn["held"] and enhanced["held"] and enhanced["value"] == "3 of 3"


def test_a_model_whose_card_keeps_the_fans_outside_passes(echoes, tmp_path):
    model = OurModel(network_of(tmp_path / "keeps", keep_outside="fan", **FACTS))
    (setting, *_) = model.settings(1.0)
    rows = judge_screens("made", echoes, lambda volume: model.enhance(volume, setting).volume)
    assert all(row["held"] for row in json.loads(json.dumps(rows))), rows
    assert all(bar["held"] for bar in screen_bars(rows, "m"))


def test_to_leave_everything_alone_is_no_way_to_pass(echoes):
    rows = judge_screens("made", echoes, lambda volume: volume)
    assert not any(row["held"] for row in rows) and not screen_bars(rows, "m")[2]["held"]


def test_one_voxel_of_text_is_enough_to_fail(echoes):
    def smudge(volume):
        voxels = median_filter(volume.voxels, (1, 3, 3))
        screen = draw_screen(np.rint(echoes).astype(np.uint8), "linear")
        kept = ~screen.fan | screen.inside
        voxels[:, kept] = volume.voxels[:, kept]
        return voxels, screen

    def but_for_one(volume, place):
        voxels, screen = smudge(volume)
        where = np.argwhere(getattr(screen, place) & (screen.frames[0] == 255))[0]
        voxels[0][tuple(where)] ^= 1
        return volume.with_voxels(voxels)

    linear = list(PROBES).index("linear")
    for place, figure in (("outside", "beside_changed"), ("inside", "white_changed")):
        row = judge_screens("made", echoes, lambda volume, place=place: but_for_one(volume, place))[linear]
        assert row[figure] == 1 and not row["held"]


def test_flicker_falls_with_smoothing_and_grows_with_sharpening(echoes):
    smoother = lee(echoes.astype(float), 0.3, 5)
    sharper = 2 * echoes - gaussian_filter(echoes, (0, 1, 1))
    assert flicker_ratio(echoes, smoother) < 0.8 < 1.3 < flicker_ratio(echoes, sharper)
    assert flicker_ratio(echoes, echoes) == 1


def test_a_cine_that_stands_still_flickers_by_less_than_a_gray_level():
    rng = np.random.default_rng(5)
    still = rng.uniform(60, 180, (1, 64, 64)) + rng.uniform(0, 1, (4, 64, 64))
    given = Volume(np.rint(still).astype(np.float32), np.eye(4), "US")
    row = judge_frames("still", given, lambda volume: volume.with_voxels(2 * volume.voxels))
    assert row["flicker_before"] == pytest.approx(1 / 3, abs=0.02)
    assert row["flicker_after"] == pytest.approx(2 * row["flicker_before"], abs=0.002)
    assert row["flicker_ratio"] == 2


def test_a_cine_is_judged_frame_by_frame_and_together(echoes):
    def along_time(volume):
        return volume.with_voxels(gaussian_filter(volume.voxels, (1, 0, 0), mode="nearest"))

    row = judge_frames("made", Volume(echoes, np.eye(4), "US"), along_time)
    # One frame by itself has no time to be smoothed along.
    assert row["flicker_ratio"] == 1 and row["flicker_ratio_together"] < 0.7
    alone, together = frame_bars([row], "m")
    assert not alone["held"] and together["held"] and "together" in together["bar"]


def test_the_default_is_none_that_flickers(tmp_path, monkeypatch):
    # Contrast, and so flicker, of 0.7 by the fidelity weights and of 1.25 by the others, 0.975 halfway.
    monkeypatch.setattr(choice, "MOST_LOSS_DB", 99.0)
    metadata = tiny_metadata("two", "identity", {"channels_in": 1, "dimensions": 2})
    metadata["enhancement"] |= FACTS
    weights = {
        name: {"pick.weight": torch.full((1, 1, 1, 1), value)}
        for name, value in (("fidelity", 0.7), ("perceptual", 1.25))
    }
    model = OurModel(NetworkModel(write_bundle(tmp_path / "two", metadata, weights)))
    rng = np.random.default_rng(3)
    tissue = gaussian_filter(rng.random((1, 96, 96)), (0, 3, 3)) * 300
    images = Made(Clean("made", "made", Volume(tissue.astype(np.float32), np.eye(4), "US")))
    # Dark, so that no change comes near the bound.
    cine = Volume((25 + rng.normal(0, 6, (3, 64, 64))).astype(np.float32), np.eye(4), "US")
    assert choice.choose_default(model, images, False)["fidelity_default"] == 0
    chosen = choice.choose_default(model, images, False, [cine])
    expected = {"1": 0.7, "0.75": 0.8375, "0.5": 0.975, "0.25": 1.1125, "0": 1.25}
    assert chosen["flicker"] == pytest.approx(expected, abs=0.01)
    assert chosen["fidelity_default"] == 0.5


class Made:
    """Images as `quality.images.Images` gives them."""

    part = "validation"

    def __init__(self, clean):
        self.clean = clean

    def references(self, _modality):
        return [self.clean]

    wholes = references


@pytest.mark.parametrize(("modality", "task"), [("CT", "denoise"), ("US", "despeckle")])
def test_whole_images_are_judged_with_all_that_is_around_them(modality, task, tmp_path):
    plane = np.full((1, 96, 100), -1000.0 if modality == "CT" else 0.0, np.float32)
    plane[:, 20:80, 20:80] = 40 if modality == "CT" else 120
    images = Made(Clean("made", "made", Volume(plane, np.eye(4), modality)))
    *_, whole = make_cases(images, modality, task, whole=True)
    assert whole.whole and whole.mask.all() and whole.level.endswith(", whole")
    figures = measure(whole.given.voxels, whole)
    assert set(figures) == {"psnr_db", "ssim"} | ({"drift_hu"} if modality == "CT" else set())
    assert not any(case.whole for case in make_cases(images, modality, task))
    model = OurModel(network_of(tmp_path / "two", **FACTS))
    assert len(_settings_for(whole, model, 0.0)) == 2


@pytest.fixture(scope="module")
def display():
    """Tissue of an ultrasound display, from black to white, where a model reads 0 to 255."""
    rng = np.random.default_rng(5)
    tissue = gaussian_filter(rng.normal(size=(1, 160, 160)), (0, 8, 8))
    tissue = (tissue - tissue.min()) / np.ptp(tissue)
    return Made(Clean("made", "made", Volume((255 * tissue).astype(np.float32), np.eye(4), "US")))


def test_ultrasound_is_given_and_judged_in_the_values_of_a_display(display):
    made = list(make_cases(display, "US", "despeckle", whole=True))
    assert len(made) == 4
    for case in made:
        assert case.data_range == 255 and case.low == 0
        for voxels in (case.given.voxels, case.reference):
            assert voxels.min() >= 0 and voxels.max() <= 255 and np.ptp(voxels) > 200
        # Independent of the library's metric: 10 log10(peak^2 / mean squared error).
        error = np.mean(np.square(case.given.voxels - case.reference, dtype=np.float64)[case.mask])
        expected = 10 * np.log10(255**2 / error)
        assert measure(case.given.voxels, case)["psnr_db"] == pytest.approx(expected, abs=0.01)
        assert 10 < expected < 35


def test_speckle_of_a_display_is_that_of_its_brightness_from_0_to_1(display):
    tissue = display.clean.volume.voxels
    level = levels_of("US")[0]
    expected = 255 * add_speckle(tissue / np.float32(255), (1.5, 2.5), 1, 4)
    np.testing.assert_allclose(level.whole(tissue, (1.0, 1.0, 1.0), 4), expected, atol=1e-3)


def test_lesions_of_ultrasound_are_shares_of_the_whole_display(display):
    (clean,) = scaled_references(display, "US")
    wanted = next(each for each in levels_of("US") if each.level == "4 looks, coarse")
    rows, twin = judge_lesions(make_scene(clean), wanted, lambda volume, k: volume.voxels[k], 3)
    assert {row["contrast"] for row in rows} == {12.75, 25.5, 51.0, -25.5}
    assert twin["contrast"] == 12.75
    # A fifth of a display is plain to see; a 255th of that could not be told from nothing.
    plain = [row for row in rows if row["contrast"] == 51.0]
    assert all(row["reader_before"] > 1.5 and 0.5 < row["contrast_before"] < 1.2 for row in plain), plain


@pytest.mark.parametrize("method", DESPECKLING[:3], ids=lambda each: each.name)
def test_filters_of_speckle_work_on_a_display_of_255(method, display):
    case = next(iter(make_cases(display, "US", "despeckle")))
    made = best_of(method.candidates(case), case)
    before, after = (
        np.mean(np.square(image - case.reference, dtype=np.float64)[case.mask])
        for image in (case.given.voxels, made)
    )
    # All take most of the speckle away, so on values of a wrong scale they would not.
    assert after < 0.5 * before and np.ptp(made) > 100


def test_the_doubt_of_ultrasound_is_in_gray_levels(display):
    case = next(iter(make_cases(display, "US", "despeckle")))

    class Sure:
        """Gives its input back and doubts it by a tenth of the display."""

        def enhance(self, volume, _setting, **_more):
            doubt = volume.with_voxels(np.full_like(volume.voxels, 25.5))
            return type("Result", (), {"volume": volume, "doubt": doubt})

    row = judge_doubt(Sure(), None, case)
    error = np.abs(case.given.voxels - case.reference)[case.mask]
    assert row["mean_error"] == pytest.approx(error.mean(), rel=1e-3) and 3 < row["mean_error"] < 60
    assert row["share"] == pytest.approx(np.mean(error <= 25.5), abs=1e-4) and 0.2 < row["share"] < 0.95


def test_a_default_that_was_chosen_on_other_cases_is_chosen_again(tmp_path, monkeypatch):
    model = OurModel(network_of(tmp_path / "two", **FACTS))
    arguments = argparse.Namespace(quick=True, data=tmp_path / "data")
    bench = command._Bench(None, Store(tmp_path / "rows"), arguments)
    chosen = iter(({"fidelity_default": 1.0}, {"fidelity_default": 0.5}))
    monkeypatch.setattr(command, "choose_default", lambda *_: next(chosen))
    assert [bench.choose(model)["fidelity_default"] for _ in range(2)] == [1.0, 1.0]
    monkeypatch.setattr(cases.inspect, "getsource", lambda module: f"other code of {module.__name__}")
    assert bench.choose(model)["fidelity_default"] == 0.5
