"""Mask files of regions in the worker's folder: written once from the event loop, removed when nobody needs
them.
"""

import contextlib
import itertools

from slicer.i18n import tr as _

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import InputError
from GANEnhancePanel.inputfiles import Wait
from GANEnhancePanel.region.mask import MaskSource, writeMask
from GANEnhancePanel.stepper import Stepper
from GANEnhancePanel.talks.talk import copying

_numbers = itertools.count(1)


def writtenRegion(region, files, tell):
    """Return the talk that makes the protocol's `region` of what `regionOf` gave (see `talks.talk`).

    :param files: `WorkerFiles`, which remove the mask.
    """
    if not isinstance(region, MaskSource):
        return region
    path = files.newPath()
    yield from copying(writeMask(region, path), tell)
    return region.params(path.name)


class RegionFiles:
    """Gives the `region` of a request for whatever is chosen; masks become files."""

    def __init__(self, client):
        """Write into the folder of the worker of `client`."""
        self._client = client
        self._files = []

    def request(self, region, onReady, onError, onFraction=None):
        """Call `onReady(params)` with the protocol's `region`, or `onError(error)`; returns a `Use`.

        At once where no file is to be written. The file stays at least until the `Use` is released.

        :param region: what `regionOf` gave: None, a dict of the protocol, or a MaskSource.
        """
        if not isinstance(region, MaskSource):
            onReady(region)
            return Use(None, None)
        try:
            file = self._fileOf(region)
        except Exception as error:
            onError(error)
            return Use(None, None)
        wait = Wait(lambda name: onReady(region.params(name)), onError, onFraction)
        use = Use(file, wait)
        file.add(wait)
        return use

    def keepOnly(self, region):
        """Remove the files of all masks that are neither in use nor of this region."""
        key = region.key() if isinstance(region, MaskSource) else None
        for file in list(self._files):
            if file.users == 0 and file.key != key:
                self._remove(file)

    def clear(self):
        """Remove all files."""
        for file in list(self._files):
            self._remove(file)

    def names(self):
        """Return the names of the files."""
        return [file.name for file in self._files]

    def _fileOf(self, region):
        key, folder = region.key(), self._client.folder
        for file in list(self._files):
            if file.isOf(key, folder):
                return file
            if file.users == 0:
                self._remove(file)
        file = _MaskFile(region, key, folder)
        self._files.append(file)
        return file

    def _remove(self, file):
        self._files.remove(file)
        file.remove()


class Use:
    """Somebody who needs a mask file; nothing for regions without one."""

    def __init__(self, file, wait):
        """Begin to need it."""
        self._file, self._wait = file, wait
        if file is not None:
            file.users += 1

    def release(self):
        """Need it no more, and do not wait for it. Harmless when repeated."""
        if self._file is not None:
            self._wait.cancel()
            self._file.users -= 1
            self._file = None


class _MaskFile:
    """The mask of one region on one grid, for one worker."""

    def __init__(self, region, key, folder):
        self.name = f"panel-mask-{next(_numbers)}.npy"
        self.key, self.users = key, 0
        self._folder = folder
        self._path = protocol.file_in(folder, self.name)
        self._waits, self._isReady, self._hasFailed = [], False, False
        steps = writeMask(region, self._path)
        self._stepper = Stepper(steps, self._tell, self._succeed, self._fail)

    def isOf(self, key, folder):
        """Whether this is, or will be, the mask that is needed."""
        return not self._hasFailed and self.key == key and self._folder == folder

    def add(self, wait):
        """Tell `wait` when the file is complete."""
        if self._isReady:
            wait.succeed(self.name)
        else:
            self._waits.append(wait)

    def remove(self):
        """Stop writing, and remove the file."""
        self._stepper.stop()
        self._fail(InputError(_("The region was changed meanwhile."), _("Try again.")))
        # A file that cannot be removed now goes with the worker's folder.
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _tell(self, fraction):
        for wait in list(self._waits):
            wait.tell(fraction)

    def _succeed(self, _written):
        self._isReady = True
        waits, self._waits = self._waits, []
        for wait in waits:
            wait.succeed(self.name)

    def _fail(self, error):
        self._hasFailed = True
        waits, self._waits = self._waits, []
        for wait in waits:
            wait.fail(error)
