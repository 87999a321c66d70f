"""The classical methods of the quality bench, each given the true noise level and its best setting."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def classical_methods(clean: np.ndarray) -> dict[str, Callable[[np.ndarray, float], np.ndarray]]:
    """Return the methods by name; each takes noisy voxels (k, j, i), float32 in 0 to about 1, and sigma.

    Where a method has a setting that is not the noise level, it is given the setting that is best against
    `clean`, which no user could know. bm3d and bm4d are for non-commercial use, so they are left out where
    they are not installed.
    """
    methods = {
        "Gaussian filter": lambda noisy, sigma: _best(clean, (_gaussian(noisy, s) for s in (0.4, 0.6, 0.9))),
        "median (SimpleITK)": lambda noisy, sigma: _median(noisy),
        "curvature anisotropic diffusion (Slicer, best of 9)": lambda noisy, sigma: _best(
            clean,
            (_diffusion(noisy, n, c) for n in (1, 3, 5) for c in (0.5, 1.0, 2.0)),
        ),
        "non-local means (scikit-image)": _nlm_scikit,
    }
    if len(clean) > 1:  # dipy's filter is for volumes
        methods["Rician non-local means (dipy, classic)"] = _nlm_dipy
    try:
        import bm4d  # noqa: F401
    except ImportError:
        return methods
    filtered = {}

    def block_matching(noisy: np.ndarray, sigma: float) -> np.ndarray:
        key = noisy.ctypes.data, sigma
        if key not in filtered:
            filtered[key] = _bm4d(noisy, sigma)
        return filtered[key]

    methods["BM4D"] = block_matching
    # E[m^2] = v^2 + 2 sigma^2 (Gudbjartsson and Patz 1995); the mean of m itself is too high by half of it.
    methods["BM4D, Rician bias removed"] = lambda noisy, sigma: np.sqrt(
        np.maximum(block_matching(noisy, sigma) ** 2 - sigma**2, 0.0)
    )
    return methods


def _best(clean: np.ndarray, candidates) -> np.ndarray:
    return min(candidates, key=lambda image: float(np.mean((image - clean) ** 2)))


def _gaussian(noisy: np.ndarray, sigma: float) -> np.ndarray:
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(noisy, sigma if noisy.shape[0] > 1 else (0, sigma, sigma))


def _median(noisy: np.ndarray) -> np.ndarray:
    import SimpleITK as sitk

    radius = [1, 1, 1 if noisy.shape[0] > 1 else 0]
    return sitk.GetArrayFromImage(sitk.Median(sitk.GetImageFromArray(noisy), radius))


def _diffusion(noisy: np.ndarray, iterations: int, conductance: float) -> np.ndarray:
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(noisy)
    filtered = sitk.CurvatureAnisotropicDiffusion(
        image, timeStep=0.0625, conductanceParameter=conductance, numberOfIterations=iterations
    )
    return sitk.GetArrayFromImage(filtered)


def _nlm_scikit(noisy: np.ndarray, sigma: float) -> np.ndarray:
    from skimage.restoration import denoise_nl_means

    image = noisy if noisy.shape[0] > 1 else noisy[0]
    filtered = denoise_nl_means(
        image, patch_size=3, patch_distance=4, h=0.6 * sigma, sigma=sigma, fast_mode=True
    )
    return filtered.reshape(noisy.shape)


def _nlm_dipy(noisy: np.ndarray, sigma: float) -> np.ndarray:
    from dipy.denoise.nlmeans import nlmeans

    return nlmeans(
        noisy.astype(np.float64), sigma, patch_radius=1, block_radius=5, rician=True, method="classic"
    )


def _bm4d(noisy: np.ndarray, sigma: float) -> np.ndarray:
    """BM4D of a volume, BM3D of a single slice."""
    if noisy.shape[0] == 1:
        from bm3d import bm3d

        return bm3d(noisy[0], sigma)[np.newaxis]
    from bm4d import bm4d

    return bm4d(noisy, sigma)
