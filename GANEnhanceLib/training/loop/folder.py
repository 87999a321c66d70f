"""The folder of a run: where its files lie, what it was started with, and that only one run writes to it."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from GANEnhanceLib.errors import OptionError, OutputError
from GANEnhanceLib.locks import takes_lock

PACKAGES = ("torch", "monai", "pytorch-ignite", "numpy", "SimpleITK", "torchio", "pydantic")


class RunFolder:
    """A run's folder.

    It holds `config.yaml` (all that decides the result), `environment.json` (versions), `data.json` and
    `validation.json` (what it learns from and is judged by), `state.json` (how far it is, and its best
    figures), `log.jsonl`, `checkpoints/`, `stages/` (the averaged generator of each
    finished stage), `pictures/` and `tensorboard/`.

    Raises:
        OutputError: the folder cannot be made or written.
    """

    def __init__(self, path: str | Path) -> None:
        """Make the folder if it is missing."""
        self.path = Path(path)
        try:
            for part in (self.checkpoints, self.stages, self.pictures):
                part.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"The run's folder {self.path} cannot be made ({error.strerror or error}).",
                "Choose another with --runs.",
            ) from error

    @property
    def config(self) -> Path:
        """The configuration."""
        return self.path / "config.yaml"

    @property
    def log(self) -> Path:
        """All scalars, one JSON object a line."""
        return self.path / "log.jsonl"

    @property
    def checkpoints(self) -> Path:
        """Checkpoints, the last ones and the best ones."""
        return self.path / "checkpoints"

    @property
    def stages(self) -> Path:
        """Averaged generators of finished stages."""
        return self.path / "stages"

    @property
    def pictures(self) -> Path:
        """Image strips."""
        return self.path / "pictures"

    def stage_weights(self, stage: str) -> Path:
        """The averaged generator of a stage."""
        return self.stages / f"{stage}.pt"

    def doubt_figures(self, stage: str) -> Path:
        """How the estimator of a stage was calibrated."""
        return self.stages / f"{stage}.json"

    def read_state(self) -> dict[str, Any]:
        """Return how far the run is; empty if it has not begun or the file is damaged."""
        with contextlib.suppress(OSError, ValueError):
            return json.loads((self.path / "state.json").read_text(encoding="utf-8"))
        return {}

    def write_state(self, **values: Any) -> None:
        """Change values of the state."""
        write_aside(self.path / "state.json", json.dumps({**self.read_state(), **values}, indent=1) + "\n")

    def write_environment(self) -> None:
        """Note the versions of what computes."""
        from importlib import metadata

        versions = {"python": platform.python_version(), "system": sys.platform}
        for name in PACKAGES:
            with contextlib.suppress(metadata.PackageNotFoundError):
                versions[name] = metadata.version(name)
        from GANEnhanceLib import __version__

        versions["GANEnhanceLib"] = __version__
        write_aside(self.path / "environment.json", json.dumps(versions, indent=1) + "\n")

    def write_data(self, provenance: list[dict[str, Any]]) -> None:
        """Note what the run learns from: files, hashes, licenses."""
        write_aside(self.path / "data.json", json.dumps(provenance, indent=1) + "\n")

    def write_validation(self, described: dict[str, Any]) -> None:
        """Note what the run is judged by: cases, and metrics with their units and ranges."""
        write_aside(self.path / "validation.json", json.dumps(described, indent=1) + "\n")

    def tidy(self) -> None:
        """Remove what a killed run left half-written; only who has the lock may."""
        for part in (self.path, self.checkpoints, self.stages):
            for left in part.glob(".*.part"):
                with contextlib.suppress(OSError):
                    left.unlink()

    def sweep(self) -> None:
        """Remove what a killed run left half-written, unless a run is writing here."""
        parts = (self.path, self.checkpoints, self.stages)
        if any(next(part.glob(".*.part"), None) for part in parts):
            with contextlib.suppress(OptionError, OSError), self.locked():
                self.tidy()

    @contextlib.contextmanager
    def locked(self, wanted: bool = True) -> Iterator[None]:
        """Be the only run in this folder; the lock ends with the process, however it ends.

        Args:
            wanted: False for all processes of a distributed run but the first: one of them locks for all.

        Raises:
            OptionError: another run is writing here.
        """
        if not wanted:
            yield
            return
        with open(self.path / "lock", "a+b") as stream:
            if not takes_lock(stream.fileno()):
                raise OptionError(
                    f"Another run is writing to {self.path}.",
                    "Wait for its end, or give this run another name with --set name=...",
                )
            yield


def write_aside(path: Path, text: str) -> None:
    """Write a text file so that it is there whole or not at all.

    Raises:
        OutputError: it cannot be written; the file that was there stays.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise OutputError(
            f"{path} cannot be written ({error.strerror}).", "Free some space there."
        ) from error
