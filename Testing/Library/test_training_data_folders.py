"""Volumes of a set: found in folders, lists and among public images, with their patients."""

import logging

import numpy as np
import pytest
import training_folders as folders
import volume_cases

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.training.config.data import VolumesConfig
from GANEnhanceLib.training.data.folders import find_volumes


def found(tmp_path, **values):
    return find_volumes(VolumesConfig(**values), tmp_path / "cache")


def test_volumes_of_all_kinds_are_found_in_the_order_of_their_names(tmp_path):
    names = ["b/two.nrrd", "a/one.nii.gz", "c/three.mha", "zero.nii"]
    folders.fill(tmp_path / "set", names)
    assert [each.name for each in found(tmp_path, folder=tmp_path / "set")] == sorted(names)


def test_a_folder_of_dicom_files_is_one_volume(tmp_path):
    slices = (folders.image(1) * 10).astype(np.int16)
    (tmp_path / "set/patient7/scan").mkdir(parents=True)
    volume_cases.write_dicom(tmp_path / "set/patient7/scan", slices)
    (volume,) = found(tmp_path, folder=tmp_path / "set")
    assert (volume.name, volume.patient, len(volume.files)) == ("patient7/scan", "patient7", len(slices))


def test_other_files_are_passed_over_with_a_note(tmp_path, caplog):
    folders.fill(tmp_path / "set", ["one.nii"])
    (tmp_path / "set/notes.txt").write_text("not a volume")
    (tmp_path / "set/.hidden.nii").write_text("not seen")
    with caplog.at_level(logging.INFO):
        assert len(found(tmp_path, folder=tmp_path / "set")) == 1
    assert "notes.txt" in caplog.text and "hidden" not in caplog.text


def test_a_file_named_in_the_folder_and_in_the_list_is_one_volume(tmp_path):
    folder = folders.fill(tmp_path / "set", ["one.nii", "two.nii"])
    assert len(found(tmp_path, folder=folder, files=[folder / "one.nii"])) == 2


@pytest.mark.parametrize(
    ("name", "pattern", "patient"),
    [
        ("p1/day2/t1.nii.gz", "", "p1"),
        ("subject-4.nii.gz", "", "subject-4"),
        ("sub-07_ses-1_T1w.nii", r"sub-(\d+)", "07"),
        ("site/ab12_x.nrrd", r"[a-z]+\d+", "ab12"),
    ],
)
def test_the_patient_is_in_the_path(tmp_path, name, pattern, patient):
    folders.fill(tmp_path / "set", [name])
    (volume,) = found(tmp_path, folder=tmp_path / "set", patient=pattern)
    assert volume.patient == patient


def test_a_path_without_patient_is_refused(tmp_path):
    folders.fill(tmp_path / "set", ["sub-1.nii", "other.nii"])
    with pytest.raises(InputError, match=r"'sub-\(\\d\+\)' finds no patient in 'other.nii'"):
        found(tmp_path, folder=tmp_path / "set", patient=r"sub-(\d+)")


def test_an_expression_that_is_none_is_refused():
    with pytest.raises(ValueError, match="is no regular expression"):
        VolumesConfig(folder="x", patient="sub-(")


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="There is no folder '.*nowhere'"):
        found(tmp_path, folder=tmp_path / "nowhere")


def test_an_empty_folder_is_refused(tmp_path):
    (tmp_path / "set").mkdir()
    with pytest.raises(InputError, match="holds no volume: it is empty"):
        found(tmp_path, folder=tmp_path / "set")


def test_a_folder_without_volumes_is_refused_with_what_was_seen(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set/a.jpg").write_bytes(b"picture")
    with pytest.raises(InputError, match="holds no volume: none of its 1 files is one"):
        found(tmp_path, folder=tmp_path / "set")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="There is no file or folder '.*one.nii'"):
        found(tmp_path, files=[tmp_path / "one.nii"])


def test_an_unknown_source_is_refused(tmp_path):
    with pytest.raises(OptionError, match="'sample-t2' is unknown"):
        found(tmp_path, sources=["sample-t2"])


def test_a_reserved_file_in_a_folder_of_ones_own_is_refused(tmp_path):
    folders.fill(tmp_path / "set", ["inia19-t1.nii"])
    (volume,) = found(tmp_path, folder=tmp_path / "set")
    with pytest.raises(InputError, match="reserved for independent evaluation"):
        volume.sha256()
