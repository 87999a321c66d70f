"""Folders in which a model is written before it appears under its name, and what killed processes left.

A lock that the system releases with its process, however that ends, tells which folder has an owner.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from GANEnhanceLib.locks import takes_lock

OWNER = "owner.lock"
REPLACED = "replaced"
"""Name, in the folder aside, of the model that makes room for the new one."""


@contextmanager
def folder_aside(target: Path) -> Iterator[Path]:
    """Make a hidden folder beside a target, on its disk, locked by this process; it is gone afterwards.

    Raises:
        OSError: it cannot be made.
    """
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        with open(aside / OWNER, "xb") as owner:
            # Nobody takes an empty file for one whose owner has died.
            if takes_lock(owner.fileno()):
                owner.write(str(os.getpid()).encode())
                owner.flush()
            yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def sweep_aside(target: Path) -> None:
    """Remove the folders beside a target that killed processes left; a model they had moved comes back."""
    name = re.compile(re.escape(f".{target.name}-") + "[a-z0-9_]+")
    with suppress(OSError):
        for left in target.parent.iterdir():
            if name.fullmatch(left.name) and _has_lost_its_owner(left / OWNER):
                if (left / REPLACED).is_dir() and not target.exists():
                    os.replace(left / REPLACED, target)
                shutil.rmtree(left, ignore_errors=True)


def _has_lost_its_owner(path: Path) -> bool:
    try:
        with open(path, "r+b") as owner:
            return takes_lock(owner.fileno()) and bool(owner.read())
    except OSError:
        return False
