"""The methods `hello` and `models`: what this worker is, can do, and has to offer."""

from __future__ import annotations

import os
import platform
from typing import Any

from GANEnhanceLib import __version__, protocol
from GANEnhanceLib.errors import WorkerError
from GANEnhanceLib.methods.workplace import Workplace

BACKENDS = ("openvino", "torch")
PACKAGES = ("numpy", "SimpleITK", *BACKENDS)


def hello(place: Workplace, params: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of `hello`; imports none of the packages that it names."""
    from dataclasses import asdict

    from GANEnhanceLib.inference import list_devices
    from GANEnhanceLib.inference.devices import usable_threads
    from GANEnhanceLib.inference.gpus import choose_device, find_gpus

    versions, devices = package_versions(), list_devices()
    backends = {name: versions[name] for name in BACKENDS}
    return {
        "protocol": protocol.PROTOCOL_VERSION,
        "versions": versions,
        "devices": [asdict(device) for device in devices],
        "folder": str(place.folder),
        "pid": os.getpid(),
        "cores": usable_threads(),
        "backends": backends,
        "network_ready": any(device.available for device in devices),
        "missing": describe_missing(versions),
        "device_choice": choose_device(devices, find_gpus()).to_dict(),
    }


def describe_missing(versions: dict[str, str | None]) -> str:
    """Say which package is missing, what does not work without it, and what to do; "" if nothing is."""
    sentences = []
    if not any(versions[name] for name in BACKENDS):
        sentences.append(
            "This Python has neither OpenVINO nor PyTorch, so networks do not run: install openvino or torch."
        )
    if not versions["SimpleITK"]:
        sentences.append(
            "This Python has no SimpleITK, so most classical filters do not run: install SimpleITK."
        )
    return " ".join(sentences)


def package_versions() -> dict[str, str | None]:
    """Return the versions of this library, Python and the packages it can use; None where not installed."""
    from importlib import metadata, util

    versions: dict[str, str | None] = {"GANEnhanceLib": __version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            # Some applications ship packages without their metadata.
            versions[name] = "unknown" if util.find_spec(name) else None
    return versions


def models(place: Workplace, params: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of `models`."""
    from GANEnhanceLib.models import list_models

    return {"models": [entry.to_dict() for entry in list_models(model_folders(params))]}


def model_folders(params: dict[str, Any]) -> list[str]:
    """Return the extra folders of models that a request names; WorkerError if they are no list of texts."""
    folders = params.get("folders") or []
    if not isinstance(folders, list) or not all(isinstance(folder, str) for folder in folders):
        raise WorkerError(f"The folders of models are {folders!r}.", "Give a list of paths.")
    return folders
