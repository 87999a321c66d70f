"""Says whether a result and its source can be compared, and in which ways."""

import json

import numpy as np
import slicer
from slicer.i18n import tr as _

from GANEnhancePanel.comparing import views
from GANEnhancePanel.modality import NODE_ATTRIBUTE as MODALITY_ATTRIBUTE
from GANEnhancePanel.output import ATTRIBUTE_PREFIX, MODEL_ATTRIBUTE, SOURCE_ROLE
from GANEnhancePanel.parameters import CompareMode
from GANEnhancePanel.volumes import ijkToRASArray

RESULT_CLASS = "vtkMRMLScalarVolumeNode"
# These need no voxel of one volume beside or minus a voxel of the other.
MODES_OF_ANY_GRID = (CompareMode.sideBySide, CompareMode.fader)
MILLIMETERS = 1e-3


def sourceOf(result):
    """Return the volume that a result was made from, or None."""
    return result.GetNodeReference(SOURCE_ROLE) if result is not None else None


def isResult(node):
    """Return whether a node is a volume that this module made for the user."""
    return (
        node.GetClassName() == RESULT_CLASS
        and node.GetAttribute(MODEL_ATTRIBUTE) is not None
        and not node.GetHideFromEditors()
    )


def newestResult():
    """Return the result that was added to the scene last, or None."""
    nodes = [node for node in slicer.util.getNodesByClass(RESULT_CLASS) if isResult(node)]
    return nodes[-1] if nodes else None


def obstacle(mode, result):
    """Return in one sentence, with what to do, why `result` cannot be compared in a mode; "" if it can."""
    if not views.canShow():
        return _("There are no slice views in this application, so nothing can be compared.")
    if result is None:
        return _("There is no result yet. Enhance a volume first.")
    source = sourceOf(result)
    if source is None:
        return _("The volume that {name} was made from is not in the scene any more.").format(
            name=result.GetName()
        )
    for node in (source, result):
        if not hasVoxels(node):
            return _("{name} has no voxels.").format(name=node.GetName())
    if mode in MODES_OF_ANY_GRID:
        return ""
    return differenceOfGrids(source, result)


def differenceOfGrids(source, result):
    """Return why two volumes cannot be mixed voxel by voxel; "" if they can, a finer result with the
    interpolated source.
    """
    hint = _("Side by side and the fader work.")
    moved = source.GetTransformNodeID() != result.GetTransformNodeID()
    if isFiner(result) and not moved:
        return ""
    sizes = [node.GetImageData().GetDimensions() for node in (source, result)]
    if sizes[0] != sizes[1]:
        sentence = _("The result has {result} voxels, but its source has {source}.").format(
            result="\u00d7".join(map(str, sizes[1])), source="\u00d7".join(map(str, sizes[0]))
        )
        return f"{sentence} {hint}"
    corners = np.array([[0, 0, 0, 1], [*sizes[0], 1]], dtype=float).T
    distance = np.abs((ijkToRASArray(source) - ijkToRASArray(result)) @ corners).max()
    if moved or not distance < MILLIMETERS:
        sentence = _("The result and its source are not in the same place any more.")
        return f"{sentence} {hint}"
    return ""


def isFiner(result):
    """Return whether a result has another grid than its source because a model refined it."""
    text = result.GetAttribute(ATTRIBUTE_PREFIX + "Provenance") or "{}"
    try:
        provenance = json.loads(text)
    except ValueError:
        return False
    return isinstance(provenance, dict) and provenance.get("finer") is not None


def hasVoxels(node):
    """Return whether a volume node holds image data with voxels."""
    image = node.GetImageData()
    scalars = image.GetPointData().GetScalars() if image is not None else None
    return scalars is not None and scalars.GetNumberOfTuples() > 0


def valueUnits(node):
    """Return the units of a volume's voxels as a short text ("HU"), or "" if nothing says them."""
    entry = node.GetVoxelValueUnits()
    code = entry.GetCodeValue() if entry is not None else None
    if code is None:
        return "HU" if node.GetAttribute(MODALITY_ATTRIBUTE) == "CT" else ""
    if "hnsf" in code:
        return "HU"
    # "1" and "no units" are what MR volumes bear.
    return "" if code in ("1", "0", "{}") else (entry.GetCodeMeaning() or code)
