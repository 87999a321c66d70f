"""Going through an image, its reference and a mask slice by slice, after checking that they fit.

A function whose name ends in `_steps` is a generator that yields the fraction done after each slice, so that
long measuring can be stopped at once, and returns what is measured.
"""

import math
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np

from GANEnhanceLib.errors import InputError, OptionError


def run_to_end(steps: Generator[float, None, Any]) -> Any:
    """Run a generator without a pause and give the value that it returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def check_fit(image: np.ndarray, reference: np.ndarray, mask: np.ndarray | None) -> None:
    """Raise InputError unless image, reference and mask (if any) are volumes (or slices) of one shape."""
    if image.shape != reference.shape:
        raise InputError(
            f"The image has the shape {image.shape}, the reference {reference.shape}.",
            "Compare volumes on the same grid.",
        )
    if mask is not None and mask.shape != image.shape:
        raise InputError(
            f"The mask has the shape {mask.shape}, the image {image.shape}.",
            "Choose a mask on the grid of the image.",
        )
    if image.ndim not in (2, 3) or image.size == 0:
        raise InputError(f"The image has the shape {image.shape}.", "Give a volume (k, j, i) with voxels.")


def check_data_range(data_range: float) -> float:
    """Give the data range as a float; OptionError unless it is a finite number above 0."""
    try:
        number = float(data_range)
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise OptionError(
            f"The data range is {data_range}.",
            "Give the span of values that counts as full scale, a number above 0.",
        )
    return number


def paired_slices(
    image: np.ndarray, reference: np.ndarray, mask: np.ndarray | None
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray | None]]:
    """Go through (image, reference, mask as bool or None) slice by slice (j, i); a slice is one."""
    image, reference, mask = (
        array[np.newaxis] if array is not None and array.ndim == 2 else array
        for array in (image, reference, mask)
    )
    for k in range(len(image)):
        yield image[k], reference[k], None if mask is None else mask[k] != 0
