"""Which volumes a run learns from, how they are split, and how patches are drawn from them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from GANEnhanceLib.training.config.base import RegularExpression, Strict

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Modality = Literal["MR", "CT", "US"]
NotZero = Annotated[float, Field(gt=0.0, le=1.0)]
Width = Annotated[float, Field(gt=0.0, le=8.0)]
Radius = Annotated[float, Field(ge=0.5, le=32.0)]


class VolumesConfig(Strict):
    """A set of volumes: a folder, a list of files, public images by name, or the images of a data recipe."""

    folder: Path | None = None
    """Searched with all its folders; files of other kinds are passed over. A folder of DICOM is a series."""
    pattern: str = "**/*"
    """Which files of the folder, as a glob."""
    files: tuple[Path, ...] = ()
    """Volumes or DICOM folders, one by one."""
    sources: tuple[str, ...] = ()
    """Public images by name, fetched when they are needed; `ganenhance data list` lists them. With `recipe`,
    only these of its images."""
    recipe: str = ""
    """A data recipe: the name of a shipped one, or the path of your own. Its parts hold: what it learns from,
    is judged by, and leaves out."""
    patient: RegularExpression = ""
    """Regular expression; its first group in a file's path below `folder` is the patient. Empty: the first
    folder below `folder`, or the file's name where it lies in `folder` itself."""
    modality: Modality | None = None
    """Needed where the files do not say it."""
    weight: Annotated[float, Field(gt=0.0)] = 1.0
    """Share of the patches that are drawn from this set, beside those of other sets."""

    @model_validator(mode="after")
    def _names_something(self) -> VolumesConfig:
        if self.folder is None and not (self.files or self.sources or self.recipe):
            raise ValueError("name a folder, files, sources or a recipe")
        return self


class CleanVolumesConfig(VolumesConfig):
    """A set of clean volumes, which inputs are made from."""

    blurred: tuple[Width, ...] = ()
    """Gaussian blurs (standard deviation in voxels) in which the volumes are also learned from, each as often
    as they are as such: a network that saw only sharp images leaves noise in smooth ones."""


class LeavesConfig(Strict):
    """Made-up volumes of overlapping ellipsoids (dead leaves), to learn from beside the real ones."""

    volumes: Annotated[int, Field(ge=1, le=64)] = 6
    """How many; each takes some seconds to make."""
    size: Annotated[int, Field(ge=32, le=256)] = 144
    """Edge, voxels."""
    blurred: tuple[Width, ...] = ()
    """As of the clean volumes."""
    weight: Annotated[float, Field(gt=0.0)] = 1.0
    """Share of the patches, beside those of the sets."""
    seed: int = 0
    """Of the draws."""


class SplitConfig(Strict):
    """Patients that are kept out of the training; the same patients at each run."""

    validation: Share = 0.15
    """Share of the patients that judge the run while it trains; at least one patient where there are two."""
    test: Share = 0.0
    """Share of the patients that the run neither learns from nor is judged by; at least one where it is above
    0."""
    validation_patients: tuple[str, ...] = ()
    """Patients that judge the run, by name, instead of a draw."""
    test_patients: tuple[str, ...] = ()
    """Patients that are left out, by name, instead of a draw."""
    seed: int = 0
    """Of the draw."""

    @model_validator(mode="after")
    def _leaves_some(self) -> SplitConfig:
        if self.validation + self.test >= 1.0:
            total = self.validation + self.test
            raise ValueError(
                f"validation and test are {total:g} together, which leaves no patient to learn from"
            )
        twice = sorted(set(self.validation_patients) & set(self.test_patients))
        if twice:
            raise ValueError(f"patient '{twice[0]}' is in validation_patients and in test_patients")
        return self


class PatchConfig(Strict):
    """How patches are drawn and shown."""

    dimensions: Literal["2d", "2.5d", "3d"] = "2d"
    """2d: one slice in, one out. 2.5d: neighboring slices as channels, the middle one out. 3d: blocks."""
    slices: Annotated[int, Field(ge=1, le=15)] = 5
    """Neighboring slices of 2.5d, an odd number."""
    single_share: Annotated[float, Field(ge=0.0, le=0.9)] = 0.12
    """Share of the patches of 2.5d that show their middle slice alone, as single images are shown."""
    size: Annotated[int, Field(ge=8, le=1024, multiple_of=2)] = 64
    """Edge in voxels."""
    depth: Annotated[int, Field(ge=1, le=256)] = 32
    """Slices of a 3d block."""
    batch: Annotated[int, Field(ge=1, le=4096)] = 8
    """Patches a step, of all processes together."""
    directions: Literal["acquisition", "all"] = "all"
    """Slices are taken along the axis of acquisition, or along all three."""
    flips: bool = True
    """Mirror patches, where the anatomy allows it."""
    turns: bool = True
    """Turn patches by right angles; leave it off for ultrasound, whose beam has a direction."""
    foreground: Annotated[float, Field(ge=0.0, le=1.0)] = 0.05
    """Patches whose mean, in scaled intensity, is below it are drawn again: they are mostly air."""
    thick_share: Share = 0.2
    """Share of patches of 2d and 2.5d whose slices are the mean of two or three."""
    contrasts: Share = 0.0
    """Share of the patches shown in a random contrast, so that the network does not learn one."""
    channel_drop: Share = 0.0
    """Chance that an input channel is left out (0), so that a missing modality is tolerated; the first one,
    which is enhanced, always stays."""
    coarse_share: Share = 0.0
    """Share of patches whose slice plane is coarsened: a network that saw only fine grids takes coarse detail
    for noise."""
    coarsest: Annotated[int, Field(ge=1, le=8)] = 2
    """Largest factor of that."""
    sampled_share: Share = 0.0
    """Share of the coarsened patches that are sampled instead of averaged, which keeps them sharp."""
    enlarged_share: Share = 0.0
    """Share of patches enlarged by 1.3 to 2.5, as small fields of view are: on fine grids texture and noise
    of a scan reach over several voxels."""
    sharpened_share: Share = 0.0
    """Share of patches that are sharpened before they are degraded."""
    structures: Share = 0.0
    """Share of patches that get small round structures, so that lesions are not taken for noise."""
    most_structures: Annotated[int, Field(ge=1, le=64)] = 8
    """One to so many of these are put into a patch."""
    structure_radii: tuple[Radius, Radius] = (1.0, 6.0)
    """Smallest and largest radius of these, in voxels."""
    structure_contrasts: tuple[NotZero, NotZero] = (0.015, 0.2)
    """Weakest and strongest contrast of these, in scaled intensity."""
    grain: Share = 0.0
    """Share of patches that get places full of grain, so that texture is not taken for noise."""
    grain_radii: tuple[Radius, Radius] = (4.0, 20.0)
    """Smallest and largest semiaxis of these places, in voxels."""
    grain_contrasts: tuple[NotZero, NotZero] = (0.01, 0.08)
    """Smallest and largest standard deviation of the grain, in scaled intensity."""

    @model_validator(mode="after")
    def _odd_slices(self) -> PatchConfig:
        if self.slices % 2 == 0:
            raise ValueError(f"slices is {self.slices}, but must be odd: the middle slice is what comes out")
        return self

    @model_validator(mode="after")
    def _rising_structures(self) -> PatchConfig:
        for name in ("structure_radii", "structure_contrasts", "grain_radii", "grain_contrasts"):
            low, high = getattr(self, name)
            if low > high:
                raise ValueError(f"{name} falls from {low:g} to {high:g}; give the smaller one first")
        return self


class _DataConfig(Strict):
    split: SplitConfig = SplitConfig()
    """Which patients are kept out."""
    patches: PatchConfig = PatchConfig()
    """How patches are drawn."""
    memory: Literal["auto", "ram", "disk"] = "auto"
    """Where voxels wait: in memory, in memory-mapped files beside the public images, or as they fit: in
    memory until half of what is free is taken."""
    transform: Annotated[str, Field(pattern=r"^$|^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")] = ""
    """A transform of your own for each patch, as module:name, for example `mine:augment` for `augment` in a
    file mine.py of the current folder; it takes and returns {"input": array, "target": array}, channels
    first. MONAI's dictionary transforms with these keys do. Empty: none."""

    @property
    def is_fused(self) -> bool:
        """True where the generator takes several registered images at once."""
        return False


class CleanData(_DataConfig):
    """Clean volumes alone; the inputs are made from them by the degradations."""

    kind: Literal["clean"]
    clean: tuple[CleanVolumesConfig, ...] = Field(min_length=1)
    """The volumes that the network has to come back to."""
    leaves: LeavesConfig | None = None
    """Made-up volumes beside them; null for none."""


class PairedData(_DataConfig):
    """Pairs on the same grid: what comes in, and what has to come out."""

    kind: Literal["paired"]
    inputs: dict[str, VolumesConfig] = Field(min_length=1)
    """One set for each input channel, by name; several registered modalities are fused. The first one is
    the image that is enhanced."""
    target: VolumesConfig
    """What has to come out. Files belong together by the patient and the order of their names."""

    @property
    def is_fused(self) -> bool:
        """True where there are several inputs."""
        return len(self.inputs) > 1


class UnpairedData(_DataConfig):
    """Two sets of volumes of different people: for CycleGAN."""

    kind: Literal["unpaired"]
    a: tuple[VolumesConfig, ...] = Field(min_length=1)
    """Volumes as they come in, for example noisy ones; or clean ones of other patients than b, which the
    degradations of the run make noisy."""
    b: tuple[VolumesConfig, ...] = Field(min_length=1)
    """Volumes as they should look."""


class RealData(_DataConfig):
    """Volumes whose slices are imitated from noise."""

    kind: Literal["real"]
    real: tuple[VolumesConfig, ...] = Field(min_length=1)
    """The volumes."""


DataConfig = Annotated[CleanData | PairedData | UnpairedData | RealData, Field(discriminator="kind")]
