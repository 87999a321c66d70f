"""Installs a package, or changes the Python of the worker, and says how it went."""

import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.protocol import Cancelled
from GANEnhancePanel.client import endRetired
from GANEnhancePanel.install.commandrunner import CommandRunner
from GANEnhancePanel.install.installing import (
    commandText,
    constraintsFile,
    pipArguments,
    pipInstallation,
    torchInstallation,
)
from GANEnhancePanel.install.packages import TORCH, questionFor
from GANEnhancePanel.install.pythoncheck import PythonCheck
from GANEnhancePanel.install.repairable import RepairableError
from GANEnhancePanel.install.torchextension import installTorch, torchLogic
from GANEnhancePanel.interpreter import interpreterAt, keepInterpreter, ownInterpreter


class Preparation:
    """One thing at a time; `message` says what happens or how it ended.

    After a change the worker starts again, as soon as no run is under way; then `onDone()` of the call.
    """

    def __init__(self, panel, onChange, onLine):
        """Begin with nothing.

        :param panel: the PanelContext.
        :param onChange: called when something here changed.
        :param onLine: called with each line that pip writes.
        """
        self.message = ""
        self.command = ""
        self.isFailed = False
        self.hasLog = False
        self._panel, self._onChange, self._onLine = panel, onChange, onLine
        self._runner = self._check = self._waiting = None

    @property
    def isInstalling(self):
        """Whether a package is being installed."""
        return self._runner is not None

    @property
    def isBusy(self):
        """Whether something is under way."""
        return self._runner is not None or self._check is not None

    @property
    def canCancel(self):
        """Whether it makes sense to cancel."""
        return self._check is not None or (self._runner is not None and not self._runner.isCancelled)

    # Packages

    def install(self, package, interpreter, onDone):
        """Ask the user, then install a package into a Python."""
        if self.isBusy:
            return
        self._begin("")
        self.hasLog = True
        try:
            procedure, command = self._procedureFor(package, interpreter)
        except GANEnhanceError as error:
            self._fail(error)
            return
        if not slicer.util.confirmOkCancelDisplay(questionFor(package, interpreter)):
            self._onChange()
            return
        if command:
            self._onLine(command)
        self._begin(_("Installing {title}...").format(title=package.title))
        self._runner = CommandRunner(
            procedure,
            self._onLine,
            lambda installed: self._onInstalled(package, installed, onDone),
            lambda error: self._onInstallError(error, command),
        )
        self._onChange()
        self._runner.start()

    @staticmethod
    def _procedureFor(package, interpreter):
        """Return what installs a package, and the same as a command for a terminal ("" if there is none)."""
        if package is TORCH:
            torchLogic()
            return torchInstallation(package, interpreter, installTorch), ""
        command = commandText(interpreter, pipArguments(package, constraintsFile()))
        return pipInstallation(package, interpreter), command

    def _onInstalled(self, package, installed, onDone):
        self._runner = None
        self.message = _("{title} {version} is installed; the worker starts again.").format(
            title=package.title, version=installed.version
        )
        self._panel.log(self.message)

        def ready():
            version = self._panel.client.hello["backends"].get(package.name)
            if not version:
                error = _("{title} is installed, but the worker does not find it.").format(
                    title=package.title
                )
                self._fail(GANEnhanceError(error, _("Restart Slicer.")))
                return
            self.message = _("{title} {version} is installed: trained models can be used.").format(
                title=package.title, version=version
            )
            self._onChange()

        self._restart(onDone, ready)

    def _onInstallError(self, error, command):
        self._runner = None
        if isinstance(error, Cancelled):
            self.isFailed, self.message = False, error.sentence
            self._panel.log(error.sentence)
            self._onChange()
            return
        if not isinstance(error, RepairableError):
            error = _withAdvice(error, command)
        self._fail(error)

    # Another Python

    def usePython(self, path, onDone):
        """Try the Python at a path (of the program or its environment's folder); use it if it is good."""
        if self.isBusy:
            return
        self._begin("")
        self.hasLog = False
        if not path.strip():
            self._fail(
                GANEnhanceError(
                    _("No Python is chosen."),
                    _("Give the folder of an environment that has OpenVINO or PyTorch, or its program."),
                )
            )
            return
        try:
            interpreter = interpreterAt(path)
        except GANEnhanceError as error:
            self._fail(error)
            return
        self._begin(_("Trying {path}...").format(path=interpreter.path))

        def onGood(hello):
            self._check = None
            self._use(interpreter, onDone)

        self._check = PythonCheck(interpreter, onGood, self._onBadPython)
        self._onChange()
        self._check.start()

    def useOwnPython(self, onDone):
        """Go back to the application's own Python."""
        if not self.isBusy:
            self._begin("")
            self._use(ownInterpreter(), onDone)

    def _onBadPython(self, error):
        self._check = None
        self._fail(error)

    def _use(self, interpreter, onDone):
        keepInterpreter(interpreter)
        where = _("Slicer's own Python") if interpreter.isOwn else interpreter.path
        self.message = _("The worker now runs in {where}.").format(where=where)
        self._panel.log(self.message)
        self._restart(onDone, _nothing)

    # What both need

    def takeUp(self):
        """Start the worker again if that waited for the end of a run."""
        if self._waiting is not None and not self._panel.isRunning():
            (onDone, ready), self._waiting = self._waiting, None
            self._panel.restartWorker()
            onDone()
            self._panel.client.whenReady(ready, self._fail)

    def cancel(self):
        """Give up what is under way."""
        if self._check is not None:
            self._check.stop()
            self._check = None
            self.message = _("Canceled: the Python is as before.")
        elif self._runner is not None:
            self._runner.cancel()
            self.message = _("Canceling...")
        self._onChange()

    def stop(self):
        """End everything, without a word: the panel goes."""
        self._waiting = None
        for part in (self._runner, self._check):
            if part is not None:
                part.stop()
        self._runner = self._check = None
        endRetired()

    def _restart(self, onDone, ready):
        self._waiting = (onDone, ready)
        self._onChange()

    def _begin(self, message):
        self.isFailed, self.message, self.command = False, message, ""

    def _fail(self, error):
        self.isFailed = True
        self.message = str(error)
        self.command = error.command if isinstance(error, RepairableError) else ""
        self._panel.log(" ".join([_("Error: {text}").format(text=error), self.command]).strip())
        self._onChange()


def _withAdvice(error, command):
    """Return a failed installation's error with what works as before, and what to do by hand."""
    if command:
        hint = _("The filters work as before. To install by hand, copy the command into a terminal.")
        return RepairableError(str(error), hint, command)
    hint = _("The filters work as before. The Python console has what the extension wrote.")
    return GANEnhanceError(str(error), hint)


def _nothing():
    """Nothing more to say."""
