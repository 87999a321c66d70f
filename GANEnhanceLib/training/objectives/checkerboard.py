"""Finds the checkerboard that strided upsampling leaves: a peak of the spectrum at a period of two voxels."""

from __future__ import annotations

import torch


def checkerboard_peak(images: torch.Tensor) -> float:
    """Return how far the spectrum at the period of two voxels rises above its neighborhood.

    The mean power of the row and the column of the Nyquist frequency, in the central part of the other axis,
    over the median power of the eighth of the spectrum next to them; about 1 without a checkerboard (Odena et
    al., Deconvolution and checkerboard artifacts, Distill 2016, describe the artifact).

    Args:
        images: (n, 1, h, w), or (n, 1, d, h, w) whose middle slices are looked at; h and w at least 16.
    """
    images = images.detach().float()
    if images.ndim == 5:
        images = images[:, :, images.shape[2] // 2]
    if min(images.shape[-2:]) < 16:
        return 1.0
    rows, columns = (extent - extent % 2 for extent in images.shape[-2:])
    images = images[..., :rows, :columns]
    window = torch.hann_window(rows, periodic=True)[:, None] * torch.hann_window(columns, periodic=True)[None]
    centered = (images - images.mean(dim=(-2, -1), keepdim=True)) * window.to(images.device)
    power = torch.fft.fft2(centered).abs().square().mean(dim=(0, 1))
    peaks = [_peak_of(power), _peak_of(power.T)]
    return float(max(peaks))


def _peak_of(power: torch.Tensor) -> torch.Tensor:
    """Return the rise of the Nyquist row of a spectrum (rows, columns) whose frequency 0 is first."""
    rows = power.shape[0]
    nyquist, near = rows // 2, max(2, rows // 16)
    around = torch.cat([power[nyquist - near - 1 : nyquist - 1], power[nyquist + 2 : nyquist + near + 2]])
    return power[nyquist].max() / around.median().clamp_min(1e-20) / _EXPECTED_MAXIMUM


_EXPECTED_MAXIMUM = 8.0
"""The largest of some hundred exponentially distributed powers over their median, for noise."""
