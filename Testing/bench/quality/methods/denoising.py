"""Classical denoisers, each given the true noise level.

Magnitudes of MR are too bright where noise is strong; E[m^2] = v^2 + 2 L sigma^2 for L coils (Gudbjartsson
and Patz 1995, Constantinides 1997), so each filter is also offered with its result m taken for the root mean
square without noise: v = sqrt(m^2 - (2 L - 1) sigma^2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from quality.cases import Case
from quality.methods import Method

CORRELATED = (1.0, 1.5, 2.0, 3.0)
"""Multiples of sigma: block matching takes noise for white; correlated noise is stronger in its blocks."""


def _offered(candidates: Callable[[np.ndarray, float, Case], Iterator[np.ndarray]]):
    """Wrap a filter of values in 0 to about 1 and sigma as candidates of a case."""

    def run(case: Case) -> Iterator[np.ndarray]:
        low, scale = np.float32(case.low), np.float32(case.data_range)
        noisy, sigma = (case.given.voxels - low) / scale, case.sigma / case.data_range
        for image in candidates(noisy, sigma, case):
            yield np.asarray(image) * scale + low
            if case.modality == "MR":
                yield np.sqrt(np.maximum(np.square(image) - (2 * case.coils - 1) * sigma**2, 0.0))

    return run


def _gaussian(noisy: np.ndarray, _sigma: float, _case: Case) -> Iterator[np.ndarray]:
    from scipy.ndimage import gaussian_filter

    for width in (0.4, 0.6, 0.9, 1.3):
        yield gaussian_filter(noisy, (0, width, width))
        if len(noisy) > 1:
            yield gaussian_filter(noisy, width)


def _median(noisy: np.ndarray, _sigma: float, _case: Case) -> Iterator[np.ndarray]:
    from scipy.ndimage import median_filter

    for size in ((1, 3, 3), (1, 5, 5), *(((3, 3, 3),) if len(noisy) > 1 else ())):
        yield median_filter(noisy, size)


def _diffusion(noisy: np.ndarray, _sigma: float, _case: Case) -> Iterator[np.ndarray]:
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(noisy)
    for iterations in (1, 3, 5, 10):
        for conductance in (0.5, 1.0, 2.0, 4.0):
            yield sitk.GetArrayFromImage(
                sitk.CurvatureAnisotropicDiffusion(
                    image,
                    timeStep=0.0625,
                    conductanceParameter=conductance,
                    numberOfIterations=iterations,
                )
            )


def _non_local_means(noisy: np.ndarray, sigma: float, _case: Case) -> Iterator[np.ndarray]:
    from skimage.restoration import denoise_nl_means

    image = noisy if len(noisy) > 1 else noisy[0]
    for strength in (0.4, 0.6, 0.9):
        filtered = denoise_nl_means(
            image, patch_size=3, patch_distance=4, h=strength * sigma, sigma=sigma, fast_mode=True
        )
        yield filtered.reshape(noisy.shape)


def _non_local_means_rician(noisy: np.ndarray, sigma: float, case: Case) -> Iterator[np.ndarray]:
    from dipy.denoise.nlmeans import nlmeans

    yield nlmeans(
        noisy.astype(np.float64),
        sigma,
        patch_radius=1,
        block_radius=4,
        rician=case.modality == "MR",
        method="classic",
        num_threads=1,
    )


def _total_variation(noisy: np.ndarray, sigma: float, _case: Case) -> Iterator[np.ndarray]:
    from skimage.restoration import denoise_tv_chambolle

    for weight in (0.5, 1.0, 1.5, 2.5):
        yield np.stack([denoise_tv_chambolle(plane, weight * sigma, max_num_iter=100) for plane in noisy])


def _bilateral(noisy: np.ndarray, sigma: float, _case: Case) -> Iterator[np.ndarray]:
    import SimpleITK as sitk

    for domain, width in ((1.0, 2.0), (1.5, 2.0), (1.5, 3.0), (2.5, 3.0)):
        yield np.stack(
            [
                sitk.GetArrayFromImage(sitk.Bilateral(sitk.GetImageFromArray(plane), domain, width * sigma))
                for plane in noisy
            ]
        )


def _bm3d(noisy: np.ndarray, sigma: float, case: Case) -> Iterator[np.ndarray]:
    from bm3d import bm3d

    for factor in _factors(case):
        yield np.stack([bm3d(plane, factor * sigma) for plane in noisy])


def _bm4d(noisy: np.ndarray, sigma: float, case: Case) -> Iterator[np.ndarray]:
    from bm4d import bm4d

    for factor in _factors(case):
        yield bm4d(noisy, factor * sigma)


def _factors(case: Case) -> tuple[float, ...]:
    """White noise of one scanner coil needs no trying; the rest does."""
    return (1.0,) if case.modality == "MR" and case.coils == 1 else CORRELATED


def _ants(noisy: np.ndarray, _sigma: float, case: Case) -> Iterator[np.ndarray]:
    import ants

    for model in ("Gaussian", *(("Rician",) if case.modality == "MR" else ())):
        for patch in (1, 2):
            image = ants.from_numpy(noisy.squeeze().astype(np.float32))
            yield ants.denoise_image(image, noise_model=model, p=patch).numpy().reshape(noisy.shape)


def _is_volume(case: Case) -> bool:
    return len(case.given.voxels) > 1


NON_LOCAL_MEANS = Method(
    "non-local means (scikit-image)", _offered(_non_local_means), ("skimage", "scikit-image")
)
TOTAL_VARIATION = Method("total variation", _offered(_total_variation), ("skimage", "scikit-image"))
BM3D = Method("BM3D", _offered(_bm3d), ("bm3d", "bm3d"))
DENOISING = [
    Method("Gaussian filter", _offered(_gaussian), ("scipy", "scipy")),
    Method("median", _offered(_median), ("scipy", "scipy")),
    Method("curvature anisotropic diffusion", _offered(_diffusion), ("SimpleITK", "SimpleITK")),
    NON_LOCAL_MEANS,
    Method("non-local means (dipy)", _offered(_non_local_means_rician), ("dipy", "dipy"), _is_volume),
    TOTAL_VARIATION,
    Method("bilateral", _offered(_bilateral), ("SimpleITK", "SimpleITK")),
    BM3D,
    Method("BM4D", _offered(_bm4d), ("bm4d", "bm4d"), _is_volume),
    Method("ANTs denoise", _offered(_ants), ("ants", "antspyx")),
]
SLOW = {"BM3D", "BM4D", "non-local means (dipy)", "ANTs denoise", "bilateral"}
