"""Small volumes on disk, and configurations that read them, for the tests of the training's data."""

from pathlib import Path

import numpy as np
import training_cases as cases
import yaml

from GANEnhanceLib.training.config import parse_config
from GANEnhanceLib.volume import Volume, write_volume

SHAPE = (10, 20, 18)
UNET = {"generator": {"architecture": "unet", "arguments": {"channels_in": 1, "features": 4}}}


def image(seed: int, shape=SHAPE) -> np.ndarray:
    """Return a phantom that differs from one seed to the next, float32, and never has two equal voxels."""
    noise = np.random.default_rng(seed).random(shape, dtype=np.float32)
    return cases.phantom(shape) + 20.0 * noise


def save(path: Path, voxels: np.ndarray, spacing=(1.0, 1.0, 2.0), origin=(0.0, 0.0, 0.0)) -> Path:
    """Write voxels (k, j, i) on a grid of spacing (i, j, k) mm; the folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    matrix = np.diag([*spacing, 1.0])
    matrix[:3, 3] = origin
    write_volume(Volume(voxels, matrix), path)
    return path


def fill(folder: Path, names, shape=SHAPE) -> Path:
    """Write a different image under each name."""
    for number, name in enumerate(names):
        save(folder / name, image(number, shape))
    return folder


def values(data: dict, **changes) -> dict:
    """Return the plain values of a configuration of one paired stage with this data."""
    patches = {"size": 16, "batch": 4, "directions": "acquisition"}
    stage = {"name": "train", "step": "paired", "steps": 2}
    clean = {"degradations": [{"kind": "mr-noise"}]} if data["kind"] == "clean" else {}
    return {
        "name": "tiny",
        "modality": "MR",
        "device": "cpu",
        "precision": "float32",
        "data": {"patches": patches, **data},
        "networks": UNET,
        "stages": [stage],
        **clean,
        **changes,
    }


def config(data: dict, **changes):
    """Return the checked configuration of `values`."""
    return parse_config(yaml.safe_dump(values(data, **changes)))


def paired(folder: Path, inputs=("image",), **changes) -> dict:
    """Return paired data of folders named as the channels, and "target"."""
    sets = {name: {"folder": str(folder / name)} for name in inputs}
    return {"kind": "paired", "inputs": sets, "target": {"folder": str(folder / "target")}, **changes}


def clean(folder: Path, **changes) -> dict:
    """Return clean data of a folder."""
    return {"kind": "clean", "clean": [{"folder": str(folder)}], **changes}
