"""Checks that a NIfTI file is whole and that its header does not contradict itself.

ITK reads a cut or damaged NIfTI file without a word and fills the rest with zeros, and writes one to a full
disk without a word; so its length and checksum are checked here. The header fields follow the NIfTI-1
standard (nifti.nimh.nih.gov).
"""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

_GZIP_MAGIC = b"\x1f\x8b"
_BLOCK = 1 << 20
_SCANNER = 1  # the sform code with which ITK prefers it to the qform


def nifti_fault(path: Path) -> str:
    """Say in a few words what is wrong with a file (.nii or .nii.gz); an empty string if it can be trusted.

    A compressed file is decompressed once in blocks, so that its checksum is checked; nothing is kept in
    memory. Raises OSError if the file cannot be opened.
    """
    with open(path, "rb") as raw:
        compressed = raw.read(2) == _GZIP_MAGIC
    try:
        with gzip.open(path, "rb") if compressed else open(path, "rb") as stream:
            header = stream.read(348)
            order = _byte_order(header)
            if not order:
                return "it has no NIfTI-1 header"
            needed = _bytes_needed(header, order)
            found = _length(stream) if compressed else path.stat().st_size
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return "its compressed data are cut or damaged"
    if not needed:
        return "its header is damaged"
    return f"it has {found} of {needed} bytes" if found < needed else _contradiction(header, order)


def _byte_order(header: bytes) -> str:
    """The order of the header's bytes, "<" or ">"; empty if it is none of NIfTI-1."""
    if len(header) < 348:
        return ""
    return next((order for order in "<>" if struct.unpack_from(order + "i", header)[0] == 348), "")


def _bytes_needed(header: bytes, order: str) -> int:
    """Length of the whole file that the header asks for; 0 if its numbers make no sense."""
    sizes = struct.unpack_from(order + "8h", header, 40)
    bits = struct.unpack_from(order + "h", header, 72)[0]
    offset = struct.unpack_from(order + "f", header, 108)[0]
    if not 1 <= sizes[0] <= 7 or bits <= 0 or not 0 <= offset < 2**31:
        return 0
    count = math.prod(max(size, 1) for size in sizes[1 : sizes[0] + 1])
    return int(offset) + (count * bits + 7) // 8


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


def _length(stream: BinaryIO) -> int:
    while stream.read(_BLOCK):
        pass
    return stream.tell()
