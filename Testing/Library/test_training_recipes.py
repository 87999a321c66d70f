"""Data recipes: what is shipped holds together, one's own folder works, faults are told by their line."""

import gzip
import json
from pathlib import Path

import image_packages as packages
import numpy as np
import pytest
import SimpleITK as sitk
import training_folders as folders
from command_line import assert_refused, run_command

from GANEnhanceLib.cli import main
from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.training.data.build import build_data, hold_out
from GANEnhanceLib.training.images.load import load_recipe, recipe_images, recipe_names, shipped_images
from GANEnhanceLib.training.images.read import prepare_image, read_image
from GANEnhanceLib.training.images.recipe import Item, Preparation
from GANEnhanceLib.training.images.table import markdown_tables
from GANEnhanceLib.volume import Volume

PAGE = Path(__file__).resolve().parents[2] / "Docs" / "data.md"
SHIPPED = shipped_images().values()
TINY = {"registry": "pypi", "name": "tiny", "version": "1.0", "file": "tiny-1.0.tar.gz", "sha256": "a" * 64}


def item(**changes):
    return {**packages.item("image", b"", "data/image.nii.gz"), **changes}


def recipe(tmp_path, *items, **more):
    return packages.write_recipe(tmp_path / "tiny.yaml", list(items), packages={"tiny": TINY}, **more)


# What is shipped


def test_no_patient_of_the_shipped_recipes_is_in_two_parts():
    parts = {}
    for image in SHIPPED:
        if image.part != "unused":
            parts.setdefault(image.patient, set()).add(image.part)
    assert len(parts) > 20 and all(len(each) == 1 for each in parts.values())


@pytest.mark.parametrize("modality", ["MR", "CT", "US"])
def test_each_modality_has_patients_of_its_own_to_learn_from_to_choose_and_to_test(modality):
    patients = {
        part: {image.patient for image in SHIPPED if (image.modality, image.part) == (modality, part)}
        for part in ("training", "validation", "test")
    }
    assert all(patients.values()) and len(patients["test"]) >= 3


def test_shipped_images_are_described_and_none_may_not_be_used():
    for image in SHIPPED:
        assert image.title and image.licence and image.item.size, image.name
        assert image.item.ship in ("yes", "care"), image.name
        assert (image.item.noise is None) == (image.modality == "US"), image.name
        assert image.item.notice or "MNI" not in image.licence, image.name
    assert len({image.name for image in SHIPPED}) == len(SHIPPED)


def test_simulations_of_a_training_brain_judge_nothing():
    """The slices t1-slice and pd-slice show the anatomy of Colin27."""
    images = shipped_images()
    assert {images[name].patient for name in ("t1-slice", "pd-slice", "colin27")} == {"colin27"}
    assert {images[name].part for name in ("t1-slice", "pd-slice")} == {"unused"}


def test_the_page_holds_the_tables_that_the_command_prints(capsys):
    assert main(["data", "list", "--markdown"]) == 0
    table = capsys.readouterr().out
    assert table == markdown_tables()
    assert table in PAGE.read_text(encoding="utf-8"), (
        "put what `ganenhance data list --markdown` prints there"
    )


def test_the_list_says_licence_part_and_what_was_left_out(tmp_path):
    done = run_command("data", "list", cwd=tmp_path)
    assert done.returncode == 0 and done.stderr == ""
    lines = done.stdout.splitlines()
    (colin,) = [line for line in lines if line.startswith("colin27 ")]
    assert "training" in colin and "weights: yes" in colin and "0.4 %" in colin and "MNI notice" in colin
    assert any(line.startswith("Left out: 693_UNCR.dcm") and "non-commercial" in line for line in lines)
    rows = json.loads(run_command("data", "list", "--json", "--recipe", "ct", cwd=tmp_path).stdout)
    assert {row["modality"] for row in rows} == {"CT"} and not any(row["fetched"] for row in rows)


# What is wrong in a recipe


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"modalty": "MR"}, ["line 10: 'items.0.modalty' is unknown", "Did you mean 'modality'?"]),
        ({"part": "train"}, ["'items.0.part' is 'train'", "'training', 'validation', 'test' or 'unused'"]),
        ({"reader": {"kind": "dicm"}}, ["'items.0.reader.kind' is 'dicm'", "'volume'"]),
        (
            {"reader": {"kind": "raw", "type": "u2"}},
            ["'items.0.reader.type' is 'u2'", "reader.shape' is miss"],
        ),
        ({"sha256": "abc"}, ["'items.0.sha256' is 'abc'"]),
        ({"member": "../../etc/passwd"}, ["line 3", "the member '../../etc/passwd' leaves its package"]),
        ({"member": "/etc/passwd"}, ["leaves its package"]),
        ({"package": "other"}, ["'image' is of the package 'other', but the packages are tiny"]),
        ({"files": "x.nii"}, ["name either a package with its member, or files"]),
        ({"patient": ""}, ["needs member, sha256 and patient"]),
        ({"patient_pattern": "("}, ["'(' is no regular expression"]),
        (
            {"prepare": {"crop": {"rows": [9, 3], "columns": [0, 4]}}},
            ["rows are 9 to 3, which keeps nothing"],
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_what_is_allowed(tmp_path, changes, words):
    with pytest.raises(OptionError) as caught:
        recipe_images(recipe(tmp_path, item(**changes)))
    assert str(caught.value).startswith("tiny.yaml, line ")
    for word in words:
        assert word in str(caught.value)


def test_one_patient_in_two_parts_is_refused(tmp_path):
    other = {**item(part="test", patient="ann"), "name": "other"}
    with pytest.raises(InputError) as caught:
        recipe_images(recipe(tmp_path, item(patient="ann"), other))
    assert caught.value.sentence == "Patient 'ann' is in two parts: 'image' in training, 'other' in test."


def test_two_items_of_one_name_are_refused(tmp_path):
    with pytest.raises(OptionError, match="two items are called 'image'"):
        recipe_images(recipe(tmp_path, item(), item()))


@pytest.mark.parametrize("name", ["brain_003.dcm", "deep/inia19-t1-brain.nii.gz", "Cranium.inv3"])
def test_a_reserved_member_is_refused_before_anything_is_fetched(tmp_path, name):
    with pytest.raises(InputError, match="is reserved for independent evaluation"):
        recipe_images(recipe(tmp_path, item(member=f"package/{name}")))


def test_a_reserved_hash_under_another_name_is_refused_before_anything_is_fetched(tmp_path):
    from GANEnhanceLib.training.images.reserved import reserved_hashes

    digest = sorted(reserved_hashes()["files"])[0]
    with pytest.raises(InputError, match="'image.nii.gz' is reserved"):
        recipe_images(recipe(tmp_path, item(sha256=digest)))


def test_an_unknown_recipe_is_told_with_those_there_are(tmp_path):
    done = run_command("data", "list", "--recipe", "mri", cwd=tmp_path)
    assert_refused(done, "There is no recipe 'mri'", "anatomy, ct, mr, ultrasound")
    assert_refused(run_command("data", "fetch", cwd=tmp_path), "Which image to fetch was not given")


# One's own folder


@pytest.fixture
def own(tmp_path):
    """A recipe of a folder with four patients."""
    for number in range(4):
        folders.save(tmp_path / "data" / f"sub-{number}_t1.nii.gz", folders.image(number))
    mine = {"name": "mine", "files": "data/*.nii.gz", "patient_pattern": r"(sub-\d+)", "modality": "MR"}
    split = {"validation_patients": ["sub-2"], "test_patients": ["sub-0"]}
    return packages.write_recipe(tmp_path / "own.yaml", [mine], split=split)


def test_ones_own_folder_is_split_by_patient_by_the_recipe(tmp_path, own):
    parts = {image.patient: image.part for image in recipe_images(own)}
    assert parts == {"sub-0": "test", "sub-1": "training", "sub-2": "validation", "sub-3": "training"}


def test_a_run_takes_the_parts_of_a_recipe(tmp_path, own):
    data = {"kind": "clean", "clean": [{"recipe": str(own)}], "split": {"validation": 0.9, "test": 0.05}}
    config = folders.config(data)
    built = build_data(config, tmp_path / "cache")
    assert {volume.patient for volume in built.sampler.volumes} == {"sub-1", "sub-3"}
    assert [volume.patient for volume in built.validation_volumes] == ["sub-2"]
    assert built.test_patients == ("sub-0",)
    assert [volume.patient for volume in hold_out(config, tmp_path / "cache", "test")] == ["sub-0"]
    assert not any("source" in row for row in built.provenance), "one's own files are not told of by name"
    assert next(built.sampler)["input"].shape[0] == 4


def test_some_images_of_a_recipe_are_taken_by_name(tmp_path, own):
    sources = ["mine/sub-1_t1.nii.gz", "mine/sub-2_t1.nii.gz"]
    config = folders.config({"kind": "clean", "clean": [{"recipe": str(own), "sources": sources}]})
    built = build_data(config, tmp_path / "cache")
    assert [volume.patient for volume in built.sampler.volumes] == ["sub-1"]
    config = folders.config({"kind": "clean", "clean": [{"recipe": str(own), "sources": ["mine"]}]})
    with pytest.raises(OptionError, match="has no image 'mine'; it has mine/sub-0_t1.nii.gz"):
        build_data(config, tmp_path / "cache")


def test_files_of_one_name_in_folders_of_patients_are_told_apart(tmp_path):
    for number, patient in enumerate(("ann", "bob", "eve", "joe")):
        folders.save(tmp_path / "data" / patient / "t1.nii.gz", folders.image(number))
    mine = {"name": "mine", "files": "data/**/*.nii.gz", "modality": "MR"}
    images = recipe_images(packages.write_recipe(tmp_path / "own.yaml", [mine]))
    assert [image.name for image in images][:2] == ["mine/ann/t1.nii.gz", "mine/bob/t1.nii.gz"]
    assert {image.patient for image in images} == {"ann", "bob", "eve", "joe"}
    assert {image.part for image in images} == {"training", "validation", "test"}


def test_a_folder_without_files_and_paths_without_patients_are_told(tmp_path, own):
    text = own.read_text()
    own.write_text(text.replace("*.nii.gz", "*.mha"))
    with pytest.raises(InputError, match=r"'mine' of the recipe has no file 'data/\*.mha'"):
        recipe_images(own)
    own.write_text(text.replace("sub-\\d+", "patient"))
    with pytest.raises(InputError, match="finds no patient in"):
        recipe_images(own)


def test_a_recipe_may_be_json(tmp_path, own):
    mine = {"name": "mine", "files": "data/sub-1_t1.nii.gz", "patient": "ann", "part": "training"}
    (tmp_path / "own.json").write_text(json.dumps({"name": "own", "items": [mine]}))
    (image,) = recipe_images(tmp_path / "own.json")
    assert (image.name, image.patient, image.part) == ("mine", "ann", "training")
    assert load_recipe(tmp_path / "own.json").items[0].ship == "care"


# Readers and preparation


def read(tmp_path, name, **more):
    return read_image(Item(name="image", files=name, **more), tmp_path / name)


def test_colors_become_brightness_or_one_component(tmp_path):
    colors = np.random.default_rng(0).integers(0, 255, (6, 5, 3), dtype=np.uint8)
    sitk.WriteImage(sitk.GetImageFromArray(colors, isVector=True), str(tmp_path / "a.png"))
    gray = read(tmp_path, "a.png", reader={"kind": "picture"}, modality="US")
    assert (gray.shape, gray.modality, gray.voxels.dtype) == ((1, 6, 5), "US", np.uint8)
    assert np.array_equal(gray.voxels[0], np.rint(colors @ (0.299, 0.587, 0.114)))
    one = read(tmp_path, "a.png", reader={"kind": "picture", "component": 1})
    assert np.array_equal(one.voxels[0], colors[..., 1])
    with pytest.raises(InputError, match="has 3 components, no component 3"):
        read(tmp_path, "a.png", reader={"kind": "picture", "component": 3})


def test_numbers_alone_are_read_in_their_byte_order(tmp_path):
    numbers = np.arange(12, dtype=">u2").reshape(1, 3, 4)
    (tmp_path / "a.ima.gz").write_bytes(gzip.compress(numbers.tobytes()))
    reader = {"kind": "raw", "type": ">u2", "shape": [1, 3, 4]}
    assert np.array_equal(read(tmp_path, "a.ima.gz", reader=reader).voxels, numbers)
    with pytest.raises(InputError, match="has 24 bytes, but .* are 32"):
        read(tmp_path, "a.ima.gz", reader={**reader, "shape": [1, 4, 4]})


def test_one_frame_of_a_4d_file_is_taken_with_its_grid(tmp_path):
    frames = [sitk.GetImageFromArray(folders.image(seed)) for seed in range(3)]
    for frame in frames:
        frame.SetSpacing((1.0, 2.0, 3.0))
    sitk.WriteImage(sitk.JoinSeries(frames), str(tmp_path / "a.nii.gz"))
    volume = read(tmp_path, "a.nii.gz", reader={"kind": "volume", "frame": 2})
    assert np.array_equal(volume.voxels, folders.image(2)) and volume.spacing == (1.0, 2.0, 3.0)
    with pytest.raises(InputError, match="has no frame 3"):
        read(tmp_path, "a.nii.gz", reader={"kind": "volume", "frame": 3})


def test_frames_of_a_video_become_slices(tmp_path):
    av = pytest.importorskip("av")
    with av.open(str(tmp_path / "a.mp4"), "w") as video:
        stream = video.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 16, "yuv420p"
        for number in range(6):
            gray = np.full((16, 32, 3), 40 * number, np.uint8)
            video.mux(stream.encode(av.VideoFrame.from_ndarray(gray, format="rgb24")))
        video.mux(stream.encode())
    volume = read(tmp_path, "a.mp4", reader={"kind": "video", "every": 2}, modality="US")
    assert volume.shape == (3, 16, 32)
    assert np.abs(volume.voxels.mean(axis=(1, 2)) - [0, 80, 160]).max() < 20
    (tmp_path / "b.mp4").write_bytes(b"no video")
    with pytest.raises(InputError, match="cannot be decoded"):
        read(tmp_path, "b.mp4", reader={"kind": "video"})


def test_preparation_moves_the_grid_with_the_voxels():
    """Against SimpleITK's own cutting and averaging."""
    voxels = np.random.default_rng(0).integers(-3000, 900, (4, 10, 12)).astype(np.int16)
    matrix = np.array([[-2.0, 0, 0, 5], [0, -3.0, 0, 6], [0, 0, 4.0, 7], [0, 0, 0, 1]])
    steps = {"crop": {"rows": [2, 10], "columns": [3, 11]}, "clip": [-1024, 800], "average": [2, 4, 1]}
    done = prepare_image(Volume(voxels, matrix), Preparation(**steps, slope=2.0, intercept=-10.0), "x")
    image = sitk.GetImageFromArray(np.clip(2.0 * voxels - 10.0, -1024, 800))
    image.SetSpacing((2.0, 3.0, 4.0))
    image.SetOrigin((-5.0, -6.0, 7.0))
    expected = sitk.BinShrink(image[3:11, 2:10, :], [2, 4, 1])
    assert np.allclose(done.voxels, sitk.GetArrayFromImage(expected), atol=1e-3)
    assert done.spacing == expected.GetSpacing() == (4.0, 12.0, 4.0)
    place = expected.TransformIndexToPhysicalPoint((1, 1, 2))
    assert np.allclose(done.ijk_to_ras @ (1, 1, 2, 1), [-place[0], -place[1], place[2], 1])


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ({"crop": {"rows": [0, 99], "columns": [0, 4]}}, "has 10 rows and 12 columns"),
        ({"average": [1, 1, 9]}, "fewer than one block"),
    ],
)
def test_a_preparation_larger_than_the_image_is_told(steps, words):
    volume = Volume(np.zeros((4, 10, 12)), np.eye(4))
    with pytest.raises(InputError, match=words):
        prepare_image(volume, Preparation(**steps), "x")


def test_one_file_prepared_in_two_ways_is_two_volumes_on_disk(tmp_path):
    folders.save(tmp_path / "a.nii.gz", folders.image(0, (10, 40, 40)))
    base = {"files": "a.nii.gz", "patient": "a", "part": "training", "modality": "MR"}
    items = [{**base, "name": "whole"}, {**base, "name": "half", "prepare": {"average": [2, 2, 1]}}]
    path = packages.write_recipe(tmp_path / "two.yaml", items)
    data = {"kind": "clean", "clean": [{"recipe": str(path)}], "memory": "disk"}
    data |= {"split": {"validation": 0.0}}
    for _ in range(2):
        built = build_data(folders.config(data), tmp_path / "cache")
        assert sorted(row["size"] for row in built.provenance) == [[20, 20, 10], [40, 40, 10]]


def test_all_recipes_are_found():
    assert recipe_names() == ["anatomy", "ct", "mr", "ultrasound"]
