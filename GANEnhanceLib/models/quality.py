"""One plain sentence about a model's measured quality, from the `results` of its card.

The rows stand beside the input and classical filters, measured on the same volumes with the same noise. The
sentence takes the middle one of the noise levels and names the best filter, also where it is better than the
model.
"""

from __future__ import annotations

from typing import Any

from GANEnhanceLib.models.card import ModelCard

# Figure of a row, and how it is written.
_FIGURES = (("psnr_db", "{:.1f} dB"), ("ssim", "SSIM {:.3f}"))
_MEAN = "mean of "
# Volumes that the project measures on, as people call them.
_CASES = {
    "icbm152": "ICBM152",
    "t1-head": "the T1 head",
    "t1-sagittal-slice": "a sagittal T1 slice",
    "abdomen-slice": "a slice of an abdomen",
    "mean-head": "a mean head",
}


def quality_sentence(card: ModelCard) -> str:
    """Return "On ... with 6 % noise: input ..., best classical filter (...) ..., this model ...", or ""."""
    for key, form in _FIGURES:
        groups = _judged_groups(card, key)
        if groups:
            rows = groups[len(groups) // 2]
            return f"{_where(rows[0])}: {_figures(card, rows, key, form)}."
    return ""


def _judged_groups(card: ModelCard, key: str) -> list[list[dict[str, Any]]]:
    """Return the rows of each noise level of the first case where input and model both have the figure.

    Means count as one case: which volumes are clean enough to be in them depends on the level.
    """
    groups: dict[tuple, list[dict[str, Any]]] = {}
    for row in card.results:
        if isinstance(row.get(key), (int, float)) and not isinstance(row.get(key), bool):
            groups.setdefault((row.get("case"), row.get("percent")), []).append(row)
    judged = {place: rows for place, rows in groups.items() if _input_row(rows) and _model_rows(card, rows)}
    first_case = next((case for case, _level in judged), None)
    levels = [
        (level, rows)
        for (case, level), rows in judged.items()
        if case == first_case or (_is_mean(first_case) and _is_mean(case) and level is not None)
    ]
    if all(isinstance(level, (int, float)) for level, _rows in levels):
        levels.sort(key=lambda each: each[0])
    return [rows for _level, rows in levels]


def _is_mean(case: Any) -> bool:
    return str(case).startswith(_MEAN)


def _figures(card: ModelCard, rows: list[dict[str, Any]], key: str, form: str) -> str:
    ours = _model_rows(card, rows)
    default = f"{card.name}, fidelity {card.fidelity_default:g}"
    model = next((row for row in ours if row["method"] == default), ours[0])
    given = _input_row(rows)
    filters = [row for row in rows if row is not given and row not in ours]
    parts = [f"input {form.format(given[key])}"]
    if filters:
        best = max(filters, key=lambda row: row[key])
        parts.append(f"best classical filter ({best['method']}) {form.format(best[key])}")
    return ", ".join([*parts, f"this model {form.format(model[key])}"])


def _where(row: dict[str, Any]) -> str:
    case = str(row.get("case") or "the test volumes").removeprefix(_MEAN)
    *others, last = (_CASES.get(part, part) for part in case.split(" and "))
    words = f"{', '.join(others)} and {last}" if others else last
    if row.get("percent") is None:
        return f"On {words}"
    return f"On {words} with {row['percent']:g} % {row.get('noise', '')} noise".replace("  ", " ")


def _input_row(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    return next((row for row in rows if row.get("method") == "input"), None)


def _model_rows(card: ModelCard, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # "mr-denoise, fidelity 1", but not "mr-denoise-2".
    return [row for row in rows if str(row.get("method", "")).partition(",")[0] == card.name]
