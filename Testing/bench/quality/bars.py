"""The bars of the project, judged on the rows of one model; none is waived.

Each bar is a dictionary: `bar` what must hold, `value` the figure that decides, `needed` what it must be, and
`held`. Those of its gain also give `lead_db` or `lead_ssim`, which the export of a model quotes.
"""

from __future__ import annotations

from quality.methods import INPUT
from quality.summary import by_patient, summarize

MOST_DRIFT_HU = 1.0
MOST_PERCEPTUAL_COST_DB = 1.0


def judge(rows: list[dict], model: str, default: float, has_two_sets: bool = True) -> list[dict]:
    """Return the bars of a model's rows, with those of the classical methods on the same cases."""
    own = [row for row in rows if not row["method"].endswith("bfloat16")]
    table = {(each["level"], each["method"]): each for each in summarize(own)}
    bars = []
    for level in dict.fromkeys(level for level, _ in table):
        bars += _above_classical([row for row in own if row["level"] == level], level, model)
    for fidelity in sorted({1.0, default, 0.0} if has_two_sets else {1.0}, reverse=True):
        bars += _never_below(own, f"{model}, fidelity {fidelity:g}")
        drifts = [
            (row["drift_hu"], row)
            for row in own
            if "drift_hu" in row and row["method"] == f"{model}, fidelity {fidelity:g}"
        ]
        if drifts:
            bars.append(_no_drift(*max(drifts, key=lambda each: each[0]), fidelity))
    if has_two_sets:
        bars += _perceptual(table, model)
    return bars


def _above_classical(rows: list[dict], level: str, model: str) -> list[dict]:
    """Return the bars of PSNR and SSIM beside the method that is the hardest to beat.

    Not every method is for every case (BM4D needs a volume), so each is compared on the cases that it has.
    """
    judged = [row for row in rows if row["judged"]]
    ours = {row["case"]: row for row in judged if row["method"] == f"{model}, fidelity 1"}
    others: dict[str, list[dict]] = {}
    for row in judged:
        if row["method"] != INPUT and not row["method"].startswith(f"{model},"):
            others.setdefault(row["method"], []).append(row)
    bars = []
    for figure in ("psnr_db", "ssim") if ours and others else ():
        leads = {method: _lead(ours, theirs, figure) for method, theirs in others.items()}
        hardest = min(leads, key=lambda method: leads[method])
        count = len(others[hardest])
        on = "" if count == len(ours) else f", on the {count} of {len(ours)} cases that are for it"
        bars.append(
            {
                "bar": f"{level}: mean {figure.removesuffix('_db').upper()} above the best classical method"
                f" ({hardest}{on})",
                "value": round(leads[hardest], 4),
                "needed": "above 0 dB" if figure == "psnr_db" else "above 0",
                "held": leads[hardest] > 0,
            }
        )
    return bars


def _lead(ours: dict[str, dict], theirs: list[dict], figure: str) -> float:
    """Return the mean over patients of how far ours are above theirs, on their cases."""
    differences = [ours[row["case"]][figure] - row[figure] for row in theirs]
    return float(by_patient([row["patient"] for row in theirs], differences)[1].mean())


def _never_below(rows: list[dict], method: str) -> list[dict]:
    inputs = {(row["case"], row["level"]): row for row in rows if row["method"] == INPUT}
    bars = []
    for figure, lead, digits in (("psnr_db", "lead_db", 3), ("ssim", "lead_ssim", 4)):
        gains = [
            (row[figure] - inputs[row["case"], row["level"]][figure], row)
            for row in rows
            if row["method"] == method and row["judged"]
        ]
        if not gains:
            continue
        gain, row = min(gains, key=lambda each: each[0])
        words = figure.removesuffix("_db").upper()
        bars.append(
            {
                "bar": f"never below its input, {method}, {words} (worst: {row['case']}, {row['level']})",
                "value": round(gain, digits),
                lead: round(gain, digits),
                "needed": "at least 0",
                "held": gain >= 0,
            }
        )
    return bars


def _no_drift(drift: float, row: dict, fidelity: float) -> dict:
    return {
        "bar": f"drift of mean HU, fidelity {fidelity:g} (worst: {row['case']}, {row['level']})",
        "value": round(drift, 3),
        "needed": f"at most {MOST_DRIFT_HU:g} HU",
        "held": drift <= MOST_DRIFT_HU,
    }


def _perceptual(table: dict, model: str) -> list[dict]:
    bars = []
    for level in dict.fromkeys(level for level, _ in table):
        sharp, exact = (table.get((level, f"{model}, fidelity {each}")) for each in (0, 1))
        if sharp is None or exact is None:
            continue
        cost = exact["psnr_db"] - sharp["psnr_db"]
        bars.append(
            {
                "bar": f"{level}: cost of the perceptual weights",
                "value": round(cost, 3),
                "needed": f"at most {MOST_PERCEPTUAL_COST_DB:g} dB",
                "held": cost <= MOST_PERCEPTUAL_COST_DB,
            }
        )
        for figure, words in (("nps_distance", "noise texture (NPS distance)"), ("edge_mm", "edge width")):
            if figure in sharp and figure in exact:
                change = sharp[figure] / exact[figure] - 1
                bars.append(
                    {
                        "bar": f"{level}: {words} of the perceptual weights beside fidelity",
                        "value": round(change, 4),
                        "needed": "below 0 (share)",
                        "held": change < 0,
                    }
                )
    return bars


def real_noise_bar(row: dict, given: dict) -> dict:
    """Return the bar of a row of `real_noise` beside that of the input."""
    gain = round(row["psnr_db"] - given["psnr_db"], 3)
    return {
        "bar": f"never below its input, {row['method']}, PSNR (real noise, {row['case']})",
        "value": gain,
        "lead_db": gain,
        "needed": "at least 0",
        "held": gain >= 0,
    }
