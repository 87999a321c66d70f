"""A data recipe: which images there are, whom they show, what each is for, and how it is read."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from GANEnhanceLib.training.config.base import RegularExpression, Strict
from GANEnhanceLib.training.config.data import Modality, SplitConfig

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.+-]*$")]
Count = Annotated[int, Field(ge=1, le=100000)]
Pair = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1)]]
Part = Literal["training", "validation", "test", "unused"]


class Package(Strict):
    """One file of a public registry."""

    registry: Literal["pypi", "npm", "debian"]
    """Where it is: fetched by pip, npm or apt-get as they are set up."""
    name: Annotated[str, Field(pattern=r"^(@[\w.-]+/)?[A-Za-z0-9][\w.+-]*$")]
    """Of the package."""
    version: Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.+:~-]*$")]
    """Of the package."""
    file: Name
    """Name of its file: a wheel, a source distribution, a tgz or a deb."""
    sha256: Sha256
    """Of its file. Another file of a Debian package, as another release of Debian has, is compared by its
    members alone."""

    @field_validator("file")
    @classmethod
    def _is_archive(cls, value: str) -> str:
        if not value.endswith((".whl", ".zip", ".tar.gz", ".tgz", ".deb")):
            raise ValueError(f"'{value}' ends with none of .whl, .zip, .tar.gz, .tgz and .deb")
        return value


class VolumeReader(Strict):
    """NIfTI, NRRD, MetaImage, or a DICOM file or series of gray values."""

    kind: Literal["volume"]
    frame: Annotated[int, Field(ge=0)] | None = None
    """Of a 4-D file, the volume that is taken, from 0."""


class PictureReader(Strict):
    """PNG, JPEG, or DICOM frames in color: rows are slices' rows, frames are slices."""

    kind: Literal["picture"]
    component: Annotated[int, Field(ge=0, le=3)] | None = None
    """Which component is the brightness, from 0; without it, brightness is made of red, green and blue."""


class ArrayReader(Strict):
    """A NumPy file, (rows, columns) or (slices, rows, columns)."""

    kind: Literal["npy"]


class RawReader(Strict):
    """Numbers alone, gzipped or not."""

    kind: Literal["raw"]
    type: Annotated[str, Field(pattern=r"^[<>|][iuf][1248]$")]
    """As NumPy writes it: `>u2` is big-endian, unsigned, two bytes."""
    shape: tuple[Count, Count, Count]
    """Slices, rows, columns."""


class VideoReader(Strict):
    """Frames of a video file as slices; needs the package av."""

    kind: Literal["video"]
    every: Count = 1
    """Only each so many-th frame is kept."""


Reader = Annotated[
    VolumeReader | PictureReader | ArrayReader | RawReader | VideoReader, Field(discriminator="kind")
]


class Crop(Strict):
    """What is kept of each slice, first to last (not included)."""

    rows: Pair
    """Rows, from 0 at the top."""
    columns: Pair
    """Columns, from 0 at the left."""

    @model_validator(mode="after")
    def _rising(self) -> Crop:
        for name in ("rows", "columns"):
            first, last = getattr(self, name)
            if first >= last:
                raise ValueError(f"{name} are {first} to {last}, which keeps nothing")
        return self


class Preparation(Strict):
    """What is done to an image after it is read, in this order."""

    crop: Crop | None = None
    """Cuts burned-in text away."""
    slope: float = 1.0
    """Values times this ..."""
    intercept: float = 0.0
    """... plus this: to HU where the file does not say."""
    clip: tuple[float, float] | None = None
    """Lowest and highest value that is kept: CT fills what it did not scan with values below air."""
    average: tuple[Count, Count, Count] | None = None
    """Blocks of so many columns, rows and slices become one voxel: undoes interpolation."""
    spacing_mm: tuple[float, float, float] | None = None
    """Of columns, rows and slices, before `average`, where the file does not say."""


class Item(Strict):
    """One image of a package, or files of one's own."""

    name: Name
    """How configurations call it."""
    package: str = ""
    """Key of one of the packages."""
    member: str = ""
    """Path inside the package; with * several files, which are one DICOM series."""
    files: str = ""
    """Instead of a package: a path or glob, seen from the recipe's folder. A folder is a DICOM series."""
    sha256: Sha256 | None = None
    """Of the member or file; of a series, of the sorted hashes of its files. Packages need it."""
    reader: Reader = VolumeReader(kind="volume")
    """How it is read."""
    prepare: Preparation = Preparation()
    """What is done to it then."""
    patient: str = ""
    """Whom it shows; images of one person are never split. A thing that stands in for a patient has a name,
    too. Of `files` the first folder below the glob by default, or the file's name."""
    patient_pattern: RegularExpression = ""
    """Of `files`: a regular expression whose first group in a file's path is the patient."""
    part: Part | None = None
    """Learned from, judged by, or never looked at before the end; `unused` is known by its name alone.
    Without it the recipe's `split` draws."""
    modality: Modality | None = None
    """Of the values as they are used; needed where the files do not say it."""
    title: str = ""
    """What it shows."""
    licence: str = ""
    """Under which it may be used; models made of it quote it."""
    notice: str = ""
    """What has to be kept or said."""
    ship: Literal["yes", "care", "no"] = "care"
    """May weights that learned from it be shipped: yes, care (its origin is not stated, only the licence of
    its package is known), or no."""
    noise: Annotated[float, Field(ge=0.0)] | None = None
    """Estimate of its own: percent of the 99.5th percentile (MR), HU (CT)."""
    size: tuple[Count, Count, Count] | None = None
    """Columns, rows and slices as it is used."""

    @model_validator(mode="after")
    def _says_where(self) -> Item:
        if bool(self.package) == bool(self.files):
            raise ValueError("name either a package with its member, or files")
        if self.package and not (self.member and self.sha256 and self.patient):
            raise ValueError("an image of a package needs member, sha256 and patient")
        if self.files and self.member:
            raise ValueError("member belongs to a package, not to files")
        path = PurePosixPath(self.member)
        if path.is_absolute() or ".." in path.parts or "\\" in self.member:
            raise ValueError(f"the member '{self.member}' leaves its package")
        return self

    @field_validator("ship", mode="before")
    @classmethod
    def _is_word(cls, value: object) -> object:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class LeftOut(Strict):
    """An image that was looked at and not taken."""

    name: str
    """What it is."""
    reason: str
    """Why not."""


class DataRecipe(Strict):
    """The whole file."""

    name: Name
    """Of the recipe."""
    title: str = ""
    """What is in it."""
    packages: dict[str, Package] = {}
    """Packages by a key that items name."""
    items: tuple[Item, ...] = Field(min_length=1)
    """The images."""
    split: SplitConfig = SplitConfig(validation=0.15, test=0.15)
    """How patients of items without `part` are shared out."""
    left_out: tuple[LeftOut, ...] = ()
    """What was not taken, so that nobody looks again."""

    @model_validator(mode="after")
    def _fits_together(self) -> DataRecipe:
        names = set()
        for item in self.items:
            if item.name in names:
                raise ValueError(f"two items are called '{item.name}'")
            names.add(item.name)
            if item.package and item.package not in self.packages:
                raise ValueError(
                    f"'{item.name}' is of the package '{item.package}', but the packages are"
                    f" {', '.join(self.packages) or 'none'}"
                )
        return self
