"""Turns the nodes that a script gives as region into what a task takes."""

import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import InputError
from GANEnhancePanel.region.box import boxParams
from GANEnhancePanel.region.mask import labelsOfLabelMap, labelsOfSegment, maskSource


def regionFrom(region, volume, feather=0.0):
    """Return the region of a volume node as `EnhanceTask` takes it.

    :param region: None (all of the volume), a markups ROI node, a label map volume node (all labels),
        (label map volume node, label), (segmentation node, segment ID), or what an `EnhanceTask` takes.
    :param feather: width in mm over which the change fades out at the region's border.
    :raises InputError: the region cannot be used for this volume.
    """
    if not isinstance(region, (tuple, slicer.vtkMRMLNode)):
        return region
    node, part = region if isinstance(region, tuple) else (region, None)
    if node.IsA("vtkMRMLMarkupsROINode"):
        return boxParams(node, volume, feather)
    if node.IsA("vtkMRMLSegmentationNode"):
        return maskSource(labelsOfSegment(node, part), volume, feather)
    if node.IsA("vtkMRMLLabelMapVolumeNode"):
        return maskSource(labelsOfLabelMap(node, part or 0), volume, feather)
    raise InputError(
        _("The region is a {kind}, not an ROI, a segmentation or a label map.").format(
            kind=node.GetNodeTagName()
        ),
        _("Give a markups ROI, a label map, or (segmentation, segment ID)."),
    )
