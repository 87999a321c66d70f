"""The worker's process: reads requests, runs jobs, writes answers, and ends with its parent.

It speaks `GANEnhanceLib.protocol` on stdin and stdout, stays warm between requests, answers a cancel at once,
turns every failure into a message; its folder of voxels is removed in every case. The main thread reads
requests; one thread runs jobs, one writes messages, one watches the parent, one takes signals.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO, NoReturn

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import WorkerError
from GANEnhanceLib.methods import JOBS, PROMPT, find_method
from GANEnhanceLib.methods.files import discard_result
from GANEnhanceLib.methods.workplace import Workplace
from GANEnhanceLib.worker_folder import WorkerFolder, sweep_folders
from GANEnhanceLib.worker_jobs import Job, JobLine

PARENT_POLL_SECONDS = 0.5
END_SECONDS = 0.3
# Windows ends processes without asking them; there the end of stdin tells that the client is gone.
SIGNALS = set() if sys.platform == "win32" else {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1}


class Outbox:
    """Writes messages in the order they were put, in its own thread, so that nobody waits for the client."""

    def __init__(self, stream: BinaryIO):
        """Write to `stream`, which nobody else writes to."""
        self._stream = stream
        self._queue: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="outbox", daemon=True)
        self._thread.start()

    def put(self, message: dict[str, Any]) -> None:
        """Queue a message; never waits."""
        self._queue.put(message)

    def close(self, seconds: float) -> None:
        """Write what is queued, waiting `seconds` at most."""
        self._queue.put(None)
        self._thread.join(seconds)

    def _write_all(self) -> None:
        while (message := self._queue.get()) is not None:
            try:
                line = protocol.encode(message)
            except (TypeError, ValueError) as error:
                line = protocol.encode(protocol.error_message_of(message.get("id"), error))
            # Where the client is gone, the end of stdin or the parent's end is what stops the worker.
            with contextlib.suppress(OSError):
                self._stream.write(line)
                self._stream.flush()


class Worker:
    """Answers requests until the client says `shutdown` or is gone."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO, folder: WorkerFolder):
        """Take the two ends of the protocol and the folder for voxels."""
        self._requests = requests
        self._place = Workplace(folder.path)
        self._outbox = Outbox(answers)
        self._jobs = JobLine(self._outbox.put)

    def serve(self) -> None:
        """Say hello, then answer until `shutdown` or end of file."""
        self._outbox.put(protocol.result_message(0, **self._answer_at_once("hello", {})))
        while line := self._read_line():
            if line.strip() and not self._answer(line):
                return

    def _read_line(self) -> bytes:
        """Return the next line, one byte more than allowed if it is too long (its rest is skipped)."""
        line = rest = self._requests.readline(protocol.LONGEST_LINE + 1)
        while len(rest) > protocol.LONGEST_LINE and not rest.endswith(b"\n"):
            rest = self._requests.readline(protocol.LONGEST_LINE + 1)
        return line

    def close(self) -> None:
        """End open jobs with "cancelled" and send what is queued; takes less than a second."""
        self._jobs.close(END_SECONDS)
        self._outbox.close(END_SECONDS)

    def _answer(self, line: bytes) -> bool:
        """Answer one line; False after `shutdown`."""
        number = None
        try:
            message = protocol.decode(line)
            number = message.get("id") if type(message.get("id")) is int else None
            request = protocol.parse_request(message)
            if self._jobs.is_open(request.id):
                number = None
                raise WorkerError(f"The id {request.id} belongs to a job that is still open.", "Count up.")
            self._dispatch(request)
        except Exception as error:
            self._outbox.put(protocol.error_message_of(number, error))
            return True
        return request.method != "shutdown"

    def _dispatch(self, request: protocol.Request) -> None:
        if request.method in JOBS:
            self._jobs.add(
                Job(
                    request.id,
                    start=lambda: find_method(JOBS[request.method])(self._place, request.id, request.params),
                    discard=lambda result: discard_result(self._place, result),
                )
            )
            return
        fields = self._answer_at_once(request.method, request.params)
        if request.method == "shutdown":
            self._jobs.close(END_SECONDS)
        self._outbox.put(protocol.result_message(request.id, **fields))

    def _answer_at_once(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        if method == "cancel":
            return self._cancel(params)
        return {} if method == "shutdown" else find_method(PROMPT[method])(self._place, params)

    def _cancel(self, params: dict[str, Any]) -> dict[str, Any]:
        target = params.get("target")
        if not isinstance(target, int) or isinstance(target, bool):
            raise WorkerError(f"The target of cancel is {target!r}.", "Give the id of a request.")
        self._jobs.cancel(target)
        return {}


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep stdin and stdout for the protocol: whatever else prints goes to stderr."""
    sys.stdout.flush()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdin, sys.stdout = open(0, closefd=False), sys.stderr  # noqa: SIM115
    return requests, answers


class Ending:
    """The one way out, whichever thread is first: ends the jobs, removes the folder, leaves the process."""

    def __init__(self, worker: Worker, folder: WorkerFolder):
        """End this worker and this folder."""
        self._worker, self._folder = worker, folder
        self._begun = threading.Lock()

    def leave(self, code: int = 0) -> NoReturn:
        """End the process; does not return, also where another thread has begun to end it."""
        if not self._begun.acquire(blocking=False):
            threading.Event().wait()
        self._worker.close()
        self._folder.remove()
        with contextlib.suppress(OSError):  # whoever read our log may be gone
            sys.stderr.flush()
        # A step that is still computing must not keep the process, nor libraries' exit handlers wait for it.
        os._exit(code)


def _watch(parent: int, ending: Ending) -> None:
    """End when a signal asks for it, or when the parent is gone, also where another process keeps stdin open.

    A thread takes the signals: a handler in the main thread could come too late to interrupt its read.
    """
    look = threading.Event()
    _start_thread("parent", lambda: _watch_parent(parent, look, ending))
    _start_thread("signals", lambda: _watch_signals(look, ending))
    if sys.platform.startswith("linux"):
        import ctypes

        # The kernel sends this when the *thread* that started us ends, so it is a reason to look, not to end.
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGUSR1, 0, 0, 0)


def _watch_parent(parent: int, look: threading.Event, ending: Ending) -> None:
    while os.getppid() == parent:
        look.wait(PARENT_POLL_SECONDS)
        look.clear()
    ending.leave()


def _watch_signals(look: threading.Event, ending: Ending) -> None:
    while signal.sigwait(SIGNALS) == signal.SIGUSR1:
        look.set()
    ending.leave()


def _start_thread(name: str, work: Callable[[], object]) -> None:
    threading.Thread(target=work, name=name, daemon=True).start()


def run_worker() -> NoReturn:
    """Run the worker; the process ends with code 0, or 1 if something is wrong with the worker itself."""
    parent = os.getppid()
    if SIGNALS:
        # For this thread and all that it starts: only the one that waits for them gets them.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    requests, answers = _take_streams()
    try:
        folder = WorkerFolder()
    except OSError as error:
        _report_and_exit(answers, error)
    worker = Worker(requests, answers, folder)
    ending = Ending(worker, folder)
    if SIGNALS:
        _watch(parent, ending)
    _start_thread("sweep", sweep_folders)
    code = 0
    try:
        worker.serve()
    except Exception:
        traceback.print_exc()
        code = 1
    finally:
        ending.leave(code)


def _report_and_exit(answers: BinaryIO, error: OSError) -> None:
    import tempfile

    problem = WorkerError(
        f"The worker cannot make its folder in {tempfile.gettempdir()} ({protocol.first_line(error)}).",
        "Free some space there, or set TMPDIR to a folder that you can write.",
    )
    answers.write(protocol.encode(protocol.error_message_of(0, problem)))
    answers.flush()
    os._exit(1)
