"""Puts an enhanced image into the scene: one complete node in its source's place, saying where it comes from.

Nothing in the scene changes before everything that can fail is done, so a half result never appears.
Attributes of the node begin with `GANEnhance.`; its node reference `GANEnhance.sourceVolume` leads to the
input.
"""

import json
import logging

import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import InputError
from GANEnhancePanel.finer.words import finerName
from GANEnhancePanel.modality import NODE_ATTRIBUTE as MODALITY_ATTRIBUTE

ATTRIBUTE_PREFIX = "GANEnhance."
# Each volume with one of these attributes is marked in the slice views; the third adds a line to the mark.
# A doubt map has the second one: it is no result, though a model made it.
MODEL_ATTRIBUTE = ATTRIBUTE_PREFIX + "Model"
DOUBT_MODEL_ATTRIBUTE = ATTRIBUTE_PREFIX + "DoubtModel"
CAPTION_ATTRIBUTE = ATTRIBUTE_PREFIX + "Caption"
SOURCE_ROLE = "GANEnhance.sourceVolume"
# What DICOM says of the original must not be said of a derived volume.
DICOM_PREFIX = "DICOM."


def makeOutput(task, image, report):
    """Put `image` (vtkImageData) into the task's output node, or into a new node, and return the node.

    The node has the task's grid (that of the input at the time of asking, or a finer one), the input's parent
    transform and look, its place in the subject hierarchy, its voxel quantity and units, and the provenance
    in `report`.

    :raises InputError: the input is not in a scene any more.
    """
    scene = task.inputNode.GetScene()
    if scene is None:
        raise InputError(_("The input volume was deleted."), _("Choose another volume."))
    node = task.outputNode if task.outputNode is not None and task.outputNode.GetScene() is scene else None
    lookIsKept = node is not None and _wasMadeFrom(node, task.inputNode) and node.GetDisplayNode() is not None
    attributes = provenanceAttributes(report, task.modality)
    if node is None:
        node = slicer.vtkMRMLScalarVolumeNode()
        node.SetName(scene.GenerateUniqueName(outputName(task.inputNode, report)))
    with slicer.util.NodeModify(node):
        setVoxels(node, image, task)
        setAttributes(node, attributes)
        node.SetNodeReferenceID(SOURCE_ROLE, task.inputNode.GetID())
        node.SetAndObserveTransformNodeID(task.inputNode.GetTransformNodeID())
        if not lookIsKept:
            copyLook(task.inputNode, node, scene)
    if node.GetScene() is None:
        scene.AddNode(node)
    placeBesideSource(task.inputNode, node)
    logging.info(
        "GANEnhance: %s %s on %s in %.1f s.",
        attributes["GANEnhance.Model"],
        attributes["GANEnhance.ModelVersion"],
        attributes["GANEnhance.Device"],
        float(report.get("seconds") or 0.0),
    )
    return node


def outputName(source, report):
    """Return the name of a volume made from `source`, such as "Head MR denoise" or "Head Detail 1x1x3"."""
    model, finer = report.get("model") or {}, report.get("finer")
    name = _("{volume} {model}").format(
        volume=source.GetName() or "", model=model.get("title") or model.get("name") or _("enhanced")
    )
    return name if finer is None else f"{name} {finerName(finer)}"


def provenanceAttributes(report, modality=None):
    """Return the node attributes (names and texts) that say how a volume was made, by the worker's report."""
    model, provenance = report.get("model") or {}, report.get("provenance") or {}
    attributes = {
        "Model": model.get("name", ""),
        "ModelVersion": model.get("version", ""),
        "ModelHash": model.get("sha256", ""),
        "Parameters": json.dumps(report.get("options") or {}, sort_keys=True),
        "Device": report.get("device", ""),
        "Provenance": json.dumps(provenance, sort_keys=True),
        "Notice": report.get("not_for_diagnosis", ""),
    }
    attributes = {ATTRIBUTE_PREFIX + name: str(text) for name, text in attributes.items()}
    if modality:
        attributes[MODALITY_ATTRIBUTE] = modality
    return attributes


def showInPlaceOf(source, node):
    """Show `node` in those slice views that show `source` in their background; others stay as they are."""
    scene = source.GetScene()
    for index in range(scene.GetNumberOfNodesByClass("vtkMRMLSliceCompositeNode")):
        view = scene.GetNthNodeByClass(index, "vtkMRMLSliceCompositeNode")
        if view.GetBackgroundVolumeID() == source.GetID():
            view.SetBackgroundVolumeID(node.GetID())


def _wasMadeFrom(node, source):
    """True if `node` is an earlier result from `source`: the user may have set its look since."""
    return node.GetNodeReferenceID(SOURCE_ROLE) == source.GetID()


def setVoxels(node, image, task):
    """Give a node the voxels `image` (vtkImageData) on the task's grid; values mean what they mean there."""
    node.CopyOrientation(task.grid)
    node.SetAndObserveImageData(image)
    # All present models keep the meaning of a value: HU stay HU.
    node.SetVoxelValueQuantity(_copyOfEntry(task.inputNode.GetVoxelValueQuantity()))
    node.SetVoxelValueUnits(_copyOfEntry(task.inputNode.GetVoxelValueUnits()))


def _copyOfEntry(entry):
    """Return a coded entry like `entry` (None for None): nodes would share it, and its changes, otherwise."""
    if entry is None:
        return None
    copy = slicer.vtkCodedEntry()
    copy.Copy(entry)
    return copy


def setAttributes(node, attributes):
    """Give a node these attributes, instead of all that it has of DICOM and of an earlier run."""
    for name in list(node.GetAttributeNames()):
        if name.startswith((DICOM_PREFIX, ATTRIBUTE_PREFIX)):
            node.RemoveAttribute(name)
    for name, text in attributes.items():
        node.SetAttribute(name, text)


def copyLook(source, node, scene):
    """Give `node` the window, level and colors of `source`, fixed, so that the two can be compared by eye."""
    display, sourceDisplay = node.GetDisplayNode(), source.GetDisplayNode()
    if display is None:
        display = scene.AddNewNodeByClass("vtkMRMLScalarVolumeDisplayNode")
        node.SetAndObserveDisplayNodeID(display.GetID())
    if sourceDisplay is None:
        display.SetDefaultColorMap()
        return
    with slicer.util.NodeModify(display):
        display.CopyContent(sourceDisplay)
        display.SetAutoWindowLevel(False)


def placeBesideSource(source, node):
    """Put a node into the folder (patient, study) of its source in the subject hierarchy."""
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(node.GetScene())
    if hierarchy is None:
        return
    sourceItem = hierarchy.GetItemByDataNode(source)
    parent = hierarchy.GetItemParent(sourceItem) if sourceItem else hierarchy.GetSceneItemID()
    item = hierarchy.GetItemByDataNode(node)
    if item:
        hierarchy.SetItemParent(item, parent)
    else:
        hierarchy.CreateItem(parent, node)
