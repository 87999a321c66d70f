"""The voxels of a result and the grid they lie on: the input's, or of super-resolution a finer one."""

from dataclasses import replace

import numpy as np
import slicer
from slicer.i18n import tr as _

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import InputError
from GANEnhancePanel.phantom import vtkMatrix


def resultVoxels(path, task, answer):
    """Return the voxels of a result file, memory-mapped.

    :param answer: what the worker said of the run.
    :raises InputError: they are not on the grid that they should be on.
    """
    voxels = protocol.load_array(path)
    expected = answer["shape"] if _isFiner(answer) else task.inputShape
    if voxels.shape != tuple(expected):
        raise InputError(
            _("The result has the shape {result}, but the input has {input}.").format(
                result=tuple(voxels.shape), input=tuple(task.inputShape)
            )
        )
    return voxels


def onResultGrid(task, answer):
    """Return the task with the grid of its result: that of the input unless the run gave a finer one."""
    if not _isFiner(answer):
        return task
    grid = slicer.vtkMRMLScalarVolumeNode()
    grid.SetIJKToRASMatrix(vtkMatrix(np.reshape(answer["ijk_to_ras"], (4, 4))))
    return replace(task, grid=grid)


def _isFiner(answer):
    return answer["report"].get("finer") is not None
