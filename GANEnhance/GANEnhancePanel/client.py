"""Talks with the worker process over `qt.QProcess`: requests out, answers in, never waiting for either.

The messages are those of `GANEnhanceLib.protocol`. Whatever happens to the process (it cannot start, it
dies, it says nothing), each open request ends with exactly one result or error, and the next request may
start a new process. Errors are exceptions of `GANEnhanceLib.errors`, handed to a callback, never raised.
Callbacks come from the application's event loop.
"""

import logging
import os
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import WorkerError
from GANEnhanceLib.worker_folder import PREFIX, remove_folder
from GANEnhancePanel.interpreter import chosenInterpreter, processEnvironment

HELLO_ID = 0
HELLO_MILLISECONDS = 60000
# The protocol promises an answer to a cancel within 0.5 s; a worker that takes this long hangs.
CANCEL_MILLISECONDS = 3000
SHUTDOWN_MILLISECONDS = 500
STDERR_LINES = 40


# Workers that were asked to end, and their folders, as long as they have not.
_leaving = {}


@dataclass
class _Open:
    """A request that waits for its answer."""

    onResult: object
    onError: object
    onProgress: object = None


class WorkerClient:
    """Starts, asks and ends the worker process; one at a time, kept warm between requests.

    :param interpreter: the `Interpreter` that runs it; None takes, at each start, the one that the user
        chose.
    """

    def __init__(self, interpreter=None):
        """Start nothing yet."""
        self.hello = None
        self._interpreter = interpreter
        self._python = ""
        self._process = None
        self._open = {}
        self._waiting = []
        self._retired = []
        # Called when the worker is ended on purpose, for those who wait for an answer of it.
        self.stopListeners = []
        self._lastId = 0
        self._stderr = deque(maxlen=STDERR_LINES)
        self._helloTimer = _singleShotTimer(HELLO_MILLISECONDS)

    @property
    def folder(self):
        """Return the worker's private folder for voxels as a Path, or None while no worker is ready."""
        return Path(self.hello["folder"]) if self.hello else None

    def processId(self):
        """Return the process id of the running worker, or None."""
        return int(self._process.processId()) if self._process is not None else None

    def whenReady(self, onReady, onError):
        """Call `onReady()` when the worker, started if needed, has said hello, else `onError(error)`."""
        if self.hello is not None:
            onReady()
            return
        self._waiting.append((onReady, onError))
        if self._process is None:
            self._start()

    def request(self, method, params, onResult, onError, onProgress=None):
        """Send a request to the ready worker and return its id.

        Exactly one of `onResult(message)` and `onError(error)` is called later; `onProgress(message)`
        before it.
        """
        self._lastId += 1
        self._open[self._lastId] = _Open(onResult, onError, onProgress)
        self._send({"id": self._lastId, "method": method, "params": params})
        return self._lastId

    def tell(self, method, params):
        """Send a request whose answer does not matter; nothing happens if no worker is ready."""
        if self.hello is not None:
            self.request(method, params, onResult=_ignore, onError=_ignore)

    def cancel(self, requestId):
        """Ask the worker to give up a request; kill the worker if it does not answer in time."""
        if requestId not in self._open:
            return
        self.request("cancel", {"target": requestId}, onResult=_ignore, onError=_ignore)
        qt.QTimer.singleShot(CANCEL_MILLISECONDS, lambda: self._killIfOpen(requestId))

    def stop(self):
        """End the worker and remove its folder, within about a second; open requests get no answer."""
        process, folder = self._process, self.folder
        self._forgetOpen()
        if process is None:
            return
        self._forgetProcess()
        process.write(protocol.encode({"id": self._lastId + 1, "method": "shutdown", "params": {}}))
        process.closeWriteChannel()
        if not process.waitForFinished(SHUTDOWN_MILLISECONDS):
            process.kill()
            process.waitForFinished(SHUTDOWN_MILLISECONDS)
        _removeWorkerFolder(folder)

    def retire(self):
        """End the worker without waiting for it; open requests get no answer."""
        process, folder = self._process, self.folder
        self._forgetOpen()
        if process is None:
            return
        self._forgetProcess()
        _leaving[process] = folder
        process.connect("finished(int,QProcess::ExitStatus)", _onLeft)
        process.write(protocol.encode({"id": self._lastId + 1, "method": "shutdown", "params": {}}))
        process.closeWriteChannel()
        qt.QTimer.singleShot(CANCEL_MILLISECONDS, _killLeaving)

    # The process

    def _start(self):
        self._stderr.clear()
        self._process = qt.QProcess()
        interpreter = self._interpreter or chosenInterpreter()
        self._python = interpreter.path
        self._process.setProcessEnvironment(_workerEnvironment(interpreter))
        for signal, slot in self._connections():
            self._process.connect(signal, slot)
        # Connected while it runs only: a connected timer keeps this object for ever.
        self._helloTimer.connect("timeout()", self._onHelloLate)
        self._helloTimer.start()
        self._process.start(self._python, ["-m", "GANEnhanceLib.worker"])

    def _connections(self):
        return (
            ("readyReadStandardOutput()", self._onOutput),
            ("readyReadStandardError()", self._onStandardError),
            ("finished(int,QProcess::ExitStatus)", self._onFinished),
            ("errorOccurred(QProcess::ProcessError)", self._onProcessError),
        )

    def _forgetProcess(self):
        for signal, slot in self._connections():
            self._process.disconnect(signal, slot)
        self._stopHelloTimer()
        self._process, self.hello = None, None

    def _forgetOpen(self):
        self._open.clear()
        self._waiting.clear()
        for listener in list(self.stopListeners):
            listener()

    def _stopHelloTimer(self):
        if self._helloTimer.active:
            self._helloTimer.stop()
            self._helloTimer.disconnect("timeout()", self._onHelloLate)

    def _send(self, message):
        self._process.write(protocol.encode(message))

    def _onOutput(self):
        while self._process is not None and self._process.canReadLine():
            line = self._process.readLine().data()
            try:
                self._take(protocol.decode(line))
            except WorkerError as error:
                logging.debug("GANEnhance: %s", error)

    def _onStandardError(self):
        text = self._process.readAllStandardError().data().decode("utf-8", "replace")
        self._stderr.extend(line for line in text.splitlines() if line.strip())

    def _onFinished(self, exitCode, exitStatus):
        self._fail(_("The worker process ended unexpectedly (code {code}).").format(code=int(exitCode)))

    def _onProcessError(self, error):
        if error == qt.QProcess.FailedToStart:
            self._fail(_("The worker process cannot be started with {python}.").format(python=self._python))

    def _onHelloLate(self):
        self._helloTimer.disconnect("timeout()", self._onHelloLate)
        seconds = HELLO_MILLISECONDS // 1000
        self._fail(_("The worker process did not answer within {seconds} s.").format(seconds=seconds))

    def _killIfOpen(self, requestId):
        if requestId in self._open:
            self._fail(_("The worker process does not answer and was ended."))

    def _fail(self, sentence):
        """End the process and all open requests with one failure."""
        process, folder = self._process, self.folder
        self._forgetProcess()
        process.kill()
        _removeWorkerFolder(folder)
        hint = _("Press Enhance to start it again.")
        if self._stderr:
            hint = _("{hint} It wrote: {line}").format(hint=hint, line=self._stderr[-1])
            logging.debug("GANEnhance: the worker wrote:\n%s", "\n".join(self._stderr))
        # The process may be in the middle of a signal, and must not be destroyed before that returns.
        self._retired.append(process)
        qt.QTimer.singleShot(0, self._forgetRetired)
        self._failAll(WorkerError(sentence, hint))

    def _forgetRetired(self):
        self._retired.clear()

    def _failAll(self, error):
        waiting, self._waiting = self._waiting, []
        opened, self._open = self._open, {}
        for _onReady, onError in waiting:
            onError(error)
        for request in opened.values():
            request.onError(error)

    # Messages

    def _take(self, message):
        if message.get("id") == HELLO_ID:
            self._takeHello(message)
            return
        request = self._open.get(message.get("id"))
        if request is None:
            return
        event = message.get("event")
        if event == "progress":
            if request.onProgress is not None:
                request.onProgress(message)
            return
        del self._open[message["id"]]
        if event == "result":
            request.onResult(message)
        else:
            request.onError(protocol.exception_of(message))

    def _takeHello(self, message):
        if message.get("event") != "result":
            self._failAll(protocol.exception_of(message))
            return
        if message.get("protocol") != protocol.PROTOCOL_VERSION:
            self._fail(
                _("The worker speaks version {theirs} of the protocol, but {ours} is needed.").format(
                    theirs=message.get("protocol"), ours=protocol.PROTOCOL_VERSION
                )
            )
            return
        self._stopHelloTimer()
        self.hello = message
        waiting, self._waiting = self._waiting, []
        for onReady, _onError in waiting:
            onReady()


def _ignore(_answer):
    """The answer to a cancel says nothing; the canceled request gets its own."""


def _workerEnvironment(interpreter):
    """Return the environment of the worker: that of its Python, with temporary files beside ours."""
    variables = interpreter.variables()
    if os.path.isdir(slicer.app.temporaryPath):
        variables["TMPDIR"] = slicer.app.temporaryPath
    return processEnvironment(variables)


def _onLeft(*_codes):
    # The process is in the middle of its signal, and must not be destroyed before that returns.
    qt.QTimer.singleShot(0, _forgetLeft)


def _forgetLeft():
    """Remove the folders of retired workers that have ended, and let go of them."""
    for process, folder in list(_leaving.items()):
        if process.state() == qt.QProcess.NotRunning:
            del _leaving[process]
            _removeWorkerFolder(folder)


def endRetired():
    """End retired workers now, within about a second: nothing may outlive the module."""
    for process, folder in list(_leaving.items()):
        process.disconnect("finished(int,QProcess::ExitStatus)", _onLeft)
        if not process.waitForFinished(SHUTDOWN_MILLISECONDS):
            process.kill()
            process.waitForFinished(SHUTDOWN_MILLISECONDS)
        _removeWorkerFolder(folder)
    _leaving.clear()


def _killLeaving():
    """End retired workers that do not end by themselves."""
    for process in list(_leaving):
        process.kill()


def _removeWorkerFolder(folder):
    """Remove what a worker left; only a folder that is named like a worker's."""
    if folder is not None and folder.name.startswith(PREFIX):
        remove_folder(folder)


def _singleShotTimer(milliseconds):
    timer = qt.QTimer()
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    return timer
