"""The part of the panel that enhances several volumes, and shows what happened to each."""

import qt
import slicer
from slicer.i18n import tr as _

from GANEnhancePanel.batch.rows import State, columnNames, copiedTable, summary
from GANEnhancePanel.batch.volumes import VolumesRun
from GANEnhancePanel.observing import ObserverMixin
from GANEnhancePanel.parameters import BATCH_ROLE
from GANEnhancePanel.section import Section


class BatchSection(Section, ObserverMixin):
    """Keeps the checked volumes in the scene, runs them, and shows the table."""

    uiFile = "GANEnhanceBatch.ui"
    place = "batchPlace"

    def __init__(self, panel):
        """Show nothing yet."""
        Section.__init__(self, panel)
        ObserverMixin.__init__(self)
        self._run = None
        self._isEntered = False
        self._isShowing = False
        self._isRebuilt = False
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)

    def setup(self):
        """Connect the widgets."""
        self._timer.connect("timeout()", self._onListChanged)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndBatchProcessEvent, self._onListRebuilt)
        self.ui.batchVolumesComboBox.connect("checkedNodesChanged()", self.onCheckedNodesChanged)
        self.ui.enhanceAllButton.connect("clicked(bool)", self.onEnhanceAll)
        self.ui.copyBatchTableButton.connect("clicked(bool)", self.onCopyTable)
        # Names may be longer than the panel is wide.
        policy = qt.QComboBox.AdjustToMinimumContentsLengthWithIcon
        self.ui.batchVolumesComboBox.sizeAdjustPolicy = policy
        self._setUpTable()
        self._showTable()

    def _setUpTable(self):
        """Let names and sentences take the room that is left, in several lines; figures are never cut."""
        table = self.ui.batchTable
        table.setHorizontalHeaderLabels(columnNames())
        header = table.horizontalHeader()
        for column, mode in enumerate((qt.QHeaderView.Stretch,) * 2 + (qt.QHeaderView.ResizeToContents,) * 2):
            header.setSectionResizeMode(column, mode)
        table.verticalHeader().setSectionResizeMode(qt.QHeaderView.ResizeToContents)

    def enter(self):
        """From now on a change of the check marks is the user's."""
        self._isEntered = True

    def exit(self):
        """The list may change with the scene, unseen."""
        self._isEntered = False

    def cleanup(self):
        """The panel goes for good."""
        self._isEntered = False
        self._timer.stop()
        self._timer.disconnect("timeout()", self._onListChanged)
        self.removeObservers()

    def onParameterNode(self):
        """What happened belongs to the scene that it happened in."""
        if self.panel.parameterNode is None and not self._isRunning():
            self._run = None
            self._showTable()

    def onNodeRemoved(self, node):
        """A volume that waits is gone."""
        if self._isRunning():
            self._run.forget(node)

    # What is shown

    def update(self):
        """Show the check marks that the scene has, and whether there is something to do."""
        node = self.panel.parameterNode
        if node is not None and not slicer.mrmlScene.IsBatchProcessing():
            self._showChecked()
        missing = self._whatIsMissing()
        self.ui.enhanceAllButton.enabled = not missing
        self.ui.enhanceAllButton.toolTip = missing or _(
            "Enhance the checked volumes one after another, each into a new volume, with the settings above."
        )

    def _whatIsMissing(self):
        if self.panel.parameterNode is None:
            return _("The scene is closing.")
        if self.panel.isRunning():
            return _("Wait until the present run has ended, or cancel it.")
        if not self._kept():
            return _("Check the volumes to enhance first.")
        return ""

    def _showChecked(self):
        kept, box = self._kept(), self.ui.batchVolumesComboBox
        checked = list(box.checkedNodes())
        self._isShowing = True
        for node in checked:
            if node not in kept:
                box.uncheck(node)
        for node in kept:
            if node not in checked:
                box.check(node)
        self._isShowing = False

    def _kept(self):
        """Return the checked volumes as the scene has them."""
        node = self.panel.parameterNode.parameterNode
        count = node.GetNumberOfNodeReferences(BATCH_ROLE)
        nodes = [node.GetNthNodeReference(BATCH_ROLE, number) for number in range(count)]
        return [each for each in nodes if each is not None]

    def _showTable(self):
        table, rows = self.ui.batchTable, self._run.rows if self._run is not None else []
        table.clearSpans()
        table.rowCount = len(rows)
        for number, row in enumerate(rows):
            for column, text in enumerate(row.cells()):
                item = qt.QTableWidgetItem(text)
                item.setToolTip(text)
                table.setItem(number, column, item)
            if row.error:
                table.setSpan(number, 1, 1, 3)
        table.visible = bool(rows)
        self.ui.copyBatchTableButton.visible = bool(rows)

    # What the user does

    def onCheckedNodesChanged(self):
        """Keep the check marks in the scene, when the list has come to rest."""
        if self._isEntered and not self._isShowing and not slicer.mrmlScene.IsBatchProcessing():
            self._timer.start()

    def _onListRebuilt(self, caller, event):
        """A scene that is loaded or closed changes the list as well, and no user did."""
        self._isRebuilt = True
        self._timer.start()

    def _onListChanged(self):
        if self._isRebuilt:
            self._isRebuilt = False
            self.update()
        elif self._isEntered:
            self._keepChecked()

    def _keepChecked(self):
        if self.panel.parameterNode is None:
            return
        checked = list(self.ui.batchVolumesComboBox.checkedNodes())
        if checked == self._kept():
            return
        node = self.panel.parameterNode.parameterNode
        with slicer.util.NodeModify(node):
            node.RemoveNodeReferenceIDs(BATCH_ROLE)
            for each in checked:
                node.AddNodeReferenceID(BATCH_ROLE, each.GetID())
        self.panel.updateSections()

    def onEnhanceAll(self, checked=False):
        """Run the checked volumes."""
        self._keepChecked()
        nodes = self._kept()
        if nodes and not self.panel.isRunning():
            self._run = VolumesRun(self.panel, nodes, self._showTable, self._onEnd)
            self._showTable()
            self._run.start()

    def _onEnd(self):
        text = summary(self._run.rows)
        if any(row.state in (State.canceled, State.notRun) for row in self._run.rows):
            text = _("Canceled. {text}").format(text=text)
        self.panel.status(text)
        self.panel.log(text)

    def onCopyTable(self, checked=False):
        """Put the table on the clipboard."""
        slicer.app.clipboard().setText(copiedTable(self._run.rows if self._run is not None else []))
        self.panel.status(_("The table is on the clipboard."))

    def _isRunning(self):
        return self._run is not None and not all(row.isOver for row in self._run.rows)
