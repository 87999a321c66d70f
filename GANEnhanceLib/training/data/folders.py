"""Finds the volumes of a set: in a folder, in a list of files, among the public images."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from pathlib import Path

from GANEnhanceLib.dicom import is_dicom_file
from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.training.config.data import VolumesConfig
from GANEnhanceLib.training.images.fetch import fetch_images
from GANEnhanceLib.training.images.image import Image
from GANEnhanceLib.training.images.load import recipe_images
from GANEnhanceLib.training.images.reserved import refuse_reserved
from GANEnhanceLib.training.sources import find_source
from GANEnhanceLib.volume import READ_SUFFIXES

_log = logging.getLogger(__name__)

_DETACHED = (".nhdr", ".mhd")
_CHUNK = 1 << 20
_TOLD = 3
"""Names of files passed over that the log shows."""


@dataclass(frozen=True)
class FoundVolume:
    """A volume that was found, not read yet.

    `path` is a file, or a folder with a DICOM series, and `files` are all its files; `name` is the path below
    the folder of the set, or that of the `image` of a recipe. `patient` is whom it shows.
    """

    path: Path
    name: str
    patient: str
    files: tuple[Path, ...]
    modality: str | None = None
    image: Image | None = None

    @property
    def part(self) -> str:
        """Return the part that a recipe gives the image, "training", "validation" or "test"; else "any"."""
        return self.image.part if self.image else "any"

    @property
    def is_detached(self) -> bool:
        """Return whether the voxels are in another file, which the hash of this one does not cover."""
        return self.path.suffix.lower() in _DETACHED

    def sha256(self) -> str:
        """Return the hash of the file; of a series, the hash of the sorted hashes of its files.

        Raises:
            InputError: a file cannot be opened, or is reserved for independent evaluation.
        """
        digests = []
        for path in self.files:
            digests.append(_hash_file(path))
            refuse_reserved(path, digests[-1])
        if len(digests) == 1:
            return digests[0]
        return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()


def find_volumes(config: VolumesConfig, cache: Path) -> list[FoundVolume]:
    """Return the volumes of a set, sorted by name, each once.

    NIfTI, NRRD and MetaImage files are volumes; a folder with DICOM files is one. Other files, and names that
    begin with a dot, are passed over with a note in the log.

    Args:
        config: the set.
        cache: folder of the public images, which are fetched into it when they are not there.

    Raises:
        InputError: a folder or file is missing or holds no volume, or a file's path does not say the patient.
        OptionError: unknown public image.
    """
    found = []
    if config.folder is not None:
        found += _in_folder(config)
    found += [_of_file(Path(path).expanduser(), config) for path in config.files]
    found += _of_images(_chosen_images(config), cache, config)
    # A file that a recipe prepares in two ways is two volumes.
    once = {(each.path.resolve(), each.image and each.image.name): each for each in reversed(found)}
    return sorted(once.values(), key=lambda each: (each.name, str(each.path)))


def _in_folder(config: VolumesConfig) -> list[FoundVolume]:
    folder = config.folder.expanduser()
    if not folder.exists():
        raise InputError(f"There is no folder '{folder}'.", "Correct the path of the data's folder.")
    if not folder.is_dir():
        raise InputError(f"'{folder}' is a file, not a folder.", "Name single volumes under files.")
    volumes, series, others = _sorted_out(folder, config.pattern)
    if others:
        shown = ", ".join(str(path.relative_to(folder)) for path in others[:_TOLD])
        more = f" and {len(others) - _TOLD} more" if len(others) > _TOLD else ""
        _log.info("Passed over in %s, for they are no volumes: %s%s.", folder, shown, more)
    if not volumes and not series:
        seen = f"none of its {len(others)} files is one" if others else "it is empty"
        asked = f" for the pattern '{config.pattern}'" if config.pattern != "**/*" else ""
        raise InputError(
            f"The folder '{folder}' holds no volume{asked}: {seen}.",
            f"Volumes end with {', '.join(READ_SUFFIXES[:-1])}, or are folders of DICOM slices.",
        )
    found = {path: (path,) for path in volumes} | {path: tuple(files) for path, files in series.items()}
    return [
        FoundVolume(path, _relative(path, folder), _patient(path, folder, config), files, config.modality)
        for path, files in found.items()
    ]


def _sorted_out(folder: Path, pattern: str) -> tuple[list[Path], dict[Path, list[Path]], list[Path]]:
    """Return volume files, folders of DICOM files with these, and everything else, each sorted."""
    volumes: list[Path] = []
    series: dict[Path, list[Path]] = {}
    others: list[Path] = []
    try:
        paths = sorted(folder.glob(pattern))
    except (ValueError, NotImplementedError) as error:
        raise OptionError(
            f"The pattern '{pattern}' cannot be searched for: {error}.", "Example: **/*_t1.nii.gz"
        ) from error
    for path in paths:
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or not path.is_file():
            continue
        if _is_volume(path):
            volumes.append(path)
        elif _is_slice(path):
            series.setdefault(path.parent, []).append(path)
        else:
            others.append(path)
    return volumes, series, others


def _is_volume(path: Path) -> bool:
    return path.name.lower().endswith(tuple(suffix for suffix in READ_SUFFIXES if suffix != ".dcm"))


def _is_slice(path: Path) -> bool:
    if path.name.upper() == "DICOMDIR":
        return False
    if path.suffix.lower() == ".dcm":
        return True
    try:
        return is_dicom_file(path)
    except OSError as error:
        raise _cannot_be_opened(path, error) from error


def _of_file(path: Path, config: VolumesConfig) -> FoundVolume:
    if not path.exists():
        raise InputError(f"There is no file or folder '{path}'.", "Correct the list of the data's files.")
    files = (path,)
    if path.is_dir():
        files = tuple(
            each
            for each in sorted(path.iterdir())
            if each.is_file() and not each.name.startswith(".") and _is_slice(each)
        )
        if not files:
            raise InputError(
                f"The folder '{path}' of the data's files holds no DICOM series.",
                "Name it under folder to search it for volumes.",
            )
    name = path.name or path.resolve().name
    return FoundVolume(path, name, _patient(path, None, config), files, config.modality)


def _chosen_images(config: VolumesConfig) -> list[Image]:
    if not config.recipe:
        return [find_source(name) for name in config.sources]
    images = {image.name: image for image in recipe_images(config.recipe)}
    unknown = [name for name in config.sources if name not in images]
    if unknown:
        raise OptionError(
            f"The recipe '{config.recipe}' has no image '{unknown[0]}'; it has {', '.join(images)}."
        )
    if config.sources:
        return [images[name] for name in config.sources]
    return [image for image in images.values() if image.part != "unused"]


def _of_images(images: list[Image], cache: Path, config: VolumesConfig) -> list[FoundVolume]:
    paths = fetch_images(images, cache)
    return [
        FoundVolume(
            path, image.name, image.patient, _files_of(path), image.modality or config.modality, image
        )
        for image, path in zip(images, paths, strict=True)
    ]


def _files_of(path: Path) -> tuple[Path, ...]:
    return tuple(sorted(each for each in path.iterdir() if each.is_file())) if path.is_dir() else (path,)


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path != folder else folder.resolve().name


def _patient(path: Path, folder: Path | None, config: VolumesConfig) -> str:
    """Return whom a volume shows: by the regular expression, else by its first folder, else by its name."""
    below = path.as_posix() if folder is None else _relative(path, folder)
    if config.patient:
        match = re.search(config.patient, below)
        groups = [group for group in (match.groups() or (match.group(),)) if group] if match else []
        if not groups:
            raise InputError(
                f"The expression '{config.patient}' finds no patient in '{below}'.",
                "Correct `patient` of the data, or leave the file out with `pattern`.",
            )
        return groups[0]
    parts = Path(below).parts
    return parts[0] if folder is not None and len(parts) > 1 else _stem(path)


def _stem(path: Path) -> str:
    name = path.name or path.resolve().name
    suffix = max((each for each in READ_SUFFIXES if name.lower().endswith(each)), key=len, default="")
    return name[: len(name) - len(suffix)] or name


def _hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise _cannot_be_opened(path, error) from error
    return digest.hexdigest()


def _cannot_be_opened(path: Path, error: OSError) -> InputError:
    return InputError(f"'{path}' cannot be opened: {error.strerror or error}.", "Check its permissions.")
