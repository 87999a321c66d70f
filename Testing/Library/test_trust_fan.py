"""The fan of ultrasound frames is found, and a model whose card says so changes nothing outside of it."""

from functools import cache

import bench_quality  # noqa: F401
import numpy as np
import pytest
from inference_cases import network_of
from quality.screens import PROBES, draw_screen
from scipy.ndimage import binary_dilation, gaussian_filter

from GANEnhanceLib.degrade.ultrasound import add_speckle
from GANEnhanceLib.inference import EnhanceOptions, Share, blend_change, run
from GANEnhanceLib.models import NetworkModel
from GANEnhanceLib.regions import BoxRegion
from GANEnhanceLib.trust import find_fan
from GANEnhanceLib.trust.hull import convex_hull, fill_polygon, simplified
from GANEnhanceLib.volume import Volume


@cache
def echoes(frames=1, level=0.55, seed=0):
    """Speckle over tissue of uneven brightness, with a cyst without echoes; frames differ in speckle."""
    rng = np.random.default_rng(seed)
    tissue = gaussian_filter(rng.normal(size=(480, 640)), 12)
    tissue = (level + 0.25 * tissue / np.abs(tissue).max()).astype(np.float32)
    rows, columns = np.mgrid[:480, :640]
    tissue[np.hypot(rows - 240, columns - 360) < 50] = 0.0
    return (255 * add_speckle(np.repeat(tissue[None], frames, 0), (2, 4), 1, seed)).astype(np.uint8)


@pytest.mark.parametrize("level", [0.35, 0.55])
@pytest.mark.parametrize("frames", [1, 6])
@pytest.mark.parametrize("probe", PROBES)
def test_the_fan_of_each_probe_is_found_without_what_surrounds_it(probe, frames, level):
    screen = draw_screen(echoes(frames, level), probe)
    fan = find_fan(screen.frames)
    assert not (fan.inside & screen.outside).any()
    assert np.count_nonzero(fan.inside & ~screen.fan) < 0.01 * screen.fan.sum()
    assert np.count_nonzero(screen.fan & ~fan.inside) < 0.02 * screen.fan.sum()
    # The cyst has no echoes, and belongs to the fan.
    assert fan.inside[230:250, 350:370].all()


@pytest.mark.parametrize("frames", [1, 6])
@pytest.mark.parametrize("probe", PROBES)
def test_what_is_drawn_over_the_fan_is_told_from_speckle(probe, frames):
    screen = draw_screen(echoes(frames), probe)
    found = find_fan(screen.frames).overlays
    assert np.count_nonzero(found & screen.inside) >= 0.95 * screen.inside.sum()
    # Of the brightest speckle a little is taken for drawn.
    false = found & ~binary_dilation(screen.inside, iterations=2)
    assert np.count_nonzero(false) < 0.002 * screen.fan.sum()


@pytest.mark.parametrize("probe", PROBES)
def test_a_fan_whose_echoes_fade_towards_its_sides_is_found(probe):
    fading = np.exp(-(((np.arange(640) - 320) / 100) ** 2))
    screen = draw_screen((0.2 * echoes(4) * fading).astype(np.uint8) + np.uint8(1), probe)
    fan = find_fan(screen.frames)
    assert not (fan.inside & screen.outside).any()
    assert np.count_nonzero(fan.inside & ~screen.fan) < 0.01 * screen.fan.sum()
    assert np.count_nonzero(screen.fan & ~fan.inside) < 0.1 * screen.fan.sum()


def test_echoes_that_fill_the_frame_are_a_fan_without_surround():
    fan = find_fan(echoes())
    assert fan.fills_frame and not fan.overlays.any() and (fan.weights() == 1).all()


@pytest.mark.parametrize("frames", [np.zeros((1, 480, 640)), np.zeros((1, 9, 9)) + np.eye(9)])
def test_where_nothing_shows_echoes_there_is_no_fan(frames):
    assert find_fan(frames) is None
    text_only = draw_screen(np.zeros((2, 480, 640), np.uint8), "linear").frames
    assert find_fan(text_only) is None


def test_the_outline_of_a_body_is_no_fan():
    rows, columns = np.mgrid[:480, :640]
    head = np.hypot((rows - 240) / 220, (columns - 320) / 170) <= 1
    assert find_fan(np.where(head, echoes(), 0)) is None


def test_a_polygon_keeps_the_corners_that_matter():
    angle = np.linspace(0, 2 * np.pi, 41)[:-1]
    circle = np.stack([50 + 40 * np.sin(angle), 50 + 40 * np.cos(angle)], axis=1)
    assert 8 <= len(simplified(circle, 2.0)) <= 20 and len(simplified(circle, 0.0)) == 40
    square = np.array([[0, 0], [0, 5], [0, 10], [5, 10.2], [10, 10], [10, 0]], dtype=float)
    np.testing.assert_array_equal(
        np.sort(simplified(square, 0.5), axis=0), [[0, 0], [0, 0], [10, 10], [10, 10]]
    )


def test_two_fans_beside_each_other_are_two():
    one = draw_screen(echoes(), "sector").frames
    fan = find_fan(np.concatenate([one, one], axis=2))
    between = fan.inside[:100, 580:700]
    assert fan.inside[:, :640].mean() > 0.25 and fan.inside[:, 640:].mean() > 0.25
    assert not between.any()


def test_weights_rise_from_the_border_inwards():
    fan = find_fan(draw_screen(echoes(), "linear").frames)
    row = fan.weights()[240]
    first = int(np.flatnonzero(fan.inside[240])[0])
    assert row[first - 1] == 0 < row[first] < row[first + 3] < row[first + 6] == 1
    assert (fan.weights()[~fan.inside] == 0).all() and (fan.weights()[fan.overlays] == 0).all()


def test_the_hull_of_a_disc_holds_it_and_little_else():
    rows, columns = np.mgrid[:60, :70]
    disc = np.hypot(rows - 30, columns - 33) <= 20
    filled = fill_polygon(convex_hull(disc & ((rows + columns) % 2 == 0)), disc.shape)
    assert (disc & ~filled).sum() <= 0.02 * disc.sum() and not (filled & ~disc).any()
    square = fill_polygon(np.array([[2.0, 3.0], [2.0, 6.0], [5.0, 6.0], [5.0, 3.0]]), (9, 9))
    assert square.sum() == 16 and square[2:6, 3:7].all()


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> NetworkModel:
    return us_network(tmp_path_factory.mktemp("us") / "keeps", keep_outside="fan")


def us_network(folder, **fields) -> NetworkModel:
    return network_of(folder, modality=["US"], scaling={"name": "us-display"}, **fields)


def cine(frames=3, spacing=1.0):
    screen = draw_screen(echoes(frames), "convex")
    return Volume(screen.frames, np.diag([spacing, spacing, 1.0, 1.0]), "US"), screen


OPTIONS = EnhanceOptions(device="openvino", axis="k", threads=1)


def test_outside_of_the_fan_every_bit_is_the_inputs_and_inside_the_model_works(model):
    volume, screen = cine()
    result = run(volume, model, OPTIONS)
    after = result.volume.voxels
    changed = (after != volume.voxels).any(axis=0)
    assert not changed[~screen.fan].any() or np.count_nonzero(changed[~screen.fan]) < 0.01 * screen.fan.sum()
    assert not changed[screen.outside].any()
    assert not changed[find_fan(volume.voxels).overlays].any()
    assert np.count_nonzero(changed) > 0.8 * screen.fan.sum()
    (note,) = (each for each in result.notes if "outside of the fan" in each)
    assert str(np.count_nonzero(~find_fan(volume.voxels).inside) * 3) in note
    assert [each.level for each in result.verdict.findings if each.check == "fan"] == ["ok"]
    assert "fan" in str(result.provenance["contract"])


def test_without_the_entry_the_whole_frame_is_changed(tmp_path):
    volume, screen = cine(1)
    result = run(volume, us_network(tmp_path / "all"), OPTIONS)
    assert (result.volume.voxels != volume.voxels)[:, screen.outside].mean() > 0.3
    assert not any(each.check == "fan" for each in result.verdict.findings)


def test_a_slice_a_region_and_a_blend_keep_the_same_voxels(model, tmp_path):
    volume, screen = cine()
    whole = run(volume, model, OPTIONS, keep=tmp_path / "kept.f32")
    one = run(volume, model, OPTIONS.replace(roi=((0, 640), (0, 480), (1, 2))), crop=True)
    assert np.array_equal(one.volume.voxels[0], whole.volume.voxels[1])
    steps = blend_change(volume.voxels, np.dtype(np.uint8), whole.change, Share(1.0))
    assert np.array_equal(run_to_end(steps), whole.volume.voxels)
    box = BoxRegion(volume.shape, volume.ijk_to_ras, (320, 200, 1), np.eye(3), (200, 120, 9))
    part = run(volume, model, OPTIONS, region=box).volume.voxels
    weights = box.weights(tuple(slice(0, size) for size in volume.shape))
    assert np.array_equal(part[weights == 1], whole.volume.voxels[weights == 1])
    assert np.array_equal(part[weights == 0], volume.voxels[weights == 0])
    assert np.array_equal(part[:, screen.outside], volume.voxels[:, screen.outside])


def run_to_end(steps):
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return end.value


def test_frames_without_a_fan_are_enhanced_whole_and_warned_of(model):
    frames = draw_screen(np.zeros((2, 480, 640), np.uint8), "linear").frames
    result = run(Volume(frames, np.eye(4), "US"), model, OPTIONS)
    (finding,) = (each for each in result.verdict.findings if each.check == "fan")
    assert finding.level == "warn" and "No fan" in finding.sentence
    assert (result.volume.voxels != frames).mean() > 0.1
