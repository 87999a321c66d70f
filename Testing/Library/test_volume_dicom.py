"""DICOM folders: geometry from the slices' positions, the choice of a series, and what is refused."""

import numpy as np
import pytest
from volume_cases import GRIDS, LPS_RAS, matrix, voxels, write_dicom

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.volume import read_volume, write_volume

RIGHT_HANDED = [name for name in GRIDS if np.linalg.det(GRIDS[name][:3, :3]) > 0]


def refusal(folder, **options) -> str:
    with pytest.raises(InputError) as caught:
        read_volume(folder, **options)
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize("grid", RIGHT_HANDED)
def test_grid_and_voxels_of_a_series(tmp_path, grid):
    write_dicom(tmp_path / "Secret Name", voxels(), LPS_RAS @ GRIDS[grid], modality="CT")
    volume = read_volume(tmp_path / "Secret Name")
    assert np.abs(volume.ijk_to_ras - GRIDS[grid]).max() <= 1e-6
    assert np.array_equal(volume.voxels, voxels())
    assert volume.modality == "CT"
    assert "Secret" not in repr(volume)


def test_a_stack_of_the_other_hand_is_read_in_the_order_of_its_normal(tmp_path):
    grid = GRIDS["left-handed"]
    write_dicom(tmp_path / "s", voxels(), LPS_RAS @ grid)
    volume = read_volume(tmp_path / "s")
    assert np.array_equal(volume.voxels, voxels()[::-1])
    reversed_grid = grid.copy()
    reversed_grid[:3, 3] = (grid @ (0, 0, 4, 1))[:3]
    reversed_grid[:3, 2] *= -1
    assert np.abs(volume.ijk_to_ras - reversed_grid).max() <= 1e-6


@pytest.mark.parametrize("suffix", (".nii.gz", ".nrrd", ".mha"))
def test_nothing_of_the_patient_gets_into_a_written_file(tmp_path, suffix):
    write_dicom(tmp_path / "s", voxels(), LPS_RAS @ GRIDS["oblique"])
    write_volume(read_volume(tmp_path / "s"), tmp_path / f"v{suffix}", compress=False)
    content = (tmp_path / f"v{suffix}").read_bytes()
    if suffix == ".nii.gz":
        import gzip

        content = gzip.decompress(content)
    assert b"Secret" not in content and b"4711" not in content
    assert np.abs(read_volume(tmp_path / f"v{suffix}").ijk_to_ras - GRIDS["oblique"]).max() <= 2e-5


def test_the_shear_of_a_tilted_gantry_is_kept(tmp_path):
    to_lps = matrix(np.eye(3), (0.7, 0.9, 2.5), (-100, 20, 3))
    to_lps[1, 2] = 0.6
    write_dicom(tmp_path / "s", voxels(), to_lps)
    assert np.abs(read_volume(tmp_path / "s").ijk_to_ras - LPS_RAS @ to_lps).max() <= 1e-6


def test_rescaled_values_are_given(tmp_path):
    def rescale(dataset, number):
        dataset.RescaleSlope, dataset.RescaleIntercept = "1", "-1024"

    array = (voxels() // 40).astype(np.int16)
    write_dicom(tmp_path / "s", array, modality="CT", change=rescale)
    volume = read_volume(tmp_path / "s")
    assert np.array_equal(volume.voxels, array.astype(np.int32) - 1024)
    assert volume.voxels.dtype.kind == "i"


def test_slices_may_have_scales_of_their_own(tmp_path):
    def rescale(dataset, number):
        dataset.RescaleSlope, dataset.RescaleIntercept = str(1 + number / 4), "0"

    write_dicom(tmp_path / "s", voxels(), change=rescale)
    expected = voxels() * (1 + np.arange(5) / 4)[:, None, None]
    assert read_volume(tmp_path / "s").voxels == pytest.approx(expected)


def test_one_slice_and_one_file(tmp_path):
    write_dicom(tmp_path / "s", voxels((1, 6, 7)), LPS_RAS @ GRIDS["coronal"], modality="US")
    folder = read_volume(tmp_path / "s")
    (path,) = (tmp_path / "s").iterdir()
    path.rename(tmp_path / "IM0001")  # exported files often have no suffix
    file = read_volume(tmp_path / "IM0001")
    for volume in (folder, file):
        assert np.array_equal(volume.voxels, voxels((1, 6, 7)))
        assert volume.modality == "US"
        axes = volume.ijk_to_ras[:3, [0, 1, 3]]
        assert np.abs(axes - GRIDS["coronal"][:3, [0, 1, 3]]).max() <= 1e-6
    assert file.name == "IM0001"


def test_one_of_two_series_must_be_chosen(tmp_path):
    first = write_dicom(tmp_path / "s", voxels(seed=1))
    second = write_dicom(tmp_path / "s", voxels(seed=2))
    text = refusal(tmp_path / "s")
    assert "2 DICOM series" in text and first in text and second in text and "--series" in text
    assert np.array_equal(read_volume(tmp_path / "s", series=first).voxels, voxels(seed=1))
    assert np.array_equal(read_volume(tmp_path / "s", series=second).voxels, voxels(seed=2))
    text = refusal(tmp_path / "s", series="9.9")
    assert "9.9" in text and first in text


def test_a_folder_without_a_series(tmp_path):
    (tmp_path / "empty").mkdir()
    assert "no readable DICOM series" in refusal(tmp_path / "empty")
    (tmp_path / "empty" / "a.txt").write_text("hello")
    (tmp_path / "empty" / "b.dcm").write_bytes(b"")
    (tmp_path / "empty" / "c.dcm").write_bytes(bytes(128) + b"DICM")
    assert "no readable DICOM series" in refusal(tmp_path / "empty")


def test_other_files_beside_the_slices_do_not_matter(tmp_path):
    write_dicom(tmp_path / "s", voxels())
    (tmp_path / "s" / "notes.txt").write_text("hello")
    (tmp_path / "s" / "inner").mkdir()
    assert read_volume(tmp_path / "s").shape == (5, 6, 7)


@pytest.mark.parametrize("number", [0, 2, 4])
def test_a_damaged_slice_is_not_left_out(tmp_path, number):
    write_dicom(tmp_path / "s", voxels())
    path = sorted((tmp_path / "s").iterdir())[number]
    path.write_bytes(path.read_bytes()[:-40])
    text = refusal(tmp_path / "s")
    assert path.name in text and "damaged" in text


def test_a_damaged_slice_of_another_series_does_not_matter(tmp_path):
    wanted = write_dicom(tmp_path / "s", voxels(), uid="1.2.3.4")
    write_dicom(tmp_path / "s", voxels(), uid="1.2.3.45")
    path = next(path for path in (tmp_path / "s").iterdir() if path.name.endswith("2.3.45.dcm"))
    path.write_bytes(path.read_bytes()[:-40])
    assert read_volume(tmp_path / "s", series=wanted).shape == (5, 6, 7)


def test_a_missing_slice(tmp_path):
    write_dicom(tmp_path / "s", voxels(), matrix(np.eye(3), (1, 1, 2.5)))
    sorted((tmp_path / "s").iterdir())[2].unlink()
    assert "2.5 to 5 mm apart" in refusal(tmp_path / "s")


def test_rounded_positions_are_even(tmp_path):
    def round_position(dataset, number):
        dataset.ImagePositionPatient = [0, 0, round(0.625 * number, 2)]

    write_dicom(tmp_path / "s", voxels((9, 6, 7)), matrix(np.eye(3), (1, 1, 0.625)), change=round_position)
    assert read_volume(tmp_path / "s").spacing[2] == pytest.approx(0.625)


def test_several_slices_at_one_position(tmp_path):
    write_dicom(tmp_path / "s", voxels(seed=1), uid="1.2.3")
    write_dicom(tmp_path / "s2", voxels(seed=2), uid="1.2.3")
    for path in (tmp_path / "s2").iterdir():
        path.rename(tmp_path / "s" / f"echo2-{path.name}")
    assert "at one position" in refusal(tmp_path / "s")


def test_slices_of_several_orientations(tmp_path):
    def turn(dataset, number):
        if number == 3:
            dataset.ImageOrientationPatient = [0, 1, 0, 0, 0, 1]

    write_dicom(tmp_path / "s", voxels(), change=turn)
    assert "orientations" in refusal(tmp_path / "s")


def test_slices_of_several_sizes(tmp_path):
    def halve(dataset, number):
        if number == 2:
            dataset.Rows = 3
            dataset.PixelData = dataset.PixelData[: len(dataset.PixelData) // 2]

    write_dicom(tmp_path / "s", voxels(), change=halve)
    assert "differ in size" in refusal(tmp_path / "s")


def test_slices_without_a_position(tmp_path):
    def forget(dataset, number):
        del dataset.ImagePositionPatient

    write_dicom(tmp_path / "s", voxels(), change=forget)
    assert "without a position" in refusal(tmp_path / "s")


def test_colors(tmp_path):
    def paint(dataset, number):
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = 3, "RGB", 0
        dataset.BitsAllocated = dataset.BitsStored = 8
        dataset.HighBit, dataset.PixelRepresentation = 7, 0
        dataset.PixelData = bytes(3 * 6 * 7)

    write_dicom(tmp_path / "s", voxels(), change=paint)
    assert "3 numbers a voxel" in refusal(tmp_path / "s")
    assert "3 numbers a voxel" in refusal(next((tmp_path / "s").iterdir()))


def test_warnings_of_itk_stay_away_and_are_switched_on_again(tmp_path, capfd):
    import SimpleITK

    (tmp_path / "empty").mkdir()
    refusal(tmp_path / "empty")
    assert capfd.readouterr().err == ""
    assert SimpleITK.ProcessObject.GetGlobalWarningDisplay()
