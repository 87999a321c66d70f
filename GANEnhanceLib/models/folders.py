"""Where models of the user live: outside of the installation, so that all versions of Slicer share them.

Looked in are the folders that a caller names (the panel's setting), then those of the environment variable
GANENHANCE_MODELS, then the folder of the platform; a model that is added goes into the first of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

FOLDERS_VARIABLE = "GANENHANCE_MODELS"


def named_folders(extra_folders: Iterable[str | Path] = ()) -> list[Path]:
    """Return the folders that somebody named: `extra_folders`, then those of the environment, each once."""
    folders: dict[Path, Path] = {}
    for folder in (*extra_folders, *_folders_of_environment()):
        folder = Path(folder).expanduser()
        folders.setdefault(folder.resolve(), folder)
    return list(folders.values())


def platform_folder() -> Path:
    """Return the user's folder of models by the platform's convention; it need not exist."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
        return Path(base) / "GANEnhance" / "Models"
    if sys.platform == "darwin":
        return Path(os.path.expanduser("~/Library/Application Support")) / "GANEnhance" / "Models"
    base = os.environ.get("XDG_DATA_HOME", "")
    # The convention says that a relative path there means nothing.
    base = base if os.path.isabs(base) else os.path.expanduser("~/.local/share")
    return Path(base) / "ganenhance" / "models"


def user_folders(extra_folders: Iterable[str | Path] = ()) -> list[Path]:
    """Return all folders of the user's models, the one that new models go into first."""
    named, usual = named_folders(extra_folders), platform_folder()
    there = usual.resolve() in [folder.resolve() for folder in named]
    return named if there else [*named, usual]


def _folders_of_environment() -> list[str]:
    return [part for part in os.environ.get(FOLDERS_VARIABLE, "").split(os.pathsep) if part]
