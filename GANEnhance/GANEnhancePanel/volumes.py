"""Voxels and geometry between MRML volume nodes, `.npy` files and image data, in steps that never last long.

Arrays are (k, j, i), matrices are IJK to RAS in mm with the columns i, j, k, origin. Nothing here writes to
the node that voxels are taken from. The functions that move voxels are generators: they yield the fraction
done (0 to 1) after each block, so that a timer can drive them without freezing the application and a script
can run them in one go with `runToEnd`.
"""

import os

import numpy as np
import slicer
import vtk
from slicer.i18n import tr as _
from vtk.util import numpy_support

from GANEnhanceLib.errors import InputError, OutputError

# About 2 ms of copying: small enough to stop often, large enough to cost nothing.
BLOCK_BYTES = 4 * 1024 * 1024


def runToEnd(steps):
    """Run a generator to its end and return its value."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def checkInputNode(node):
    """Raise InputError with what to do if `node` is not a scalar volume with voxels."""
    if node is None:
        raise InputError(_("No input volume is chosen."), _("Choose the volume to enhance."))
    if not node.IsA("vtkMRMLScalarVolumeNode") or node.IsA("vtkMRMLVectorVolumeNode"):
        raise InputError(
            _("The input node is a {kind}, not a scalar volume.").format(kind=node.GetNodeTagName()),
            _("Choose a volume with one value in each voxel."),
        )
    if node.IsA("vtkMRMLLabelMapVolumeNode"):
        raise InputError(_("The input volume is a label map."), _("Choose the image, not its labels."))
    image = node.GetImageData()
    scalars = image.GetPointData().GetScalars() if image is not None else None
    if scalars is None or scalars.GetNumberOfTuples() == 0:
        raise InputError(
            _("The input volume has no voxels."), _("Load the image first, or choose another volume.")
        )
    if scalars.GetNumberOfComponents() != 1:
        raise InputError(
            _("The input volume has {count} values in each voxel, but must have one.").format(
                count=scalars.GetNumberOfComponents()
            ),
            _("Convert a color image to a scalar volume first."),
        )


def ijkToRASArray(node):
    """Return the IJK-to-RAS matrix of a volume node as a (4, 4) array in mm, without any parent transform."""
    matrix = vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    return np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])


def copyOfOrientation(node):
    """Return a bare volume node, in no scene, that keeps the grid (spacing, origin, directions) of `node`."""
    grid = slicer.vtkMRMLScalarVolumeNode()
    grid.CopyOrientation(node)
    return grid


def writeVoxels(node, path, timeOfVoxels):
    """Write the voxels of a volume node to the `.npy` file `path` (k, j, i), block by block.

    A generator that yields the fraction written. If it is closed or fails, no file is left. `timeOfVoxels`
    is the modification time of the image data that is meant.

    :raises InputError: the voxels changed or went away in the middle.
    :raises OutputError: the file cannot be written, for example because the disk is full.
    """
    complete = False
    try:
        with open(path, "xb") as stream:
            voxels = _unchangedVoxels(node, timeOfVoxels)
            header = np.lib.format.header_data_from_array_1_0(voxels)
            np.lib.format.write_array_header_1_0(stream, header)
            for first, last in _blocks(voxels.shape, voxels.itemsize):
                # Taken anew for each block: the node may have got other voxels while the application went on.
                voxels = _unchangedVoxels(node, timeOfVoxels)
                stream.write(np.ascontiguousarray(voxels[first:last]))
                yield last / voxels.shape[0]
        complete = True
    except OSError as error:
        raise OutputError(
            _("The voxels cannot be copied to {folder} ({reason}).").format(
                folder=os.path.dirname(path), reason=error.strerror or type(error).__name__
            ),
            _("Free some space on that disk, or set another temporary folder in the application's settings."),
        ) from error
    finally:
        if not complete and os.path.exists(path):
            os.remove(path)


def _unchangedVoxels(node, timeOfVoxels):
    image = node.GetImageData()
    if image is None or image.GetMTime() != timeOfVoxels:
        raise InputError(
            _("The input volume changed while its voxels were copied."), _("Press Enhance again.")
        )
    return slicer.util.arrayFromVolume(node)


def imageDataFromArray(array):
    """Copy a (k, j, i) array into new vtkImageData, block by block.

    A generator that yields the fraction copied and returns the image data. The array keeps its type; types
    that VTK volumes cannot have become float32 (half precision) or uint8 (bool).
    """
    replacement = {"float16": "float32", "bool": "uint8"}
    dtype = np.dtype(replacement.get(array.dtype.name, array.dtype))
    scalars = vtk.vtkDataArray.CreateDataArray(numpy_support.get_vtk_array_type(dtype))
    scalars.SetName("ImageScalars")
    scalars.SetNumberOfValues(int(array.size))
    voxels = numpy_support.vtk_to_numpy(scalars).reshape(array.shape)
    for first, last in _blocks(array.shape, dtype.itemsize):
        voxels[first:last] = array[first:last]
        yield last / array.shape[0]
    image = vtk.vtkImageData()
    image.SetDimensions(array.shape[2], array.shape[1], array.shape[0])
    image.GetPointData().SetScalars(scalars)
    return image


def _blocks(shape, itemsize):
    """Return (first, last) ranges of k-slices of at most BLOCK_BYTES, at least one slice each."""
    count = max(1, BLOCK_BYTES // max(1, shape[1] * shape[2] * itemsize))
    return [(first, min(first + count, shape[0])) for first in range(0, shape[0], count)]
