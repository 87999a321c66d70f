#!/usr/bin/env python3
"""Make the pictures of Docs/training.md from a finished run of the template paired-mr-denoise.

    ganenhance train --template paired-mr-denoise > my.yaml
    ganenhance train my.yaml
    python Testing/scripts/make_training_guide.py runs/my-mr-denoise Docs/training

The second folder takes the curves, a strip of the run's pictures, and the panel with the run's own model:
the module is driven as a person would, in the Slicer stand-in, and adds the model from its folder.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from make_screenshots import openModule, prepare
from PIL import Image, ImageDraw

LIMIT_BYTES = 800_000
COLUMNS = ("input", "output", "target", "removed")
ROWS, ENLARGED, HEAD = 4, 3, 16


def drawCurves(run, out):
    """Write the curves as `ganenhance runs plot` draws them, with fewer colors."""
    from GANEnhanceLib.training.loop.plots import plot_run

    with tempfile.TemporaryDirectory() as folder:
        for path in plot_run(run, Path(folder)):
            with Image.open(path) as picture:
                few = picture.convert("RGB").quantize(32, dither=Image.Dither.NONE)
            few.save(out / f"guide-{path.name}", optimize=True)


def cutStrip(run, out):
    """Write the first rows of the last strip of the first stage, enlarged, under the names of its columns."""
    path = sorted((run / "pictures").glob("fidelity-*.png"))[-1]
    with Image.open(path) as strip:
        edge = strip.width // len(COLUMNS)
        rows = strip.crop((0, 0, strip.width, ROWS * edge))
    rows = rows.resize((rows.width * ENLARGED, rows.height * ENLARGED), Image.Resampling.NEAREST)
    shown = Image.new("L", (rows.width, rows.height + HEAD), 255)
    shown.paste(rows, (0, HEAD))
    for number, name in enumerate(COLUMNS):
        ImageDraw.Draw(shown).text((number * edge * ENLARGED + 4, 2), name, fill=0)
    shown.quantize(64).save(out / "guide-strip.png", optimize=True)


def exportModel(run, folder):
    """Write the run's model into a folder and return it."""
    from GANEnhanceLib.training.export import export_run

    return export_run(run, folder / run.name, run.resolve().parent / "data").folder


def takePanel(model, folder, out):
    """Add the model to the panel, enhance the sample with it, and take the picture of both side by side."""
    import harness
    import person
    import person_choosing
    import person_comparing
    from harness.installtree import makeInstallTree
    from screenshots.camera import Camera
    from screenshots.states import Session

    tree = makeInstallTree(folder)
    sys.path.insert(0, str(tree))
    app = harness.start()
    app.openMainWindow()
    camera = Camera(folder / "taken")
    with openModule(app, tree) as module:
        session = Session(module, camera)
        session.open("inputs")
        session.loadSample()
        harness.answers.files.append(str(model))
        person_choosing.action(session.panel, "Add from a folder").trigger()
        person_choosing.waitUntilAdded(session.panel)
        harness.processEventsUntil(
            lambda: any(entry["name"] == model.name for entry in session.panel.models), seconds=60
        )
        person.chooseModel(session.panel, model.name)
        person_choosing.waitForVerdicts(session.panel)
        session.enhance()
        person_comparing.compare(session.panel, "sideBySide")
        person.waitSeconds(0.3)
        session.takeApplication("guide-panel", (1,), session.ui.modelComboBox)
    app.closeMainWindow()
    (folder / "taken" / "guide-panel-100.png").replace(out / "guide-panel.png")
    return camera.complaints + [recorded.text for recorded in harness.recordedExceptions]


def main():
    """Make all pictures; exit code 1 if a text is cut or the pictures are too large."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="folder of the run")
    parser.add_argument("out", type=Path, help="where the PNGs go")
    options = parser.parse_args()
    run, out = options.run.resolve(), options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    drawCurves(run, out)
    cutStrip(run, out)
    with tempfile.TemporaryDirectory(prefix="ganenhance-guide-") as name:
        folder = Path(name)
        prepare(folder)
        os.environ["GANENHANCE_MODELS"] = str(folder / "models")
        problems = takePanel(exportModel(run, folder / "exported"), folder, out)
    size = sum(path.stat().st_size for path in out.glob("guide-*.png"))
    print(f"{size / 1e6:.2f} MB")
    if size > LIMIT_BYTES:
        problems.append(f"the pictures have {size} bytes, which is more than {LIMIT_BYTES}")
    print(*problems, sep="\n", file=sys.stderr)
    sys.stdout.flush()
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
