#!/usr/bin/env python3
"""Make the pictures of Docs/screenshots: the panel in each state, and the steps of the tutorial.

`make screenshots` runs it. Drives the installed module as a person would, in the Slicer stand-in and
without a network; ends with an error if a text of the panel is cut.
"""

import argparse
import os
import stat
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
LIMIT_BYTES = 3_300_000


def prepare(folder):
    """Let the harness and the persons of the tests be found, and write nothing into the user's folders."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["GANENHANCE_CACHE"] = str(folder / "cache")
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    sys.path[:0] = [str(REPOSITORY / "Testing" / name) for name in ("", "Panel", "Library")]


@contextmanager
def openModule(app, tree):
    """The loaded module, entered, with the models in its list."""
    import harness
    import slicer

    slicer.mrmlScene.Clear(0)
    module = app.loadModule(tree / "GANEnhance.py")
    module.enter()
    harness.processEventsUntil(lambda: module.widget.models, seconds=120)
    yield module
    module.unload()


def takeSession(app, tree, camera):
    """Take the pictures of a session with all that it needs."""
    from screenshots import states

    app.openMainWindow()
    with openModule(app, tree) as module:
        session = states.Session(module, camera)
        for state in states.ALL:
            began = time.monotonic()
            state(session)
            print(f"{state.__name__}: {time.monotonic() - began:.1f} s", flush=True)
    app.closeMainWindow()


def takeMissingBackend(app, tree, camera, folder):
    """Take the pictures of a Python without a backend, and of a GPU that cannot be used."""
    import person_install
    import qt
    from screenshots import states

    tool = folder / "bin" / "nvidia-smi"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho 'GPU 0: Example GPU (UUID: GPU-1)'\n")
    tool.chmod(stat.S_IRWXU)
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{tool.parent}{os.pathsep}{path}"
    with openModule(app, tree) as module:
        states.Session(module, camera).open("inputs")
        camera.panel(module, "gpu-unused")
    os.environ["PATH"] = path
    environment = person_install.ThrowAwayPython(folder / "python")
    qt.QSettings().setValue("GANEnhance/Python", str(environment.path))
    with openModule(app, tree) as module:
        states.Session(module, camera).open("inputs")
        camera.panel(module, "no-backend")
        module.widget.ui.setupButton.click()
        camera.panel(module, "install")
    qt.QSettings().remove("GANEnhance/Python")


def main():
    """Make all pictures; exit code 1 if a text is cut or the pictures are too large."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=REPOSITORY / "Docs" / "screenshots")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ganenhance-screenshots-") as folder:
        prepare(Path(folder))
        import harness
        from harness.installtree import makeInstallTree
        from screenshots.camera import Camera

        tree = makeInstallTree(Path(folder))
        sys.path.insert(0, str(tree))
        app = harness.start()
        camera = Camera(options.folder)
        takeSession(app, tree, camera)
        takeMissingBackend(app, tree, camera, Path(folder))
        camera.removeOthers()
        problems = camera.complaints + [recorded.text for recorded in harness.recordedExceptions]
    size = camera.size()
    print(f"{len(camera.names)} pictures, {size / 1e6:.2f} MB, {time.monotonic() - began:.0f} s")
    if size > LIMIT_BYTES:
        problems.append(f"the pictures have {size} bytes, which is more than {LIMIT_BYTES}")
    print(*problems, sep="\n", file=sys.stderr)
    sys.stdout.flush()
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
