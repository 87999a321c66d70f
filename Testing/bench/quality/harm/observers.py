"""Which figure of detectability is fair to a denoiser, and how it is measured.

The task is to tell whether a lesion of known size is at a known place of known anatomy. Three figures were
weighed:

- The matched filter (non-prewhitening) is the ideal observer of white noise, SNR = |s| / sigma. Every linear
  filter lowers it (Cauchy and Schwarz), although an invertible one loses nothing: it punishes smoothing
  itself.
- The channelized Hotelling observer undoes the correlation of noise, so it measures what is still in the
  image. It is the figure for "information kept", and no processing of one slice by itself raises the ideal
  observer's: K. Li, W. Zhou, H. Li, M. A. Anastasio, "Assessing the impact of deep neural network-based image
  denoising on binary signal detection tasks", IEEE Trans. Medical Imaging 40 (2021) 2295-2305, find it
  lowered by every network. Judged by it alone, doing nothing would be the only way not to fail.
- A reader is no ideal observer: readers use about half of the information (A. E. Burgess, R. F. Wagner, R. J.
  Jennings, H. B. Barlow, "Efficiency of human visual signal discrimination", Science 214 (1981) 93-94), as if
  noise of their own were added. Most of it is called forth by the noise of the image that is read, and falls
  and rises with it (A. E. Burgess, B. Colborne, "Visual signal detection. IV. Observer inconsistency", J.
  Opt. Soc. Am. A 5 (1988) 617-627). So the field adds to each channel, independently, a share of the variance
  that the image has in it: Y. Zhang, B. T. Pham, M. P. Eckstein, "Evaluation of internal noise methods for
  Hotelling observer models", Med. Phys. 34 (2007) 3312-3322.

So that reader is judged: a channelized Hotelling observer whose own noise is independent in its channels and
as strong in each as that of the image it reads. Own noise that is dependent in the channels as the image's
would be cancelled with it where channels have no power, as with soft kernels on fine grids.

Beside it stand three figures that are not judged: d' of a reader whose own noise stays that of the *input*
(a processed image gains little by less noise then, and loses by every loss of contrast, as for eyes that the
noise does not trouble), the information kept, and the contrast recovered. Judging is by the ratio of d' after
to d' before on the same noise; "below" is said where the whole 95 % interval of the ratio lies below 1. The
interval is that of the jackknife over noise realizations (B. Efron, R. J. Tibshirani, "An Introduction to the
Bootstrap" (1993), chapter 11): drawing with replacement would repeat images, and inverse covariances of
repeated images are too large.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.metrics import channel_responses, hotelling_snr, laguerre_gauss_channels
from GANEnhanceLib.metrics.observer import response_covariance

CHANNELS = 5
_NORMAL = 1.96
"""Standard deviations of a normal distribution that hold 95 %."""


@dataclass(frozen=True)
class Patches:
    """Patches (realizations, places, size, size) centered on the places of lesions, with them and without."""

    present: np.ndarray
    absent: np.ndarray


@dataclass(frozen=True)
class Detectability:
    """d' of a reader before and after, their ratio and its 95 % interval.

    `steady` is the ratio for a reader whose own noise stays that of the input, `information` the one for an
    observer without noise of its own.
    """

    before: float
    after: float
    ratio: float
    interval: tuple[float, float]
    steady: float
    information: float

    @property
    def is_lower(self) -> bool:
        """Return whether it is lower after, beyond chance."""
        return self.interval[1] < 1.0


def compare(before: Patches, after: Patches, diameter: float) -> Detectability:
    """Compare detectability in the same noise before and after; `diameter` is that of the lesion, voxels."""
    given, made = (_responses(each, diameter) for each in (before, after))
    everything = np.arange(len(before.absent))
    found = _snr(given, everything, given), _snr(made, everything, made)
    ratio = _ratio(*found)
    left_out = [
        _ratio(_snr(given, rest, given), _snr(made, rest, made))
        for rest in (np.delete(everything, each) for each in everything)
    ]
    deviation = math.sqrt((len(everything) - 1) * float(np.var(left_out)))
    return Detectability(
        *found,
        ratio,
        (ratio - _NORMAL * deviation, ratio + _NORMAL * deviation),
        _ratio(found[0], _snr(made, everything, given)),
        _ratio(*(_snr(side, everything, None) for side in (given, made))),
    )


def recovered_contrast(patches: Patches, lesion: np.ndarray) -> float:
    """Return how much of a lesion (size, size), value units, is there: 1 for all of it, over all places."""
    difference = (patches.present.astype(np.float64) - patches.absent).mean(axis=(0, 1))
    return float((difference * lesion).sum() / np.square(lesion).sum())


def _responses(patches: Patches, diameter: float) -> tuple[np.ndarray, np.ndarray]:
    """Channel responses (realizations, places, channels) with and without the lesion."""
    size = patches.present.shape[-1]
    channels = laguerre_gauss_channels(size, diameter, CHANNELS)
    return tuple(
        channel_responses(each.reshape(-1, size, size), channels).reshape(*each.shape[:2], CHANNELS)
        for each in (patches.present, patches.absent)
    )


def _snr(side: tuple, drawn: np.ndarray, own_noise_of: tuple | None) -> float:
    """Return d' in some realizations, with own noise as strong as the noise of given responses."""
    places = np.tile(np.arange(side[0].shape[1]), len(drawn))
    present, absent = (each[drawn].reshape(-1, CHANNELS) for each in side)
    internal = None
    if own_noise_of is not None:
        covariance = response_covariance(own_noise_of[1][drawn].reshape(-1, CHANNELS), places)
        internal = np.diag(np.diag(covariance))
    return hotelling_snr(present, absent, places, internal)


def _ratio(before: float, after: float) -> float:
    return after / before if before > 0 else 1.0
