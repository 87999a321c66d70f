"""Read safetensors weights with numpy alone, and interpolate two sets of them.

The format (https://github.com/huggingface/safetensors#format) is an 8-byte little-endian header length, a
JSON header and raw C-order little-endian arrays, so it needs no package and can hold no code. Networks are
interpolated in their weights (Wang et al., ESRGAN, ECCVW 2018, "network interpolation").
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from GANEnhanceLib.errors import ModelError

_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "?",
}
_LENGTH_BYTES = 8


def read_safetensors(content: bytes, name: str) -> dict[str, np.ndarray]:
    """Return {key: array} of a safetensors file's content; `name` is for errors.

    The arrays are read-only views of `content`. Raises ModelError for anything that the format does not
    allow.
    """
    header, start = _parse_header(content, name)
    data = memoryview(content)[start:]
    arrays, used = {}, 0
    for key, entry in sorted(header.items(), key=lambda item: _offset(item[1], name)):
        dtype, shape, (first, last) = _parse_entry(entry, name)
        size = dtype.itemsize * math.prod(shape)
        if first != used or last - first != size or last > len(data):
            raise _malformed(name, f'the bytes of "{key}" do not fit its shape')
        arrays[key] = np.frombuffer(data[first:last], dtype=dtype).reshape(shape)
        used = last
    if used != len(data):
        raise _malformed(name, "it holds bytes that belong to no array")
    return {key: arrays[key] for key in header}


def interpolate(
    fidelity_set: dict[str, np.ndarray], perceptual_set: dict[str, np.ndarray], fidelity: float
) -> dict[str, np.ndarray]:
    """Return fidelity * `fidelity_set` + (1 - fidelity) * `perceptual_set`, both state dicts of one network.

    Floating arrays are mixed in float32; counters (integers) are taken from `fidelity_set`. `fidelity` is
    0..1; at its ends the sets come back exactly. Raises ModelError if the keys or shapes differ.
    """
    check_same_layout(fidelity_set, perceptual_set)
    if fidelity >= 1.0:
        return fidelity_set
    if fidelity <= 0.0:
        return perceptual_set
    share = np.float32(fidelity)
    rest = np.float32(1) - share
    return {
        key: share * first + rest * perceptual_set[key] if first.dtype.kind == "f" else first
        for key, first in fidelity_set.items()
    }


def check_same_layout(first: dict[str, Any], second: dict[str, Any]) -> None:
    """Raise ModelError unless two state dicts have the same keys and shapes."""
    for key in sorted(set(first) ^ set(second)):
        raise ModelError(
            f'The weights "{key}" are in only one of the two weight sets, so they cannot be interpolated.',
            "Export both sets from the same network.",
        )
    for key, values in first.items():
        if tuple(values.shape) != tuple(second[key].shape):
            shapes = f"{tuple(values.shape)} and {tuple(second[key].shape)}"
            raise ModelError(
                f'The weights "{key}" have the shapes {shapes} in the two weight sets, so they cannot be'
                " interpolated.",
                "Export both sets from the same network.",
            )


def _parse_header(content: bytes, name: str) -> tuple[dict[str, Any], int]:
    length = int.from_bytes(content[:_LENGTH_BYTES], "little")
    start = _LENGTH_BYTES + length
    if len(content) < _LENGTH_BYTES or start > len(content):
        raise _malformed(name, "its header is longer than the file")
    try:
        header = json.loads(content[_LENGTH_BYTES:start])
    except (ValueError, RecursionError) as error:
        raise _malformed(name, "its header is not JSON") from error
    if not isinstance(header, dict):
        raise _malformed(name, "its header is not an object")
    header.pop("__metadata__", None)
    return header, start


def _offset(entry: Any, name: str) -> tuple[int, int]:
    # The end is part of the key: an empty array shares its start with the one after it.
    first, last = _parse_entry(entry, name)[2]
    return first, last


def _parse_entry(entry: Any, name: str) -> tuple[np.dtype, tuple[int, ...], tuple[int, int]]:
    try:
        kind, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
        numbers_are_whole = all(type(number) is int and number >= 0 for number in (*shape, *offsets))
        first, last = offsets
    except (TypeError, KeyError, ValueError) as error:
        raise _malformed(name, "an entry of its header lacks dtype, shape or data_offsets") from error
    if not numbers_are_whole:
        raise _malformed(name, "a shape or offset of its header is not a whole number")
    if kind not in _TYPES:
        raise _malformed(name, f"the type {kind!r} is not one of {', '.join(_TYPES)}")
    return np.dtype(_TYPES[kind]), tuple(shape), (first, last)


def _malformed(name: str, why: str) -> ModelError:
    return ModelError(
        f'The weight file "{name}" cannot be read: {why}.', "Install the model again from its source."
    )
