"""How fast models were on this computer: a small file in the user's cache, so that times can be foretold.

It holds no name of any image. It may be damaged, or not writable, or written by two workers at once: then
less is known, and nothing fails.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER_VARIABLE = "GANENHANCE_CACHE"
FILE_NAME = "rates.json"
_SCHEMA = 1
_MOST_RUNS = 200
_LARGEST_FILE = 2**20


def cache_folder() -> Path:
    """Return the folder for what can be found out again, by the platform's convention; it need not exist."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
        return Path(base) / "GANEnhance" / "Cache"
    if sys.platform == "darwin":
        return Path(os.path.expanduser("~/Library/Caches")) / "GANEnhance"
    base = os.environ.get("XDG_CACHE_HOME", "")
    base = base if os.path.isabs(base) else os.path.expanduser("~/.cache")
    return Path(base) / "ganenhance"


class Rates:
    """Measured numbers by key; each row is flat, of finite numbers that are not negative.

    The file is read each time, as other workers write it too.
    """

    def __init__(self, folder: Path | None = None):
        """Use the file in `folder` (default: the user's cache folder)."""
        self.path = (cache_folder() if folder is None else folder) / FILE_NAME

    def rows(self) -> dict[str, dict[str, float]]:
        """Return all rows as they are in the file now; those that make no sense are left out."""
        try:
            if self.path.stat().st_size > _LARGEST_FILE:
                return {}
            content = json.loads(self.path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(content, dict) or content.get("schema") != _SCHEMA:
            return {}
        rows = content.get("rates")
        if not isinstance(rows, dict):
            return {}
        return {key: dict(row) for key, row in rows.items() if _makes_sense(row)}

    def update(
        self, key: str, change: Callable[[dict[str, float] | None], dict[str, float]]
    ) -> dict[str, float]:
        """Replace a row by what `change` makes of it (None: there is none yet) and return the new one."""
        rows = self.rows()
        row = change(rows.pop(key, None))
        rows[key] = row  # the newest is the last
        for old in list(rows)[:-_MOST_RUNS]:
            del rows[old]
        self._write({"schema": _SCHEMA, "rates": rows})
        return row

    def _write(self, content: Mapping[str, Any]) -> None:
        aside = None
        try:
            text = json.dumps(content, indent=1, allow_nan=False)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(prefix=f".{FILE_NAME}-", dir=self.path.parent)
            with open(handle, "w") as file:
                file.write(text)
            os.replace(aside, self.path)
        except (OSError, ValueError):
            if aside is not None:
                with suppress(OSError):
                    os.unlink(aside)


def mixed(old: float | None, new: float) -> float:
    """Return the middle of an old and a new measurement: one run on a busy computer must not decide."""
    return new if old is None else (old + new) / 2


def _makes_sense(row: Any) -> bool:
    return isinstance(row, dict) and all(
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(value)
        and value >= 0
        for value in row.values()
    )
