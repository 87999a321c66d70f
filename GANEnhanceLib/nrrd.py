"""Checks that the voxels of an NRRD file are whole.

ITK does not notice when the last part of a file that it writes finds no room on the disk.
"""

import gzip
import math
import zlib
from pathlib import Path
from typing import BinaryIO

_BLOCK = 1 << 20
_LONGEST_HEADER = 1000  # lines
_TYPE_SIZES = {  # bytes; the names that ITK writes, others are left to ITK
    "signed char": 1,
    "unsigned char": 1,
    "short": 2,
    "unsigned short": 2,
    "int": 4,
    "unsigned int": 4,
    "long long int": 8,
    "unsigned long long int": 8,
    "float": 4,
    "double": 8,
}


def nrrd_fault(path: Path) -> str:
    """Say in a few words what is wrong with a file (.nrrd); an empty string if nothing was found.

    Compressed data are decompressed once in blocks, so that their checksum is checked; of raw data the length
    is. Headers whose data lie elsewhere or are encoded otherwise are left to ITK. Raises OSError if the file
    cannot be opened.
    """
    with open(path, "rb") as stream:
        fields = _fields(stream)
        if fields is None:
            return "it has no whole NRRD header"
        size = _TYPE_SIZES.get(fields.get("type", ""))
        encoding = fields.get("encoding", "")
        if size is None or "data file" in fields or encoding not in ("raw", "gzip"):
            return ""
        needed = size * math.prod(map(int, fields.get("sizes", "0").split()))
        try:
            found = _length(gzip.GzipFile(fileobj=stream) if encoding == "gzip" else stream)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            return "its compressed data are cut or damaged"
    return f"it has {found} of {needed} bytes of voxels" if found < needed else ""


def _fields(stream: BinaryIO) -> dict[str, str] | None:
    """The fields of the header; leaves the stream where the data begin. None if the header has no end."""
    if not stream.readline(_BLOCK).startswith(b"NRRD"):
        return None
    fields: dict[str, str] = {}
    for _ in range(_LONGEST_HEADER):
        line = stream.readline(_BLOCK)
        if not line.endswith(b"\n"):
            return None
        text = line.decode("latin-1").strip()
        if not text:
            return fields
        name, found, value = text.partition(": ")
        if found and not text.startswith("#"):
            fields[name.lower()] = value
    return None


def _length(stream) -> int:
    return sum(len(block) for block in iter(lambda: stream.read(_BLOCK), b""))
