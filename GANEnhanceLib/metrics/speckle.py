"""How much speckle an image has: equivalent number of looks, and speckle index.

Fully developed speckle of an envelope has a mean of 1.91 standard deviations: R. F. Wagner, S. W. Smith, J.
M. Sandrik, H. Lopez, "Statistics of speckle in ultrasound B-scans", IEEE Trans. Sonics and Ultrasonics 30
(1983) 156-163. Both measures look at flat parts only (`flat_blocks`), so that edges are not taken for
speckle; on log-compressed images they compare images of one scale, and are no physical constants.
"""

import numpy as np

from GANEnhanceLib.errors import InputError


def equivalent_looks(blocks: np.ndarray) -> float:
    """Return the median over blocks (n, size, size) of (mean / standard deviation)^2; more is smoother.

    One look of an envelope gives 3.66, one of an intensity 1, and averaging n looks n times as many: C.
    Oliver, S. Quegan, "Understanding Synthetic Aperture Radar Images" (1998), section 4.3. Infinite where
    there is no noise. Raises InputError without blocks.
    """
    mean, deviation = _moments(blocks)
    with np.errstate(divide="ignore", invalid="ignore"):
        looks = np.where(deviation > 0, (mean / deviation) ** 2, np.inf)
    return float(np.median(looks))


def speckle_index(blocks: np.ndarray) -> float:
    """Return the mean over blocks (n, size, size) of standard deviation / mean; less is smoother.

    One look of an envelope gives 0.52. Blocks whose mean is not above 0 are left out; 0 without any other.
    Raises InputError without blocks.
    """
    mean, deviation = _moments(blocks)
    bright = mean > 0
    return float((deviation[bright] / mean[bright]).mean()) if bright.any() else 0.0


def _moments(blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    blocks = np.asarray(blocks, dtype=np.float64)
    if blocks.ndim != 3 or blocks.size == 0:
        raise InputError(f"The blocks have the shape {blocks.shape}.", "Give flat blocks of the image.")
    return blocks.mean(axis=(1, 2)), blocks.std(axis=(1, 2), ddof=1)
