"""Real packages of a few kilobytes that tests make: a wheel, a tgz, a deb; and recipes of them."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import training_folders as folders
import yaml

WHEEL = "tinyimages-1.0-py3-none-any.whl"


def digest(content: bytes) -> str:
    """Return the sha256."""
    return hashlib.sha256(content).hexdigest()


def volume_bytes(tmp: Path, seed: int = 0) -> bytes:
    """Return the bytes of a NIfTI file."""
    return folders.save(tmp / f"made-{seed}.nii.gz", folders.image(seed)).read_bytes()


def make_wheel(path: Path, members: dict[str, bytes], link: str | None = None) -> Path:
    """Write a wheel that pip accepts; `link` is a member that is a symbolic link."""
    name, version = path.name.split("-")[:2]
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for member, content in members.items():
            wheel.writestr(member, content)
        if link is not None:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = 0o120777 << 16
            wheel.writestr(entry, "/etc/passwd")
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    return path


def tar_bytes(members: dict[str, bytes | str], mode: str = "w:gz") -> bytes:
    """Return a tar; a text is the target of a symbolic link."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as package:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            if isinstance(content, str):
                entry.type, entry.linkname = tarfile.SYMTYPE, content
                package.addfile(entry)
            else:
                entry.size = len(content)
                package.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def make_npm(path: Path, members: dict[str, bytes], name: str, version: str) -> Path:
    """Write a tgz that npm accepts."""
    about = json.dumps({"name": name, "version": version, "scripts": {"prepack": "touch ran"}}).encode()
    path.write_bytes(tar_bytes({"package/package.json": about, **members}))
    return path


def make_deb(path: Path, members: dict[str, bytes], name: str, version: str) -> Path:
    """Write a deb(5): an ar archive of a version, control and data."""
    control = f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: x\nDescription: x\n"
    data = tar_bytes({f"./{member}": content for member, content in members.items()}, "w")
    parts = {
        "debian-binary": b"2.0\n",
        "control.tar.gz": tar_bytes({"./control": control.encode()}),
        "data.tar.xz": lzma.compress(data),
    }
    with open(path, "wb") as deb:
        deb.write(b"!<arch>\n")
        for part, content in parts.items():
            deb.write(f"{part:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode())
            deb.write(content + b"\n" * (len(content) % 2))
    return path


def package(path: Path, registry: str, name: str, version: str) -> dict:
    """Return the plain values of a package of a recipe."""
    return {
        "registry": registry,
        "name": name,
        "version": version,
        "file": path.name,
        "sha256": digest(path.read_bytes()),
    }


def item(name: str, content: bytes, member: str, **changes) -> dict:
    """Return the plain values of an item of the package `tiny`."""
    values = {"name": name, "package": "tiny", "member": member, "sha256": digest(content)}
    return {**values, "patient": name, "part": "training", "modality": "MR", **changes}


def write_recipe(path: Path, items: list[dict], **more) -> Path:
    """Write a recipe."""
    path.write_text(yaml.safe_dump({"name": "tiny", "items": items, **more}, sort_keys=False))
    return path


def write_array(path: Path, voxels: np.ndarray) -> bytes:
    """Write a NumPy file and return its bytes."""
    np.save(path, voxels, allow_pickle=False)
    return path.read_bytes()
