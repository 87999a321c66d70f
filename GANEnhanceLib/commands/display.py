"""How a command shows what it does: a bar on a terminal, percentages elsewhere, or JSON lines for
programs.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Protocol

from GANEnhanceLib import protocol

PERCENT_STEP = 10


class Display(Protocol):
    """What the commands need of a display."""

    def show(self, progress: Any) -> None:
        """Show a Progress of the engine."""

    def say(self, text: str) -> None:
        """Show a line for a person."""

    def result(self, fields: dict[str, Any]) -> None:
        """Give the result to a program."""

    def close(self) -> None:
        """Leave the terminal tidy; may be called twice."""


def make_display(json_lines: bool) -> Display:
    """Return JSON lines if asked for, a bar where somebody looks and tqdm is installed, else percentages."""
    if json_lines:
        return JsonDisplay()
    if sys.stderr.isatty():
        try:
            return BarDisplay()
        except ImportError:
            pass
    return PlainDisplay()


class JsonDisplay:
    """One JSON object a line on stdout: the events of `GANEnhanceLib.protocol` without their id."""

    def __init__(self):
        """Begin with nothing done."""
        self._fraction = 0.0

    def show(self, progress: Any) -> None:
        """Write a progress event; as in the protocol, the fraction never falls."""
        self._fraction = max(self._fraction, progress.fraction)
        message = protocol.progress_message(
            0, progress.stage, self._fraction, progress.message, progress.seconds_left
        )
        self._write(message)

    def say(self, text: str) -> None:
        """Write nothing: the result has it all."""

    def result(self, fields: dict[str, Any]) -> None:
        """Write the result event."""
        self._write(protocol.result_message(0, **fields))

    def error(self, error: BaseException) -> None:
        """Write the error event."""
        self._write(protocol.error_message_of(0, error))

    def close(self) -> None:
        """Nothing to tidy."""

    def _write(self, message: dict[str, Any]) -> None:
        del message["id"]
        print(json.dumps(message, ensure_ascii=False, allow_nan=False), flush=True)


class PlainDisplay:
    """Lines on stdout: each stage, and the percentage in steps of ten."""

    def __init__(self):
        """Begin with nothing shown."""
        self._stage = ""
        self._percent = 0

    def show(self, progress: Any) -> None:
        """Print the percentage where it has reached the next step."""
        if progress.message:
            print(progress.message, flush=True)
        percent = int(progress.fraction * 100) // PERCENT_STEP * PERCENT_STEP
        if percent > self._percent:
            self._percent = percent
            print(f"{percent:3d} % {progress.stage}", flush=True)

    def say(self, text: str) -> None:
        """Print the line."""
        print(text, flush=True)

    def result(self, fields: dict[str, Any]) -> None:
        """Print nothing: persons read what `say` says."""

    def close(self) -> None:
        """Nothing to tidy."""


class BarDisplay(PlainDisplay):
    """A bar of tqdm on stderr, gone at the end; lines on stdout above it."""

    def __init__(self):
        """Make the bar; ImportError without tqdm."""
        from tqdm import tqdm

        super().__init__()
        layout = "{desc} {percentage:3.0f} % |{bar}| {postfix}"
        self._bar = tqdm(total=1.0, bar_format=layout, leave=False, file=sys.stderr, dynamic_ncols=True)

    def show(self, progress: Any) -> None:
        """Move the bar."""
        if progress.message:
            self.say(progress.message)
        self._bar.set_description_str(progress.stage.capitalize(), refresh=False)
        left = "" if progress.seconds_left is None else f"{progress.seconds_left:.0f} s left"
        self._bar.set_postfix_str(left, refresh=False)
        self._bar.n = min(1.0, progress.fraction)
        self._bar.refresh()

    def say(self, text: str) -> None:
        """Print the line above the bar."""
        self._bar.write(text, file=sys.stdout)

    def close(self) -> None:
        """Remove the bar."""
        self._bar.close()
