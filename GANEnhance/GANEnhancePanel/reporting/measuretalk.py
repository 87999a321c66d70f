"""The talk (see `talks.talk`) that measures a result: voxels out, `measure`, figures and pictures in."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from slicer.i18n import tr as _

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import InputError
from GANEnhanceLib.report_document import make_document
from GANEnhancePanel.talks.interpolatetalk import gridOf, interpolateParams
from GANEnhancePanel.talks.talk import Ask, Share, WorkerFiles, copying
from GANEnhancePanel.volumes import writeVoxels

COPYING_END, INTERPOLATING_END = 0.3, 0.5


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
        begin, source = COPYING_END, None
        if task.isFiner:
            params = interpolateParams(names[task.source], task.source, gridOf(task.result))
            source = yield Ask("interpolate", params, Share(begin, INTERPOLATING_END))
            names[task.source] = files.path(source["file"]).name
            begin = INTERPOLATING_END
        answer = yield Ask("measure", task.requestParams(names), Share(begin, 1.0))
        pictures = np.array(protocol.load_array(files.path(answer["slices"]["file"])))
    finally:
        files.clear()
    if source is not None:
        # The run names the voxels of its input, not how they were interpolated.
        answer["sha256"]["before"] = source["sha256"]
    if not task.isUnchanged():
        raise InputError(_("The voxels changed while they were measured."), _("Press Measure again."))
    return Measured(task, make_document(report, answer), pictures)
