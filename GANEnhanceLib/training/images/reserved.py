"""Images that are kept apart for independent evaluation: refused by name and by content.

`reserved.json` holds three kinds of sha256: `files`, of the bytes of a file as its package has it; `volumes`,
of all voxels as this library reads them, as float32 with their shape (k, j, i), after the file's own slope
and intercept (`hash_voxels`); and `slices`, the same of each single slice (1, j, i), so that neither another
format nor a part of a series passes. Other values, another crop or a turned slice have another hash: there
the name has to do, and the person who writes the recipe.
"""

from __future__ import annotations

import fnmatch
import json
from functools import cache
from pathlib import Path

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.training.images.hashes import hash_voxels
from GANEnhanceLib.training.images.registry import hash_file

RESERVED_NAMES = (
    "*inia19*", "brain_0*.dcm", "explicit_big.dcm", "explicit_little.dcm", "t1_coronal_slice*",
    "*b0dwi_for_fmap*", "MR-MONO2-8-16x-heart*", "examples_overlay*", "MR-SIEMENS-DICOM-WithOverlays*",
    "explicit_VR-UN*", "gdcm-US-ALOKA-16*", "ultrasound-multiframe*", "Cranium.inv3*",
)  # fmt: skip
"""Patterns of the names of files that no training may read."""

_FILE = Path(__file__).with_name("reserved.json")


@cache
def reserved_hashes() -> dict[str, frozenset[str]]:
    """Return the sha256 by kind: files, volumes, slices; see the top of this file."""
    known = json.loads(_FILE.read_text(encoding="utf-8"))
    return {kind: frozenset(known[kind]) for kind in ("files", "volumes", "slices")}


@cache
def _shapes() -> frozenset[tuple[int, int]]:
    known = json.loads(_FILE.read_text(encoding="utf-8"))
    return frozenset(tuple(shape) for shape in known["slice_shapes"])


def refuse_reserved(path: str | Path, digest: str | None = None) -> None:
    """Raise InputError when a file is kept apart for independent evaluation, by its name or its content.

    `digest` is the sha256 of the file, where it is known already.
    """
    path = Path(path)
    named = any(fnmatch.fnmatch(path.name.lower(), pattern.lower()) for pattern in RESERVED_NAMES)
    if digest is None and path.is_file():
        digest = hash_file(path)
    if named or digest in reserved_hashes()["files"]:
        raise _refusal(path.name)


def refuse_reserved_voxels(voxels: np.ndarray, name: str, content: str | None = None) -> None:
    """Raise InputError when voxels (k, j, i), or one of their slices, are reserved; `name` is told.

    `content` is their `hash_voxels`, where it is known already.
    """
    if (content or hash_voxels(voxels)) in reserved_hashes()["volumes"]:
        raise _refusal(name)
    if tuple(voxels.shape[1:]) not in _shapes():
        return
    if any(hash_voxels(voxels[k : k + 1]) in reserved_hashes()["slices"] for k in range(len(voxels))):
        raise _refusal(name)


def _refusal(name: str) -> InputError:
    return InputError(
        f"'{name}' is reserved for independent evaluation.",
        "Take another image for training, tuning and choosing.",
    )
