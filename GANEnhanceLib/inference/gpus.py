"""Which GPUs a computer has, whether or not anything here can use them, and what to say about it.

PyTorch is not imported for this (it takes seconds): the files and tools of the drivers are asked.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from GANEnhanceLib.inference.devices import DeviceInfo

_TOOL_SECONDS = 3.0
_NVIDIA = Path("/proc/driver/nvidia/gpus")
_APPLE = "Apple GPU"


@dataclass(frozen=True)
class DeviceChoice:
    """What ``auto`` takes and why: device (None: nothing), label, reason, and a warning or ""."""

    device: str | None
    label: str
    reason: str
    warning: str = ""

    def to_dict(self) -> dict:
        """Return plain JSON values."""
        return asdict(self)


def find_gpus(nvidia_folder: Path = _NVIDIA) -> list[str]:
    """Return the names of the GPUs of kinds that PyTorch may use: NVIDIA, AMD with its tools, Apple."""
    if sys.platform == "darwin":
        return [_APPLE] if platform.machine() == "arm64" else []
    return (
        _nvidia_names(nvidia_folder)
        or _names_of_tool("nvidia-smi", "-L", r"^GPU \d+: ([^(\n]+)")
        or (_names_of_tool("rocm-smi", "--showproductname", r"Card [Ss]eries:\s*(.+)$"))
    )


def choose_device(devices: Sequence[DeviceInfo], gpus: Sequence[str]) -> DeviceChoice:
    """Say in words what ``auto`` takes of the devices of this process, given the GPUs that are there."""
    chosen = next((device for device in devices if device.available), None)
    if chosen is not None and chosen.name not in ("openvino", "cpu"):
        return DeviceChoice(chosen.name, chosen.label, "The GPU is faster than the CPU.")
    warning = _warning(devices, gpus, chosen) if gpus else ""
    if chosen is None:
        reason = "Neither OpenVINO nor PyTorch is installed, so only classical filters run."
        return DeviceChoice(None, "", reason, warning)
    reason = "The GPU cannot be used." if gpus else "No GPU was found."
    return DeviceChoice(chosen.name, chosen.label, reason, warning)


def _warning(devices: Sequence[DeviceInfo], gpus: Sequence[str], chosen: DeviceInfo | None) -> str:
    kind = "mps" if gpus[0] == _APPLE else "cuda"
    why = next((device.reason for device in devices if device.name == kind), "") or "nothing here can use it"
    instead = "" if chosen is None else ", so the slower CPU runs"
    return f"This computer has a GPU ({gpus[0]}), but {why}{instead}. {_advice(why)}"


def _advice(why: str) -> str:
    if "driver" in why:
        return "Install the driver of the GPU, or update it."
    if "installed" in why or "built for the CPU" in why:
        return "Install a PyTorch that is built for this GPU."
    return "Update the driver of the GPU and PyTorch."


def _nvidia_names(folder: Path) -> list[str]:
    """Read the names from the driver's files (Linux)."""
    names = []
    for path in sorted(folder.glob("*/information")):
        try:
            found = re.search(r"^Model:\s*(.+?)\s*$", path.read_text(errors="replace"), re.MULTILINE)
        except OSError:
            found = None
        names.append(found[1] if found else "NVIDIA GPU")
    return names


@cache
def _names_of_tool(tool: str, argument: str, pattern: str) -> list[str]:
    """Ask a tool of the driver, if it is installed."""
    path = shutil.which(tool)
    if path is None:
        return []
    hidden = {"creationflags": subprocess.CREATE_NO_WINDOW} if os.name == "nt" else {}
    try:
        done = subprocess.run(
            [path, argument],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TOOL_SECONDS,
            **hidden,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return [name.strip() for name in re.findall(pattern, done.stdout, re.MULTILINE)]
