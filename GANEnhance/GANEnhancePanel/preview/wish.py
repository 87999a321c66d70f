"""What a view is to show: a slice of a task's result, and how two wishes are told apart."""

import json
from dataclasses import dataclass, replace

from GANEnhancePanel.preview.plane import Plane
from GANEnhancePanel.region.mask import MaskSource
from GANEnhancePanel.task import EnhanceTask


@dataclass(frozen=True)
class Wish:
    """A slice (`plane`) of what `task` gives; `owner` is the ID of the volume whose slices are counted."""

    task: EnhanceTask
    plane: Plane
    owner: str = ""

    @property
    def strength(self):
        """The strength that is wished."""
        return float(self.task.options.strength)

    @property
    def key(self):
        """What has to be computed anew when it differs; the strength has not."""
        return (taskKey(self.task), self.plane.axis, self.plane.index)


def taskKey(task):
    """Return all that the voxels of a task's result depend on but the strength, as something comparable."""
    options = {**task.options.to_dict(), "strength": None}
    return (
        task.inputNode.GetID(),
        task.voxelTime,
        tuple(task.ijkToRAS.ravel().tolist()),
        task.model,
        task.modality,
        json.dumps(options, sort_keys=True),
        regionKey(task.region),
    )


def regionKey(region):
    """Return a region of a task as something comparable."""
    if isinstance(region, MaskSource):
        return (region.key(), region.feather)
    return json.dumps(region, sort_keys=True)


def withOptions(task, **changes):
    """Return a task with other options."""
    return replace(task, options=task.options.replace(**changes))
