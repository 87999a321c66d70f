"""Files that cannot be used: each gives one sentence that names the file and what to do."""

from pathlib import Path

import numpy as np
import pytest
from volume_cases import SUFFIXES, voxels

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.volume import Volume, read_volume, write_volume

READ = (*SUFFIXES, ".nhdr", ".mhd", ".dcm")


def refusal(path, **options) -> str:
    """The one line that reading the path gives."""
    with pytest.raises(InputError) as caught:
        read_volume(path, **options)
    assert caught.value.hint
    assert "\n" not in str(caught.value)
    assert path.name in caught.value.sentence
    return str(caught.value)


def save(array, path, vector=False):
    import SimpleITK

    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(array, isVector=vector), str(path))
    return path


def test_a_missing_file(tmp_path):
    assert "no file or folder" in refusal(tmp_path / "none.nii")


def test_an_unknown_type(tmp_path):
    for name in ("a.txt", "a", ".nii"):
        (tmp_path / name).write_text("hello")
        assert ".nii.gz" in refusal(tmp_path / name)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x1f\x8b\x08", bytes(1000), b"\xff" * 1000])
@pytest.mark.parametrize("suffix", READ)
def test_a_file_that_is_not_what_its_name_says(tmp_path, suffix, content):
    (tmp_path / f"a{suffix}").write_bytes(content)
    refusal(tmp_path / f"a{suffix}")


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_cut_file(tmp_path, capfd, suffix, compress):
    path = tmp_path / f"a{suffix}"
    write_volume(Volume(voxels((20, 30, 40)), np.eye(4)), path, compress=compress)
    content = path.read_bytes()
    for length in (200, len(content) // 2, len(content) - 16):
        path.write_bytes(content[:length])
        refusal(path)
    assert capfd.readouterr().err == ""  # nothing but our own sentence


@pytest.mark.parametrize("suffix", (".nii.gz", ".nrrd", ".mha"))
def test_a_damaged_file(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    write_volume(Volume(voxels((20, 30, 40)), np.eye(4)), path)
    content = bytearray(path.read_bytes())
    for place in range(len(content) // 2, len(content) // 2 + 40):
        content[place] ^= 0x55
    path.write_bytes(content)
    refusal(path)


def test_a_nifti_2_file(tmp_path):
    nibabel = pytest.importorskip("nibabel")
    path = tmp_path / "two.nii"
    nibabel.save(nibabel.Nifti2Image(voxels().transpose(2, 1, 0), np.eye(4)), path)
    assert "NIfTI-1" in refusal(path)


def test_a_nifti_header_that_contradicts_itself(tmp_path):
    nibabel = pytest.importorskip("nibabel")
    image = nibabel.Nifti1Image(voxels().transpose(2, 1, 0), None)
    image.set_sform(np.diag([2, 2, 3, 1]), code=2)
    for code in (0, 1):
        image.header["qform_code"], image.header["sform_code"] = code, 2 - code
        nibabel.save(image, tmp_path / "v.nii")
        assert "2 x 2 x 3 by its sform, but 1 x 1 x 1" in refusal(tmp_path / "v.nii")


def test_a_header_without_its_data(tmp_path):
    for name, data in (("a.mhd", "a.raw"), ("a.nhdr", "a.raw.gz")):
        import SimpleITK

        SimpleITK.WriteImage(SimpleITK.GetImageFromArray(voxels()), str(tmp_path / name), name == "a.nhdr")
        (tmp_path / data).unlink()
        refusal(tmp_path / name)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_colors_and_vectors(tmp_path, suffix):
    path = save(np.zeros((5, 6, 7, 3), np.uint8), tmp_path / f"rgb{suffix}", vector=True)
    assert "3 numbers a voxel" in refusal(path)


def test_colors_of_nifti(tmp_path):
    nibabel = pytest.importorskip("nibabel")
    colors = np.zeros((7, 6, 5), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    nibabel.save(nibabel.Nifti1Image(colors, np.eye(4)), tmp_path / "rgb.nii.gz")
    assert "3 numbers a voxel" in refusal(tmp_path / "rgb.nii.gz")


def test_complex_numbers(tmp_path):
    nibabel = pytest.importorskip("nibabel")
    nibabel.save(nibabel.Nifti1Image(np.zeros((7, 6, 5), np.complex64), np.eye(4)), tmp_path / "c.nii")
    assert "complex" in refusal(tmp_path / "c.nii")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_four_dimensions(tmp_path, suffix):
    import SimpleITK

    image = SimpleITK.GetImageFromArray(voxels())
    SimpleITK.WriteImage(SimpleITK.JoinSeries([image, image]), str(tmp_path / f"four{suffix}"))
    assert "7 x 6 x 5 x 2" in refusal(tmp_path / f"four{suffix}")


def test_a_series_chosen_for_a_file(tmp_path):
    write_volume(Volume(voxels(), np.eye(4)), tmp_path / "a.mha")
    assert "series" in refusal(tmp_path / "a.mha", series="1.2.3")


def test_a_folder_with_the_name_of_a_file(tmp_path):
    (tmp_path / "a.nii").mkdir()
    assert "no readable DICOM series" in refusal(tmp_path / "a.nii")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that even root cannot read")
def test_a_file_that_cannot_be_read(tmp_path):
    for suffix in (".nii", ".mha", ".dcm", ""):
        (tmp_path / f"a{suffix}").symlink_to("/proc/self/mem")
        refusal(tmp_path / f"a{suffix}")
