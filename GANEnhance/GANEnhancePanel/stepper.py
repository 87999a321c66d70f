"""Runs a generator on a timer, a few milliseconds at a time, so that the application goes on living."""

import time

import qt

# The application's own events are looked at after each slot; 10 ms is far below what a hand notices.
SLOT_SECONDS = 0.010


class Stepper:
    """Drives one generator to its end; the callbacks come from the event loop, exactly one of the last two.

    :param steps: generator that yields fractions (0 to 1) and returns a value.
    :param onFraction: called with the fraction after each slot.
    :param onEnd: called with the returned value.
    :param onError: called with the exception.
    """

    def __init__(self, steps, onFraction, onEnd, onError):
        """Start at once."""
        self._steps = steps
        self._onFraction, self._onEnd, self._onError = onFraction, onEnd, onError
        self._timer = qt.QTimer()
        self._timer.setInterval(0)
        self._timer.connect("timeout()", self._run)
        self._timer.start()

    def stop(self):
        """Stop for good and close the generator; no callback comes afterwards. Harmless if it has ended."""
        if self._timer is None:
            return
        self._timer.stop()
        self._timer.disconnect("timeout()", self._run)
        self._timer = None
        self._steps.close()

    def _run(self):
        if self._timer is None:
            return
        end, fraction = time.perf_counter() + SLOT_SECONDS, 0.0
        try:
            while time.perf_counter() < end:
                fraction = next(self._steps)
        except StopIteration as finished:
            self.stop()
            self._onEnd(finished.value)
        except Exception as error:
            # Whatever it is, the user has to see it: nobody sees an exception of a slot.
            self.stop()
            self._onError(error)
        else:
            self._onFraction(fraction)
