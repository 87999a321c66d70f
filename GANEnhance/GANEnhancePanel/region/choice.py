"""The region that is chosen in the parameter node, checked against a volume."""

from GANEnhancePanel.parameters import RegionKind
from GANEnhancePanel.region.box import boxParams
from GANEnhancePanel.region.mask import labelsOfLabelMap, labelsOfSegment, maskSource


def regionOf(parameterNode, volume):
    """Return the chosen region of a volume node: None (all of it), a box of the protocol, or a MaskSource.

    No voxel is read.

    :raises InputError: the choice is not complete, or cannot be used for this volume.
    """
    kind, feather = parameterNode.regionKind, parameterNode.regionFeather
    if kind == RegionKind.whole or volume is None:
        return None
    if kind == RegionKind.box:
        return boxParams(parameterNode.regionROI, volume, feather)
    if kind == RegionKind.segment:
        labels = labelsOfSegment(parameterNode.regionSegmentation, parameterNode.regionSegmentID)
    else:
        labels = labelsOfLabelMap(parameterNode.regionLabelMap, parameterNode.regionLabel)
    return maskSource(labels, volume, feather)
