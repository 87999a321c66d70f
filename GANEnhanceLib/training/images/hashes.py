"""Hashes of an image's voxels, which stay the same however it is stored."""

from __future__ import annotations

import hashlib

import numpy as np


def hash_voxels(voxels: np.ndarray) -> str:
    """Return the sha256 of voxels (k, j, i) as float32 and of their shape: the same image saved in another
    format or type has the same one."""
    digest = hashlib.sha256(repr(tuple(voxels.shape)).encode())
    for part in voxels:
        values = np.ascontiguousarray(part, dtype="<f4")
        digest.update((values + np.float32(0.0)).tobytes())  # no difference between 0 and -0
    return digest.hexdigest()
