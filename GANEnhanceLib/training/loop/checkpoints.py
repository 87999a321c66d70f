"""Checkpoints, the last few and the best by each metric, written so that no kill leaves a broken one."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
from pathlib import Path
from typing import Any

import torch

from GANEnhanceLib.errors import InputError, OutputError

_log = logging.getLogger(__name__)
_NAME = re.compile(r"step-(\d+)\.pt")


class Checkpoints:
    """The checkpoints of a run.

    Args:
        folder: where they lie.
        keep: how many of the last ones stay.
    """

    def __init__(self, folder: Path, keep: int = 2) -> None:
        """Open the folder; see the class for the arguments."""
        self.folder, self.keep = Path(folder), keep

    def numbered(self) -> list[Path]:
        """Return the numbered checkpoints, oldest first."""
        found = [
            (int(match[1]), path) for path in self.folder.iterdir() if (match := _NAME.fullmatch(path.name))
        ]
        return [path for _, path in sorted(found)]

    def write(self, step: int, state: dict[str, Any]) -> Path:
        """Write the checkpoint after a number of steps (of the whole run) and remove the oldest ones.

        Raises:
            OutputError: it cannot be written, for example because the disk is full; all older ones stay.
        """
        path = self.folder / f"step-{step:08d}.pt"
        write_state(state, path)
        for old in self.numbered()[: -self.keep]:
            with contextlib.suppress(OSError):
                old.unlink()
        return path

    def write_best(self, metric: str, state: dict[str, Any]) -> Path:
        """Write the checkpoint that is the best by a metric."""
        path = self.folder / f"best-{metric}.pt"
        write_state(state, path)
        return path

    def newest(self) -> dict[str, Any] | None:
        """Return the newest checkpoint that can be read, or None; damaged ones are passed over with a
        warning."""
        for path in reversed(self.numbered()):
            try:
                return read_state(path)
            except InputError as error:
                _log.warning("%s", error)
        return None


def write_state(state: dict[str, Any], path: Path) -> None:
    """Save a state so that the file is there whole or not at all, also after a power cut.

    Raises:
        OutputError: it cannot be written; the file that was there stays.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        with open(aside, "wb") as stream:
            torch.save(state, stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(aside, path)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or _room(path)
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise OutputError(
            f"The checkpoint {path} cannot be written ({reason}).",
            "Free some space there and resume the run; the checkpoints before it are whole.",
        ) from error


def _room(path: Path) -> str:
    """Return why a file could not be written whole: PyTorch's writer tells positions in it, not the cause."""
    try:
        free = shutil.disk_usage(path.parent).free
    except OSError:
        return "its folder has gone"
    return f"{free / 2**20:.1f} MiB are free there"


def read_state(path: Path) -> dict[str, Any]:
    """Return a saved state; never runs code from the file.

    Raises:
        InputError: the file is missing or damaged.
    """
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever the unpickler meets in a damaged file
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(
            f"The checkpoint {path} cannot be read ({reason}).", "Resume from an older one, or start again."
        ) from error
