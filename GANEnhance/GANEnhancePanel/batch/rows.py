"""What happened to each of several volumes: rows that a table shows and the user copies."""

import enum
from dataclasses import dataclass, field
from typing import Any

from slicer.i18n import tr as _

from GANEnhancePanel.state import durationText


class State(enum.Enum):
    """How far one of several volumes is."""

    waiting = "waiting"
    running = "running"
    done = "done"
    failed = "failed"
    canceled = "canceled"
    notRun = "not run"


@dataclass
class Row:
    """One volume: `result` is the name of the new volume, `error` what went wrong.

    `node` is None as soon as nothing more will happen: a row does not keep a volume that the user deletes.
    """

    node: Any
    name: str
    voxels: int
    state: State = State.waiting
    result: str = ""
    error: str = ""
    seconds: float | None = None
    noise: dict = field(default_factory=dict)

    def end(self, state):
        """Nothing more will happen."""
        self.state, self.node = state, None

    def succeed(self, node, report):
        """The volume is enhanced."""
        self.end(State.done)
        self.result = node.GetName()
        self.seconds, self.noise = report.get("seconds"), report.get("noise") or {}

    def fail(self, error):
        """The volume could not be enhanced."""
        self.end(State.failed)
        self.error = str(error)

    @property
    def isOver(self):
        """Whether nothing more will happen."""
        return self.state not in (State.waiting, State.running)

    def cells(self):
        """Return the texts of the columns of the table."""
        before, after = self._noise()
        noise = f"{before} \u2192 {after}" if before and after else before or after
        return [self.name, self._outcome(), self._time(), noise]

    def fields(self):
        """Return the texts of the columns of the copied table, where each number has its own."""
        return [self.name, self._outcome(), self._time(), *self._noise()]

    def _time(self):
        return "" if self.seconds is None else durationText(self.seconds)

    def _noise(self):
        return [_number(self.noise.get(when)) for when in ("before", "after")]

    def _outcome(self):
        texts = {
            State.waiting: _("Waiting"),
            State.running: _("Running..."),
            State.done: self.result,
            State.failed: _("Failed: {text}").format(text=self.error),
            State.canceled: _("Canceled"),
            State.notRun: _("Not run"),
        }
        return texts[self.state]


def columnNames():
    """Return the texts above the columns of the table."""
    return [_("Volume"), _("Result"), _("Time"), _("Noise")]


def copiedTable(rows):
    """Return the table as text with tabs, as spreadsheets take it."""
    names = [_("Volume"), _("Result"), _("Time"), _("Noise before"), _("Noise after")]
    lines = [names, *[row.fields() for row in rows]]
    return "\n".join("\t".join(" ".join(text.split()) for text in line) for line in lines) + "\n"


def summary(rows):
    """Return one sentence on what became of all volumes."""
    count = {state: sum(row.state == state for row in rows) for state in State}
    text = _("{done} of {count} volumes are enhanced.").format(done=count[State.done], count=len(rows))
    if count[State.failed]:
        text += " " + _("{failed} failed: see the table.").format(failed=count[State.failed])
    return text


def _number(value):
    return "" if value is None else f"{value:.4g}"
