"""Reading a DICOM series through SimpleITK: one series of a folder, or one file.

The geometry comes from the positions of the slices themselves (0020,0032), so that the shear of a tilted
gantry is kept and missing, repeated or uneven slices are refused instead of being squeezed into a regular
grid. No tag that says who the patient is leaves this file.
"""

from pathlib import Path

import numpy as np

from GANEnhanceLib._itk import image_to_lps, quiet_itk
from GANEnhanceLib.errors import InputError

MODALITY_TAG = "0008|0060"
_POSITION_TAG = "0020|0032"
_ORIENTATION_TAG = "0020|0037"
_SLOPE_TAG = "0028|1053"
_PIXEL_DATA = b"\xe0\x7f\x10\x00"
_UNEVEN = 0.05  # a slice may be this far from its place on the grid, in distances between slices
_ANOTHER_SERIES = "Choose a folder that holds one complete scan."


def is_dicom_file(path: Path) -> bool:
    """Say whether a file begins as DICOM part 10 says: a preamble of 128 bytes, then DICM."""
    with open(path, "rb") as stream:
        return stream.read(132)[128:] == b"DICM"


def read_dicom_folder(folder: Path, series: str | None):
    """Read one series of a folder as (voxels (k, j, i), IJK-to-LPS matrix (4, 4) in mm, modality or None).

    Raises InputError if there is no series, there are several and `series` (a series instance UID) names none
    of them, or its slices do not make a regular grid.
    """
    import SimpleITK

    with quiet_itk():
        found = SimpleITK.ImageSeriesReader.GetGDCMSeriesIDs(str(folder))
    chosen = _choose(folder, found, series)
    with quiet_itk():
        files = SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder), chosen)
    _refuse_broken_files(folder, files, chosen)
    if len(files) == 1:
        return read_dicom_file(Path(files[0]))
    return _read_slices(folder, files)


def read_dicom_file(path: Path):
    """Read one file (a slice, or all frames of an enhanced object) as `read_dicom_folder` does."""
    import SimpleITK

    reader = SimpleITK.ImageFileReader()
    reader.SetFileName(str(path))
    reader.SetImageIO("GDCMImageIO")
    try:
        with quiet_itk():
            reader.ReadImageInformation()
            refuse_components(path, reader)
            image = reader.Execute()
    except RuntimeError as error:
        raise InputError(
            f"The DICOM file '{path}' cannot be read: it is damaged or holds no image.",
            "Export it again from its source.",
        ) from error
    return SimpleITK.GetArrayFromImage(image), image_to_lps(image), _tag(reader, MODALITY_TAG)


def refuse_components(path: Path, reader) -> None:
    """Raise InputError if a file whose information was read holds colors, vectors or complex numbers."""
    import SimpleITK

    count = reader.GetNumberOfComponents()
    if count > 1:
        raise InputError(
            f"'{path}' holds colors or vectors ({count} numbers a voxel), not one number a voxel.",
            "Convert it to a scalar volume first, for example with Slicer's Vector to Scalar Volume module.",
        )
    if "complex" in SimpleITK.GetPixelIDValueAsString(reader.GetPixelID()):
        raise InputError(
            f"'{path}' holds complex numbers, not one real number a voxel.", "Take their magnitude first."
        )


def _choose(folder: Path, found: tuple[str, ...], series: str | None) -> str:
    if not found:
        raise InputError(
            f"The folder '{folder}' holds no readable DICOM series.",
            "Choose the folder that holds the slices themselves, or a volume file.",
        )
    listed = ", ".join(found)
    if series is not None and series not in found:
        raise InputError(
            f"The folder '{folder}' holds no DICOM series {series}.",
            f"Choose one of these with --series: {listed}.",
        )
    if series is None and len(found) > 1:
        raise InputError(
            f"The folder '{folder}' holds {len(found)} DICOM series.",
            f"Choose one of these with --series: {listed}.",
        )
    return series if series is not None else found[0]


def _refuse_broken_files(folder: Path, files: tuple[str, ...], series: str) -> None:
    """GDCM leaves out a damaged slice without a word; at an end of the series nobody would see the gap."""
    known = {Path(file).name for file in files}
    for path in sorted(folder.iterdir()):
        if path.name in known or not path.is_file() or not is_dicom_file(path):
            continue
        content = path.read_bytes()
        if _PIXEL_DATA in content and _holds_uid(content, series):
            raise InputError(
                f"The slice '{path.name}' of the DICOM series in '{folder}' is damaged.",
                "Export the series again from its source.",
            )


def _holds_uid(content: bytes, uid: str) -> bool:
    value = uid.encode("ascii", "replace")
    place = content.find(value)
    while place >= 0:
        after = content[place + len(value) : place + len(value) + 1]
        if not after.isdigit() and after != b".":  # not the beginning of a longer UID
            return True
        place = content.find(value, place + 1)
    return False


def _read_slices(folder: Path, files: tuple[str, ...]):
    import SimpleITK

    first = SimpleITK.ImageFileReader()
    first.SetFileName(files[0])
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(files)
    reader.MetaDataDictionaryArrayUpdateOn()
    try:
        with quiet_itk():
            first.ReadImageInformation()
            refuse_components(folder, first)
            image = reader.Execute()
            if _slopes_differ(reader, len(files)):  # the first slice's type would cut the others' fractions
                reader.SetOutputPixelType(SimpleITK.sitkFloat32)
                image = reader.Execute()
    except RuntimeError as error:
        raise InputError(
            f"The DICOM series in '{folder}' is not one volume: its slices differ in size or are damaged.",
            _ANOTHER_SERIES,
        ) from error
    if image.GetDimension() != 3:
        raise InputError(f"The DICOM series in '{folder}' has several volumes.", _ANOTHER_SERIES)
    matrix = image_to_lps(image)
    matrix[:3, 2] = _step(folder, _numbers(folder, reader, len(files)))
    return SimpleITK.GetArrayFromImage(image), matrix, _slice_tag(reader, 0, MODALITY_TAG)


def _numbers(folder: Path, reader, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions (count, 3) and orientations (count, 6) of the slices in LPS mm."""
    texts = [[_slice_tag(reader, z, tag) for z in range(count)] for tag in (_POSITION_TAG, _ORIENTATION_TAG)]
    try:
        positions, orientations = (np.array([t.split("\\") for t in column], dtype=float) for column in texts)
        return positions.reshape(count, 3), orientations.reshape(count, 6)
    except (AttributeError, ValueError) as error:
        raise InputError(
            f"The DICOM series in '{folder}' has slices without a position or orientation in space.",
            "Choose a series of slices of one volume.",
        ) from error


def _step(folder: Path, placed: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The vector (LPS, mm) from one slice to the next; InputError if the slices are not evenly placed."""
    positions, orientations = placed
    step = (positions[-1] - positions[0]) / (len(positions) - 1)
    normal = np.cross(orientations[0, :3], orientations[0, 3:])
    along = positions @ normal
    if np.abs(orientations - orientations[0]).max() > 1e-3:
        raise InputError(
            f"The DICOM series in '{folder}' has slices of several orientations.", _ANOTHER_SERIES
        )
    if np.diff(np.sort(along)).min() <= 1e-3:
        raise InputError(
            f"The DICOM series in '{folder}' has several slices at one position"
            " (time points, echoes or a repeated slice).",
            _ANOTHER_SERIES,
        )
    even = positions[0] + np.arange(len(positions))[:, None] * step
    if np.linalg.norm(positions - even, axis=1).max() > _UNEVEN * np.linalg.norm(step):
        gaps = np.abs(np.diff(along))
        raise InputError(
            f"The DICOM series in '{folder}' has missing or unevenly placed slices:"
            f" neighbors are {gaps.min():g} to {gaps.max():g} mm apart.",
            _ANOTHER_SERIES,
        )
    return step


def _slopes_differ(reader, count: int) -> bool:
    return len({_slice_tag(reader, z, _SLOPE_TAG) for z in range(count)}) > 1


def _slice_tag(reader, z: int, tag: str) -> str | None:
    return reader.GetMetaData(z, tag).strip("\0 ") if reader.HasMetaDataKey(z, tag) else None


def _tag(reader, tag: str) -> str | None:
    return reader.GetMetaData(tag).strip("\0 ") if reader.HasMetaDataKey(tag) else None
