"""Images of recipes as a table: of Markdown for the documentation, of plain text for a terminal."""

from __future__ import annotations

from pathlib import Path

from GANEnhanceLib.training.images.image import Image
from GANEnhanceLib.training.images.load import load_recipe, recipe_images, recipe_names

_HEAD = ("Name", "Part", "Patient", "What", "Size", "Noise", "Licence", "Weights", "Package")
_UNIT = {"MR": " %", "CT": " HU"}


def markdown_tables(names: list[str | Path] | None = None) -> str:
    """Return a heading, a table and what was left out for each recipe; of all shipped ones by default."""
    return "\n".join(_markdown(name) for name in names or recipe_names())


def _markdown(name: str | Path) -> str:
    recipe = load_recipe(name)
    lines = [f"### {recipe.name}", "", f"{recipe.title}.", ""]
    lines += [f"| {' | '.join(_HEAD)} |", f"|{' --- |' * len(_HEAD)}"]
    for image in recipe_images(name):
        lines.append(f"| {' | '.join(_row(image))} |")
    notices = dict.fromkeys(item.notice for item in recipe.items if item.notice)
    if notices:
        lines += ["", "Notices to keep:", "", *(f"- {notice}" for notice in notices)]
    if recipe.left_out:
        lines += ["", "Looked at and left out:", ""]
        lines += [f"- {each.name}: {each.reason}" for each in recipe.left_out]
    return "\n".join(lines) + "\n"


def _row(image: Image) -> tuple[str, ...]:
    item = image.item
    size = "x".join(str(each) for each in item.size) if item.size else ""
    package = f"{image.origin} ({image.package.registry})" if image.package else ""
    return (
        f"`{image.name}`",
        image.part,
        image.patient,
        item.title,
        size,
        noise_text(image),
        item.licence,
        item.ship,
        package,
    )


def noise_text(image: Image) -> str:
    """Return the estimate of an image's own noise with its unit, "" where it has none."""
    if image.item.noise is None:
        return ""
    return f"{image.item.noise:g}{_UNIT.get(image.modality or '', '')}"


def text_lines(images: list[Image], folder: Path) -> list[str]:
    """Return a line for each image, aligned; * marks those that are in `folder` already."""
    rows = []
    for image in images:
        there = image.path is not None or (folder / image.file).exists()
        cells = (image.name + (" *" if there else ""), image.modality or "", image.part)
        more = (f"weights: {image.item.ship}", noise_text(image), f"{image.title} ({image.licence})")
        rows.append((*cells, *more))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in rows)
    return [line.rstrip() for line in lines]
