"""Drives a talk (see `talk`): blocking with a `WorkerSession`, or from the event loop.

Either way a talk ends exactly once, by its value or by an exception of `GANEnhanceLib.errors`, and leaves no
file behind, also when it is cancelled.
"""

import contextlib
import logging
import time

import qt
from slicer.i18n import tr as _

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import GANEnhanceError, WorkerError
from GANEnhancePanel.stepper import SLOT_SECONDS
from GANEnhancePanel.talks.talk import Ask, removeFilesOf


def converse(session, talk, onProgress=None, cancelled=None):
    """Run a talk to its end with an open `WorkerSession` and return its value.

    :param onProgress: called with progress messages (dicts).
    :param cancelled: called often; the talk ends with `protocol.Cancelled` when it returns True.
    """
    tell = onProgress or _ignore
    with contextlib.closing(talk):
        try:
            step = next(talk)
            while True:
                step = _answerBlocking(session, talk, step, tell, cancelled)
        except StopIteration as end:
            return end.value


def _answerBlocking(session, talk, step, tell, cancelled):
    """Do what a step of a talk asks for and return its next step."""
    if not isinstance(step, Ask):
        tell(step)
        if cancelled is not None and cancelled():
            raise protocol.Cancelled("The work was canceled.")
        return next(talk)

    def tellProgress(message):
        tell(step.tell(message))

    try:
        answer = session.request(step.method, step.params, tellProgress, cancelled)
    except protocol.Cancelled:
        raise
    except GANEnhanceError as error:
        return talk.throw(error)
    return talk.send(answer)


class Conversation:
    """Runs a talk with the worker of a `WorkerClient`, never blocking; callbacks come from the event loop.

    :param onProgress: called with progress messages (dicts).
    :param onEnd: called with the talk's value.
    :param onError: called with the exception (GANEnhanceError) that ended it.
    """

    def __init__(self, client, talk, onProgress, onEnd, onError):
        """Keep what is needed; `start` begins."""
        self.ended = False
        self._client, self._talk = client, talk
        self._onProgress, self._onEnd, self._onError = onProgress, onEnd, onError
        self._requestId = None
        self._timer = qt.QTimer()
        self._timer.setInterval(0)
        self._timer.connect("timeout()", self._onTimer)

    def start(self):
        """Begin; returns at once."""
        self._client.stopListeners.append(self._onStop)
        self._client.whenReady(self._onReady, self._onRequestError)

    def cancel(self):
        """Give up: no callback comes any more. Harmless after the end."""
        if self.ended:
            return
        self._end()
        # In the middle of its own step (a node it makes may lead here) it is closed after that step.
        if not self._talk.gi_running:
            self._talk.close()
        if self._requestId is not None:
            self._client.cancel(self._requestId)

    def fail(self, error):
        """Give up with an error, which `onError` gets."""
        if not self.ended:
            self.cancel()
            self._onError(error)

    def _onStop(self):
        self._requestId = None
        self.fail(WorkerError(_("The worker was ended."), _("Start the work again.")))

    def _onReady(self):
        if not self.ended:
            self._timer.start()

    def _onTimer(self):
        """Go on with the talk's own work for a moment."""
        self._advance(lambda: next(self._talk))

    def _onAnswer(self, message):
        self._requestId = None
        if self.ended:
            # Cancelled when the answer was already on its way.
            removeFilesOf(message, self._client.folder)
        else:
            self._advance(lambda: self._talk.send(message))

    def _onRequestError(self, error):
        self._requestId = None
        if not self.ended:
            self._advance(lambda: self._talk.throw(error))

    def _advance(self, resume):
        """Resume the talk until it asks, ends, or has used up its time; `resume` gives its next step."""
        end = time.perf_counter() + SLOT_SECONDS
        step = None
        try:
            while not self.ended:
                step = resume()
                if isinstance(step, Ask) or time.perf_counter() > end:
                    break
                resume = self._resumeOwnWork
        except StopIteration as stop:
            self._finish(self._onEnd, stop.value)
        except Exception as error:
            self._finish(self._onError, _ofOurFamily(error))
        else:
            self._take(step)

    def _resumeOwnWork(self):
        return next(self._talk)

    def _finish(self, callback, value):
        if not self.ended:
            self._end()
            callback(value)

    def _take(self, step):
        if self.ended:
            self._talk.close()
            return
        if not isinstance(step, Ask):
            self._timer.start()
            self._onProgress(step)
            return
        self._timer.stop()

        def tellProgress(message):
            if not self.ended:
                self._onProgress(step.tell(message))

        try:
            self._requestId = self._client.request(
                step.method, step.params, self._onAnswer, self._onRequestError, tellProgress
            )
        except Exception as error:
            self.fail(_ofOurFamily(error))

    def _end(self):
        self.ended = True
        if self._onStop in self._client.stopListeners:
            self._client.stopListeners.remove(self._onStop)
        self._timer.stop()
        self._timer.disconnect("timeout()", self._onTimer)


def _ofOurFamily(error):
    """Return an exception that can be shown: whatever went wrong, the user has to see a sentence."""
    if isinstance(error, GANEnhanceError):
        return error
    logging.error("GANEnhance: unexpected error.", exc_info=error)
    return protocol.exception_of(protocol.error_message_of(None, error))


def _ignore(_message):
    """Nobody wants to know."""
