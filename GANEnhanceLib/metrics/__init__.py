"""How good an image is: with a reference (PSNR, SSIM, MS-SSIM, MAE, RMSE), without (noise, sharpness), in
flat parts (noise power, speckle), in regions (contrast-to-noise), by frequencies (ring correlation), for
known structures (model observers), over time (flicker) and of sets.

All of them take volumes (k, j, i) of any real type, go through them slice by slice, and need numpy only.
"""

from GANEnhanceLib.metrics._slices import check_data_range
from GANEnhanceLib.metrics.beside_reference import BesideReference
from GANEnhanceLib.metrics.contrast import (
    RegionValues,
    contrast_regions,
    contrast_to_noise,
    region_values,
)
from GANEnhanceLib.metrics.feature_distance import feature_distance
from GANEnhanceLib.metrics.flat import flat_blocks, take_blocks
from GANEnhanceLib.metrics.flicker import Flicker, flicker
from GANEnhanceLib.metrics.fourier_rings import RingCorrelation, ring_correlation, scan_rings
from GANEnhanceLib.metrics.ms_similarity import ms_ssim
from GANEnhanceLib.metrics.noise import estimate_noise, estimate_noise_steps, foreground
from GANEnhanceLib.metrics.noise_floor import NoiseFloor, find_noise_floor
from GANEnhanceLib.metrics.noise_power import NoisePower, noise_power, noise_power_distance
from GANEnhanceLib.metrics.noise_scaling import fit_to_noise
from GANEnhanceLib.metrics.observer import (
    channel_responses,
    hotelling_snr,
    laguerre_gauss_channels,
    matched_filter_snr,
)
from GANEnhanceLib.metrics.reference import mae, psnr, rmse
from GANEnhanceLib.metrics.sharpness import Sharpness, find_edges, find_edges_steps, measure_sharpness
from GANEnhanceLib.metrics.similarity import ssim, ssim_steps
from GANEnhanceLib.metrics.speckle import equivalent_looks, speckle_index

__all__ = [
    "BesideReference",
    "Flicker",
    "NoiseFloor",
    "NoisePower",
    "RegionValues",
    "RingCorrelation",
    "Sharpness",
    "channel_responses",
    "check_data_range",
    "contrast_regions",
    "contrast_to_noise",
    "equivalent_looks",
    "estimate_noise",
    "estimate_noise_steps",
    "feature_distance",
    "find_edges",
    "find_edges_steps",
    "find_noise_floor",
    "fit_to_noise",
    "flat_blocks",
    "flicker",
    "foreground",
    "hotelling_snr",
    "laguerre_gauss_channels",
    "mae",
    "matched_filter_snr",
    "measure_sharpness",
    "ms_ssim",
    "noise_power",
    "noise_power_distance",
    "psnr",
    "region_values",
    "ring_correlation",
    "rmse",
    "scan_rings",
    "speckle_index",
    "ssim",
    "ssim_steps",
    "take_blocks",
]
