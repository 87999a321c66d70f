"""A volume: voxels (k, j, i) with their IJK-to-RAS matrix, and reading and writing it through SimpleITK.

Files and SimpleITK speak LPS (x to the left, y to the back), Slicer and this library RAS (x to the right, y to the
front), both in mm; the change of sign happens here and nowhere else. Files are written aside and renamed, so that a file
is there complete or not at all.
"""

from dataclasses import dataclass, replace

import numpy as np

from .errors import InputError

_LABEL_VALUES = 32  # an integer volume with no more distinct values than this is a label map
_FLOAT32_MAX = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class Volume:
    """A scalar image on a regular grid.

    voxels: (k, j, i), integer or floating point, never written to by this library.
    ijk_to_ras: (4, 4) float64, mm; columns i, j, k and origin.
    modality: "MR", "CT", "US" or another DICOM code (0008,0060); None if unknown.
    name: the stem of the file; never patient data.
    Raises InputError if the voxels are not three-dimensional, empty or not real numbers, or the matrix not invertible.
    """

    voxels: np.ndarray
    ijk_to_ras: np.ndarray
    modality: str | None = None
    name: str = ""

    def __post_init__(self):
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
        """Distance of neighbour voxels along (i, j, k) in mm, the order of Slicer and SimpleITK."""
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
            f"The grid is not invertible: its spacing is {tuple(map(float, lengths))} mm or two axes are parallel.", hint
        )
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
        f"The volume has {count} voxel{'s' if count > 1 else ''} that {'are' if count > 1 else 'is'} NaN or infinite,"
        f" the first at (i, j, k) = {first}.",
        "Replace them by a number first.",
    )


def _few_values(voxels: np.ndarray) -> int:
    """Number of distinct values of an integer volume if they are few, else 0; stops as soon as they are many."""
    if voxels.dtype.kind not in "iu":
        return 0
    seen: set[int] = set()
    for part in voxels:
        seen.update(_distinct(part))
        if len(seen) > _LABEL_VALUES:
            return 0
    return len(seen)


def _distinct(part: np.ndarray) -> list[int]:
    if part.dtype.itemsize > 2:
        return np.unique(part).tolist()
    info = np.iinfo(part.dtype)
    present = np.zeros(info.max - info.min + 1, dtype=bool)
    present[part.astype(np.int32) - info.min] = True
    return (np.flatnonzero(present) + info.min).tolist()
