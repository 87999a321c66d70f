"""The GANEnhance module of 3D Slicer: enhances CT, MR and ultrasound volumes with GANs.

The module, its parameter node, panel (widget), logic and self test. The panel never computes: a worker
process does, and the panel asks it. What the parts do in detail is in the folder GANEnhancePanel.
"""

import enum
import time
import unittest
from typing import Annotated

import qt
import slicer
import vtk
from GANEnhancePanel import choices, output
from GANEnhancePanel.client import WorkerClient
from GANEnhancePanel.job import EnhanceJob
from GANEnhancePanel.library import forgetLoadedCode
from GANEnhancePanel.modality import modalityOfNode
from GANEnhancePanel.phantom import makePhantom
from GANEnhancePanel.state import buttonState, doneText
from GANEnhancePanel.task import makeTask
from GANEnhancePanel.volumes import ijkToRASArray, imageDataFromArray, runToEnd
from slicer import vtkMRMLScalarVolumeNode
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)
from slicer.util import VTKObservationMixin

HOMEPAGE = "https://github.com/GANEnhance/SlicerGANEnhance"
DEVICE_SETTING = "GANEnhance/Device"


class GANEnhance(ScriptedLoadableModule):
    """Describes the module to the application."""

    def __init__(self, parent):
        """Describe the module on `parent`."""
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("GAN Enhance")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Filtering.Denoising")]
        self.parent.dependencies = []
        self.parent.contributors = ["The GANEnhance developers (GANEnhance project)"]
        self.parent.helpText = _(
            "Removes noise from CT, MR and ultrasound volumes with a trained network or a classical filter."
            " The input is never changed; the result says which model made it, and is not for diagnosis."
            ' See the <a href="{url}">documentation</a>.'
        ).format(url=HOMEPAGE)
        self.parent.acknowledgementText = _(
            "Made by the GANEnhance developers on 3D Slicer, MONAI and OpenVINO."
        )


class Modality(enum.Enum):
    """What kind of image the input is."""

    automatic = None
    MR = "MR"
    CT = "CT"
    US = "US"

    def label(self):
        """Return the text of the combo box."""
        names = {"automatic": _("From DICOM"), "MR": _("MR"), "CT": _("CT"), "US": _("Ultrasound")}
        return names[self.name]


class VoxelType(enum.Enum):
    """The type of the result's voxels."""

    input = "input"
    float32 = "float32"

    def label(self):
        """Return the text of the combo box."""
        return {"input": _("As the input"), "float32": _("Floating point (32 bit)")}[self.name]


@parameterNodeWrapper
class GANEnhanceParameterNode:
    """The choices of the panel, kept in the scene.

    `model` is a name or "auto"; the list of models is known at run time only. `fidelity` counts where
    `useModelFidelity` is off.
    """

    inputVolume: vtkMRMLScalarVolumeNode
    outputVolume: vtkMRMLScalarVolumeNode
    model: str = "auto"
    strength: Annotated[float, WithinRange(0.0, 1.0)] = 1.0
    useModelFidelity: bool = True
    fidelity: Annotated[float, WithinRange(0.0, 1.0)] = 1.0
    modality: Modality = Modality.automatic
    voxelType: VoxelType = VoxelType.input


class GANEnhanceWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The panel: shows and keeps the choices, and runs one job at a time in the worker."""

    def __init__(self, parent=None):
        """Make an empty panel; `setup` builds it."""
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.logic = None
        self.client = None
        self.models = []
        self._job = None
        self._parameterNode = None
        self._guiTag = None

    # Life of the panel

    def setup(self):
        """Build the panel; starts no process and reads no file but the panel's own."""
        ScriptedLoadableModuleWidget.setup(self)
        panel = slicer.util.loadUI(self.resourcePath("UI/GANEnhance.ui"))
        self.layout.addWidget(panel)
        self.ui = slicer.util.childWidgetVariables(panel)
        panel.setMRMLScene(slicer.mrmlScene)
        self.logic = GANEnhanceLogic()
        self.client = WorkerClient()
        scene = slicer.mrmlScene
        self.addObserver(scene, scene.StartCloseEvent, self.onSceneStartClose)
        self.addObserver(scene, scene.EndCloseEvent, self.onSceneEndClose)
        self.addObserver(scene, scene.NodeRemovedEvent, self.onNodeRemoved)
        self.ui.enhanceButton.connect("clicked(bool)", self.onEnhanceButton)
        self.ui.modelComboBox.connect("currentIndexChanged(int)", self.onModelChosen)
        self.ui.deviceComboBox.connect("currentIndexChanged(int)", self.onDeviceChosen)
        slicer.app.connect("aboutToQuit()", self.onAboutToQuit)
        choices.fillDevices(self.ui.deviceComboBox, [], self._chosenDevice())
        self.initializeParameterNode()

    def cleanup(self):
        """The panel goes for good: end the job and the worker, leave no observer."""
        slicer.app.disconnect("aboutToQuit()", self.onAboutToQuit)
        self._cancelJob()
        self.client.stop()
        self._setParameterNode(None)
        self.removeObservers()

    def enter(self):
        """The user comes: connect the panel, and warm the worker up."""
        self.initializeParameterNode()
        self._askForModels()

    def exit(self):
        """The user leaves: a running job goes on, its volume appears when it is done."""
        self._disconnectGui()

    def onReload(self):
        """Read all files of the module again, not GANEnhance.py alone."""
        forgetLoadedCode("GANEnhancePanel", "GANEnhanceLib")
        ScriptedLoadableModuleWidget.onReload(self)

    def onAboutToQuit(self):
        """The application ends."""
        self._cancelJob()
        self.client.stop()

    # The scene

    def onSceneStartClose(self, caller, event):
        """The volumes are about to go, and with them the job."""
        if self._cancelJob():
            self._showStatus(_("Stopped, because the scene was closed."))
        self._setParameterNode(None)

    def onSceneEndClose(self, caller, event):
        """Begin anew, if the user looks at the panel."""
        if self.parent.isEntered:
            self.initializeParameterNode()

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def onNodeRemoved(self, caller, event, node):
        """Stop the job whose input is gone; send the result to a new volume if the chosen one is gone."""
        if self._job is None:
            return
        if node is self._job.task.inputNode:
            self._cancelJob()
            self._showStatus(_("Stopped, because the input volume was deleted."))
        elif node is self._job.task.outputNode:
            self._job.forgetOutputNode()

    def initializeParameterNode(self):
        """Connect the panel with the scene's parameter node; choose the first volume if none is chosen."""
        self._setParameterNode(self.logic.getParameterNode())
        if not self._parameterNode.inputVolume:
            kind = "vtkMRMLScalarVolumeNode"
            # Label maps and color volumes are of derived classes.
            volumes = [node for node in slicer.util.getNodesByClass(kind) if node.GetClassName() == kind]
            if volumes:
                self._parameterNode.inputVolume = volumes[0]

    def _setParameterNode(self, parameterNode):
        self._disconnectGui()
        self._parameterNode = parameterNode
        if parameterNode is not None:
            self._guiTag = parameterNode.connectGui(self.ui)
            self.addObserver(parameterNode, vtk.vtkCommand.ModifiedEvent, self._updatePanel)
        self._updatePanel()

    def _disconnectGui(self):
        if self._guiTag is not None:
            self._parameterNode.disconnectGui(self._guiTag)
            self._guiTag = None
            self.removeObserver(self._parameterNode, vtk.vtkCommand.ModifiedEvent, self._updatePanel)

    def isRunning(self):
        """Return whether a job runs."""
        return self._job is not None

    # What the panel shows

    def _updatePanel(self, caller=None, event=None):
        """Bring everything that the parameter node's own connection does not keep up to date."""
        node, running = self._parameterNode, self.isRunning()
        if node is not None:
            choices.fillModels(self.ui.modelComboBox, self.models, node.model)
            hasInput = node.inputVolume is not None
            note = choices.describeModel(node.model, self.models, hasInput, self._modality())
            self.ui.modelNoteLabel.text = note
            self._updateFidelity()
        state = buttonState(node, self.models, running)
        self.ui.enhanceButton.text = state.text
        self.ui.enhanceButton.toolTip = state.toolTip
        self.ui.enhanceButton.enabled = state.enabled
        self.ui.progressBar.visible = running

    def _updateFidelity(self):
        node = self._parameterNode
        model = choices.entryNamed(node.model, self.models)
        advised = model["fidelity_default"] if model is not None else None
        self.ui.fidelitySlider.enabled = not node.useModelFidelity
        if node.useModelFidelity and advised is not None and node.fidelity != advised:
            node.fidelity = float(advised)

    def _modality(self):
        """What is known of the input's modality: the user's choice, else what DICOM says, else None."""
        node = self._parameterNode
        if node.modality != Modality.automatic:
            return node.modality.value
        return modalityOfNode(node.inputVolume) if node.inputVolume is not None else None

    def _showStatus(self, text):
        self.ui.statusLabel.text = text

    def _showError(self, error):
        self._showStatus(_("Error: {text}").format(text=error))

    # Choices that are not widgets of the parameter node

    def onModelChosen(self, index):
        """Keep the chosen model in the scene."""
        if self._parameterNode is not None and index >= 0:
            self._parameterNode.model = self.ui.modelComboBox.itemData(index)

    def onDeviceChosen(self, index):
        """Keep the chosen device on this computer."""
        if index >= 0:
            qt.QSettings().setValue(DEVICE_SETTING, self.ui.deviceComboBox.itemData(index))

    def _chosenDevice(self):
        return str(slicer.util.settingsValue(DEVICE_SETTING, choices.AUTO))

    def _askForModels(self):
        """Fill the lists of models and devices, unless they are known; starts the worker."""
        if not self.models:
            self.client.whenReady(self._onWorkerReady, self._showError)

    def _onWorkerReady(self):
        choices.fillDevices(self.ui.deviceComboBox, self.client.hello["devices"], self._chosenDevice())
        self.client.request("models", {}, onResult=self._onModels, onError=self._showError)

    def _onModels(self, message):
        self.models = message["models"]
        self._updatePanel()

    # The job

    def onEnhanceButton(self, checked=False):
        """Start a job, or cancel the one that runs."""
        if self._cancelJob():
            self._showStatus(_("Canceled. No volume was made."))
            return
        from GANEnhanceLib.errors import GANEnhanceError

        try:
            task = self._makeTask()
        except GANEnhanceError as error:
            self._showError(error)
            return
        self._job = EnhanceJob(self.client, task, self._onProgress, self._onDone, self._onError)
        self._updatePanel()
        self._askForModels()
        self._job.start()

    def _makeTask(self):
        node = self._parameterNode
        return makeTask(
            node.inputVolume,
            node.outputVolume,
            model=node.model,
            modality=node.modality.value,
            options={
                "device": self._chosenDevice(),
                "strength": node.strength,
                "fidelity": None if node.useModelFidelity else node.fidelity,
                "output_type": node.voxelType.value,
            },
        )

    def _cancelJob(self):
        """Give up the running job; True if there was one."""
        job, self._job = self._job, None
        if job is None:
            return False
        job.cancel()
        self._updatePanel()
        return True

    def _onProgress(self, fraction, text):
        self.ui.progressBar.value = int(100 * fraction)
        self._showStatus(text)

    def _onDone(self, node, report):
        job, self._job = self._job, None
        output.showInPlaceOf(job.task.inputNode, node)
        self._updatePanel()
        self._showStatus(doneText(node, report))

    def _onError(self, error):
        self._job = None
        self._updatePanel()
        self._showError(error)


class GANEnhanceLogic(ScriptedLoadableModuleLogic):
    """Enhances volumes from scripts: MRML in, MRML out, no Qt; the computing is done by a worker process.

    enhanced = GANEnhanceLogic().enhance(slicer.util.getNode("MRHead"), model="mr-denoise")
    """

    def getParameterNode(self):
        """Return the typed parameter node of the scene."""
        return GANEnhanceParameterNode(super().getParameterNode())

    def enhance(
        self,
        inputVolume,
        outputVolume=None,
        model="auto",
        *,
        modality=None,
        session=None,
        onProgress=None,
        cancelled=None,
        **options,
    ):
        """Enhance a volume and return the output node; blocks until it is complete.

        :param inputVolume: scalar volume node; it is never changed.
        :param outputVolume: the node that gets the result; None makes a new one.
        :param model: name of a model, path of a bundle, or "auto" (by modality).
        :param modality: "MR", "CT" or "US"; None takes what DICOM says, if anything does.
        :param session: an open `GANEnhanceLib.worker_session.WorkerSession`, to enhance several volumes
            with one warm worker; None starts one for this call.
        :param onProgress: called with the worker's progress messages (dicts with stage, fraction,
            seconds_left).
        :param cancelled: called often; the work stops when it returns True.
        :param options: strength, fidelity, device, roi ... of
            `GANEnhanceLib.inference.options.EnhanceOptions`.
        :raises GANEnhanceError: one sentence that says what is wrong, and what to do; no node is made or
            changed.
        """
        from GANEnhanceLib.worker_session import WorkerSession

        task = makeTask(inputVolume, outputVolume, model, modality, options)
        if session is None:
            with WorkerSession() as ownSession:
                voxels, report = self._run(task, ownSession, onProgress, cancelled)
        else:
            voxels, report = self._run(task, session, onProgress, cancelled)
        return output.makeOutput(task, runToEnd(imageDataFromArray(voxels)), report)

    @staticmethod
    def _run(task, session, onProgress, cancelled):
        """Return the enhanced voxels (k, j, i) and the report."""
        from GANEnhanceLib.volume import Volume

        volume = Volume(slicer.util.arrayFromVolume(task.inputNode), task.ijkToRAS, task.modality)
        enhanced, report = session.enhance(volume, task.model, task.options, onProgress, cancelled)
        return enhanced.voxels, report


class GANEnhanceTest(ScriptedLoadableModuleTest):
    """Self test: the real worker enhances a tiny phantom, asked by the logic and by the panel."""

    SECONDS = 120

    def setUp(self):
        """Begin with an empty scene."""
        slicer.mrmlScene.Clear(0)

    def runTest(self, **kwargs):
        """Run all tests, as "Reload and Test" does; one that cannot run here says why."""
        for name in ("test_ClassicalModel", "test_NetworkModel", "test_Panel", "test_BadInput"):
            self.setUp()
            try:
                getattr(self, name)()
            except unittest.SkipTest as reason:
                self.delayDisplay(f"{name}: {reason}")

    def check(self, source, result, before):
        """Check that the result is enhanced, in the input's place, and that the input is what it was."""
        import numpy as np

        self.assertTrue(np.array_equal(slicer.util.arrayFromVolume(source), before))
        after = slicer.util.arrayFromVolume(result)
        self.assertEqual((after.shape, after.dtype), (before.shape, before.dtype))
        middle = np.s_[2:-2, 10:14, 14:18]
        self.assertLess(np.std(after[middle]), np.std(before[middle]))
        np.testing.assert_allclose(ijkToRASArray(result), ijkToRASArray(source), rtol=0, atol=1e-6)
        self.assertEqual(result.GetNodeReference(output.SOURCE_ROLE), source)
        self.assertTrue(result.GetAttribute("GANEnhance.ModelHash"))

    def test_ClassicalModel(self):
        """The logic enhances with a filter that needs no backend."""
        self.delayDisplay("A classical filter")
        source = makePhantom()
        before = slicer.util.arrayFromVolume(source).copy()
        self.check(source, GANEnhanceLogic().enhance(source, model="median"), before)

    def test_NetworkModel(self):
        """The logic enhances with the shipped network, where a backend is installed."""
        from GANEnhanceLib.worker_session import WorkerSession

        self.delayDisplay("The shipped network")
        with WorkerSession() as session:
            model = choices.entryNamed("mr-denoise", session.models())
            if model is None or not model["available"]:
                self.skipTest(model["reason"] if model else "mr-denoise is not installed")
            source = makePhantom()
            before = slicer.util.arrayFromVolume(source).copy()
            result = GANEnhanceLogic().enhance(source, model="auto", modality="MR", session=session)
        self.assertEqual(result.GetAttribute("GANEnhance.Model"), "mr-denoise")
        self.check(source, result, before)

    def test_Panel(self):
        """A user chooses, presses Enhance, and gets a volume."""
        self.delayDisplay("The panel")
        source = makePhantom()
        before = slicer.util.arrayFromVolume(source).copy()
        representation = slicer.modules.ganenhance.widgetRepresentation()
        isShown = representation.isEntered
        representation.enter()
        panel = representation.self()
        self.waitFor(lambda: panel.models)
        panel.ui.inputSelector.setCurrentNode(source)
        panel.ui.modelComboBox.setCurrentIndex(panel.ui.modelComboBox.findData("median"))
        panel.ui.enhanceButton.click()
        self.waitFor(lambda: not panel.isRunning())
        if not isShown:
            representation.exit()
        volumes = slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")
        results = [node for node in volumes if node is not source]
        self.assertEqual(len(results), 1, panel.ui.statusLabel.text)
        self.check(source, results[0], before)

    def test_BadInput(self):
        """A volume without voxels is refused with a sentence, and no node is made."""
        from GANEnhanceLib.errors import InputError

        self.delayDisplay("Bad input")
        empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode")
        with self.assertRaises(InputError):
            GANEnhanceLogic().enhance(empty, model="median")
        self.assertEqual(len(slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")), 1)

    def waitFor(self, condition):
        """Let the application live until the condition holds."""
        end = time.monotonic() + self.SECONDS
        while not condition():
            self.assertLess(time.monotonic(), end, "the panel does not answer")
            slicer.app.processEvents()
