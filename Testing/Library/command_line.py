"""Helpers of tests that run `ganenhance` as a person does: in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np

COMMAND = [sys.executable, "-m", "GANEnhanceLib.cli"]


def run_command(*words: object, **settings) -> subprocess.CompletedProcess:
    """Run `ganenhance` with these words and return the finished process with its texts."""
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        **settings,
    )


def files_in(folder: Path) -> dict[str, bytes | None]:
    """Return everything in a folder tree with its content (None for folders), hidden files too."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def assert_refused(done: subprocess.CompletedProcess, *named: str, code: int = 2) -> str:
    """Check that a command ended with one sentence that names what is wrong; returns it."""
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    (line,) = lines
    assert re.fullmatch(r"ganenhance: \S.*[.?]( .*)?", line), line
    assert "Traceback" not in line
    for text in named:
        assert text in line, f"{text!r} is not in {line!r}"
    return line


def make_phantom(shape: tuple[int, int, int] = (6, 20, 24), dtype="int16", seed: int = 0) -> np.ndarray:
    """Return a bright ellipsoid with noise in the dark, (k, j, i)."""
    axes = [np.linspace(-1.2, 1.2, size) for size in shape]
    k, j, i = np.meshgrid(*axes, indexing="ij")
    noise = np.random.default_rng(seed).normal(0, 20, shape)
    return np.rint(400.0 * (k**2 + j**2 + i**2 < 1) + 100 + noise).clip(0).astype(dtype)


def make_volume(voxels: np.ndarray | None = None, modality: str | None = "MR"):
    """Return a Volume on an oblique, anisotropic grid."""
    from GANEnhanceLib.volume import Volume

    turn = np.deg2rad(10.0)
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    matrix[:3, :3] = matrix[:3, :3] @ np.diag([0.9, 1.1, 3.0])
    matrix[:3, 3] = -30.0, 12.0, 5.0
    return Volume(make_phantom() if voxels is None else voxels, matrix, modality, "phantom")


def write_phantom(path: Path, voxels: np.ndarray | None = None) -> Path:
    """Write a phantom to a file and return its path."""
    from GANEnhanceLib.volume import write_volume

    write_volume(make_volume(voxels), path)
    return path


def write_dicom_series(folder: Path, uid: str, modality: str = "MR", slices: int = 4) -> None:
    """Write a small DICOM series of one slice a file."""
    import SimpleITK

    voxels = make_phantom((slices, 16, 18))
    writer = SimpleITK.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    for number in range(slices):
        image = SimpleITK.GetImageFromArray(voxels[number : number + 1])
        image.SetSpacing((1.0, 1.0, 2.0))
        tags = {
            "0008|0060": modality,
            "0020|000e": uid,
            "0020|000d": "1.2.826.0.1.3680043.2.1125.1",
            "0008|0018": f"{uid}.{number + 1}",
            "0020|0013": str(number + 1),
            "0020|0032": f"0\\0\\{number * 2.0}",
            "0020|0037": "1\\0\\0\\0\\1\\0",
            "0018|0050": "2.0",
        }
        for tag, value in tags.items():
            image.SetMetaData(tag, value)
        writer.SetFileName(str(folder / f"{uid}-{number}.dcm"))
        writer.Execute(image)
