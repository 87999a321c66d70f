"""The blocks of a plan through a backend: fill, start, and, while the network runs, read and write others.

Results are taken in the plan's order whatever finishes first, so equal runs give equal bits. A block of
zeros only (masked background) gives the same result wherever it lies, so it is run once: exact, not an
approximation.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator

import numpy as np

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.inference.backends import Backend
from GANEnhanceLib.inference.plan import Block, Plan
from GANEnhanceLib.inference.voxels import BlockReader, ResidualWriter

_POLL_SECONDS = 0.1


class Stream:
    """One run of a plan's blocks; ``seconds_in_network`` is the time in which the backend had work."""

    def __init__(
        self,
        backend: Backend,
        reader: BlockReader,
        writer: ResidualWriter,
        plan: Plan,
        batch: int,
        doubt: bool = False,
    ):
        """Prepare the run of all blocks of ``plan``, ``batch`` at once, with a second channel if asked."""
        self._backend, self._reader, self._writer, self._plan = backend, reader, writer, plan
        self._batch, self._doubt = batch, doubt
        self._free = deque(range(backend.slots))
        self._filling: int | None = None
        self._filled = 0
        # What was started and not yet written: blocks with their slot and place in the batch, None for
        # empty ones.
        self._waiting: deque[tuple[Block, tuple[int, int] | None]] = deque()
        self._unread: dict[int, int] = {}
        self._empty_known = False
        self._empty_residual: np.ndarray | None = None
        self._done = 0
        self._began = 0.0
        self.seconds_in_network = 0.0

    def run(self) -> Generator[float, None, None]:
        """Run all blocks; yields the fraction done, also during a block. Closing it stops the backend."""
        finished = False
        try:
            for block in self._plan.blocks:
                if self._filling is None:
                    while not self._free:
                        yield from self._take()
                    self._filling = self._free.popleft()
                self._fill(block)
                while self._waiting and self._waiting[0][1] is None and self._empty_residual is not None:
                    yield from self._take()
            self._start()
            while self._waiting:
                yield from self._take()
            self._writer.finish()
            finished = True
        finally:
            if not finished:
                self._backend.cancel()

    def _fill(self, block: Block) -> None:
        slot, place = self._filling, self._filled
        is_empty = self._reader.fill(block, self._backend.input(slot)[place])
        if is_empty and self._empty_known:
            self._waiting.append((block, None))
            return
        self._empty_known = self._empty_known or is_empty
        self._waiting.append((block, (slot, place)))
        self._filled += 1
        if self._filled == self._batch:
            self._start()

    def _start(self) -> None:
        """Run the blocks that were filled; what else a last batch holds is old, and nobody reads it."""
        if not self._filled:
            return
        if not self._unread:
            self._began = time.perf_counter()
        self._unread[self._filling] = self._filled
        self._backend.start(self._filling)
        self._filling, self._filled = None, 0

    def _take(self) -> Generator[float, None, None]:
        block, where = self._waiting[0]
        if where is None:
            residual = self._empty_residual
        else:
            while not self._backend.ready(where[0], _POLL_SECONDS):
                yield self._fraction()
            residual = self._residual(*where)
        self._waiting.popleft()
        self._writer.add(block, residual)
        self._done += 1
        yield self._fraction()

    def _residual(self, slot: int, place: int) -> np.ndarray:
        block = self._backend.input(slot)[place]
        before = block[self._plan.context]
        after = self._backend.output(slot)[place, 0]
        if after.shape != before.shape:
            raise GANEnhanceError(
                f"The network gave a block of shape {after.shape} for one of shape {before.shape}.",
                "Ask the model's author: a network for this engine keeps the size.",
            )
        with np.errstate(over="ignore", invalid="ignore"):
            residual = np.empty((1 + self._doubt, *before.shape), np.float32)
            np.subtract(after, before, out=residual[0])
            if self._doubt:
                residual[1] = self._backend.output(slot)[place, 1]
            # One sum finds NaN and infinity faster than a look at each voxel.
            is_finite = np.isfinite(residual.sum())
        if not is_finite:
            raise GANEnhanceError(
                "The network gave values that are not numbers (NaN or infinite), so there is no result.",
                "Try the precision float32 or another device; else the model does not suit this volume.",
            )
        if self._empty_residual is None and self._empty_known and not block.any():
            self._empty_residual = _as_block(residual).copy()
        self._release(slot)
        return _as_block(residual)

    def _release(self, slot: int) -> None:
        self._unread[slot] -= 1
        if not self._unread[slot]:
            del self._unread[slot]
            self._free.append(slot)
            if not self._unread:
                self.seconds_in_network += time.perf_counter() - self._began

    def _fraction(self) -> float:
        return self._done / len(self._plan.blocks)


def _as_block(residual: np.ndarray) -> np.ndarray:
    """Return (channels, s, u, v), also of one slice."""
    return residual if residual.ndim == 4 else residual[:, None]
