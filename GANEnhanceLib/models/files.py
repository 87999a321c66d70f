"""The files of a bundle: found, judged safe and compared with their hashes before anything is opened.

A bundle is data that somebody else made. So it may hold plain files of a few known kinds only, no links,
nothing that unpickles, and every file must be listed in `hashes.json` with the SHA-256 that it has. Nothing
is executed.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path, PurePosixPath
from typing import Any

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.models.torchscript import check_torchscript_file

HASHES = "hashes.json"
METADATA = "configs/metadata.json"
INFERENCE = "configs/inference.json"
TORCHSCRIPT_SUFFIX = ".ts"

_KNOWN_SUFFIXES = frozenset({".json", ".md", ".txt", ".png", ".safetensors", ".onnx", TORCHSCRIPT_SUFFIX})
_KNOWN_NAMES = frozenset({"LICENSE", "NOTICE"})
_PICKLE_SUFFIXES = frozenset(
    {".pt", ".pth", ".bin", ".pkl", ".pickle", ".ckpt", ".joblib", ".dill", ".npy", ".npz", ".tar"}
)
_ZIP_MAGIC = b"PK\x03\x04"
_LARGEST_JSON = 16 * 2**20
_BLOCK = 2**20
# torch.load with weights_only reads no code, and whoever converts does it outside of GANEnhance.
CONVERT_HINT = (
    "Ask the model's author for safetensors weights, or convert them:"
    ' python -c "import torch; from safetensors.torch import save_file;'
    " save_file(torch.load('model.pt', weights_only=True), 'model.safetensors')\"."
)
_INSTALL_AGAIN = "Install the model again from its source."


class BundleFiles:
    """A bundle folder whose listing was checked; every read compares the file with its hash.

    `hashes` maps relative paths to SHA-256 (hex); `sha256` is the identity of the whole bundle: the SHA-256
    of the sorted lines "<hash> <path>\\n" of all its files.
    """

    def __init__(self, folder: Path):
        """Find and judge the files of `folder`; ModelError if anything about their listing is wrong."""
        self.folder = Path(folder)
        found = find_files(self.folder)
        for relative in found:
            refuse_unsafe(self.folder, relative)
        self.hashes = read_hashes(self.folder)
        match_listing(self.folder, found, self.hashes)
        self.sha256 = bundle_identity(self.hashes)

    def verify(self) -> None:
        """Compare every file with its hash (ModelError naming the one that was changed)."""
        for relative in self.hashes:
            self.path(relative)

    def path(self, relative: str) -> Path:
        """Return the path of a listed file whose content has just been verified."""
        self._require(relative)
        check_hash(self.folder, relative, self.hashes[relative])
        return self.folder / relative

    def read(self, relative: str) -> bytes:
        """Return the content of a listed file, verified in memory (so it cannot change in between)."""
        self._require(relative)
        content = _read(self.folder, relative)
        if hashlib.sha256(content).hexdigest() != self.hashes[relative]:
            raise _changed(self.folder, relative)
        return content

    def _require(self, relative: str) -> None:
        if relative not in self.hashes:
            raise ModelError(f'The model "{self.folder.name}" has no file "{relative}".', _INSTALL_AGAIN)


def find_files(folder: Path) -> list[str]:
    """Return the relative POSIX paths of all files under `folder`, sorted.

    Raises ModelError for a missing folder, and for links, devices and pipes anywhere below it: a link could
    leave the folder or be turned elsewhere after the check.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ModelError(f'The model folder "{folder}" does not exist.', "Give the path of a model's folder.")
    found: list[str] = []
    pending = [folder]
    while pending:
        for entry in _scan(pending.pop()):
            relative = Path(entry.path).relative_to(folder).as_posix()
            if _is_link(entry):
                raise ModelError(
                    f'{_named(folder, relative)} is a link to "{_target(entry)}", which may leave'
                    " the model's folder.",
                    "Put a copy of the file in the place of the link.",
                )
            if entry.is_dir(follow_symlinks=False):
                pending.append(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                found.append(relative)
            else:
                raise ModelError(
                    f"{_named(folder, relative)} is not a plain file.",
                    "Remove it from the folder.",
                )
    return sorted(found)


def refuse_unsafe(folder: Path, relative: str) -> None:
    """Raise ModelError if a file can hold code or a pickle, by its name or by its first bytes."""
    path = PurePosixPath(relative)
    suffix = path.suffix.lower()
    if suffix in _PICKLE_SUFFIXES:
        raise _pickle(folder, relative, f'files named "*{suffix}"')
    if suffix not in _KNOWN_SUFFIXES and path.name not in _KNOWN_NAMES:
        allowed = ", ".join(sorted(_KNOWN_SUFFIXES)) + ", LICENSE, NOTICE"
        raise ModelError(
            f"{_named(folder, relative)} is of an unknown kind; allowed are {allowed}.",
            "Remove it from the folder.",
        )
    start = _start(folder, relative)
    if suffix == ".safetensors" and start[8:9] == b"{":
        return  # Its length may by chance look like the start of a pickle; the parser is strict.
    if suffix == TORCHSCRIPT_SUFFIX:
        check_torchscript_file(Path(folder) / relative, _named(folder, relative))
        return
    if start.startswith(_ZIP_MAGIC):
        raise _pickle(folder, relative, "zip archives as torch.save writes them")
    if len(start) > 1 and start[0] == 0x80 and start[1] <= 5:
        raise _pickle(folder, relative, "pickles under another name")
    if suffix == ".safetensors":
        raise ModelError(
            f"{_named(folder, relative)} is not a safetensors file.",
            _INSTALL_AGAIN,
        )


def read_hashes(folder: Path) -> dict[str, str]:
    """Return {relative path: SHA-256 hex} of `hashes.json`; ModelError if it is missing or unsafe."""
    listed = read_json(folder, HASHES)
    hashes = listed.get("sha256") if isinstance(listed, dict) else None
    if not isinstance(hashes, dict) or not hashes:
        raise ModelError(
            f'{_named(folder, HASHES)} has no object "sha256" of paths and hashes.',
            _INSTALL_AGAIN,
        )
    for relative, digest in hashes.items():
        _check_relative(folder, relative)
        if not isinstance(digest, str) or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise ModelError(
                f'{_named(folder, HASHES)} has no SHA-256 for "{relative}".',
                _INSTALL_AGAIN,
            )
    return hashes


def match_listing(folder: Path, found: list[str], hashes: dict[str, str]) -> None:
    """Raise ModelError unless the files found are exactly those listed in `hashes.json`, and itself."""
    present = set(found) - {HASHES}
    for relative in sorted(set(hashes) - present):
        raise ModelError(f"{_named(folder, relative)} is missing.", _INSTALL_AGAIN)
    for relative in sorted(present - set(hashes)):
        raise ModelError(
            f"{_named(folder, relative)} is not listed in {HASHES}.",
            "Remove it from the folder, or install the model again.",
        )


def check_hash(folder: Path, relative: str, expected: str) -> None:
    """Raise ModelError naming the file if its SHA-256 is not `expected`."""
    if hash_file(folder, relative) != expected:
        raise _changed(folder, relative)


def hash_file(folder: Path, relative: str) -> str:
    """Return the SHA-256 (hex) of a file, read in blocks."""
    digest = hashlib.sha256()
    try:
        with open(Path(folder) / relative, "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise _unreadable(folder, relative, error) from error
    return digest.hexdigest()


def bundle_identity(hashes: dict[str, str]) -> str:
    """Return the SHA-256 (hex) of the sorted lines "<hash>  <path>\\n": one number for the whole bundle."""
    lines = "".join(f"{hashes[relative]}  {relative}\n" for relative in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def read_json(folder: Path, relative: str) -> Any:
    """Return a parsed JSON file of the bundle (ModelError if missing, too large or malformed)."""
    path = Path(folder) / relative
    if not path.is_file():
        raise ModelError(
            f'The folder "{folder}" has no file "{relative}", so it is not a model.',
            "Give the folder that holds configs/, models/ and hashes.json.",
        )
    if path.stat().st_size > _LARGEST_JSON:
        raise ModelError(f"{_named(folder, relative)} is larger than 16 MiB.", _INSTALL_AGAIN)
    return parse_json(folder, relative, _read(folder, relative))


def parse_json(folder: Path, relative: str, content: bytes) -> Any:
    """Return the parsed `content` of the JSON file `relative`; ModelError if it is malformed."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ModelError(
            f"{_named(folder, relative)} is not valid JSON ({error}).", _INSTALL_AGAIN
        ) from error


def _check_relative(folder: Path, relative: str) -> None:
    parts = relative.split("/")
    absolute = relative.startswith("/") or ":" in relative or "\\" in relative
    if absolute or not relative or any(part in ("", ".", "..") for part in parts):
        raise ModelError(
            f'{_named(folder, HASHES)} lists "{relative}", a path that leaves its folder.',
            "Do not use this model; get it from a source that you trust.",
        )


def _scan(folder: Path) -> list[os.DirEntry]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        raise ModelError(
            f'The folder "{folder}" cannot be read ({error.strerror}).', "Check its rights."
        ) from error


def _is_link(entry: os.DirEntry) -> bool:
    # A junction of Windows is no symbolic link for Python, but leads out of the folder just as well.
    tag = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0)
    return entry.is_symlink() or tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)


def _target(entry: os.DirEntry) -> str:
    try:
        return os.readlink(entry.path)
    except OSError:
        return "another place"


def _named(folder: Path, relative: str) -> str:
    return f'The file "{relative}" of the model "{Path(folder).name}"'


def _start(folder: Path, relative: str) -> bytes:
    try:
        with open(Path(folder) / relative, "rb") as file:
            return file.read(16)
    except OSError as error:
        raise _unreadable(folder, relative, error) from error


def _read(folder: Path, relative: str) -> bytes:
    try:
        return (Path(folder) / relative).read_bytes()
    except OSError as error:
        raise _unreadable(folder, relative, error) from error


def _unreadable(folder: Path, relative: str, error: OSError) -> ModelError:
    return ModelError(
        f"{_named(folder, relative)} cannot be read ({error.strerror}).",
        _INSTALL_AGAIN,
    )


def _changed(folder: Path, relative: str) -> ModelError:
    return ModelError(
        f"{_named(folder, relative)} was changed: its SHA-256 is not the one in {HASHES}.",
        _INSTALL_AGAIN,
    )


def _pickle(folder: Path, relative: str, what: str) -> ModelError:
    return ModelError(
        f"{_named(folder, relative)} is refused: {what} may hold pickles, which run"
        " code when they are opened.",
        CONVERT_HINT,
    )
