"""The part of the panel that chooses a result and compares it with its source."""

from slicer.i18n import tr as _

from GANEnhancePanel.comparing import pair, sidebyside
from GANEnhancePanel.comparing.comparison import Comparison, Wanted
from GANEnhancePanel.output import MODEL_ATTRIBUTE
from GANEnhancePanel.parameters import CompareMode
from GANEnhancePanel.reporting.section import ReportingSection
from GANEnhancePanel.section import Section
from GANEnhancePanel.talks.conversation import Conversation
from GANEnhancePanel.talks.interpolatetalk import interpolateOnto


class ComparingSection(Section):
    """Choice of the result, which the report and the provenance also use, and of the way to compare it."""

    uiFile = "GANEnhanceComparing.ui"
    place = "comparingPlace"

    def __init__(self, panel):
        """Show nothing yet."""
        super().__init__(panel)
        self.comparison = Comparison(self._showNote, self._onUserLayout, panel.error, self._interpolate)

    def setup(self):
        """Connect the widgets."""
        self.ui.resultSelector.addAttribute(pair.RESULT_CLASS, MODEL_ATTRIBUTE)
        self.ui.compareBackButton.connect("clicked(bool)", self.onBackButton)
        sidebyside.registerLayouts()

    def update(self):
        """Let views and widgets show what the parameter node says."""
        node = self.panel.parameterNode
        if node is None:
            self._showWidgets(CompareMode.off, False)
            return
        if node.resultVolume is None:
            newest = pair.newestResult()
            if newest is not None:
                node.resultVolume = newest
        wanted = Wanted(
            mode=node.compareMode,
            result=node.resultVolume,
            fade=node.compareFade,
            swipe=node.compareSwipe,
            tiles=node.compareTiles,
        )
        self.comparison.show(node, wanted)
        self._showWidgets(wanted.mode, wanted.result is not None)

    def onResult(self, result):
        """The views may show another volume since."""
        self.comparison.showAgain()
        self._showNote()

    def onNodeRemoved(self, node):
        """A volume that is compared may be gone."""
        if self.comparison.isShown:
            self.update()

    def onSceneClosing(self):
        """Give the views back while the volumes are still there."""
        self.comparison.leave()

    def cleanup(self):
        """Give the views back for good."""
        self.comparison.leave()

    def onBackButton(self, checked=False):
        """Give the views back to the user."""
        if self.panel.parameterNode is not None:
            self.panel.parameterNode.compareMode = CompareMode.off

    def _interpolate(self, source, result, onEnd, onError):
        """Ask the worker for the source on the grid of a finer result; returns what can be canceled."""
        reporting = self.panel.section(ReportingSection)
        if reporting is not None:
            # The worker does one thing at a time, and somebody waits for the picture.
            reporting.giveWay()
        talk = interpolateOnto(source, result)
        conversation = Conversation(self.panel.client, talk, lambda message: None, onEnd, onError)
        conversation.start()
        return conversation

    def _onUserLayout(self):
        """The user left our layout by choosing another one: his choice wins."""
        self.onBackButton()
        # While the user is in another module nobody else would tell.
        self.update()

    def _showWidgets(self, mode, hasResult):
        ui = self.ui
        for widget in (ui.compareFadeLabel, ui.compareFadeSlider):
            widget.visible = mode == CompareMode.fader
        for widget in (ui.compareSwipeLabel, ui.compareSwipeSlider):
            widget.visible = mode == CompareMode.swipe
        for widget in (ui.compareTilesLabel, ui.compareTilesSpinBox):
            widget.visible = mode == CompareMode.checkerboard
        ui.compareModeComboBox.enabled = hasResult
        ui.compareBackButton.enabled = mode != CompareMode.off
        if hasResult or mode != CompareMode.off:
            self._showNote()
        else:
            ui.compareNoteLabel.text = _("Enhance a volume, then compare it with its input here.")
        ui.compareNoteLabel.visible = bool(ui.compareNoteLabel.text)

    def _showNote(self):
        self.ui.compareNoteLabel.text = self.comparison.note
        self.ui.compareNoteLabel.visible = bool(self.comparison.note)
