"""Locks on files that the system releases with their process, however that ends."""

from __future__ import annotations

import sys


def takes_lock(descriptor: int) -> bool:
    """Take the exclusive lock of an open file without waiting; False if it cannot be had."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
