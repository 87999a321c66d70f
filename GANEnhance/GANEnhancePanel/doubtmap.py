"""The doubt map of a result: a volume of its own that says how far each voxel may be wrong."""

import json

import numpy as np
import slicer
from slicer.i18n import tr as _

from GANEnhancePanel.choices import entryNamed
from GANEnhancePanel.output import (
    ATTRIBUTE_PREFIX,
    CAPTION_ATTRIBUTE,
    DOUBT_MODEL_ATTRIBUTE,
    MODEL_ATTRIBUTE,
    makeOutput,
    placeBesideSource,
    provenanceAttributes,
    setAttributes,
    setVoxels,
)
from GANEnhancePanel.resultgrid import resultVoxels

# Node reference of a result to its map, and of the map to its result.
DOUBT_ROLE = "GANEnhance.doubtVolume"
RESULT_ROLE = "GANEnhance.resultVolume"
QUANTILE_ATTRIBUTE = ATTRIBUTE_PREFIX + "DoubtQuantile"
PARAMETERS_ATTRIBUTE = ATTRIBUTE_PREFIX + "Parameters"
COLORS = "vtkMRMLColorTableNodeFileInferno.txt"
# Few voxels have much of the doubt: the window ends where all but these lie.
BRIGHTEST = 0.5
_SAMPLES = 1 << 20


def quantileOf(name, models):
    """Return the share of errors that the map of a model promises (0 to 1), None if it has no map.

    :param name: of a model; "auto" and unknown ones have none, since what will run is not known.
    :param models: rows of the worker's list.
    """
    entry = entryNamed(name, models)
    return entry["doubt"] if entry is not None and entry["available"] else None


def doubtVoxels(answer, path, task):
    """Return the memory-mapped voxels of the map that an answer holds, or None.

    :param path: called with a file's name; returns its path.
    :raises InputError: they are not on the grid of the result.
    """
    if answer.get("doubt") is None:
        return None
    return resultVoxels(path(answer["doubt"]["file"]), task, answer)


def makeResult(task, image, doubt, report):
    """Put a result and its map (vtkImageData; None: there is none) into the scene; returns the result's node.

    :param task: on the grid of the result (see `resultgrid.onResultGrid`).
    :raises InputError: the input is not in a scene any more.
    """
    node = makeOutput(task, image, report)
    if doubt is None:
        parted(node)
    else:
        makeDoubt(task, node, doubt, report)
    return node


def makeDoubt(task, result, image, report):
    """Put the map `image` (vtkImageData) of a result into the scene and return its node.

    A map that the result had is replaced. It lies where the result lies, in its folder, and says of which
    result, model and strength it is.

    :param task: on the grid of the result (see `resultgrid.onResultGrid`).
    """
    scene = result.GetScene()
    node = result.GetNodeReference(DOUBT_ROLE)
    if node is None:
        node = slicer.vtkMRMLScalarVolumeNode()
        node.SetName(scene.GenerateUniqueName(_("{volume} doubt").format(volume=result.GetName())))
    attributes = provenanceAttributes(report, task.modality)
    attributes[QUANTILE_ATTRIBUTE] = json.dumps(report["doubt"]["quantile"])
    attributes[CAPTION_ATTRIBUTE] = captionOf(attributes[QUANTILE_ATTRIBUTE], _strengthOf(attributes))
    attributes[DOUBT_MODEL_ATTRIBUTE] = attributes.pop(MODEL_ATTRIBUTE)
    with slicer.util.NodeModify(node):
        setVoxels(node, image, task)
        setAttributes(node, attributes)
        node.SetAndObserveTransformNodeID(result.GetTransformNodeID())
    if node.GetScene() is None:
        scene.AddNode(node)
    _setLook(node, scene)
    node.SetNodeReferenceID(RESULT_ROLE, result.GetID())
    result.SetNodeReferenceID(DOUBT_ROLE, node.GetID())
    placeBesideSource(task.inputNode, node)
    return node


def parted(result):
    """Part a result, made anew without a map, from the map of its earlier run, which then says so."""
    node = result.GetNodeReference(DOUBT_ROLE)
    if node is None:
        return
    result.RemoveNodeReferenceIDs(DOUBT_ROLE)
    node.RemoveNodeReferenceIDs(RESULT_ROLE)
    caption = node.GetAttribute(CAPTION_ATTRIBUTE) or ""
    node.SetAttribute(CAPTION_ATTRIBUTE, _("{caption}; of an earlier run").format(caption=caption))


def tellStrength(result, strength):
    """Say on the map of a result, made for the strength of its run, that the result has another one now."""
    node = result.GetNodeReference(DOUBT_ROLE)
    if node is None:
        return
    made = _strengthOf({name: node.GetAttribute(name) for name in node.GetAttributeNames()})
    caption = captionOf(node.GetAttribute(QUANTILE_ATTRIBUTE), made)
    if strength != made:
        caption = _("{caption}; the result now has {strength:.0%}").format(caption=caption, strength=strength)
    node.SetAttribute(CAPTION_ATTRIBUTE, caption)


def captionOf(quantile, strength):
    """Return the line that is shown on the map: what a value means, and for which strength it is true."""
    return _("Doubt: {share:.0%} of the errors shall lie below it (strength {strength:.0%})").format(
        share=float(quantile), strength=strength
    )


def _strengthOf(attributes):
    return float(json.loads(attributes[PARAMETERS_ATTRIBUTE]).get("strength", 1.0))


def _setLook(node, scene):
    """Show small doubt dark and large doubt bright; colors that a user chose for an earlier map stay."""
    display = node.GetDisplayNode()
    if display is None:
        display = scene.AddNewNodeByClass("vtkMRMLScalarVolumeDisplayNode")
        node.SetAndObserveDisplayNodeID(display.GetID())
        if scene.GetNodeByID(COLORS) is not None:
            display.SetAndObserveColorNodeID(COLORS)
        else:
            display.SetDefaultColorMap()
    values = slicer.util.arrayFromVolume(node).ravel()
    values = values[:: max(1, values.size // _SAMPLES)]
    values = values[values > 0]
    highest = float(np.percentile(values, 100 - BRIGHTEST)) if values.size else 1.0
    display.SetAutoWindowLevel(False)
    display.SetWindowLevelMinMax(0.0, highest)
