"""Public images by name, for configurations: the images of the shipped recipes and the shipped samples.

What they are and whence they come is in `GANEnhanceLib.training.images`.
"""

from __future__ import annotations

from pathlib import Path

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.samples import list_samples
from GANEnhanceLib.training.images.fetch import fetch_image
from GANEnhanceLib.training.images.image import Image
from GANEnhanceLib.training.images.load import shipped_images
from GANEnhanceLib.training.images.read import read_image
from GANEnhanceLib.training.images.recipe import Item
from GANEnhanceLib.volume import Volume


def _samples() -> dict[str, Image]:
    items = [
        Item(
            name=f"sample-{sample.name}",
            files=str(sample.path),
            sha256=sample.sha256,
            patient=sample.name.removesuffix("-noise"),
            modality=sample.modality,
            title=sample.title,
            licence=sample.licence,
            ship="yes",
        )
        for sample in list_samples()
    ]
    return {item.name: Image(item.name, item, item.patient, "any", path=Path(item.files)) for item in items}


SOURCES: dict[str, Image] = shipped_images() | _samples()


def find_source(name: str) -> Image:
    """Return a public image.

    Raises:
        OptionError: unknown name.
    """
    if name not in SOURCES:
        raise OptionError(f"The image source '{name}' is unknown; known are {', '.join(SOURCES)}.")
    return SOURCES[name]


def fetch(name: str, folder: Path) -> Path:
    """Return the file of a source in `folder`, fetching it when it is not there yet; samples are there.

    Raises:
        OptionError: unknown name.
        InputError: the package cannot be had, the file is not the one expected, or it is reserved.
        OutputError: the disk is full.
    """
    return fetch_image(find_source(name), folder)


def load(name: str, folder: Path) -> Volume:
    """Fetch a source, read and prepare it; see `fetch` for the errors."""
    return read_image(find_source(name).item, fetch(name, folder))
