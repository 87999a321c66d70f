"""Reads volumes for a training and keeps their voxels in memory, or in memory-mapped files on disk."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from GANEnhanceLib.errors import GANEnhanceError, InputError, OutputError
from GANEnhanceLib.training.data.folders import FoundVolume
from GANEnhanceLib.training.images.hashes import hash_voxels
from GANEnhanceLib.training.images.read import read_image
from GANEnhanceLib.training.images.reserved import refuse_reserved_voxels
from GANEnhanceLib.volume import Volume, read_volume

_SHARE_OF_MEMORY = 0.5
"""Of the memory that is free, what `auto` takes for voxels; the networks need the rest."""
_UNKNOWN_MEMORY = 4 << 30
"""Bytes taken to be free where the system does not say."""


@dataclass(frozen=True)
class StoredVolume:
    """A volume with its provenance: `sha256` of its files, `content` of its voxels and their shape."""

    found: FoundVolume
    volume: Volume
    sha256: str
    content: str

    @property
    def modality(self) -> str | None:
        """Return the modality that its files say, else the one of its set."""
        return self.volume.modality or self.found.modality


class VolumeStore:
    """Reads volumes once, checks them, and keeps their voxels.

    On disk a volume is an array in `.npy` and its grid in `.json`, named by the hash of its files, written
    aside and renamed; a later run, or another process, takes them over without decoding.

    Args:
        folder: of the memory-mapped files; made when it is needed.
        memory: "ram", "disk", or "auto": in memory until half of what is free now is taken.
    """

    def __init__(self, folder: Path, memory: str = "auto") -> None:
        """Make the store; see the class for the arguments."""
        self.folder = Path(folder)
        limits = {"ram": float("inf"), "disk": 0.0, "auto": _SHARE_OF_MEMORY * free_memory()}
        self._limit = limits[memory]
        self._taken = 0

    def load(self, found: FoundVolume, keep: bool = True) -> StoredVolume:
        """Read a volume; with `keep` False its voxels are not counted: the caller lets go of them.

        Raises:
            InputError: it cannot be read, is reserved, holds NaN, is constant, or is a label map.
            OutputError: the disk is full.
        """
        digest = found.sha256()
        stored = None if found.is_detached else self._from_disk(found, digest)
        if stored is None:
            volume = _read(found)
            content = hash_voxels(volume.voxels)
            refuse_reserved_voxels(volume.voxels, found.path.name, content)
            stored = StoredVolume(found, volume, digest, content)
        voxels = stored.volume.voxels
        if not keep:
            return stored
        if self._taken + voxels.nbytes <= self._limit:
            self._taken += voxels.nbytes
            if is_mapped(voxels):
                return _with_voxels(stored, np.array(voxels))
            return stored
        return stored if is_mapped(voxels) else self._to_disk(stored)

    def _from_disk(self, found: FoundVolume, digest: str) -> StoredVolume | None:
        array, notes = self._paths(_key(found, digest))
        try:
            known = json.loads(notes.read_text(encoding="utf-8"))
            # As plain ndarray: a memmap's own indexing costs several times as much.
            voxels = np.asarray(np.load(array, mmap_mode="r"))
            volume = Volume(voxels, np.array(known["ijk_to_ras"]), known["modality"], found.name)
            content = str(known["content"])
        except (OSError, ValueError, KeyError, TypeError, EOFError, GANEnhanceError):
            return None  # not there, or half a file: made again
        return StoredVolume(found, volume, digest, content)

    def _to_disk(self, stored: StoredVolume) -> StoredVolume:
        key = stored.content if stored.found.is_detached else _key(stored.found, stored.sha256)
        array, notes = self._paths(key)
        volume = stored.volume
        values = {
            "content": stored.content,
            "ijk_to_ras": volume.ijk_to_ras.tolist(),
            "modality": volume.modality,
        }
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write_aside(array, lambda stream: np.save(stream, volume.voxels, allow_pickle=False))
            _write_aside(notes, lambda stream: stream.write(json.dumps(values).encode()))
        except OSError as error:
            size = volume.voxels.nbytes / 2**20
            raise OutputError(
                f"'{stored.found.name}' cannot be kept in '{self.folder}' ({size:.0f} MiB):"
                f" {error.strerror or error}.",
                "Make room, or keep the data in memory with data.memory=ram.",
            ) from error
        return _with_voxels(stored, np.asarray(np.load(array, mmap_mode="r")))

    def _paths(self, key: str) -> tuple[Path, Path]:
        return self.folder / f"{key}.npy", self.folder / f"{key}.json"


def is_mapped(voxels: np.ndarray) -> bool:
    """Return whether voxels lie in a memory-mapped file."""
    base = voxels
    while isinstance(base, np.ndarray):
        if isinstance(base, np.memmap):
            return True
        base = base.base
    return False


def free_memory() -> int:
    """Return the bytes of memory that a program can still have; a guess where the system does not say."""
    try:
        import psutil

        return int(psutil.virtual_memory().available)
    except ImportError:
        pass
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with contextlib.suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return _UNKNOWN_MEMORY


def _read(found: FoundVolume) -> Volume:
    try:
        volume = read_image(found.image.item, found.path) if found.image else read_volume(found.path)
    except InputError as error:
        if error.sentence.endswith("DICOM series."):
            raise InputError(error.sentence, "Put each series into a folder of its own.") from error
        raise
    try:
        volume.check_usable()
    except InputError as error:
        fault = error.sentence[0].lower() + error.sentence[1:]
        raise InputError(
            f"'{found.path}' cannot be learned from: {fault}", "Repair it, or leave it out."
        ) from error
    voxels = np.ascontiguousarray(volume.voxels, volume.voxels.dtype.newbyteorder("="))
    return Volume(voxels, volume.ijk_to_ras, volume.modality, found.name)


def _key(found: FoundVolume, digest: str) -> str:
    """Return the name of a stored volume: one file read or prepared in another way is another volume."""
    if found.image is None:
        return digest
    way = found.image.item.model_dump_json(include={"reader", "prepare"})
    return hashlib.sha256(f"{digest} {way}".encode()).hexdigest()


def _with_voxels(stored: StoredVolume, voxels: np.ndarray) -> StoredVolume:
    return StoredVolume(stored.found, stored.volume.with_voxels(voxels), stored.sha256, stored.content)


def _write_aside(path: Path, write) -> None:
    """Write a file under another name and rename it; several processes may do so at once."""
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
