"""The part of the panel that says where to enhance: everywhere, in an ROI, in a segment or in labels."""

import contextlib

import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhancePanel.observing import ObserverMixin
from GANEnhancePanel.parameters import RegionKind
from GANEnhancePanel.region.box import makeROI
from GANEnhancePanel.region.choice import regionOf
from GANEnhancePanel.section import Section
from GANEnhancePanel.volumes import checkInputNode


class RegionSection(Section, ObserverMixin):
    """Keeps the choice of the region in the scene, and says whether it can be used."""

    uiFile = "GANEnhanceRegion.ui"
    place = "regionPlace"

    def __init__(self, panel):
        """Observe nothing yet."""
        Section.__init__(self, panel)
        ObserverMixin.__init__(self)
        self._observed = []
        self._segmentation = None

    def setup(self):
        """Connect the widgets."""
        self.ui.newROIButton.connect("clicked(bool)", self.onNewROI)
        self.ui.regionSegmentComboBox.connect("currentIndexChanged(int)", self.onSegmentChosen)

    def onParameterNode(self):
        """The scene closes, or another parameter node counts."""
        if self.panel.parameterNode is None:
            self._observe([])

    def onInputChanged(self):
        """What was written for the old input is of no use."""
        self._dropFiles()

    def onSceneClosing(self):
        """The nodes go."""
        self._observe([])
        self.panel.regions.clear()

    def cleanup(self):
        """The panel goes for good."""
        self.removeObservers()
        self.panel.regions.clear()

    # What is shown

    def update(self):
        """Show the rows of the chosen kind, the segments, and whether the choice can be used."""
        node = self.panel.parameterNode
        if node is None or slicer.mrmlScene.IsBatchProcessing():
            return
        kind = node.regionKind
        self._showRows(kind)
        if kind == RegionKind.segment:
            self._fillSegments(node)
        nodes = {
            RegionKind.box: [node.regionROI],
            RegionKind.segment: [node.regionSegmentation],
            RegionKind.labelMap: [node.regionLabelMap],
        }
        self._observe([each for each in nodes.get(kind, []) if each is not None])
        self._showNote()
        self._dropFiles()

    def _showRows(self, kind):
        ui = self.ui
        rows = {
            RegionKind.box: (ui.regionROILabel, ui.regionROISelector, ui.newROIButton),
            RegionKind.segment: (
                ui.regionSegmentationLabel,
                ui.regionSegmentationSelector,
                ui.regionSegmentLabel,
                ui.regionSegmentComboBox,
            ),
            RegionKind.labelMap: (
                ui.regionLabelMapLabel,
                ui.regionLabelMapSelector,
                ui.regionLabelLabel,
                ui.regionLabelSpinBox,
            ),
        }
        for each, widgets in rows.items():
            for widget in widgets:
                widget.setVisible(each == kind)
        for widget in (ui.regionFeatherLabel, ui.regionFeatherSlider, ui.regionNoteLabel):
            widget.setVisible(kind != RegionKind.whole)
        ui.newROIButton.enabled = self._hasVoxels()

    def _hasVoxels(self):
        try:
            checkInputNode(self.panel.parameterNode.inputVolume)
        except GANEnhanceError:
            return False
        return True

    def _fillSegments(self, node):
        """Bring the list of segments up to date; another segmentation begins with its first segment."""
        items = []
        if node.regionSegmentation is not None:
            segmentation = node.regionSegmentation.GetSegmentation()
            identifiers = [segmentation.GetNthSegmentID(n) for n in range(segmentation.GetNumberOfSegments())]
            items = [(segmentation.GetSegment(each).GetName(), each) for each in identifiers]
        comboBox = self.ui.regionSegmentComboBox
        blocked = comboBox.blockSignals(True)
        if items != [(comboBox.itemText(n), comboBox.itemData(n)) for n in range(comboBox.count)]:
            comboBox.clear()
            for name, identifier in items:
                comboBox.addItem(name, identifier)
        known = [identifier for _name, identifier in items]
        if self._segmentation is not node.regionSegmentation or not node.regionSegmentID:
            self._segmentation = node.regionSegmentation
            if known and node.regionSegmentID not in known:
                node.regionSegmentID = known[0]
        comboBox.setCurrentIndex(known.index(node.regionSegmentID) if node.regionSegmentID in known else -1)
        comboBox.blockSignals(blocked)

    def _showNote(self):
        node = self.panel.parameterNode
        try:
            regionOf(node, node.inputVolume if self._hasVoxels() else None)
        except GANEnhanceError as error:
            self.ui.regionNoteLabel.text = str(error)
        else:
            self.ui.regionNoteLabel.text = _("Outside, the voxels stay exactly those of the input.")

    def _dropFiles(self):
        """Remove masks of earlier choices."""
        node = self.panel.parameterNode
        region = None
        if node is not None and self._hasVoxels():
            with contextlib.suppress(GANEnhanceError):
                region = regionOf(node, node.inputVolume)
        self.panel.regions.keepOnly(region)

    def _observe(self, nodes):
        """Follow the nodes of the region: moved, painted, renamed."""
        if nodes == self._observed:
            return
        for node in self._observed:
            for event in self._events(node):
                self.removeObserver(node, event, self._onRegionModified)
        self._observed = nodes
        for node in nodes:
            for event in self._events(node):
                self.addObserver(node, event, self._onRegionModified)

    @staticmethod
    def _events(node):
        events = [slicer.vtkMRMLTransformableNode.TransformModifiedEvent]
        if node.IsA("vtkMRMLMarkupsNode"):
            return [*events, node.PointModifiedEvent, node.PointAddedEvent, node.PointRemovedEvent]
        if node.IsA("vtkMRMLSegmentationNode"):
            segmentation = slicer.vtkSegmentation
            return [
                *events,
                segmentation.SegmentAdded,
                segmentation.SegmentRemoved,
                segmentation.SegmentModified,
                segmentation.SourceRepresentationModified,
            ]
        return [*events, slicer.vtkMRMLVolumeNode.ImageDataModifiedEvent]

    def _onRegionModified(self, caller=None, event=None):
        self.panel.updateSections()

    # What the user does

    def onSegmentChosen(self, index):
        """Keep the chosen segment in the scene."""
        if self.panel.parameterNode is not None and index >= 0:
            self.panel.parameterNode.regionSegmentID = self.ui.regionSegmentComboBox.itemData(index)

    def onNewROI(self, checked=False):
        """Make an ROI that fits the input, choose it, and show it."""
        node = self.panel.parameterNode
        if node is not None and self._hasVoxels():
            node.regionROI = makeROI(node.inputVolume)
