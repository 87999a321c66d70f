"""The talk (see `talks.talk`) that measures a result: voxels out, `measure`, figures and pictures in."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from slicer.i18n import tr as _

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import InputError
from GANEnhanceLib.report_document import make_document
from GANEnhancePanel.talks.talk import Ask, Share, WorkerFiles, copying
from GANEnhancePanel.volumes import writeVoxels

COPYING_END = 0.3


@dataclass(frozen=True)
class Measured:
    """A report: its task, its document (`GANEnhanceLib.report_document`) and its pictures as an array."""

    task: Any
    document: dict
    pictures: Any


def measureResult(task, report):
    """Return the talk of a `MeasureTask`; its value is `Measured`.

    :param report: what is known of the run that made the result (`report.reportOf`).
    """
    hello = yield Ask("hello")
    files = WorkerFiles(Path(hello["folder"]))
    try:
        names = {}
        for number, (node, time) in enumerate(task.times.items()):
            path = files.newPath()
            share = COPYING_END / len(task.times)
            yield from copying(writeVoxels(node, path, time), Share(number * share, (number + 1) * share))
            names[node] = path.name
        answer = yield Ask("measure", task.requestParams(names), Share(COPYING_END, 1.0))
        pictures = np.array(protocol.load_array(files.path(answer["slices"]["file"])))
    finally:
        files.clear()
    if not task.isUnchanged():
        raise InputError(_("The voxels changed while they were measured."), _("Press Measure again."))
    return Measured(task, make_document(report, answer), pictures)
