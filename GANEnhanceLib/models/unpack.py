"""Unpack the zip of a bundle: nothing lands outside of the target, and nothing unpacks without end.

Names are judged before a byte is written: absolute ones, drives, "..", links and names that one file system
holds for the same are refused. What a bundle must be like otherwise is checked after unpacking.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.models.files import HASHES

MOST_FILES = 1000
LARGEST_BYTES = 4 * 2**30
# Weights hardly compress; texts do, ten times.
_LARGEST_RATIO = 100
_FREE_BYTES = 16 * 2**20
_BLOCK = 2**20
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_TRUSTED = "Do not use this file; get the model from a source that you trust."


def unpack_bundle(path: Path, target: Path) -> Iterator[float]:
    """Unpack the bundle in a zip into the new folder `target`; yields the share of bytes that are written.

    One folder around the bundle, as archives of MONAI have it, is left out. Raises ModelError for a zip that
    is broken, unsafe or holds no bundle, OSError where `target` cannot be written.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, EOFError) as error:
        raise ModelError(f'The file "{path.name}" is no zip archive.', "Get the model again.") from error
    with archive:
        entries = _judged(archive, path)
        top = _top_folder([name for name, _entry in entries], path)
        total, written = sum(entry.file_size for _name, entry in entries) or 1, 0
        for name, entry in entries:
            place = target.joinpath(*PurePosixPath(name).parts[len(top) :])
            place.parent.mkdir(parents=True, exist_ok=True)
            for size in _extract(archive, entry, place, path):
                written += size
                yield written / total


def _judged(archive: zipfile.ZipFile, path: Path) -> list[tuple[str, zipfile.ZipInfo]]:
    """Return (name, entry) of the files; ModelError for the first that is unsafe."""
    entries = []
    for entry in archive.infolist():
        name = entry.filename
        if entry.is_dir() or PurePosixPath(name).name in _JUNK or name.split("/")[0] in _JUNK:
            continue
        _check_name(name, path)
        _check_kind(entry, path)
        entries.append((name, entry))
    if len(entries) > MOST_FILES:
        raise ModelError(
            f'The archive "{path.name}" holds {len(entries)} files; at most {MOST_FILES} are allowed.',
            _TRUSTED,
        )
    names = [name.casefold() for name, _entry in entries]
    for name, _entry in entries:
        if names.count(name.casefold()) > 1:
            raise ModelError(f'The archive "{path.name}" holds "{name}" twice.', _TRUSTED)
    total = sum(entry.file_size for _name, entry in entries)
    allowed = min(LARGEST_BYTES, _FREE_BYTES + _LARGEST_RATIO * path.stat().st_size)
    if total > allowed:
        raise ModelError(
            f'The archive "{path.name}" unpacks to {total / 2**20:.0f} MiB; at most'
            f" {allowed / 2**20:.0f} MiB are allowed.",
            _TRUSTED,
        )
    return entries


def _check_name(name: str, path: Path) -> None:
    parts = name.split("/")
    leaves = name.startswith("/") or "\\" in name or ":" in name or ".." in parts
    if leaves or "\0" in name or "." in parts or "" in parts:
        raise ModelError(
            f'The archive "{path.name}" holds "{name}", a path that leaves its folder.', _TRUSTED
        )


def _check_kind(entry: zipfile.ZipInfo, path: Path) -> None:
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        what = "a link" if stat.S_ISLNK(mode) else "no plain file"
        raise ModelError(f'"{entry.filename}" in the archive "{path.name}" is {what}.', _TRUSTED)
    if entry.flag_bits & 0x1:
        raise ModelError(
            f'The archive "{path.name}" is locked with a password.', "Unpack it yourself and add the folder."
        )


def _top_folder(names: list[str], path: Path) -> tuple[str, ...]:
    """Return the parts of the one folder around the bundle, () if there is none."""
    if HASHES in names:
        return ()
    tops = {name.split("/")[0] for name in names}
    if len(tops) == 1 and f"{(top := tops.pop())}/{HASHES}" in names:
        return (top,)
    raise ModelError(
        f'The archive "{path.name}" has no file "{HASHES}" at its top or in its one folder, so it holds no'
        " model of GANEnhance.",
        "Give the zip of a bundle that GANEnhance has written.",
    )


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path, path: Path) -> Iterator[int]:
    with place.open("xb") as file:
        try:
            with archive.open(entry) as packed:
                while block := packed.read(_BLOCK):
                    file.write(block)
                    yield len(block)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise ModelError(
                f'"{entry.filename}" in the archive "{path.name}" is damaged ({error}).', "Get it again."
            ) from error
