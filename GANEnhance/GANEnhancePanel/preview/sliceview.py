"""One slice view with an enhanced slice in it: follows the view, shows what comes, gives the view back."""

import slicer
import vtk

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhancePanel.comparing import views
from GANEnhancePanel.comparing.looks import LinkedLooks
from GANEnhancePanel.observing import ObserverMixin
from GANEnhancePanel.preview.overlay import Overlay
from GANEnhancePanel.preview.plane import planeOf
from GANEnhancePanel.preview.requests import Asker
from GANEnhancePanel.preview.slicevolume import SliceVolume
from GANEnhancePanel.preview.wish import Wish


class SliceView(ObserverMixin):
    """A view in which slices are enhanced.

    :param requests: `SliceRequests`.
    :param name: layout name of the view ("Red").
    :param source: volume node that gives place and look of the slices.
    :param isFull: whether the slice hides all that the view shows; else it only takes the foreground's place.
    :param onShown: called with (this, wish) when a slice is shown.
    :param onEnd: called with (this, error or None) when the view is given back without having been asked for.
    """

    def __init__(self, requests, name, source, isFull, onShown, onEnd):
        """Change nothing in the view yet."""
        ObserverMixin.__init__(self)
        self.name, self.source = name, source
        # By how many degrees the view had to be turned to the slices.
        self.degrees = 0.0
        self._requests, self._isFull = requests, isFull
        self._onShown, self._onEnd = onShown, onEnd
        self._asker = Asker(self._onSlice, self._fail)
        self._overlay, self._volume = Overlay(name), SliceVolume(source, name)
        self._looks = LinkedLooks()
        self._task = self._imageTime = None
        self._isHeld = self._isSetting = self._isOver = False

    def want(self, task):
        """Show the slice of `task` that the view is at, and go on showing it when the view is moved.

        :raises GANEnhanceError: the view does not meet the volume; nothing is changed.
        """
        isNew = self._task is None
        plane = planeOf(views.sliceNode(self.name), self.source)
        self._task = task
        if isNew:
            composite = views.compositeNode(self.name)
            self.addObserver(views.sliceNode(self.name), vtk.vtkCommand.ModifiedEvent, self._onMoved)
            self.addObserver(composite, vtk.vtkCommand.ModifiedEvent, self._onMixed)
            for happened in (vtk.vtkCommand.ModifiedEvent, self.source.ImageDataModifiedEvent):
                self.addObserver(self.source, happened, self._onSourceModified)
            self.addObserver(self.source, self.source.TransformModifiedEvent, self._onMoved)
            self._imageTime = self._timeOfImage()
        self._wantPlane(plane)

    @property
    def isPending(self):
        """Whether the view waits for a slice."""
        return self._asker.isPending

    def hold(self, node):
        """Show `node` instead as long as it is held; None lets go."""
        self._isHeld = node is not None
        if self._overlay.isShown:
            self._show(node if self._isHeld else self._volume.node)

    def end(self):
        """Give the view back and leave nothing behind. Harmless when repeated."""
        self._isOver = True
        self.removeObservers()
        self._looks.follow([])
        self._setting(self._overlay.restore)
        self._volume.remove()
        self._requests.leave(self._asker)

    def _wantPlane(self, plane):
        if plane.isOblique:
            self.degrees = plane.degrees
            self._setting(lambda: self._overlay.turn(self.source, plane))
        self._requests.want(self._asker, Wish(self._task, plane, self.source.GetID()))

    def _onMoved(self, caller, event):
        if self._isSetting or self._isOver:
            return
        try:
            self._wantPlane(planeOf(views.sliceNode(self.name), self.source))
        except GANEnhanceError:
            # Beyond the volume nothing is shown, and nothing has to be computed.
            return

    def _onMixed(self, caller, event):
        if not self._isSetting and not self._isOver and self._overlay.isTaken():
            self._fail(None)

    def _onSourceModified(self, caller, event):
        # Scripts that write into the voxels tell it by one event or the other, and neither says so.
        if not self._isOver and self._timeOfImage() != self._imageTime:
            self._fail(None)

    def _timeOfImage(self):
        image = self.source.GetImageData()
        return image.GetMTime() if image is not None else None

    def _onSlice(self, pixels, wish, report, ijkToRAS):
        if self._isOver:
            return
        self._volume.put(pixels, wish.plane, report, ijkToRAS)
        self._looks.follow([self.source, self._volume.node])
        if not self._isHeld:
            self._show(self._volume.node)
        self._onShown(self, wish)

    def _show(self, node):
        self._setting(lambda: self._overlay.show(node, self._isFull))

    def _setting(self, change):
        """Do something to the view that is not the user's doing."""
        before, self._isSetting = self._isSetting, True
        try:
            return change()
        finally:
            self._isSetting = before

    def _fail(self, error):
        self.end()
        self._onEnd(self, error)


def namesOfViewsThatShow(node):
    """Return {name: isFull} of the views of the layout in which a volume can be replaced by another.

    In the foreground it is mixed with the background as before (`isFull` False); in the background it is
    replaced if no foreground is seen.
    """
    found = {}
    for name in views.shownNames():
        composite = views.compositeNode(name)
        if composite is None:
            continue
        if composite.GetForegroundVolumeID() == node.GetID():
            found[name] = False
        elif composite.GetBackgroundVolumeID() == node.GetID() and not _seesForeground(composite):
            found[name] = True
    return found


def _seesForeground(composite):
    layer = slicer.vtkMRMLSliceCompositeNode.LayerForeground
    return composite.GetNthLayerVolume(layer) is not None and composite.GetForegroundOpacity() > 0
