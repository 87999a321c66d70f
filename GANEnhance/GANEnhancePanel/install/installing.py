"""The procedures that install a package without touching anything that is there, for a `CommandRunner`.

Before and after, the Python is asked what is installed. Whatever goes wrong (pip refuses, the user cancels,
the new package cannot be imported), the packages that are new are removed again, so that a failure leaves the
Python as it was.

`slicer.packaging` is not used: it is there since Slicer 5.11 only, cannot be cancelled, and installs into the
application's Python only, while here the same guarantees hold for a Python that the user chose.
"""

import os
import shlex
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.protocol import Cancelled
from GANEnhancePanel.install import installedpackages
from GANEnhancePanel.install.commandrunner import Command, always, never
from GANEnhancePanel.install.pins import changedPackages, newPackages, pinLines
from GANEnhancePanel.install.pipoutput import beginsToInstall, failureOf
from GANEnhancePanel.install.repairable import RepairableError

# What a user's settings of pip could say against us: to replace what is there, or to install elsewhere.
_OURS = {"PIP_FORCE_REINSTALL": "0", "PIP_IGNORE_INSTALLED": "0", "PIP_USER": "0", "PIP_UPGRADE": "0"}
_OURS["PIP_REQUIRE_VIRTUALENV"] = "0"
_NOT_OURS = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_NO_BINARY", "PIP_CONSTRAINT", "PIP_REQUIREMENT")


@dataclass(frozen=True)
class Installed:
    """What is new after an installation: the package's version and the names of all new packages."""

    version: str
    names: tuple


def pipArguments(package, constraints):
    """Return the arguments of Python that install a package; the file `constraints` pins what is there."""
    return (
        *("-m", "pip", "install", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check"),
        *("--progress-bar", "off", "--constraint", str(constraints), package.requirement),
    )


def commandText(interpreter, arguments):
    """Return a command as a user types it."""
    words = [interpreter.path, *arguments]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def constraintsFile():
    """Return where the constraints are kept, so that the command can also be typed later."""
    folder = Path(slicer.app.cachePath) / "GANEnhance"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GANEnhanceError(
            _("The folder {path} cannot be made ({reason}).").format(path=folder, reason=error.strerror),
            _("Set another cache folder in the application's settings."),
        ) from error
    return folder / "installed-packages.txt"


def pipInstallation(package, interpreter):
    """Install a package with pip; a procedure that returns `Installed`.

    :raises GANEnhanceError: one sentence why not; the Python is as it was.
    """

    def install():
        arguments = pipArguments(package, constraintsFile())
        with temporaryFolder() as folder:
            return (
                yield Command(
                    interpreter.path, arguments, pipVariables(interpreter, folder), protects=beginsToInstall
                )
            )

    return (yield from _guarded(package, interpreter, install))


def torchInstallation(package, interpreter, call):
    """Let the PyTorch extension install PyTorch; a procedure that returns `Installed`.

    :param call: function that installs, blocking; it may raise anything.
    """

    def install():
        yield from ()  # no command of ours
        with _constrained(constraintsFile()):
            call()

    return (yield from _guarded(package, interpreter, install))


def _guarded(package, interpreter, install):
    """Run a procedure between two looks at what is installed, and put things in order after it."""
    before = yield from _look(interpreter, never)
    lines = pinLines(before, package.name)
    constraintsFile().write_text("\n".join(lines) + "\n", encoding="utf-8")
    problem = None
    try:
        answer = yield from install()
        problem = _problemOf(answer, package)
    except GANEnhanceError as error:
        problem = error
    except Exception as error:
        problem = GANEnhanceError(
            _("{title} was not installed: {reason}.").format(
                title=package.title, reason=str(error).rstrip(".") or type(error).__name__
            )
        )
    if problem is None:
        problem = yield from _tryToImport(package, interpreter)
    after = yield from _look(interpreter, always)
    if problem is not None:
        yield from _remove(newPackages(before, after), interpreter)
        after = yield from _look(interpreter, always)
    _checkUnchanged(before, after, package, interpreter)
    if problem is not None:
        raise problem
    return Installed(after["packages"].get(package.name, ""), tuple(newPackages(before, after)))


def _problemOf(answer, package):
    if answer is None:
        return None
    if answer.isCancelled:
        return Cancelled(_("{title} was not installed: you canceled.").format(title=package.title))
    return failureOf(answer.text, package.title) if answer.code else None


def _look(interpreter, protects):
    """Return what is installed, as `installedpackages` prints it."""
    answer = yield Command(
        interpreter.path, (installedpackages.__file__,), interpreter.variables(), False, protects
    )
    if answer.isCancelled and protects is never:
        raise Cancelled(_("You canceled; nothing was installed."))
    try:
        return installedpackages.parse(answer.text)
    except ValueError as error:
        raise GANEnhanceError(
            _("The Python {path} does not say what is installed.").format(path=interpreter.path),
            answer.text.strip().rpartition("\n")[2],
        ) from error


def _tryToImport(package, interpreter):
    """Return why the new package is of no use, or None."""
    code = f"import {package.module}; print({package.module}.__name__, {package.module}.__version__)"
    answer = yield Command(interpreter.path, ("-c", code), interpreter.variables())
    if answer.isCancelled:
        return _problemOf(answer, package)
    if answer.code == 0:
        return None
    return GANEnhanceError(
        _("{title} was removed again, because it cannot be loaded here: {reason}.").format(
            title=package.title, reason=answer.text.strip().rpartition("\n")[2].rstrip(".")
        )
    )


def _remove(names, interpreter):
    if names:
        arguments = ("-m", "pip", "uninstall", "--yes", "--disable-pip-version-check", *names)
        with temporaryFolder() as folder:
            yield Command(interpreter.path, arguments, pipVariables(interpreter, folder), protects=always)


def _checkUnchanged(before, after, package, interpreter):
    changed = changedPackages(before, after, package.name)
    if not changed:
        return
    old = [f"{name}=={version}" for name, version, _now in changed]
    raise RepairableError(
        _("Installing {title} changed packages that were there: {changes}.").format(
            title=package.title,
            changes=", ".join(f"{name} {then} → {now or '-'}" for name, then, now in changed),
        ),
        _("To repair that, copy the command and run it in a terminal."),
        commandText(interpreter, ("-m", "pip", "install", "--no-deps", *old)),
    )


def pipVariables(interpreter, folder):
    """Return the environment of pip: temporary files in `folder`, a live log, nothing that replaces files."""
    variables = interpreter.variables()
    for name in _NOT_OURS:
        variables.pop(name, None)
    temporary = {"TMPDIR": folder, "TEMP": folder, "TMP": folder}
    return {**variables, **_OURS, **temporary, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


@contextmanager
def temporaryFolder():
    """Give the name of a folder that is removed in the end, with what a pip that was ended left in it."""
    with tempfile.TemporaryDirectory(
        prefix="GANEnhance-pip-", dir=slicer.app.temporaryPath, ignore_cleanup_errors=True
    ) as folder:
        yield folder


@contextmanager
def _constrained(constraints):
    """Let every pip that this process starts keep to the constraints."""
    kept = {name: os.environ.get(name) for name in ("PIP_CONSTRAINT", *_OURS)}
    os.environ.update({**_OURS, "PIP_CONSTRAINT": str(constraints)})
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
