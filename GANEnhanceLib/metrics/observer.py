"""Model observers: how well a known structure at a known place can be told from its absence.

H. H. Barrett, K. J. Myers, "Foundations of Image Science" (2004), chapters 13 and 14. An observer turns an
image into one number; its signal-to-noise ratio (also d') is the difference of the means with and without
the structure over the standard deviation. The matched filter does not know how noise is correlated. The
Hotelling observer does; through a few channels it can be measured with few images: B. D. Gallas, H. H.
Barrett, "Validating the use of channels to estimate the ideal linear observer", J. Opt. Soc. Am. A 20 (2003)
1725-1738.
"""

import math

import numpy as np

from GANEnhanceLib.errors import InputError, OptionError


def matched_filter_snr(present: np.ndarray, absent: np.ndarray, template: np.ndarray) -> float:
    """Return the SNR of the non-prewhitening observer with a given template; it may be negative.

    `present` (n, ...) and `absent` (m, ...) are images with and without the structure, `template` (...) what
    is looked for. With the structure itself as template and white noise of standard deviation s it is the
    ideal observer, |structure| / s. Raises InputError for shapes that do not fit, or fewer than two images.
    """
    with_it, without = (np.asarray(each, dtype=np.float64) for each in (present, absent))
    weights = np.asarray(template, dtype=np.float64).ravel()
    _check_pairs(with_it, without)
    if with_it[0].size != weights.size:
        raise InputError(
            f"The images have the shape {with_it.shape[1:]}, the template {np.shape(template)}.",
            "Give a template of the shape of one image.",
        )
    one, other = (each.reshape(len(each), -1) @ weights for each in (with_it, without))
    spread = math.sqrt((one.var(ddof=1) + other.var(ddof=1)) / 2)
    difference = float(one.mean() - other.mean())
    if spread == 0:
        return math.copysign(math.inf, difference) if difference else 0.0
    return difference / spread


def laguerre_gauss_channels(size: int, width: float, count: int = 5) -> np.ndarray:
    """Return channels (count, size, size) for structures of round shape, each of norm 1.

    u_p(r) ~ exp(-pi r^2 / a^2) L_p(2 pi r^2 / a^2), r from the middle voxel, L_p the Laguerre polynomials (H.
    H. Barrett, C. K. Abbey, B. Gallas, M. Eckstein, "Stabilized estimates of Hotelling-observer detection
    performance in patient-structured noise", Proc. SPIE 3340 (1998) 27-43; Gallas and Barrett 2003).

    Args:
        size: of the images, an odd number of voxels.
        width: a, voxels; about the diameter of the structure.
        count: number of channels, 1 or more.
    """
    if size < 3 or size % 2 == 0 or count < 1 or not width > 0:
        raise OptionError(
            f"The channels have the size {size}, width {width} and number {count}, but size must be odd and"
            " at least 3, width above 0 and number 1 or more."
        )
    place = np.arange(size) - size // 2
    square = 2 * math.pi * (place[:, None] ** 2 + place**2) / width**2
    polynomials = [np.ones_like(square), 1 - square]
    for order in range(1, count - 1):
        last, before = polynomials[-1], polynomials[-2]
        polynomials.append(((2 * order + 1 - square) * last - order * before) / (order + 1))
    channels = np.exp(-square / 2) * np.stack(polynomials[:count])
    return channels / np.sqrt((channels**2).sum(axis=(1, 2), keepdims=True))


def channel_responses(images: np.ndarray, channels: np.ndarray) -> np.ndarray:
    """Return the inner products (n, count) of images (n, size, size) with channels (count, size, size)."""
    return np.einsum("nij,pij->np", np.asarray(images, dtype=np.float64), channels, optimize=True)


def hotelling_snr(
    present: np.ndarray,
    absent: np.ndarray,
    groups: np.ndarray | None = None,
    internal: np.ndarray | None = None,
) -> float:
    """Return the SNR of the Hotelling observer of responses, 0 or more.

    SNR^2 = d' K^-1 d with the mean difference d of both classes and the mean K of their covariances, less the
    bias of few images: with v degrees of freedom K^-1 reads too large by v / (v - p - 1), and the scatter of
    d adds tr(K^-1 cov(d)) (P. A. Lachenbruch, M. R. Mickey, "Estimation of error rates in discriminant
    analysis", Technometrics 10 (1968) 1-11). What is below 0 then is 0.

    Args:
        present: (n, p) responses of p channels to images with the structure.
        absent: (n, p) of the same images without it: the same noise, or other noise.
        groups: (n,) whole numbers; images of one group show one place, whose mean is taken off the noise.
            One group without it.
        internal: covariance (p, p) of the observer's own noise, which is added to K.

    Raises:
        InputError: shapes that do not fit, or too few images for so many channels.
    """
    present, absent = (np.asarray(each, dtype=np.float64) for each in (present, absent))
    _check_pairs(present, absent)
    groups = (
        np.zeros(len(present), dtype=int) if groups is None else np.unique(groups, return_inverse=True)[1]
    )
    count, channels = present.shape
    freedom = 2 * (count - int(groups.max() + 1))
    if present.shape != absent.shape or len(groups) != count or freedom <= channels + 1:
        raise InputError(
            f"The responses have the shapes {present.shape} and {absent.shape} in {groups.max() + 1} groups.",
            "Give as many images with the structure as without, and more of them than channels.",
        )
    noise = response_covariance(
        np.concatenate([present, absent]), np.concatenate([groups, groups + len(groups)])
    )
    differences = present - absent
    mean = differences.mean(axis=0)
    scatter = np.cov(differences, rowvar=False).reshape(channels, channels) / count
    total = noise if internal is None else noise + internal
    inverse = np.linalg.pinv(total)
    squared = mean @ inverse @ mean - np.trace(inverse @ scatter)
    # Noise of the observer's own is known, so only the images' share of K scatters.
    share = 1.0 if internal is None else float(np.trace(inverse @ noise)) / channels
    return math.sqrt(max(0.0, squared * (1 - share * (channels + 1) / freedom)))


def response_covariance(responses: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the covariance (p, p) of responses (n, p) within groups (n,), each about its own mean."""
    groups = _numbered(groups)
    sums = np.zeros((int(groups.max()) + 1, responses.shape[1]))
    np.add.at(sums, groups, responses)
    rest = responses - (sums / np.bincount(groups)[:, None])[groups]
    return rest.T @ rest / (len(rest) - len(sums))


def _numbered(groups: np.ndarray) -> np.ndarray:
    return np.unique(groups, return_inverse=True)[1].ravel()


def _check_pairs(present: np.ndarray, absent: np.ndarray) -> None:
    fit = present.ndim >= 2 and present.shape[1:] == absent.shape[1:]
    if not fit or min(len(present), len(absent)) < 2:
        raise InputError(
            f"The images with and without the structure have the shapes {present.shape} and {absent.shape}.",
            "Give two images or more of each, of one shape.",
        )
