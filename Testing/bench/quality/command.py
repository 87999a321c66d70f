"""The command of the benchmark.

    python Testing/bench/quality [--models NAME ...] [--part test] [--quick] [--out FOLDER] [--json FILE]

Exit code 0 when all bars of all models that are there are held, 1 when one is missed, 2 for what cannot be
run.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from GANEnhanceLib.errors import GANEnhanceError
from quality.bars import judge, real_noise_bar
from quality.card_rows import card_rows, short_number_loss
from quality.cases import Case, code_digest, make_cases
from quality.choice import choose_default
from quality.consistency import consistency_bars, disagreement
from quality.doubt import doubt_bars, judge_doubt, missing_bar
from quality.harm.run import as_dict, harm_bars, measure_harm
from quality.images import Images
from quality.methods import INPUT, classical_methods
from quality.methods.upsampling import as_shown
from quality.ours import MODELS, OurModel, Setting, find_models, is_of, is_ours
from quality.overlays import judge_screens, screen_bars
from quality.page import make_page
from quality.pictures import draw
from quality.real_noise import judge_real_noise
from quality.real_ultrasound import frame_bars, judge_frames, real_frames
from quality.store import Store
from quality.summary import summarize
from quality.tables import to_csv

TASKS = (("MR", "denoise"), ("MR", "superres"), ("CT", "denoise"), ("US", "despeckle"))
MOST_PICTURES = 3
"""Of each task and level."""
PICTURED = {"6 %", "tenth dose, soft kernel", "1 look, fine", "slices of 4", "half matrix"}


def main() -> int:
    """Run the benchmark, print and write its figures, and return the exit code."""
    arguments = _parse()
    images = Images(arguments.data, arguments.part, arguments.quick)
    store = Store(arguments.cache)
    models, missing = find_models(arguments.models, arguments.threads)
    tasks = [task for task in TASKS if arguments.all or task in {(m.modality, m.task) for m in models}]
    rows, bench = [], _Bench(images, store, arguments)
    reports = {}
    for task in tasks:
        own = [model for model in models if (model.modality, model.task) == task]
        choices = {model.name: bench.choose(model) for model in own}
        found = bench.rows(task, own, choices)
        rows += found
        for model in own:
            reports[model.name] = bench.report(model, found, choices[model.name])
    text = make_page(rows, reports, missing, images.missing, arguments)
    print(text)
    for name, report in reports.items():
        if arguments.json:
            _write(Path(arguments.json), json.dumps(report, indent=1) + "\n")
        if arguments.out:
            _write(arguments.out / f"{name}.json", json.dumps(report, indent=1) + "\n")
    if arguments.out:
        _write(arguments.out / "rows.csv", to_csv(rows))
        _write(arguments.out / "README.md", text)
    return 0 if all(bar["held"] for report in reports.values() for bar in report["bars"]) else 1


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="quality", description=__doc__.splitlines()[0])
    parser.add_argument("--models", "--model", nargs="+", default=list(MODELS), help="names or folders")
    parser.add_argument("--all", action="store_true", help="classical methods also where no model is there")
    parser.add_argument("--part", choices=("test", "validation"), default="test", help="of the data recipes")
    parser.add_argument("--quick", action="store_true", help="a shipped sample, one level, fast methods")
    parser.add_argument("--no-harm", action="store_true", help="leave the harm tests out")
    parser.add_argument("--data", type=Path, default=Path("runs/data"), help="folder of the fetched images")
    parser.add_argument("--cache", type=Path, default=Path("runs/quality"), help="folder of finished rows")
    parser.add_argument("--threads", type=int, default=1, help="of the processor, for our models")
    parser.add_argument("--out", type=Path, help="folder for CSV, JSON, page and pictures")
    parser.add_argument("--json", help="write the figures of the one model to this file")
    arguments = parser.parse_args()
    if arguments.json and len(arguments.models) != 1:
        parser.error("--json is for one model: name it with --model.")
    return arguments


class _Bench:
    """What is measured, on the images and with the store of one run."""

    def __init__(self, images: Images, store: Store, arguments: argparse.Namespace):
        self._images, self._store, self._arguments = images, store, arguments
        self._drawn: dict[tuple[str, str], list[str]] = {}

    def choose(self, model: OurModel) -> dict:
        """Return the model's default, chosen on validation images."""
        quick = self._arguments.quick
        validation = Images(self._arguments.data, "validation", quick)
        cines = []
        if model.task == "despeckle" and not quick:
            frames, _ = real_frames(self._arguments.data, "validation")
            cines = [volume for volume in frames.values() if len(volume.voxels) > 1]
        name = f"default of {model.model.sha256} {quick} {len(cines)} {code_digest()}"
        return self._store.value(name, lambda: choose_default(model, validation, quick, cines))

    def rows(self, task: tuple[str, str], models: list[OurModel], choices: dict[str, dict]) -> list[dict]:
        """Return rows of the input, the classical methods and our models on all cases of a task."""
        rows = []
        for case in make_cases(self._images, *task, self._arguments.quick, whole=True):
            found = [self._input(case)]
            for method in classical_methods(task[1], self._arguments.quick):
                if method.suits(case) and method.missing is None:
                    run = _bound(method.run, case)
                    found.append(self._store.row(case, method.name, method.digest, run))
            for model in models:
                for setting in _settings_for(case, model, choices[model.name]["fidelity_default"]):
                    run = _bound(model.run, case, setting)
                    found.append(self._store.row(case, setting.name, model.model.sha256, run))
            self._draw(case, found)
            rows += found
        return rows

    def report(self, model: OurModel, rows: list[dict], choice: dict) -> dict:
        """Return all figures of a model: what the export of a model reads, and the page shows."""
        default = choice["fidelity_default"]
        mine = [row for row in rows if row["method"] == INPUT or not is_ours(row) or is_of(row, model.name)]
        bars = judge(mine, model.name, default, model.has_two_sets)
        settings = [each for each in model.settings(default) if each.precision == "float32"]
        harms = []
        if not self._arguments.no_harm:
            harms = measure_harm(model, settings, self._images, self._store, self._arguments.quick)
        real = self._real_noise(model, settings)
        bars += [real_noise_bar(row, real[0]) for row in real[1:]]
        more = {}
        for setting in settings:
            found, judged = self._of_task(model, setting)
            more |= found
            bars += judged
            found, judged = self._doubts(model, setting)
            more |= found
            bars += judged
        if model.model.card.doubt is None and model.name in MODELS and not self._arguments.quick:
            bars.append(missing_bar(model.name))
        summary = summarize(mine)
        return {
            "model": model.name,
            "version": model.model.card.version,
            "sha256": model.model.sha256,
            "part": "quick" if self._arguments.quick else self._arguments.part,
            "fidelity_default": default,
            "choice": choice,
            "precision": {"bfloat16_loss_db": short_number_loss(mine, model.name, default)},
            "results": card_rows(summary, model.name) + real,
            "summary": summary,
            "more": more,
            "harm": [as_dict(each) for each in harms],
            "bars": bars + [bar for each in harms for bar in harm_bars(each)],
        }

    def _real_noise(self, model: OurModel, settings: list[Setting]) -> list[dict]:
        if (model.modality, model.task) != ("MR", "denoise"):
            return []
        name = f"real noise {model.model.sha256} {[each.name for each in settings]}"
        return self._store.value(name, lambda: judge_real_noise(model, settings))

    def _of_task(self, model: OurModel, setting: Setting) -> tuple[dict[str, list[dict]], list[dict]]:
        """Return rows by title, and bars, of what only one task has: real frames, agreement with input."""
        name = f"{model.task} {model.model.sha256} {setting.name} {self._images.part}"
        if model.task == "despeckle" and not self._arguments.quick:
            frames, missing = real_frames(self._arguments.data, self._images.part)
            self._images.missing |= missing
            enhance = _bound_frame(model, setting)
            rows = self._store.value(
                name, lambda: [judge_frames(each, volume, enhance) for each, volume in frames.items()]
            )
            screens = self._store.value(
                f"{name} screens",
                lambda: [
                    row
                    for each, volume in frames.items()
                    for row in judge_screens(each, volume.voxels, enhance)
                ],
            )
            tables = {setting.name: rows, f"{setting.name}, text and overlays": screens}
            return tables, frame_bars(rows, setting.name) + screen_bars(screens, setting.name)
        if model.task == "superres":
            rows = self._store.value(f"{name} {code_digest()}", lambda: self._disagreements(model, setting))
            return {setting.name: rows}, consistency_bars(rows, setting.name)
        return {}, []

    def _doubts(self, model: OurModel, setting: Setting) -> tuple[dict[str, list[dict]], list[dict]]:
        """Return rows by title, and bars, of a model that has a doubt map."""
        if model.model.card.doubt is None:
            return {}, []
        part = f"{self._images.part} {self._arguments.quick}"
        name = f"doubt {model.model.sha256} {setting.name} {part} {code_digest()}"
        rows = self._store.value(name, lambda: self._shares(model, setting))
        return {f"{setting.name}, doubt map": rows}, doubt_bars(rows, setting.name)

    def _shares(self, model: OurModel, setting: Setting) -> list[dict]:
        cases = make_cases(self._images, model.modality, model.task, self._arguments.quick)
        return [judge_doubt(model, setting, case) for case in cases if case.judged]

    def _disagreements(self, model: OurModel, setting: Setting) -> list[dict]:
        return [
            {
                "case": case.image,
                "level": case.level,
                "disagreement": round(disagreement(model.run(case, setting), case), 4),
            }
            for case in make_cases(self._images, model.modality, model.task, self._arguments.quick)
        ]

    def _input(self, case) -> dict:
        return self._store.row(case, INPUT, "", lambda: as_shown(case))

    def _draw(self, case, rows: list[dict]) -> None:
        drawn = self._drawn.setdefault((case.task, case.level), [])
        if self._arguments.out is None or case.level not in PICTURED or len(drawn) == MOST_PICTURES:
            return
        drawn.append(case.image)
        classical = [row for row in rows if row["method"] != INPUT and not is_ours(row)]
        classical.sort(key=lambda row: -row["psnr_db"])
        ours = [row for row in rows if is_ours(row) and "bfloat16" not in row["method"]]
        chosen = [row for row in rows if row["method"] == INPUT] + classical[:2] + ours
        middle = (case.measured.start + case.measured.stop) // 2
        shown = {f"truth ({case.image}, {case.level})": case.reference[middle]}
        shown |= {f"{row['method']}: {row['psnr_db']:.1f} dB": self._store.slice_of(row) for row in chosen}
        words = re.findall(r"\w+", f"{case.modality} {case.level} {case.image}".lower())
        if case.upside_down:
            shown = {name: image[::-1] for name, image in shown.items()}
        draw(self._arguments.out / f"{'-'.join(words)}.png", shown, case.modality)


def _settings_for(case: Case, model: OurModel, default: float) -> list[Setting]:
    """Return the settings of a case: of a whole volume, which takes long, fidelity 1 and the default."""
    settings = model.settings(default)
    if not case.whole:
        return settings
    wanted = {1.0, default if model.has_two_sets else 1.0}
    return [each for each in settings if each.precision == "float32" and each.fidelity in wanted]


def _bound_frame(model: OurModel, setting: Setting):
    return lambda volume: model.enhance(volume, setting).volume


def _bound(function, *arguments):
    return lambda: function(*arguments)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run() -> int:
    """Run `main`, and say errors of the library in a sentence."""
    try:
        return main()
    except GANEnhanceError as error:
        print(f"quality: {error}", file=sys.stderr)
        return 2
