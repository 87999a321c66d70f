"""The report of a sequence, gathered from those of its frames.

It has the fields of a report of one volume (`GANEnhanceLib.report`), so that all who show reports can show
it: those of the first frame, but seconds and bound hits summed, noise averaged, notes and findings of all
frames once each. In addition `frames` {count, numbers (from 0)} and `flicker` {before, after: mean absolute
change from frame to frame where nothing moves, in value units (`GANEnhanceLib.metrics.flicker`); None where
no frame follows another}.
"""

import math
from dataclasses import replace

AUTO = "auto"
# Of a contract's verdict, from good to bad.
LEVELS = ("ok", "warn", "refuse")


class FrameReport:
    """Gathers; `whole` gives the report."""

    def __init__(self, numbers):
        """Begin for frames of these numbers."""
        self._numbers = list(numbers)
        self._reports = []
        self._flicker = {"before": [0.0, 0], "after": [0.0, 0]}

    def add(self, report):
        """Add the report of a frame."""
        self._reports.append(report)

    def addFlicker(self, message):
        """Add an answer of `flicker`."""
        for when, total in self._flicker.items():
            total[0] += message[when]["sum"]
            total[1] += message[when]["count"]

    def settingsOfFirst(self, task):
        """Return a frame's task with the scaling and the model that the first frame had."""
        if not self._reports:
            return task
        first = self._reports[0]
        model = first["model"]["name"] if task.model == AUTO else task.model
        return replace(task, scaling=first.get("scaling"), model=model)

    def whole(self):
        """Return the report of all frames."""
        first = self._reports[0]
        return {
            **first,
            "seconds": math.fsum(report["seconds"] or 0.0 for report in self._reports),
            "noise": {when: self._meanNoise(when) for when in ("before", "after")},
            "bound_hits": sum(report["bound_hits"] or 0 for report in self._reports),
            "contract": self._contract(),
            "notes": self._once("notes"),
            "frames": {"count": len(self._numbers), "numbers": self._numbers},
            "flicker": {when: self._meanFlicker(when) for when in self._flicker},
        }

    def _contract(self):
        """Return the verdict on all frames: the findings of each, the worst level."""
        worst = max((report["contract"]["level"] for report in self._reports), key=LEVELS.index)
        return {"level": worst, "findings": self._once("contract", "findings")}

    def _meanNoise(self, when):
        known = [value for value in (report["noise"][when] for report in self._reports) if value is not None]
        return math.fsum(known) / len(known) if known else None

    def _meanFlicker(self, when):
        total, count = self._flicker[when]
        return total / count if count else None

    def _once(self, *path):
        """Return the entries of a list of all reports, each once, in their order."""
        found = []
        for report in self._reports:
            for name in path:
                report = report[name]
            found += [entry for entry in report if entry not in found]
        return found
