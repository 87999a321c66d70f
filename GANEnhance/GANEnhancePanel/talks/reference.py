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

    def measure(self, task, inputName, enhanced, files):
        """Return the talk that measures a result; its value is {"rows", "data_range"}.

        :param inputName: the file of the task's voxels.
        :param enhanced: what the worker said of the run.
        :raises InputError: the reference has not as many voxels as the result.
        """
        before = task.requestParams(inputName)["input"]
        self._check(enhanced["shape"])
        if enhanced["report"].get("finer") is not None:
            grid = {"shape": enhanced["shape"], "ijk_to_ras": enhanced["ijk_to_ras"]}
            answer = yield Ask("interpolate", {"input": before, "grid": grid, "dtype": None}, COPYING)
            name = files.path(answer["file"]).name
            before = {**before, "file": name, "ijk_to_ras": enhanced["ijk_to_ras"]}
        path = files.newPath()
        yield from copying(writeVoxels(self.node, path, self.voxelTime), COPYING)
        params = {
            "before": before,
            "after": enhanced["file"],
            "reference": path.name,
            "data_range": self.dataRange,
            "regions": {"tissue": None, "background": None},
        }
        answer = yield Ask("measure", params, MEASURING)
        files.path(answer["slices"]["file"])
        return {"rows": answer["rows"], "data_range": answer["data_range"]}

    def _check(self, shape):
        size, wanted = self.node.GetImageData().GetDimensions(), tuple(shape[::-1])
        if size != wanted:
            raise InputError(
                _("The reference volume has {reference} voxels, but the result has {result}.").format(
                    reference=size, result=wanted
                ),
                _("Resample the reference to the grid of the result first."),
            )


def makeReference(node, inputNode, dataRange=None):
    """Return the Reference for an input volume, or None for no node.

    :raises InputError: the volume cannot be a reference, or has fewer voxels: more of them a finer result may
        have.
    """
    if node is None:
        return None
    checkInputNode(node)
    sizes = [each.GetImageData().GetDimensions() for each in (node, inputNode)]
    if any(own < needed for own, needed in zip(*sizes, strict=True)):
        raise InputError(
            _("The reference volume has {reference} voxels, but the input has {input}.").format(
                reference=sizes[0], input=sizes[1]
            ),
            _("Resample the reference to the input's grid first."),
        )
    return Reference(node, dataRange, node.GetImageData().GetMTime())
