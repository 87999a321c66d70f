"""Remembers the runs of this session: which node came from which run, and what the worker keeps of it."""

import dataclasses
from typing import Any

# Each kept run is a file of four bytes a voxel in the worker's folder.
KEPT_RUNS = 3


@dataclasses.dataclass
class Result:
    """A complete run: the node it made, the volume it was made from, its task and report.

    `kept` is the name under which the worker keeps the run (None: nothing is kept), `folder` the folder of
    that worker.
    """

    node: Any
    source: Any
    task: Any
    report: dict
    kept: str | None = None
    folder: Any = None


class Results:
    """The newest run of each node, oldest first."""

    def __init__(self, client):
        """Remember nothing yet; `client` is told what it need not keep any more."""
        self._client = client
        self._results = []

    @property
    def latest(self):
        """Return the newest Result, or None."""
        return self._results[-1] if self._results else None

    def of(self, node):
        """Return the newest Result that made `node`, or None."""
        return next((result for result in self._results if result.node is node), None)

    def keptOf(self, node):
        """Return the name under which the living worker keeps the run that made `node`, or None."""
        result = self.of(node)
        if result is None or result.kept is None or result.folder != self._client.folder:
            return None
        return result.kept

    def add(self, result):
        """Remember a run; forget the one that made the same node before, and the oldest kept ones."""
        self.forget(result.node)
        self._results.append(result)
        kept = [each for each in self._results if each.kept is not None]
        for old in kept[:-KEPT_RUNS]:
            self._release(old)

    def forget(self, node):
        """Forget the run that made `node`."""
        for result in [each for each in self._results if each.node is node]:
            self._release(result)
            self._results.remove(result)

    def forgetSource(self, node):
        """The source `node` is gone: its results stay, but are not kept in the worker any more."""
        for result in [each for each in self._results if each.source is node]:
            self._release(result)

    def clear(self):
        """Forget all."""
        for result in self._results:
            self._release(result)
        self._results.clear()

    def _release(self, result):
        if result.kept is not None and result.folder == self._client.folder:
            self._client.tell("forget", {"kept": result.kept})
        result.kept = None
