"""The figures of one image: against its reference, its noise and edges, and what it has of speckle.

PSNR and SSIM are taken in the mask of the case; the rest in the slices that are compared.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.ndimage import uniform_filter

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics import BesideReference, ms_ssim, psnr, ssim
from quality.cases import Case

TISSUES = {"lung": (-950, -700), "fat": (-150, -50), "soft tissue": (0, 100), "bone": (300, 1500)}
"""Ranges of HU whose mean must stay."""
_FEWEST = 500
_WINDOW, _EVEN, _LEAST_EVEN = 9, 1.5, 5.0


def measure(image: np.ndarray, case: Case) -> dict[str, float]:
    """Return the figures of an image (k, j, i) on the grid of the reference; what cannot be had is left out.

    psnr_db, ssim, ms_ssim: higher is better. feature_distance: of the project's own feature network. edge_mm:
    width of edges. nps_distance: see `noise_power_distance`, value units. cnr. enl, ssi: ultrasound.
    drift_hu: largest change of the mean of the homogeneous places of a tissue, CT.
    """
    image = np.asarray(image, dtype=np.float32)
    part = case.measured
    found, reference, mask = image[part], case.reference[part], case.mask[part]
    figures = {
        "psnr_db": psnr(found, reference, case.data_range, mask),
        "ssim": ssim(found, reference, case.data_range, mask),
    }
    if case.modality == "CT":
        figures["drift_hu"] = mean_drift(found, reference, case.flat_noise)
    if not case.whole:
        figures |= _looks(found, reference, case)
    return {name: float(value) for name, value in figures.items() if np.isfinite(value)}


def _looks(found: np.ndarray, reference: np.ndarray, case: Case) -> dict[str, float]:
    """Return what else tells how near an image looks to its reference."""
    figures = {
        "ms_ssim": ms_ssim(found, reference, case.data_range),
        "feature_distance": perceptual_distance(
            (found - case.low) / case.data_range, (reference - case.low) / case.data_range
        ),
    }
    beside = BesideReference(reference, case.spacing, case.own_noise)
    more = {
        "edge_mm": beside.edge_width(found),
        "nps_distance": beside.noise_power(found),
        "cnr": beside.contrast_to_noise(found),
    }
    if case.modality == "US":
        more |= {"enl": beside.looks(found), "ssi": beside.speckle(found)}
    return figures | {name: value for name, value in more.items() if value is not None}


def mean_drift(image: np.ndarray, reference: np.ndarray, noise: float = 0.0) -> float:
    """Return the largest difference of means, HU, of the homogeneous places of the tissues in `TISSUES`.

    A place (k, j, i) is homogeneous where the reference deviates by at most 1.5 times its own noise (or 5 HU)
    in a window of 9 x 9 voxels, and the mean of that window says which tissue it is: picked by single voxels,
    the noise of the reference would choose them, and spongy bone and borders, which any filter smooths, would
    be counted as homogeneous. 0 where no tissue has 500 such places.

    Args:
        image, reference: HU, the same shape.
        noise: standard deviation in flat places of the reference, HU.
    """
    reference = np.asarray(reference, dtype=np.float64)
    window = (1, _WINDOW, _WINDOW)
    mean = uniform_filter(reference, window)
    variance = uniform_filter(reference**2, window) - mean**2
    is_even = variance <= max(_EVEN * noise, _LEAST_EVEN) ** 2
    drifts = [0.0]
    for low, high in TISSUES.values():
        inside = is_even & (mean >= low) & (mean <= high)
        if np.count_nonzero(inside) >= _FEWEST:
            drifts.append(abs(float(np.mean(image[inside] - reference[inside]))))
    return max(drifts)


def perceptual_distance(image: np.ndarray, reference: np.ndarray) -> float:
    """Return the mean over slices of the distance of features; both (k, j, i), scaled to 0 to about 1.

    Raises InputError for slices too small for the network.
    """
    import torch

    from GANEnhanceLib.networks.features import SMALLEST

    if min(image.shape[1:]) < SMALLEST:
        raise InputError(f"The slices are {image.shape[1:]} voxels, smaller than {SMALLEST}.")
    network = _network()
    distances = []
    with torch.inference_mode():
        for one, other in zip(image, reference, strict=True):
            pair = (torch.from_numpy(np.ascontiguousarray(each[None, None])) for each in (one, other))
            distances.append(float(network.distance(*pair)))
    return float(np.mean(distances))


@cache
def _network():
    from GANEnhanceLib.networks.features import load_features

    return load_features()
