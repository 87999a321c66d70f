"""Checks that the voxels of a MetaImage file are whole.

ITK reads damaged compressed voxels without an error and leaves what it could not decompress as it is; zlib's
checksum tells. Of a cut file it prints warnings, which nobody should meet beside our own sentence.
"""

import math
import os
import zlib
from pathlib import Path
from typing import BinaryIO

_BLOCK = 1 << 20
_LONGEST_HEADER = 1000  # lines
_TYPE_SIZES = {  # bytes; MET_LONG differs between systems and is left to ITK
    "MET_CHAR": 1,
    "MET_UCHAR": 1,
    "MET_SHORT": 2,
    "MET_USHORT": 2,
    "MET_INT": 4,
    "MET_UINT": 4,
    "MET_LONG_LONG": 8,
    "MET_ULONG_LONG": 8,
    "MET_FLOAT": 4,
    "MET_DOUBLE": 8,
}


def metaimage_fault(path: Path) -> str:
    """Say in a few words what is wrong with a file (.mha or .mhd); an empty string if nothing was found.

    Compressed data are decompressed once in blocks, so that their checksum is checked; of others the length
    is. Raises OSError if the file or the data file beside it cannot be opened.
    """
    with open(path, "rb") as stream:
        fields = _fields(stream)
        name = fields.get("elementdatafile", "")
        if not name or "dimsize" not in fields:
            return "it has no whole MetaImage header"
        if name.upper() == "LOCAL":
            return _data_fault(stream, fields)
    data = path.parent / name
    if not data.is_file():  # a list or a pattern of files, or a missing file, which ITK notices
        return ""
    with open(data, "rb") as stream:
        return _data_fault(stream, fields)


def _data_fault(stream: BinaryIO, fields: dict[str, str]) -> str:
    if fields.get("compresseddata", "").lower() == "true":
        return _stream_fault(stream)
    needed = _bytes_needed(fields)
    place = stream.tell()
    found = stream.seek(0, os.SEEK_END) - place
    return f"it has {found} of {needed} bytes of voxels" if found < needed else ""


def _fields(stream: BinaryIO) -> dict[str, str]:
    """The fields of the header by lower-case name; leaves the stream where local data begin."""
    fields: dict[str, str] = {}
    for _ in range(_LONGEST_HEADER):
        key, separator, value = stream.readline(_BLOCK).decode("latin-1").partition("=")
        if not separator:
            break
        fields[key.strip().lower()] = value.strip()
        if key.strip().lower() == "elementdatafile":
            break
    return fields


def _bytes_needed(fields: dict[str, str]) -> int:
    """Length of uncompressed voxels; 0 if the header does not tell in one of the usual ways."""
    size = _TYPE_SIZES.get(fields.get("elementtype", ""), 0)
    if fields.get("binarydata", "true").lower() != "true":
        return 0
    try:
        channels = int(fields.get("elementnumberofchannels", "1"))
        return size * channels * math.prod(int(number) for number in fields.get("dimsize", "0").split())
    except ValueError:
        return 0


def _stream_fault(stream: BinaryIO) -> str:
    decompress = zlib.decompressobj()
    try:
        while not decompress.eof:
            block = decompress.unconsumed_tail or stream.read(_BLOCK)
            if not block:
                break
            decompress.decompress(block, 4 * _BLOCK)
    except zlib.error:
        return "its compressed data are damaged"
    return "" if decompress.eof else "its compressed data are cut"
