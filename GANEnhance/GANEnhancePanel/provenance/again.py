"""Sets the panel as it was when a result was made, as far as this scene and this computer allow."""

import numpy as np
import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import InputError
from GANEnhancePanel.comparing.pair import sourceOf
from GANEnhancePanel.finer.again import setFiner
from GANEnhancePanel.modality import modalityOfNode
from GANEnhancePanel.parameters import Modality, RegionKind, VoxelType
from GANEnhancePanel.phantom import vtkMatrix
from GANEnhancePanel.provenance.describe import CHANGED, MISSING, modelNote, modelState, otherOptions, record

# The node that gave the region of a run, and the segment of it.
REGION_ROLE = "GANEnhance.region"
SEGMENT_ATTRIBUTE = "GANEnhance.RegionSegment"
MILLIMETERS = 1e-3


def rememberRegion(parameters, node, report):
    """Keep in a result the node that gave its region: the provenance has a mask's hash, not its voxels."""
    region = report.get("region") or {}
    kinds = {
        RegionKind.box: (parameters.regionROI, "box"),
        RegionKind.segment: (parameters.regionSegmentation, "mask"),
        RegionKind.labelMap: (parameters.regionLabelMap, "mask"),
    }
    source, kind = kinds.get(parameters.regionKind, (None, None))
    if source is None or region.get("kind") != kind:
        return
    node.SetNodeReferenceID(REGION_ROLE, source.GetID())
    if parameters.regionKind == RegionKind.segment:
        node.SetAttribute(SEGMENT_ATTRIBUTE, parameters.regionSegmentID)


def setPanel(panel, node):
    """Set the panel as it was for a result; returns what could not be set, as sentences.

    :raises InputError: the volume that the result was made from is not in the scene.
    """
    parameters, made = panel.parameterNode, record(node)
    source = sourceOf(node)
    if source is None:
        raise InputError(
            _("The volume that {name} was made from is not in the scene.").format(name=node.GetName()),
            _("Load it, choose it as the input, and set the model by hand."),
        )
    options = made.get("Parameters") if isinstance(made.get("Parameters"), dict) else {}
    notes = []
    with slicer.util.NodeModify(parameters.parameterNode):
        parameters.inputVolume = source
        parameters.outputVolume = None
        parameters.model = made.get("Model") or parameters.model
        parameters.strength = float(options.get("strength", 1.0))
        parameters.useModelFidelity = options.get("fidelity") is None
        if options.get("fidelity") is not None:
            parameters.fidelity = float(options["fidelity"])
        parameters.voxelType = VoxelType(options.get("output_type", VoxelType.input.value))
        parameters.doubtMap = bool(options.get("doubt", False))
        parameters.modality = _modality(source, made.get("Modality"))
        notes += setFiner(parameters, node, source, options)
        notes += _setRegion(parameters, node, source, (made.get("Provenance") or {}).get("region"))
    notes += _setDevice(panel, options.get("device", "auto"))
    if modelState(node, panel.models) in (CHANGED, MISSING):
        notes.append(modelNote(node, panel.models))
    others = otherOptions(options)
    if others:
        text = ", ".join(f"{name} {value}" for name, value in others.items())
        notes.append(_("Not set, since the panel has no control for it: {options}.").format(options=text))
    return notes


def _modality(source, made):
    """Return the choice that gives the modality of the run: automatic where DICOM says the same."""
    if made in (None, "", modalityOfNode(source)) or made not in Modality.__members__:
        return Modality.automatic
    return Modality[made]


def _setDevice(panel, device):
    index = panel.ui.deviceComboBox.findData(device)
    if index < 0:
        return [_("The device {name} is not here, so the chosen one stays.").format(name=device)]
    panel.ui.deviceComboBox.setCurrentIndex(index)
    return []


def _setRegion(parameters, node, source, region):
    if not isinstance(region, dict):
        parameters.regionKind = RegionKind.whole
        return []
    parameters.regionFeather = float(region.get("feather_mm") or 0.0)
    given = node.GetNodeReference(REGION_ROLE)
    if region.get("kind") == "box":
        parameters.regionKind = RegionKind.box
        parameters.regionROI = given if _isBox(given, source, region) else _makeROI(source, region)
        return []
    if given is not None and given.IsA("vtkMRMLSegmentationNode"):
        parameters.regionKind = RegionKind.segment
        parameters.regionSegmentation = given
        parameters.regionSegmentID = node.GetAttribute(SEGMENT_ATTRIBUTE) or ""
        return []
    if given is not None and given.IsA("vtkMRMLLabelMapVolumeNode"):
        parameters.regionKind = RegionKind.labelMap
        parameters.regionLabelMap = given
        parameters.regionLabel = int(region.get("label") or 0)
        return []
    parameters.regionKind = RegionKind.whole
    return [_("The mask of that run is not in the scene: choose its region again.")]


def _isBox(roi, source, region):
    """Whether an ROI still is the box of the run, in the coordinates of the source."""
    if roi is None or roi.GetTransformNodeID() != source.GetTransformNodeID():
        return False
    center, matrix = [0.0] * 3, roi.GetObjectToNodeMatrix()
    roi.GetCenter(center)
    axes = [matrix.GetElement(row, column) for row in range(3) for column in range(3)]
    found = [*center, *roi.GetSize(), *axes]
    wanted = [*region["center_ras"], *region["size_mm"], *region["axes_ras"]]
    return bool(np.allclose(found, wanted, rtol=0, atol=MILLIMETERS))


def _makeROI(source, region):
    roi = source.GetScene().AddNewNodeByClass(
        "vtkMRMLMarkupsROINode", _("{name} region").format(name=source.GetName())
    )
    matrix = np.eye(4)
    matrix[:3, :3] = np.reshape(region["axes_ras"], (3, 3))
    matrix[:3, 3] = region["center_ras"]
    roi.SetAndObserveObjectToNodeMatrix(vtkMatrix(matrix))
    roi.SetSize(*region["size_mm"])
    roi.SetAndObserveTransformNodeID(source.GetTransformNodeID())
    return roi
