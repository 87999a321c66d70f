"""Shows a volume over whatever a slice view shows, and gives the view back exactly as it was.

The volume is put into the foreground: background and offset range stay the user's, so that the view can be
moved as ever, and where the volume has no voxel what was there before is seen. What was there before is kept
in the nodes of the view, so that a scene which is saved meanwhile can be put right when it is loaded.
"""

import json

import slicer

from GANEnhancePanel.comparing import views
from GANEnhancePanel.preview.plane import turnToSlices
from GANEnhancePanel.region.space import arrayFromMatrix, matrixFromArray

# Of the nodes of a view: how it was (JSON), and the volume that was in the foreground.
BEFORE_ATTRIBUTE = "GANEnhance.PreviewBefore"
BEFORE_ROLE = "GANEnhance.previewForeground"


class Overlay:
    """What is laid over one view."""

    def __init__(self, viewName):
        """Change nothing yet."""
        self.viewName = viewName
        self._node = None

    @property
    def isShown(self):
        """Whether something is laid over the view."""
        return self._node is not None

    def isTaken(self):
        """Whether the user, or somebody else, has put another volume in our place."""
        composite = views.compositeNode(self.viewName)
        return self.isShown and (composite is None or composite.GetForegroundVolumeID() != self._node.GetID())

    def show(self, node, isFull=True):
        """Show a volume node in the foreground.

        :param isFull: whether nothing of the background is seen through it; else it is mixed with the
            background as the foreground was before.
        """
        composite = views.compositeNode(self.viewName)
        if composite is None:
            return
        isNew, self._node = self._node is None, node
        with slicer.util.NodeModify(composite):
            if isNew:
                _rememberMix(composite)
            composite.SetForegroundVolumeID(node.GetID())
            if isNew and isFull:
                composite.SetForegroundOpacity(1.0)
                composite.SetCompositing(slicer.vtkMRMLSliceCompositeNode.Alpha)
                composite.SetClipToBackgroundVolume(False)

    def turn(self, volume, plane):
        """Turn the view to a slice of a volume."""
        sliceNode = views.sliceNode(self.viewName)
        before = _elements(sliceNode)
        turnToSlices(sliceNode, volume, plane)
        known = _textOf(sliceNode)
        # If the user turned the view after us, that is what he gets back.
        if known is not None and _isSameTurn(before, known["after"]):
            before = known["before"]
        _remember(sliceNode, {"before": before, "after": _elements(sliceNode)})

    def restore(self):
        """Give the view back. Harmless when repeated."""
        composite, sliceNode = views.compositeNode(self.viewName), views.sliceNode(self.viewName)
        if composite is not None:
            _restoreMix(composite, self._node)
        if sliceNode is not None:
            _restoreTurn(sliceNode)
        self._node = None


def restoreLeftovers():
    """Put right the views of a scene that was saved while something was laid over them."""
    for composite in views.compositeNodes():
        _restoreMix(composite, None)
        sliceNode = views.sliceNode(composite.GetLayoutName())
        if sliceNode is not None:
            _restoreTurn(sliceNode)


def _rememberMix(composite):
    before = {
        "opacity": composite.GetForegroundOpacity(),
        "compositing": composite.GetCompositing(),
        "clip": bool(composite.GetClipToBackgroundVolume()),
    }
    _remember(composite, before)
    composite.SetNodeReferenceID(BEFORE_ROLE, composite.GetForegroundVolumeID())


def _restoreMix(composite, node):
    """Show the foreground as it was, unless the user has put another one in the place of `node`."""
    before = _textOf(composite)
    if before is None:
        return
    present = composite.GetNthLayerVolume(composite.LayerForeground)
    with slicer.util.NodeModify(composite):
        if present is None or present is node:
            composite.SetForegroundVolumeID(composite.GetNodeReferenceID(BEFORE_ROLE))
        composite.SetForegroundOpacity(before["opacity"])
        composite.SetCompositing(before["compositing"])
        composite.SetClipToBackgroundVolume(before["clip"])
        composite.SetNodeReferenceID(BEFORE_ROLE, None)
        composite.RemoveAttribute(BEFORE_ATTRIBUTE)


def _restoreTurn(sliceNode):
    known = _textOf(sliceNode)
    if known is None:
        return
    sliceNode.RemoveAttribute(BEFORE_ATTRIBUTE)
    if _isSameTurn(_elements(sliceNode), known["after"]):
        matrix = arrayFromMatrix(sliceNode.GetSliceToRAS())
        matrix[:] = [known["before"][4 * row : 4 * row + 4] for row in range(4)]
        sliceNode.GetSliceToRAS().DeepCopy(matrixFromArray(matrix))
        sliceNode.UpdateMatrices()


def _remember(node, before):
    node.SetAttribute(BEFORE_ATTRIBUTE, json.dumps(before))


def _textOf(node):
    text = node.GetAttribute(BEFORE_ATTRIBUTE)
    return json.loads(text) if text else None


def _elements(sliceNode):
    return arrayFromMatrix(sliceNode.GetSliceToRAS()).ravel().tolist()


def _isSameTurn(one, other):
    """Whether two places of a slice differ by a shift only."""
    rotation = [4 * row + column for row in range(3) for column in range(3)]
    return all(abs(one[element] - other[element]) < 1e-6 for element in rotation)
