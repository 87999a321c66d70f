"""Runs tests as the application would: `python -m harness unittest|script|generic NAME --modules FOLDER`.

The entries that Testing/cmake makes for ctest come here. All modules of the folder are loaded first, as the
application does at its start.
"""

import argparse
import runpy
import sys
from pathlib import Path

import harness


def generic(name):
    """Slicer's generic test of a module: described, widget made twice, survives a change of the scene."""
    import slicer

    module = slicer.app.moduleManager().module(name)
    for part in ("title", "categories", "contributors", "helpText", "acknowledgementText"):
        assert getattr(module, part), f"the module has no {part}"
    widgets = [module.widgetRepresentation(), module.createNewWidgetRepresentation()]
    for scene in (slicer.vtkMRMLScene(), None, slicer.mrmlScene):
        for widget in widgets:
            widget.setMRMLScene(scene)
    slicer.mrmlScene.Clear(0)


def unittest(name, folders):
    """Run the test cases of the Python file of this name."""
    import slicer.testing

    slicer.testing.runUnitTest(folders, name)


def script(path, arguments):
    """Run a Python file; an uncaught exception is a failure."""
    sys.argv = [path, *arguments]
    runpy.run_path(path, run_name="__main__")


def main():
    """Run one test as the command line says; exit code 1 also if a slot raised or something still runs."""
    parser = argparse.ArgumentParser(prog="python -m harness", description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["unittest", "script", "generic"])
    parser.add_argument("name", help="module, or file of a script")
    parser.add_argument("--modules", type=Path, required=True, help="folder whose .py files are modules")
    parser.add_argument("--path", action="append", default=[], help="further folder with tests")
    parser.add_argument("--arguments", nargs=argparse.REMAINDER, default=[], help="of the script")
    options = parser.parse_args()

    app = harness.start()
    modules = [harness.loadModule(path, False) for path in sorted(options.modules.glob("*.py"))]
    app.completeStartup()
    if options.command == "unittest":
        unittest(options.name, [str(options.modules), *options.path])
    elif options.command == "script":
        script(options.name, options.arguments)
    else:
        generic(options.name)
    for module in modules:
        module.unload()
    leftovers = [sentence for module in modules for sentence in module.leftovers()]
    print(*leftovers, sep="\n", file=sys.stderr, end="")
    return 1 if leftovers or harness.recordedExceptions else 0


if __name__ == "__main__":
    sys.exit(main())
