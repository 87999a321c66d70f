"""Asks the worker for slices, one at a time, and ends with the newest wish of each view.

While a slice is computed wishes only replace each other. A change of strength alone is blended from what the
worker keeps of the slice, or of a whole run with the same settings: a few milliseconds, no network.
"""

import contextlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import GANEnhanceError
from GANEnhancePanel.preview.wish import taskKey
from GANEnhancePanel.reporting.section import ReportingSection


@dataclass(frozen=True)
class _Kept:
    """A slice that the worker keeps: its name there, what it is of, and the folder of that worker.

    `ijkToRAS` is where it lies if that is on a finer grid, else None.
    """

    name: str
    key: Any
    folder: Any
    ijkToRAS: Any = None


class Asker:
    """What `SliceRequests` knows of one view.

    :param onSlice: called with (pixels, wish, report, IJK-to-RAS array of a slice of a finer grid or None).
    :param onError: called with the exception; the wish is given up.
    """

    def __init__(self, onSlice, onError):
        """Wish nothing yet."""
        self.onSlice, self.onError = onSlice, onError
        self.wish = None
        self.shown = None
        self.kept = None
        # Names of what the worker was asked to blend, and could not.
        self.refused = set()

    @property
    def isPending(self):
        """Whether something else is wished than what is shown."""
        return self.wish is not None and self.shown != (self.wish.key, self.wish.strength)


class SliceRequests:
    """The line of the views to the worker.

    :param panel: the PanelContext.
    :param onChange: called when the line becomes busy or idle.
    """

    def __init__(self, panel, onChange):
        """Ask for nothing yet."""
        self._panel, self._onChange = panel, onChange
        self._askers = []
        self._running = None

    @property
    def isBusy(self):
        """Whether an answer is being waited for."""
        return self._running is not None

    def want(self, asker, wish):
        """Let a view show a wish, as soon as it can be."""
        if asker not in self._askers:
            self._askers.append(asker)
        asker.wish = wish
        if asker.isPending:
            self._askForWay()
        self._next()

    def leave(self, asker):
        """Want nothing for a view any more; the worker forgets its slice."""
        if asker in self._askers:
            self._askers.remove(asker)
        asker.wish = asker.shown = None
        self._forget(asker)
        if self._running is not None and self._running.asker is asker:
            running, self._running = self._running, None
            running.cancel()
            self._next()

    def _askForWay(self):
        """The worker does one thing at a time, and measuring a whole volume takes seconds."""
        reporting = self._panel.section(ReportingSection)
        if reporting is not None:
            reporting.giveWay()

    def restart(self):
        """The worker is another one: what was asked is lost, and nothing is kept."""
        if self._running is not None:
            self._running.cancel()
            self._running = None
        for asker in self._askers:
            asker.kept = None
        self._next()

    def _next(self):
        if self._running is not None:
            return
        asker = next((each for each in self._askers if each.isPending), None)
        if asker is not None:
            # The next time it is another view's turn.
            self._askers.remove(asker)
            self._askers.append(asker)
            self._running = _Ask(self._panel, asker, asker.wish, self._keptFor(asker), self._onEnd)
            self._running.start()
        self._onChange()

    def _keptFor(self, asker):
        """Return (name of what the worker keeps, whether it is a whole run), or None if there is nothing."""
        kept, folder = asker.kept, self._panel.client.folder
        if kept is not None and kept.key == asker.wish.key and kept.folder == folder:
            return kept.name, False
        node = self._panel.parameterNode
        result = self._panel.results.of(node.resultVolume) if node is not None else None
        name = self._panel.results.keptOf(result.node) if result is not None else None
        isSame = name not in (None, *asker.refused) and taskKey(result.task) == taskKey(asker.wish.task)
        if isSame and result.report.get("finer") is not None:
            # Of a finer run the worker counts the slices of the result.
            isSame = asker.wish.owner == result.node.GetID()
        return (name, True) if isSame else None

    def _onEnd(self, ask, message, pixels, error):
        """One request is over: `message` with `pixels`, or `error`."""
        place = _placeOf(message) if ask.kept is None else ask.ijkToRAS
        isKept = message is not None and message.get("kept")
        kept = _Kept(message["kept"], ask.wish.key, ask.folder, place) if isKept else None
        if self._running is not ask:
            self._forgetName(kept)
            return
        self._running = None
        asker = ask.asker
        if error is not None and ask.kept is not None:
            # The worker does not keep it any more: compute it again.
            asker.kept = None
            asker.refused.add(ask.kept)
        elif error is not None:
            asker.wish = None
            asker.onError(error)
        else:
            asker.shown = (ask.wish.key, ask.wish.strength)
            if ask.kept is None:
                self._forget(asker)
                asker.kept = kept
        # The worker computes the next slice while this one is put into its view.
        self._next()
        if error is None:
            asker.onSlice(pixels, ask.wish, message["report"], place)

    def _forget(self, asker):
        kept, asker.kept = asker.kept, None
        self._forgetName(kept)

    def _forgetName(self, kept):
        if kept is not None and kept.folder == self._panel.client.folder:
            self._panel.client.tell("forget", {"kept": kept.name})


def _placeOf(message):
    """Return where the slice of a preview lies, as an array, if it is one of a finer grid."""
    if message is None or message["report"].get("finer") is None:
        return None
    return np.reshape(np.array(message["ijk_to_ras"], float), (4, 4))


class _Ask:
    """One slice from the wish to the pixels; `onEnd(self, message, pixels, error)` is called once."""

    def __init__(self, panel, asker, wish, kept, onEnd):
        self.asker, self.wish = asker, wish
        self.kept, self.isWhole = kept if kept is not None else (None, False)
        isSlice = kept is not None and not self.isWhole
        self.ijkToRAS = asker.kept.ijkToRAS if isSlice else None
        self.folder = None
        self._panel, self._onEnd = panel, onEnd
        self._requestId = self._wait = self._mask = None
        self._isOver = False

    def start(self):
        self._panel.client.whenReady(self._guarded(self._begin), self._fail)

    def cancel(self):
        """Give it up; an answer that comes all the same leaves nothing behind."""
        self._isOver = True
        self._release()
        if self._requestId is not None:
            self._panel.client.cancel(self._requestId)

    def _begin(self):
        self.folder = self._panel.client.folder
        if self.kept is not None:
            self._blend()
        else:
            self._wait = self._panel.voxels.request(
                self.wish.task.inputNode, self._guarded(self._copyRegion), self._fail
            )

    def _blend(self):
        params = {"kept": self.kept, "strength": self.wish.strength}
        if self.isWhole:
            params.update(axis=self.wish.plane.axis, index=self.wish.plane.index)
        self._ask("blend", params)

    def _copyRegion(self, name):
        self._mask = self._panel.regions.request(
            self.wish.task.region, self._guarded(lambda region: self._preview(name, region)), self._fail
        )

    def _preview(self, name, region):
        params = self.wish.task.requestParams(name, region)
        plane = self.wish.plane
        self._ask("preview", {**params, "keep": True, "axis": plane.axis, "index": plane.index})

    def _ask(self, method, params):
        self._requestId = self._panel.client.request(method, params, self._onResult, self._fail)

    def _onResult(self, message):
        self._requestId = None
        try:
            path = protocol.file_in(self.folder, message["file"])
            try:
                pixels = np.array(protocol.load_array(path))
            finally:
                # A file that cannot be removed now goes with the worker's folder.
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        except Exception as error:
            self._fail(error)
            return
        self._end(message, pixels, None)

    def _fail(self, error):
        self._requestId = None
        if not isinstance(error, GANEnhanceError):
            error = protocol.exception_of(protocol.error_message_of(None, error))
        self._end(None, None, error)

    def _end(self, message, pixels, error):
        isOver, self._isOver = self._isOver, True
        self._release()
        if not isOver or message is not None:
            self._onEnd(self, message, pixels, error)

    def _release(self):
        if self._wait is not None:
            self._wait.cancel()
        if self._mask is not None:
            self._mask.release()

    def _guarded(self, action):
        def call(*arguments):
            if self._isOver:
                return
            try:
                action(*arguments)
            except Exception as error:
                self._fail(error)

        return call
