"""Ctrl-C and SIGTERM at a moment of our choice.

Python raises the exception of a signal wherever the main thread is, also inside locks, imports and clean-up,
where it can be swallowed, leave a lock held for ever or a file behind. Here the first signal is only noted,
and raised by `check` between steps; a second one ends the process at once, after what `undone_by` has
registered.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

_NAMES = ("SIGINT", "SIGTERM")


class Interrupted(BaseException):
    """A signal has come; `number` is its number."""

    def __init__(self, number: int):
        """Keep the number of the signal."""
        super().__init__(number)
        self.number = number


class Interruption:
    """Notes signals while it is active; there is one for the process, `interruption`."""

    def __init__(self):
        """Begin without a signal."""
        self._noted: int | None = None
        self._undo: list[Callable[[], Any]] = []

    @contextlib.contextmanager
    def active(self) -> Iterator[None]:
        """Note signals in this context. Only the main thread can; in others nothing changes."""
        self._noted = None
        handlers = {}
        if threading.current_thread() is threading.main_thread():
            for number in (getattr(signal, name) for name in _NAMES):
                # Whoever started us may have a signal ignored, as nohup does.
                if signal.getsignal(number) is not signal.SIG_IGN:
                    handlers[number] = signal.signal(number, self._note)
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    @contextlib.contextmanager
    def undone_by(self, undo: Callable[[], Any]) -> Iterator[None]:
        """Have `undo` called, also if a second signal ends the process in this context."""
        self._undo.append(undo)
        try:
            yield
        finally:
            self._undo.remove(undo)
            undo()

    def check(self) -> None:
        """Raise Interrupted if a signal has come."""
        if self._noted is not None:
            raise Interrupted(self._noted)

    def _note(self, number: int, _frame: Any) -> None:
        if self._noted is not None:
            for undo in self._undo:
                undo()
            sys.stderr.flush()
            os._exit(128 + number)
        self._noted = number


interruption = Interruption()
