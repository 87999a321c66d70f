"""Noise, edges, contrast and speckle of images that one reference shows where to look for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from GANEnhanceLib.metrics.contrast import contrast_regions, contrast_to_noise, region_values
from GANEnhanceLib.metrics.flat import flat_blocks, take_blocks
from GANEnhanceLib.metrics.noise_power import noise_power_distance
from GANEnhanceLib.metrics.sharpness import find_edges, measure_sharpness
from GANEnhanceLib.metrics.speckle import equivalent_looks, speckle_index

BLOCK = 16
"""Voxels along a side of the flat blocks in which noise and speckle are measured."""


class BesideReference:
    """Measures images beside one reference; what depends on the reference only is found once.

    Each measure is None where the reference has no place for it. Images are (k, j, i), slices along k, on the
    grid of the reference.

    Args:
        reference: (k, j, i), value units.
        spacing: (i, j, k), mm.
        noise: standard deviation of the noise below which an edge of the reference is none, value units.
    """

    def __init__(self, reference: np.ndarray, spacing: tuple[float, float, float], noise: float = 0.0):
        """Look at nothing yet; see the class for the arguments."""
        self._reference, self._spacing, self._noise = reference, tuple(spacing), noise

    def noise_power(self, image: np.ndarray) -> float | None:
        """Return the distance of noise power spectra in flat blocks; see `noise_power_distance`."""
        if not len(self._places):
            return None
        blocks = (take_blocks(each, self._places, BLOCK) for each in (image, self._reference))
        return noise_power_distance(*blocks, (self._spacing[1], self._spacing[0]))

    def edge_width(self, image: np.ndarray) -> float | None:
        """Return the mean width of edges, mm; see `measure_sharpness`."""
        return None if self._edges is None else measure_sharpness(image, self._edges).width_mm

    def contrast_to_noise(self, image: np.ndarray) -> float | None:
        """Return the contrast to noise of the two tissues of the reference."""
        if self._regions is None:
            return None
        return contrast_to_noise(*(region_values(image, mask) for mask in self._regions))

    def looks(self, image: np.ndarray) -> float | None:
        """Return the equivalent number of looks of flat blocks."""
        return self._of_blocks(equivalent_looks, image)

    def speckle(self, image: np.ndarray) -> float | None:
        """Return the speckle index of flat blocks."""
        return self._of_blocks(speckle_index, image)

    def _of_blocks(self, measure: Callable[[np.ndarray], float], image: np.ndarray) -> float | None:
        return measure(take_blocks(image, self._places, BLOCK)) if len(self._places) else None

    @cached_property
    def _places(self) -> np.ndarray:
        return flat_blocks(self._reference, BLOCK)

    @cached_property
    def _edges(self):
        return find_edges(self._reference, self._spacing, 0, self._noise)

    @cached_property
    def _regions(self):
        return contrast_regions(self._reference)
