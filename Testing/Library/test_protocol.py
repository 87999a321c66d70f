"""The worker's messages: what is written can be read, and what cannot be read is said in a sentence."""

import json

import numpy as np
import pytest

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import ContractError, DeviceError, ModelError, WorkerError


def test_a_message_is_one_line_of_utf8_json():
    line = protocol.encode({"id": 1, "text": "Schädel\nµ"})
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert protocol.decode(line) == {"id": 1, "text": "Schädel\nµ"}


def test_nan_is_never_sent():
    with pytest.raises(ValueError):
        protocol.encode({"id": 1, "value": float("nan")})


@pytest.mark.parametrize("line", [b"", b"{", b"[1]", b"7", b"\xff\xfe", b'{"id": 1'])
def test_a_line_that_is_no_object_is_refused(line):
    with pytest.raises(WorkerError):
        protocol.decode(line)


def test_a_deeply_nested_line_is_refused():
    with pytest.raises(WorkerError):
        protocol.decode(b"[" * 100_000)


def test_a_line_that_is_too_long_is_refused():
    with pytest.raises(WorkerError, match="npy"):
        protocol.decode(b'{"id": 1, "x": "' + b"x" * protocol.LONGEST_LINE + b'"}')


def test_a_request_survives_the_way():
    request = protocol.Request(7, "cancel", {"target": 3})
    assert protocol.parse_request(protocol.decode(protocol.encode(request.to_dict()))) == request


def test_params_may_be_missing():
    assert protocol.parse_request({"id": 1, "method": "hello"}).params == {}


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ({"method": "hello"}, "None"),
        ({"id": 0, "method": "hello"}, "0"),
        ({"id": True, "method": "hello"}, "True"),
        ({"id": "7", "method": "hello"}, "'7'"),
        ({"id": 1, "method": "run"}, "'run'"),
        ({"id": 1}, "None"),
        ({"id": 1, "method": ["hello"]}, "hello"),
        ({"id": 1, "method": "hello", "params": [1]}, "list"),
    ],
)
def test_a_wrong_request_is_told_with_its_value(message, named):
    with pytest.raises(WorkerError) as error:
        protocol.parse_request(message)
    assert named in error.value.sentence and error.value.hint


@pytest.mark.parametrize("kind", [ContractError, DeviceError, ModelError, WorkerError, protocol.Cancelled])
def test_an_error_arrives_as_the_error_it_was(kind):
    sent = protocol.error_message_of(3, kind("The thing is wrong.", "Do it right."))
    arrived = protocol.exception_of(protocol.decode(protocol.encode(sent)))
    assert type(arrived) is kind
    assert (arrived.sentence, arrived.hint) == ("The thing is wrong.", "Do it right.")
    assert sent["code"] in protocol.ERROR_CODES


def test_a_fault_of_the_program_is_a_sentence_with_its_first_line():
    message = protocol.error_message_of(3, RuntimeError("broken\nat line 7"))
    assert message["code"] == "unexpected"
    assert "RuntimeError: broken" in message["sentence"] and "line 7" not in message["sentence"]


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("Exception thrown in SimpleITK X:\n/a.hxx:9:\nitk::ERROR: Failed to allocate memory."),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."),
    ],
)
def test_too_little_memory_is_said_as_such(error):
    message = protocol.error_message_of(3, error)
    assert message["code"] == "device" and "memory" in message["sentence"]


def test_the_reason_of_itk_is_told_not_its_place():
    error = RuntimeError("Exception thrown in SimpleITK Execute: /a/b.hxx:9:\nitk::ERROR: No good.")
    message = protocol.error_message_of(3, error)
    assert "No good" in message["sentence"] and "hxx" not in message["sentence"]


@pytest.mark.parametrize(
    "name",
    ["../x.npy", "/etc/x.npy", "a/b.npy", "a\\b.npy", "c:x.npy", ".x.npy", "x.txt", "", None, 7, "x\0.npy"],
)
def test_a_file_outside_the_folder_cannot_be_named(tmp_path, name):
    with pytest.raises(WorkerError):
        protocol.file_in(tmp_path, name)


def test_arrays_come_back_equal_read_only_and_in_c_order(tmp_path):
    array = np.asfortranarray(np.arange(24, dtype=">i2").reshape(2, 3, 4))
    protocol.save_array(tmp_path / "x.npy", array)
    loaded = protocol.load_array(tmp_path / "x.npy")
    assert np.array_equal(loaded, array) and loaded.flags.c_contiguous and not loaded.flags.writeable


def test_a_pickled_array_is_refused(tmp_path):
    np.save(tmp_path / "x.npy", np.array([{"a": 1}], dtype=object))
    with pytest.raises(WorkerError, match="x.npy"):
        protocol.load_array(tmp_path / "x.npy")


def test_a_file_cut_short_is_refused(tmp_path):
    protocol.save_array(tmp_path / "x.npy", np.zeros((8, 8)))
    content = (tmp_path / "x.npy").read_bytes()
    (tmp_path / "x.npy").write_bytes(content[:200])
    with pytest.raises(WorkerError, match="x.npy"):
        protocol.load_array(tmp_path / "x.npy")


def test_progress_is_json_even_from_numpy_numbers():
    message = protocol.progress_message(1, "enhancing", np.float32(0.123456), "", np.float64(2.0))
    assert json.loads(protocol.encode(message))["fraction"] == pytest.approx(0.1235)
