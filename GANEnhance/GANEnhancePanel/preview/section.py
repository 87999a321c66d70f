"""The part of the panel that previews slices in the views, and says what the sliders do to a result."""

import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError, OptionError
from GANEnhancePanel.comparing import views
from GANEnhancePanel.observing import ObserverMixin
from GANEnhancePanel.parameters import CompareMode
from GANEnhancePanel.preview.overlay import restoreLeftovers
from GANEnhancePanel.preview.requests import SliceRequests
from GANEnhancePanel.preview.sliceview import SliceView
from GANEnhancePanel.preview.tuning import Tuning
from GANEnhancePanel.section import Section
from GANEnhancePanel.state import doneText

VIEWS = ("Red", "Yellow", "Green")


class PreviewSection(Section, ObserverMixin):
    """Previews in the red, yellow and green views, live with all that is chosen."""

    uiFile = "GANEnhancePreview.ui"
    place = "previewPlace"

    def __init__(self, panel):
        """Preview nothing yet."""
        Section.__init__(self, panel)
        ObserverMixin.__init__(self)
        self._views = {}
        self._note = ""
        self._isUpdating = False
        self.requests = SliceRequests(panel, self._show)
        self.tuning = Tuning(panel, self.requests, self._show)

    def setup(self):
        """Connect the widgets."""
        ui, scene = self.ui, slicer.mrmlScene
        ui.previewRedButton.connect("clicked(bool)", self.onRedButton)
        ui.previewYellowButton.connect("clicked(bool)", self.onYellowButton)
        ui.previewGreenButton.connect("clicked(bool)", self.onGreenButton)
        ui.previewEndButton.connect("clicked(bool)", self.onEndButton)
        ui.previewHoldButton.connect("pressed()", self.onHold)
        ui.previewHoldButton.connect("released()", self.onLetGo)
        ui.previewApplyButton.connect("clicked(bool)", self.onApplyButton)
        self.addObserver(scene, scene.EndImportEvent, self._onSceneLoaded)

    # The panel tells

    def exit(self):
        """The user leaves: the views are his again."""
        self.end()
        self.tuning.endViews()

    def onParameterNode(self):
        """The user comes back, or the scene closes."""
        self.end()
        if self.panel.parameterNode is None:
            self.tuning.stop()

    def onInputChanged(self):
        """What is shown is of other voxels."""
        self.end()
        self.tuning.onInputOrResultChanged()

    def onHello(self):
        """Another worker: it keeps nothing."""
        self.requests.restart()

    def _onSceneLoaded(self, caller, event):
        """A scene may have been saved in the middle of a preview."""
        self.end()
        self.tuning.stop()
        restoreLeftovers()

    def onResult(self, result):
        """The result takes the place of its preview."""
        if not self.tuning.isTelling:
            self.end()
            self.tuning.onResult(result)

    def onSceneClosing(self):
        """Give the views back while their nodes are there."""
        self.end()
        self.tuning.stop()

    def onNodeRemoved(self, node):
        """A view, a region or the result may be gone."""
        if node.IsA("vtkMRMLSliceNode"):
            self._endView(node.GetLayoutName())
        self.tuning.onInputOrResultChanged()

    def cleanup(self):
        """Give the views back for good."""
        self.end()
        self.tuning.stop()
        self.removeObservers()

    def update(self):
        """Let the previews follow what is chosen."""
        if self._isUpdating:
            return
        self._isUpdating = True
        try:
            self._follow()
            self.tuning.busyViews = tuple(self._views)
            self.tuning.update()
        finally:
            self._isUpdating = False
        self._show()

    def end(self):
        """End all previews: the views show what they showed before."""
        for name in list(self._views):
            self._endView(name)
        self._note = ""
        self._show()

    # Previews

    def _follow(self):
        node = self.panel.parameterNode
        if not self._views:
            return
        if node is None or node.compareMode != CompareMode.off:
            self.end()
            return
        if self.panel.isRunning():
            # The worker is busy; the sliders count again when it is done.
            return
        try:
            task = self._makeTask(node.inputVolume)
            for view in list(self._views.values()):
                view.want(task)
        except GANEnhanceError as error:
            self.end()
            self.panel.error(error)

    def onRedButton(self, checked):
        """Preview in the red view, or do not any more."""
        self._toggle("Red", checked)

    def onYellowButton(self, checked):
        """Preview in the yellow view, or do not any more."""
        self._toggle("Yellow", checked)

    def onGreenButton(self, checked):
        """Preview in the green view, or do not any more."""
        self._toggle("Green", checked)

    def onEndButton(self, checked=False):
        """End all previews, and show the result as it is."""
        self.tuning.endViews()
        self.end()

    def _toggle(self, name, isOn):
        if isOn:
            self._begin(name)
        else:
            self._endView(name)
        self._show()

    def _begin(self, name):
        node = self.panel.parameterNode
        reason = self._obstacleOfAll() or self._obstacle(name)
        if reason:
            self.panel.status(reason)
            return
        # The views that compare volumes are given back first: they are to be found again afterwards.
        node.compareMode = CompareMode.off
        self.tuning.stop()
        source = node.inputVolume
        view = SliceView(self.requests, name, source, True, self._onShown, self._onViewEnd)
        try:
            view.want(self._makeTask(source))
        except GANEnhanceError as error:
            view.end()
            self.panel.error(error)
            return
        self._views[name] = view
        self._note = _("Enhancing the slice in {view}...").format(view=name)
        if view.degrees:
            self._note = self._turnedText(view)

    def _endView(self, name):
        view = self._views.pop(name, None)
        if view is not None:
            view.end()

    def _onShown(self, view, wish):
        plane = wish.plane
        text = _("{view} shows slice {index} along {axis} enhanced.").format(
            view=view.name, index=plane.index, axis=plane.axis.upper()
        )
        self._note = " ".join([text, self._turnedText(view)] if view.degrees else [text])
        self._show()

    @staticmethod
    def _turnedText(view):
        return _(
            "{view} was oblique to the volume: it is turned by {degrees}\u00b0 to the nearest slices until"
            " the preview ends."
        ).format(view=view.name, degrees=f"{view.degrees:.1f}")

    def _onViewEnd(self, view, error):
        self._views.pop(view.name, None)
        self._note = ""
        if error is not None:
            self.panel.error(error)
        self._show()

    def _obstacle(self, name):
        """Return what is wrong with a view, and what to do; "" if a slice can be previewed in it."""
        node = self.panel.parameterNode
        if views.sliceNode(name) is None or views.compositeNode(name) is None:
            return _("There is no {view} slice view in this application.").format(view=name)
        if views.canShow() and node.compareMode == CompareMode.off and name not in views.shownNames():
            return _("The {view} slice view is not shown: choose a layout that has it.").format(view=name)
        return ""

    def _obstacleOfAll(self):
        """Return why nothing can be previewed at all, and what to do; "" if something can."""
        node = self.panel.parameterNode
        if node is None:
            return _("The scene is closing.")
        if self.panel.isRunning():
            return _("Wait until the run is over, or cancel it.")
        try:
            self._makeTask(node.inputVolume)
        except GANEnhanceError as error:
            return str(error)
        return ""

    def _makeTask(self, source):
        task = self.panel.makeTask(source)
        if task.options.like is not None:
            raise OptionError(
                _("A slice cannot be previewed on the grid of another volume."),
                _("Enhance the whole volume, or choose factors or a spacing for the preview."),
            )
        return task

    # Before and after

    def onHold(self):
        """Show the input as long as the button is down."""
        node = self.panel.parameterNode
        source = node.inputVolume if node is not None else None
        if source is not None:
            self._hold(source)

    def onLetGo(self):
        """Show the enhanced slices again."""
        self._hold(None)

    def _hold(self, node):
        for view in self._views.values():
            view.hold(node)
        self.tuning.hold(node)

    # The finished result

    def onApplyButton(self, checked=False):
        """Run the whole volume with the fidelity that its visible slices show."""
        try:
            task = self.tuning.makeTask()
        except GANEnhanceError as error:
            self.panel.error(error)
            return
        self.panel.run(task, self._onApplied, self.panel.error)

    def _onApplied(self, result):
        text = doneText(result.node, result.report)
        self.panel.status(text)
        self.panel.log(text)

    # What is shown

    def _show(self):
        ui = self.ui
        if ui is None:
            return
        buttons = (ui.previewRedButton, ui.previewYellowButton, ui.previewGreenButton)
        reasonOfAll = self._obstacleOfAll()
        for name, button in zip(VIEWS, buttons, strict=True):
            isOn = name in self._views
            reason = "" if isOn else reasonOfAll or self._obstacle(name)
            button.enabled = not reason
            button.checked = isOn
            button.toolTip = reason or _("Enhance the slice that the {view} view shows.").format(view=name)
        hasSlices = bool(self._views) or self.tuning.hasViews
        ui.previewHoldButton.enabled = hasSlices
        ui.previewEndButton.enabled = hasSlices
        ui.previewNoteLabel.text = self._note
        ui.previewNoteLabel.visible = bool(self._note)
        note = self.tuning.note() if self.panel.parameterNode is not None else ""
        ui.tuningNoteLabel.text = note
        ui.tuningNoteLabel.visible = bool(note)
        ui.previewApplyButton.visible = (
            self.panel.parameterNode is not None and not self.panel.isRunning() and self.tuning.canApply
        )
