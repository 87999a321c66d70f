"""The GANEnhance module of 3D Slicer: enhances CT, MR and ultrasound volumes with GANs.

The module, its parameter node, panel (widget), logic and self test. The panel never computes: a worker
process does, and the panel asks it. What the parts do in detail is in the folder GANEnhancePanel.
"""

import time
import unittest

import slicer
import vtk
from GANEnhancePanel import choices, output
from GANEnhancePanel.context import PanelContext
from GANEnhancePanel.helppages import HOMEPAGE, page
from GANEnhancePanel.library import forgetLoadedCode
from GANEnhancePanel.observing import ObserverMixin
from GANEnhancePanel.parameters import GANEnhanceParameterNode
from GANEnhancePanel.phantom import makePhantom
from GANEnhancePanel.scripting import EnhanceHandle, waitFor
from GANEnhancePanel.sections import makeSections
from GANEnhancePanel.sequences import sourceOf
from GANEnhancePanel.taborder import setTabOrder
from GANEnhancePanel.talks.reference import makeReference
from GANEnhancePanel.talks.region import regionFrom
from GANEnhancePanel.talks.sequencetalk import enhanceFrames, makeSequenceTask
from GANEnhancePanel.talks.volumetalk import enhanceVolume
from GANEnhancePanel.task import makeTask
from GANEnhancePanel.volumes import checkInputNode, ijkToRASArray
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)

from GANEnhanceLib.errors import InputError


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
            ' See the <a href="{tutorial}">tutorial</a>, the'
            ' <a href="{troubleshooting}">troubleshooting page</a>'
            ' and the <a href="{url}">documentation</a>.'
        ).format(tutorial=page("tutorial"), troubleshooting=page("troubleshooting"), url=HOMEPAGE)
        self.parent.acknowledgementText = _(
            "Made by the GANEnhance developers on 3D Slicer, MONAI and OpenVINO."
        )
        slicer.app.connect("startupCompleted()", onStartupCompleted)


def onStartupCompleted():
    """The application is up: begin what belongs to every session, whether or not the panel is opened."""
    from GANEnhancePanel.provenance.startup import startup
    from GANEnhancePanel.samples import registerSamples

    slicer.app.disconnect("startupCompleted()", onStartupCompleted)
    startup()
    registerSamples()


class GANEnhanceWidget(ScriptedLoadableModuleWidget, ObserverMixin):
    """The panel: loads its parts and tells them what happens; the parts (sections) do the rest."""

    def __init__(self, parent=None):
        """Make an empty panel; `setup` builds it."""
        ScriptedLoadableModuleWidget.__init__(self, parent)
        ObserverMixin.__init__(self)
        self.logic = None
        self.panel = None
        self._guiTag = None
        self._inputVolume = None
        self._inputTime = None
        self._isCleanedUp = False

    @property
    def ui(self):
        """All widgets of the panel, by name."""
        return self.panel.ui

    @property
    def client(self):
        """The connection with the worker process."""
        return self.panel.client

    @property
    def models(self):
        """The models that the worker knows; empty while it has not said."""
        return self.panel.models

    def isRunning(self):
        """Return whether a run is under way."""
        return self.panel.isRunning()

    # Life of the panel

    def setup(self):
        """Build the panel; starts no process and reads no file but the panel's own."""
        ScriptedLoadableModuleWidget.setup(self)
        self.logic = GANEnhanceLogic()
        self.panel = PanelContext(self.logic)
        self.panel.sections = makeSections(self.panel)
        root = slicer.util.loadUI(self.resourcePath("UI/GANEnhance.ui"))
        self.layout.addWidget(root)
        roots = [root, *self._loadSections(slicer.util.childWidgetVariables(root))]
        self.panel.ui = slicer.util.childWidgetVariables(root)
        for each in roots:
            each.setMRMLScene(slicer.mrmlScene)
        setTabOrder(root)
        scene = slicer.mrmlScene
        self.addObserver(scene, scene.StartCloseEvent, self.onSceneStartClose)
        self.addObserver(scene, scene.EndCloseEvent, self.onSceneEndClose)
        self.addObserver(scene, scene.EndImportEvent, self.onSceneEndImport)
        self.addObserver(scene, scene.NodeRemovedEvent, self.onNodeRemoved)
        slicer.app.connect("aboutToQuit()", self.onAboutToQuit)
        self.panel.tell("setup")
        self.initializeParameterNode()

    def _loadSections(self, places):
        """Put the file of each section into its place; returns the roots of the files."""
        roots = []
        for section in self.panel.sections:
            if section.uiFile is not None:
                roots.append(slicer.util.loadUI(self.resourcePath("UI/" + section.uiFile)))
                getattr(places, section.place).layout().addWidget(roots[-1])
        return roots

    def cleanup(self):
        """The panel goes for good, once: end the job and the worker, leave no observer."""
        if self._isCleanedUp:
            return
        self._isCleanedUp = True
        slicer.app.disconnect("aboutToQuit()", self.onAboutToQuit)
        self._setParameterNode(None)
        self.panel.cleanup()
        self.removeObservers()

    def enter(self):
        """The user comes: connect the panel, and warm the worker up."""
        self.initializeParameterNode()
        self.panel.tell("enter")
        if not self.panel.models:
            self.panel.askForModels()

    def exit(self):
        """The user leaves: a running job goes on, its volume appears when it is done."""
        self.panel.tell("exit")
        self._disconnectGui()

    def setEditedNode(self, node, role="", context=""):
        """Another part of the application opens the panel for a volume; returns whether it can be used."""
        from GANEnhancePanel.provenance.section import ProvenanceSection

        return self.panel.section(ProvenanceSection).setEditedNode(node, context)

    def onReload(self):
        """Read all files of the module again, not GANEnhance.py alone."""
        # This panel ends while its own code is still there: mixed with new code it would not know its errors.
        self.cleanup()
        forgetLoadedCode("GANEnhancePanel", "GANEnhanceLib")
        ScriptedLoadableModuleWidget.onReload(self)

    def onAboutToQuit(self):
        """The application ends."""
        self.panel.cancel()
        self.panel.client.stop()

    # The scene

    def onSceneStartClose(self, caller, event):
        """The volumes are about to go, and with them the job."""
        if self.panel.cancel():
            self.panel.status(_("Stopped, because the scene was closed."))
        self.panel.tell("onSceneClosing")
        self._setParameterNode(None)
        self.panel.results.clear()
        self.panel.voxels.clear()

    def onSceneEndClose(self, caller, event):
        """Begin anew, if the user looks at the panel."""
        if self.parent.isEntered:
            self.initializeParameterNode()

    def onSceneEndImport(self, caller, event):
        """Show what the loaded scene says, if the user looks at the panel."""
        if self.parent.isEntered:
            self.initializeParameterNode()

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def onNodeRemoved(self, caller, event, node):
        """Stop the job whose input is gone; send the result to a new volume if the chosen one is gone."""
        task = self.panel.runner.task
        if task is not None and node is task.inputNode and self.panel.runner.isSeveral:
            self.panel.runner.fail(InputError(_("The input volume was deleted.")))
        elif task is not None and node is task.inputNode:
            self.panel.cancel()
            self.panel.status(_("Stopped, because the input volume was deleted."))
        elif task is not None and node is task.outputNode:
            self.panel.runner.forgetOutputNode()
        self.panel.results.forget(node)
        self.panel.results.forgetSource(node)
        self.panel.voxels.forget(node)
        self.panel.tell("onNodeRemoved", node)

    def initializeParameterNode(self):
        """Connect the panel with the scene's parameter node; choose the first volume if none is chosen."""
        self._setParameterNode(self.logic.getParameterNode())
        node = self.panel.parameterNode
        if not node.inputVolume:
            kind = "vtkMRMLScalarVolumeNode"
            # Label maps and color volumes are of derived classes.
            volumes = [each for each in slicer.util.getNodesByClass(kind) if each.GetClassName() == kind]
            if volumes:
                node.inputVolume = volumes[0]

    def _setParameterNode(self, parameterNode):
        self._disconnectGui()
        self.panel.parameterNode = parameterNode
        if parameterNode is not None:
            self._guiTag = parameterNode.connectGui(self.ui)
            self.addObserver(parameterNode, vtk.vtkCommand.ModifiedEvent, self._onParametersModified)
        self.panel.tell("onParameterNode")
        self._onParametersModified()

    def _disconnectGui(self):
        if self._guiTag is not None:
            node = self.panel.parameterNode
            node.disconnectGui(self._guiTag)
            self._guiTag = None
            self.removeObserver(node, vtk.vtkCommand.ModifiedEvent, self._onParametersModified)
        self._observeInput(None)

    def _onParametersModified(self, caller=None, event=None):
        node = self.panel.parameterNode
        self._observeInput(node.inputVolume if node is not None else None)
        self.panel.updateSections()

    def _observeInput(self, node):
        """Follow the chosen input: another volume, or other voxels in it."""
        if node is self._inputVolume:
            return
        # Scripts that write into the array of a volume say no more than Modified.
        events = (slicer.vtkMRMLVolumeNode.ImageDataModifiedEvent, vtk.vtkCommand.ModifiedEvent)
        for event in events:
            if self._inputVolume is not None:
                self.removeObserver(self._inputVolume, event, self._onInputModified)
            if node is not None:
                self.addObserver(node, event, self._onInputModified)
        self._inputVolume, self._inputTime = node, None
        self._onInputModified()

    def _onInputModified(self, caller=None, event=None):
        image = self._inputVolume.GetImageData() if self._inputVolume is not None else None
        voxelTime = image.GetMTime() if image is not None else 0
        if voxelTime == self._inputTime:
            return
        self._inputTime = voxelTime
        task = self.panel.runner.task
        self.panel.voxels.keepOnly([self._inputVolume, task.inputNode if task is not None else None])
        self.panel.tell("onInputChanged")


class GANEnhanceLogic(ScriptedLoadableModuleLogic):
    """Enhances volumes and sequences from scripts: MRML in, MRML out; a worker process does the computing.

    enhanced = GANEnhanceLogic().enhance(slicer.util.getNode("MRHead"), model="mr-denoise")

    Docs/scripting.md has examples.
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
        region=None,
        regionFeather=0.0,
        referenceVolume=None,
        dataRange=None,
        wait=True,
        session=None,
        onProgress=None,
        cancelled=None,
        onDone=None,
        onError=None,
        **options,
    ):
        """Enhance a volume: returns the output node, or a handle at once if `wait` is False.

        :param inputVolume: scalar volume node; it is never changed.
        :param outputVolume: the node that gets the result; None makes a new one.
        :param model: name of a model, path of a bundle, or "auto" (by modality).
        :param modality: "MR", "CT" or "US"; None takes what DICOM says, if anything does.
        :param region: a markups ROI, a label map, (label map, label) or (segmentation, segment ID): outside
            of it the voxels stay exactly the input's. None enhances all.
        :param regionFeather: width in mm over which the change fades out at the region's border.
        :param referenceVolume: volume on the result's grid that input and result are measured against:
            `measures` of the report.
        :param dataRange: range of values for PSNR and SSIM; None takes that of the reference.
        :param wait: True blocks until the node is complete. False returns an
            `GANEnhancePanel.scripting.EnhanceHandle`; the work goes on while the application lives.
        :param session: a warm worker for several calls: an open
            `GANEnhanceLib.worker_session.WorkerSession`, or, where `wait` is False, a
            `GANEnhancePanel.client.WorkerClient`. None starts a worker for this call.
        :param onProgress: called with progress messages (dicts with stage, fraction, seconds_left).
        :param cancelled: called often; the work stops when it returns True.
        :param onDone: called with (node, report) when the node is complete.
        :param onError: called with the error if `wait` is False.
        :param options: strength, fidelity, device, roi ... of
            `GANEnhanceLib.inference.options.EnhanceOptions`; `like` may be a volume node.
        :raises GANEnhanceError: one sentence that says what is wrong, and what to do; no node is made or
            changed.
        """
        checkInputNode(inputVolume)
        region = regionFrom(region, inputVolume, regionFeather)
        task = makeTask(inputVolume, outputVolume, model, modality, options, region, keep=False)
        talk = enhanceVolume(task, makeReference(referenceVolume, inputVolume, dataRange))
        if wait:
            return waitFor(talk, session, onProgress, cancelled, onDone)
        return EnhanceHandle(talk, [inputVolume], session, onProgress, cancelled, onDone, onError)

    def enhanceSequence(
        self,
        inputSequence,
        model="auto",
        *,
        frames=None,
        modality=None,
        region=None,
        regionFeather=0.0,
        wait=True,
        session=None,
        onProgress=None,
        cancelled=None,
        onDone=None,
        onError=None,
        **options,
    ):
        """Enhance frames of a sequence: returns a new sequence node, or a handle at once if `wait` is False.

        The new sequence has the index of the input's and is played together with it. All frames have the
        intensity scaling of the first one. The parameters are those of `enhance`, but:

        :param inputSequence: sequence node of scalar volumes, or the volume that shows one (its proxy).
        :param frames: numbers of the frames, from 0 (`range(10, 20)`); None means all.
        :raises GANEnhanceError: one sentence; it names the frame that cannot be enhanced. No node is made.
        """
        source = sourceOf(inputSequence)
        task = makeSequenceTask(source, frames, model, modality, options, region, regionFeather)
        if wait:
            return waitFor(enhanceFrames(task), session, onProgress, cancelled, onDone)
        inputs = [source.sequence]
        return EnhanceHandle(enhanceFrames(task), inputs, session, onProgress, cancelled, onDone, onError)


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
