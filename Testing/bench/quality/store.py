"""Rows that are there are not measured again: a small file for each, named by all that it hangs on.

The digest of a row holds the voxels of the case, the code of the method or the hash of the model, and the
code of the figures; so a stopped run goes on where it was, and classical rows last until something changes. A
change of the engine that changes voxels is not seen: remove the folder then.
"""

from __future__ import annotations

import ctypes
import gc
import hashlib
import inspect
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from quality import figures
from quality.cases import Case

_MIB = 2.0**20


class Store:
    """A folder of measured rows with the middle slice of each image, for the pictures."""

    def __init__(self, folder: Path):
        """Use a folder, which is made."""
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._code = hashlib.sha256(inspect.getsource(figures).encode()).hexdigest()

    def row(self, case: Case, method: str, digest: str, run: Callable[[], np.ndarray]) -> dict:
        """Return the row of a case and a method, measured when it is not there."""
        key = hashlib.sha256(f"{case.digest} {method} {digest} {self._code}".encode()).hexdigest()[:24]
        path = self._folder / f"{key}.json"
        if not path.exists():
            image, cost = _timed(run)
            row = _place(case) | {"method": method, **figures.measure(image, case), **cost}
            np.save(path.with_suffix(".npy"), image[_middle(case)].astype(np.float32))
            _write(path, json.dumps(row))
            _tell(row)
        return json.loads(path.read_text(encoding="utf-8")) | {"key": key}

    def value(self, name: str, make: Callable[[], object]) -> object:
        """Return a value that JSON holds, made when none of this name is there."""
        path = self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.value.json"
        if not path.exists():
            _write(path, json.dumps(make()))
        return json.loads(path.read_text(encoding="utf-8"))

    def slice_of(self, row: dict) -> np.ndarray:
        """Return the middle slice (j, i) of the image of a row."""
        return np.load(self._folder / f"{row['key']}.npy")


def _middle(case: Case) -> int:
    return (case.measured.start + case.measured.stop) // 2


def _place(case: Case) -> dict:
    return {
        "modality": case.modality,
        "task": case.task,
        "case": case.image,
        "patient": case.patient,
        "level": case.level,
        "percent": case.percent,
        "judged": case.judged,
    }


def _timed(run: Callable[[], np.ndarray]) -> tuple[np.ndarray, dict[str, float]]:
    """Run and return the image with seconds of the processor and peak memory beyond what was in use, MiB."""
    gc.collect()
    before = _reset_peak()
    start = time.process_time()
    image = run()
    cost = {"cpu_seconds": round(time.process_time() - start, 3)}
    if before is not None:
        cost["peak_mib"] = round(max(0.0, _memory("VmHWM") - before), 1)
    return image, cost


def _reset_peak() -> float | None:
    """Give freed memory back, set the peak to what is in use, and return it; None where Linux is not."""
    if sys.platform != "linux":
        return None
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
    except (OSError, AttributeError):
        return None
    return _memory("VmRSS")


def _memory(field: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024.0 / _MIB
    raise RuntimeError(f"/proc/self/status has no {field}.")


def _write(path: Path, text: str) -> None:
    aside = path.with_suffix(".part")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def _tell(row: dict) -> None:
    print(
        f"{row['case']:18s} {row['level']:26s} {row['psnr_db']:6.2f} dB  {row['ssim']:.4f}"
        f"  {row['cpu_seconds']:7.1f} s  {row['method']}",
        flush=True,
    )
