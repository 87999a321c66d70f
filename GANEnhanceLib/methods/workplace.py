"""What the methods of one worker share: its folder, and what it remembers between requests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Workplace:
    """The worker's folder for voxels (`folder`), where all files of messages lie."""

    folder: Path
