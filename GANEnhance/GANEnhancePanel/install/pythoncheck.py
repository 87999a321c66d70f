"""Tries another Python by starting a worker in it, and says in one sentence what it lacks."""

from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhancePanel.client import WorkerClient
from GANEnhancePanel.install.installing import commandText
from GANEnhancePanel.install.repairable import RepairableError


class PythonCheck:
    """One try; exactly one of `onGood(hello)` and `onBad(error)` is called, unless it is stopped before."""

    def __init__(self, interpreter, onGood, onBad):
        """Keep the callbacks; `start` begins."""
        self._interpreter = interpreter
        self._onGood, self._onBad = onGood, onBad
        self._client = WorkerClient(interpreter)

    def start(self):
        """Start a worker in that Python."""
        self._client.whenReady(self._onReady, self._onError)

    def stop(self):
        """Give up."""
        self._onGood = self._onBad = _ignore
        self._client.retire()

    def _onReady(self):
        hello, onGood, onBad = self._client.hello, self._onGood, self._onBad
        self.stop()
        problem = whatLacks(hello, self._interpreter)
        if problem is None:
            onGood(hello)
        else:
            onBad(problem)

    def _onError(self, error):
        onBad = self._onBad
        self.stop()
        onBad(
            GANEnhanceError(
                _("{path} cannot run the worker: {reason}").format(
                    path=self._interpreter.path, reason=error.sentence
                ),
                error.hint,
            )
        )


def whatLacks(hello, interpreter):
    """Return the RepairableError that names the packages which a Python lacks, or None."""
    versions, lacking, wanted = hello["versions"], [], []
    for name in ("numpy", "SimpleITK"):
        if not versions.get(name):
            lacking.append(name)
            wanted.append(name)
    if not hello["network_ready"]:
        lacking.append(_("OpenVINO or PyTorch"))
        wanted.append("openvino")
    if not lacking:
        return None
    return RepairableError(
        _("{path} lacks {packages}.").format(path=interpreter.path, packages=_(" and ").join(lacking)),
        _("To install what is missing, copy the command and run it in a terminal."),
        commandText(interpreter, ("-m", "pip", "install", *wanted)),
    )


def _ignore(_value):
    """Nobody waits any more."""
