"""A volume: voxels (k, j, i) with their IJK-to-RAS matrix, and reading and writing it through SimpleITK.

Files and SimpleITK speak LPS (x to the left, y to the back), Slicer and this library RAS (x to the right, y
to the front), both in mm; the change of sign happens here and nowhere else. Files are written aside and
renamed, so that a file is there complete or not at all.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from GANEnhanceLib._itk import LPS_TO_RAS, image_from, image_to_lps, quiet_itk
from GANEnhanceLib.dicom import (
    MODALITY_TAG,
    is_dicom_file,
    read_dicom_file,
    read_dicom_folder,
    refuse_components,
)
from GANEnhanceLib.errors import InputError, OutputError
from GANEnhanceLib.metaimage import metaimage_fault
from GANEnhanceLib.nifti import keep_not_finite, nifti_fault
from GANEnhanceLib.nrrd import nrrd_fault

WRITTEN_SUFFIXES = (".nii", ".nii.gz", ".nrrd", ".mha")
READ_SUFFIXES = (".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".dcm")

_LABEL_VALUES = 32  # an integer volume with no more distinct values than this is a label map
_FLOAT32_MAX = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class Volume:
    """A scalar image on a regular grid.

    voxels: (k, j, i), integer or floating point, never written to by this library.
    ijk_to_ras: (4, 4) float64, mm; columns i, j, k and origin.
    modality: "MR", "CT", "US" or another DICOM code (0008,0060); None if unknown.
    name: the stem of the file; never patient data.
    Raises InputError if the voxels are not three-dimensional, empty or not real numbers, or the matrix not
    invertible.
    """

    voxels: np.ndarray
    ijk_to_ras: np.ndarray
    modality: str | None = None
    name: str = ""

    def __post_init__(self):
        """Refuse what is not a scalar image on a grid (InputError) and keep a private copy of the matrix."""
        voxels = np.asanyarray(self.voxels)
        _check_voxels(voxels)
        object.__setattr__(self, "voxels", voxels)
        object.__setattr__(self, "ijk_to_ras", _checked_matrix(self.ijk_to_ras))
        object.__setattr__(self, "modality", self.modality.strip().upper() or None if self.modality else None)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of voxels along (k, j, i)."""
        return self.voxels.shape

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Distance of neighbor voxels along (i, j, k) in mm, the order of Slicer and SimpleITK."""
        return tuple(float(length) for length in np.linalg.norm(self.ijk_to_ras[:3, :3], axis=0))

    @property
    def acquisition_axis(self) -> int:
        """Array axis (0: k, 1: j, 2: i) along which the slices were taken: the one with the largest spacing.

        Equal spacings (within 0.1 %) give k. A volume with one slice along one axis only has that axis.
        """
        single = [axis for axis, size in enumerate(self.shape) if size == 1]
        if len(single) == 1:
            return single[0]
        spacing = self.spacing[::-1]
        return next(axis for axis in range(3) if spacing[axis] >= 0.999 * max(spacing))

    def with_voxels(self, voxels: np.ndarray) -> "Volume":
        """Give a volume with other voxels (k, j, i) of the same shape on the same grid."""
        if np.shape(voxels) != self.shape:
            raise InputError(
                f"The new voxels have the shape {np.shape(voxels)}, the grid has {self.shape}.",
                "Give voxels for each place of the grid.",
            )
        return replace(self, voxels=voxels)

    def check_usable(self) -> None:
        """Raise InputError for a volume that cannot be enhanced: NaN, Inf, constant, or a label map."""
        low, high = _finite_range(self.voxels)
        if low == high:
            raise InputError(
                f"The volume is constant: each voxel is {low:g}.", "Choose a volume that shows something."
            )
        if max(abs(low), abs(high)) > _FLOAT32_MAX:
            raise InputError(
                f"The volume has values from {low:g} to {high:g}, more than 32-bit numbers can hold.",
                "Divide it by a constant first.",
            )
        labels = _few_values(self.voxels)
        if labels and labels * 8 <= self.voxels.size:  # a tiny image has few values because it has few voxels
            raise InputError(
                f"The volume looks like a label map: it has only {labels} distinct whole numbers.",
                "Choose the image itself; if this is an image, convert it to floating point first.",
            )


def _check_voxels(voxels: np.ndarray) -> None:
    if voxels.ndim != 3:
        raise InputError(
            f"The volume has {voxels.ndim} dimensions {voxels.shape}, not 3.",
            "Choose one scalar volume, or extract one first.",
        )
    if voxels.size == 0:
        raise InputError(f"The volume is empty: its shape is {voxels.shape}.", "Choose a volume with voxels.")
    if voxels.dtype.kind not in "iuf" or voxels.dtype.itemsize > 8:
        raise InputError(
            f"The volume has voxels of type {voxels.dtype}.",
            "Convert them to whole or floating-point numbers of at most 64 bits first.",
        )


def _checked_matrix(matrix: np.ndarray) -> np.ndarray:
    matrix = np.array(matrix, dtype=np.float64)
    hint = "Correct the geometry of the volume, for example in Slicer's Volumes module."
    if matrix.shape != (4, 4) or not np.isfinite(matrix).all() or not np.array_equal(matrix[3], (0, 0, 0, 1)):
        raise InputError("The IJK-to-RAS matrix is not a finite 4x4 matrix with the last row 0 0 0 1.", hint)
    lengths = np.linalg.norm(matrix[:3, :3], axis=0)
    if not lengths.all() or abs(np.linalg.det(matrix[:3, :3] / lengths)) < 1e-6:
        raise InputError(
            f"The grid is not invertible: spacing {tuple(map(float, lengths))} mm, or parallel axes.",
            hint,
        )
    matrix += 0.0  # no -0 in reports
    matrix.flags.writeable = False
    return matrix


def _finite_range(voxels: np.ndarray) -> tuple[float, float]:
    """Smallest and largest voxel, slice by slice; InputError if a voxel is NaN or Inf."""
    lows, highs = [], []
    for part in voxels:
        lows.append(part.min())
        highs.append(part.max())
    if not (np.isfinite(lows).all() and np.isfinite(highs).all()):
        raise _not_finite(voxels)
    return min(lows).item(), max(highs).item()


def _not_finite(voxels: np.ndarray) -> InputError:
    count, first = 0, None
    for k, part in enumerate(voxels):
        wrong = ~np.isfinite(part)
        here = int(np.count_nonzero(wrong))
        if here and first is None:
            j, i = np.unravel_index(int(wrong.argmax()), part.shape)
            first = (int(i), int(j), k)
        count += here
    return InputError(
        f"{count} of the volume's voxels {'is' if count == 1 else 'are'} NaN or infinite,"
        f" the first at (i, j, k) = {first}.",
        "Replace them by a number first.",
    )


def _few_values(voxels: np.ndarray) -> int:
    """Number of distinct values of an integer volume if they are few, else 0; stops when they are many."""
    if voxels.dtype.kind not in "iu":
        return 0
    seen: set[int] = set()
    for part in voxels:
        seen.update(_distinct(part)[: _LABEL_VALUES + 1].tolist())
        if len(seen) > _LABEL_VALUES:
            return 0
    return len(seen)


def _distinct(part: np.ndarray) -> np.ndarray:
    if part.dtype.itemsize > 2:
        return np.unique(part)
    info = np.iinfo(part.dtype)
    present = np.zeros(info.max - info.min + 1, dtype=bool)
    present[part.astype(np.int32) - info.min] = True
    return np.flatnonzero(present) + info.min


def read_volume(path: str | os.PathLike, *, series: str | None = None) -> Volume:
    """Read a volume from a NIfTI, NRRD or MetaImage file, a DICOM folder or one DICOM file.

    `series` is the series instance UID to take from a DICOM folder that holds several. A two-dimensional
    image becomes a volume of one slice of 1 mm; further dimensions of size 1 are dropped. Raises InputError
    with one sentence if the file is missing, unreadable, cut short, of unknown type, or does not hold one
    scalar volume.
    """
    path = Path(path).expanduser()
    if not path.exists():
        raise InputError(f"There is no file or folder '{path}'.", "Check the path.")
    try:
        voxels, to_lps, modality, name = _read(path, series)
    except OSError as error:
        raise InputError(
            f"'{path}' cannot be opened: {error.strerror or error}.", "Check its permissions."
        ) from error
    return Volume(voxels, LPS_TO_RAS @ to_lps, modality, name)


def write_volume(volume: Volume, path: str | os.PathLike, *, compress: bool = True) -> None:
    """Write a volume as .nii, .nii.gz, .nrrd or .mha (by the suffix), complete or not at all.

    The file is made in a temporary folder beside its place and then renamed, which replaces an older file in
    one step. float16 voxels are stored as float32. NIfTI stores the matrix as float32 (1e-7 of each number).
    Raises OutputError if the folder is missing or not writable, the suffix unknown, the disk full, or the
    grid sheared and the file NIfTI.
    """
    path = check_output_path(path)
    if path.name.lower().endswith((".nii", ".nii.gz")):
        _refuse_shear(volume, path)
    try:
        with tempfile.TemporaryDirectory(prefix=".ganenhance-", dir=path.parent) as folder:
            aside = Path(folder) / f"volume{_suffix(path, WRITTEN_SUFFIXES)}"
            _write_whole(volume, aside, compress)
            os.replace(aside, path)
    except (OSError, RuntimeError) as error:
        raise _write_error(path, volume.voxels.nbytes, error) from error


def check_output_path(path: str | os.PathLike, suffixes: tuple[str, ...] = WRITTEN_SUFFIXES) -> Path:
    """Make sure, before any work, that a file of one of these `suffixes` can be written in its folder.

    The folder is tried by making a temporary file in it. Raises OutputError.
    """
    path = Path(path).expanduser()
    if not _suffix(path, suffixes):
        raise OutputError(
            f"The output '{path}' has an unknown type.", f"Its name must end with {_either(suffixes)}."
        )
    if path.is_dir():
        raise OutputError(f"The output '{path}' is a folder.", "Give the name of a file.")
    if not path.parent.is_dir():
        raise OutputError(
            f"The folder '{path.parent}' of the output does not exist.",
            "Make it first, or choose another folder.",
        )
    try:
        with tempfile.TemporaryFile(prefix=".ganenhance-", dir=path.parent):
            pass
    except OSError as error:
        raise OutputError(
            f"The folder '{path.parent}' cannot be written to: {error.strerror or error}.",
            "Choose another folder.",
        ) from error
    return path


def _read(path: Path, series: str | None):
    """Give (voxels, IJK-to-LPS matrix, modality, name) of any readable path."""
    if path.is_dir():
        # Folders of DICOM exports are often named after the patient.
        return *read_dicom_folder(path, series), "series"
    if series is not None:
        raise InputError(
            f"'{path}' is a file, but a DICOM series was chosen.", "Leave --series out, or give a folder."
        )
    suffix = _suffix(path, READ_SUFFIXES)
    if suffix == ".dcm" or (not suffix and is_dicom_file(path)):
        return *read_dicom_file(path), path.stem
    if not suffix:
        raise InputError(
            f"'{path}' is of an unknown type.",
            f"Give a file that ends with {_either(READ_SUFFIXES)}, or a DICOM folder.",
        )
    return *_read_file(path, suffix), path.name[: -len(suffix)]


def _read_file(path: Path, suffix: str):
    import SimpleITK

    fault = metaimage_fault(path) if suffix in (".mha", ".mhd") else ""
    if fault:
        raise _unreadable(path, fault)
    reader = SimpleITK.ImageFileReader()
    reader.SetFileName(str(path))
    try:
        with quiet_itk():
            reader.ReadImageInformation()
            refuse_components(path, reader)
            _refuse_series(path, reader)
            image = _three_dimensional(reader.Execute())
    except RuntimeError as error:
        if "orthonormal" in str(error):
            raise InputError(
                f"'{path}' has a sheared grid, which NIfTI readers cannot take.",
                "Resample it to a straight grid first.",
            ) from error
        raise _unreadable(path, _fault(path, suffix)) from error
    voxels = SimpleITK.GetArrayFromImage(image)
    fault = nifti_fault(path, keep_not_finite(voxels)) if suffix in (".nii", ".nii.gz") else ""
    if fault:
        raise _unreadable(path, fault)
    modality = reader.GetMetaData(MODALITY_TAG) if reader.HasMetaDataKey(MODALITY_TAG) else None
    return voxels, image_to_lps(image), modality


def _unreadable(path: Path, fault: str) -> InputError:
    fault = fault or "it is damaged, cut short, or not what its name says"
    return InputError(f"'{path}' cannot be read as a volume: {fault}.", "Save it again from its source.")


def _fault(path: Path, suffix: str) -> str:
    """What is wrong with the file, found without ITK; empty if nothing is."""
    if suffix in (".nii", ".nii.gz"):
        return nifti_fault(path)
    if suffix == ".nrrd":
        return nrrd_fault(path)
    return metaimage_fault(path) if suffix in (".mha", ".mhd") else ""


def _refuse_series(path: Path, reader) -> None:
    size = reader.GetSize()
    if len(size) > 3 and max(size[3:]) > 1:
        raise InputError(
            f"'{path}' has {len(size)} dimensions ({' x '.join(map(str, size))}), not 3.",
            "Extract one volume (time point, direction or channel) first.",
        )
    if not all(size):
        raise InputError(
            f"'{path}' is empty: its size is {' x '.join(map(str, size))}.", "Choose another file."
        )


def _three_dimensional(image):
    import SimpleITK

    if image.GetDimension() == 2:
        return SimpleITK.JoinSeries(image)
    while image.GetDimension() > 3:
        size = list(image.GetSize())
        image = SimpleITK.Extract(
            image, [*size[:-1], 0], [0] * len(size), SimpleITK.ExtractImageFilter.DIRECTIONCOLLAPSETOSUBMATRIX
        )
    return image


def _refuse_shear(volume: Volume, path: Path) -> None:
    axes = volume.ijk_to_ras[:3, :3] / volume.spacing
    if np.abs(axes.T @ axes - np.eye(3)).max() > 1e-4:
        raise OutputError(
            f"The grid of the volume is sheared, which '{path.name}' (NIfTI) cannot hold.",
            "Write it as .nrrd or .mha.",
        )


def _write_whole(volume: Volume, path: Path, compress: bool) -> None:
    """Write and make sure that each byte is there; raises OSError or RuntimeError."""
    import SimpleITK

    with quiet_itk():
        SimpleITK.WriteImage(image_from(volume.voxels, volume.ijk_to_ras), str(path), compress)
    fault = _fault(path, _suffix(path, WRITTEN_SUFFIXES))  # ITK does not notice a full disk each time
    if fault:
        raise OSError(fault)
    with open(path, "rb+") as stream:
        os.fsync(stream.fileno())  # a network disk may say only now that it is full


def _write_error(path: Path, size: int, error: Exception) -> OutputError:
    try:
        free = shutil.disk_usage(path.parent).free
    except OSError:
        free = size
    if free < size:
        return OutputError(
            f"The disk of '{path}' is full: {free / 2**20:.1f} MiB free, {size / 2**20:.1f} MiB needed.",
            "Make room, or choose another folder.",
        )
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]  # ITK tells the reason last
    reason = (getattr(error, "strerror", None) or (lines or ["unknown reason"])[-1]).removeprefix("Reason: ")
    return OutputError(f"'{path}' cannot be written: {reason}.", "Choose another folder or file name.")


def _suffix(path: Path, suffixes: tuple[str, ...]) -> str:
    """The longest of the suffixes that the name ends with, whatever its case; empty if there is none."""
    matching = [
        suffix for suffix in suffixes if path.name.lower().endswith(suffix) and len(path.name) > len(suffix)
    ]
    return max(matching, key=len, default="")


def _either(suffixes: tuple[str, ...]) -> str:
    return suffixes[0] if len(suffixes) == 1 else f"{', '.join(suffixes[:-1])} or {suffixes[-1]}"
