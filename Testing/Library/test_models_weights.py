"""Our safetensors reader gives what the safetensors package gives, and refuses what that refuses."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors import SafetensorError
from safetensors.numpy import load, save

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.models.weights import interpolate, read_safetensors


def example():
    random = np.random.default_rng(3)
    return {
        "head.weight": random.normal(size=(4, 3, 3, 3)).astype(np.float32),
        "double": random.normal(size=7),
        "half": random.normal(size=(2, 3)).astype(np.float16),
        "empty": np.zeros((0, 3), np.float32),
        "scalar": np.array(3.5, np.float32),
        "count": np.array(12, np.int64),
        "bytes": np.arange(5, dtype=np.uint8),
        "flags": np.array([True, False]),
    }


def file_of(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def test_equals_the_package():
    content = save(example(), metadata={"made": "by a test"})
    expected, found = load(content), read_safetensors(content, "file")
    assert set(found) == set(expected)
    for key, values in expected.items():
        assert found[key].dtype == values.dtype and found[key].shape == values.shape
        np.testing.assert_array_equal(found[key], values)


def entry(shape, offsets, dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


MALFORMED = {
    "nothing": b"",
    "short": b"\x01\x00",
    "header beyond the end": (1000).to_bytes(8, "little") + b"{}",
    "huge header": (2**63).to_bytes(8, "little") + b"{}",
    "no json": file_of(b"{]"),
    "list": file_of(b"[]"),
    "deep": file_of(b"[" * 100000),
    "no dtype": file_of({"a": {"shape": [1], "data_offsets": [0, 4]}}, b"0000"),
    "entry is text": file_of({"a": "F32"}),
    "unknown type": file_of({"a": entry([1], [0, 4], "PICKLE")}, b"0000"),
    "beyond the data": file_of({"a": entry([2], [0, 8])}, b"0000"),
    "wrong size": file_of({"a": entry([3], [0, 4])}, b"0000"),
    "negative": file_of({"a": entry([-1], [0, -4])}, b""),
    "overlap": file_of({"a": entry([1], [0, 4]), "b": entry([1], [0, 4])}, b"0000"),
    "hole": file_of({"a": entry([1], [4, 8])}, b"00000000"),
    "rest": file_of({"a": entry([1], [0, 4])}, b"00000000"),
    "three offsets": file_of({"a": entry([1], [0, 2, 4])}, b"0000"),
    "fraction": file_of({"a": entry([1.0], [0, 4])}, b"0000"),
    "huge shape": file_of({"a": entry([2**40, 2**40], [0, 4])}, b"0000"),
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
def test_malformed_file(content):
    with pytest.raises(SafetensorError):
        load(content)
    with pytest.raises(ModelError, match="weights.safetensors"):
        read_safetensors(content, "weights.safetensors")


def test_interpolation():
    ours = {"w": np.array([1.0, 3.0], np.float32), "steps": np.array(5)}
    theirs = {"w": np.array([3.0, -1.0], np.float32), "steps": np.array(9)}
    np.testing.assert_allclose(interpolate(ours, theirs, 0.25)["w"], [2.5, 0.0])
    assert interpolate(ours, theirs, 0.25)["steps"] == 5
    assert interpolate(ours, theirs, 0.25)["w"].dtype == np.float32
    assert interpolate(ours, theirs, 1.0) is ours and interpolate(ours, theirs, 0.0) is theirs


@pytest.mark.parametrize(
    "other", [{"v": np.zeros(2)}, {"w": np.zeros(3)}, {"w": np.zeros(2), "v": np.zeros(2)}]
)
def test_sets_of_different_networks(other):
    with pytest.raises(ModelError, match="interpolated"):
        interpolate({"w": np.zeros(2)}, other, 0.5)
