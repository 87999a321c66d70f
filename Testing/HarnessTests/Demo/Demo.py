"""A small scripted module, to test the harness itself: everything the harness promises, once."""

import enum
from typing import Annotated

import qt
import slicer
import vtk
from slicer import vtkMRMLScalarVolumeNode
from slicer.i18n import tr as _
from slicer.parameterNodeWrapper import Choice, WithinRange, parameterNodeWrapper
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)
from slicer.util import VTKObservationMixin


class Demo(ScriptedLoadableModule):
    """The module."""

    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        parent.title = _("Demo")
        parent.categories = ["Testing"]
        parent.contributors = ["The GANEnhance developers"]
        parent.helpText = _("Multiplies the voxels of a volume.")
        parent.acknowledgementText = _("Made to test the harness.")


class Rounding(enum.Enum):
    """How the result is rounded."""

    nearest = 1
    down = 2

    def label(self):
        """Text of the combo box."""
        return self.name.capitalize()


@parameterNodeWrapper
class DemoParameterNode:
    """The choices of the panel."""

    inputVolume: vtkMRMLScalarVolumeNode
    factor: Annotated[float, WithinRange(0, 4)] = 1.5
    axis: Annotated[str, Choice(["k", "j", "i"])] = "j"
    rounding: Rounding = Rounding.nearest
    copyDisplay: bool = True


class DemoWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The panel."""

    def __init__(self, parent=None):
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.parameterNode, self.guiTag, self.timer = None, None, None

    def setup(self):
        """Build the panel."""
        ScriptedLoadableModuleWidget.setup(self)
        panel = slicer.util.loadUI(self.resourcePath("UI/Demo.ui"))
        self.layout.addWidget(panel)
        self.ui = slicer.util.childWidgetVariables(panel)
        panel.setMRMLScene(slicer.mrmlScene)
        self.logic = DemoLogic()
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.StartCloseEvent, self.onSceneStartClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndCloseEvent, self.onSceneEndClose)
        self.ui.applyButton.connect("clicked(bool)", self.onApply)
        self.timer = qt.QTimer()
        self.timer.setInterval(1)
        self.timer.connect("timeout()", self.onTick)
        self.setParameterNode(self.logic.getParameterNode())

    def setParameterNode(self, node):
        """Follow another parameter node, or none."""
        if self.parameterNode is not None:
            self.parameterNode.disconnectGui(self.guiTag)
            self.removeObserver(self.parameterNode, vtk.vtkCommand.ModifiedEvent, self.update)
        self.parameterNode = node
        if node is not None:
            self.guiTag = node.connectGui(self.ui)
            self.addObserver(node, vtk.vtkCommand.ModifiedEvent, self.update)
            self.update()

    def update(self, caller=None, event=None):
        """Enable the button if there is an input."""
        self.ui.applyButton.enabled = self.parameterNode.inputVolume is not None

    def onSceneStartClose(self, caller, event):
        """Let go of the node."""
        self.setParameterNode(None)

    def onSceneEndClose(self, caller, event):
        """Take the new node if the user is here."""
        if self.parent.isEntered:
            self.setParameterNode(self.logic.getParameterNode())

    def onApply(self):
        """Start; the work is done in the event loop."""
        if self.parameterNode.factor == 0:
            raise ValueError("nothing would be left")
        self.timer.start()

    def onTick(self):
        """Do the work."""
        self.timer.stop()
        output = self.logic.multiply(self.parameterNode.inputVolume, self.parameterNode.factor)
        self.ui.statusLabel.text = output.GetName()

    def cleanup(self):
        """Let go of everything."""
        self.timer.stop()
        self.setParameterNode(None)
        self.removeObservers()


class DemoLogic(ScriptedLoadableModuleLogic):
    """The work."""

    def getParameterNode(self):
        """The typed parameter node."""
        return DemoParameterNode(super().getParameterNode())

    def multiply(self, volume, factor):
        """A new volume with all voxels times a factor."""
        array = slicer.util.arrayFromVolume(volume) * factor
        name = slicer.mrmlScene.GenerateUniqueName(volume.GetName() + " times")
        output = slicer.util.addVolumeFromArray(array, name=name)
        output.CopyOrientation(volume)
        return output


class DemoTest(ScriptedLoadableModuleTest):
    """The self test."""

    def setUp(self):
        """Begin with an empty scene."""
        slicer.mrmlScene.Clear(0)

    def runTest(self):
        """Run all tests."""
        self.setUp()
        self.test_multiply()

    def test_multiply(self):
        """Two times one is two, also with the library of the extension."""
        import DemoLib.part
        import numpy as np

        volume = slicer.util.addVolumeFromArray(np.ones((2, 3, 4)))
        output = DemoLogic().multiply(volume, DemoLib.part.TWO)
        self.assertEqual(slicer.util.arrayFromVolume(output).sum(), 48)
