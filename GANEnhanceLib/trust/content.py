"""Is the image of the kind that a model was made for, as far as its own voxels tell?

The contract checks what a file says of itself; this checks what it shows. What is not of the model's kind
(noise, text, a phantom, values of another modality) is warned of, and its change is bounded to what its own
noise explains (`tight_bound`). Metal, and a head or chest that seems to lie upside down, are noted.

The thresholds lie between what the training and validation images of the data recipes mr, ct and ultrasound
show, also with noise of 1 to 12 % or a tenth of the dose, and strange images; Docs/trust.md has the table.
They are generic: an image that passes is not thereby like what a model learned from.
"""

from __future__ import annotations

from dataclasses import dataclass

from GANEnhanceLib.trust.contract import Finding
from GANEnhanceLib.trust.metal import CT_LIMIT, MR_LIMIT, has_compact_piece
from GANEnhanceLib.trust.texture import Texture, measure_texture
from GANEnhanceLib.trust.upright import find_turn
from GANEnhanceLib.volume import Volume

TIMES_NOISE, SHARE_OF_RANGE = 2.0, 0.01
"""What a voxel of a strange image may change: twice its estimated noise and 1 % of the range."""

# Ordinary images: at least 0.46, small parts of them 0.14; noise, also slightly smoothed: below 0.1.
_LEAST_COARSE = 0.11
# Text, together with hard steps.
_LEAST_COARSE_OF_HARD = 0.35
# Ordinary images: at most 0.2, if they are cut out of their surroundings 0.9; text and phantoms: above 0.4.
_MOST_HARD_STEPS = 0.35
# Ordinary images that are cut out: at most 0.87; drawings and phantoms: above 0.97.
_MOST_FEW_LEVELS = 0.92
# Of graphics that are black and white.
_MOST_FULL = 0.8
_LEAST_HOUNSFIELD = 0.05
_MOST_BELOW_ZERO = 0.02
_LEAST_BELOW_FAT = 0.001
_DISPLAY = 255.0

_LOOK = "The change is held to twice the noise; look at the input, and do not use the result as it is."


@dataclass(frozen=True)
class Content:
    """What a volume shows, measured once for all models.

    Attributes:
        texture: of its slices; None if they are too small to be judged.
        has_metal: by modality ("CT", "MR") in whose values the volume would have metal.
        turn: what seems to be exchanged ("head and feet"), or None.
    """

    texture: Texture | None
    has_metal: frozenset[str]
    turn: str | None


def measure_content(volume: Volume) -> Content:
    """Measure a volume that can be enhanced (see `Volume.check_usable`); nothing is cached."""
    texture = measure_texture(volume)
    if texture is None:
        return Content(None, frozenset(), None)
    limits = {"CT": CT_LIMIT, "MR": MR_LIMIT * texture.highest}
    is_hounsfield = _is_hounsfield(texture)
    metal = {
        kind
        for kind, limit in limits.items()
        if (kind == "CT") == is_hounsfield and limit > 0 and has_compact_piece(volume, limit)
    }
    turn = None if volume.modality == "US" else find_turn(volume)
    return Content(texture, frozenset(metal), turn)


def judge_content(content: Content, card) -> tuple[Finding, ...]:
    """Return what there is to say of an image to the user of a model; nothing for an ordinary one.

    `card` has `name`, `modality` and `scaling`. Findings of level "warn" say that the image is not of the
    model's kind, of level "note" that there is something to know.
    """
    texture = content.texture
    if texture is None:
        return ()
    kinds = tuple(card.contract.get("modality") or card.modality)
    strange = _structure(texture) or _values(texture, kinds, card)
    found = [] if strange is None else [Finding("content", "warn", strange, _LOOK)]
    if strange is None:
        found += _notes(content, kinds)
    return tuple(found)


def is_strange(findings: tuple[Finding, ...]) -> bool:
    """Tell from the findings of `judge_content` if the image is not of the model's kind."""
    return any(finding.level == "warn" for finding in findings)


def tight_bound(noise: float, span: float) -> float:
    """Return the largest change of a voxel of a strange image, in units of the scaled range.

    `noise` is its estimated standard deviation and `span` the range of the scaling, both in value units.
    """
    return TIMES_NOISE * noise / span + SHARE_OF_RANGE


def _structure(texture: Texture) -> str | None:
    """Say what kind of strange image it is, whatever the modality."""
    if texture.spread == 0:
        return "Nearly all voxels have the same value, so there is hardly an image to enhance."
    is_hard = texture.hard_steps > _MOST_HARD_STEPS
    if is_hard and texture.coarse < _LEAST_COARSE_OF_HARD:
        return "The image looks like text or graphics: hard steps between few gray levels."
    if texture.coarse < _LEAST_COARSE:
        return "The image looks like pure noise or a fine pattern: it shows nothing larger than a few voxels."
    if is_hard and texture.few_levels > _MOST_FEW_LEVELS:
        if texture.full > _MOST_FULL:
            return "The image looks like a mask or graphics: it is black and white, with hard steps."
        return "The image looks like a phantom or drawing: areas of one value each, with hard steps."
    return None


def _values(texture: Texture, kinds: tuple[str, ...], card) -> str | None:
    """Say that the values are not those of the modalities that the model is for."""
    if not kinds:
        return None
    wanted = " or ".join(kinds)
    if _is_hounsfield(texture):
        if "CT" not in kinds:
            return f"The values look like Hounsfield units of CT, but the model is for {wanted}."
        return None
    if kinds == ("CT",) and texture.below_fat < _LEAST_BELOW_FAT:
        return "The values do not look like Hounsfield units: nothing is as dark as fat or air (below -20)."
    if "CT" not in kinds and texture.below_zero > _MOST_BELOW_ZERO:
        return f"Many values are below zero, which images of {wanted} do not have."
    if card.scaling.get("name") == "us-display" and texture.highest > card.scaling.get("high", _DISPLAY):
        return f"The values go to {texture.highest:.0f}, beyond the brightness of a display (0 to 255)."
    return None


def _notes(content: Content, kinds: tuple[str, ...]) -> list[Finding]:
    found = []
    if content.has_metal & (set(kinds) or {"CT", "MR"}):
        sentence = "There are compact pieces far brighter than tissue: metal, or undiluted contrast medium."
        hint = "Do not trust changes of what is near them: their streaks look like structure to a model."
        found.append(Finding("metal", "note", sentence, hint))
    if content.turn is not None:
        sentence = f"The volume may be turned over ({content.turn}): its voxels suggest it, its axes do not."
        hint = "Compare it with the letters in the views, and correct the geometry if they are wrong."
        found.append(Finding("upright", "note", sentence, hint))
    return found


def _is_hounsfield(texture: Texture) -> bool:
    """Air and soft tissue of CT: values below -500, and values from -200 to 200."""
    return min(texture.like_air, texture.like_tissue) > _LEAST_HOUNSFIELD
