"""Where a run stands, and what its way (network or filter) leaves behind."""

from __future__ import annotations

import time
from dataclasses import dataclass

from GANEnhanceLib.intensity import FittedScaling


@dataclass(frozen=True)
class Progress:
    """Where a run stands: ``fraction`` 0 to 1 of all the work; ``seconds_left`` is a guess, None at first."""

    stage: str
    fraction: float
    message: str = ""
    seconds_left: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What is known after the voxels were made: the device in words, seconds in the network, and the rest.

    `work` says how much was computed: the number of blocks, and the voxels of each. `finer` says what
    super-resolution did; None for models that keep the grid.
    """

    device: str
    seconds: float
    notes: tuple[str, ...] = ()
    bound_hits: int = 0
    scaling: FittedScaling | None = None
    work: tuple[int, int] = (0, 0)
    finer: dict | None = None


def seconds_left(began: float, fraction: float) -> float | None:
    """Guess the time left from what was done since ``began`` (``time.perf_counter``); None at first."""
    seconds = time.perf_counter() - began
    return seconds * (1 - fraction) / fraction if fraction > 0 and seconds > 0.5 else None
