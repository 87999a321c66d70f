"""Which Python runs the worker: the application's own, or another one that the user chose on this computer.

Another Python must see nothing of the application: it starts with the environment that the application was
started with, without PYTHONHOME and PYTHONPATH.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import InputError
from GANEnhancePanel.choosing.modelfolder import modelFolderVariables
from GANEnhancePanel.library import libraryFolder

SETTING = "GANEnhance/Python"
# What makes a Python look for its modules where another one has them.
FOREIGN_VARIABLES = ("PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE")
# Where an environment keeps its interpreter, from its folder.
PLACES = ("bin/python3", "bin/python", "Scripts/python.exe", "python.exe")


@dataclass(frozen=True)
class Interpreter:
    """A Python by the path of its program, and whether it is the application's own."""

    path: str
    isOwn: bool

    def variables(self):
        """Return the environment, as a dict, that this Python starts with; the library is on its path."""
        variables = dict(os.environ) if self.isOwn else dict(slicer.util.startupEnvironment())
        if not self.isOwn:
            for name in FOREIGN_VARIABLES:
                variables.pop(name, None)
        paths = [libraryFolder(), variables.get("PYTHONPATH")]
        variables["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        variables.update(modelFolderVariables(variables))
        # The folder that the application happens to run in must not be searched for modules.
        variables["PYTHONSAFEPATH"] = "1"
        return variables


def ownInterpreter():
    """Return the Python of the application."""
    return Interpreter(sys.executable, True)


def chosenInterpreter():
    """Return the Python that the user chose, or the application's own."""
    path = str(slicer.util.settingsValue(SETTING, "") or "")
    return Interpreter(path, False) if path else ownInterpreter()


def keepInterpreter(interpreter):
    """Keep a choice on this computer."""
    qt.QSettings().setValue(SETTING, "" if interpreter.isOwn else interpreter.path)


def interpreterAt(path):
    """Return the Interpreter for what a user gives: the program, or the folder of an environment.

    :raises InputError: there is no such program.
    """
    # Not resolved: the program of an environment is often a link, and knows its environment by its place.
    given = Path(os.path.abspath(os.path.expanduser(path.strip())))
    candidates = [given / place for place in PLACES] if given.is_dir() else [given]
    for candidate in candidates:
        if candidate.is_file():
            return Interpreter(str(candidate), False)
    if given.is_dir():
        raise InputError(
            _("The folder {path} has no Python in it.").format(path=given),
            _("Choose the folder of an environment, or its program python."),
        )
    raise InputError(
        _("There is no file {path}.").format(path=given),
        _("Choose the program python of an environment, or the folder of the environment."),
    )


def processEnvironment(variables):
    """Return a dict of environment variables as QProcess wants it."""
    environment = qt.QProcessEnvironment()
    for name, value in variables.items():
        environment.insert(str(name), str(value))
    return environment
