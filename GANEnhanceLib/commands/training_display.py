"""What a training shows while it runs: a bar on a terminal, lines elsewhere, and warnings above both."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

_LINES = 20
"""Lines a stage, where there is no terminal."""
_HIDDEN = ("on_real", "on_fake")
"""Of the losses: they are in the log."""


class TrainingDisplay(logging.Handler):
    """Called after each step with stage, step, steps of the stage and losses; also shows what is logged.

    Args:
        shown: False for all processes of a distributed run but the first.
    """

    def __init__(self, shown: bool = True) -> None:
        """Begin without a stage."""
        super().__init__(logging.INFO)
        self._shown, self._bar, self._stage, self._line = shown, None, None, -1
        self._begun: tuple[int, float] = (0, 0.0)

    def __call__(self, stage: str, step: int, steps: int, losses: dict[str, float]) -> None:
        """Show a step."""
        if not self._shown:
            return
        figures = {name: f"{value:.3g}" for name, value in losses.items() if name not in _HIDDEN}
        if sys.stderr.isatty():
            self._show_bar(stage, step, steps, figures)
        else:
            self._show_line(stage, step, steps, figures)

    def emit(self, record: logging.LogRecord) -> None:
        """Show a message of the library."""
        if not self._shown:
            return
        text = f"Warning: {record.getMessage()}" if record.levelno >= logging.WARNING else record.getMessage()
        if self._bar is not None:
            self._bar.write(text, file=sys.stderr)
        else:
            print(text, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the bar as it is and begin a new line."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        super().close()

    def __enter__(self) -> TrainingDisplay:
        """Show what the library logs from now on."""
        library = logging.getLogger("GANEnhanceLib")
        self._level_before = library.level
        library.addHandler(self)
        library.setLevel(logging.INFO)
        return self

    def __exit__(self, *_exception: Any) -> None:
        """Show no more."""
        library = logging.getLogger("GANEnhanceLib")
        library.removeHandler(self)
        library.setLevel(self._level_before)
        self.close()

    def _show_bar(self, stage: str, step: int, steps: int, figures: dict[str, str]) -> None:
        from tqdm import tqdm

        if self._bar is None or self._stage != stage:
            if self._bar is not None:
                self._bar.close()
            self._bar = tqdm(total=steps, initial=step - 1, desc=stage, unit="step", dynamic_ncols=True)
            self._stage = stage
        self._bar.set_postfix(figures, refresh=False)
        self._bar.update(step - self._bar.n)

    def _show_line(self, stage: str, step: int, steps: int, figures: dict[str, str]) -> None:
        now, line = time.monotonic(), _LINES * step // steps
        if stage != self._stage:
            self._begun = (step, now)
        elif line == self._line:
            return
        self._stage, self._line = stage, line
        first, begun = self._begun
        pace = (now - begun) / (step - first) if step > first else None
        rate = f", {pace:.2g} s a step, {_in_words(pace * (steps - step))} left" if pace else ""
        words = ", ".join(f"{name} {value}" for name, value in figures.items())
        print(f"{stage}: step {step} of {steps}{rate}: {words}", flush=True)


def _in_words(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
