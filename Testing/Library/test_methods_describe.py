"""What the worker says of its computer: the device that will run and why, and a GPU that cannot."""

import os
import stat
import sys
import time

import pytest

from GANEnhanceLib.inference import DeviceInfo, list_devices
from GANEnhanceLib.inference.devices import usable_threads
from GANEnhanceLib.inference.gpus import choose_device, find_gpus
from GANEnhanceLib.worker_session import WorkerSession

CPU = [DeviceInfo("openvino", "OpenVINO on the CPU", True), DeviceInfo("cpu", "PyTorch on the CPU", True)]
APPLE = DeviceInfo("mps", "Apple GPU", False, "it is for Apple computers")


def no_cuda(reason):
    return [DeviceInfo("cuda", "GPU", False, reason), APPLE, *CPU]


def test_hello_tells_what_will_run_and_why(session):
    hello = session.hello
    assert hello["missing"] == "" and hello["network_ready"] is True
    assert hello["cores"] == usable_threads()
    assert hello["backends"] == {name: hello["versions"][name] for name in ("openvino", "torch")}
    choice = hello["device_choice"]
    first = next(device for device in list_devices() if device.available)
    assert (choice["device"], choice["label"]) == (first.name, first.label)
    assert choice["reason"].endswith(".") and isinstance(choice["warning"], str)


@pytest.mark.skipif(sys.platform == "win32", reason="a tool in a shell script")
@pytest.mark.parametrize(
    ("tool", "printed", "name"),
    [
        (
            "nvidia-smi",
            "GPU 0: NVIDIA RTX A4000 (UUID: GPU-1)\nGPU 1: NVIDIA T4 (UUID: GPU-2)",
            "NVIDIA RTX A4000",
        ),
        ("rocm-smi", "GPU[0]\t\t: Card Series: \t\tRadeon RX 7900 XT", "Radeon RX 7900 XT"),
    ],
)
def test_a_gpu_that_cannot_be_used_is_a_warning(tmp_path, tool, printed, name):
    """Tools of drivers as they answer, in the path of a real worker."""
    if find_gpus():
        pytest.skip("this computer has a real one")
    script = tmp_path / tool
    script.write_text(f"#!/bin/sh\nprintf '%s\\n' '{printed}'\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    with WorkerSession(environment=environment) as session:
        choice = session.hello["device_choice"]
        reason = next(device["reason"] for device in session.hello["devices"] if device["name"] == "cuda")
    assert choice["device"] == "openvino" and choice["reason"] == "The GPU cannot be used."
    assert name in choice["warning"] and reason in choice["warning"] and "Install" in choice["warning"]


@pytest.mark.skipif(sys.platform == "win32", reason="a tool in a shell script")
@pytest.mark.parametrize("script", ["exit 9", "printf '\\377\\376 no'", "sleep 20"])
def test_a_tool_that_fails_or_hangs_does_not_stop_the_worker(tmp_path, script):
    path = tmp_path / "nvidia-smi"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    begin = time.monotonic()
    with WorkerSession(environment=environment) as session:
        assert time.monotonic() - begin < 10
        assert session.hello["device_choice"]["device"]


def test_names_are_read_from_the_drivers_files(tmp_path):
    for number, text in enumerate(["Model: \t\t NVIDIA RTX A4000\nIRQ: 7\n", "IRQ: 8\n"]):
        (tmp_path / f"0000:0{number}:00.0").mkdir()
        (tmp_path / f"0000:0{number}:00.0" / "information").write_text(text)
    if sys.platform != "darwin":
        assert find_gpus(tmp_path) == ["NVIDIA RTX A4000", "NVIDIA GPU"]


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("PyTorch is not installed", "Install a PyTorch"),
        ("this PyTorch is built for the CPU only", "Install a PyTorch"),
        ("no GPU driver answers", "driver"),
        ("PyTorch finds no GPU", "Update"),
    ],
)
def test_each_reason_has_its_advice(reason, advice):
    choice = choose_device(no_cuda(reason), ["NVIDIA T4"])
    assert choice.device == "openvino"
    assert "NVIDIA T4" in choice.warning and reason in choice.warning and advice in choice.warning
    assert "slower CPU" in choice.warning


def test_a_usable_gpu_and_no_gpu_need_no_warning():
    gpu = DeviceInfo("cuda", "NVIDIA T4", True)
    assert choose_device([gpu, *CPU], ["NVIDIA T4"]).to_dict() == {
        "device": "cuda",
        "label": "NVIDIA T4",
        "reason": "The GPU is faster than the CPU.",
        "warning": "",
    }
    none = choose_device(no_cuda("PyTorch is not installed"), [])
    assert (none.device, none.reason, none.warning) == ("openvino", "No GPU was found.", "")


def test_nothing_to_run_with_is_said():
    nothing = [DeviceInfo("openvino", "OpenVINO on the CPU", False, "not installed")]
    choice = choose_device(nothing, [])
    assert choice.device is None and "Neither OpenVINO nor PyTorch" in choice.reason
