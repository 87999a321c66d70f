"""The part of the panel that says how the chosen result was made, and sets the panel as it was then."""

import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhancePanel.comparing.pair import isResult
from GANEnhancePanel.finer.again import rememberLike
from GANEnhancePanel.provenance import annotation
from GANEnhancePanel.provenance.again import rememberRegion, setPanel
from GANEnhancePanel.provenance.describe import asJson, describe, modelNote
from GANEnhancePanel.section import Section


class ProvenanceSection(Section):
    """Provenance of the result that is chosen above, and the marks in the slice views."""

    uiFile = "GANEnhanceProvenance.ui"
    place = "provenancePlace"

    def __init__(self, panel):
        """Show no text yet."""
        super().__init__(panel)
        self._isShown = False

    def setup(self):
        """Connect the widgets; views are marked from now on if they were not before."""
        ui = self.ui
        ui.provenanceShowButton.connect("clicked(bool)", self.onShowButton)
        ui.provenanceCopyButton.connect("clicked(bool)", self.onCopyButton)
        ui.provenanceAgainButton.connect("clicked(bool)", self.onAgainButton)
        ui.annotationCheckBox.connect("toggled(bool)", self.onAnnotationCheckBox)
        ui.annotationCheckBox.checked = annotation.start().isOn

    def update(self):
        """Show the text of the result that is chosen now."""
        result = self._result()
        for widget in (self.ui.provenanceShowButton, self.ui.provenanceAgainButton):
            widget.enabled = result is not None
        isShown = self._isShown and result is not None
        self.ui.provenanceShowButton.text = _("Hide provenance") if isShown else _("Show provenance")
        self.ui.provenanceTextEdit.visible = isShown
        self.ui.provenanceCopyButton.visible = isShown
        text = self._text(result) if isShown else ""
        # Setting the same text again would lose what the user has marked in it.
        if self.ui.provenanceTextEdit.plainText != text:
            self.ui.provenanceTextEdit.plainText = text
        note = modelNote(result, self.panel.models) if result is not None else _("There is no result yet.")
        self.ui.provenanceNoteLabel.text = note
        self.ui.provenanceNoteLabel.visible = bool(note)

    def onResult(self, result):
        """A result is new: keep what gave its region."""
        if self.panel.parameterNode is not None:
            rememberRegion(self.panel.parameterNode, result.node, result.report)
            rememberLike(self.panel.parameterNode, result.node, result.report)
        self.update()

    def onShowButton(self, checked=False):
        """Show the text, or hide it."""
        self._isShown = not self._isShown
        self.update()

    def onCopyButton(self, checked=False):
        """Put the text on the clipboard."""
        slicer.app.clipboard().setText(self.ui.provenanceTextEdit.plainText)
        self.panel.status(_("The provenance is on the clipboard."))

    def onAgainButton(self, checked=False):
        """Set the panel as it was for the chosen result."""
        node = self._result()
        if node is None:
            return
        try:
            notes = setPanel(self.panel, node)
        except GANEnhanceError as error:
            self.panel.error(error)
            return
        text = _("The panel is set as it was for {name}: press Enhance.").format(name=node.GetName())
        self.panel.status(" ".join([text, *notes]))

    def onAnnotationCheckBox(self, checked):
        """Mark the views, or do not, until the application ends."""
        annotation.start().setOn(checked)

    def setEditedNode(self, node, context=""):
        """Choose a volume from outside the panel; returns whether it can be used here.

        :param context: "provenance" shows the text of a result, "again" sets the panel as it was.
        """
        parameters = self.panel.parameterNode
        if node is None or parameters is None or node.GetClassName() != "vtkMRMLScalarVolumeNode":
            return False
        if not isResult(node):
            parameters.inputVolume = node
            return True
        parameters.resultVolume = node
        self.ui.provenanceCollapsibleButton.collapsed = False
        if context == "provenance":
            self._isShown = True
        if context == "again":
            self.onAgainButton()
        self.panel.updateSections()
        return True

    def _result(self):
        node = self.panel.parameterNode
        result = node.resultVolume if node is not None else None
        return result if result is not None and isResult(result) else None

    def _text(self, result):
        return f"{describe(result, self.panel.models)}\n\n{asJson(result)}\n"
