"""Runs a procedure, one command after another, without ever waiting for it.

A procedure is a generator. It yields a `Command` and is sent its `Answer` when the process has ended; what it
returns is the result, what it raises the failure. Cancelling ends the command that runs, or waits for its end
if it must not be interrupted any more; the procedure sees in the answer that it was cancelled, and goes on,
so that it can put things in order.
"""

import logging
from dataclasses import dataclass

import qt
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError, WorkerError
from GANEnhancePanel.interpreter import processEnvironment

# How long leaving waits for a command that must not be interrupted.
PATIENCE_MILLISECONDS = 30000


def never(_line):
    """The answer for a command that may be ended at any time."""
    return False


def always(_line):
    """The answer for a command that must not be interrupted at all."""
    return True


@dataclass(frozen=True)
class Command:
    """A program to run.

    `isShown` says whether its lines go to the log; `protects(line)` is asked at the start, with "", and for
    each line that it writes: after the first True the process is not ended any more.
    """

    program: str
    arguments: tuple
    variables: dict
    isShown: bool = True
    protects: object = never


@dataclass(frozen=True)
class Answer:
    """What became of a command: exit code (None: it could not be started), all its text, and whether the
    user cancelled while it ran.
    """

    code: object
    text: str
    isCancelled: bool


class CommandRunner:
    """Runs one procedure; callbacks come from the application's event loop."""

    def __init__(self, procedure, onLine, onResult, onError):
        """Keep the procedure; `start` begins.

        :param onLine: called with each line that the commands write.
        :param onResult: called with what the procedure returns.
        :param onError: called with the exception (GANEnhanceError) that it raises.
        """
        self.isEnded = False
        self.isCancelled = False
        self._procedure = procedure
        self._onLine, self._onResult, self._onError = onLine, onResult, onError
        self._command = self._process = None
        self._pending, self._lines = b"", []
        self._isProtected = self._isCancelledHere = False
        # A process must not be destroyed in the middle of its own signal.
        self._retired = None

    def start(self):
        """Begin."""
        self._advance(lambda: next(self._procedure))

    def cancel(self):
        """End the command that runs, or wait for its end; then the procedure puts things in order."""
        if self.isCancelled or self.isEnded:
            return
        self.isCancelled = self._isCancelledHere = True
        if self._process is not None and not self._isProtected:
            self._process.kill()

    def stop(self):
        """Give up for good, without a callback: the panel goes."""
        if self.isEnded:
            return
        self.isEnded = True
        process = self._process
        if process is not None:
            self._disconnect(process)
            if not self._isProtected or not process.waitForFinished(PATIENCE_MILLISECONDS):
                process.kill()
                process.waitForFinished(1000)
        self._process = None
        if not self._procedure.gi_running:
            self._procedure.close()

    def _advance(self, resume):
        if self.isEnded:
            return
        try:
            command = resume()
        except StopIteration as end:
            self.isEnded = True
            self._onResult(end.value)
        except GANEnhanceError as error:
            self.isEnded = True
            self._onError(error)
        except Exception as error:
            logging.error("GANEnhance: unexpected error.", exc_info=error)
            self.isEnded = True
            self._onError(WorkerError(f"{type(error).__name__}: {error}"))
        else:
            self._run(command)

    def _run(self, command):
        self._command, self._pending, self._lines = command, b"", []
        self._isProtected = command.protects("")
        self._process = qt.QProcess()
        self._process.setProcessChannelMode(qt.QProcess.MergedChannels)
        self._process.setProcessEnvironment(processEnvironment(command.variables))
        for signal, slot in self._connections():
            self._process.connect(signal, slot)
        self._process.start(command.program, list(command.arguments))
        self._process.closeWriteChannel()  # nobody answers questions

    def _connections(self):
        return (
            ("readyReadStandardOutput()", self._onOutput),
            ("finished(int,QProcess::ExitStatus)", self._onFinished),
            ("errorOccurred(QProcess::ProcessError)", self._onProcessError),
        )

    def _disconnect(self, process):
        for signal, slot in self._connections():
            process.disconnect(signal, slot)

    def _onOutput(self):
        if self._process is None:
            return
        *lines, self._pending = (self._pending + self._process.readAllStandardOutput().data()).split(b"\n")
        for line in lines:
            self._take(line)

    def _take(self, line):
        line = line.decode("utf-8", "replace").rstrip("\r")
        self._lines.append(line)
        self._isProtected = self._isProtected or self._command.protects(line)
        if self._command.isShown:
            self._onLine(line)

    def _onFinished(self, exitCode, exitStatus):
        self._onOutput()
        if self._pending:
            self._take(self._pending)
        # A process that was killed may have any code.
        crashed = exitStatus != qt.QProcess.NormalExit
        self._end(-1 if crashed else int(exitCode))

    def _onProcessError(self, error):
        if error == qt.QProcess.FailedToStart:
            self._take(
                _("The program {path} cannot be started.").format(path=self._command.program).encode("utf-8")
            )
            self._end(None)

    def _end(self, code):
        self._disconnect(self._process)
        self._retired, self._process = self._process, None
        answer = Answer(code, "\n".join(self._lines), self._isCancelledHere)
        self._isCancelledHere = False
        qt.QTimer.singleShot(0, lambda: self._advance(lambda: self._procedure.send(answer)))
