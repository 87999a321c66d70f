"""Text forms of the engine's options, as the command line and a person at a keyboard write them.

The options themselves, their checks and their JSON form (which the worker reads) are
`GANEnhanceLib.inference.options.EnhanceOptions`; here is only what turns text into its values, so that the
command and any other place where a person types read the same words in the same way.
"""

from __future__ import annotations

import math
import re

from GANEnhanceLib.errors import OptionError

MODALITIES = ("MR", "CT", "US")

_RANGE = re.compile(r"\s*(\d+)\s*:\s*(\d+)\s*")


def parse_roi(text: str) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Read `i0:i1,j0:j1,k0:k1` (voxel numbers from 0, half open); OptionError shows the text."""
    parts = text.split(",")
    matches = [_RANGE.fullmatch(part) for part in parts]
    if len(parts) != 3 or None in matches:
        raise OptionError(
            f"The ROI is {text!r}, but must be three ranges of voxel numbers.",
            "Give it as i0:i1,j0:j1,k0:k1 (10:120,20:140,0:30); the second number is not included.",
        )
    return tuple((int(match[1]), int(match[2])) for match in matches)


def parse_box(text: str) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...], tuple[float, ...]]:
    """Read `R,A,S,x,y,z`: center and size in mm of a box along R, A and S; OptionError shows the text.

    Gives center, axes (one a column) and size, as a region is made of.
    """
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != 6 or not all(map(math.isfinite, numbers)) or min(numbers[3:]) <= 0:
        raise OptionError(
            f"The box is {text!r}, but must be six numbers of mm: center R, A, S and three sizes above 0.",
            "Give it as R,A,S,x,y,z (10,-20,5,80,80,40), or give a .mrk.json file of Slicer.",
        )
    axes = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    return tuple(numbers[:3]), axes, tuple(numbers[3:])


def parse_patch(text: str) -> tuple[int, int, int]:
    """Read `k,j,i`, a patch size in voxels; OptionError if it is not three whole numbers."""
    parts = text.split(",")
    if len(parts) != 3 or not all(re.fullmatch(r"\s*\d+\s*", part) for part in parts):
        raise OptionError(
            f"The patch is {text!r}, but must be three whole numbers of voxels.",
            "Give it as k,j,i: 64,96,96.",
        )
    return tuple(int(part) for part in parts)


def parse_sizes(text: str, what: str, example: str) -> tuple[float, float, float]:
    """Read three numbers above 0 as `1x1x3`, along i, j and k; OptionError shows the text and an example."""
    try:
        numbers = tuple(float(part) for part in text.lower().split("x"))
    except ValueError:
        numbers = ()
    if len(numbers) != 3 or not all(math.isfinite(number) and number > 0 for number in numbers):
        raise OptionError(
            f"The {what} is {text!r}, but must be three numbers above 0.", f"Give it as IxJxK: {example}."
        )
    return numbers


def parse_spacing(text: str) -> float | tuple[float, float, float]:
    """Read a spacing in mm: one number for all axes, or three as `1x1x3`; OptionError shows the text."""
    if "x" in text.lower():
        return parse_sizes(text, "spacing", "0.5x0.5x1 (mm)")
    return parse_number(text, "spacing", "a number of mm, or three as IxJxK")


def parse_number(text: str, what: str, allowed: str) -> float:
    """Read a number; OptionError says what it is for and what is allowed. `inf` is a number, `nan` is not."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isnan(number):
        raise OptionError(f"The {what} is {text!r}, but must be {allowed}.")
    return number


def parse_whole(text: str, what: str, allowed: str) -> int:
    """Read a whole number; OptionError says what it is for and what is allowed."""
    if not re.fullmatch(r"\s*[+-]?\d+\s*", text):
        raise OptionError(f"The {what} is {text!r}, but must be {allowed}.")
    return int(text)


def parse_modality(text: str) -> str:
    """Read MR, CT or US in any case; OptionError names the allowed ones."""
    if text.upper() not in MODALITIES:
        raise OptionError(f"The modality is {text!r}, but must be one of: {', '.join(MODALITIES)}.")
    return text.upper()
