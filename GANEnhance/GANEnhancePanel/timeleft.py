"""How long work of several like parts will still take, guessed from the time that the done part took."""

import time

# Before this share is done a guess says nothing.
SMALLEST_SHARE = 0.02


class TimeLeft:
    """Begins to measure when it is made."""

    def __init__(self, clock=time.monotonic):
        """Begin now."""
        self._clock = clock
        self._begin = clock()

    def seconds(self, fraction):
        """Return the seconds that are left when `fraction` (0 to 1) is done, None while nobody knows."""
        if fraction < SMALLEST_SHARE:
            return None
        return (self._clock() - self._begin) * (1.0 - fraction) / fraction
