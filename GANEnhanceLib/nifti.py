"""Checks that a NIfTI file is whole, that its header does not contradict itself, and that no voxel is lost.

ITK reads a cut or damaged NIfTI file without a word and fills the rest with zeros, turns NaN and infinite
voxels into zeros as well, and writes to a full disk without a word; so length, checksum and such voxels are
checked here. The header fields follow the NIfTI-1 standard (nifti.nimh.nih.gov).
"""

import gzip
import math
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

_GZIP_MAGIC = b"\x1f\x8b"
_BLOCK = 1 << 20  # bytes; a multiple of each type's size
_FLOAT_TYPES = {16: "f4", 64: "f8"}  # by the header's datatype
_SCANNER = 1  # the sform code with which ITK prefers it to the qform


def nifti_fault(path: Path, visit: Callable[[int, np.ndarray], None] | None = None) -> str:
    """Say in a few words what is wrong with a file (.nii or .nii.gz); an empty string if it can be trusted.

    The file is read once in blocks (and decompressed, so that its checksum is checked); nothing is kept in
    memory. Of floating-point files `visit` is given each block of stored values, one-dimensional, with the
    number of values before it. Raises OSError if the file cannot be opened.
    """
    with open(path, "rb") as raw:
        compressed = raw.read(2) == _GZIP_MAGIC
    try:
        with gzip.open(path, "rb") if compressed else open(path, "rb") as stream:
            header = stream.read(348)
            order = _byte_order(header)
            if not order:
                return "it has no NIfTI-1 header"
            first, needed = _extent(header, order)
            if not needed:
                return "its header is damaged"
            found = _read_through(stream, first, needed, _float_type(header, order), visit)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return "its compressed data are cut or damaged"
    return f"it has {found} of {needed} bytes" if found < needed else _contradiction(header, order)


def keep_not_finite(voxels: np.ndarray) -> Callable[[int, np.ndarray], None]:
    """Give a visitor for `nifti_fault` that puts NaN and infinite values back into voxels (k, j, i), C order.

    ITK's NIfTI reader gives 0 for them, and a volume with holes would pass for a whole one.
    """
    flat = voxels.reshape(-1)

    def visit(start: int, values: np.ndarray) -> None:
        wrong = ~np.isfinite(values)
        if wrong.any():
            flat[start : start + values.size][wrong] = values[wrong]

    return visit


def _byte_order(header: bytes) -> str:
    """The order of the header's bytes, "<" or ">"; empty if it is none of NIfTI-1."""
    if len(header) < 348:
        return ""
    return next((order for order in "<>" if struct.unpack_from(order + "i", header)[0] == 348), "")


def _extent(header: bytes, order: str) -> tuple[int, int]:
    """Where the voxels begin and end in the file, in bytes; (0, 0) if the header's numbers make no sense."""
    sizes = struct.unpack_from(order + "8h", header, 40)
    bits = struct.unpack_from(order + "h", header, 72)[0]
    offset = struct.unpack_from(order + "f", header, 108)[0]
    if not 1 <= sizes[0] <= 7 or bits <= 0 or not 0 <= offset < 2**31:
        return 0, 0
    count = math.prod(max(size, 1) for size in sizes[1 : sizes[0] + 1])
    return int(offset), int(offset) + (count * bits + 7) // 8


def _float_type(header: bytes, order: str) -> np.dtype | None:
    """The type of the stored voxels if it is a real floating-point type, else None."""
    code = struct.unpack_from(order + "h", header, 70)[0]
    return np.dtype(order + _FLOAT_TYPES[code]) if code in _FLOAT_TYPES else None


def _read_through(
    stream: BinaryIO,
    first: int,
    end: int,
    dtype: np.dtype | None,
    visit: Callable[[int, np.ndarray], None] | None,
) -> int:
    """Read to the end of the file, showing float values to `visit`; give the number of bytes of the file."""
    stream.seek(first)
    place = first
    while block := stream.read(_BLOCK):
        if dtype is not None and visit is not None and place < end:
            inside = min(len(block), end - place) // dtype.itemsize
            visit((place - first) // dtype.itemsize, np.frombuffer(block, dtype, inside))
        place += len(block)
    return place


def _contradiction(header: bytes, order: str) -> str:
    """Compare the sform's voxel size, which the standard takes, with pixdim's, which ITK takes instead."""
    qform_code, sform_code = struct.unpack_from(order + "2h", header, 252)
    if sform_code <= 0 or (qform_code > 0 and sform_code != _SCANNER):
        return ""  # ITK uses the qform, whose voxel size is pixdim's
    sizes = struct.unpack_from(order + "3h", header, 42)
    stated = [abs(length) for length in struct.unpack_from(order + "3f", header, 80)]
    rows = struct.unpack_from(order + "12f", header, 280)
    lengths = [math.hypot(rows[axis], rows[4 + axis], rows[8 + axis]) for axis in range(3)]
    if all(
        size <= 1 or abs(length - pixdim) <= 1e-3 * length
        for size, length, pixdim in zip(sizes, lengths, stated, strict=True)
    ):
        return ""
    said, other = (" x ".join(f"{length:g}" for length in numbers) for numbers in (lengths, stated))
    return f"its voxels are {said} by its sform, but {other} by its pixdim"
