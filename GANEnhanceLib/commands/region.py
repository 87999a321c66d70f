"""The region of `ganenhance enhance`: its options, and what they name as a region of the volume."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib._itk import LPS_TO_RAS
from GANEnhanceLib.commands.arguments import file_named
from GANEnhanceLib.commands.grids import check_same_grid
from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.options import parse_box, parse_number, parse_whole
from GANEnhanceLib.regions import BoxRegion, MaskRegion, Region

if TYPE_CHECKING:
    from GANEnhanceLib.inference import EnhanceOptions
    from GANEnhanceLib.volume import Volume

_MARKUPS_SUFFIX = ".json"
_MARKUPS_HINT = "Save the ROI in Slicer as .mrk.json."


def add_region_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of a region."""
    group = parser.add_argument_group(
        "which part is enhanced (without these: all); outside, voxels stay as they are"
    )
    group.add_argument(
        "--mask", type=file_named("--mask"), metavar="FILE", help="a label map on the grid of the input"
    )
    group.add_argument(
        "--label",
        type=lambda text: parse_whole(text, "label", "a whole number"),
        metavar="N",
        help="the label of the mask to take (default: all above 0)",
    )
    group.add_argument(
        "--roi-box",
        type=_box_or_file,
        metavar="FILE.mrk.json|R,A,S,x,y,z",
        help="an ROI saved by Slicer, also a rotated one, or center and size along R, A and S in mm"
        " (--roi-box=-5,... where the first number is negative)",
    )
    group.add_argument(
        "--feather",
        type=lambda text: parse_number(text, "feather", "a number of mm, 0 or more"),
        metavar="MM",
        help="fade out over this distance, inside of the border (default 0)",
    )


def read_region(arguments: argparse.Namespace, volume: Volume) -> Region | None:
    """Return the region that the options ask for, checked against the volume; None for the whole volume.

    Raises OptionError for options that do not go together, InputError for a file that cannot be used.
    """
    if arguments.mask and arguments.roi_box:
        raise OptionError("--mask and --roi-box were both given.", "Give one of them.")
    if arguments.label is not None and not arguments.mask:
        raise OptionError("--label was given without --mask.", "Add --mask FILE.")
    if arguments.feather is not None and not (arguments.mask or arguments.roi_box):
        raise OptionError("--feather was given without a region.", "Add --mask or --roi-box.")
    feather = arguments.feather or 0.0
    if arguments.mask:
        region = MaskRegion(_read_mask(arguments.mask, volume), volume.ijk_to_ras, arguments.label, feather)
    elif arguments.roi_box:
        is_file = isinstance(arguments.roi_box, Path)
        center, axes, size = read_roi(arguments.roi_box) if is_file else arguments.roi_box
        region = BoxRegion(volume.shape, volume.ijk_to_ras, center, axes, size, feather)
    else:
        return None
    region.box(volume.shape)
    return region


def shown_roi(options: EnhanceOptions, region: Region | None, shape: tuple[int, int, int]) -> Any:
    """Return the ROI ((i0, i1), ...) of which a picture shows the middle; None for the whole volume."""
    if region is None or options.roi is not None:
        return options.roi
    return tuple((part.start, part.stop) for part in reversed(region.box(shape)))


def read_roi(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return center (RAS, mm), axes (3 x 3, in columns) and size (mm) of an ROI that Slicer saved.

    Raises InputError for a file that holds no such ROI, and OptionError for one that is inside out.
    """
    roi = _only_roi(path)
    try:
        center, size = np.array(roi["center"], float), np.array(roi["size"], float)
        axes = np.array(roi.get("orientation", np.eye(3)), float).reshape(3, 3)
        if center.shape != (3,) or size.shape != (3,):
            raise ValueError
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"The ROI in '{path}' has no center, size or orientation.", _MARKUPS_HINT) from error
    if roi.get("insideOut"):
        raise OptionError(
            f"The ROI in '{path}' is inside out.", "Switch that off, or give a mask of what to enhance."
        )
    if str(roi.get("coordinateSystem", "LPS")).upper() in ("LPS", "0"):
        to_ras = LPS_TO_RAS[:3, :3]
        return to_ras @ center, to_ras @ axes, size
    return center, axes, size


def _only_roi(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"'{path}' cannot be opened: {error.strerror or error}.", "Check the path."
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"'{path}' is not a markups file: it is no JSON.", _MARKUPS_HINT) from error
    markups = found.get("markups") if isinstance(found, dict) else None
    rois = [each for each in markups or () if isinstance(each, dict) and each.get("type") == "ROI"]
    if len(rois) != 1:
        raise InputError(f"'{path}' holds {len(rois)} ROIs, not one.", _MARKUPS_HINT)
    return rois[0]


def _read_mask(path: Path, volume: Volume) -> np.ndarray:
    from GANEnhanceLib.volume import read_volume

    mask = read_volume(path)
    check_same_grid(volume, mask, "input", "mask")
    if mask.voxels.dtype.kind in "iu":
        return mask.voxels
    # Some programs write labels as floating point.
    low, high = np.iinfo(np.int32).min, np.iinfo(np.int32).max
    whole = all(
        bool(((part == np.rint(part)) & (part >= low) & (part <= high)).all()) for part in mask.voxels
    )
    if not whole:
        raise InputError(
            f"The mask '{path}' has voxels that are not whole numbers.", "Give a label map, not an image."
        )
    return mask.voxels.astype(np.int32)


def _box_or_file(text: str) -> Any:
    if text.lower().endswith(_MARKUPS_SUFFIX):
        return file_named("--roi-box")(text)
    return parse_box(text)
