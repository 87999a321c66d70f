"""Markups ROIs as boxes of the worker's protocol, and new ROIs that fit a volume."""

import numpy as np
import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import InputError
from GANEnhancePanel.region.space import arrayFromMatrix, matrixFromArray, toWorld
from GANEnhancePanel.volumes import ijkToRASArray


def boxParams(roi, volume, feather):
    """Return the box of an ROI node in the RAS of a volume node, as the protocol's `region`.

    Rotated ROIs and linear transforms above ROI and volume are taken as they are seen in the views.

    :raises InputError: the ROI is missing, has no size, is inside out, or a transform is not linear.
    """
    if roi is None:
        raise InputError(_("No ROI is chosen."), _("Choose an ROI, or press New ROI."))
    size = np.array(roi.GetSize(), float)
    if roi.GetNumberOfDefinedControlPoints() == 0 or not (size > 0).all():
        raise InputError(
            _("The ROI {name} has no size.").format(name=roi.GetName()),
            _("Place it in a view, or press New ROI."),
        )
    if roi.GetInsideOut():
        raise InputError(
            _("The ROI {name} is inside out.").format(name=roi.GetName()),
            _("Switch that off in the Markups module, or enhance inside a segment."),
        )
    toWorld(roi)  # the ROI itself gives a matrix even where there is none
    toVolume = np.linalg.inv(toWorld(volume)) @ arrayFromMatrix(roi.GetObjectToWorldMatrix())
    scale = np.linalg.norm(toVolume[:3, :3], axis=0)
    return {
        "kind": "box",
        "center_ras": [float(number) for number in toVolume[:3, 3]],
        "axes_ras": [float(number) for number in (toVolume[:3, :3] / scale).ravel()],
        "size_mm": [float(number) for number in size * scale],
        "feather_mm": float(feather),
    }


def makeROI(volume, name=None, share=0.5, place=(0.5, 0.5, 0.5)):
    """Return a new ROI along the axes of a volume, shown with handles.

    :param name: of the node; None: "Region to enhance".
    :param share: its edges as shares of the volume's; at least one voxel long.
    :param place: its center along (i, j, k), 0 to 1.
    """
    roi = slicer.mrmlScene.AddNewNodeByClass(
        "vtkMRMLMarkupsROINode", slicer.mrmlScene.GenerateUniqueName(name or _("Region to enhance"))
    )
    ijkToRAS = ijkToRASArray(volume)
    dimensions = np.array(volume.GetImageData().GetDimensions())
    spacing = np.linalg.norm(ijkToRAS[:3, :3], axis=0)
    axes = ijkToRAS[:3, :3] / spacing
    if np.linalg.det(axes) < 0:
        axes = axes * (1, 1, -1)
    objectToNode = np.eye(4)
    objectToNode[:3, :3] = axes
    objectToNode[:3, 3] = ijkToRAS[:3] @ [*((dimensions - 1) * place), 1]
    roi.SetAndObserveTransformNodeID(volume.GetTransformNodeID())
    roi.SetSize(*[float(length) for length in np.maximum(dimensions * share, 1) * spacing])
    roi.SetCenter(*[float(number) for number in objectToNode[:3, 3]])
    roi.SetAndObserveObjectToNodeMatrix(matrixFromArray(objectToNode))
    roi.CreateDefaultDisplayNodes()
    display = roi.GetDisplayNode()
    if display is not None:
        display.SetVisibility(True)
        display.SetHandlesInteractive(True)
        # The inside must stay visible: it is what is judged.
        display.SetFillVisibility(False)
    return roi
