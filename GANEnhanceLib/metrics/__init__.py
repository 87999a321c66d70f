"""How good an image is: with a reference (PSNR, SSIM, MAE, RMSE), without (noise, sharpness), in regions
(contrast-to-noise) and over time (flicker).

All of them take volumes (k, j, i) of any real type, go through them slice by slice, and need numpy only.
"""

from GANEnhanceLib.metrics._slices import check_data_range
from GANEnhanceLib.metrics.contrast import RegionValues, contrast_to_noise, region_values
from GANEnhanceLib.metrics.flicker import Flicker, flicker
from GANEnhanceLib.metrics.noise import estimate_noise, foreground
from GANEnhanceLib.metrics.reference import mae, psnr, rmse
from GANEnhanceLib.metrics.sharpness import Sharpness, find_edges, measure_sharpness
from GANEnhanceLib.metrics.similarity import ssim

__all__ = [
    "Flicker",
    "RegionValues",
    "Sharpness",
    "check_data_range",
    "contrast_to_noise",
    "estimate_noise",
    "find_edges",
    "flicker",
    "foreground",
    "mae",
    "measure_sharpness",
    "psnr",
    "region_values",
    "rmse",
    "ssim",
]
