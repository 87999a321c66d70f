"""The part of the panel that judges the chosen result: figures before and after, and what they come to."""

import qt
import slicer
import vtk
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.report_words import warnings
from GANEnhancePanel.comparing.pair import hasVoxels, isResult, sourceOf
from GANEnhancePanel.observing import ObserverMixin
from GANEnhancePanel.region.box import makeROI
from GANEnhancePanel.reporting import saving, table
from GANEnhancePanel.reporting.knowledge import reportOf
from GANEnhancePanel.reporting.measuretalk import measureResult
from GANEnhancePanel.reporting.request import makeMeasureTask
from GANEnhancePanel.reporting.words import verdict
from GANEnhancePanel.section import Section
from GANEnhancePanel.talks.conversation import Conversation

# After a change of the choices, so that dragging an ROI does not measure at every step.
PAUSE_MILLISECONDS = 400
# New ROIs: edges as shares of the volume's, and centers along (i, j, k).
NEW_SHARE = 0.12
TISSUE_PLACE, BACKGROUND_PLACE = (0.5, 0.5, 0.5), (0.1, 0.1, 0.5)


class ReportingSection(Section, ObserverMixin):
    """Measures the result that is chosen, in the worker, and shows, copies and saves the figures."""

    uiFile = "GANEnhanceReporting.ui"
    place = "reportingPlace"

    def __init__(self, panel):
        """Know nothing yet."""
        Section.__init__(self, panel)
        ObserverMixin.__init__(self)
        self._measured = None
        self._conversation = None
        self._saver = None
        self._wanted = self._judged = None
        self._error = ""
        self._choice = None
        self._shown = None
        self._observed = []
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MILLISECONDS)

    # Life

    def setup(self):
        """Connect the widgets."""
        ui = self.ui
        table.setUp(ui.reportTable)
        ui.measureButton.connect("clicked(bool)", self.onMeasureButton)
        ui.copyTableButton.connect("clicked(bool)", self.onCopyButton)
        ui.saveReportButton.connect("clicked(bool)", self.onSaveButton)
        ui.newTissueButton.connect("clicked(bool)", self.onNewTissue)
        ui.newBackgroundButton.connect("clicked(bool)", self.onNewBackground)
        ui.dataRangeSpinBox.connect("valueChanged(double)", self.onDataRange)
        # Opened, it shows all that it holds.
        ui.reportCollapsibleButton.connect("contentsCollapsed(bool)", self._onCollapsed)
        self._timer.connect("timeout()", self._onTimer)

    def onSceneClosing(self):
        """The volumes go."""
        self._forget()
        self._observe([])

    def onParameterNode(self):
        """Another scene has other choices."""
        self._choice = None
        if self.panel.parameterNode is None:
            self._observe([])

    def onNodeRemoved(self, node):
        """A volume that is measured, or was, may be gone."""
        task = self._measured.task if self._measured is not None else None
        if node is self._wanted or (task is not None and node in task.times):
            self._forget()
        self.update()

    def onHello(self):
        """Another worker may be there, and the one before does not answer any more."""
        if self._conversation is not None:
            self._conversation.cancel()
            self._conversation, self._wanted = None, self._result()
            self.update()

    def cleanup(self):
        """The panel goes for good."""
        self._forget()
        self._timer.disconnect("timeout()", self._onTimer)
        self.removeObservers()
        if self._saver is not None:
            self._saver.stop()

    def _forget(self):
        """Show nothing, measure nothing."""
        self._timer.stop()
        if self._conversation is not None:
            self._conversation.cancel()
        self._conversation = self._measured = self._wanted = self._judged = None
        self._error = ""

    # What makes it measure

    def onResult(self, result):
        """A run is complete: open, and say what it did; of several runs, the last one.

        A result that only got other voxels (another strength) is measured after a pause, unless the user
        has closed the report.
        """
        if result.node is self._judged:
            if not self.ui.reportCollapsibleButton.collapsed:
                self._timer.start()
            self.update()
            return
        self.ui.reportCollapsibleButton.collapsed = False
        self._forget()
        self._judged = self._wanted = result.node
        self.update()

    def onMeasureButton(self, checked=False):
        """Measure what is chosen."""
        self._wanted = self._result()
        self.update()

    def giveWay(self):
        """Somebody waits for a picture: what is being measured is measured again when that is over."""
        if self._conversation is not None:
            self._conversation.cancel()
            self._conversation = None
        elif not self._timer.active:
            return
        self._timer.start()

    def _onTimer(self):
        """The choices, or the voxels, have settled."""
        self._wanted = self._result()
        self.update()

    def _start(self):
        """Ask the worker, unless the panel runs something: then when that is done."""
        if self._wanted is None or self.panel.isRunning():
            return
        result, self._wanted = self._wanted, None
        if self._conversation is not None:
            self._conversation.cancel()
        self._conversation, self._error = None, ""
        node = self.panel.parameterNode
        try:
            task = makeMeasureTask(
                result, node.referenceVolume, node.dataRange, node.tissueROI, node.backgroundROI
            )
        except GANEnhanceError as error:
            self._fail(error)
            return
        self._conversation = Conversation(
            self.panel.client,
            measureResult(task, reportOf(result, self.panel.results)),
            lambda message: None,
            self._onMeasured,
            self._fail,
        )
        self._conversation.start()

    def _onMeasured(self, measured):
        self._conversation, self._measured = None, measured
        self.update()

    def _fail(self, error):
        self._conversation, self._measured = None, None
        self._error = _("Error: {text}").format(text=error)
        self.panel.log(self._error)
        self.update()

    # What is shown

    def update(self):
        """Show the report of the chosen result, or why there is none."""
        node = self.panel.parameterNode
        if node is None:
            self._show(None)
            return
        result = self._result()
        if self._measured is not None and self._measured.task.result is not result:
            self._measured, self._error = None, ""
        if self._wanted is not None and self._wanted is not result:
            self._wanted = None
        self._notice(node)
        self._start()
        self._observe([each for each in self._nodes(node, result) if each is not None])
        self._show(result)

    def _result(self):
        node = self.panel.parameterNode
        result = node.resultVolume if node is not None else None
        return result if result is not None and isResult(result) else None

    def _notice(self, node):
        """Measure anew, after a pause, where a choice of this section is another one."""
        choice = (node.referenceVolume, node.dataRange, node.tissueROI, node.backgroundROI)
        changed, self._choice = self._choice is not None and choice != self._choice, choice
        if changed and self._measured is not None:
            self._timer.start()

    def _show(self, result):
        ui, measured = self.ui, self._measured
        isStale = measured is not None and not measured.task.isUnchanged()
        isBusy = self._conversation is not None or self._wanted is not None
        source = sourceOf(result)
        hasSource = source is not None and hasVoxels(source)
        if measured is not self._shown:
            self._fill(measured)
        note = self._note(result, isBusy, isStale)
        ui.reportNoteLabel.text = note
        if not ui.reportCollapsibleButton.collapsed:
            ui.reportTable.visible = measured is not None
            for label in (ui.verdictLabel, ui.warningsLabel, ui.reportNoteLabel):
                label.visible = bool(label.text)
        ui.measureButton.enabled = hasSource and not isBusy
        for button in (ui.copyTableButton, ui.saveReportButton):
            button.enabled = measured is not None and not isStale and not isBusy
        self._showChoices(hasSource)

    def _fill(self, measured):
        ui, self._shown = self.ui, measured
        rows = measured.document["measures"]["rows"] if measured is not None else []
        text = verdict(measured.document) if measured is not None else ""
        warning = "\n".join(warnings(measured.document)) if measured is not None else ""
        table.fill(ui.reportTable, rows)
        ui.verdictLabel.text, ui.warningsLabel.text = text, warning

    def _note(self, result, isBusy, isStale):
        if result is None:
            return _("Enhance a volume, then see here what the model did to it.")
        if isBusy:
            return _("Measuring...")
        if self._error:
            return self._error
        if isStale:
            return _("The voxels changed since this was measured: press Measure.")
        if self._measured is not None:
            return "\n".join(self._measured.task.notes)
        if sourceOf(result) is None:
            return _("The volume that {name} was made from is not in the scene.").format(
                name=result.GetName()
            )
        return _("Press Measure to judge {name}.").format(name=result.GetName())

    def _showChoices(self, hasSource):
        ui, node = self.ui, self.panel.parameterNode
        for button in (ui.newTissueButton, ui.newBackgroundButton):
            button.enabled = hasSource
        hasReference = node is not None and node.referenceVolume is not None
        ui.dataRangeSpinBox.enabled = hasReference
        value = node.dataRange if node is not None else 0.0
        if ui.dataRangeSpinBox.value != value:
            blocked = ui.dataRangeSpinBox.blockSignals(True)
            ui.dataRangeSpinBox.value = value
            ui.dataRangeSpinBox.blockSignals(blocked)

    # What is watched

    def _nodes(self, node, result):
        """Return what the report is about."""
        source = sourceOf(result) if result is not None else None
        return [result, source, node.referenceVolume, node.tissueROI, node.backgroundROI]

    def _observe(self, nodes):
        """Follow the voxels of volumes, and ROIs that are moved."""
        nodes = list(dict.fromkeys(nodes))  # a node may stand for two things
        if nodes == self._observed:
            return
        for node in self._observed:
            for event, method in self._events(node):
                self.removeObserver(node, event, method)
        self._observed = nodes
        for node in nodes:
            for event, method in self._events(node):
                self.addObserver(node, event, method)

    def _events(self, node):
        if node.IsA("vtkMRMLMarkupsNode"):
            return [(node.PointModifiedEvent, self._onROIMoved)]
        # slicer.util.arrayFromVolumeModified tells of new voxels by the second one only.
        events = (slicer.vtkMRMLVolumeNode.ImageDataModifiedEvent, vtk.vtkCommand.ModifiedEvent)
        return [(event, self._onVoxels) for event in events]

    def _onVoxels(self, caller=None, event=None):
        """Voxels changed: a report of others says so."""
        if self._measured is not None:
            self._show(self._result())

    def _onCollapsed(self, collapsed):
        self._show(self._result())

    def _onROIMoved(self, caller=None, event=None):
        if self._measured is not None:
            self._timer.start()

    # What the user does

    def onDataRange(self, value):
        """Keep what counts as full scale in the scene."""
        if self.panel.parameterNode is not None:
            self.panel.parameterNode.dataRange = float(value)

    def onNewTissue(self, checked=False):
        """Make an ROI in the middle of the volume."""
        self.panel.parameterNode.tissueROI = self._newROI(_("Tissue"), TISSUE_PLACE)

    def onNewBackground(self, checked=False):
        """Make an ROI near a corner of the volume."""
        self.panel.parameterNode.backgroundROI = self._newROI(_("Background"), BACKGROUND_PLACE)

    def _newROI(self, name, place):
        return makeROI(sourceOf(self._result()), name, NEW_SHARE, place)

    def onCopyButton(self, checked=False):
        """Put the table on the clipboard."""
        rows = self._measured.document["measures"]["rows"]
        slicer.app.clipboard().setText(table.clipboardText(rows))
        self.panel.status(_("The table is on the clipboard."))

    def onSaveButton(self, checked=False):
        """Save the report where the user says."""
        path = saving.askForFile()
        if path is not None and self._measured is not None:
            self._saver = saving.save(self._measured, path, self._onSaved, self.panel.error)

    def _onSaved(self, path):
        self._saver = None
        self.panel.status(_("The report is saved in {path}.").format(path=path))
