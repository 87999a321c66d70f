"""The small real volumes that are shipped for trying the library: what they are, whose, and where they lie.

No shipped model is trained on them; the T1 head is among the volumes that a training run is judged by.
`NOTICE.md` beside this file has the licences in full; `Testing/scripts/make_samples.py` makes the files
again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from GANEnhanceLib.errors import InputError

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Sample:
    """One shipped volume; `sha256` is that of its file."""

    name: str
    file: str
    title: str
    modality: str
    licence: str
    source: str
    sha256: str

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return FOLDER / self.file


SAMPLES = (
    Sample(
        name="t1-head",
        file="t1-head.nii.gz",
        title="T1-weighted head, 128x128x62 voxels of 2x2x3 mm, coronal slices",
        modality="MR",
        licence="Apache-2.0",
        source="KmeansTest_T1UCharRaw.nii.gz of the Insight Toolkit's examples "
        "(Debian package insighttoolkit5-examples), unchanged",
        sha256="e0e5975587f3f7916804bdd317c493cdb99cdb3703bf2671d458528f62510327",
    ),
    Sample(
        name="b0",
        file="b0.nii.gz",
        title="Diffusion b=0 brain (echo planar), 128x128x10 voxels of 2 mm, with the noise of its scanner",
        modality="MR",
        licence="BSD-3-Clause",
        source="S0_10slices.nii.gz of dipy (PyPI package dipy): voxels unchanged, geometry repaired",
        sha256="19accb460e50bd10e84cb35acc9646d8be067e69237cabd1a8e52edf250ed1f1",
    ),
    Sample(
        name="t1-head-noise",
        file="t1-head-noise.nii.gz",
        title="The T1-weighted head with Rician noise of 6 % added; the other file is the reference",
        modality="MR",
        licence="Apache-2.0",
        source="t1-head.nii.gz, noise of seed 6 added by Testing/scripts/make_samples.py",
        sha256="7b93b1f4173713e7748ecde5315f17f5719b05123b7f77a709b00913846072a6",
    ),
)


def list_samples() -> tuple[Sample, ...]:
    """Every shipped sample."""
    return SAMPLES


def sample_path(name: str) -> Path:
    """Path of the sample called `name`; InputError if there is none of that name or its file is missing."""
    for sample in SAMPLES:
        if sample.name == name:
            if not sample.path.is_file():
                raise InputError(
                    f"The file {sample.file} of sample {name!r} is missing.", "Install GANEnhanceLib again."
                )
            return sample.path
    names = ", ".join(sample.name for sample in SAMPLES)
    raise InputError(f"There is no sample called {name!r}.", f"The samples are: {names}.")
