"""Lets the slice views compare a result with its source, and gives the user's views back.

Whatever is shown, the way is the same: the user's views are remembered, then shown something else; before
anything else is shown, and at the end, they are restored. So a change of the way of comparing is no special
case, and neither is a scene that was saved in the middle of a comparison.
"""

from dataclasses import dataclass
from typing import Any

import slicer
import vtk
from slicer.i18n import tr as _

from GANEnhancePanel.comparing import fills, pair, sidebyside, views
from GANEnhancePanel.comparing.colors import addLegend, makeDifferenceColors
from GANEnhancePanel.comparing.directions import swipeDirection
from GANEnhancePanel.comparing.looks import LinkedLooks
from GANEnhancePanel.comparing.mixture import Mixture
from GANEnhancePanel.comparing.notes import differenceCaption, noteOf
from GANEnhancePanel.comparing.userviews import UserViews
from GANEnhancePanel.observing import ObserverMixin
from GANEnhancePanel.output import CAPTION_ATTRIBUTE
from GANEnhancePanel.parameters import CompareMode

MIXED = (CompareMode.checkerboard, CompareMode.swipe, CompareMode.difference)


@dataclass(frozen=True)
class Wanted:
    """What the panel asks for; `fade` and `swipe` are shares from 0 to 1."""

    mode: CompareMode = CompareMode.off
    result: Any = None
    fade: float = 0.5
    swipe: float = 0.5
    tiles: int = 8


class Comparison(ObserverMixin):
    """What the views show instead of what the user chose.

    :param onChange: called when `note` or `isShown` may be others.
    :param onUserLayout: called when the user chose another layout while the layout was ours.
    :param onError: called with an exception that ended the making of a volume.
    :param interpolate: called with (source, result, onEnd(voxels), onError) to bring the source to the grid
        of a finer result; returns what has `cancel`.
    """

    def __init__(self, onChange, onUserLayout, onError, interpolate):
        """Show nothing yet."""
        ObserverMixin.__init__(self)
        self._onChange, self._onUserLayout, self._onError = onChange, onUserLayout, onError
        self._interpolate, self._interpolating = interpolate, None
        # The voxels of the source on the grid of a finer result, as soon as they are known.
        self._before = None
        self._parameters = self._node = None
        self._wanted = Wanted()
        self._source = None
        self._userViews = None
        self._mixtures = {}
        self._extraNodes = []
        self._looks = LinkedLooks()
        self._layout = None
        self._voxelTimes = None
        self._isSetting = False
        self.obstacle = ""

    @property
    def isShown(self):
        """Whether the views are ours."""
        return self._userViews is not None

    @property
    def note(self):
        """What the user has to know of what is shown, or why it cannot be shown."""
        if self.obstacle or not self.isShown:
            return self.obstacle
        if self._wanted.mode in MIXED and not any(each.node for each in self._mixtures.values()):
            return _("Making the picture...")
        fill = next(iter(self._mixtures.values())).fill if self._mixtures else None
        isOnePair = self._layout == sidebyside.ONE_PAIR
        return noteOf(self._wanted.mode, self._source, self._wanted.result, fill, isOnePair)

    def show(self, parameters, wanted):
        """Show what is wanted; costs next to nothing if it is shown already.

        :param parameters: the parameter node, in which the way back is kept.
        """
        if self._isSetting:
            return
        isOther = parameters.parameterNode is not self._node or not self._isLike(wanted)
        if isOther or (self.obstacle and pair.obstacle(wanted.mode, wanted.result) != self.obstacle):
            self.leave()
            self._begin(parameters, wanted)
        else:
            self._adjust(wanted)

    def leave(self):
        """Give the user's views back, and remove all that was made for the comparison."""
        self.removeObservers()
        if self._interpolating is not None:
            self._interpolating.cancel()
        self._interpolating = self._before = None
        self._looks.follow([])
        remembered, mixtures, extraNodes = self._userViews, self._mixtures, self._extraNodes
        known = [node for node in (self._source, self._wanted.result) if _isInScene(node)]
        known += [each.node for each in mixtures.values() if each.node is not None]
        # What follows is heard by many, and nobody may find a comparison that is half gone.
        self._userViews = self._source = self._layout = None
        self._mixtures, self._extraNodes = {}, []
        self._wanted, self.obstacle = Wanted(), ""
        if remembered is not None:
            self._changeViews(lambda: remembered.restore(known))
        for mixture in mixtures.values():
            mixture.remove()
        for node in extraNodes:
            if _isInScene(node):
                slicer.mrmlScene.RemoveNode(node)

    def showAgain(self):
        """Something else was put into the views meanwhile: show once more what is wanted."""
        if self.isShown:
            parameters, wanted = self._parameters, self._wanted
            self.leave()
            self._begin(parameters, wanted)

    def _isLike(self, wanted):
        return (
            wanted.mode == self._wanted.mode
            and wanted.result is self._wanted.result
            and pair.sourceOf(wanted.result) is self._source
        )

    # Beginning

    def _begin(self, parameters, wanted):
        self._parameters, self._wanted = parameters, wanted
        self._node = parameters.parameterNode
        self._source = pair.sourceOf(wanted.result)
        remembered = UserViews(parameters)
        if remembered.isRemembered and views.canShow():
            # A scene was loaded that had been saved in the middle of a comparison.
            known = [node for node in (self._source, wanted.result) if _isInScene(node)]
            self._changeViews(lambda: remembered.restore(known))
        if wanted.mode == CompareMode.off:
            return
        self.obstacle = pair.obstacle(wanted.mode, wanted.result)
        if not self.obstacle:
            self._userViews = remembered
            self._changeViews(self._takeViews)
            self._observe()
            if self._needsBefore():
                self._askForBefore()
            else:
                self._startMixtures()

    def _needsBefore(self):
        return self._wanted.mode in MIXED and pair.isFiner(self._wanted.result)

    def _askForBefore(self):
        def take(voxels):
            self._interpolating, self._before = None, voxels
            if self.isShown:
                self._startMixtures()

        def fail(error):
            self._interpolating = None
            self._fail(error)

        self._interpolating = self._interpolate(self._source, self._wanted.result, take, fail)

    def _changeViews(self, change):
        """Do something to layout and views that is not the user's doing."""
        self._isSetting = True
        try:
            with slicer.util.NodeModify(self._node):
                change()
        finally:
            self._isSetting = False

    def _takeViews(self):
        self._userViews.remember()
        if self._wanted.mode == CompareMode.sideBySide:
            # They are not shown, but a run that ends meanwhile may change them.
            for name in views.shownNames():
                self._userViews.rememberView(name)
            self._layout = sidebyside.show(self._source, self._wanted.result)
            self._userViews.rememberShown(self._layout)
            return
        if not views.shownNames():
            self._layout = slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView
            views.layoutNode().SetViewArrangement(self._layout)
            self._userViews.rememberShown(self._layout)
        self._takeShownViews()

    def _takeShownViews(self):
        for name in views.shownNames():
            self._userViews.rememberView(name)
            self._fillView(name)

    def _fillView(self, name):
        """Show in one of the user's views what is wanted, as far as it is ready."""
        shown = views.compositeNode(name)
        if shown is None:
            return
        if self._wanted.mode == CompareMode.fader:
            volumes = (self._source, self._wanted.result)
        else:
            mixture = self._mixtures.get(self._keyOf(name))
            if mixture is None or mixture.node is None:
                return
            volumes = (mixture.node, None)
        with slicer.util.NodeModify(shown):
            shown.SetCompositing(slicer.vtkMRMLSliceCompositeNode.Alpha)
            shown.SetBackgroundVolumeID(volumes[0].GetID())
            shown.SetForegroundVolumeID(volumes[1].GetID() if volumes[1] is not None else None)
            if volumes[1] is not None:
                shown.SetForegroundOpacity(self._wanted.fade)

    def _keyOf(self, name):
        """Return which mixture a view shows: only a swipe line depends on the view's orientation."""
        if self._wanted.mode != CompareMode.swipe:
            return self._wanted.mode
        return swipeDirection(views.sliceNode(name), self._wanted.result)

    # While it is shown

    def _observe(self):
        scene = slicer.mrmlScene
        self.addObserver(views.layoutNode(), vtk.vtkCommand.ModifiedEvent, self._onLayoutModified)
        if self._wanted.mode in MIXED:
            self.addObserver(scene, scene.StartSaveEvent, self._onStartSave)
            self.addObserver(scene, scene.EndSaveEvent, self._onEndSave)
        for node in (self._source, self._wanted.result):
            # Scripts that write into the voxels tell it by one of these, or by the other.
            for happened in (vtk.vtkCommand.ModifiedEvent, node.ImageDataModifiedEvent):
                self.addObserver(node, happened, self._onVolumeModified)
            self.addObserver(node, node.TransformModifiedEvent, self._onVolumeModified)
        self._voxelTimes = self._timesOfVoxels()
        self._followLooks()
        if self._wanted.mode == CompareMode.swipe:
            self._observeOrientations()

    def _observeOrientations(self):
        for name in views.shownNames():
            node = views.sliceNode(name)
            if not self.hasObserver(node, vtk.vtkCommand.ModifiedEvent, self._onSliceModified):
                self.addObserver(node, vtk.vtkCommand.ModifiedEvent, self._onSliceModified)

    def _followLooks(self):
        alike = [self._source, self._wanted.result]
        if self._wanted.mode != CompareMode.difference:
            alike += [each.node for each in self._mixtures.values() if each.node is not None]
        self._looks.follow(alike)

    def _onLayoutModified(self, caller, event):
        if self._isSetting or not self.isShown or _isSceneBusy():
            return
        if self._wanted.mode == CompareMode.sideBySide:
            if caller.GetViewArrangement() != self._layout:
                self._onUserLayout()
            return
        self._changeViews(self._takeShownViews)
        self._startMixtures()

    def _onSliceModified(self, caller, event):
        name = caller.GetLayoutName()
        if name not in views.shownNames():
            return
        mixture = self._mixtures.get(self._keyOf(name))
        shown = views.compositeNode(name)
        if mixture is None:
            # The view was turned.
            self._startMixtures()
        elif mixture.node is not None and shown.GetBackgroundVolumeID() != mixture.node.GetID():
            self._fillView(name)

    def _onVolumeModified(self, caller, event):
        if _isSceneBusy() or not self.isShown:
            return
        if pair.obstacle(self._wanted.mode, self._wanted.result) or self._hasOtherGrid():
            self.showAgain()
            self._onChange()
            return
        before, self._voxelTimes = self._voxelTimes, self._timesOfVoxels()
        if before[0] != self._voxelTimes[0] and self._needsBefore():
            self.showAgain()
        elif before != self._voxelTimes:
            for mixture in self._mixtures.values():
                self._writeAgain(mixture)

    def _timesOfVoxels(self):
        return [node.GetImageData().GetMTime() for node in (self._source, self._wanted.result)]

    def _hasOtherGrid(self):
        """Whether the result has another size or type than the volumes that are made of it."""
        return any(not mixture.fits() for mixture in self._mixtures.values())

    def _onStartSave(self, caller, event):
        """Our volumes are not saved: the scene's views show the result instead."""
        self._replaceMixtures(lambda mixture: self._wanted.result.GetID())

    def _onEndSave(self, caller, event):
        self._changeViews(lambda: [self._fillView(name) for name in views.shownNames()])

    def _replaceMixtures(self, replacement):
        for shown in views.compositeNodes():
            for mixture in self._mixtures.values():
                if mixture.node is not None and shown.GetBackgroundVolumeID() == mixture.node.GetID():
                    shown.SetBackgroundVolumeID(replacement(mixture))

    def _adjust(self, wanted):
        before, self._wanted = self._wanted, wanted
        if not self.isShown:
            return
        if wanted.mode == CompareMode.fader and wanted.fade != before.fade:
            for shown in filter(None, map(views.compositeNode, views.shownNames())):
                shown.SetForegroundOpacity(wanted.fade)
        if wanted.mode == CompareMode.checkerboard and wanted.tiles != before.tiles:
            for mixture in self._mixtures.values():
                mixture.fill = self._makeFill(wanted.mode)
                mixture.write()
        if wanted.mode == CompareMode.swipe and wanted.swipe != before.swipe:
            for mixture in self._mixtures.values():
                mixture.write(share=wanted.swipe)

    # Volumes that are made of both

    def _startMixtures(self):
        if self._wanted.mode not in MIXED or (self._before is None and self._needsBefore()):
            return
        names = {
            CompareMode.checkerboard: _("GANEnhance checkerboard"),
            CompareMode.swipe: _("GANEnhance swipe"),
            CompareMode.difference: _("GANEnhance difference"),
        }
        for key in {self._keyOf(name) for name in views.shownNames()} - set(self._mixtures):
            self._mixtures[key] = Mixture(
                self._makeFill(key), self._wanted.result, names[self._wanted.mode], self._onReady, self._fail
            )
            self._write(self._mixtures[key])
        if self._wanted.mode == CompareMode.swipe:
            self._observeOrientations()

    def _makeFill(self, key):
        before = self._before
        arrays = [
            _arrayOf(self._source) if before is None else lambda: before,
            _arrayOf(self._wanted.result),
        ]
        if self._wanted.mode == CompareMode.checkerboard:
            return fills.Checkerboard(*arrays, self._wanted.tiles, self._wanted.result.GetSpacing())
        if self._wanted.mode == CompareMode.swipe:
            return fills.Swipe(*arrays, *key)
        return fills.Difference(*arrays)

    def _write(self, mixture):
        mixture.write(**({"share": self._wanted.swipe} if self._wanted.mode == CompareMode.swipe else {}))

    def _writeAgain(self, mixture):
        mixture.fill.forget()
        self._write(mixture)

    def _onReady(self, mixture):
        if not self.isShown:
            return
        if self._wanted.mode == CompareMode.difference:
            self._colorDifference(mixture)
        keys = {name: self._keyOf(name) for name in views.shownNames()}
        names = [name for name, key in keys.items() if self._mixtures.get(key) is mixture]
        self._changeViews(lambda: [self._fillView(name) for name in names])
        for key in set(self._mixtures) - set(keys.values()):
            # The view that showed it was turned, and shows another one now.
            self._mixtures.pop(key).remove()
        self._followLooks()
        self._onChange()

    def _colorDifference(self, mixture):
        display, reach = mixture.node.GetDisplayNode(), mixture.fill.range or 1.0
        if not self._extraNodes:
            colors = makeDifferenceColors()
            display.SetAndObserveColorNodeID(colors.GetID())
            units = pair.valueUnits(self._wanted.result)
            self._extraNodes = [colors, *addLegend(display, units)]
        with slicer.util.NodeModify(display):
            display.SetAutoWindowLevel(False)
            display.SetApplyThreshold(False)
            display.SetInterpolate(False)
            display.SetWindowLevel(2.0 * reach, 0.0)
        caption = differenceCaption(mixture.fill.range, pair.valueUnits(self._wanted.result))
        mixture.node.SetAttribute(CAPTION_ATTRIBUTE, caption)

    def _fail(self, error):
        self._onError(error)
        self._onChange()


def _arrayOf(node):
    """Return a function that gives the present voxels (k, j, i) of a volume node."""
    return lambda: slicer.util.arrayFromVolume(node)


def _isInScene(node):
    return node is not None and node.GetScene() is not None


def _isSceneBusy():
    scene = slicer.mrmlScene
    return bool(scene.IsBatchProcessing() or scene.IsClosing() or scene.IsImporting())
