"""A client of the worker in plain Python, for scripts and tests: start it, enhance volumes, have it cleaned
up.

    with WorkerSession() as session:
        enhanced, report = session.enhance(volume, "mr-denoise")

The Slicer panel speaks the same protocol through its own client, which never blocks.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import WorkerError
from GANEnhanceLib.worker_folder import remove_folder

if TYPE_CHECKING:
    from GANEnhanceLib.inference import EnhanceOptions
    from GANEnhanceLib.volume import Volume

START_SECONDS = 60.0
END_SECONDS = 5.0
POLL_SECONDS = 0.05
LOG_LINES = 200

OnProgress = Callable[[dict[str, Any]], None]
_GONE = {"event": "gone"}


class WorkerSession:
    """A running worker; use it as a context manager, or call `close`.

    `python` is the interpreter to start (default: this one), `environment` the worker's environment (default:
    this process's). Raises WorkerError if the worker does not say hello within a minute or speaks another
    protocol.
    """

    def __init__(self, python: str | None = None, environment: Mapping[str, str] | None = None):
        """Start the worker and wait for its hello."""
        self._numbers = itertools.count(1)
        self._answers: dict[int, queue.SimpleQueue] = {0: queue.SimpleQueue()}
        self._lock = threading.Lock()
        self._held: dict[int, str] = {}
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._process = _start(python or sys.executable, environment)
        self._threads = [
            threading.Thread(target=self._read_answers, daemon=True),
            threading.Thread(target=self._read_log, daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self.hello: dict[str, Any] = {}
        try:
            self.hello = self._wait(0, seconds=START_SECONDS)
            self._check_protocol()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> WorkerSession:
        """Return the session."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the session."""
        self.close()

    @property
    def pid(self) -> int:
        """The worker's process number."""
        return self._process.pid

    @property
    def folder(self) -> Path:
        """The folder for voxels, which lives as long as the worker."""
        return Path(self.hello["folder"])

    @property
    def log(self) -> str:
        """The last lines that the worker or its libraries printed."""
        return "".join(self._log)

    def models(self, folders: list[str] | None = None) -> list[dict[str, Any]]:
        """Return the models that the worker finds, as `protocol` describes them."""
        return self.request("models", {"folders": folders or []})["models"]

    def check(self, volume: Volume, device: str = "auto", **more: Any) -> dict[str, Any]:
        """Return what `check` of the protocol says of each model for a volume, whose voxels are not sent.

        `more` are other params of `check`: models, folders, roi.
        """
        described = {
            "shape": list(volume.shape),
            "dtype": volume.voxels.dtype.name,
            "ijk_to_ras": [float(value) for value in volume.ijk_to_ras.ravel()],
            "modality": volume.modality,
            "range": [volume.voxels.min().item(), volume.voxels.max().item()],
        }
        return self.request("check", {"volume": described, "device": device, **more})

    def enhance(
        self,
        volume: Volume,
        model: str,
        options: EnhanceOptions | None = None,
        on_progress: OnProgress | None = None,
        cancelled: Callable[[], bool] | None = None,
        **more: Any,
    ) -> tuple[Volume, dict[str, Any]]:
        """Enhance a volume; returns the new volume, on the same grid or a finer one, and the report.

        `on_progress` is given each progress message; the job is cancelled when `cancelled()` is true. `more`
        are other params of the protocol's `enhance`: region (a mask may be given as an array in "mask"
        instead of a "file") and scaling. Raises the error that the engine raised in the worker,
        `protocol.Cancelled`, or WorkerError if the worker died.
        """
        result = self._run("enhance", volume, model, options, more, on_progress, cancelled)
        return self._volume(volume, result), result["report"]

    def enhance_with_doubt(
        self, volume: Volume, model: str, options: EnhanceOptions, **more: Any
    ) -> tuple[Volume, Volume, dict[str, Any]]:
        """Do the same with options that ask for the doubt; returns also its map, on the same grid."""
        result = self._run("enhance", volume, model, options, more)
        doubt = self._take(result["doubt"])
        enhanced = self._volume(volume, result)
        return enhanced, enhanced.with_voxels(doubt), result["report"]

    def enhance_and_keep(
        self, volume: Volume, model: str, options: EnhanceOptions | None = None, **more: Any
    ) -> tuple[Volume, dict[str, Any], str | None]:
        """Do the same, and keep the change in the worker; returns also its name for `blend` and `forget`.

        The name is None where there was no room for it. `more` may also hold `on_progress` and `cancelled`.
        """
        calls = {key: more.pop(key, None) for key in ("on_progress", "cancelled")}
        result = self._run("enhance", volume, model, options, {**more, "keep": True}, **calls)
        return self._volume(volume, result), result["report"], result["kept"]

    def preview(
        self,
        volume: Volume,
        axis: str,
        index: int,
        model: str,
        options: EnhanceOptions | None = None,
        on_progress: OnProgress | None = None,
        cancelled: Callable[[], bool] | None = None,
        **more: Any,
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Enhance one slice ("k", "j" or "i" and its index); returns the 2-D array and the report.

        `more` is as in `enhance`; for many previews of one volume see `holding`.
        """
        more = {**more, "axis": axis, "index": index}
        result = self._run("preview", volume, model, options, more, on_progress, cancelled)
        return self._take(result), result["report"]

    def preview_and_keep(
        self,
        volume: Volume,
        axis: str,
        index: int,
        model: str,
        options: EnhanceOptions | None = None,
        **more: Any,
    ) -> tuple[np.ndarray, dict[str, Any], str | None]:
        """Do the same, and keep the change; returns also its name, as `enhance_and_keep` does."""
        calls = {key: more.pop(key, None) for key in ("on_progress", "cancelled")}
        more = {**more, "axis": axis, "index": index, "keep": True}
        result = self._run("preview", volume, model, options, more, **calls)
        return self._take(result), result["report"], result["kept"]

    def blend(
        self, kept: str, strength: float, axis: str | None = None, index: int | None = None, **calls: Any
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Return the voxels of a kept run with another strength, all or of one slice, and their report.

        `calls` are `on_progress` and `cancelled`.
        """
        params = {"kept": kept, "strength": strength, "axis": axis, "index": index}
        result = self.request("blend", params, **calls)
        return self._take(result), result["report"]

    def forget(self, *kept: str) -> None:
        """Free the memory and files of kept runs; WorkerError for a name that is unknown."""
        self.request("forget", {"kept": list(kept)})

    def measure(
        self,
        before: Volume,
        after: np.ndarray,
        reference: np.ndarray | None = None,
        data_range: float | None = None,
        regions: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return what the protocol's `measure` answers; "pictures" holds the array of its slices.

        `after` and `reference` are voxels on the grid of `before`, `regions` {"tissue", "background"}.
        """
        with contextlib.ExitStack() as files:
            sources = [self._describe(before, files), self._lend(after, files)]
            params = {
                "before": sources[0],
                "after": sources[1],
                "reference": None if reference is None else self._lend(reference, files),
                "data_range": data_range,
                "regions": {name: self._with_mask(region, files) for name, region in (regions or {}).items()},
            }
            result = self.request("measure", params)
        return {**result, "pictures": self._take(result["slices"])}

    def flicker(self, before: Sequence[np.ndarray], after: Sequence[np.ndarray]) -> dict[str, Any]:
        """Return what the protocol's `flicker` answers for two frames that follow one another."""
        with contextlib.ExitStack() as files:
            sent = {
                "before": [self._lend(frame, files) for frame in before],
                "after": [self._lend(frame, files) for frame in after],
            }
            return self.request("flicker", sent)

    def add_model(
        self, path: str | Path, card: str | Path | None = None, replace: bool = False, **more: Any
    ) -> dict[str, Any]:
        """Copy a model into the user's folder of models; returns its name, title, folder and size_bytes.

        `more` are the protocol's folders.
        """
        params = {"path": str(path), "card": None if card is None else str(card), "replace": replace}
        return self.request("add_model", {**params, **more})

    def remove_model(self, name: str, **more: Any) -> int:
        """Remove a model from the user's folder of models; returns the bytes that were freed."""
        return self.request("remove_model", {"name": name, **more})["size_bytes"]

    @contextlib.contextmanager
    def holding(self, volume: Volume) -> Iterator[None]:
        """Leave a volume in the worker's folder for the requests of a `with` block: it is sent once."""
        name = self._put(volume.voxels)
        self._held[id(volume)] = name
        try:
            yield
        finally:
            del self._held[id(volume)]
            (self.folder / name).unlink(missing_ok=True)

    def request(
        self,
        method: str,
        params: dict[str, Any] | None = None,
        on_progress: OnProgress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> dict[str, Any]:
        """Send a request and wait for its result; raises the error that the worker answers."""
        number = next(self._numbers)
        self._answers[number] = queue.SimpleQueue()
        self._send(protocol.Request(number, method, params or {}))
        return self._wait(number, on_progress, cancelled)

    def close(self) -> None:
        """End the worker, with patience first, and see that its folder is gone."""
        with contextlib.suppress(OSError, WorkerError):
            self._send(protocol.Request(next(self._numbers), "shutdown"))
            self._process.stdin.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join(END_SECONDS)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError):
                stream.close()
        self._remove_folder()

    def _run(self, method, volume, model, options, more, on_progress=None, cancelled=None):
        """Send a request on a volume, with its files, and wait for its result."""
        if self._process.poll() is not None:
            raise self._death()
        params = {"model": str(model), "options": {} if options is None else options.to_dict(), **more}
        with contextlib.ExitStack() as files:
            params["input"] = self._describe(volume, files)
            params["region"] = self._with_mask(params.get("region"), files)
            return self.request(method, params, on_progress, cancelled)

    def _describe(self, volume: Volume, files: contextlib.ExitStack) -> dict[str, Any]:
        """Return the `input` of a request; its file is removed with `files`, unless it is held."""
        return {
            "file": self._held.get(id(volume)) or self._lend(volume.voxels, files),
            "ijk_to_ras": [float(value) for value in volume.ijk_to_ras.ravel()],
            "modality": volume.modality,
            "name": volume.name,
        }

    def _with_mask(self, region: Any, files: contextlib.ExitStack) -> Any:
        """Return the region of a request, with the file of a mask that was given as an array."""
        if not isinstance(region, Mapping) or "mask" not in region:
            return region
        others = {key: value for key, value in region.items() if key != "mask"}
        return {**others, "file": self._lend(region["mask"], files)}

    def _lend(self, array: np.ndarray, files: contextlib.ExitStack) -> str:
        """Write an array for one request; its file is removed with `files`."""
        name = self._put(array)
        files.callback((self.folder / name).unlink, missing_ok=True)
        return name

    def _put(self, array: np.ndarray) -> str:
        """Write an array into the worker's folder under a new name, which is returned."""
        path = self.folder / f"input-{next(self._numbers)}.npy"
        try:
            _save(path, array)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path.name

    def _volume(self, volume: Volume, result: Mapping[str, Any]) -> Volume:
        """Return the result on `volume` as a volume; its file is removed."""
        matrix = np.reshape(result["ijk_to_ras"], (4, 4))
        return replace(volume, voxels=self._take(result), ijk_to_ras=matrix)

    def _take(self, result: Mapping[str, Any]) -> np.ndarray:
        """Return the array of a result; its file is removed."""
        output = protocol.file_in(self.folder, result["file"])
        voxels = np.array(protocol.load_array(output))
        output.unlink()
        if result.get("doubt"):
            protocol.file_in(self.folder, result["doubt"]["file"]).unlink(missing_ok=True)
        return voxels

    def _send(self, request: protocol.Request) -> None:
        try:
            with self._lock:
                self._process.stdin.write(protocol.encode(request.to_dict()))
                self._process.stdin.flush()
        except (OSError, ValueError) as error:
            self._answers.pop(request.id, None)
            raise self._death() from error

    def _wait(self, number, on_progress=None, cancelled=None, seconds=None) -> dict[str, Any]:
        """Return the result with this id; its progress goes to `on_progress`."""
        asked_to_stop = False
        waited = 0.0
        while True:
            if cancelled is not None and not asked_to_stop and cancelled():
                asked_to_stop = True
                cancel = protocol.Request(next(self._numbers), "cancel", {"target": number})
                self._send(cancel)
            try:
                message = self._answers[number].get(timeout=POLL_SECONDS)
            except queue.Empty:
                waited += POLL_SECONDS
                if seconds is not None and waited > seconds:
                    raise self._silence(seconds) from None
                continue
            if message["event"] == "progress":
                if on_progress is not None:
                    on_progress(message)
                continue
            del self._answers[number]
            if message is _GONE:
                raise self._death()
            if message["event"] == "error":
                raise protocol.exception_of(message)
            return message

    def _read_answers(self) -> None:
        for line in self._process.stdout:
            try:
                message = protocol.decode(line)
            except WorkerError as error:
                self._log.append(f"{error}\n")
                continue
            answers = self._answers.get(message.get("id"))
            if answers is not None:
                answers.put(message)
        for answers in list(self._answers.values()):
            answers.put(_GONE)

    def _read_log(self) -> None:
        for line in self._process.stderr:
            self._log.append(line.decode("utf-8", "replace"))

    def _check_protocol(self) -> None:
        spoken = self.hello.get("protocol")
        if spoken != protocol.PROTOCOL_VERSION:
            raise WorkerError(
                f"The worker speaks protocol {spoken}, not {protocol.PROTOCOL_VERSION}.",
                "Install the same version of GANEnhanceLib on both sides.",
            )

    def _death(self) -> WorkerError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        self._remove_folder()
        code = self._process.poll()
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return WorkerError(
            f"The worker process has ended ({how}).",
            "Start a new session; if it happens again, enhance a smaller region or look at the log.",
        )

    def _silence(self, seconds: float) -> WorkerError:
        return WorkerError(
            f"The worker did not say hello within {seconds:.0f} s.", "Look at the log of the session."
        )

    def _remove_folder(self) -> None:
        if self.hello and self._process.poll() is not None:
            remove_folder(self.folder)


def _start(python: str, environment: Mapping[str, str] | None) -> subprocess.Popen:
    environment = dict(os.environ if environment is None else environment)
    # A library that runs from its source folder must be found by the child as well.
    here = str(Path(__file__).resolve().parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [here, environment.get("PYTHONPATH")]))
    # The folder that this process happens to run in must not be searched for modules.
    environment["PYTHONSAFEPATH"] = "1"
    try:
        return subprocess.Popen(
            [python, "-m", "GANEnhanceLib.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
    except OSError as error:
        raise WorkerError(
            f"The worker cannot be started with {python} ({protocol.first_line(error)}).",
            "Give the path of a Python interpreter that has GANEnhanceLib.",
        ) from error


def _save(path: Path, voxels: np.ndarray) -> None:
    try:
        protocol.save_array(path, voxels)
    except OSError as error:
        raise WorkerError(
            f"The volume cannot be handed to the worker in {path.parent} ({protocol.first_line(error)}).",
            "Free some space there, or set TMPDIR to a folder with more.",
        ) from error
