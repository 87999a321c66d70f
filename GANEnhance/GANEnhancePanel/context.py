"""What the sections of the panel share: widgets, worker, models, the run, the log and the settings."""

import logging
import time

import qt
import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError, InputError
from GANEnhancePanel.choices import entryNamed
from GANEnhancePanel.client import WorkerClient
from GANEnhancePanel.doubtmap import quantileOf
from GANEnhancePanel.finer.choice import finerOptions
from GANEnhancePanel.inputfiles import InputFiles
from GANEnhancePanel.modality import modalityOfNode
from GANEnhancePanel.parameters import FinerKind, Modality
from GANEnhancePanel.region.choice import regionOf
from GANEnhancePanel.region.files import RegionFiles
from GANEnhancePanel.results import Results
from GANEnhancePanel.runner import Runner
from GANEnhancePanel.task import makeTask
from GANEnhancePanel.volumes import checkInputNode

SETTINGS_PREFIX = "GANEnhance/"
AUTO = "auto"


class PanelContext:
    """Handed to each section; the widget of the module fills in `ui`, `logic` and `parameterNode`."""

    def __init__(self, logic):
        """Start no process yet."""
        self.ui = None
        self.logic = logic
        self.parameterNode = None
        self.models = []
        # Of the input volume: {name of a model: row of `check`}; {} while nothing is known.
        self.verdicts = {}
        self.sections = []
        self.client = WorkerClient()
        self.voxels = InputFiles(self.client)
        self.regions = RegionFiles(self.client)
        self.results = Results(self.client)
        self.runner = Runner(self.client, self.voxels, self.regions, self.results, self.updateSections)

    # Sections

    def section(self, kind):
        """Return the section of a class, or None."""
        return next((section for section in self.sections if isinstance(section, kind)), None)

    def tell(self, event, *arguments):
        """Call the method `event` of all sections."""
        for section in self.sections:
            getattr(section, event)(*arguments)

    def updateSections(self):
        """Let all sections show what is so."""
        self.tell("update")

    # What is chosen

    def modality(self):
        """Return the input's modality as the user or else DICOM says it, or None."""
        node = self.parameterNode
        if node is None:
            return None
        if node.modality != Modality.automatic:
            return node.modality.value
        return modalityOfNode(node.inputVolume) if node.inputVolume is not None else None

    def options(self):
        """Return the options of a run (names and values of EnhanceOptions) as the panel shows them."""
        node = self.parameterNode
        return {
            "device": self.setting("Device", AUTO),
            "strength": node.strength,
            "fidelity": None if node.useModelFidelity else node.fidelity,
            "output_type": node.voxelType.value,
        }

    def superResolution(self):
        """Return what the chosen model can refine (`super_resolution` of its row), None if nothing."""
        node = self.parameterNode
        entry = entryNamed(node.model, self.models) if node is not None else None
        return entry["super_resolution"] if entry is not None and entry["available"] else None

    def wantsDoubt(self):
        """Return whether the run of a single volume shall make a doubt map."""
        node = self.parameterNode
        return node.doubtMap and quantileOf(node.model, self.models) is not None

    def finerOptions(self, inputNode):
        """Return the options that say how fine the result of a volume shall be, {} if there is no choice.

        :raises InputError: what is chosen cannot be used.
        """
        node = self.parameterNode
        if not self.models and node.model != AUTO and node.finerKind != FinerKind.automatic:
            raise InputError(
                _("It is not known yet whether {name} can refine the grid.").format(name=node.model),
                _("Wait until the list of models is there."),
            )
        return finerOptions(node, self.superResolution(), inputNode)

    def finerObstacle(self):
        """Return what is wrong with the choice of the finer grid before anybody is asked; "" if nothing."""
        node = self.parameterNode
        try:
            if node is not None and node.inputVolume is not None and self.superResolution() is not None:
                checkInputNode(node.inputVolume)
                self.finerOptions(node.inputVolume)
        except GANEnhanceError as error:
            return str(error)
        return ""

    def makeTask(self, inputNode=None, outputNode=None, **options):
        """Return a checked EnhanceTask of what is chosen, for `inputNode` (None: the chosen input).

        :param options: values of EnhanceOptions that replace those of the panel.
        :raises GANEnhanceError: something that is chosen cannot be used.
        """
        node = self.parameterNode
        chosen = inputNode is None
        inputNode = node.inputVolume if chosen else inputNode
        checkInputNode(inputNode)
        return makeTask(
            inputNode,
            node.outputVolume if chosen else outputNode,
            model=node.model,
            modality=node.modality.value,
            options={**self.options(), **self.finerOptions(inputNode), **options},
            region=self.regionParams(inputNode),
        )

    def regionParams(self, inputNode):
        """Return the chosen region of a volume as EnhanceTask takes it; None for the whole volume.

        :raises InputError: the region that is chosen cannot be used for this volume.
        """
        return regionOf(self.parameterNode, inputNode)

    # The run

    def isRunning(self):
        """Return whether a run (of one volume or of several) is under way."""
        return self.runner.isRunning

    def run(self, task, onDone, onError, onProgress=None):
        """Run one task: `onDone(result)` or `onError(error)` is called, or nothing after a cancel.

        `onProgress(fraction, text)` replaces the panel's own progress bar and status line.
        """

        def done(result):
            onDone(result)
            self.finish(result)

        self.runner.run(task, done, onError, onProgress or self.progress)

    def finish(self, result):
        """Make a complete run the one that is judged, and tell all sections."""
        if self.parameterNode is not None:
            self.parameterNode.resultVolume = result.node
        self.tell("onResult", result)

    def cancel(self):
        """Give up whatever runs; True if something did."""
        return self.runner.cancel()

    def progress(self, fraction, text):
        """Show how far the run is (0 to 1), and what it does."""
        self.ui.progressBar.value = int(100 * fraction)
        self.status(text)

    # Words to the user

    def status(self, text):
        """Show a sentence in the status line."""
        self.ui.statusLabel.text = text

    def error(self, error):
        """Show what went wrong, in the status line and in the log."""
        text = _("Error: {text}").format(text=error)
        self.status(text)
        self.log(text)

    def log(self, text):
        """Add a line to the log, which the user can copy; it must not say anything of a patient."""
        self.ui.logTextEdit.appendPlainText(time.strftime("%H:%M:%S ") + str(text))

    # Settings of this computer

    def setting(self, name, default=""):
        """Return a text that is kept on this computer."""
        return str(slicer.util.settingsValue(SETTINGS_PREFIX + name, default))

    def setSetting(self, name, value):
        """Keep a text on this computer."""
        qt.QSettings().setValue(SETTINGS_PREFIX + name, str(value))

    # The worker

    def askForModels(self):
        """Fill the list of models anew; starts the worker if need be."""
        self.client.whenReady(self._onReady, self.error)

    def restartWorker(self):
        """End the worker and start it again: another interpreter, or other packages."""
        self.cancel()
        self.voxels.clear()
        self.regions.clear()
        self.client.stop()
        self.models = []
        self.askForModels()

    def _onReady(self):
        self.tell("onHello")
        self.client.request("models", {"folders": self.modelFolders()}, self._onModels, self.error)

    def modelFolders(self):
        """Return the folders beside the usual ones in which models are looked for."""
        folder = self.setting("ModelFolder")
        return [folder] if folder else []

    def _onModels(self, message):
        self.models = message["models"]
        logging.debug("GANEnhance: %d models.", len(self.models))
        self.tell("onModels")
        self.updateSections()

    def cleanup(self):
        """End the run, the worker and the sections for good."""
        self.cancel()
        self.tell("cleanup")
        self.results.clear()
        self.voxels.clear()
        self.client.stop()
