"""Slicer is closed and started again: a function of a test runs in a new process, with a saved scene.

    def look(app, module, name):          # its imports stand inside; what it returns must go through JSON
        import slicer
        return module.widget.ui.inputSelector.currentNode().GetName() == name

    assert harness.inNewProcess(look, module=installTree / "GANEnhance.py", scene="saved.mrb", name="Head")

The new process starts the harness, loads and enters the module, loads the scene, calls the function, unloads
the module. An exception, also one that left a slot, a line that VTK printed as an error, or something that
still runs at the end is an AssertionError here.
"""

import inspect
import json
import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

TESTING = Path(__file__).resolve().parents[1]


def inNewProcess(
    function, module=None, scene=None, mainWindow=False, settings=False, seconds=120, **arguments
):
    """Call `function(app, module, **arguments)` in a new process; returns what it returns.

    :param module: path of a module that is loaded and entered; None loads none.
    :param scene: path of a scene that is loaded then.
    :param mainWindow: open a main window.
    :param settings: give the new process the application settings of this one.
    """
    task = {
        "source": textwrap.dedent(inspect.getsource(function)),
        "name": function.__name__,
        "module": module and str(module),
        "scene": scene and str(scene),
        "mainWindow": mainWindow,
        "settings": _ownSettings() if settings else None,
        "arguments": arguments,
    }
    folders = [str(TESTING), os.path.dirname(inspect.getsourcefile(function))]
    path = os.pathsep.join([*folders, os.environ.get("PYTHONPATH", "")])
    with tempfile.TemporaryDirectory(prefix="harness-restart-") as folder:
        file = Path(folder) / "task.json"
        file.write_text(json.dumps(task))
        run = subprocess.run(
            [sys.executable, "-m", "harness.restart", str(file)],
            env={**os.environ, "PYTHONPATH": path},
            cwd=folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
        )
        answer = Path(folder) / "answer.json"
        if run.returncode or not answer.exists():
            raise AssertionError(f"the new process ended with code {run.returncode}:\n{run.stdout}")
        return json.loads(answer.read_text())


def _ownSettings():
    """Application settings as text: those of the person who starts Slicer again."""
    import slicer

    settings = slicer.app.userSettings()
    settings.sync()
    path = Path(settings.fileName())
    return path.read_text() if path.exists() else ""


def _useSettings(text):
    """Give the application of this process the settings of another one."""
    import slicer

    settings = slicer.app.userSettings()
    Path(settings.fileName()).parent.mkdir(parents=True, exist_ok=True)
    Path(settings.fileName()).write_text(text)
    settings.sync()


def main(path):
    """Do the task of a file in this process, the new one."""
    import harness

    task = json.loads(Path(path).read_text())
    app = harness.start(mainWindow=task["mainWindow"])
    app.vtkErrors()
    import slicer

    if task["settings"] is not None:
        _useSettings(task["settings"])
    module = None
    if task["module"]:
        module = app.loadModule(task["module"])
        module.enter()
    if task["scene"]:
        slicer.util.loadScene(task["scene"])
    scope = {"__name__": "restarted"}
    exec(compile(task["source"], task["name"], "exec"), scope)
    answer = scope[task["name"]](app, module, **task["arguments"])
    Path(path).with_name("answer.json").write_text(json.dumps(answer))
    leftovers = []
    if module is not None:
        module.unload()
        leftovers = module.leftovers()
    app.closeMainWindow()
    wrong = leftovers + app.vtkErrors() + [recorded.text for recorded in harness.recordedExceptions]
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
