"""Models that stay open between runs, so that a preview does not read and hash a bundle again.

A bundle is verified when it is opened. As long as no file of it has changed since (names, sizes, times and
inodes), what was read then holds; as soon as one has, everything is verified anew.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np

from GANEnhanceLib.models.files import find_files
from GANEnhanceLib.models.model import Model, NetworkModel

_MOST_MODELS = 3
_LARGEST_WEIGHTS = 256 * 2**20

Signature = tuple[tuple[str, int, int, int, int], ...]


class OpenModel(NetworkModel):
    """A network model that reads and verifies each of its files once.

    Weights of more than 256 MiB are read each time: they would cost more memory than they save time.
    """

    def __init__(self, folder: Path):
        """Verify every file of the bundle; see NetworkModel."""
        super().__init__(folder)
        self._paths: dict[str, Path] = {}
        self._weights: dict[str, dict[str, np.ndarray]] = {}

    def onnx_path(self, weight_set: str) -> Path:
        """Return the ONNX file of a weight set; see NetworkModel."""
        if weight_set not in self._paths:
            self._paths[weight_set] = super().onnx_path(weight_set)
        return self._paths[weight_set]

    def weights(self, weight_set: str) -> dict[str, np.ndarray]:
        """Return the state dict of a weight set; see NetworkModel."""
        if weight_set in self._weights:
            return self._weights[weight_set]
        weights = super().weights(weight_set)
        if sum(values.nbytes for values in weights.values()) <= _LARGEST_WEIGHTS:
            self._weights[weight_set] = weights
        return weights


class ModelCache:
    """The few models that were opened last; used by one job at a time, safe in threads."""

    def __init__(self):
        """Hold no model yet."""
        self._models: OrderedDict[str, tuple[Signature, Model]] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, folder: Path) -> Model:
        """Return the model of a bundle's folder; ModelError for one that is broken, changed or unsafe."""
        key = os.path.abspath(folder)
        # Before it is read: a file that changes meanwhile must not count as seen.
        signature = sign_folder(Path(key))
        with self._lock:
            held = self._models.pop(key, None)
        if held is None or held[0] != signature:
            held = (signature, OpenModel(Path(folder)))
        with self._lock:
            self._models[key] = held
            while len(self._models) > _MOST_MODELS:
                self._models.popitem(last=False)
        return held[1]


def sign_folder(folder: Path) -> Signature:
    """Return what tells without reading that no file of a bundle has changed.

    Raises ModelError as `find_files` does, for a folder that is not there and for links in it.
    """
    return tuple(_sign(folder, relative) for relative in find_files(folder))


def _sign(folder: Path, relative: str) -> tuple[str, int, int, int, int]:
    try:
        status = (folder / relative).lstat()
    except OSError:
        return relative, -1, 0, 0, 0
    return relative, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
