"""One enhancement from the button to the node, never blocking: copy in, ask, copy out, make the node.

The job ends exactly once, by `onDone(node, report)` or `onError(error)`, or silently by `cancel`. Until the
very end it changes nothing in the scene.
"""

import contextlib
import logging

from slicer.i18n import tr as _

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import GANEnhanceError, InputError
from GANEnhancePanel.doubtmap import doubtVoxels, makeResult
from GANEnhancePanel.resultgrid import onResultGrid, resultVoxels
from GANEnhancePanel.state import progressText
from GANEnhancePanel.stepper import Stepper
from GANEnhancePanel.talks.talk import removeFilesOf
from GANEnhancePanel.volumes import imageDataFromArray

# Shares of the progress bar: copying is quick beside the work of the model.
COPY_IN_END = 0.04
COPY_OUT_BEGIN = 0.96


class EnhanceJob:
    """Runs one `EnhanceTask` in the worker of `client`.

    `voxels` and `regions` are the `InputFiles` and `RegionFiles` of that worker.

    :param onProgress: called with (fraction 0 to 1, text for the status line).
    :param onDone: called with (output node, report, name of the kept run or None) when the node is complete.
    :param onError: called with the exception (GANEnhanceError) that ended the job.
    """

    def __init__(self, client, voxels, regions, task, onProgress, onDone, onError):
        """Keep what is needed; `start` begins."""
        self.task = task
        self.ended = False
        self._client, self._voxels, self._regions = client, voxels, regions
        self._onProgress, self._onDone, self._onError = onProgress, onDone, onError
        self._stepper = None
        self._wait = None
        self._mask = None
        self._requestId = None
        self._kept = None
        self._files = []

    def start(self):
        """Begin; returns at once."""
        self._onProgress(0.0, _("Starting..."))
        self._client.whenReady(self._guarded(self._copyIn), self._fail)

    def cancel(self):
        """Give up the job: no callback comes any more, nothing is left behind. Harmless after its end."""
        if self.ended:
            return
        self._end()
        if self._requestId is not None:
            self._client.cancel(self._requestId)

    def forgetOutputNode(self):
        """Let the result go into a new node, since the chosen one is gone."""
        self.task = self.task.withoutOutputNode()

    def _copyIn(self):
        if self.task.inputNode.GetImageData().GetMTime() != self.task.voxelTime:
            raise InputError(
                _("The input volume changed before its voxels were copied."), _("Press Enhance again.")
            )
        self._wait = self._voxels.request(
            self.task.inputNode,
            onReady=self._guarded(self._copyRegion),
            onError=self._fail,
            onFraction=lambda fraction: self._onProgress(COPY_IN_END * fraction, _("Copying the voxels...")),
        )

    def _copyRegion(self, name):
        self._mask = self._regions.request(
            self.task.region,
            onReady=self._guarded(lambda region: self._ask(name, region)),
            onError=self._fail,
            onFraction=lambda fraction: self._onProgress(COPY_IN_END, _("Copying the region...")),
        )

    def _ask(self, name, region):
        self._requestId = self._client.request(
            "enhance",
            self.task.requestParams(name, region),
            onResult=self._onResult,
            onError=self._onRequestError,
            onProgress=self._guarded(self._tellProgress),
        )

    def _onResult(self, message):
        self._requestId, self._kept = None, message.get("kept")
        if self.ended:
            # Canceled when the result was already on its way.
            removeFilesOf(message, self._client.folder)
            self._leaveNothing()
        else:
            self._guarded(self._copyOut)(message)

    def _onRequestError(self, error):
        self._requestId = None
        if not self.ended:
            self._fail(error)

    def _tellProgress(self, message):
        fraction = COPY_IN_END + (COPY_OUT_BEGIN - COPY_IN_END) * float(message.get("fraction") or 0.0)
        self._onProgress(fraction, progressText(message))

    def _copyOut(self, message):
        voxels = resultVoxels(self._track(message["file"]), self.task, message)
        doubt = doubtVoxels(message, self._track, self.task)
        self._stepper = Stepper(
            _imagesFrom([each for each in (voxels, doubt) if each is not None]),
            onFraction=lambda fraction: self._onProgress(
                COPY_OUT_BEGIN + (1.0 - COPY_OUT_BEGIN) * fraction, _("Making the volume...")
            ),
            onEnd=self._guarded(lambda images: self._finish(images, message)),
            onError=self._fail,
        )

    def _finish(self, images, message):
        image, doubt = images if len(images) > 1 else (*images, None)
        node = makeResult(onResultGrid(self.task, message), image, doubt, message["report"])
        kept, self._kept = self._kept, None
        self._end()
        self._onDone(node, message["report"], kept)

    def _track(self, name):
        """Return the path of a file in the worker's folder, which is removed when the job ends."""
        path = protocol.file_in(self._client.folder, name)
        self._files.append(path)
        return path

    def _guarded(self, action):
        """Return `action` as a callback that is silent after the end and hands exceptions to `_fail`."""

        def call(*arguments):
            if self.ended:
                return
            try:
                action(*arguments)
            except Exception as error:
                self._fail(error)

        return call

    def _fail(self, error):
        if not isinstance(error, GANEnhanceError):
            logging.error("GANEnhance: unexpected error.", exc_info=error)
            error = protocol.exception_of(protocol.error_message_of(None, error))
        if self.ended:
            return
        self._end()
        self._onError(error)

    def _end(self):
        self.ended = True
        if self._wait is not None:
            self._wait.cancel()
        if self._mask is not None:
            self._mask.release()
        if self._stepper is not None:
            self._stepper.stop()
        self._leaveNothing()

    def _leaveNothing(self):
        if self._kept is not None:
            self._client.tell("forget", {"kept": self._kept})
            self._kept = None
        for path in self._files:
            # A file that cannot be removed now goes with the worker's folder.
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _imagesFrom(arrays):
    """Copy arrays into new image data, one after another; yields the fraction copied, returns the images."""
    images = []
    for number, array in enumerate(arrays):
        steps = imageDataFromArray(array)
        with contextlib.closing(steps):
            while True:
                try:
                    yield (number + next(steps)) / len(arrays)
                except StopIteration as end:
                    images.append(end.value)
                    break
    return images
