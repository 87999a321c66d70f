"""Blends a kept run with another strength into new image data: asks, copies block by block, never blocks."""

import contextlib

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import GANEnhanceError
from GANEnhancePanel.stepper import Stepper
from GANEnhancePanel.volumes import imageDataFromArray


class WholeBlend:
    """One blend; ends by `onDone(image, report)` or `onError(error)`, or silently by `cancel`."""

    def __init__(self, client, kept, strength, onDone, onError):
        """Ask at once."""
        self._client, self._onDone, self._onError = client, onDone, onError
        self._folder, self._path, self._stepper = client.folder, None, None
        self._isOver = False
        params = {"kept": kept, "strength": float(strength)}
        self._requestId = client.request("blend", params, self._onResult, self._fail)

    def cancel(self):
        """Give it up. Harmless after its end."""
        if not self._isOver:
            self._isOver = True
            if self._requestId is not None:
                self._client.cancel(self._requestId)
            self._clear()

    def _onResult(self, message):
        self._requestId = None
        self._path = protocol.file_in(self._folder, message["file"])
        if self._isOver:
            self._clear()
            return
        try:
            steps = imageDataFromArray(protocol.load_array(self._path))
        except Exception as error:
            self._fail(error)
            return
        self._stepper = Stepper(
            steps, lambda fraction: None, lambda image: self._finish(image, message["report"]), self._fail
        )

    def _finish(self, image, report):
        self._isOver = True
        self._clear()
        self._onDone(image, report)

    def _fail(self, error):
        self._requestId = None
        if self._isOver:
            return
        self._isOver = True
        self._clear()
        if not isinstance(error, GANEnhanceError):
            error = protocol.exception_of(protocol.error_message_of(None, error))
        self._onError(error)

    def _clear(self):
        if self._stepper is not None:
            self._stepper.stop()
        if self._path is not None:
            # A file that cannot be removed now goes with the worker's folder.
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
