"""One run's givens: the volume, what is asked for, and the arrays that it writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from GANEnhanceLib.errors import DeviceError, InputError, OptionError
from GANEnhanceLib.inference.boxes import Box, common, is_empty, shape_of, whole
from GANEnhanceLib.inference.change import Change, open_change
from GANEnhanceLib.inference.facts import VolumeFacts
from GANEnhanceLib.inference.inside import Inside
from GANEnhanceLib.inference.options import EnhanceOptions
from GANEnhanceLib.inference.share import Share
from GANEnhanceLib.inference.voxels import RowsTaker, copy_as
from GANEnhanceLib.intensity import FittedScaling
from GANEnhanceLib.models import ModelCard
from GANEnhanceLib.regions import Region
from GANEnhanceLib.volume import Volume


@dataclass(eq=False)
class Task:
    """What a network or a filter is run on.

    Attributes:
        volume: the input.
        facts: what is known of it.
        options: as asked.
        scaling: to be used instead of one that is fitted to the volume; None: fit.
        share: how much of the change is applied, at each voxel.
        frame: voxels (k, j, i) that the result holds: all, or the ROI if only that is wanted.
        box: voxels that are computed, within the frame; may be empty.
        target: array of the frame, which holds the input wherever nothing is computed.
        change: where the change is kept; None: nowhere.
        notes: lines for the report.
        doubt: array of the frame, float32, value units, for the doubt, 0 wherever nothing is computed; None:
            not wanted.
        into: takes residuals instead of the target, the change and the doubt; None: those do.
    """

    volume: Volume
    facts: VolumeFacts
    options: EnhanceOptions
    scaling: FittedScaling | None
    share: Share
    frame: Box
    box: Box
    target: np.ndarray
    change: Change | None
    notes: tuple[str, ...]
    doubt: np.ndarray | None = None
    into: RowsTaker | None = None


def make_task(
    volume: Volume,
    options: EnhanceOptions,
    facts: VolumeFacts,
    region: Region | None,
    scaling: FittedScaling | None,
    keep: Path | None,
    crop: bool,
    dtype: np.dtype | None = None,
    inside: Inside | None = None,
) -> Task:
    """Find out which voxels are computed and make room for the result.

    ``dtype`` is the type of the result where the options say ``input``; None: that of the volume.
    ``inside`` says where the model may change voxels; None: everywhere.

    Raises:
        InputError: the region does not touch the volume or, unless cropped, the ROI.
        DeviceError: there is no memory for the result.
    """
    roi = options.roi_slices(volume.shape)
    box = roi if region is None else common(roi, region.box(volume.shape))
    if is_empty(box) and not crop:
        raise InputError(
            "The region and the ROI have no voxel in common.", "Move one of them, or leave the ROI out."
        )
    if inside is not None:
        box = common(box, inside.box)
    frame = roi if crop else whole(volume.shape)
    target = _room_for_result(volume, options, frame, box, dtype or volume.voxels.dtype)
    doubt = room_for_doubt(shape_of(frame)) if options.doubt else None
    change, notes = _room_for_change(keep, box, frame)
    if change is not None:
        change.inside = inside
    share = Share(options.strength, region, inside)
    return Task(volume, facts, options, scaling, share, frame, box, target, change, notes, doubt)


def check_scaling(scaling: FittedScaling | None, card: ModelCard) -> None:
    """Raise OptionError for a given scaling that is not of the kind that the model asks for."""
    if scaling is None:
        return
    wanted = card.scaling.get("name")
    if wanted is None:
        raise OptionError(
            f"The scaling {scaling.name!r} was given, but the model {card.name} works without one.",
            "Leave the scaling out.",
        )
    if scaling.name != wanted:
        raise OptionError(
            f"The scaling is {scaling.name!r}, but the model {card.name} needs {wanted!r}.",
            "Take the scaling of a report of the same model.",
        )


def crop_volume(volume: Volume, box: Box) -> Volume:
    """Return the part of a volume in a box, at its place; the voxels are not copied."""
    if box == whole(volume.shape):
        return volume
    matrix = np.array(volume.ijk_to_ras)
    matrix[:3, 3] += matrix[:3, :3] @ [part.start for part in reversed(box)]
    return Volume(volume.voxels[box], matrix, volume.modality, volume.name)


def _room_for_result(
    volume: Volume, options: EnhanceOptions, frame: Box, box: Box, dtype: np.dtype
) -> np.ndarray:
    dtype = np.dtype(np.float32) if options.output_type == "float32" else dtype
    shape = shape_of(frame)
    try:
        if frame == box:
            return np.empty(shape, dtype)
        return copy_as(volume.voxels[frame], dtype)
    except MemoryError as error:
        size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        raise DeviceError(
            f"There is no memory for a result of {size / 2**20:.0f} MiB.",
            "Close other programs, or use a computer with more memory.",
        ) from error


def room_for_doubt(shape: tuple[int, int, int]) -> np.ndarray:
    """Return zeros, float32; DeviceError if there is no memory for them."""
    return room_for(shape, "a doubt map", "Close other programs, or leave the doubt map out.")


def room_for(shape: tuple[int, ...], what: str, advice: str) -> np.ndarray:
    """Return zeros, float32; DeviceError that names `what` and gives the advice if there is no memory."""
    try:
        return np.zeros(shape, np.float32)
    except MemoryError as error:
        size = 4 * int(np.prod(shape, dtype=np.int64))
        raise DeviceError(f"There is no memory for {what} of {size / 2**20:.0f} MiB.", advice) from error


def _room_for_change(keep: Path | None, box: Box, frame: Box) -> tuple[Change | None, tuple[str, ...]]:
    if keep is None:
        return None, ()
    try:
        return open_change(Path(keep), box, frame), ()
    except (OSError, MemoryError) as error:
        reason = getattr(error, "strerror", None) or "no memory"
        return None, (f"The change was not kept ({reason}), so the strength needs a new run.",)
