"""The default between a model's two sets of weights, chosen on validation images, never on the test's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from GANEnhanceLib.metrics import psnr
from GANEnhanceLib.volume import Volume
from quality.cases import Case, make_cases
from quality.images import Images
from quality.ours import OurModel, Setting
from quality.real_ultrasound import flicker_ratio

FIDELITIES = (1.0, 0.75, 0.5, 0.25, 0.0)
MOST_LOSS_DB = 0.1


def choose_default(model: OurModel, images: Images, quick: bool, cines: Sequence[Volume] = ()) -> dict:
    """Return `fidelity_default` and the mean PSNR of each fidelity on validation images.

    The perceptual weights give the look of the truth, so the default is the lowest fidelity that costs at
    most 0.1 dB, and whose flicker is below that of each of the cines (1 where none is).
    """
    if not model.has_two_sets:
        return {"fidelity_default": 1.0, "psnr_db": {}}
    cases = [case for case in make_cases(images, model.modality, model.task, quick) if case.judged]
    if not cases:
        return {"fidelity_default": model.model.card.fidelity_default, "psnr_db": {}}
    means = {each: _mean_psnr(model, cases, each) for each in FIDELITIES}
    least = max(means.values()) - MOST_LOSS_DB
    flickers = {each: _worst_flicker(model, cines, each) for each in FIDELITIES} if cines else {}
    able = [each for each, mean in means.items() if mean >= least and flickers.get(each, 0.0) < 1]
    choice = {
        "fidelity_default": min(able, default=1.0),
        "psnr_db": {f"{key:g}": round(v, 3) for key, v in means.items()},
    }
    if flickers:
        choice["flicker"] = {f"{key:g}": round(v, 4) for key, v in flickers.items()}
    return choice


def _worst_flicker(model: OurModel, cines: Sequence[Volume], fidelity: float) -> float:
    setting = Setting("", fidelity)
    return max(
        flicker_ratio(cine.voxels.astype(np.float32), model.enhance(cine, setting).volume.voxels)
        for cine in cines
    )


def _mean_psnr(model: OurModel, cases: list[Case], fidelity: float) -> float:
    setting = Setting("", fidelity)
    values = [psnr(model.run(case, setting), case.reference, case.data_range, case.mask) for case in cases]
    return float(np.mean(values))
