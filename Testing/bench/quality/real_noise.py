"""Real noise: two frames of one echo-planar series, each judged by the other.

f1 = s + n1 and f2 = s + n2 with independent noise, so E|d(f1) - f2|^2 = E|d(f1) - s|^2 + var(n2): the error
against the unseen truth follows, var(n2) being half of E|f1 - f2|^2. Methods that choose a setting against
the truth cannot be judged so, and are left out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from GANEnhanceLib.intensity import reference_intensity
from GANEnhanceLib.metrics import foreground
from GANEnhanceLib.volume import Volume
from quality.ours import OurModel, Setting

NAME = "epi-repeat"


def judge_real_noise(model: OurModel, settings: list[Setting]) -> list[dict]:
    """Return rows for the input and each setting of an MR denoiser; PSNR of the reference intensity."""
    import nibabel

    path = Path(nibabel.__file__).parent / "tests" / "data" / "example4d.nii.gz"
    frames = np.moveaxis(np.asarray(nibabel.load(path).dataobj), 3, 0).transpose(0, 3, 2, 1)
    frames = frames.astype(np.float32)
    frames /= np.float32(reference_intensity(frames[0]))
    mask = foreground(frames.mean(axis=0))
    noise = float(np.mean((frames[0] - frames[1])[mask] ** 2)) / 2
    rows = [_row("input", frames, frames, mask, noise)]
    for setting in settings:
        results = [model.enhance(Volume(frame, np.eye(4), "MR"), setting).volume.voxels for frame in frames]
        rows.append(_row(setting.name, results, frames, mask, noise))
    return rows


def _row(method: str, results, frames: np.ndarray, mask: np.ndarray, noise: float) -> dict:
    errors = [np.mean((results[each] - frames[1 - each])[mask] ** 2) - noise for each in (0, 1)]
    value = -10 * np.log10(max(float(np.mean(errors)), 1e-12))
    return {
        "case": NAME,
        "percent": round(100 * noise**0.5, 2),
        "method": method,
        "psnr_db": round(float(value), 3),
    }
