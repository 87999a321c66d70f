"""The report as one HTML page that needs nothing else: no script, no network, pictures inside.

Every text that comes from outside is escaped, and a content policy forbids scripts and requests.
"""

from __future__ import annotations

import base64
from collections.abc import Generator, Iterable, Mapping
from html import escape
from typing import Any

import numpy as np

from GANEnhanceLib import __version__
from GANEnhanceLib.measures import judge_row
from GANEnhanceLib.report_slices import KINDS, palette, picture
from GANEnhanceLib.report_table import figure_text
from GANEnhanceLib.report_words import number_text, warnings

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
body { font: 15px/1.45 sans-serif; color: #1c1c1c; background: #fff; max-width: 62em; margin: 2em auto;
  padding: 0 1em; }
h1 { font-size: 1.6em; margin: 0 0 .3em; } h2 { font-size: 1.15em; margin: 1.8em 0 .5em; }
.notice { font-weight: bold; border: 2px solid #b00020; color: #b00020; padding: .5em .8em; }
.verdict { font-size: 1.1em; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3em .6em;
  border-bottom: 1px solid #ddd; vertical-align: top; } td { overflow-wrap: anywhere; }
td.figure { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.note { color: #555; font-size: .9em; }
.pictures { display: grid; grid-template-columns: repeat(3, 1fr); gap: .5em; background: #111; color: #eee;
  padding: .6em; } .pictures div { text-align: center; font-size: .9em; }
.pictures img { display: block; width: 100%; }
.scale { height: .8em; } .ends { display: flex; justify-content: space-between; }
footer { margin: 2em 0; color: #555; font-size: .85em; }
@media print { .pictures { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""
_CHANGES = {"better": "\N{CHECK MARK} better", "worse": "\N{MULTIPLICATION SIGN} worse", "same": "= same"}
_CAPTIONS = {"before": "Before", "after": "After", "removed": "Removed (before less after)"}
_LEVELS = {"ok": "Suits", "note": "Note", "warn": "Warning", "refuse": "Does not suit"}


def page_steps(document: Mapping[str, Any], stack: np.ndarray | None) -> Generator[float, None, bytes]:
    """Return the page of a document and its pictures (of `report_slices`, or None) as UTF-8.

    A generator, since making the pictures takes a moment: yields the fraction done after each.
    """
    slices = document["measures"].get("slices")
    pictures = ""
    if slices and stack is not None:
        pictures = yield from _pictures(slices, stack)
    notice = document.get("not_for_diagnosis") or "Not for diagnosis."
    parts = [
        "<h1>GANEnhance report</h1>",
        f'<p class="notice">{escape(notice)}</p>',
        f'<p class="verdict">{escape(" ".join(document["measures"].get("conclusions") or []))}</p>',
        *(f"<p>{escape(sentence)}</p>" for sentence in warnings(document)),
        "<h2>Figures</h2>",
        _figures(document["measures"]["rows"]),
        pictures,
        _section("Does the volume suit the model?", _findings(document)),
        _section("Model", _facts(document.get("model"))),
        _section("Input", _facts(document.get("input"))),
        _section("Settings", _facts(document.get("options"))),
        _section("Region", _facts(document.get("region"))),
        _section("Run", _facts(_run(document))),
        _section("Files", _facts(document.get("files"))),
        _section("Provenance", _facts(document.get("provenance"))),
        f"<footer>Made by GANEnhanceLib {escape(__version__)}. {escape(notice)}</footer>",
    ]
    return _page("\n".join(part for part in parts if part)).encode("utf-8")


def _page(body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>GANEnhance report</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _section(title: str, content: str) -> str:
    return f"<h2>{escape(title)}</h2>\n{content}" if content else ""


def _table(rows: Iterable[str], head: Iterable[str] = ()) -> str:
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    return f"<table>\n{f'<tr>{titles}</tr>' if titles else ''}{''.join(rows)}</table>"


def _figures(rows: Iterable[Mapping[str, Any]]) -> str:
    lines = [
        f"<tr><td>{escape(row['label'])}</td>"
        f'<td class="figure">{escape(figure_text(row, "before"))}</td>'
        f'<td class="figure">{escape(figure_text(row, "after"))}</td>'
        f'<td class="figure">{_CHANGES.get(judge_row(row), "")}</td>'
        f'<td class="note">{escape(row["note"])}</td></tr>\n'
        for row in rows
    ]
    return _table(lines, ("Measure", "Before", "After", "Change", "How it was measured"))


def _findings(document: Mapping[str, Any]) -> str:
    findings = (document.get("contract") or {}).get("findings") or []
    lines = [
        f'<tr><td class="figure">{escape(_LEVELS.get(found.get("level"), ""))}</td>'
        f"<td>{escape(found.get('sentence') or '')} {escape(found.get('hint') or '')}</td></tr>\n"
        for found in findings
    ]
    return _table(lines) if lines else ""


def _run(document: Mapping[str, Any]) -> dict[str, Any]:
    names = ("device", "seconds", "seconds_in_network", "peak_memory_mib", "bound_hits", "notes", "output")
    return {name: document[name] for name in names if document.get(name) not in (None, [], {})}


def _facts(values: Mapping[str, Any] | None) -> str:
    lines = [
        f'<tr><td class="figure">{escape(name.replace("_", " "))}</td><td>{escape(text)}</td></tr>\n'
        for name, text in _flat(values or {})
        if text != ""
    ]
    return _table(lines) if lines else ""


def _flat(value: Any, name: str = "") -> Iterable[tuple[str, str]]:
    """Go through nested values as (dotted name, text)."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, (list, tuple)) and any(isinstance(item, (Mapping, list)) for item in value):
        for number, item in enumerate(value):
            yield from _flat(item, f"{name}.{number + 1}")
    else:
        yield name, _text(value)


def _text(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(_text(item) for item in value) if isinstance(value, (list, tuple)) else str(value)


def _pictures(slices: Mapping[str, Any], stack: np.ndarray) -> Generator[float, None, str]:
    cells, done = [], 0
    height, width = (
        count * length for count, length in zip(stack.shape[2:], slices["pixel_mm"], strict=True)
    )
    for index, images in zip(slices["indices"], stack, strict=True):
        for kind, image in zip(KINDS, images, strict=True):
            data = base64.b64encode(picture(image, kind)).decode("ascii")
            what = f"{_CAPTIONS[kind]}, slice {index}"
            cells.append(
                f'<div><img alt="{escape(what)}" style="aspect-ratio: {width:.6g} / {height:.6g}" '
                f'src="data:image/png;base64,{data}">{escape(what)}</div>\n'
            )
            done += 1
            yield done / (3 * len(stack))
    low, high = (number_text(value) for value in slices["window"])
    limit, unit = number_text(slices["limit"]), slices["unit"]
    gray = _scale("before", (f"{low} {unit}", f"{high} {unit}"))
    cells += [gray, gray]
    cells.append(_scale("removed", (f"added {limit} {unit}", "0", f"removed {limit} {unit}")))
    title = f"Slices across the axis {slices['axis']}"
    return f'<h2>{escape(title)}</h2>\n<div class="pictures">\n{"".join(cells)}</div>'


def _scale(kind: str, ends: Iterable[str]) -> str:
    """Return a bar of the colors of a kind of pictures with what they stand for."""
    colors = ", ".join(f"rgb({r}, {g}, {b})" for r, g, b in palette(kind)[[0, 64, 127, 191, 255]].tolist())
    texts = "".join(f"<span>{escape(text)}</span>" for text in ends)
    return (
        f'<div><div class="scale" style="background: linear-gradient(to right, {colors})"></div>'
        f'<div class="ends">{texts}</div></div>\n'
    )
