"""The middle of the panel: input, strength, fidelity, device, output, the Enhance button and what it says."""

import qt
import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhancePanel import choices, output
from GANEnhancePanel.doubtmap import quantileOf
from GANEnhancePanel.helppages import openPage, page
from GANEnhancePanel.section import Section
from GANEnhancePanel.state import buttonState, doneText


class MainSection(Section):
    """Shows and keeps the choices that every run needs, and runs the chosen volume."""

    def setup(self):
        """Connect the widgets of the main file."""
        for selector in vars(self.ui).values():
            if isinstance(selector, slicer.qMRMLNodeComboBox):
                # Names may be longer than the panel is wide.
                selector.sizeAdjustPolicy = qt.QComboBox.AdjustToMinimumContentsLengthWithIcon
        self.ui.enhanceButton.connect("clicked(bool)", self.onEnhanceButton)
        self.ui.deviceComboBox.connect("currentIndexChanged(int)", self.onDeviceChosen)
        self.ui.copyLogButton.connect("clicked(bool)", self.onCopyLog)
        self._fillDevices([])
        self.ui.helpLabel.connect("linkActivated(QString)", openPage)
        self.ui.helpLabel.text = _(
            'Help: <a href="{tutorial}">tutorial</a>, <a href="{troubleshooting}">troubleshooting</a>,'
            ' <a href="{trust}">what to trust</a>'
        ).format(tutorial=page("tutorial"), troubleshooting=page("troubleshooting"), trust=page("trust"))

    # What is shown

    def update(self):
        """Bring everything that the parameter node's own connection does not keep up to date."""
        panel, node = self.panel, self.panel.parameterNode
        if node is not None:
            self._updateFidelity(node)
            self._updateDoubt(node)
        obstacle = panel.finerObstacle()
        state = buttonState(node, panel.models, panel.isRunning(), panel.verdicts, obstacle)
        self.ui.enhanceButton.text = state.text
        self.ui.enhanceButton.toolTip = state.toolTip
        self.ui.enhanceButton.enabled = state.enabled
        self.ui.progressBar.visible = panel.isRunning()

    def _updateDoubt(self, node):
        share = quantileOf(node.model, self.panel.models)
        self.ui.doubtCheckBox.enabled = share is not None
        if share is None:
            why = _("The chosen model has no doubt map.")
            if node.model == choices.AUTO:
                why = _("Choose a model by its name: not every one has a doubt map.")
            self.ui.doubtCheckBox.toolTip = why
            return
        self.ui.doubtCheckBox.toolTip = _(
            "Make a second volume beside the result: how far each voxel may be wrong, in the units of the"
            " input. {share:.0%} of the errors shall lie below it, as measured on a few volumes like those of"
            " the training; it is an estimate, no proof. Made for a single volume, not by preview, batch or"
            " sequence, and for the strength of the run."
        ).format(share=share)

    def _updateFidelity(self, node):
        model = choices.entryNamed(node.model, self.panel.models)
        advised = model["fidelity_default"] if model is not None else None
        self.ui.fidelitySlider.enabled = not node.useModelFidelity
        if node.useModelFidelity and advised is not None and node.fidelity != advised:
            node.fidelity = float(advised)

    def onHello(self):
        """The worker says which devices there are."""
        self._fillDevices(self.panel.client.hello["devices"])

    def _fillDevices(self, devices):
        choices.fillDevices(self.ui.deviceComboBox, devices, self.panel.setting("Device", choices.AUTO))

    # What the user does

    def onDeviceChosen(self, index):
        """Keep the chosen device on this computer."""
        if index >= 0:
            self.panel.setSetting("Device", self.ui.deviceComboBox.itemData(index))
            self.panel.updateSections()

    def onCopyLog(self, checked=False):
        """Put the log on the clipboard."""
        slicer.app.clipboard().setText(self.ui.logTextEdit.plainText)
        self.panel.status(_("The log is on the clipboard."))

    def onEnhanceButton(self, checked=False):
        """Start a job, or cancel what runs."""
        if self.panel.isRunning():
            # Said first: a section that runs several volumes says more.
            self.panel.status(_("Canceled. No volume was made."))
            self.panel.log(_("Canceled."))
            self.panel.cancel()
            return
        if any(section.onEnhance() for section in self.panel.sections):
            return
        try:
            task = self.panel.makeTask(doubt=self.panel.wantsDoubt())
        except GANEnhanceError as error:
            self.panel.error(error)
            return
        self.panel.run(task, self._onDone, self.panel.error)
        if not self.panel.models:
            self.panel.askForModels()

    def _onDone(self, result):
        output.showInPlaceOf(result.source, result.node)
        text = doneText(result.node, result.report)
        self.panel.status(text)
        self.panel.log(text)
