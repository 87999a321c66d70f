"""What a judge measures: each metric with its unit, range and direction, and how it is taken of a case."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics import (
    contrast_regions,
    contrast_to_noise,
    equivalent_looks,
    estimate_noise,
    find_edges,
    flat_blocks,
    mae,
    measure_sharpness,
    ms_ssim,
    noise_power_distance,
    psnr,
    region_values,
    speckle_index,
    ssim,
    take_blocks,
)
from GANEnhanceLib.training.validation.cases import Case, plane_spacing, slices_of_case

_BLOCK = 16
"""Edge in voxels of the blocks whose noise is measured."""
_MOST_DB = 120.0
"""Shown for images that are equal to float32's precision."""


@dataclass(frozen=True)
class Metric:
    """A metric: unit, lowest and highest value, whether more is better, and what it is."""

    unit: str
    low: float
    high: float
    higher_is_better: bool
    text: str


METRICS = {
    "psnr": Metric("dB", -math.inf, _MOST_DB, True, "data range: 0 to 1 of the scaling"),
    "ssim": Metric("", -1.0, 1.0, True, "data range: 0 to 1 of the scaling"),
    "ms-ssim": Metric("", 0.0, 1.0, True, "data range: 0 to 1 of the scaling"),
    "mae": Metric("value units (HU for CT)", 0.0, math.inf, False, "mean absolute error"),
    "noise-power": Metric(
        "value units",
        0.0,
        math.inf,
        False,
        "standard deviation of the noise that is too much or missing beside the target, from the noise power"
        " spectra of flat blocks",
    ),
    "edge-width": Metric("mm", 0.0, math.inf, False, "mean rise of edges from 10 to 90 %"),
    "cnr": Metric("", 0.0, math.inf, True, "contrast to noise of the two tissues of the target"),
    "enl": Metric("", 0.0, math.inf, True, "equivalent number of looks of flat blocks"),
    "speckle-index": Metric("", 0.0, math.inf, False, "standard deviation by mean of flat blocks"),
    "feature-distance": Metric(
        "", 0.0, math.inf, False, "Frechet distance of the statistics of features to those of real images"
    ),
    "cycle-error": Metric(
        "share of the range", 0.0, math.inf, False, "mean absolute error after the way there and back"
    ),
}
"""All metrics by the name that the configuration has for them."""


class CaseMeasures:
    """Takes metrics of images of one case; what depends on the reference only is found once.

    Args:
        case: has a reference.
    """

    def __init__(self, case: Case) -> None:
        """Keep the case; see the class for the argument."""
        self.case = case
        self._wanted = slices_of_case(case, case.wanted)
        self._taken: dict[str, Callable[[np.ndarray], float | None]] = {
            "psnr": self._psnr,
            "ssim": lambda image: ssim(image, self._wanted, case.data_range),
            "ms-ssim": self._ms_ssim,
            "mae": lambda image: mae(image, self._wanted),
            "noise-power": self._noise_power,
            "edge-width": self._edge_width,
            "cnr": self._cnr,
            "enl": lambda image: self._of_blocks(equivalent_looks, image),
            "speckle-index": lambda image: self._of_blocks(speckle_index, image),
        }

    def measure(self, image: np.ndarray, names: tuple[str, ...]) -> dict[str, float]:
        """Return metrics of voxels (k, j, i) of the case's box; those that cannot be taken here are left
        out."""
        planes = slices_of_case(self.case, image)
        found = {name: self._taken[name](planes) for name in names if name in self._taken}
        return {
            name: float(value) for name, value in found.items() if value is not None and math.isfinite(value)
        }

    def _psnr(self, image: np.ndarray) -> float:
        return min(_MOST_DB, psnr(image, self._wanted, self.case.data_range))

    def _ms_ssim(self, image: np.ndarray) -> float | None:
        try:
            return ms_ssim(image, self._wanted, self.case.data_range)
        except InputError:  # slices too small for it
            return None

    def _noise_power(self, image: np.ndarray) -> float | None:
        if not len(self._places):
            return None
        blocks = (take_blocks(each, self._places, _BLOCK) for each in (image, self._wanted))
        return noise_power_distance(*blocks, plane_spacing(self.case))

    def _edge_width(self, image: np.ndarray) -> float | None:
        return None if self._edges is None else measure_sharpness(image, self._edges).width_mm

    def _cnr(self, image: np.ndarray) -> float | None:
        if self._regions is None:
            return None
        return contrast_to_noise(*(region_values(image, mask) for mask in self._regions))

    def _of_blocks(self, measure: Callable[[np.ndarray], float], image: np.ndarray) -> float | None:
        return measure(take_blocks(image, self._places, _BLOCK)) if len(self._places) else None

    @cached_property
    def _places(self) -> np.ndarray:
        return flat_blocks(self._wanted, _BLOCK)

    @cached_property
    def _edges(self):
        rows, columns = plane_spacing(self.case)
        across = self.case.given.spacing[2 - self.case.axis]
        noise = estimate_noise(slices_of_case(self.case, self.case.input))
        return find_edges(self._wanted, (columns, rows, across), 0, noise)

    @cached_property
    def _regions(self):
        return contrast_regions(self._wanted)


def mean_figures(rows: list[dict[str, float]], prefix: str = "") -> dict[str, float]:
    """Return the mean of each figure over the rows that have it, under `prefix` and its name."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {f"{prefix}{name}": float(np.mean([row[name] for row in rows if name in row])) for name in names}
