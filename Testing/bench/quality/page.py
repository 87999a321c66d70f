"""The page that the benchmark writes: what is missing, bars, tables, pictures, harm."""

from __future__ import annotations

from argparse import Namespace

from quality.methods import classical_methods
from quality.summary import summarize
from quality.tables import bar_table, harm_tables, plain_table, quality_tables

TASKS = ("denoise", "superres", "despeckle")


def make_page(
    rows: list[dict], reports: dict, models_missing: dict, images_missing: dict, arguments: Namespace
) -> str:
    """Return the page in Markdown, from rows of all methods and a report for each model."""
    chosen = "a quick selection" if arguments.quick else f"the {arguments.part} images of the data recipes"
    parts = [
        "# Quality, and harm\n",
        f"Written by `make bench-quality` on {chosen}. Means are over patients, with 95 % bootstrap"
        " intervals by patient in parentheses; classical methods are given the true noise level (of uneven"
        " noise that in the middle) and the best of a few settings. Few patients make wide means: read the"
        " cases in `rows.csv` beside them. Levels are left out where the reference's own noise (of CT,"
        " whose noise is correlated on fine grids, the deviation in flat places if that is larger) is more"
        " than half of what was added. At levels called whole nothing is cut away from an image or volume,"
        " and all its slices are compared. Of a doubt map the share of the compared voxels is told whose true"
        " error lies below it. The input of super-resolution is taken as B-splines interpolate it;"
        " ultrasound is also judged on screens that are drawn around real frames. Not for diagnosis.\n",
    ]
    parts += [f"- Model not there: {name}. {why}" for name, why in models_missing.items()]
    parts += [f"- Image not there: {name}. {why}" for name, why in images_missing.items()]
    methods = [method for task in TASKS for method in classical_methods(task)]
    absent = {method.name: method.missing for method in methods if method.missing}
    parts += [f"- Method not there: {name}: {why}." for name, why in absent.items()]
    for name, report in reports.items():
        held = sum(bar["held"] for bar in report["bars"])
        parts += [f"\n## Bars of {name} {report['version']}: {held} of {len(report['bars'])} held\n"]
        parts += [bar_table(report["bars"])]
        parts += [f"Default, chosen on validation images: fidelity {report['fidelity_default']:g}."]
    parts += ["\n## Quality\n", quality_tables(summarize(rows))]
    if arguments.out:
        parts += ["## Pictures\n"]
        parts += [f"![{path.stem}]({path.name})\n" for path in sorted(arguments.out.glob("*.png"))]
    for report in reports.values():
        for setting, rows_of_task in report["more"].items():
            parts += [f"## {setting}: of its task\n", plain_table(rows_of_task)] if rows_of_task else []
        for harm in report["harm"]:
            parts += [f"## Harm: {harm['setting']}\n", harm_tables(harm)]
    return "\n".join(parts).rstrip() + "\n"
