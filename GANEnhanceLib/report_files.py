"""Writes a report to a file: HTML with pictures, CSV with the figures, JSON with all but the pictures."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from GANEnhanceLib.errors import OutputError

SUFFIXES = (".html", ".csv", ".json")


def report_steps(
    document: Mapping[str, Any], stack: np.ndarray | None, suffix: str
) -> Generator[float, None, bytes]:
    """Return the content of a report file of a suffix of SUFFIXES; yields the fraction done.

    `document` is of `report_document`, `stack` of `report_slices` (None: no pictures).
    """
    yield 0.0
    if suffix == ".html":
        from GANEnhanceLib.report_page import page_steps

        return (yield from page_steps(document, stack))
    if suffix == ".csv":
        from GANEnhanceLib.report_table import csv_bytes

        return csv_bytes(document)
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode("utf-8")


def report_suffix(path: str | os.PathLike) -> str:
    """Return the suffix of a report file in lower case; OutputError unless it is one of SUFFIXES."""
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise OutputError(
            f"The report '{path}' has an unknown type.",
            f"Its name must end with {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.",
        )
    return suffix


def write_report_steps(
    document: Mapping[str, Any], stack: np.ndarray | None, path: str | os.PathLike
) -> Generator[float, None, None]:
    """Write a report file, complete or not at all; yields the fraction done.

    It is made in a temporary folder beside its place and renamed. Raises OutputError if the suffix is
    unknown, the folder is missing or not writable, or the disk is full.
    """
    path = Path(path).expanduser()
    suffix = report_suffix(path)
    if not path.parent.is_dir():
        raise OutputError(
            f"The folder '{path.parent}' of the report does not exist.",
            "Make it first, or choose another folder.",
        )
    content = yield from report_steps(document, stack, suffix)
    try:
        with tempfile.TemporaryDirectory(prefix=".ganenhance-", dir=path.parent) as folder:
            aside = Path(folder) / f"report{suffix}"
            aside.write_bytes(content)
            os.replace(aside, path)
    except OSError as error:
        raise OutputError(
            f"The report cannot be written to '{path}': {error.strerror or error}.",
            "Make room, or choose another folder.",
        ) from error
