"""Grids, voxels and DICOM files that the tests of volumes share, with a geometry of their own."""

from pathlib import Path

import numpy as np

SUFFIXES = (".nii", ".nii.gz", ".nrrd", ".mha")
LPS_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])


def rotation(x: float, y: float, z: float) -> np.ndarray:
    """Rotation by three angles in degrees."""
    (cx, cy, cz), (sx, sy, sz) = np.cos(np.radians((x, y, z))), np.sin(np.radians((x, y, z)))
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def matrix(axes, spacing=(1, 1, 1), origin=(0, 0, 0)) -> np.ndarray:
    """IJK-to-RAS matrix of unit axes (columns), spacing (i, j, k) and origin."""
    result = np.eye(4)
    result[:3, :3] = np.asarray(axes, dtype=float) * spacing
    result[:3, 3] = origin
    return result


OBLIQUE = rotation(20, -35, 50)
GRIDS = {
    "identity": matrix(np.eye(3)),
    "axial": matrix(np.diag([-1, -1, 1]), (0.9375, 0.9375, 3.5), (120, 118.5, -40.25)),
    "sagittal": matrix([[0, 0, 1], [1, 0, 0], [0, 1, 0]], (1, 1, 1.2), (-80, -120.125, -99)),
    "coronal": matrix([[1, 0, 0], [0, 0, -1], [0, 1, 0]], (0.7, 0.7, 2), (-80, 120.1, -99)),
    "oblique": matrix(OBLIQUE, (0.8, 1.1, 3.3), (-123.456, 77.7, 301.123)),
    "left-handed": matrix(OBLIQUE @ np.diag([1, 1, -1]), (0.8, 1.1, 3.3), (12.5, -7.75, 1000.2)),
    "anisotropic": matrix(np.diag([1, -1, -1]), (0.05, 12, 0.3), (1e-3, -5000, 4)),
}
SHAPES = {
    "odd": (5, 7, 9),
    "one slice": (1, 6, 7),
    "one row": (5, 1, 7),
    "one column": (5, 6, 1),
    "one voxel": (1, 1, 1),
}
TYPES = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64")


def voxels(shape=(5, 6, 7), dtype="int16", seed=0) -> np.ndarray:
    """Voxels (k, j, i) that use the range of their type, its ends included."""
    generator = np.random.default_rng(seed)
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        values = generator.normal(0, 300, shape).astype(dtype)
        values.flat[0] = np.finfo(np.float32).max
        return values
    info = np.iinfo(dtype)
    values = generator.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)
    values.flat[0], values.flat[-1] = info.min, info.max
    return values


def write_dicom(
    folder: Path,
    slices: np.ndarray,
    to_lps: np.ndarray | None = None,
    *,
    modality: str = "MR",
    uid: str | None = None,
    patient: str = "Secret^Name",
    change=lambda dataset, number: None,
) -> str:
    """Write slices (k, j, i) int16 as one DICOM file each, last slice first; give the series instance UID.

    `to_lps` is the IJK-to-LPS matrix; `change` may alter each dataset before it is saved.
    """
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid

    to_lps = np.eye(4) if to_lps is None else to_lps
    spacing = np.linalg.norm(to_lps[:3, :3], axis=0)
    axes = to_lps[:3, :3] / spacing
    uid = uid or generate_uid()
    folder.mkdir(parents=True, exist_ok=True)
    for number, pixels in enumerate(slices):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = MRImageStorage
        meta.MediaStorageSOPInstanceUID = generate_uid()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
        dataset.SOPClassUID, dataset.SOPInstanceUID = MRImageStorage, meta.MediaStorageSOPInstanceUID
        dataset.PatientName, dataset.PatientID = patient, "4711"
        dataset.Modality, dataset.SeriesInstanceUID, dataset.StudyInstanceUID = modality, uid, "1.2.3"
        dataset.InstanceNumber = number + 1
        dataset.Rows, dataset.Columns = pixels.shape
        dataset.PixelSpacing = [f"{spacing[1]:.10g}", f"{spacing[0]:.10g}"]
        dataset.SliceThickness = f"{spacing[2]:.10g}"
        dataset.ImageOrientationPatient = [f"{x:.12f}" for x in (*axes[:, 0], *axes[:, 1])]
        dataset.ImagePositionPatient = [f"{x:.9f}" for x in to_lps[:3] @ (0, 0, number, 1)]
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
        dataset.BitsAllocated = dataset.BitsStored = 16
        dataset.HighBit, dataset.PixelRepresentation = 15, 1
        dataset.PixelData = np.ascontiguousarray(pixels, dtype="<i2").tobytes()
        change(dataset, number)
        name = f"{len(slices) - number:03d}-{uid[-6:]}.dcm"
        dataset.save_as(folder / name, enforce_file_format=True)
    return uid
