"""SIGTERM and Ctrl-C end a training after its step, with a checkpoint."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import TracebackType


class StopAsked:
    """While it is entered, signals are noted; `asked` tells whether one has come.

    Signals that whoever started us has switched off stay off, as for `nohup`; a second signal goes where it
    would have gone without us. Only the main thread can look after signals; elsewhere `asked` stays as it is
    set.
    """

    def __init__(self) -> None:
        """Begin without a signal."""
        self.asked = False
        self._before: dict[int, Callable | int | None] = {}

    def __enter__(self) -> StopAsked:
        """Note signals from now on."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give signals back."""
        self._give_back()

    def _note(self, number: int, frame: object) -> None:
        before = self._before.get(number)
        if not self.asked:
            self.asked = True
        elif callable(before):
            before(number, frame)
        else:
            self._give_back()

    def _give_back(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        self._before = {}
