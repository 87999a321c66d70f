"""Writes PNG pictures of at most 256 colors with the standard library alone.

The format is that of ISO/IEC 15948: the chunks IHDR, PLTE, IDAT and IEND, color type 3.
"""

import struct
import zlib

import numpy as np

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_bytes(pixels: np.ndarray, palette: np.ndarray) -> bytes:
    """Return a PNG of `pixels` (rows, columns; uint8 numbers of colors) and `palette` (n, 3; uint8 RGB)."""
    rows, columns = pixels.shape
    # Each row begins with the number of its filter, 0: none.
    lines = np.zeros((rows, columns + 1), dtype=np.uint8)
    lines[:, 1:] = pixels
    header = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    chunks = [
        (b"IHDR", header),
        (b"PLTE", np.ascontiguousarray(palette, dtype=np.uint8).tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 6)),
        (b"IEND", b""),
    ]
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
