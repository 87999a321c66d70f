"""A volume of one slice in the place of that slice: hidden from lists, never saved, looks like its source."""

import numpy as np
import slicer
from slicer.i18n import tr as _

from GANEnhancePanel.output import CAPTION_ATTRIBUTE, copyLook, provenanceAttributes
from GANEnhancePanel.region.space import matrixFromArray
from GANEnhancePanel.volumes import ijkToRASArray, imageDataFromArray, runToEnd

# What says in the scene that a volume is only shown for a moment.
PREVIEW_ATTRIBUTE = "GANEnhance.Preview"


class SliceVolume:
    """The node of one view; made with the first slice."""

    def __init__(self, source, viewName):
        """Make nothing yet; `source` gives place and look."""
        self.source, self._viewName = source, viewName
        self.node = None

    def put(self, pixels, plane, report, finer=None):
        """Show the pixels (2-D) of a Plane; `report` says which model made them.

        :param finer: IJK-to-RAS array of the slice where it lies on a finer grid. It is shown as thick as the
            slice of the source that it is a preview of, and in its middle.
        """
        image = runToEnd(imageDataFromArray(np.expand_dims(pixels, "kji".index(plane.axis))))
        ijkToRAS = ijkToRASArray(self.source)
        axis = "ijk".index(plane.axis)
        ijkToRAS[:3, 3] += plane.index * ijkToRAS[:3, axis]
        if finer is not None:
            ijkToRAS = _inSlice(finer, ijkToRAS, axis)
        isNew = self.node is None
        if isNew:
            self.node = _makeNode(_("Preview in {view}").format(view=self._viewName))
        with slicer.util.NodeModify(self.node):
            self.node.SetIJKToRASMatrix(matrixFromArray(ijkToRAS))
            self.node.SetAndObserveImageData(image)
            self.node.SetAndObserveTransformNodeID(self.source.GetTransformNodeID())
            for name, text in provenanceAttributes(report).items():
                self.node.SetAttribute(name, text)
            self.node.SetAttribute(CAPTION_ATTRIBUTE, _("Preview"))
            self.node.SetAttribute(PREVIEW_ATTRIBUTE, "1")
            if isNew:
                self._copyLook()

    def remove(self):
        """Remove the node from the scene. Harmless when repeated."""
        node, self.node = self.node, None
        if node is None or node.GetScene() is None:
            return
        display = node.GetDisplayNode()
        if display is not None:
            slicer.mrmlScene.RemoveNode(display)
        slicer.mrmlScene.RemoveNode(node)

    def _copyLook(self):
        copyLook(self.source, self.node, slicer.mrmlScene)
        _hide(self.node.GetDisplayNode())


def _inSlice(finer, ijkToRAS, axis):
    """Return the matrix of a slice of a finer grid, moved across itself into a slice of the source."""
    placed = finer.copy()
    steps = np.linalg.solve(ijkToRAS[:3, :3], ijkToRAS[:3, 3] - finer[:3, 3])
    placed[:3, 3] += steps[axis] * ijkToRAS[:3, axis]
    placed[:3, axis] = ijkToRAS[:3, axis]
    return placed


def _makeNode(name):
    node = slicer.vtkMRMLScalarVolumeNode()
    node.SetName(name)
    # Before it is added: the subject hierarchy looks at it then.
    _hide(node)
    return slicer.mrmlScene.AddNode(node)


def _hide(node):
    node.SetHideFromEditors(True)
    node.SetSaveWithScene(False)
    node.SetSelectable(False)
