"""One image of a recipe with everything that is decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from GANEnhanceLib.training.images.recipe import Item, Package

PARTS = ("training", "validation", "test", "any", "unused")
"""Of images: "any" is shared out by the run's own split, "unused" is known by its name alone."""


@dataclass(frozen=True)
class Image:
    """An image, fetched or not.

    `item` says how it is read, `package` whence it is fetched (None: `path`, a file or folder that is there).
    `part` is one of `PARTS`; images of one `patient` are never split.
    """

    name: str
    item: Item
    patient: str
    part: str
    package: Package | None = None
    path: Path | None = None

    @property
    def title(self) -> str:
        """Return what it shows."""
        return self.item.title

    @property
    def licence(self) -> str:
        """Return its licence."""
        return self.item.licence

    @property
    def modality(self) -> str | None:
        """Return "MR", "CT", "US", or None where only the file says it."""
        return self.item.modality

    @property
    def origin(self) -> str:
        """Return package and version; "" for files that are there."""
        return f"{self.package.name} {self.package.version}" if self.package else ""

    @property
    def file(self) -> str:
        """Return the name of its file in the cache: its own name, with the ending of the member."""
        base = self.item.member.rsplit("/", 1)[-1]
        if "*" in base:
            return self.name
        stem, dot, last = base.rpartition(".")
        inner = stem.rpartition(".")[2] if last == "gz" and "." in stem else ""
        return f"{self.name}.{inner}.{last}" if inner else f"{self.name}{dot}{last}"
