"""Where a run stands, and what its way (network or filter) leaves behind."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass, replace

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


def one_of(
    steps: Generator[Progress, None, Outcome], number: int, count: int
) -> Generator[Progress, None, Outcome]:
    """Pass progress on as that of one of several equal parts, and return what the part returns.

    Args:
        steps: the part; closed when this is closed.
        number: of the part, from 0.
        count: of parts.
    """
    try:
        while True:
            progress = next(steps)
            left = progress.seconds_left
            if left is not None and 0 < progress.fraction < 1:
                left *= 1 + (count - number - 1) / (1 - progress.fraction)
            yield replace(progress, fraction=(number + progress.fraction) / count, seconds_left=left)
    except StopIteration as end:
        return end.value
    finally:
        steps.close()


def together(outcomes: list[Outcome]) -> Outcome:
    """Add up the outcomes of several parts; the work is told in blocks of the first part's size."""
    size = outcomes[0].work[1]
    voxels = sum(count * each for count, each in (outcome.work for outcome in outcomes))
    return replace(
        outcomes[0],
        seconds=sum(outcome.seconds for outcome in outcomes),
        notes=tuple(dict.fromkeys(note for outcome in outcomes for note in outcome.notes)),
        bound_hits=sum(outcome.bound_hits for outcome in outcomes),
        work=(round(voxels / size), size),
    )
