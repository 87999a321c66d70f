"""What the worker found out about the inputs of earlier requests, so that a preview need not look again."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from GANEnhanceLib.inference import VolumeFacts
    from GANEnhanceLib.volume import Volume

_MOST_INPUTS = 8


class Inputs:
    """Facts of the last inputs, by file. The protocol says that a file is never written to again."""

    def __init__(self):
        """Know no input yet."""
        self._facts: OrderedDict[tuple[str, int, int, int], VolumeFacts] = OrderedDict()

    @contextmanager
    def facts_of(self, path: Path, volume: Volume) -> Generator[VolumeFacts, None, None]:
        """Give what is known of the volume whose voxels are in a file, for the time of one job.

        Between jobs only the facts are held and not the voxels: the client may remove the file.
        """
        from GANEnhanceLib.inference import VolumeFacts

        key = _identity(path)
        facts = self._facts.pop(key, None) or VolumeFacts(volume)
        facts.volume = volume
        try:
            yield facts
        finally:
            facts.volume = None
            self._facts[key] = facts
            while len(self._facts) > _MOST_INPUTS:
                self._facts.popitem(last=False)


def _identity(path: Path) -> tuple[str, int, int, int]:
    status = os.stat(path)
    return path.name, status.st_size, status.st_mtime_ns, status.st_ino
