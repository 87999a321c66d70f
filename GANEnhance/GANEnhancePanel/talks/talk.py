"""A talk: a generator that moves voxels and asks the worker, whoever drives it.

It yields progress messages (dicts as in `GANEnhanceLib.protocol`: stage, fraction, seconds_left) for what it
does itself, and an `Ask` where it needs an answer of the worker, which is sent back in. What it returns is
the result. Closing it cancels; it removes its own files. The same talk runs blocking in a script
(`conversation.converse`) and from the event loop (`conversation.Conversation`), so that both give the same
voxels.
"""

import contextlib
import itertools
from dataclasses import dataclass, field
from typing import Any

from GANEnhanceLib import protocol

_numbers = itertools.count(1)


def unchanged(message):
    """Tell a progress message as it came."""
    return message


@dataclass(frozen=True)
class Ask:
    """A request to the worker; `tell` turns its progress messages into those of the whole talk."""

    method: str
    params: dict[str, Any] = field(default_factory=dict)
    tell: Any = unchanged


@dataclass(frozen=True)
class Share:
    """The part of a talk's progress, from `begin` to `end`, that one step of it has; use it as `tell`."""

    begin: float
    end: float

    def __call__(self, message):
        """Return a progress message of the step as one of the talk."""
        return {**message, "fraction": self.at(message.get("fraction") or 0.0)}

    def at(self, fraction):
        """Return the talk's fraction for a fraction (0 to 1) of the step."""
        return self.begin + (self.end - self.begin) * float(fraction)


def copying(steps, tell):
    """Run a generator of fractions as a step of a talk and return its value."""
    with contextlib.closing(steps):
        while True:
            try:
                fraction = next(steps)
            except StopIteration as end:
                return end.value
            yield tell({"stage": "copying", "fraction": fraction, "message": "", "seconds_left": None})


class WorkerFiles:
    """Files of one talk in the worker's folder; `clear` removes those that are left."""

    def __init__(self, folder):
        """Begin without files."""
        self._folder = folder
        self._paths = []

    def newPath(self):
        """Return the path of a file to write, under a name that was never used."""
        return self.path(f"talk-input-{next(_numbers)}.npy")

    def path(self, name):
        """Return the path of a file that a message names: from now on ours to remove."""
        path = protocol.file_in(self._folder, name)
        self._paths.append(path)
        return path

    def remove(self, path):
        """Remove one file now."""
        self._paths.remove(path)
        _unlink(path)

    def clear(self):
        """Remove all files that are left."""
        paths, self._paths = self._paths, []
        for path in paths:
            _unlink(path)


def removeFilesOf(message, folder):
    """Remove the voxel files that an answer names: nobody wants it any more."""
    for value in message.values():
        if isinstance(value, dict):
            removeFilesOf(value, folder)
    if isinstance(message.get("file"), str):
        _unlink(protocol.file_in(folder, message["file"]))


def _unlink(path):
    # A file that cannot be removed now goes with the worker's folder.
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
