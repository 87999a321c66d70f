"""Runs that are kept for `blend`: the input, the change and the report, until they are forgotten."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from GANEnhanceLib.errors import WorkerError

if TYPE_CHECKING:
    import numpy as np

    from GANEnhanceLib.inference import Change
    from GANEnhanceLib.regions import Region
    from GANEnhanceLib.volume import Volume


@dataclass(frozen=True, eq=False)
class KeptRun:
    """One run: its input (mapped, or as interpolated to a finer grid), its change, its region, the type of
    its result and its report.

    `axis` is the array axis of a preview (0 k, 1 j, 2 i), whose frame is one slice thick along it; None for a
    whole volume.
    """

    volume: Volume
    change: Change
    region: Region | None
    dtype: np.dtype
    report: dict[str, Any]
    axis: int | None = None


class KeptRuns:
    """The kept runs of a worker by name. Jobs use them while requests that forget them come in."""

    def __init__(self):
        """Keep nothing yet."""
        self._lock = threading.Lock()
        self._runs: dict[str, KeptRun] = {}
        self._users: dict[str, int] = {}
        self._leaving: dict[str, KeptRun] = {}

    def add(self, name: str, run: KeptRun) -> None:
        """Keep a run under a name that was not used before."""
        with self._lock:
            self._runs[name] = run

    @contextmanager
    def use(self, name: Any) -> Generator[KeptRun, None, None]:
        """Give a run for the time of a job, which may outlast its being forgotten; WorkerError if unknown."""
        with self._lock:
            if not isinstance(name, str) or name not in self._runs:
                raise unknown(name)
            run = self._runs[name]
            self._users[name] = self._users.get(name, 0) + 1
        try:
            yield run
        finally:
            with self._lock:
                self._users[name] -= 1
                if not self._users[name]:
                    del self._users[name]
                    leaving = self._leaving.pop(name, None)
                    if leaving is not None:
                        leaving.change.remove()

    def forget(self, name: Any) -> bool:
        """Give up a run with its memory and file, when its last job ends; False if the name is unknown."""
        with self._lock:
            run = self._runs.pop(name, None) if isinstance(name, str) else None
            if run is None:
                return False
            if name in self._users:
                self._leaving[name] = run
            else:
                run.change.remove()
            return True


def unknown(name: Any) -> WorkerError:
    """Return the error for a name that no kept run has."""
    return WorkerError(f"No kept run is named {name!r}.", 'Enhance again with "keep": true.')
