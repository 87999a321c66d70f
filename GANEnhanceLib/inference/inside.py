"""Where a model may change voxels at all: of ultrasound the fan, without what is drawn on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from GANEnhanceLib.inference.boxes import Box, whole
from GANEnhanceLib.inference.facts import VolumeFacts
from GANEnhanceLib.inference.options import EnhanceOptions
from GANEnhanceLib.inference.plan import slice_axis
from GANEnhanceLib.models import ModelCard
from GANEnhanceLib.trust import Fan, Finding
from GANEnhanceLib.volume import Volume


@dataclass(frozen=True, eq=False)
class Inside:
    """The share of the change that each voxel of a frame gets, the same in all frames.

    Attributes:
        axis: array axis (0 k, 1 j, 2 i) of the frames.
        fan: of these.
        shape: of the volume (k, j, i).
    """

    axis: int
    fan: Fan
    shape: tuple[int, int, int]

    @cached_property
    def plane(self) -> np.ndarray:
        """Weights from 0 to 1, float32, of the other two axes in their order."""
        return self.fan.weights()

    def weights(self, box: Box) -> np.ndarray:
        """Return the weights of a box, float32 (k, j, i), read-only."""
        part = self.plane[tuple(span for axis, span in enumerate(box) if axis != self.axis)]
        shape = tuple(span.stop - span.start for span in box)
        return np.broadcast_to(np.expand_dims(part, self.axis), shape)

    @property
    def box(self) -> Box:
        """The smallest box (k, j, i) that holds all weights above 0."""
        spans = []
        for axis in (0, 1):
            places = np.flatnonzero((self.plane > 0).any(axis=1 - axis))
            spans.append(slice(int(places[0]), int(places[-1]) + 1) if len(places) else slice(0, 0))
        spans.insert(self.axis, whole(self.shape)[self.axis])
        return tuple(spans)

    @property
    def note(self) -> str:
        """What the report says of the voxels that were kept; "" where there are none."""
        outside, drawn = (
            int(np.count_nonzero(mask)) * self.shape[self.axis]
            for mask in (~self.fan.inside, self.fan.overlays)
        )
        if not outside + drawn:
            return ""
        share = outside / int(np.prod(self.shape, dtype=np.int64))
        return (
            f"{outside} voxels outside of the fan ({share:.0%}) and {drawn} of what is drawn on it were kept"
            " as they are."
        )


def find_inside(
    volume: Volume, card: ModelCard, options: EnhanceOptions, facts: VolumeFacts
) -> tuple[Inside | None, Finding | None]:
    """Return where the voxels of a volume may be changed (None: everywhere), and what there is to say of it.

    Both are None for a card that does not ask to keep anything.
    """
    if card.keep_outside is None:
        return None, None
    axis = slice_axis(volume, card, options)
    fan = facts.fan(axis)
    if fan is None:
        return None, Finding(
            "fan",
            "warn",
            "No fan was found in the frames, so all of each is enhanced, with text and rulers.",
            "Draw a region around the fan.",
        )
    if fan.fills_frame:
        return Inside(axis, fan, volume.shape), Finding("fan", "ok", "The fan fills the frame.")
    share = float(fan.inside.mean())
    return Inside(axis, fan, volume.shape), Finding("fan", "ok", f"The fan takes {share:.0%} of the frame.")
