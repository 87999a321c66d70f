"""The default between a model's two sets of weights, chosen on validation images, never on the test's."""

from __future__ import annotations

import numpy as np

from GANEnhanceLib.metrics import psnr
from quality.cases import Case, make_cases
from quality.images import Images
from quality.ours import OurModel, Setting

FIDELITIES = (1.0, 0.75, 0.5, 0.25, 0.0)
MOST_LOSS_DB = 0.1


def choose_default(model: OurModel, images: Images, quick: bool) -> dict:
    """Return `fidelity_default` and the mean PSNR of each fidelity on validation images.

    The perceptual weights give the look of the truth, so the default is the lowest fidelity that costs at
    most 0.1 dB.
    """
    if not model.has_two_sets:
        return {"fidelity_default": 1.0, "psnr_db": {}}
    cases = [case for case in make_cases(images, model.modality, model.task, quick) if case.judged]
    if not cases:
        return {"fidelity_default": model.model.card.fidelity_default, "psnr_db": {}}
    means = {each: _mean_psnr(model, cases, each) for each in FIDELITIES}
    least = max(means.values()) - MOST_LOSS_DB
    chosen = min(fidelity for fidelity, mean in means.items() if mean >= least)
    return {"fidelity_default": chosen, "psnr_db": {f"{key:g}": round(v, 3) for key, v in means.items()}}


def _mean_psnr(model: OurModel, cases: list[Case], fidelity: float) -> float:
    setting = Setting("", fidelity)
    values = [psnr(model.run(case, setting), case.reference, case.data_range, case.mask) for case in cases]
    return float(np.mean(values))
