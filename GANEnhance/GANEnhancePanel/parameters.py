"""The choices of the panel as they are kept in the scene: saved with it, loaded with it.

What belongs to the computer and not to the scene (device, interpreter, favorite) is in the settings instead.
"""

import enum
from typing import Annotated

from slicer import (
    vtkMRMLLabelMapVolumeNode,
    vtkMRMLMarkupsROINode,
    vtkMRMLScalarVolumeNode,
    vtkMRMLSegmentationNode,
)
from slicer.i18n import tr as _
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper

# Node references of the parameter node: the volumes of a batch.
BATCH_ROLE = "GANEnhance.batchVolume"


class Modality(enum.Enum):
    """What kind of image the input is."""

    automatic = None
    MR = "MR"
    CT = "CT"
    US = "US"

    def label(self):
        """Return the text of the combo box."""
        names = {"automatic": _("From DICOM"), "MR": _("MR"), "CT": _("CT"), "US": _("Ultrasound")}
        return names[self.name]


class VoxelType(enum.Enum):
    """The type of the result's voxels."""

    input = "input"
    float32 = "float32"

    def label(self):
        """Return the text of the combo box."""
        return {"input": _("As the input"), "float32": _("Floating point (32 bit)")}[self.name]


class RegionKind(enum.Enum):
    """Which part of the volume is enhanced."""

    whole = "whole"
    box = "box"
    segment = "segment"
    labelMap = "labelMap"

    def label(self):
        """Return the text of the combo box."""
        return {
            "whole": _("Whole volume"),
            "box": _("Inside an ROI"),
            "segment": _("Inside a segment"),
            "labelMap": _("Inside a label map"),
        }[self.name]


class FinerKind(enum.Enum):
    """How it is said how fine the result of super-resolution shall be."""

    automatic = "automatic"
    factors = "factors"
    spacing = "spacing"
    like = "like"

    def label(self):
        """Return the text of the combo box."""
        return {
            "automatic": _("Equal edges (cubes)"),
            "factors": _("By factors"),
            "spacing": _("By spacing"),
            "like": _("Like another volume"),
        }[self.name]


class FrameChoice(enum.Enum):
    """Which frames of a sequence are enhanced."""

    shown = "shown"
    all = "all"
    range = "range"

    def label(self):
        """Return the text of the combo box."""
        return {"shown": _("The one shown"), "all": _("All"), "range": _("From ... to ...")}[self.name]


class CompareMode(enum.Enum):
    """How input and result are compared in the slice views."""

    off = "off"
    sideBySide = "sideBySide"
    fader = "fader"
    checkerboard = "checkerboard"
    swipe = "swipe"
    difference = "difference"

    def label(self):
        """Return the text of the combo box."""
        return {
            "off": _("Off"),
            "sideBySide": _("Side by side"),
            "fader": _("Fader"),
            "checkerboard": _("Checkerboard"),
            "swipe": _("Swipe line"),
            "difference": _("Difference"),
        }[self.name]


@parameterNodeWrapper
class GANEnhanceParameterNode:
    """The typed parameter node of the module.

    `model` is a name or "auto"; the list of models is known at run time only. `fidelity` counts where
    `useModelFidelity` is off, `doubtMap` for models that have one. `finerThroughPlane` and `finerInPlane` are
    factors, `finerSpacing` is in mm; they count for models of super-resolution. `regionFeather` is in mm.
    `regionLabel` 0 means any label. `firstFrame` and `lastFrame` (which is included; -1: the last one there
    is) count from 0. `compareFade` and `compareSwipe` are shares (0 to 1); `compareLayout` is JSON text, what
    the views showed before comparing. `dataRange` 0 takes the range of the reference. `resultVolume` is the
    result that is being judged.
    """

    inputVolume: vtkMRMLScalarVolumeNode
    outputVolume: vtkMRMLScalarVolumeNode
    model: str = "auto"
    strength: Annotated[float, WithinRange(0.0, 1.0)] = 1.0
    useModelFidelity: bool = True
    fidelity: Annotated[float, WithinRange(0.0, 1.0)] = 1.0
    modality: Modality = Modality.automatic
    voxelType: VoxelType = VoxelType.input
    doubtMap: bool = False

    finerKind: FinerKind = FinerKind.automatic
    finerThroughPlane: Annotated[float, WithinRange(1.0, 16.0)] = 2.0
    finerInPlane: Annotated[float, WithinRange(1.0, 16.0)] = 1.0
    finerSpacing: Annotated[float, WithinRange(0.01, 100.0)] = 1.0
    finerLike: vtkMRMLScalarVolumeNode

    regionKind: RegionKind = RegionKind.whole
    regionROI: vtkMRMLMarkupsROINode
    regionSegmentation: vtkMRMLSegmentationNode
    regionSegmentID: str = ""
    regionLabelMap: vtkMRMLLabelMapVolumeNode
    regionLabel: Annotated[int, WithinRange(0, 65535)] = 0
    regionFeather: Annotated[float, WithinRange(0.0, 50.0)] = 0.0

    frames: FrameChoice = FrameChoice.shown
    firstFrame: Annotated[int, WithinRange(0, 1000000)] = 0
    lastFrame: Annotated[int, WithinRange(-1, 1000000)] = -1

    resultVolume: vtkMRMLScalarVolumeNode
    compareMode: CompareMode = CompareMode.off
    compareFade: Annotated[float, WithinRange(0.0, 1.0)] = 0.5
    compareSwipe: Annotated[float, WithinRange(0.0, 1.0)] = 0.5
    compareTiles: Annotated[int, WithinRange(2, 64)] = 8
    compareLayout: str = ""

    referenceVolume: vtkMRMLScalarVolumeNode
    dataRange: Annotated[float, WithinRange(0.0, 1e12)] = 0.0
    tissueROI: vtkMRMLMarkupsROINode
    backgroundROI: vtkMRMLMarkupsROINode
