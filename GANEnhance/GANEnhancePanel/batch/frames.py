"""The row of the panel that says which frames of a sequence are enhanced, and their run."""

import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhancePanel import output
from GANEnhancePanel.parameters import FrameChoice
from GANEnhancePanel.results import Result
from GANEnhancePanel.section import Section
from GANEnhancePanel.sequences import (
    colorError,
    colorSequence,
    sequenceOfProxy,
    severalFramesError,
    sourceOf,
)
from GANEnhancePanel.state import doneText, progressText
from GANEnhancePanel.talks.conversation import Conversation
from GANEnhancePanel.talks.sequencetalk import enhanceFrames, makeSequenceTask


class FramesSection(Section):
    """Shows the row where the input volume shows a sequence; runs more than one frame as a sequence.

    Its widgets are in the file of the BatchSection.
    """

    def __init__(self, panel):
        """Run nothing yet."""
        Section.__init__(self, panel)
        self._conversation = None
        self._source = None

    def setup(self):
        """Connect the widgets."""
        self.ui.firstFrameSpinBox.connect("valueChanged(int)", self.onFirstChanged)
        self.ui.lastFrameSpinBox.connect("valueChanged(int)", self.onLastChanged)

    # What is shown

    def update(self):
        """Show the row and the range where there is something to choose."""
        node = self.panel.parameterNode
        source = sequenceOfProxy(node.inputVolume) if node is not None else None
        self.ui.framesWidget.visible = source is not None
        self.ui.frameRangeWidget.visible = node is not None and node.frames == FrameChoice.range
        self._showNote()
        if source is None:
            return
        first, last = self._range(source)
        self._showNumber(self.ui.firstFrameSpinBox, first, source.count)
        self._showNumber(self.ui.lastFrameSpinBox, last, source.count)

    @staticmethod
    def _showNumber(spinBox, number, count):
        """Show a frame's number (from 0) as people count."""
        spinBox.blockSignals(True)
        spinBox.maximum = count
        spinBox.value = number + 1
        spinBox.blockSignals(False)

    def _showNote(self):
        """Say why a color cine is not among the input volumes."""
        node = self.panel.parameterNode
        scene = node.parameterNode.GetScene() if node is not None else None
        sequence = colorSequence(scene) if scene is not None else None
        self.ui.framesNoteLabel.visible = sequence is not None
        self.ui.framesNoteLabel.text = "" if sequence is None else str(colorError(sequence))

    # What the user does

    def onFirstChanged(self, value):
        """Keep the range in order."""
        self._keepRange(value - 1, max(self.ui.lastFrameSpinBox.value, value) - 1)

    def onLastChanged(self, value):
        """Keep the range in order."""
        self._keepRange(min(self.ui.firstFrameSpinBox.value, value) - 1, value - 1)

    def _keepRange(self, first, last):
        node = self.panel.parameterNode
        if node is not None:
            with slicer.util.NodeModify(node.parameterNode):
                node.firstFrame, node.lastFrame = first, last

    def _range(self, source):
        """Return the first and last frame (from 0) of the range, as far as the sequence has them."""
        node, end = self.panel.parameterNode, source.count - 1
        last = end if node.lastFrame < 0 else min(node.lastFrame, end)
        return min(node.firstFrame, last), last

    # The run

    def onEnhance(self):
        """Run the chosen frames; False where only the one that is shown is wanted."""
        node, panel = self.panel.parameterNode, self.panel
        source = sequenceOfProxy(node.inputVolume)
        if source is None or node.frames == FrameChoice.shown:
            return False
        try:
            if panel.superResolution() is not None:
                raise severalFramesError()
            task = panel.makeTask(node.inputVolume)
            sequenceTask = makeSequenceTask(
                source, self._numbers(source), task.model, task.modality, task.options.to_dict(), task.region
            )
        except GANEnhanceError as error:
            panel.error(error)
            return True
        self._source = source
        self._conversation = Conversation(
            panel.client,
            enhanceFrames(sequenceTask),
            self._onProgress,
            lambda value: self._onDone(task, *value),
            self._onError,
        )
        panel.runner.begin(self._cancel)
        self._conversation.start()
        return True

    def _numbers(self, source):
        if self.panel.parameterNode.frames == FrameChoice.all:
            return None
        first, last = self._range(source)
        return range(first, last + 1)

    def _onProgress(self, message):
        text = progressText(message)
        if "frame" in message:
            text = _("Frame {number} of {count}: {text}").format(
                number=message["frame"], count=message["frames"], text=text
            )
        self.panel.progress(message["fraction"], text)

    def _onDone(self, task, sequence, report):
        self._forget()
        self.panel.runner.end()
        text = doneText(sequence, report) + " " + flickerText(report)
        made = sourceOf(sequence)
        proxy = made.proxy
        if proxy is not None:
            _showEnhancedFrame(made.browser, report["frames"]["numbers"])
            output.showInPlaceOf(task.inputNode, proxy)
        self.panel.status(text)
        self.panel.log(text)
        if proxy is not None:
            result = Result(proxy, task.inputNode, task, report, None, self.panel.client.folder)
            self.panel.results.add(result)
            self.panel.finish(result)

    def _onError(self, error):
        self._forget()
        self.panel.runner.end()
        self.panel.error(error)

    def _cancel(self):
        self._conversation.cancel()
        self._forget()

    def _forget(self):
        """Let go of the frames."""
        self._conversation = self._source = None

    def onNodeRemoved(self, node):
        """The sequence is gone, and with it the run."""
        if self._source is not None and node is self._source.sequence:
            self.panel.cancel()
            self.panel.status(_("Stopped, because the sequence was deleted."))


def _showEnhancedFrame(browser, numbers):
    """Go to the first frame that was enhanced, unless one of them is shown: the others are empty."""
    if browser.GetSelectedItemNumber() not in numbers:
        browser.SetSelectedItemNumber(numbers[0])


def flickerText(report):
    """Return what the status line says of the frames and their flicker."""
    text = _("{count} frames.").format(count=report["frames"]["count"])
    before, after = report["flicker"]["before"], report["flicker"]["after"]
    if before is None or after is None:
        return text
    return (
        text
        + " "
        + _("Flicker: {before} before, {after} after.").format(before=f"{before:.4g}", after=f"{after:.4g}")
    )
