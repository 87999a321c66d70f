"""`ganenhance enhance` inside a mask or a box: what changes, what stays, and what is refused."""

import json

import numpy as np
import pytest
from command_line import assert_refused, files_in, make_phantom, make_volume, run_command, write_phantom
from volume_cases import rotation

from GANEnhanceLib.cli import main
from GANEnhanceLib.regions import BoxRegion, MaskRegion
from GANEnhanceLib.volume import Volume, read_volume, write_volume

SHAPE = (8, 30, 34)


@pytest.fixture
def head(tmp_path):
    return write_phantom(tmp_path / "in.nrrd", make_phantom(SHAPE))


@pytest.fixture
def whole(head, tmp_path):
    """The result without a region, floating point."""
    return enhanced(head, tmp_path / "whole.nrrd")


def enhanced(head, output, *words):
    code = main(["enhance", str(head), str(output), "--model", "median", "--float", *map(str, words)])
    assert code == 0
    return read_volume(output).voxels


def write_mask(path, change=lambda mask: mask, matrix=None):
    """Labels 1 and 2 in two blocks that overlap nothing."""
    mask = np.zeros(SHAPE, np.uint8)
    mask[1:7, 4:20, 5:16], mask[2:8, 8:26, 20:30] = 1, 2
    volume = make_volume()
    write_volume(Volume(change(mask), volume.ijk_to_ras if matrix is None else matrix), path)
    return mask, path


def write_markups(path, center, axes, edges, **changes):
    """Write an ROI as Slicer does: LPS, orientation row by row."""
    flip = np.diag([-1.0, -1.0, 1.0])
    roi = {
        "type": "ROI",
        "coordinateSystem": "LPS",
        "coordinateUnits": "mm",
        "roiType": "Box",
        "center": (flip @ center).tolist(),
        "orientation": (flip @ axes).ravel().tolist(),
        "size": list(edges),
        "insideOut": False,
        **changes,
    }
    path.write_text(json.dumps({"markups": [roi]}))
    return path


def assert_mixed(result, source, whole, weights):
    """The result is the input outside, the full result at weight 1, and in between on the feather."""
    assert np.array_equal(result[weights == 0], source[weights == 0])
    assert np.array_equal(result[weights == 1], whole[weights == 1])
    assert not np.array_equal(result, source)
    np.testing.assert_allclose(result, source + weights * (whole - source), atol=1e-3)


@pytest.mark.parametrize("feather", [0, 4.5])
@pytest.mark.parametrize("label", [None, 2])
def test_inside_a_mask(head, whole, tmp_path, feather, label):
    mask, path = write_mask(tmp_path / "labels.nii.gz")
    words = ["--mask", path, "--feather", feather] + (["--label", label] if label else [])
    result = enhanced(head, tmp_path / "out.nrrd", *words)
    region = MaskRegion(mask, read_volume(head).ijk_to_ras, label, feather)
    weights = region.weights((slice(None),) * 3)
    assert ((weights > 0) & (weights < 1)).any() == bool(feather)
    assert_mixed(result, read_volume(head).voxels, whole, weights)


def test_inside_a_mask_of_floating_point(head, whole, tmp_path):
    mask, path = write_mask(tmp_path / "labels.nrrd", lambda mask: mask.astype(np.float32))
    result = enhanced(head, tmp_path / "out.nrrd", "--mask", path, "--label", 1)
    assert_mixed(result, read_volume(head).voxels, whole, (mask == 1).astype(float))


@pytest.mark.parametrize("feather", [0, 3.0])
def test_inside_a_rotated_roi_of_slicer(head, whole, tmp_path, feather):
    volume = read_volume(head)
    center, axes, size = volume.ijk_to_ras[:3] @ (17, 15, 4, 1), rotation(25, -30, 40), (17.0, 14.0, 12.0)
    path = write_markups(tmp_path / "R.mrk.json", center, axes, size)
    result = enhanced(head, tmp_path / "out.nrrd", "--roi-box", path, "--feather", feather)
    region = BoxRegion(SHAPE, volume.ijk_to_ras, center, axes, size, feather)
    assert_mixed(result, volume.voxels, whole, region.weights((slice(None),) * 3))


def test_inside_a_box_of_numbers(head, whole, tmp_path):
    volume = read_volume(head)
    center = volume.ijk_to_ras[:3] @ (17, 15, 4, 1)
    text = ",".join(f"{number:.9f}" for number in (*center, 15, 16, 9))
    result = enhanced(head, tmp_path / "out.nrrd", f"--roi-box={text}")
    region = BoxRegion(SHAPE, volume.ijk_to_ras, center, np.eye(3), (15, 16, 9))
    assert_mixed(result, volume.voxels, whole, region.weights((slice(None),) * 3))


def test_the_report_says_which_region(head, tmp_path):
    mask, path = write_mask(tmp_path / "labels.nii.gz")
    words = ["--mask", path, "--feather", 2, "--report", tmp_path / "r.json", "--picture", tmp_path / "p.png"]
    enhanced(head, tmp_path / "out.nrrd", *words)
    region = json.loads((tmp_path / "r.json").read_text())["region"]
    assert region == MaskRegion(mask, np.eye(4), None, 2.0).summary()
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")


def _other_grid(folder):
    matrix = make_volume().ijk_to_ras.copy()
    matrix[0, 3] += 1
    return write_mask(folder / "m.nrrd", matrix=matrix)[1]


def _write(path, text):
    path.write_text(text)
    return path


BOX = (np.array([0.0, 0.0, 0.0]), np.eye(3), (5.0, 5.0, 5.0))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (lambda f: ["--label", "1"], ["--label was given without --mask"]),
        (lambda f: ["--feather", "1"], ["--feather was given without a region"]),
        (lambda f: ["--mask", f / "no.nrrd"], ["no.nrrd"]),
        (lambda f: ["--mask", ""], ["--mask is empty"]),
        (lambda f: ["--mask", _other_grid(f)], ["input and the mask lie apart", "1 mm"]),
        (lambda f: ["--mask", write_mask(f / "m.nrrd", lambda m: m[:4])[1]], ["the mask has 34 x 30 x 4"]),
        (lambda f: ["--mask", write_mask(f / "m.nrrd", lambda m: 0 * m)[1]], ["The mask is empty"]),
        (lambda f: ["--mask", write_mask(f / "m.nrrd")[1], "--label", "9"], ["no voxel with the label 9"]),
        (lambda f: ["--mask", write_mask(f / "m.nrrd")[1], "--label", "one"], ["'one'"]),
        (lambda f: ["--mask", write_mask(f / "m.nrrd")[1], "--feather", "-2"], ["The feather is -2"]),
        (lambda f: ["--mask", write_mask(f / "m.nrrd", lambda m: m * np.float32(0.3))[1]], ["whole numbers"]),
        (
            lambda f: ["--mask", write_mask(f / "m.nrrd")[1], "--roi-box", "0,0,0,1,1,1"],
            ["--mask and --roi-box"],
        ),
        (lambda f: ["--roi-box", "0,0,0,1,1"], ["'0,0,0,1,1'", "six numbers"]),
        (lambda f: ["--roi-box", "0,0,0,1,1,0"], ["sizes above 0"]),
        (lambda f: ["--roi-box", "0,nan,0,1,1,1"], ["six numbers"]),
        (lambda f: ["--roi-box", "900,0,0,5,5,5"], ["5 x 5 x 5 mm does not hold the center of any voxel"]),
        (lambda f: ["--roi-box", f / "no.mrk.json"], ["no.mrk.json", "cannot be opened"]),
        (lambda f: ["--roi-box", _write(f / "a.json", "{")], ["a.json", "no JSON"]),
        (lambda f: ["--roi-box", _write(f / "a.json", "[]")], ["holds 0 ROIs"]),
        (lambda f: ["--roi-box", _write(f / "a.json", '{"markups": [{"type": "Line"}]}')], ["holds 0 ROIs"]),
        (lambda f: ["--roi-box", write_markups(f / "a.json", *BOX, insideOut=True)], ["is inside out"]),
        (lambda f: ["--roi-box", write_markups(f / "a.json", *BOX, size=[1, 2])], ["no center, size"]),
        (lambda f: ["--roi-box", write_markups(f / "a.json", *BOX, size=[5, 0, 5])], ["longer than 0"]),
        (lambda f: ["--roi-box", write_markups(f / "a.json", *BOX, orientation=[0] * 9)], ["unit vectors"]),
    ],
)
def test_what_cannot_be_is_refused(head, tmp_path, words, named):
    words = words(tmp_path)
    before = files_in(tmp_path)
    done = run_command("enhance", head, tmp_path / "out.nrrd", "--model", "median", *words)
    assert_refused(done, *named)
    assert files_in(tmp_path) == before
