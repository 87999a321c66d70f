"""From a volume, a model's name and options to an enhanced volume and its report: the one way of all front
ends.

The command and the worker (and through it the panel) call `enhance_with_report`, so they check the same
things in the same order, say the same sentences and give the same voxels.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.report import make_report, reset_peak_memory

if TYPE_CHECKING:
    from GANEnhanceLib.inference import EnhanceOptions, EnhanceResult, Progress, VolumeFacts
    from GANEnhanceLib.intensity import FittedScaling
    from GANEnhanceLib.models import Model
    from GANEnhanceLib.regions import Region
    from GANEnhanceLib.volume import Volume

AUTO = "auto"


@dataclass(frozen=True)
class Enhanced:
    """What a run gives: the engine's result, the report as plain JSON values, and the model that was used."""

    result: EnhanceResult
    report: dict[str, Any]
    model: Model

    @property
    def volume(self) -> Volume:
        """The enhanced volume, on the grid of `before` (or the ROI of it, where it was cropped)."""
        return self.result.volume

    @property
    def before(self) -> Volume:
        """The input; of super-resolution, as it was interpolated onto the finer grid."""
        return self.result.source


def choose_model(
    name: str,
    modality: str | None,
    folders: Sequence[str | Path] = (),
    load: Callable[..., Model] | None = None,
) -> tuple[Model, str]:
    """Load the model of a name or path; for "auto" the one that suits the modality, with the reason in words.

    `folders` are looked in beside the usual ones. `load` is `models.load_model`, or one that remembers.
    Raises ModelError for a model that is unknown or broken. The reason is "" where the user chose.
    """
    from GANEnhanceLib.models import load_model, pick_model

    if not name.strip():
        raise ModelError("The model is empty.", "Give its name, its path, or auto.")
    reason = ""
    if name == AUTO:
        name, reason = pick_model(modality, folders)
    return (load or load_model)(name, folders), reason


def enhance_with_report(
    volume: Volume,
    model_name: str,
    options: EnhanceOptions,
    region: Region | None = None,
    scaling: FittedScaling | None = None,
    keep: Path | None = None,
    *,
    crop: bool = False,
    facts: VolumeFacts | None = None,
    folders: Sequence[str | Path] = (),
    load: Callable[..., Model] | None = None,
) -> Generator[Progress, None, Enhanced]:
    """Take the model, enhance (which checks the volume), and report; yields progress, closing it cancels.

    `region`, `scaling`, `keep`, `crop` and `facts` are those of `inference.enhance`, `folders` and `load`
    those of `choose_model`. Raises the GANEnhanceError of the first thing that is wrong; the input is never
    changed.
    """
    from GANEnhanceLib.inference import Progress, enhance

    reset_peak_memory()
    yield Progress("checking", 0.0)
    options.validate(volume.shape)
    model, reason = choose_model(model_name, volume.modality, folders, load)
    yield Progress("checking", 0.0, f"Model {model.name} {model.card.version}. {reason}".strip())
    result = yield from enhance(
        volume, model, options, region=region, scaling=scaling, keep=keep, crop=crop, facts=facts
    )
    try:
        yield Progress("reporting", 1.0)
        return Enhanced(result, make_report(volume, model, reason, options, result), model)
    except BaseException:
        if result.change is not None:
            result.change.remove()
        raise
