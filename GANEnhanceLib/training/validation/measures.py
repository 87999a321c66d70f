"""What a judge measures: each metric with its unit, range and direction, and how it is taken of a case."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics import BesideReference, estimate_noise, mae, ms_ssim, psnr, ssim
from GANEnhanceLib.training.validation.cases import Case, plane_spacing, slices_of_case

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
            "noise-power": lambda image: self._beside.noise_power(image),
            "edge-width": lambda image: self._beside.edge_width(image),
            "cnr": lambda image: self._beside.contrast_to_noise(image),
            "enl": lambda image: self._beside.looks(image),
            "speckle-index": lambda image: self._beside.speckle(image),
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

    @cached_property
    def _beside(self) -> BesideReference:
        rows, columns = plane_spacing(self.case)
        across = self.case.given.spacing[2 - self.case.axis]
        noise = estimate_noise(slices_of_case(self.case, self.case.input))
        return BesideReference(self._wanted, (columns, rows, across), noise)


def mean_figures(rows: list[dict[str, float]], prefix: str = "") -> dict[str, float]:
    """Return the mean of each figure over the rows that have it, under `prefix` and its name."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {f"{prefix}{name}": float(np.mean([row[name] for row in rows if name in row])) for name in names}
