"""Which devices there are, which one a run takes, and in which precision it computes.

Looking must be cheap: the worker tells the devices when it says hello, and importing PyTorch costs two
seconds. So unless it is imported already, PyTorch is asked through its files (was it built for a GPU?) and
the GPU through its driver. A device that then fails to work is found out when the backend is opened, and
``auto`` takes the next one.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from GANEnhanceLib.errors import DeviceError
from GANEnhanceLib.models.card import ModelCard

if TYPE_CHECKING:
    from GANEnhanceLib.models import NetworkModel

MAX_LOSS_DB = 0.05
_INSTALL = "It is a package of Python: pip install"


@dataclass(frozen=True)
class DeviceInfo:
    """One device: its name as an option, a label for people, and why it is not available (else "")."""

    name: str
    label: str
    available: bool
    reason: str = ""


def list_devices() -> list[DeviceInfo]:
    """Return the devices, the one that ``auto`` prefers first; imports neither PyTorch nor OpenVINO."""
    return [*_cuda_devices(), _mps_device(), _openvino_device(), _cpu_device()]


def choose_devices(wanted: str) -> tuple[str, ...]:
    """Return the device of that name, or for ``auto`` all that are there, the best first.

    Raises:
        DeviceError: it is not there; the sentence names the ones that are.
    """
    devices = list_devices()
    available = tuple(device.name for device in devices if device.available)
    if wanted == "auto":
        if available:
            return available
        raise DeviceError(
            "There is nothing to run a network with: neither OpenVINO nor PyTorch is installed.",
            f"{_INSTALL} openvino.",
        )
    wanted = "cuda" if wanted == "cuda:0" else wanted
    if wanted in available:
        return (wanted,)
    reason = next((device.reason for device in devices if device.name == wanted), "there is no such GPU")
    raise DeviceError(
        f"The device {wanted} is not there: {reason}.",
        f"Available are {', '.join(available)}, or auto." if available else f"{_INSTALL} openvino.",
    )


def devices_for(model: NetworkModel, wanted: str) -> tuple[str, ...]:
    """Return those of :func:`choose_devices` that can run the weights of a model.

    Raises:
        DeviceError: the device is not there, or none that is can run them; the sentence says what is needed.
    """
    devices = tuple(device for device in choose_devices(wanted) if model.runs_on(device))
    if not devices:
        raise model.device_error()
    return devices


def choose_precision(
    wanted: str, native: tuple[str, ...], card: ModelCard, where: str
) -> tuple[str, tuple[str, ...]]:
    """Return the precision to compute in, and notes where it is not as asked.

    ``auto`` takes a short type where the device computes in it (``native``) and the card has measured that
    the model loses less than ``MAX_LOSS_DB`` of PSNR by it.

    Raises:
        DeviceError: the device (``where`` in words) does not compute in the wanted type.
    """
    if wanted == "auto":
        short = [name for name in native if name != "float32" and _loss(card, name) < MAX_LOSS_DB]
        return (short[0] if short else "float32"), ()
    if wanted not in native:
        raise DeviceError(
            f"{where} does not compute in {wanted}.", f"Choose one of: auto, {', '.join(native)}."
        )
    if wanted == "float32" or _loss(card, wanted) < MAX_LOSS_DB:
        return wanted, ()
    return wanted, (f"The model's card does not say that {wanted} loses less than {MAX_LOSS_DB} dB.",)


def usable_threads(wanted: int | None = None) -> int:
    """Return the CPU threads of a run: as wanted, else the cores that this process may use.

    A container's CPU quota counts (control groups, version 2): more threads than it allows would wait for
    each other.
    """
    if wanted is not None:
        return wanted
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        cores = min(cores, max(1, round(int(quota) / int(period))))
    except (OSError, ValueError):
        pass  # no control groups here, or no quota ("max")
    return cores


def _loss(card: ModelCard, precision: str) -> float:
    loss = card.precision.get(f"{precision}_loss_db")
    return float(loss) if isinstance(loss, (int, float)) and not isinstance(loss, bool) else float("inf")


def _is_installed(package: str) -> bool:
    return package in sys.modules or importlib.util.find_spec(package) is not None


def _openvino_device() -> DeviceInfo:
    installed = _is_installed("openvino")
    return DeviceInfo("openvino", "OpenVINO on the CPU", installed, "" if installed else "not installed")


def _cpu_device() -> DeviceInfo:
    installed = _is_installed("torch")
    return DeviceInfo("cpu", "PyTorch on the CPU", installed, "" if installed else "PyTorch is not installed")


def _mps_device() -> DeviceInfo:
    reason = ""
    if sys.platform != "darwin" or platform.machine() != "arm64":
        reason = "it is for Apple computers"
    elif not _is_installed("torch"):
        reason = "PyTorch is not installed"
    elif "torch" in sys.modules and not sys.modules["torch"].backends.mps.is_available():
        reason = "this PyTorch or macOS does not support it"
    return DeviceInfo("mps", "Apple GPU", not reason, reason)


def _cuda_devices() -> list[DeviceInfo]:
    names, reason = _cuda_names()
    if reason:
        return [DeviceInfo("cuda", "GPU", False, reason)]
    return [
        DeviceInfo("cuda" if number == 0 else f"cuda:{number}", name, True)
        for number, name in enumerate(names)
    ]


def _cuda_names() -> tuple[list[str], str]:
    """Names of the GPUs that PyTorch can use, or why it cannot."""
    if not _is_installed("torch"):
        return [], "PyTorch is not installed"
    if "torch" in sys.modules:
        cuda = sys.modules["torch"].cuda
        if not cuda.is_available():
            return [], "PyTorch finds no GPU"
        return [cuda.get_device_name(number) for number in range(cuda.device_count())], ""
    if not _built_for_gpu():
        return [], "this PyTorch is built for the CPU only"
    names = _driver_names()
    return names, "" if names else "no GPU driver answers"


@cache
def _built_for_gpu() -> bool:
    """Read what PyTorch was built for from its version file (``cuda = '12.8'`` or ``hip = ...``)."""
    spec = importlib.util.find_spec("torch")
    try:
        text = (Path(spec.submodule_search_locations[0]) / "version.py").read_text()
    except (OSError, TypeError, IndexError):
        return False
    return re.search(r"^(cuda|hip)\b[^=\n]*=\s*['\"]", text, re.MULTILINE) is not None


@cache
def _driver_names() -> list[str]:
    """Ask NVIDIA's driver for its GPUs (CUDA driver API: cuInit, cuDeviceGetCount, cuDeviceGetName)."""
    library = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        driver = ctypes.CDLL(library)
    except OSError:
        # AMD's driver has no such call; PyTorch built for it presents its GPUs as cuda.
        return ["AMD GPU"] if os.path.exists("/dev/kfd") else []
    count = ctypes.c_int(0)
    if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return []
    return [_driver_name(driver, number) for number in range(count.value)]


def _driver_name(driver: ctypes.CDLL, number: int) -> str:
    name = ctypes.create_string_buffer(128)
    if driver.cuDeviceGetName(name, len(name), number) != 0:
        return f"GPU {number}"
    return name.value.decode(errors="replace")
