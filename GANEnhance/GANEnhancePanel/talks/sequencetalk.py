"""The talk that enhances frames of a sequence, one by one; see `talk`.

All frames have the intensity scaling that fits the first one, so that equal tissue stays equal from frame to
frame. In the worker's folder lie at most two frames at a time, those whose flicker is compared. The scene
changes when all frames are done: there is a complete sequence or none.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from slicer.i18n import tr as _

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import InputError, OptionError
from GANEnhancePanel.region.files import writtenRegion
from GANEnhancePanel.resultgrid import resultVoxels
from GANEnhancePanel.sequences import (
    addBesideSource,
    addFrame,
    checkFrames,
    emptyCopy,
    frameErrors,
    severalFramesError,
)
from GANEnhancePanel.talks.framereport import FrameReport
from GANEnhancePanel.talks.region import regionFrom
from GANEnhancePanel.talks.talk import Ask, Share, WorkerFiles, copying
from GANEnhancePanel.talks.volumetalk import COPY_IN, COPY_OUT, ENHANCE
from GANEnhancePanel.task import makeTask
from GANEnhancePanel.timeleft import TimeLeft
from GANEnhancePanel.volumes import imageDataFromArray, writeVoxels

AUTO = "auto"
# Of the first frame: the region is written before its voxels.
START = Share(0.0, 0.0)


@dataclass(frozen=True)
class SequenceTask:
    """A checked request for frames of a sequence; make it with `makeSequenceTask`.

    `numbers` are the frames (from 0), `tasks` has an EnhanceTask for each; all get the first one's scaling.
    """

    source: Any
    numbers: list
    tasks: list
    modality: str | None


def makeSequenceTask(
    source, frames=None, model=AUTO, modality=None, options=None, region=None, regionFeather=0.0
):
    """Check what is asked for and return it as a SequenceTask.

    :param source: `sequences.SequenceSource`.
    :param frames: numbers of frames (from 0); None means all.
    :param modality: "MR", "CT" or "US"; None takes what DICOM says of the proxy, if anything does.
    :param region: what `regionFrom` takes, and `regionFeather` in mm.
    :raises GANEnhanceError: something cannot be used; the sentence names the frame.
    """
    if (options or {}).get("doubt"):
        raise OptionError(_("Frames of a sequence get no doubt map."), _("Leave the doubt out."))
    numbers = checkFrames(source, frames)
    region = regionFrom(region, source.proxy or source.frame(numbers[0]), regionFeather)
    if modality is None and source.proxy is not None:
        modality = makeTask(source.proxy, None, model, None, options).modality
    tasks = []
    for number in numbers:
        with frameErrors(source, number):
            tasks.append(makeTask(source.frame(number), None, model, modality, options, region, keep=False))
            _checkGrid(tasks[0], tasks[-1])
    return SequenceTask(source, numbers, tasks, modality)


def _checkGrid(first, task):
    """Raise InputError if a frame with a region does not lie where the first one does."""
    isSame = task.inputShape == first.inputShape and np.allclose(task.ijkToRAS, first.ijkToRAS, atol=1e-6)
    if task.region is not None and not isSame:
        raise InputError(
            _("The frame lies elsewhere than the first one, so that the region does not fit it."),
            _("Enhance the whole volume, or the frames of one grid at a time."),
        )


def enhanceFrames(task):
    """Return the talk of a `SequenceTask`; its value is (new sequence node, report)."""
    hello = yield Ask("hello")
    files = WorkerFiles(Path(hello["folder"]))
    sequence, report = emptyCopy(task.source), FrameReport(task.numbers)
    progress, before = _Progress(task), None
    try:
        # The first frame's: all frames lie on one grid.
        region = yield from writtenRegion(task.tasks[0].region, files, progress.of(0)(START))
        for position, number in enumerate(task.numbers):
            tell = progress.of(position)
            frameTask = report.settingsOfFirst(task.tasks[position])
            with frameErrors(task.source, number):
                after = yield from _copyAndAsk(frameTask, region, number, files, tell)
                voxels = protocol.load_array(after.result)
                image = yield from copying(imageDataFromArray(voxels), tell(COPY_OUT))
            addFrame(sequence, task.source, number, frameTask, image, after.report)
            report.add(after.report)
            if before is not None:
                yield from _compare(before, after, report, tell)
                before.remove(files)
            before = after
    finally:
        files.clear()
    whole = report.whole()
    addBesideSource(sequence, task.source, whole, task.modality)
    return sequence, whole


@dataclass(frozen=True)
class _Frame:
    """An enhanced frame: its voxels before and after, in the worker's folder, and its report."""

    number: int
    shape: tuple[int, int, int]
    source: Path
    result: Path
    report: dict

    def remove(self, files):
        """Remove both."""
        files.remove(self.source)
        files.remove(self.result)


def _copyAndAsk(task, region, number, files, tell):
    path = files.newPath()
    yield from copying(writeVoxels(task.inputNode, path, task.voxelTime), tell(COPY_IN))
    answer = yield Ask("enhance", task.requestParams(path.name, region), tell(ENHANCE))
    result = files.path(answer["file"])
    if answer["report"].get("finer") is not None:
        raise severalFramesError()
    resultVoxels(result, task, answer)
    return _Frame(number, task.inputShape, path, result, answer["report"])


def _compare(before, after, report, tell):
    """Measure the flicker between two frames, if one follows the other and they can be compared."""
    if after.number != before.number + 1 or after.shape != before.shape:
        return
    names = {"before": [before.source, after.source], "after": [before.result, after.result]}
    params = {when: [path.name for path in paths] for when, paths in names.items()}
    report.addFlicker((yield Ask("flicker", params, tell(lambda message: {**message, "fraction": 1.0}))))


class _Progress:
    """Turns the progress of each frame into that of all, with the frame's number and the time left."""

    def __init__(self, task):
        self._count, self._timeLeft = len(task.numbers), TimeLeft()

    def of(self, position):
        """Return a function that makes a `tell` of a share of the frame at this position."""

        def shared(share):
            def tell(message):
                own = share(message)
                fraction = (position + own["fraction"]) / self._count
                return {
                    **own,
                    "fraction": fraction,
                    "frame": position + 1,
                    "frames": self._count,
                    "seconds_left": self._timeLeft.seconds(fraction),
                }

            return tell

        return shared
