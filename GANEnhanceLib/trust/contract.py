"""The contract of a model: what its card says a volume must be like, checked before the run."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from GANEnhanceLib.errors import ContractError
from GANEnhanceLib.volume import Volume

LEVELS = ("ok", "note", "warn", "refuse")


@dataclass(frozen=True)
class Finding:
    """One check with its outcome: `level` is "ok", "note" (there is something to know, but the volume
    suits the model), "warn" (the run goes on) or "refuse" (it does not).
    """

    check: str
    level: str
    sentence: str
    hint: str = ""


@dataclass(frozen=True)
class Verdict:
    """All findings on one volume and one model, in the order of the checks."""

    findings: tuple[Finding, ...]

    @property
    def level(self) -> str:
        """The worst level of the findings: "ok" (also with notes), "warn" or "refuse"."""
        worst = max((finding.level for finding in self.findings), key=LEVELS.index, default="ok")
        return "ok" if worst == "note" else worst

    def raise_if_refused(self) -> None:
        """Raise ContractError with the first finding that refuses the volume."""
        for finding in self.findings:
            if finding.level == "refuse":
                raise ContractError(finding.sentence, finding.hint)

    def to_dict(self) -> dict:
        """Give the verdict as a dictionary that JSON can hold."""
        return {"level": self.level, "findings": [asdict(finding) for finding in self.findings]}


def check_contract(volume: Volume, card, value_range: tuple[float, float] | None = None) -> Verdict:
    """Check a volume against a model card: modality, spacing, size and range of values.

    `card.modality` lists the modalities that the model was made for; `card.contract` may hold "modality" (in
    its place), "spacing_mm" ([smallest, largest] of each axis with more than one voxel), "min_size" ([k, j,
    i] voxels) and "value_range" ([lowest, highest]). Another modality, and values that all lie outside the
    range, are refused; an unknown modality passes with a note; the rest is warned of. `value_range` saves the
    pass over the voxels where it is known.
    """
    if value_range is None and "value_range" in card.contract:
        value_range = (
            min(part.min().item() for part in volume.voxels),
            max(part.max().item() for part in volume.voxels),
        )
    return check_grid(volume, card, value_range)


def check_grid(grid, card, value_range: tuple[float, float] | None) -> Verdict:
    """Do the same for what is known before the voxels are there: `grid` has `modality`, `spacing` and
    `shape` of a Volume. Values are not judged if their range is None.
    """
    contract = card.contract
    findings = [_check_modality(grid, tuple(contract.get("modality") or card.modality), card.name)]
    if "spacing_mm" in contract:
        findings.append(_check_spacing(grid, *contract["spacing_mm"]))
    if "min_size" in contract:
        findings.append(_check_size(grid, contract["min_size"]))
    if "value_range" in contract and value_range is not None:
        findings.append(_check_values(*value_range, *contract["value_range"]))
    return Verdict(tuple(findings))


def _check_modality(volume: Volume, allowed: tuple[str, ...], model: str) -> Finding:
    if not allowed or volume.modality in allowed:
        return Finding(
            "modality", "ok", f"The modality is {volume.modality or 'unknown'}, which suits the model."
        )
    wanted = _either(allowed)
    if volume.modality is None:
        return Finding(
            "modality",
            "ok",
            f"The modality of the volume is unknown; the model '{model}' is for {wanted}.",
            "Make sure that the volume is of this kind.",
        )
    return Finding(
        "modality",
        "refuse",
        f"The volume is of modality {volume.modality}, but the model '{model}' is for {wanted}.",
        f"Choose a model for {volume.modality}, or correct the modality if it is wrong.",
    )


def _check_spacing(volume: Volume, low: float, high: float) -> Finding:
    spacing = [length for length, size in zip(volume.spacing, volume.shape[::-1], strict=True) if size > 1]
    shown = " x ".join(f"{length:g}" for length in volume.spacing)
    # A millionth of slack: a spacing that came through a float32 header must not miss its own bound.
    if all(low * (1 - 1e-6) <= length <= high * (1 + 1e-6) for length in spacing):
        made = f"lies between {low:g} and {high:g} mm" if low < high else f"is the {low:g} mm of the model"
        return Finding("spacing", "ok", f"The spacing of {shown} mm {made}.")
    made = f"{low:g} to {high:g}" if low < high else f"{low:g}"
    return Finding(
        "spacing",
        "warn",
        f"The spacing is {shown} mm, but the model was made for {made} mm.",
        "Look at the residual with care.",
    )


def _check_size(volume: Volume, smallest: Iterable[int]) -> Finding:
    shown, wanted = (" x ".join(map(str, size)) for size in (volume.shape, smallest))
    if all(size >= least for size, least in zip(volume.shape, smallest, strict=True)):
        return Finding("size", "ok", f"The size (k, j, i) of {shown} voxels is at least {wanted}.")
    return Finding(
        "size",
        "warn",
        f"The volume has {shown} voxels (k, j, i), but the model was made for at least {wanted}.",
        "Look at the residual with care.",
    )


def _check_values(smallest: float, largest: float, low: float, high: float) -> Finding:
    shown = f"from {smallest:g} to {largest:g}"
    if low <= smallest and largest <= high:
        return Finding("values", "ok", f"The values {shown} lie between {low:g} and {high:g}.")
    outside = largest < low or smallest > high
    return Finding(
        "values",
        "refuse" if outside else "warn",
        f"The values go {shown}, but the model was made for {low:g} to {high:g}.",
        "Check the units of the volume."
        if outside
        else "Values beyond the scaling's limits stay as they are.",
    )


def _either(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
