"""The worker's private folder for voxels: made readable for its user alone, and never left behind.

The folder holds images of patients, so it is removed when the worker ends, by the client when the worker was
killed, and, when both were killed at once, by the next worker: a lock that the system releases with the
process tells which folders have an owner.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from GANEnhanceLib.locks import takes_lock

PREFIX = "ganenhance-worker-"
LOCK_NAME = "owner.lock"
# A folder younger than this may belong to a worker that is about to lock it.
SWEEP_AGE_SECONDS = 60.0


class WorkerFolder:
    """A new private folder (0700) in the temporary folder, locked until `remove` or the process ends."""

    def __init__(self):
        """Make the folder and lock it; OSError if that is not possible."""
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = open(self.path / LOCK_NAME, "xb")  # noqa: SIM115 (kept open: it is the lock)
        takes_lock(self._lock.fileno())

    def remove(self) -> None:
        """Remove the folder and what is in it; harmless if it is gone."""
        self._lock.close()
        remove_folder(self.path)


def remove_folder(path: Path) -> None:
    """Remove a folder tree; tries again for a moment where another process still has a file of it."""
    for _attempt in range(5):
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return
        time.sleep(0.05)


def sweep_folders(parent: Path | None = None, age_seconds: float = SWEEP_AGE_SECONDS) -> list[Path]:
    """Remove folders that killed workers of this user left in `parent` (default: the temporary folder).

    Returns the folders that were removed.
    """
    parent = Path(tempfile.gettempdir()) if parent is None else parent
    return [folder for folder in parent.glob(PREFIX + "*") if _sweep(folder, age_seconds)]


def _sweep(folder: Path, age_seconds: float) -> bool:
    try:
        status = folder.lstat()
        mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
        if folder.is_symlink() or not mine or time.time() - status.st_mtime < age_seconds:
            return False
        with open(folder / LOCK_NAME, "r+b") as lock:
            if not takes_lock(lock.fileno()):
                return False
    except FileNotFoundError:
        pass  # no lock file: its owner was killed while it made or removed the folder
    except OSError:
        return False
    remove_folder(folder)
    return not folder.exists()
