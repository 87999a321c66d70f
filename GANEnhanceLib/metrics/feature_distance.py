"""How far two sets of images are apart, by the statistics of their features: the Frechet distance.

D. C. Dowson, B. V. Landau, "The Frechet distance between multivariate normal distributions", J. Multivariate
Analysis 12 (1982) 450-455; M. Heusel et al., "GANs trained by a two time-scale update rule converge to a
local Nash equilibrium", NeurIPS 2017. Which features is the caller's choice, so its figures can be compared
among themselves only.
"""

import numpy as np

from GANEnhanceLib.errors import InputError


def feature_distance(features: np.ndarray, reference: np.ndarray) -> float:
    """Return |difference of means|^2 + tr(A + B - 2 (A B)^(1/2)) of two sets of features (n, d), (m, d).

    A and B are the covariances (divided by the number less one); 0 for equal sets, in squared units of the
    features. Few images read too far, so compare sets of one size. Raises InputError for fewer than two
    images, different features, and NaN.
    """
    one, other = (np.asarray(each, dtype=np.float64) for each in (features, reference))
    if one.ndim != 2 or other.ndim != 2 or one.shape[1] != other.shape[1] or min(len(one), len(other)) < 2:
        raise InputError(
            f"The features have the shapes {one.shape} and {other.shape}.",
            "Give two images or more of each set, with the same features.",
        )
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise InputError("The features hold NaN or infinite values.", "Look at the images they are from.")
    apart = one.mean(axis=0) - other.mean(axis=0)
    # With A = X'X and B = Y'Y the trace of (A B)^(1/2) is the sum of the singular values of X Y', which needs
    # no root of a matrix and is exact for fewer images than features.
    x, y = ((each - each.mean(axis=0)) / np.sqrt(len(each) - 1) for each in (one, other))
    cross = np.linalg.svd(x @ y.T, compute_uv=False).sum()
    return float(max(0.0, apart @ apart + (x * x).sum() + (y * y).sum() - 2 * cross))
