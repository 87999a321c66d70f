"""Keeps the voxels of volumes in the worker's folder: copied once, used by previews, runs and measures.

A file is given again as long as the voxels of its node are unchanged and the same worker lives. Files are
written block by block from the event loop, so that the application is never blocked.
"""

import contextlib
import itertools

from slicer.i18n import tr as _

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import InputError
from GANEnhancePanel.stepper import Stepper
from GANEnhancePanel.volumes import checkInputNode, writeVoxels

_numbers = itertools.count(1)


class InputFiles:
    """The voxel files of the panel, one a volume node."""

    def __init__(self, client):
        """Write into the folder of the worker of `client`, which must be ready when a file is asked for."""
        self._client = client
        self._copies = {}

    def request(self, node, onReady, onError, onFraction=None):
        """See to a file with the voxels of `node`; returns a `Wait` that can be cancelled.

        `onReady(fileName)` or `onError(error)` is called, at once if the file is there already, otherwise
        from the event loop; `onFraction(0 to 1)` before it.
        """
        wait = Wait(onReady, onError, onFraction)
        try:
            checkInputNode(node)
            copy = self._copyOf(node)
        except Exception as error:
            wait.fail(error)
            return wait
        copy.add(wait)
        return wait

    def keepOnly(self, nodes):
        """Remove the files of all volumes but these; a copy that is under way goes on."""
        for node, copy in list(self._copies.items()):
            if node not in nodes and copy.isEnded:
                self.forget(node)

    def forget(self, node):
        """Remove the file of a volume; who waits for it gets an error."""
        copy = self._copies.pop(node, None)
        if copy is not None:
            copy.remove(InputError(_("The volume was deleted."), _("Choose another volume.")))

    def clear(self):
        """Remove all files."""
        for node in list(self._copies):
            self.forget(node)

    def names(self):
        """Return the names of the complete files."""
        return [copy.name for copy in self._copies.values() if copy.isReady]

    def _copyOf(self, node):
        copy, time, folder = self._copies.get(node), node.GetImageData().GetMTime(), self._client.folder
        if copy is not None and copy.isOf(time, folder):
            return copy
        if copy is not None:
            del self._copies[node]
            copy.remove(InputError(_("The volume changed meanwhile."), _("Try again.")))
        self._copies[node] = _Copy(node, time, folder)
        return self._copies[node]


class Wait:
    """Somebody who waits for a file."""

    def __init__(self, onReady, onError, onFraction):
        """Keep the callbacks; exactly one of the first two is called, unless it is cancelled before."""
        self._onReady, self._onError, self._onFraction = onReady, onError, onFraction
        self._isOpen = True

    def cancel(self):
        """Wait no more; the copy goes on for others."""
        self._isOpen = False

    def tell(self, fraction):
        """Say how much is copied."""
        if self._isOpen and self._onFraction is not None:
            self._onFraction(fraction)

    def succeed(self, name):
        """The file is complete."""
        if self._isOpen:
            self._isOpen = False
            self._onReady(name)

    def fail(self, error):
        """There will be no file."""
        if self._isOpen:
            self._isOpen = False
            self._onError(error)


class _Copy:
    """The file of one volume as it was at one moment."""

    def __init__(self, node, time, folder):
        self.name = f"panel-input-{next(_numbers)}.npy"
        self.isReady = self.isEnded = False
        self._time, self._folder = time, folder
        self._path = protocol.file_in(folder, self.name)
        self._waits = []
        self._stepper = Stepper(writeVoxels(node, self._path, time), self._tell, self._succeed, self._fail)

    def isOf(self, time, folder):
        """Whether this is, or will be, the copy of these voxels for this worker."""
        usable = self.isReady or not self.isEnded
        return usable and self._time == time and self._folder == folder

    def add(self, wait):
        if self.isReady:
            wait.succeed(self.name)
        else:
            self._waits.append(wait)

    def remove(self, error):
        self._stepper.stop()
        self._fail(error)
        self.isReady = False
        # A file that cannot be removed now goes with the worker's folder.
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _tell(self, fraction):
        for wait in list(self._waits):
            wait.tell(fraction)

    def _succeed(self, _written):
        self.isReady = self.isEnded = True
        waits, self._waits = self._waits, []
        for wait in waits:
            wait.succeed(self.name)

    def _fail(self, error):
        self.isEnded = True
        waits, self._waits = self._waits, []
        for wait in waits:
            wait.fail(error)
