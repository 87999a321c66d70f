"""The figures of a report as a table: for a clipboard (tab separated) and as a CSV file (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from GANEnhanceLib.measures import judge_row
from GANEnhanceLib.report_words import number_text

COLUMNS = ("name", "label", "unit", "before", "after", "change", "note")


def csv_bytes(document: Mapping[str, Any]) -> bytes:
    """Return the figures of a document as UTF-8 CSV: one row a figure, the decimal sign is a point.

    The figures of the table come first; what is known of the run follows, with its value under "after".
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_safe(cell) for cell in row] for row in [*_figures(document), *_facts(document)])
    return text.getvalue().encode("utf-8")


def tab_text(cells: Iterable[Sequence[str]]) -> str:
    """Return rows of texts as a table that spreadsheets and documents take from a clipboard."""
    return "\n".join("\t".join(" ".join(str(cell).split()) for cell in row) for row in cells) + "\n"


def figure_text(row: Mapping[str, Any], side: str) -> str:
    """Return a figure ("before" or "after") of a row with its unit."""
    text = number_text(row[side])
    return text if row[side] is None or not row["unit"] else f"{text} {row['unit']}"


def _figures(document: Mapping[str, Any]) -> list[list[Any]]:
    return [
        [row["name"], row["label"], row["unit"], row["before"], row["after"], judge_row(row), row["note"]]
        for row in document["measures"]["rows"]
    ]


def _facts(document: Mapping[str, Any]) -> list[list[Any]]:
    model = document.get("model") or {}
    facts = [
        ("bound_hits", "Voxels held back by the bound", "voxels", document.get("bound_hits")),
        ("seconds", "Time of the run", "s", document.get("seconds")),
        ("device", "Device", "", document.get("device")),
        ("model", "Model", "", model.get("name")),
        ("model_version", "Version of the model", "", model.get("version")),
        ("model_sha256", "SHA-256 of the model", "", model.get("sha256")),
        ("contract", "Does the volume suit the model?", "", (document.get("contract") or {}).get("level")),
        ("notice", "Notice", "", document.get("not_for_diagnosis")),
    ]
    return [
        [name, label, unit, None, value, "", ""] for name, label, unit, value in facts if value is not None
    ]


def _safe(cell: Any) -> Any:
    """Keep a text from being taken for a formula by a spreadsheet: cards of models are foreign texts."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell
