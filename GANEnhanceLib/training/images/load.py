"""Reads data recipes: those that are shipped, and a user's own; checks patients and what is reserved."""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile
from pathlib import Path

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.training.config.source import parse_model
from GANEnhanceLib.training.data.split import split_patients
from GANEnhanceLib.training.images.image import Image
from GANEnhanceLib.training.images.recipe import DataRecipe, Item
from GANEnhanceLib.training.images.reserved import refuse_reserved

FOLDER = Path(__file__).resolve().parent / "recipes"
_HINT = "Docs/data.md says what a recipe may hold."


def recipe_names() -> list[str]:
    """Return the names of the shipped recipes."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def find_recipe(name: str | Path) -> Path:
    """Return the file of a recipe: a path, or the name of a shipped one.

    Raises:
        OptionError: there is neither.
    """
    path, shipped = Path(name).expanduser(), FOLDER / f"{name}.yaml"
    if path.is_file():
        return path
    if str(name) in recipe_names():
        return shipped
    raise OptionError(
        f"There is no recipe '{name}'.",
        f"Name a file, or one of the shipped recipes: {', '.join(recipe_names())}.",
    )


def load_recipe(name: str | Path) -> DataRecipe:
    """Read and check a recipe, a shipped one by its name or a YAML or JSON file; nothing is fetched.

    Raises:
        OptionError: there is no such file, or a key or value is not allowed; with the line.
        InputError: an image in it is reserved.
    """
    path = find_recipe(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise OptionError(f"The recipe {path} cannot be read ({reason}).") from error
    recipe = parse_model(text, DataRecipe, _HINT, name=path.name)
    for item in recipe.items:
        if item.member:
            refuse_reserved(item.member, item.sha256 or "")
    return recipe


def recipe_images(name: str | Path) -> list[Image]:
    """Return all images of a recipe, each with its patient and part; globs of one's own files are searched.

    Raises:
        OptionError: as in `load_recipe`.
        InputError: a file is missing or reserved, its path does not say the patient, there are too few
            patients to share out, or a patient is in two parts.
    """
    path = find_recipe(name)
    recipe = load_recipe(path)
    images = []
    for item in recipe.items:
        if item.package:
            package = recipe.packages[item.package]
            images.append(Image(item.name, item, item.patient, item.part or "any", package))
        else:
            images += _own_files(item, path.parent)
    images = _share_out(images, recipe)
    refuse_split_patients(images)
    return images


def refuse_split_patients(images: list[Image]) -> None:
    """Raise InputError when two images of one patient are in two parts."""
    first: dict[str, Image] = {}
    for image in images:
        if image.part in ("any", "unused"):
            continue
        other = first.setdefault(image.patient, image)
        if other.part != image.part:
            raise InputError(
                f"Patient '{image.patient}' is in two parts: '{other.name}' in {other.part},"
                f" '{image.name}' in {image.part}.",
                "Images of one patient belong into one part.",
            )


@cache
def shipped_images() -> dict[str, Image]:
    """Return the images of all shipped recipes by name."""
    images = [image for name in recipe_names() for image in recipe_images(name)]
    refuse_split_patients(images)
    return {image.name: image for image in images}


def _own_files(item: Item, folder: Path) -> list[Image]:
    pattern = folder / Path(item.files).expanduser()
    steps = list(takewhile(lambda step: not set("*?[") & set(step), pattern.parts))
    root, is_glob = Path(*steps), len(steps) < len(pattern.parts)
    if is_glob:
        places = sorted(root.glob(str(pattern.relative_to(root))))
        places = [place for place in places if not place.name.startswith(".")]
    else:
        places = [pattern] if pattern.exists() else []
    if not places:
        raise InputError(
            f"'{item.name}' of the recipe has no file '{item.files}' (seen from '{folder}').",
            "Correct `files`.",
        )
    if item.sha256 and len(places) > 1:
        raise OptionError(
            f"'{item.name}' of the recipe has one sha256 for {len(places)} files.",
            "Name the files one by one.",
        )
    images = []
    for place in places:
        refuse_reserved(place)
        below = place.relative_to(root if is_glob else place.parent)
        name = f"{item.name}/{below.as_posix()}" if is_glob else item.name
        images.append(Image(name, item, _patient(item, place, below), item.part or "any", path=place))
    return images


def _patient(item: Item, place: Path, below: Path) -> str:
    """Return whom a file shows: as the item says, else its first folder below the glob, else its name."""
    if not item.patient_pattern:
        return item.patient or (below.parts[0] if len(below.parts) > 1 else place.name.split(".")[0])
    match = re.search(item.patient_pattern, place.as_posix())
    groups = [group for group in (match.groups() or (match.group(),)) if group] if match else []
    if not groups:
        raise InputError(
            f"The expression '{item.patient_pattern}' finds no patient in '{place}'.",
            "Correct `patient_pattern`.",
        )
    return groups[0]


def _share_out(images: list[Image], recipe: DataRecipe) -> list[Image]:
    """Give images without a part the one that the recipe's split draws for their patient.

    A patient of whom another image has a part already goes where that one is.
    """
    fixed = {image.patient: image.part for image in images if image.part not in ("any", "unused")}
    free = {image.patient for image in images if image.part == "any"} - set(fixed)
    if free:
        split = split_patients(free, recipe.split)
        fixed |= {patient: split.part(patient) for patient in free}
    return [
        Image(
            image.name,
            image.item,
            image.patient,
            fixed[image.patient] if image.part == "any" else image.part,
            image.package,
            image.path,
        )
        for image in images
    ]
