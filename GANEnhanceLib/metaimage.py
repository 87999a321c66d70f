"""Checks that the compressed data of a MetaImage file are whole.

ITK reads damaged ones without an error and leaves what it could not decompress as it is; zlib's checksum
tells.
"""

import zlib
from pathlib import Path
from typing import BinaryIO

_BLOCK = 1 << 20
_LONGEST_HEADER = 1000  # lines


def metaimage_fault(path: Path) -> str:
    """Say in a few words what is wrong with a file (.mha or .mhd); an empty string if nothing was found.

    Only compressed data are looked at (ITK notices when others are cut); nothing is kept in memory. Raises
    OSError if the file or the data file beside it cannot be opened.
    """
    with open(path, "rb") as stream:
        fields = _fields(stream)
        if fields.get("compresseddata", "").lower() != "true":
            return ""
        name = fields.get("elementdatafile", "LOCAL")
        if name.upper() == "LOCAL":
            return _stream_fault(stream)
        data = path.parent / name
    if not data.is_file():  # a list or a pattern of files, or a missing file, which ITK notices
        return ""
    with open(data, "rb") as stream:
        return _stream_fault(stream)


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
