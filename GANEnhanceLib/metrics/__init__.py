"""How good an image is: measures with a reference (PSNR, SSIM, MAE, RMSE) and without (noise, foreground).

All of them take volumes (k, j, i) of any real type, go through them slice by slice, and need numpy only.
"""

from GANEnhanceLib.metrics.noise import estimate_noise, foreground
from GANEnhanceLib.metrics.reference import mae, psnr, rmse
from GANEnhanceLib.metrics.similarity import ssim

__all__ = ["estimate_noise", "foreground", "mae", "psnr", "rmse", "ssim"]
