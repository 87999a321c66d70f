"""A hidden volume of the scene whose voxels a fill makes, a few milliseconds at a time."""

import slicer
import vtk
from vtk.util import numpy_support

from GANEnhancePanel.output import MODEL_ATTRIBUTE
from GANEnhancePanel.stepper import Stepper


class Mixture:
    """One such volume: `node` is None until the fill was through for the first time.

    :param fill: see `fills`.
    :param result: the volume whose grid, transform and look are taken.
    :param onReady: called with the mixture whenever all voxels are written.
    :param onError: called with the exception that ended a fill.
    """

    def __init__(self, fill, result, name, onReady, onError):
        """Write nothing yet."""
        self.fill = fill
        self.node = self._made = None
        self._result, self._name = result, name
        self._onReady, self._onError = onReady, onError
        self._stepper = None
        self._next = None
        self._image, self._voxels = _emptyImage(fill.shape, fill.dtype)

    @property
    def isBusy(self):
        """Whether voxels are being written."""
        return self._stepper is not None

    def fits(self):
        """Whether the voxels still have the size and type that the fill makes."""
        return self._voxels.shape == self.fill.shape and self._voxels.dtype == self.fill.dtype

    def write(self, **wanted):
        """Let the fill write, with these arguments; what is under way is finished first."""
        if self._stepper is not None:
            self._next = wanted
            return
        self._stepper = Stepper(
            self._steps(wanted),
            onFraction=lambda fraction: None,
            onEnd=self._finish,
            onError=self._fail,
        )

    def remove(self):
        """Stop, and take the volume out of the scene; harmless the second time."""
        if self._stepper is not None:
            self._stepper.stop()
        self._stepper = self._next = None
        node = self._made
        self.node = self._made = None
        if node is None:
            return
        display = node.GetDisplayNode()
        for each in (node, display):
            if each is not None and each.GetScene() is not None:
                each.GetScene().RemoveNode(each)

    def _steps(self, wanted):
        if self._made is None:
            # Many look at a new node: it has a slot of its own, and is shown when its voxels are written.
            self._made = self._makeNode()
            yield 0.0
        yield from self.fill.write(self._voxels, **wanted)

    def _finish(self, _nothing):
        self._stepper = None
        self._image.GetPointData().GetScalars().Modified()
        self._image.Modified()
        self.node = self._made
        self._onReady(self)
        if self._next is not None and self.node is not None:
            wanted, self._next = self._next, None
            self.write(**wanted)

    def _fail(self, error):
        self._stepper = self._next = None
        self._onError(error)

    def _makeNode(self):
        scene, result = self._result.GetScene(), self._result
        display = scene.AddNode(_hidden(slicer.vtkMRMLScalarVolumeDisplayNode()))
        _copyLook(result.GetDisplayNode(), display)
        node = _hidden(slicer.vtkMRMLScalarVolumeNode())
        node.SetName(self._name)
        node.CopyOrientation(result)
        node.SetAttribute(MODEL_ATTRIBUTE, result.GetAttribute(MODEL_ATTRIBUTE))
        node.SetAndObserveTransformNodeID(result.GetTransformNodeID())
        node.SetAndObserveImageData(self._image)
        node.SetAndObserveDisplayNodeID(display.GetID())
        return scene.AddNode(node)


def _copyLook(source, display):
    """Show as `source` shows; CopyContent would look at all voxels where window and level are automatic."""
    if source is None:
        display.SetDefaultColorMap()
        return
    with slicer.util.NodeModify(display):
        display.SetAutoWindowLevel(False)
        display.SetWindowLevel(source.GetWindow(), source.GetLevel())
        display.SetThreshold(source.GetLowerThreshold(), source.GetUpperThreshold())
        display.SetApplyThreshold(source.GetApplyThreshold())
        display.SetInterpolate(source.GetInterpolate())
        display.SetAndObserveColorNodeID(source.GetColorNodeID())


def _hidden(node):
    node.HideFromEditorsOn()
    node.SaveWithSceneOff()
    return node


def _emptyImage(shape, dtype):
    """Return image data for (k, j, i) voxels, which are not set, and the array that looks into it."""
    scalars = vtk.vtkDataArray.CreateDataArray(numpy_support.get_vtk_array_type(dtype))
    scalars.SetName("ImageScalars")
    scalars.SetNumberOfValues(int(shape[0]) * int(shape[1]) * int(shape[2]))
    image = vtk.vtkImageData()
    image.SetDimensions(*(int(size) for size in shape[::-1]))
    image.GetPointData().SetScalars(scalars)
    return image, numpy_support.vtk_to_numpy(scalars).reshape(shape)
