"""Takes single members out of packages (wheel, zip, tar, deb) without unpacking or running anything else."""

from __future__ import annotations

import difflib
import fnmatch
import io
import lzma
import stat
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from GANEnhanceLib.errors import InputError

_LARGEST = 4 << 30
"""Bytes of a member; a larger one is no image that this library could hold."""
_AR, _AR_HEADER = b"!<arch>\n", 60
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, NotImplementedError)


def read_members(archive: Path, patterns: list[str]) -> dict[str, dict[str, bytes]]:
    """Return the contents of members: for each pattern, those of its files by their paths.

    Args:
        archive: a .whl, .zip, .tar.gz, .tgz or .deb.
        patterns: paths inside it, or globs.

    Raises:
        InputError: the archive is damaged; a name in it leads out of it; or a member is missing, a link or
            larger than 4 GiB.
    """
    archive = Path(archive)
    members = _zip_members if archive.suffix in (".whl", ".zip") else _tar_members
    found: dict[str, dict[str, bytes]] = {pattern: {} for pattern in patterns}
    names = []
    try:
        for name, size, is_link, read in members(archive):
            _refuse_escape(archive, name)
            names.append(name)
            for pattern in patterns:
                if name == pattern or ("*" in pattern and fnmatch.fnmatchcase(name, pattern)):
                    _refuse_member(archive, name, size, is_link)
                    found[pattern][name] = read()
    except (*_BROKEN, OSError, subprocess.CalledProcessError) as error:
        raise InputError(
            f"The package '{archive.name}' cannot be unpacked: {error}.", "Fetch it again."
        ) from error
    for pattern, files in found.items():
        if not files:
            near = difflib.get_close_matches(pattern, names, n=1, cutoff=0.5)
            meant = f"; near is '{near[0]}'" if near else ""
            raise InputError(
                f"The package '{archive.name}' has no member '{pattern}'{meant}.",
                "Correct the recipe, or name the version of the package that has it.",
            )
    return found


def _refuse_escape(archive: Path, name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise InputError(
            f"The package '{archive.name}' holds '{name}', which leads out of it, so nothing of it is taken.",
            "Delete it, and do not install it either.",
        )


def _refuse_member(archive: Path, name: str, size: int, is_link: bool) -> None:
    if is_link:
        raise InputError(
            f"'{name}' in the package '{archive.name}' is a link, not a file.",
            "Name the file that it leads to.",
        )
    if size > _LARGEST:
        raise InputError(
            f"'{name}' in the package '{archive.name}' has {size / 2**30:.1f} GiB, more than 4.",
            "Take another image.",
        )


def _zip_members(archive: Path) -> Iterator:
    with zipfile.ZipFile(archive) as package:
        for member in package.infolist():
            if not member.is_dir():
                is_link = stat.S_ISLNK(member.external_attr >> 16)
                yield member.filename, member.file_size, is_link, lambda member=member: package.read(member)


def _tar_members(archive: Path) -> Iterator:
    with _opened(archive) as stream, tarfile.open(fileobj=stream) as package:
        for member in package:
            if member.isfile() or member.issym() or member.islnk():
                name = member.name.removeprefix("./")
                is_link = not member.isfile()
                yield name, member.size, is_link, lambda member=member: package.extractfile(member).read()


@contextmanager
def _opened(archive: Path) -> Iterator[BinaryIO]:
    if archive.suffix == ".deb":
        yield io.BytesIO(_data_of_deb(archive))
        return
    with open(archive, "rb") as stream:
        yield stream


def _data_of_deb(archive: Path) -> bytes:
    """Return the tar with the files of a Debian package, which is an ar archive (deb(5))."""
    content = archive.read_bytes()
    place = len(_AR)
    while content.startswith(_AR) and place + _AR_HEADER <= len(content):
        header = content[place : place + _AR_HEADER]
        name, size = header[:16].decode("ascii", "replace").strip().rstrip("/"), header[48:58].strip()
        if not size.isdigit():
            break
        place += _AR_HEADER
        if name == "data.tar.zst":  # Ubuntu; this Python may not know it
            command = ["dpkg-deb", "--fsys-tarfile", str(archive)]
            return subprocess.run(command, capture_output=True, check=True).stdout
        if name.startswith("data.tar"):
            return content[place : place + int(size)]
        place += int(size) + int(size) % 2
    raise tarfile.ReadError("it is no Debian package")
