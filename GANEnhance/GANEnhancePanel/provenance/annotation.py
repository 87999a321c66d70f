"""Writes "GANEnhance <model>: not for diagnosis" into each slice view that shows an enhanced volume.

The text stands at the upper edge of the view's corner annotation: the application writes into the four
corners only, and clears them as it likes. Nothing but the nodes that say what a view shows is observed, and
the volumes shown; nothing is drawn or computed while no enhanced volume is in a view.
"""

import contextlib
import textwrap

import slicer
import vtk
from slicer.i18n import tr as _

from GANEnhancePanel.comparing import views
from GANEnhancePanel.observing import ObserverMixin
from GANEnhancePanel.output import CAPTION_ATTRIBUTE, DOUBT_MODEL_ATTRIBUTE, MODEL_ATTRIBUTE

UPPER_EDGE = vtk.vtkCornerAnnotation.UpperEdge
# Wider than most letters of the application's font.
LETTER_PIXELS = 8
# No view is too narrow for them.
LEAST_LETTERS = 8
MODULE_NAME = "GANEnhance"
# Where the running one is found, also by code that was loaded again.
HOLDER = "GANEnhanceAnnotation"


def start():
    """Begin to mark views in this session; the second time does nothing. Returns the SliceAnnotation."""
    running = getattr(slicer.modules, HOLDER, None)
    # After a reload of the module the running one is of the old code.
    if type(running) is not SliceAnnotation:
        stop()
        isOn = running is None or running.isOn
        running = SliceAnnotation()
        running.setOn(isOn)
        setattr(slicer.modules, HOLDER, running)
    return running


def stop():
    """Leave no mark and no observer."""
    running = getattr(slicer.modules, HOLDER, None)
    if running is not None:
        delattr(slicer.modules, HOLDER)
        running.stop()


class SliceAnnotation(ObserverMixin):
    """Keeps the marks of all slice views up to date; can be switched off for this session."""

    def __init__(self):
        """Begin at once."""
        ObserverMixin.__init__(self)
        self._isOn = True
        self._texts, self._widths = {}, {}
        self._observed = {}
        self._layoutManager = None
        scene = slicer.mrmlScene
        self.addObserver(scene, scene.NodeAddedEvent, self._onNodeAddedOrRemoved)
        self.addObserver(scene, scene.NodeRemovedEvent, self._onNodeAddedOrRemoved)
        self.addObserver(scene, scene.EndBatchProcessEvent, self._onBatchEnded)
        slicer.app.moduleManager().connect("moduleAboutToBeUnloaded(QString)", self._onModuleUnloaded)
        self.refresh()

    @property
    def isOn(self):
        """Whether views are marked."""
        return self._isOn

    def setOn(self, isOn):
        """Mark views, or take all marks away, until the application ends."""
        self._isOn = bool(isOn)
        self.refresh()

    def stop(self):
        """Take all marks away and observe nothing any more."""
        self.removeObservers()
        self._observed = {}
        manager = slicer.app.moduleManager()
        manager.disconnect("moduleAboutToBeUnloaded(QString)", self._onModuleUnloaded)
        if self._layoutManager is not None:
            # At its end the application deletes the views before the modules.
            with contextlib.suppress(ValueError, RuntimeError):
                self._layoutManager.disconnect("layoutChanged(int)", self._onLayoutChanged)
            self._layoutManager = None
        for name in list(self._texts):
            self._write(name, "")

    def refresh(self):
        """Look at all views anew."""
        self._followLayout()
        shown = views.compositeNodes()
        self._observeOnly(shown, self._onViewModified)
        for each in shown:
            self._update(each)
        self._observeShown()

    # What is observed

    def _followLayout(self):
        manager = slicer.app.layoutManager()
        if manager is not None and self._layoutManager is None:
            self._layoutManager = manager
            manager.connect("layoutChanged(int)", self._onLayoutChanged)

    def _observeOnly(self, nodes, method):
        """Let `method` hear when one of these nodes is modified, and no other node any more."""
        nodes, observed = set(nodes), self._observed.setdefault(method, set())
        for node in observed - nodes:
            self.removeObserver(node, vtk.vtkCommand.ModifiedEvent, method)
        for node in nodes - observed:
            self.addObserver(node, vtk.vtkCommand.ModifiedEvent, method)
        self._observed[method] = nodes

    def _observeShown(self):
        """Observe the volumes shown: they may become enhanced ones; of marked views also the width."""
        shown = views.compositeNodes()
        self._observeOnly([node for each in shown for node in _volumesOf(each)], self._onVolumeModified)
        marked = [views.sliceNode(name) for name in self._texts]
        self._observeOnly([node for node in marked if node is not None], self._onSliceModified)

    def _onViewModified(self, shown, event):
        self._update(shown)
        self._observeShown()

    def _onVolumeModified(self, volume, event):
        for shown in views.compositeNodes():
            if volume in _volumesOf(shown):
                self._update(shown)

    def _onSliceModified(self, node, event):
        if self._widths.get(node.GetLayoutName()) != node.GetDimensions()[0]:
            self._update(views.compositeNode(node.GetLayoutName()))

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _onNodeAddedOrRemoved(self, scene, event, node):
        if not scene.IsBatchProcessing() and (_isView(node) or node in self._nodes()):
            self.refresh()

    def _nodes(self):
        return set().union(*self._observed.values())

    def _onBatchEnded(self, scene, event):
        self.refresh()

    def _onLayoutChanged(self, layout=0):
        # Views may have been made.
        self.refresh()

    def _onModuleUnloaded(self, name):
        if name == MODULE_NAME:
            stop()

    # What is written

    def _update(self, shown):
        name = shown.GetLayoutName()
        self._widths[name] = _widthOf(name)
        text = textOf(_volumesOf(shown), self._widths[name]) if self._isOn else ""
        if text != self._texts.get(name, ""):
            self._write(name, text)

    def _write(self, name, text):
        view = _sliceView(name)
        if view is None:
            # The view is not made yet; the change of layout that makes it comes back here.
            self._texts.pop(name, None)
            return
        view.cornerAnnotation().SetText(UPPER_EDGE, text)
        view.scheduleRender()
        if text:
            self._texts[name] = text
        else:
            self._texts.pop(name, None)


def textOf(volumes, width):
    """Return the mark of a view that shows these volumes; "" if none of them is enhanced.

    :param width: of the view in pixels: in a narrow one the text takes more lines, else its ends are cut.
    """
    lines = []
    for node in volumes:
        model = node.GetAttribute(MODEL_ATTRIBUTE) or node.GetAttribute(DOUBT_MODEL_ATTRIBUTE)
        if model is None:
            continue
        lines += [_("GANEnhance {model}: not for diagnosis").format(model=model)]
        lines += [node.GetAttribute(CAPTION_ATTRIBUTE) or ""]
    return "\n".join(dict.fromkeys(_broken(line, width // LETTER_PIXELS) for line in lines if line))


def _broken(line, letters):
    """Return a text in lines of at most so many letters, broken after its colon first."""
    if len(line) <= letters:
        return line
    parts = line.replace(": ", ":\n", 1).split("\n")
    return "\n".join(each for part in parts for each in textwrap.wrap(part, max(letters, LEAST_LETTERS)))


def _isView(node):
    return node is not None and node.IsA("vtkMRMLSliceCompositeNode")


def _volumesOf(shown):
    identifiers = (shown.GetBackgroundVolumeID(), shown.GetForegroundVolumeID())
    volumes = [slicer.mrmlScene.GetNodeByID(each) for each in identifiers if each]
    return [node for node in volumes if node is not None]


def _widthOf(name):
    node = views.sliceNode(name)
    return node.GetDimensions()[0] if node is not None else 0


def _sliceView(name):
    """Return the view widget with a name, or None; the application may be about to remove it."""
    manager = slicer.app.layoutManager()
    widget = manager.sliceWidget(name) if manager is not None and name else None
    with contextlib.suppress(ValueError):
        return widget.sliceView() if widget is not None else None
    return None
