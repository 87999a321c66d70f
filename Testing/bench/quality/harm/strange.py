"""Inputs that a model was not made for: is the change bounded, and is there a warning?

The bound: whatever an image is, a denoiser has no reason to change it by more than the noise that it shows
itself. The root mean square of the change must be at most twice the estimated noise of the input (an estimate
that may read half of correlated noise) and one percent of the range, which an 8-bit display shows as 2.5
steps; and no voxel may change by more than the bound on the model's card. Warned means that the contract
refuses the volume, or there is something to warn of or to note, before the voxels are trusted.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.inference import EnhanceResult
from GANEnhanceLib.metrics import estimate_noise
from GANEnhanceLib.volume import Volume

TIMES_NOISE, SHARE_OF_RANGE = 2.0, 0.01
SHAPE = (5, 128, 128)


def strange_inputs(anatomy: Volume, other: Volume, upright: Volume | None = None) -> dict[str, Volume]:
    """Return strange volumes by name, in the values of `anatomy`, which is of the model's own kind.

    `other` is a volume of another modality, once as such and once with its modality unknown. `upright` is a
    volume whose axes are those of the patient, to be turned over: where only the rows and columns of a slice
    are known, no image is upside down. If there is none, the rows of `anatomy` are turned over.
    """
    low, high = float(anatomy.voxels.min()), float(np.quantile(anatomy.voxels, 0.995))
    rng = np.random.default_rng(3)
    matrix, kind = np.diag([1.0, 1.0, 1.0, 1.0]), anatomy.modality

    def like(voxels: np.ndarray) -> Volume:
        return Volume((low + (high - low) * voxels).astype(np.float32), matrix, kind)

    return {
        "other modality": other,
        "other modality, not said": Volume(other.voxels, other.ijk_to_ras, None),
        "phantom": like(np.abs(_phantom() + rng.normal(0, 0.02, SHAPE))),
        "constant": like(np.full(SHAPE, 0.5)),
        "pure noise": like(np.hypot(*rng.normal(0, 0.2, (2, *SHAPE)))),
        "text": like(_text()),
        "metal": _with_metal(anatomy, low, high - low),
        "upside down": turned_over(upright) if upright else anatomy.with_voxels(anatomy.voxels[:, ::-1]),
    }


def turned_over(volume: Volume) -> Volume:
    """Return a volume with head and feet exchanged, or front and back of slices that lie across."""
    directions = np.abs(volume.ijk_to_ras[:3, :3] / volume.spacing)
    axes = (2 - int(directions[row].argmax()) for row in (2, 1))
    axis = next(axis for axis in axes if volume.shape[axis] > 1)
    return volume.with_voxels(np.ascontiguousarray(np.flip(volume.voxels, axis)))


def judge_strange(
    inputs: dict[str, Volume], enhance: Callable[[Volume], EnhanceResult], bound: float
) -> list[dict]:
    """Return a row for each input: change and noise as shares of the range, whether bounded, and warned.

    `bound` is that of the model's card, in its scaled units.
    """
    return [_judge(name, volume, enhance, bound) for name, volume in inputs.items()]


def _judge(name: str, volume: Volume, enhance: Callable[[Volume], EnhanceResult], bound: float) -> dict:
    try:
        result = enhance(volume)
    except InputError as error:
        return {"input": name, "bounded": True, "warned": True, "words": f"Refused. {error}", "held": True}
    # Of super-resolution the input is its interpolation.
    change = result.volume.voxels.astype(np.float64) - result.source.voxels
    scaling = result.scaling
    span = 1.0 if scaling is None else scaling.high - scaling.low
    noise = float(estimate_noise(volume.voxels)) / span
    rms = math.sqrt(float(np.mean(change**2))) / span
    largest = float(np.abs(change).max()) / span
    warnings = [each.sentence for each in result.verdict.findings if each.level != "ok"]
    bounded = rms <= TIMES_NOISE * noise + SHARE_OF_RANGE and largest <= bound * (1 + 1e-6)
    return {
        "input": name,
        "noise": round(noise, 4),
        "change_rms": round(rms, 4),
        "change_allowed": round(TIMES_NOISE * noise + SHARE_OF_RANGE, 4),
        "change_largest": round(largest, 4),
        "bounded": bounded,
        "warned": bool(warnings),
        "words": " ".join(warnings),
        "held": bounded and bool(warnings),
    }


def _phantom() -> np.ndarray:
    """Return ellipses as in L. A. Shepp, B. F. Logan, IEEE Trans. Nuclear Science 21 (1974) 21-43."""
    j, i = np.meshgrid(*(np.linspace(-1, 1, size) for size in SHAPE[1:]), indexing="ij")
    plane = np.zeros(SHAPE[1:])
    for value, x, y, a, b in (
        (0.9, 0, 0, 0.69, 0.92),
        (-0.6, 0, 0.02, 0.62, 0.87),
        (-0.15, 0.22, 0, 0.11, 0.31),
        (-0.15, -0.22, 0, 0.16, 0.41),
        (0.2, 0, -0.35, 0.21, 0.25),
        (0.3, 0, 0.1, 0.05, 0.05),
    ):
        plane += value * (((i - x) / a) ** 2 + ((j - y) / b) ** 2 <= 1)
    return np.broadcast_to(np.clip(plane, 0, 1), SHAPE)


def _text() -> np.ndarray:
    from PIL import Image, ImageDraw

    page = Image.new("L", SHAPE[:0:-1], 0)
    draw = ImageDraw.Draw(page)
    for line in range(0, SHAPE[1], 14):
        draw.text((4, line), "NOT FOR DIAGNOSIS 0123", fill=255)
    return np.broadcast_to(np.asarray(page, dtype=np.float32) / 255, SHAPE)


def _with_metal(anatomy: Volume, low: float, scale: float) -> Volume:
    """Return anatomy with a bright rod and dark streaks from it."""
    voxels = anatomy.voxels.astype(np.float32).copy()
    middle = [size // 2 for size in voxels.shape[1:]]
    j, i = (np.arange(size) - place for size, place in zip(voxels.shape[1:], middle, strict=True))
    distance, angle = np.hypot(j[:, None], i), np.arctan2(j[:, None], i)
    streaks = 0.3 * scale * np.maximum(0, np.cos(6 * angle)) ** 8 * np.exp(-distance / 40)
    voxels -= streaks.astype(np.float32)
    voxels[:, distance <= 5] = low + 5 * scale
    return anatomy.with_voxels(np.maximum(voxels, low))
