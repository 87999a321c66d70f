"""The quality benchmark judges super-resolution: what does no harm passes, and each harm is found."""

import bench_quality  # noqa: F401
import numpy as np
import pytest
from make_bundle import make_tiny_bundle
from quality.cases import make_cases
from quality.command import _settings_for
from quality.degradations import COARSER, coarse_spacing
from quality.figures import measure
from quality.harm import lesions, strange
from quality.harm.run import _Tests, measure_harm
from quality.harm.steady import judge_clean, smooth_for
from quality.images import Clean
from quality.methods.upsampling import UPSAMPLING, interpolate
from quality.ours import OurModel, Setting
from quality.store import Store
from scipy.ndimage import gaussian_filter

from GANEnhanceLib.metrics import psnr
from GANEnhanceLib.models import NetworkModel
from GANEnhanceLib.volume import Volume

HALF = next(level for level in COARSER if level.level == "half matrix")
THICK = next(level for level in COARSER if level.level == "slices of 4")
ABLE = {
    "through_plane": {"factors": [1.5, 4], "profile": "box"},
    "in_plane": {"factors": [1.5, 2], "profile": "kspace"},
}


class Made:
    """Images of made anatomy, as `quality.images.Images` gives them."""

    part = "test"

    def __init__(self, depth=30):
        rng = np.random.default_rng(2)
        anatomy = gaussian_filter(rng.normal(size=(depth, 140, 144)), (2, 5, 5))
        anatomy = 600 + 400 * anatomy / np.abs(anatomy).max()
        rows, columns = np.mgrid[:140, :144]
        anatomy[:, np.hypot(rows - 70, columns - 72) > 66] = 0
        self.clean = Clean("made", "made", Volume(anatomy.astype(np.float32), np.eye(4), "MR"))

    def references(self, modality):
        return [self.clean] if modality == "MR" else []

    wholes = references

    def upright(self, _modality):
        return self.clean.volume


@pytest.fixture(scope="module")
def images():
    return Made()


def our_model(folder, kind):
    return OurModel(
        NetworkModel(make_tiny_bundle(folder, kind, task="super-resolution", super_resolution=ABLE))
    )


@pytest.fixture(scope="module")
def keeps(tmp_path_factory):
    return our_model(tmp_path_factory.mktemp("sr") / "tiny-spline", "identity")


@pytest.fixture(scope="module")
def invents(tmp_path_factory):
    return our_model(tmp_path_factory.mktemp("sr") / "tiny-random", "random")


def test_a_spline_made_to_agree_agrees_and_is_nearer_to_the_truth(images):
    case = next(case for case in make_cases(images, "MR", "superres") if case.level == "slices of 3")
    found = {method.name: method.run(case) for method in UPSAMPLING}
    quality = {name: psnr(image, case.reference, 1.0, case.mask) for name, image in found.items()}
    assert quality["B-spline, made to agree"] > quality["B-spline"] > quality["linear"]


def test_slices_stay_the_thickest_axis():
    assert coarse_spacing((1.0, 1.0, 1.0), (1, 2, 2)) == (2, 2, 2)
    assert coarse_spacing((0.5, 0.5, 3.0), (1, 2, 2)) == (1, 1, 3)
    assert coarse_spacing((1.0, 1.0, 1.0), (4, 1, 1)) == (1, 1, 4)


def test_the_engine_runs_every_case_on_the_grid_of_its_reference(images, keeps):
    setting = Setting("", 1.0)
    for case in make_cases(images, "MR", "superres"):
        result = keeps.run(case, setting)
        assert result.shape == case.reference.shape
        assert psnr(result, interpolate(case.given.voxels, case.factors), 1.0, case.mask) > 30


def test_a_whole_volume_is_judged_by_few_settings_and_figures(images, keeps):
    *parts, whole = make_cases(images, "MR", "superres", whole=True)
    assert [part.whole for part in parts] == [False] * 4 and whole.level == "slices of 4, whole"
    assert whole.reference.shape == (28, 140, 144)
    assert whole.mask.any(axis=(1, 2)).all() and not whole.mask[:, 0, 0].any()
    assert [setting.name for setting in _settings_for(whole, keeps, 0.5)] == [
        "tiny-spline, fidelity 1",
        "tiny-spline, fidelity 0.5",
    ]
    assert len(_settings_for(parts[0], keeps, 0.5)) == 4
    assert set(measure(whole.reference, whole)) <= {"psnr_db", "ssim"}


@pytest.mark.parametrize("level", [HALF, THICK], ids=lambda level: level.level)
def test_lesions_are_compared_with_the_interpolation(images, level):
    scene = scene_of(images, level)
    assert len(scene.anatomy) == 5 * level.factors[0]

    def spline(volume, number):
        return interpolate(volume.voxels, level.factors)[number]

    rows, twin = lesions.judge_lesions(scene, level, spline, 3 if level is HALF else 2)
    assert len(rows) == 9 and all(row["held"] and row["ratio"] == 1 for row in rows)
    assert 0.3 < rows[-1]["contrast_after"] < 1.3 and twin["held"]


def test_lesions_that_a_model_leaves_out_or_adds_are_found(images):
    scene = scene_of(images, HALF)
    healthy = np.tile(scene.anatomy[scene.center], (3, 3))
    noise = np.random.default_rng(4).normal(0, 0.003, healthy.shape)
    rows, twin = lesions.judge_lesions(scene, HALF, lambda volume, number: healthy + noise, 3)
    assert not any(row["held"] for row in rows) and twin["held"]
    spots = 0.08 * np.tile(lesions.lesion_map(scene)[scene.center], (3, 3))
    _, twin = lesions.judge_lesions(scene, HALF, lambda volume, number: healthy + spots, 3)
    assert not twin["held"]


def scene_of(images, level):
    voxels = images.clean.volume.voxels / 1000
    return lesions.make_scene(Clean("made", "made", Volume(voxels, np.eye(4), "MR")), level.factors)


def test_the_slice_that_is_judged_is_that_of_the_whole_result(images, invents):
    tests = _Tests(invents, Setting("", 1.0), images, False)
    for case in make_cases(images, "MR", "superres"):
        if case.level in ("slices of 4", "half matrix"):
            number = case.reference.shape[0] // 2 + 1
            one = tests._one_slice(case.factors)(case.given, number)
            np.testing.assert_allclose(one, invents.run(case, Setting("", 1.0))[number], atol=1e-5)


def test_smooth_volumes_come_back_as_interpolated_unless_detail_is_added(images, keeps):
    setting = Setting("x", 1.0)
    rows = _Tests(keeps, setting, images, False).clean()
    assert len(rows) == 4 and all(row["held"] for row in rows)
    case = next(iter(make_cases(images, "MR", "superres")))
    smooth = smooth_for(case.reference, case.factors)
    assert np.abs(np.diff(smooth, 2, axis=0)).max() < np.abs(np.diff(case.reference, 2, axis=0)).max() / 2
    detailed = smooth + np.random.default_rng(5).normal(0, 0.01, smooth.shape)
    assert not judge_clean("x", smooth, detailed, 1.0, case.mask)["held"]


def test_strange_inputs_are_refined_and_judged_beside_their_interpolation(images, keeps):
    rows = _Tests(keeps, Setting("x", 1.0), images, False).strange()
    found = {row["input"]: row for row in rows}
    assert set(found) >= {"phantom", "text", "metal", "other modality"}
    assert found["phantom"]["bounded"] and found["phantom"]["change_rms"] < 0.03
    volume = strange.strange_inputs(images.clean.volume, images.clean.volume)["phantom"]

    def brighter(volume):
        result = keeps.enhance(volume, Setting("x", 1.0), options={"scale": (1.0, 1.0, 2.0)})
        changed = result.volume.with_voxels(result.volume.voxels + 0.5 * volume.voxels.max())
        return type(result)(**{**vars(result), "volume": changed})

    (row,) = strange.judge_strange({"phantom": volume}, brighter, 0.3)
    assert not row["bounded"]


def test_all_but_a_second_pass_is_measured(images, keeps, tmp_path):
    quick = Made(20)
    quick.clean = Clean("made", "made", Volume(quick.clean.volume.voxels / 1000, np.eye(4), "MR"))
    (harm,) = measure_harm(keeps, [Setting("x", 1.0)], quick, Store(tmp_path), True)
    assert harm.lesions and harm.twins and harm.patches and harm.strange and harm.clean and not harm.twice
