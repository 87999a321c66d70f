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
  noise of their own were added to the image's (A. E. Burgess, B. Colborne, "Visual signal detection. IV.
  Observer inconsistency", J. Opt. Soc. Am. A 5 (1988) 617-627). A denoiser takes away noise of the image, not
  of the reader: it helps by less noise, and harms by less contrast, which no prewhitening brings back.

So the reader is judged: a channelized Hotelling observer whose own noise has the covariance that the *input*
has in its channels, which makes its efficiency on the input one half, with the same own noise before and
after. The information kept and the contrast recovered are stated beside it. Judging is by the ratio of d'
after to d' before on the same noise; "below" is said where the whole 95 % interval of the ratio lies below 1.
The interval is that of the jackknife over noise realizations (B. Efron, R. J. Tibshirani, "An Introduction to
the Bootstrap" (1993), chapter 11): drawing with replacement would repeat images, and inverse covariances of
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
    """d' of a reader before and after, their ratio and its 95 % interval, and the ratio of information."""

    before: float
    after: float
    ratio: float
    interval: tuple[float, float]
    information: float

    @property
    def is_lower(self) -> bool:
        """Return whether it is lower after, beyond chance."""
        return self.interval[1] < 1.0


def compare(before: Patches, after: Patches, diameter: float) -> Detectability:
    """Compare detectability in the same noise before and after; `diameter` is that of the lesion, voxels."""
    sides = [_responses(each, diameter) for each in (before, after)]
    count, places = before.absent.shape[:2]
    everything = np.arange(count)
    reader = [_snr(side, everything, sides[0]) for side in sides]
    ideal = [_snr(side, everything, None) for side in sides]
    ratio = _ratio(*reader)
    left_out = np.array(
        [
            _ratio(*(_snr(side, np.delete(everything, each), sides[0]) for side in sides))
            for each in everything
        ]
    )
    deviation = math.sqrt((count - 1) * float(np.var(left_out)))
    low, high = ratio - _NORMAL * deviation, ratio + _NORMAL * deviation
    return Detectability(*reader, ratio, (low, high), _ratio(*ideal))


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


def _snr(side: tuple, drawn: np.ndarray, reader_of: tuple | None) -> float:
    places = np.tile(np.arange(side[0].shape[1]), len(drawn))
    present, absent = (each[drawn].reshape(-1, CHANNELS) for each in side)
    internal = None
    if reader_of is not None:
        internal = response_covariance(reader_of[1][drawn].reshape(-1, CHANNELS), places)
    return hotelling_snr(present, absent, places, internal)


def _ratio(before: float, after: float) -> float:
    return after / before if before > 0 else 1.0
