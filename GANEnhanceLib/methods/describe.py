"""The methods `hello` and `models`: what this worker is, can do, and has to offer."""

from __future__ import annotations

import os
import platform
from typing import Any

from GANEnhanceLib import __version__, protocol
from GANEnhanceLib.errors import WorkerError
from GANEnhanceLib.methods.workplace import Workplace

PACKAGES = ("numpy", "SimpleITK", "openvino", "torch")


def hello(place: Workplace, params: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of `hello`; imports none of the packages that it names."""
    from dataclasses import asdict

    from GANEnhanceLib.inference import list_devices

    return {
        "protocol": protocol.PROTOCOL_VERSION,
        "versions": package_versions(),
        "devices": [asdict(device) for device in list_devices()],
        "folder": str(place.folder),
        "pid": os.getpid(),
    }


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
