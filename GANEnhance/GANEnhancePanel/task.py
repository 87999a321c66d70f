"""One enhancement that was asked for: checked nodes, options and the grid, fixed at the moment of asking.

The panel's job and the blocking call of the logic both start from a task and end in
`output.makeOutput(task, ...)`.
"""

from dataclasses import dataclass, replace
from typing import Any

from slicer.i18n import tr as _

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.inference.options import EnhanceOptions
from GANEnhanceLib.options import MODALITIES
from GANEnhancePanel.finer.choice import gridLike
from GANEnhancePanel.modality import modalityOfNode
from GANEnhancePanel.volumes import checkInputNode, copyOfOrientation, ijkToRASArray


@dataclass(frozen=True)
class EnhanceTask:
    """A checked request; make it with `makeTask`.

    `inputNode` is only read. `outputNode` is the volume that gets the result, or None for a new one.
    `model` is a name, a bundle's path or "auto"; `modality` is "MR", "CT", "US" or None (unknown). `grid`
    is a bare node with the input's spacing, origin and directions, `ijkToRAS` the same as a (4, 4) array in
    mm, `inputShape` is (k, j, i), and `voxelTime` the modification time of the voxels: they must not change
    before they are copied. `region` and `scaling` are those of the worker's protocol (None: the whole volume,
    fitted to it); a `region.mask.MaskSource` becomes a file, and its params, when the task is run. `keep`:
    whether the worker keeps the run, so that its strength can be changed afterwards.
    """

    inputNode: Any
    outputNode: Any
    model: str
    modality: str | None
    options: EnhanceOptions
    grid: Any
    ijkToRAS: Any
    inputShape: tuple[int, int, int]
    voxelTime: int
    region: Any = None
    scaling: dict | None = None
    keep: bool = True

    def withoutOutputNode(self):
        """Return the same task with a new node for the result."""
        return replace(self, outputNode=None)

    def requestParams(self, fileName, region=None):
        """Return the `params` of the worker's `enhance` for voxels in `fileName` of the worker's folder.

        :param region: `self.region` as the protocol says it.
        """
        return {
            "input": {
                "file": fileName,
                "ijk_to_ras": [float(element) for element in self.ijkToRAS.ravel()],
                "modality": self.modality,
                # A node's name may hold a patient's name, and the worker needs none.
                "name": "",
            },
            "model": self.model,
            "options": self.options.to_dict(),
            "region": region,
            "scaling": self.scaling,
            "keep": self.keep,
        }


def makeTask(
    inputNode,
    outputNode=None,
    model="auto",
    modality=None,
    options=None,
    region=None,
    scaling=None,
    keep=True,
):
    """Check what is asked for and return it as an EnhanceTask.

    :param modality: "MR", "CT" or "US"; None takes what DICOM says, if anything does.
    :param options: names and values of `GANEnhanceLib.inference.options.EnhanceOptions`, as a dict; `like`
        may also be a volume node.
    :param region: which part is enhanced, as the worker's protocol describes it; None is the whole volume.
    :param scaling: the intensity scaling of an earlier run's report; None fits it to this volume.
    :param keep: whether the worker keeps the run, so that its strength can be changed afterwards.
    :raises InputError: the input cannot be used, or is also the output.
    :raises OptionError: an option is unknown or has a value that is not allowed.
    """
    checkInputNode(inputNode)
    if outputNode is not None:
        _checkOutputNode(inputNode, outputNode)
    if modality is None:
        modality = _knownModality(inputNode)
    elif modality not in MODALITIES:
        raise OptionError(
            _("The modality is {value}, but must be one of: {allowed}.").format(
                value=repr(modality), allowed=", ".join(MODALITIES)
            )
        )
    options = dict(options or {})
    if hasattr(options.get("like"), "GetImageData"):
        options["like"] = gridLike(options["like"], inputNode)
    return EnhanceTask(
        inputNode=inputNode,
        outputNode=outputNode,
        model=str(model),
        modality=modality,
        options=EnhanceOptions.from_dict(options),
        grid=copyOfOrientation(inputNode),
        ijkToRAS=ijkToRASArray(inputNode),
        inputShape=inputNode.GetImageData().GetDimensions()[::-1],
        voxelTime=inputNode.GetImageData().GetMTime(),
        region=region,
        scaling=scaling,
        keep=keep,
    )


def _checkOutputNode(inputNode, outputNode):
    if outputNode is inputNode or outputNode.GetID() == inputNode.GetID():
        raise InputError(
            _("The output volume is the input volume."), _("Choose another output, or let a new one be made.")
        )
    if outputNode.GetClassName() != "vtkMRMLScalarVolumeNode":
        raise InputError(
            _("The output node is a {kind}, not a scalar volume.").format(kind=outputNode.GetNodeTagName()),
            _("Choose a scalar volume, or let a new one be made."),
        )


def _knownModality(inputNode):
    modality = modalityOfNode(inputNode)
    if modality is not None and modality not in MODALITIES:
        raise InputError(
            _("The volume's DICOM modality is {value}, but models are for: {allowed}.").format(
                value=modality, allowed=", ".join(MODALITIES)
            ),
            _("If DICOM is wrong, choose the modality in the Advanced section."),
        )
    return modality
