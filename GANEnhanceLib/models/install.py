"""Add models to the user's folder, and remove them from it.

What is added is copied aside, verified there, and renamed: a model appears complete under its name or not at
all, and one that is there is replaced only if that was asked for.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from GANEnhanceLib.errors import ExistsError, ModelError, OutputError
from GANEnhanceLib.models.classical import CLASSICAL_NAMES
from GANEnhanceLib.models.files import HASHES, BundleFiles
from GANEnhanceLib.models.folders import user_folders
from GANEnhanceLib.models.model import read_card
from GANEnhanceLib.models.place import put_in_place
from GANEnhanceLib.models.registry import SHIPPED_FOLDER, ModelEntry, bundle_entry, list_models
from GANEnhanceLib.models.single_file import check_kind, find_card, write_single_file
from GANEnhanceLib.models.unpack import LARGEST_BYTES, MOST_FILES, unpack_bundle
from GANEnhanceLib.models.verify import make_checks

_ASIDE = ".adding-"
_SECONDS_OF_LEFTOVERS = 24 * 3600
_CHECKS = 13  # about as many as verify makes
_BLOCK = 4 * 2**20


class Step(NamedTuple):
    """Where adding a model stands: `stage` is "copying" or "verifying", `fraction` is of the whole."""

    stage: str
    fraction: float


def add_model(
    path: Path | str,
    card: Path | str | None = None,
    *,
    replace: bool = False,
    extra_folders: Iterable[str | Path] = (),
) -> Generator[Step, None, ModelEntry]:
    """Copy a verified model into the user's folder; yields where it stands, returns its row of the list.

    Args:
        path: a bundle's folder, the zip of one, or one .onnx, .ts or .safetensors file with a card.
        card: the card of a single file; None takes the JSON file beside it with the same stem.
        replace: take the place of a model of that name in the user's folder.
        extra_folders: as for `list_models`; the model goes into the first of `folders.user_folders`.

    Closing the generator gives up; nothing is left then.

    Raises:
        ModelError: what is given is no model, broken, unsafe, or its name belongs to a shipped model.
        ExistsError: a model of that name is there, and `replace` is false.
        OutputError: the user's folder cannot be written.
    """
    path, target = Path(path).expanduser(), user_folders(extra_folders)[0]
    copy = _copier(path, None if card is None else Path(card).expanduser())
    with _folder_aside(target) as aside:
        bundle = aside / "model"
        try:
            for fraction in copy(bundle):
                yield Step("copying", 0.5 * fraction)
        except OSError as error:
            raise _failed_copy(path, target, error) from error
        for number, check in enumerate(make_checks(bundle)):
            if not check.ok:
                # The user knows the name that was given, not that of the folder aside.
                raise ModelError(check.sentence.replace(f'model "{bundle.name}"', f'model "{path.name}"'))
            yield Step("verifying", 0.5 + 0.5 * min(1.0, number / _CHECKS))
        name = read_card(BundleFiles(bundle)).name
        _check_name(name, target, replace)
        try:
            put_in_place(bundle, target / name, aside)
        except OSError as error:
            raise _unwritable(target, error) from error
    return bundle_entry(target / name, "user")


def remove_model(name: str, extra_folders: Iterable[str | Path] = ()) -> int:
    """Remove a model from the user's folders, and return the bytes that became free.

    Raises ModelError for a model that is not in them (shipped, classical, elsewhere, unknown), OutputError
    where it cannot be removed.
    """
    entries = [entry for entry in list_models(extra_folders) if entry.name == name]
    if not entries:
        raise ModelError(f'The model "{name}" is unknown.', "ganenhance models lists those that are there.")
    own = [entry for entry in entries if _is_removable(entry, extra_folders)]
    if not own:
        raise ModelError(
            f'The model "{name}" is not one of yours, so it is not removed.',
            "Only models in your own folder of models can be removed.",
        )
    # Of several with one name the one that is in use goes first.
    folder = Path(next((entry for entry in own if entry.available), own[0]).folder)
    size = folder_size(folder)
    try:
        # Renamed first, so that nobody sees a half model.
        aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder.parent))
        os.replace(folder, aside / folder.name)
        shutil.rmtree(aside)
    except OSError as error:
        raise OutputError(
            f'The model "{name}" in {folder.parent} cannot be removed ({error.strerror}).',
            "End what uses it, and look at the rights of that folder.",
        ) from error
    return size


def folder_size(folder: Path) -> int:
    """Return the bytes of all files of a folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def _is_removable(entry: ModelEntry, extra_folders: Iterable[str | Path]) -> bool:
    if entry.source != "user" or not entry.folder:
        return False
    folder = Path(entry.folder)
    # A link is not followed: what it leads to is somewhere else.
    return (
        not folder.is_symlink()
        and folder.is_dir()
        and folder.parent.resolve() in [each.resolve() for each in user_folders(extra_folders)]
        and SHIPPED_FOLDER.resolve() not in folder.resolve().parents
    )


def _copier(path: Path, card: Path | None):
    """Return the function that copies what `path` is into a new bundle folder and yields fractions."""
    if not path.exists():
        raise ModelError(f'"{path}" does not exist.', "Give a folder, a zip, or one file of a model.")
    if path.is_dir():
        return lambda bundle: _copy_folder(_bundle_in(path), bundle)
    if path.suffix.lower() == ".zip":
        return lambda bundle: unpack_bundle(path, bundle)
    check_kind(path)
    found = find_card(path, card)
    return lambda bundle: _copy_single(path, found, bundle)


def _bundle_in(folder: Path) -> Path:
    """Return the folder, or the one bundle in it: archives are often unpacked into a folder of their own."""
    if not (folder / HASHES).is_file():
        inside = [child for child in folder.iterdir() if (child / HASHES).is_file()]
        if len(inside) == 1:
            return inside[0]
        raise ModelError(
            f'The folder "{folder}" has no file "{HASHES}", so it is not a model.',
            "Give the folder that holds configs/, models/ and hashes.json.",
        )
    return folder


def _copy_folder(folder: Path, bundle: Path) -> Iterator[float]:
    files = [*BundleFiles(folder).hashes, HASHES]
    total = sum((folder / relative).stat().st_size for relative in files) or 1
    if len(files) > MOST_FILES or total > LARGEST_BYTES:
        raise ModelError(
            f'The model "{folder.name}" has {len(files)} files and {total / 2**20:.0f} MiB; at most'
            f" {MOST_FILES} files and {LARGEST_BYTES // 2**20} MiB are allowed.",
            "Look whether this is the folder that you meant.",
        )
    written = 0
    for relative in files:
        (bundle / relative).parent.mkdir(parents=True, exist_ok=True)
        with open(folder / relative, "rb") as source, open(bundle / relative, "xb") as copy:
            while block := source.read(_BLOCK):
                copy.write(block)
                written += len(block)
                yield min(1.0, written / total)


def _copy_single(path: Path, card: Path, bundle: Path) -> Iterator[float]:
    write_single_file(path, card, bundle)
    yield 1.0


def _check_name(name: str, target: Path, replace: bool) -> None:
    shipped = [entry.name for entry in list_models() if entry.source != "user"]
    if name in shipped or name in CLASSICAL_NAMES:
        raise ModelError(
            f'The name "{name}" belongs to a model that GANEnhance brings.',
            'Give it another name (the field "name" of its card).',
        )
    if (target / name).exists() and not replace:
        raise ExistsError(
            f'A model "{name}" is there already.', "Remove it first, or say that it is to be replaced."
        )


@contextmanager
def _folder_aside(target: Path) -> Iterator[Path]:
    """Make a hidden folder beside the models; it is gone afterwards, whatever happens."""
    try:
        target.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=target))
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _sweep(target: Path) -> None:
    """Remove what a process that was killed has left."""
    for left in target.glob(f"{_ASIDE}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _SECONDS_OF_LEFTOVERS:
                shutil.rmtree(left, ignore_errors=True)


def _failed_copy(path: Path, target: Path, error: OSError) -> ModelError | OutputError:
    if error.filename is None or str(error.filename).startswith(str(target)):
        return _unwritable(target, error)
    return ModelError(
        f'"{error.filename}" of "{path.name}" cannot be read ({error.strerror}).', "Get it again."
    )


def _unwritable(target: Path, error: OSError) -> OutputError:
    return OutputError(
        f'The folder of your models "{target}" cannot be written ({error.strerror or error}).',
        "Free space or rights, or name another folder in GANENHANCE_MODELS.",
    )
