"""The talk (see `talk`) that brings a volume to the grid of its finer result, to compare both."""

from pathlib import Path

from slicer.i18n import tr as _
from vtk.util import numpy_support

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import InputError
from GANEnhancePanel.talks.talk import Ask, Share, WorkerFiles, copying
from GANEnhancePanel.volumes import ijkToRASArray, imageDataFromArray, writeVoxels

COPY_IN, INTERPOLATE, COPY_OUT = Share(0.0, 0.3), Share(0.3, 0.7), Share(0.7, 1.0)


def interpolateOnto(source, result):
    """Return the talk whose value is the voxels (k, j, i) of a volume node on the grid of its finer result.

    They have the type that the result has where that is the source's own, else they are float32.
    """
    time = source.GetImageData().GetMTime()
    types = {node.GetImageData().GetScalarType() for node in (source, result)}
    grid = gridOf(result)
    hello = yield Ask("hello")
    files = WorkerFiles(Path(hello["folder"]))
    try:
        path = files.newPath()
        yield from copying(writeVoxels(source, path, time), COPY_IN)
        dtype = protocol.load_array(path).dtype.name if len(types) == 1 else None
        params = interpolateParams(path.name, source, grid, dtype)
        answer = yield Ask("interpolate", params, INTERPOLATE)
        voxels = protocol.load_array(files.path(answer["file"]))
        image = yield from copying(imageDataFromArray(voxels), COPY_OUT)
    finally:
        files.clear()
    if source.GetImageData() is None or source.GetImageData().GetMTime() != time:
        raise InputError(_("The voxels changed while they were interpolated."), _("Compare again."))
    return numpy_support.vtk_to_numpy(image.GetPointData().GetScalars()).reshape(voxels.shape)


def interpolateParams(name, source, grid, dtype=None):
    """Return the `params` of the worker's `interpolate` for the voxels of a volume node in a file."""
    described = {
        "file": name,
        "ijk_to_ras": [float(element) for element in ijkToRASArray(source).ravel()],
        "modality": None,
        "name": "",
    }
    return {"input": described, "grid": grid, "dtype": dtype}


def gridOf(node):
    """Return the grid of a volume node as the worker's protocol has it."""
    return {
        "shape": list(node.GetImageData().GetDimensions()[::-1]),
        "ijk_to_ras": [float(element) for element in ijkToRASArray(node).ravel()],
    }
