"""Measures an input and its result against a reference volume: the same scene with less noise."""

from dataclasses import dataclass
from typing import Any

from slicer.i18n import tr as _

from GANEnhanceLib.errors import InputError
from GANEnhancePanel.talks.talk import Ask, Share, copying
from GANEnhancePanel.volumes import checkInputNode, writeVoxels

COPYING = Share(0.92, 0.93)
MEASURING = Share(0.93, 0.96)


@dataclass(frozen=True)
class Reference:
    """A checked reference; make it with `makeReference`. `dataRange` None takes that of the reference."""

    node: Any
    dataRange: float | None
    voxelTime: int

    def measure(self, inputParams, resultName, files):
        """Return the talk that measures a result file of the worker; its value is {"rows", "data_range"}."""
        path = files.newPath()
        yield from copying(writeVoxels(self.node, path, self.voxelTime), COPYING)
        params = {
            "before": inputParams,
            "after": resultName,
            "reference": path.name,
            "data_range": self.dataRange,
            "regions": {"tissue": None, "background": None},
        }
        answer = yield Ask("measure", params, MEASURING)
        files.path(answer["slices"]["file"])
        return {"rows": answer["rows"], "data_range": answer["data_range"]}


def makeReference(node, inputNode, dataRange=None):
    """Return the Reference for an input volume, or None for no node.

    :raises InputError: the volume cannot be a reference, or has another number of voxels.
    """
    if node is None:
        return None
    checkInputNode(node)
    sizes = [each.GetImageData().GetDimensions() for each in (node, inputNode)]
    if sizes[0] != sizes[1]:
        raise InputError(
            _("The reference volume has {reference} voxels, but the input has {input}.").format(
                reference=sizes[0], input=sizes[1]
            ),
            _("Resample the reference to the input's grid first."),
        )
    return Reference(node, dataRange, node.GetImageData().GetMTime())
