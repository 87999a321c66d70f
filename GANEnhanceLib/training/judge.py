"""Judges a generator, during training, on volumes of patients that it does not learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from GANEnhanceLib.metrics import mae, psnr, ssim
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.data.build import TrainingData
from GANEnhanceLib.training.data.degraded import Degradation, make_degradation
from GANEnhanceLib.training.data.volumes import HeldOutVolume

_SMALLER_IS_BETTER = ("mae",)
_MULTIPLE = 16


@dataclass(frozen=True)
class Case:
    """Slices of one volume: what the network is given (n, channels, h, w) and what should come out (n, h, w),
    scaled."""

    given: np.ndarray
    wanted: np.ndarray

    @property
    def middle(self) -> np.ndarray:
        """The slices as they came in, (n, h, w)."""
        return self.given[:, self.given.shape[1] // 2]


class SliceJudge:
    """Figures of a generator and of the input as it is, mean over all cases.

    The data range is 1 in scaled intensity, which is the reference intensity of each volume (MR: its 99.5th
    percentile; CT: the window).

    Args:
        cases: slices with their targets.
    """

    def __init__(self, cases: list[Case]) -> None:
        """Judge the input once; see the class for the argument."""
        self.cases = cases
        self._input = _mean([_figures(case.middle, case.wanted) for case in cases])

    def higher_is_better(self, name: str) -> bool:
        """Return whether more of a figure is better."""
        return name not in _SMALLER_IS_BETTER

    def judge(self, generator: torch.nn.Module) -> dict[str, float]:
        """Return psnr (dB), ssim and mae (share of the data range), and the same of the input."""
        device = next(generator.parameters()).device
        was_training = generator.training
        generator.eval()
        try:
            figures = [_figures(_run(generator, case.given, device), case.wanted) for case in self.cases]
        finally:
            generator.train(was_training)
        return _mean(figures) | {f"input_{name}": value for name, value in self._input.items()}


def make_judge(config: RunConfig, data: TrainingData) -> SliceJudge | None:
    """Return the judge of a run, or None where nothing can be compared: without pairs, or nobody held out.

    Clean volumes are degraded at fixed levels with a fixed seed, so that judgments can be compared.
    """
    if config.data.kind not in ("clean", "paired") or config.data.patches.dimensions == "3d":
        return None
    volumes = data.validation_volumes[: config.validation.volumes]
    degradations = [make_degradation(each, config.scaling) for each in config.degradations]
    cases = [case for volume in volumes for case in _cases_of(volume, config, degradations)]
    return SliceJudge(cases) if cases else None


def _cases_of(volume: HeldOutVolume, config: RunConfig, degradations: list[Degradation]) -> list[Case]:
    patches = config.data.patches
    slices = patches.slices if patches.dimensions == "2.5d" else 1
    axis = volume.target.acquisition_axis
    target = _scaled(volume.target.voxels, volume, axis)
    stacks = _neighbors(target.shape[0], slices, config.validation.slices)
    wanted = target[stacks[:, slices // 2]]
    if volume.inputs:
        channels = [_scaled(each.voxels, volume, axis) for each in volume.inputs.values()]
        given = [np.stack([each[place] for place in stack for each in channels]) for stack in stacks]
        return [Case(np.stack(given), wanted)]
    found = []
    for level in config.validation.levels or degradations[0].levels():
        rng = np.random.default_rng(0)
        degraded = [_degrade(target[stack], degradations, level, rng) for stack in stacks]
        found.append(Case(np.stack(degraded), wanted))
    return found


def _degrade(
    stack: np.ndarray, degradations: list[Degradation], level: float, rng: np.random.Generator
) -> np.ndarray:
    for number, degradation in enumerate(degradations):
        stack = degradation.apply(stack, rng, level if number == 0 else degradation.levels()[0])
    return stack.astype(np.float32)


def _scaled(voxels: np.ndarray, volume: HeldOutVolume, axis: int) -> np.ndarray:
    """Return the volume scaled, slices first, their edges cut to a multiple that every network takes."""
    scaled = volume.scaling.forward(np.moveaxis(voxels, axis, 0)).astype(np.float32)
    rows, columns = (extent - extent % _MULTIPLE for extent in scaled.shape[1:])
    return np.ascontiguousarray(scaled[:, :rows, :columns])


def _neighbors(depth: int, slices: int, most: int) -> np.ndarray:
    """Return, for slices spread over the middle of a volume, the places of their neighbors (n, slices)."""
    count = min(most, depth)
    middles = np.unique(np.linspace(0.2 * (depth - 1), 0.8 * (depth - 1), count).round().astype(int))
    return np.clip(middles[:, None] + np.arange(slices) - slices // 2, 0, depth - 1)


def _run(generator: torch.nn.Module, given: np.ndarray, device: torch.device) -> np.ndarray:
    outputs = []
    with torch.inference_mode():
        for stack in given:
            outputs.append(generator(torch.from_numpy(stack[None]).to(device)).float().cpu().numpy()[0, 0])
    return np.stack(outputs)


def _figures(image: np.ndarray, wanted: np.ndarray) -> dict[str, float]:
    return {
        "psnr": psnr(image, wanted, 1.0),
        "ssim": ssim(image, wanted, 1.0),
        "mae": mae(image, wanted),
    }


def _mean(figures: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([each[name] for each in figures])) for name in figures[0]}
