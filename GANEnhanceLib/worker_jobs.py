"""The worker's line of jobs: one runs, the others wait, each can be cancelled, each ends exactly once.

A job is a generator function that yields progress and returns the fields of its result. It runs in one thread
of its own, so that the thread that reads requests can answer a cancel at once, also while a filter is in a
long step.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from GANEnhanceLib import protocol

SECONDS_BETWEEN_PROGRESS = 0.05

Send = Callable[[dict[str, Any]], None]
Steps = Generator[Any, None, dict[str, Any]]


@dataclass(frozen=True)
class Job:
    """One request that lasts: `start` makes its generator, `discard` undoes a result that nobody wants."""

    number: int
    start: Callable[[], Steps]
    discard: Callable[[dict[str, Any]], None]


class JobLine:
    """Runs jobs in the order they come, in one daemon thread, and sends their events through `send`."""

    def __init__(self, send: Send):
        """Start the thread; `send` must not wait."""
        self._send_message = send
        # `send` puts messages into a queue and never waits, so it is called with the condition held: then
        # nothing can follow a job's last message.
        self._condition = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._open: set[int] = set()
        self._closed = False
        self._thread = threading.Thread(target=self._run_all, name="jobs", daemon=True)
        self._thread.start()

    def is_open(self, number: int) -> bool:
        """Tell whether a job with this id waits or runs."""
        with self._condition:
            return number in self._open

    def add(self, job: Job) -> None:
        """Put a job at the end of the line."""
        with self._condition:
            self._open.add(job.number)
            self._waiting.append(job)
            self._condition.notify()

    def cancel(self, number: int) -> None:
        """End a job with the error "cancelled"; its computing stops after its step."""
        self._end(
            number,
            protocol.error_message(number, protocol.CANCELLED, "The job was cancelled.", ""),
        )

    def close(self, seconds: float) -> None:
        """Cancel all jobs and give the running one `seconds` to come to the end of its step."""
        with self._condition:
            self._closed = True
            numbers = sorted(self._open)
            self._condition.notify()
        for number in numbers:
            self.cancel(number)
        if threading.current_thread() is not self._thread:
            self._thread.join(seconds)

    def _end(self, number: int, message: dict[str, Any]) -> bool:
        """Send the last message of a job, unless it has had one; True if this was it."""
        with self._condition:
            if number not in self._open:
                return False
            self._open.remove(number)
            self._send_message(message)
            return True

    def _send_while_open(self, message: dict[str, Any]) -> bool:
        with self._condition:
            if message["id"] not in self._open:
                return False
            self._send_message(message)
            return True

    def _next(self) -> Job | None:
        with self._condition:
            while not self._waiting and not self._closed:
                self._condition.wait()
            return None if self._closed else self._waiting.popleft()

    def _run_all(self) -> None:
        while (job := self._next()) is not None:
            if self.is_open(job.number):
                self._run(job)

    def _run(self, job: Job) -> None:
        try:
            result = self._steps(job)
            message = None if result is None else protocol.result_message(job.number, **result)
        except BaseException as error:
            # Whatever happens in a job, the worker answers and takes the next one.
            message, result = protocol.error_message_of(job.number, error), None
            if message["code"] == protocol.UNEXPECTED:
                traceback.print_exc()
        if message is not None and not self._end(job.number, message) and result is not None:
            job.discard(result)

    def _steps(self, job: Job) -> dict[str, Any] | None:
        """Run the job's generator, sending its progress; its result, or None if it was cancelled."""
        pace = _Pace()
        steps = job.start()
        try:
            while True:
                try:
                    progress = next(steps)
                except StopIteration as stop:
                    return stop.value
                if pace.is_due(progress):
                    goes_on = self._send_while_open(pace.message(job.number, progress))
                else:
                    goes_on = self.is_open(job.number)
                if not goes_on:
                    return None
        finally:
            steps.close()


class _Pace:
    """Thins out progress to what a person can see, and never lets the fraction fall."""

    def __init__(self):
        self._fraction, self._stage, self._time = 0.0, None, 0.0

    def is_due(self, progress: Any) -> bool:
        now = time.monotonic()
        due = progress.stage != self._stage or bool(progress.message)
        if not due and now - self._time < SECONDS_BETWEEN_PROGRESS:
            return False
        self._stage, self._time = progress.stage, now
        return True

    def message(self, number: int, progress: Any) -> dict[str, Any]:
        self._fraction = min(1.0, max(self._fraction, progress.fraction))
        return protocol.progress_message(
            number, progress.stage, self._fraction, progress.message, progress.seconds_left
        )
