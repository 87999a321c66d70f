"""Reading and writing files: grid and voxels come back, checked against nibabel and the plain headers."""

import gzip
import struct

import numpy as np
import pytest
from volume_cases import GRIDS, LPS_RAS, OBLIQUE, SHAPES, SUFFIXES, TYPES, matrix, voxels

from GANEnhanceLib.errors import InputError, OutputError
from GANEnhanceLib.volume import Volume, read_volume, write_volume


def assert_same_grid(found, expected):
    """Equal to 1e-6 of each number (NIfTI has float32 numbers), never worse than 1e-6 mm below 1 mm."""
    assert np.all(np.abs(found - expected) <= 1e-6 * np.maximum(1, np.abs(expected)))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("grid", GRIDS)
def test_grid_and_voxels_come_back(tmp_path, grid, suffix):
    before = Volume(voxels(), GRIDS[grid])
    write_volume(before, tmp_path / f"a.b{suffix}")
    after = read_volume(tmp_path / f"a.b{suffix}")
    assert_same_grid(after.ijk_to_ras, before.ijk_to_ras)
    assert np.array_equal(after.voxels, before.voxels)
    assert (after.name, after.modality) == ("a.b", None)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("grid", GRIDS)
def test_a_grid_that_was_read_is_written_without_loss(tmp_path, grid, suffix):
    write_volume(Volume(voxels(), GRIDS[grid]), tmp_path / f"first{suffix}")
    first = read_volume(tmp_path / f"first{suffix}")
    write_volume(first, tmp_path / f"second{suffix}")
    assert np.abs(read_volume(tmp_path / f"second{suffix}").ijk_to_ras - first.ijk_to_ras).max() <= 1e-6


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("shape", SHAPES)
def test_any_size_comes_back(tmp_path, shape, suffix):
    before = Volume(voxels(SHAPES[shape]), GRIDS["oblique"])
    write_volume(before, tmp_path / f"v{suffix}")
    after = read_volume(tmp_path / f"v{suffix}")
    assert after.shape == SHAPES[shape]
    assert np.array_equal(after.voxels, before.voxels)
    assert_same_grid(after.ijk_to_ras, before.ijk_to_ras)


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("dtype", TYPES)
def test_any_type_comes_back(tmp_path, dtype, suffix, compress):
    before = Volume(voxels(dtype=dtype), np.eye(4))
    write_volume(before, tmp_path / f"v{suffix}", compress=compress)
    after = read_volume(tmp_path / f"v{suffix}")
    assert after.voxels.dtype == np.dtype(dtype)
    assert np.array_equal(after.voxels, before.voxels)


def test_half_floats_other_byte_orders_and_other_memory_orders_are_written(tmp_path):
    plain = voxels(dtype="int16")
    for array in (plain.astype(">i2"), np.asfortranarray(plain), plain[::-1, ::-1][::-1, ::-1]):
        write_volume(Volume(array, np.eye(4)), tmp_path / "v.nrrd")
        assert np.array_equal(read_volume(tmp_path / "v.nrrd").voxels, plain)
    half = np.linspace(-2, 2, 60).reshape(3, 4, 5).astype(np.float16)
    write_volume(Volume(half, np.eye(4)), tmp_path / "half.mha")
    assert np.array_equal(read_volume(tmp_path / "half.mha").voxels, half.astype(np.float32))


def test_writing_does_not_touch_the_voxels(tmp_path):
    array = voxels()
    array.flags.writeable = False
    write_volume(Volume(array, np.eye(4)), tmp_path / "v.mha")
    assert np.array_equal(array, voxels())


@pytest.mark.parametrize("suffix", (".nii", ".nii.gz"))
@pytest.mark.parametrize("grid", GRIDS)
def test_nibabel_reads_what_was_written(tmp_path, grid, suffix):
    nibabel = pytest.importorskip("nibabel")
    before = Volume(voxels(), GRIDS[grid])
    write_volume(before, tmp_path / f"v{suffix}")
    image = nibabel.load(tmp_path / f"v{suffix}")
    assert_same_grid(image.affine, before.ijk_to_ras)
    assert_same_grid(image.get_qform(), before.ijk_to_ras)
    assert np.array_equal(np.asarray(image.dataobj).transpose(2, 1, 0), before.voxels)
    assert read_volume(tmp_path / f"v{suffix}").ijk_to_ras == pytest.approx(image.affine, abs=1e-6)


@pytest.mark.parametrize("kind", ["sform", "qform", "both"])
@pytest.mark.parametrize("grid", GRIDS)
def test_what_nibabel_wrote_is_read(tmp_path, grid, kind):
    nibabel = pytest.importorskip("nibabel")
    image = nibabel.Nifti1Image(voxels().transpose(2, 1, 0), GRIDS[grid])
    image.set_sform(GRIDS[grid] if kind != "qform" else None, code=0 if kind == "qform" else 2)
    image.set_qform(GRIDS[grid] if kind != "sform" else None, code=0 if kind == "sform" else 1)
    nibabel.save(image, tmp_path / "v.nii.gz")
    volume = read_volume(tmp_path / "v.nii.gz")
    assert_same_grid(volume.ijk_to_ras, nibabel.load(tmp_path / "v.nii.gz").affine)
    assert np.array_equal(volume.voxels, voxels())


def test_big_endian_and_scaled_files_are_read(tmp_path):
    nibabel = pytest.importorskip("nibabel")
    array = voxels().transpose(2, 1, 0)
    header = nibabel.Nifti1Header(endianness=">")
    header.set_data_dtype(">i2")
    nibabel.save(nibabel.Nifti1Image(array, GRIDS["axial"], header), tmp_path / "big.nii")
    assert np.array_equal(read_volume(tmp_path / "big.nii").voxels, voxels())
    scaled = nibabel.Nifti1Image(array, np.eye(4))
    scaled.header.set_slope_inter(2, -1000)
    nibabel.save(scaled, tmp_path / "scaled.nii")
    expected = np.asarray(nibabel.load(tmp_path / "scaled.nii").dataobj).transpose(2, 1, 0)
    assert read_volume(tmp_path / "scaled.nii").voxels == pytest.approx(expected)


def test_nrrd_and_metaimage_headers_are_lps(tmp_path):
    to_lps = LPS_RAS @ GRIDS["oblique"]
    write_volume(Volume(voxels(), GRIDS["oblique"]), tmp_path / "v.nrrd")
    header = dict(
        line.split(": ", 1)
        for line in (tmp_path / "v.nrrd").read_bytes().split(b"\n\n")[0].decode().splitlines()
        if ": " in line
    )
    assert header["space"] == "left-posterior-superior"
    directions = np.array([eval(part) for part in header["space directions"].split(" ")])
    assert directions.T == pytest.approx(to_lps[:3, :3], abs=1e-9)
    assert eval(header["space origin"]) == pytest.approx(to_lps[:3, 3], abs=1e-9)

    write_volume(Volume(voxels(), GRIDS["oblique"]), tmp_path / "v.mha", compress=False)
    lines = (tmp_path / "v.mha").read_bytes().split(b"ElementDataFile")[0].decode().splitlines()
    header = dict(line.split(" = ", 1) for line in lines)
    axes = np.array(header["TransformMatrix"].split(), float).reshape(3, 3).T
    assert axes * np.array(header["ElementSpacing"].split(), float) == pytest.approx(to_lps[:3, :3], abs=1e-9)
    assert np.array(header["Offset"].split(), float) == pytest.approx(to_lps[:3, 3], abs=1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64", ">f4"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_voxels_that_are_not_finite_come_back(tmp_path, suffix, dtype):
    array = (
        np.random.default_rng(0).normal(0, 1, (9, 130, 131)).astype(dtype)
    )  # more than one block of a file
    array[0, 0, 1], array[8, 129, 130], array[5, 6, 7] = np.nan, np.inf, -np.inf
    if suffix in (".nii", ".nii.gz"):
        nibabel = pytest.importorskip("nibabel")
        header = nibabel.Nifti1Header(endianness=">" if dtype[0] == ">" else "<")
        header.set_data_dtype(dtype)
        nibabel.save(
            nibabel.Nifti1Image(array.transpose(2, 1, 0), np.eye(4), header), tmp_path / f"v{suffix}"
        )
    else:
        write_volume(Volume(array, np.eye(4)), tmp_path / f"v{suffix}")
    found = read_volume(tmp_path / f"v{suffix}")
    assert np.array_equal(found.voxels, array, equal_nan=True)
    with pytest.raises(InputError, match=r"3 of .*\(1, 0, 0\)"):
        found.check_usable()


SHEARED = matrix(OBLIQUE, (1, 1, 2)) @ np.array([[1, 0, 0.2, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])


@pytest.mark.parametrize("suffix", (".nrrd", ".mha"))
def test_a_sheared_grid_comes_back(tmp_path, suffix):
    write_volume(Volume(voxels(), SHEARED), tmp_path / f"v{suffix}")
    assert read_volume(tmp_path / f"v{suffix}").ijk_to_ras == pytest.approx(SHEARED, abs=1e-6)


def test_a_sheared_grid_is_not_bent_to_fit_nifti(tmp_path):
    with pytest.raises(OutputError, match="sheared.*nrrd"):
        write_volume(Volume(voxels(), SHEARED), tmp_path / "v.nii.gz")
    assert not list(tmp_path.iterdir())
    nibabel = pytest.importorskip("nibabel")
    nibabel.save(nibabel.Nifti1Image(voxels().transpose(2, 1, 0), SHEARED), tmp_path / "v.nii")
    with pytest.raises(InputError, match="sheared"):
        read_volume(tmp_path / "v.nii")


def test_detached_headers_are_read(tmp_path):
    import SimpleITK

    image = SimpleITK.GetImageFromArray(voxels())
    for name in ("v.nhdr", "v.mhd"):
        SimpleITK.WriteImage(image, str(tmp_path / name), True)
        assert np.array_equal(read_volume(tmp_path / name).voxels, voxels())


def test_a_plane_is_one_slice_and_further_dimensions_of_one_are_dropped(tmp_path):
    import SimpleITK

    plane = voxels()[0]
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(plane), str(tmp_path / "plane.nrrd"))
    assert np.array_equal(read_volume(tmp_path / "plane.nrrd").voxels, plane[np.newaxis])
    image = SimpleITK.GetImageFromArray(voxels())
    image.SetSpacing((1, 2, 3))
    image.SetOrigin((4, 5, 6))
    for suffix in (".nrrd", ".mha", ".nii.gz"):
        SimpleITK.WriteImage(SimpleITK.JoinSeries(image), str(tmp_path / f"four{suffix}"))
        volume = read_volume(tmp_path / f"four{suffix}")
        assert np.array_equal(volume.voxels, voxels())
        assert volume.ijk_to_ras == pytest.approx(LPS_RAS @ matrix(np.eye(3), (1, 2, 3), (4, 5, 6)))


def test_a_name_may_have_capitals_and_spaces(tmp_path):
    write_volume(Volume(voxels(), np.eye(4)), tmp_path / "A head.NII.GZ")
    assert gzip.decompress((tmp_path / "A head.NII.GZ").read_bytes())[:4] == struct.pack("<i", 348)
    assert read_volume(str(tmp_path / "A head.NII.GZ")).name == "A head"
