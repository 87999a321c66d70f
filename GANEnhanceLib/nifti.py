"""Checks that a NIfTI file is whole.

ITK reads a cut or damaged NIfTI file without a word and fills the rest with zeros, and writes one to a full
disk without a word; so its length and checksum are checked here. The header fields follow the NIfTI-1 and
NIfTI-2 standards (nifti.nimh.nih.gov).
"""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

_GZIP_MAGIC = b"\x1f\x8b"
_BLOCK = 1 << 20


def nifti_fault(path: Path) -> str:
    """Say in a few words what is wrong with a file (.nii or .nii.gz); an empty string if it is whole.

    A compressed file is decompressed once in blocks, so that its checksum is checked; nothing is kept in
    memory. Raises OSError if the file cannot be opened.
    """
    with open(path, "rb") as raw:
        compressed = raw.read(2) == _GZIP_MAGIC
    try:
        with gzip.open(path, "rb") if compressed else open(path, "rb") as stream:
            needed = _bytes_needed(stream.read(540))
            if not needed:
                return "it has no NIfTI header"
            found = _length(stream) if compressed else path.stat().st_size
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return "its compressed data are cut or damaged"
    return f"it has {found} of {needed} bytes" if found < needed else ""


def _bytes_needed(header: bytes) -> int:
    """Length of the whole file that a header asks for, or 0 if it is not the header of a NIfTI file."""
    for order in "<>":
        if len(header) >= 348 and struct.unpack_from(order + "i", header)[0] == 348:
            sizes = struct.unpack_from(order + "8h", header, 40)
            bits = struct.unpack_from(order + "h", header, 72)[0]
            offset = struct.unpack_from(order + "f", header, 108)[0]
            return _total(sizes, bits, offset)
        if len(header) >= 540 and struct.unpack_from(order + "i", header)[0] == 540:
            sizes = struct.unpack_from(order + "8q", header, 16)
            bits = struct.unpack_from(order + "h", header, 14)[0]
            offset = struct.unpack_from(order + "q", header, 168)[0]
            return _total(sizes, bits, offset)
    return 0


def _total(sizes: tuple[int, ...], bits: int, offset: float) -> int:
    if not 1 <= sizes[0] <= 7 or bits <= 0 or not math.isfinite(offset):
        return 0
    count = math.prod(max(size, 1) for size in sizes[1 : sizes[0] + 1])
    return int(offset) + (count * bits + 7) // 8


def _length(stream: BinaryIO) -> int:
    while stream.read(_BLOCK):
        pass
    return stream.tell()
