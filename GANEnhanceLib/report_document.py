"""The whole report of a result: the report of its run, and what was measured of it.

A document is a report of `GANEnhanceLib.report` with the field measures {rows (see `GANEnhanceLib.measures`),
data_range, slices (see `GANEnhanceLib.report_slices`; null without pictures), conclusions [sentences],
source_changed (true where the voxels of the source are not those that were enhanced)}. Of a result that was
loaded from a file only the provenance is known, and the document has what can be known from that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from GANEnhanceLib.measures import flicker_row
from GANEnhanceLib.report import REPORT_SCHEMA, plain
from GANEnhanceLib.report_words import conclude
from GANEnhanceLib.trust.provenance import FILTERED


def make_document(report: Mapping[str, Any], measured: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document of a run's report and of what the worker's `measure` found, as JSON values.

    `measured` has rows and, as far as known, data_range, slices and sha256 {before, after}.
    """
    source = (report.get("input") or {}).get("sha256")
    before = (measured.get("sha256") or {}).get("before")
    rows = [*measured["rows"], *_flicker_rows(report)]
    slices = {key: value for key, value in (measured.get("slices") or {}).items() if key not in _FILE}
    document = plain(
        {
            **report,
            "measures": {
                "rows": rows,
                "data_range": measured.get("data_range"),
                "slices": slices or None,
                "source_changed": None not in (source, before) and source != before,
            },
        }
    )
    document["measures"]["conclusions"] = [conclusion.text() for conclusion in conclude(document)]
    return document


# What says where an array lies, not what it shows.
_FILE = ("file", "dtype", "shape")


def _flicker_rows(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the row of the flicker that the report of a sequence has."""
    flicker, modality = report.get("flicker"), (report.get("input") or {}).get("modality")
    if not flicker or flicker.get("before") is None:
        return []
    return [flicker_row(flicker["before"], flicker["after"], modality).to_dict()]


def report_of_provenance(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return as much of a run's report as its provenance tells."""
    notice = str(provenance.get("notice") or "")
    known = dict(provenance.get("input") or {})
    report = {
        "schema": REPORT_SCHEMA,
        "model": {
            **(provenance.get("model") or {}),
            "kind": "classical" if notice == FILTERED else "network",
        },
        "input": {**{key: known[key] for key in known if key != "type"}, "dtype": known.get("type")},
        "provenance": dict(provenance),
        "not_for_diagnosis": notice,
    }
    for name in ("options", "scaling", "device", "bound_hits", "contract"):
        if name in provenance:
            report[name] = provenance[name]
    return plain(report)
