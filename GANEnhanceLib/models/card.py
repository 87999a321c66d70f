"""The model card: what a model is, what it may be given, and how it is run.

A card is read from a bundle's `configs/metadata.json`: MONAI's own fields plus the `enhancement` section,
whose JSON Schema is `enhancement.schema.json` beside this file. The parser here checks every field that it
reads and says which one is wrong, so that no schema library is needed to run a model. Only the standard
library is used here: listing models must stay instant.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from GANEnhanceLib.errors import ModelError

SCHEMA_VERSION = 1
WEIGHT_SETS = ("fidelity", "perceptual")
MODALITIES = ("MR", "CT", "US")
SCALES = (1,)  # what the engine can run
PLAN_MODES = ("slices", "slices25d", "patches")
PLAN_AXES = ("acquisition", "k", "j", "i", "all")
PLAN_BLENDS = ("centre", "smooth")
SLICE_PROFILES = ("box", "gaussian", "kspace")
LARGEST_FACTOR = 16
KEEP_OUTSIDE = ("fan",)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True)
class NetworkSpec:
    """The generator: its name in `GANEnhanceLib.networks`, its arguments, and what an engine must know of it.

    `channels_in` is the number of neighbor slices given as channels (odd; 1 means plain 2-D, and always 1 for
    3-D). `dimensions` is 2 or 3. Every spatial size of the input must be a multiple of `multiple` (the engine
    pads). `receptive_field` is a radius in voxels: an output voxel depends on no input voxel farther away in
    the plane (2-D) or in space (3-D). `flops_per_voxel` counts multiplications and additions of one output
    voxel.
    """

    architecture: str
    arguments: dict[str, Any]
    channels_in: int
    dimensions: int
    multiple: int
    receptive_field: int
    flops_per_voxel: float


@dataclass(frozen=True)
class PlanSpec:
    """How a volume is cut for the network.

    `mode` is "slices" (2-D), "slices25d" (neighbor slices as channels) or "patches" (3-D blocks). `axis` is
    the slice axis: "acquisition" (the axis of the largest spacing), "k", "j", "i", or "all" for the mean of
    three passes (see `models.passes`), each of which costs what the network costs. `patch` is the block (k,
    j, i) in voxels or None for the engine's choice, `overlap` the voxels that neighboring blocks share,
    `halo` the voxels around a block that are read but not kept, and `blend` how overlaps are joined ("centre"
    keeps the inner part, "smooth" weights). `grid_mm` is the spacing, in mm, of the pixels that the network
    sees slices of clearly finer ones on (see `models.coarser`); None: it sees them as they are.
    """

    mode: str = "slices"
    axis: str = "acquisition"
    patch: tuple[int, int, int] | None = None
    overlap: int = 0
    blend: str = "centre"
    halo: int = 0
    grid_mm: float | None = None


@dataclass(frozen=True)
class Refinement:
    """By how much a model for super-resolution may refine axes of one kind.

    `factors` are the smallest and the largest that it was trained for; an axis that is not refined is always
    allowed. `profile` says how a coarse voxel was measured: "box", "gaussian" or "kspace" (see
    `finer.sampling`).
    """

    factors: tuple[float, float]
    profile: str


@dataclass(frozen=True)
class SuperResolution:
    """What a model for super-resolution refines: the axis of the slices, and the axes within them.

    None: that kind of axis stays as it is.
    """

    through_plane: Refinement | None = None
    in_plane: Refinement | None = None

    def of(self, axis: int, acquired_along: int) -> Refinement | None:
        """Return what is allowed along an array axis of a volume whose slices were taken along another."""
        return self.through_plane if axis == acquired_along else self.in_plane


@dataclass(frozen=True)
class DoubtSpec:
    """What a second channel of the network says: how far the first may be wrong, in scaled units.

    A share `quantile` of the voxels shall have a true error below it. `reach` is how many voxels farther than
    the first channel it looks. `coverage` holds measured rows: "data", "share", and what else was noted.
    """

    quantile: float
    reach: int = 0
    coverage: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class ModelCard:
    """Everything that is known of a model before a weight is read.

    `contract` holds what a volume must satisfy, all keys optional: "modality" (list of "MR", "CT", "US"),
    "spacing_mm" ([smallest, largest] of any axis), "min_size" ([k, j, i] voxels) and "value_range" ([lowest,
    highest] in value units). `scaling` is the argument of `metrics.fit_to_noise`; it is empty for classical
    models, which work in value units. `residual_bound` is a share of the reference range (see
    `intensity.FittedScaling`); infinite for classical models.
    `results` are measured rows beside the input and classical filters. `precision` holds measured losses, for
    example {"bfloat16_loss_db": 0.01}. `risk` says in some words why results need more care than those of
    other models ("" if they do not). `scale` is how many voxels an edge of one voxel becomes in the network,
    always 1. `super_resolution` says which finer grids a model may be asked for; its network is given the
    volume as interpolated onto them; None: the grid is kept. `keep_outside` says which voxels stay as
    they are: "fan", those outside of the fan of ultrasound frames and what is drawn on it (see
    `trust.find_fan`); None: none. `doubt` describes the network's second channel; None: there is none. `raw`
    is the whole metadata as read.
    """

    name: str
    version: str
    title: str
    kind: str
    task: str
    modality: tuple[str, ...]
    anatomy: str
    description: str
    limits: str
    licence: str
    data: str
    network: NetworkSpec | None = None
    contract: dict[str, Any] = field(default_factory=dict)
    scaling: dict[str, Any] = field(default_factory=dict)
    plan: PlanSpec = PlanSpec()
    residual_bound: float = math.inf
    fidelity_default: float = 1.0
    weight_sets: tuple[str, ...] = ()
    results: list[dict[str, Any]] = field(default_factory=list)
    precision: dict[str, Any] = field(default_factory=dict)
    risk: str = ""
    scale: int = 1
    super_resolution: SuperResolution | None = None
    keep_outside: str | None = None
    doubt: DoubtSpec | None = None
    raw: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def most_passes(self) -> int:
        """How often a voxel goes through the network at most."""
        if self.network is None or self.network.dimensions == 3:
            return 1
        if self.super_resolution is not None:
            # Along the axes that are not refined, or, where all are, along each.
            return 2 if self.super_resolution.in_plane is None else 3
        return 3 if self.plan.axis == "all" else 1

    @property
    def flops_per_voxel(self) -> float:
        """Operations of one voxel of the result in all passes, at most; a multiply-add is two."""
        return 0.0 if self.network is None else self.network.flops_per_voxel * self.most_passes


class _Section:
    """One JSON object of the card, read field by field with the path of the field in every error."""

    def __init__(self, values: Any, path: str):
        if not isinstance(values, Mapping):
            raise _wrong(path, values, "an object")
        self.values, self.path = values, path

    def section(self, key: str) -> _Section:
        return _Section(self._get(key), self._name(key))

    def text(self, key: str, default: str | None = None) -> str:
        value = self._get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise _wrong(self._name(key), value, "a text")
        return value

    def choice(self, key: str, allowed: tuple, default: Any = None) -> Any:
        value = self._get(key, default)
        if isinstance(value, bool) or value not in allowed:
            raise _wrong(self._name(key), value, "one of " + ", ".join(map(str, allowed)))
        return value

    def whole(self, key: str, low: int, default: int | None = None) -> int:
        value = self._get(key, default)
        if not _is_whole(value) or value < low:
            raise _wrong(self._name(key), value, f"a whole number of at least {low}")
        return value

    def number(self, key: str, low: float, high: float = math.inf, default: float | None = None) -> float:
        value = self._get(key, default)
        if not _is_number(value) or not low <= value <= high:
            allowed = f"of at least {low}" if high == math.inf else f"from {low} to {high}"
            raise _wrong(self._name(key), value, f"a number {allowed}")
        return float(value)

    def table(self, key: str, default: dict | None = None) -> dict[str, Any]:
        value = self._get(key, default)
        if not isinstance(value, Mapping):
            raise _wrong(self._name(key), value, "an object")
        return dict(value)

    def choices(self, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        value = self._get(key)
        if not isinstance(value, list) or not value or any(item not in allowed for item in value):
            raise _wrong(self._name(key), value, "a list of " + ", ".join(allowed))
        return tuple(value)

    def _get(self, key: str, default: Any = None) -> Any:
        if key not in self.values and default is None:
            raise ModelError(
                f'The model card lacks the field "{self._name(key)}".',
                "Ask the model's author for a complete card.",
            )
        return self.values.get(key, default)

    def _name(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def parse_card(metadata: Any) -> ModelCard:
    """Return the card of a network bundle from its parsed `configs/metadata.json`.

    Raises ModelError naming the field that is missing or wrong and what is allowed there.
    """
    top = _Section(metadata, "")
    name, version = top.text("name"), top.text("version")
    if not _NAME.fullmatch(name):
        raise _wrong("name", name, "lower-case letters, digits, dots and hyphens (64 at most)")
    part = top.section("enhancement")
    part.choice("schema_version", (SCHEMA_VERSION,))
    network = _parse_network(part.section("network"))
    plan = _parse_plan(part.section("plan"), network)
    if plan.grid_mm is not None and part.values.get("super_resolution") is not None:
        raise _wrong("enhancement.plan.grid_mm", plan.grid_mm, "left out of a card with super_resolution")
    return ModelCard(
        name=name,
        version=version,
        title=part.text("title"),
        kind="network",
        task=part.text("task"),
        modality=part.choices("modality", MODALITIES),
        anatomy=part.text("anatomy"),
        description=top.text("description"),
        limits=part.text("limits"),
        licence=part.text("licence"),
        data=part.text("data"),
        network=network,
        contract=_parse_contract(part),
        scaling=_parse_scaling(part),
        plan=plan,
        residual_bound=_positive(part, "residual_bound"),
        weight_sets=part.choices("weight_sets", WEIGHT_SETS),
        fidelity_default=_parse_fidelity(part),
        results=_parse_results(part),
        precision=part.table("precision", {}),
        risk=part.text("risk", ""),
        scale=part.choice("scale", SCALES, 1),
        super_resolution=_parse_super_resolution(part),
        keep_outside=_parse_keep_outside(part),
        doubt=_parse_doubt(part),
        raw=dict(metadata),
    )


def _parse_network(part: _Section) -> NetworkSpec:
    dimensions = part.choice("dimensions", (2, 3))
    channels_in = part.whole("channels_in", 1)
    if channels_in % 2 == 0 or (dimensions == 3 and channels_in != 1):
        allowed = "1 for a 3-D network" if dimensions == 3 else "an odd number of slices"
        raise _wrong("enhancement.network.channels_in", channels_in, allowed)
    return NetworkSpec(
        architecture=part.text("architecture"),
        arguments=part.table("arguments", {}),
        channels_in=channels_in,
        dimensions=dimensions,
        multiple=part.whole("multiple", 1, 1),
        receptive_field=part.whole("receptive_field", 0),
        flops_per_voxel=part.number("flops_per_voxel", 0.0),
    )


def _parse_plan(part: _Section, network: NetworkSpec) -> PlanSpec:
    modes = _modes_of(network)
    mode = part.choice("mode", PLAN_MODES)
    if mode not in modes:
        allowed = f"{' or '.join(modes)} for this network"
        raise _wrong("enhancement.plan.mode", mode, allowed)
    patch = part.values.get("patch")
    if patch is not None and not _is_shape(patch):
        raise _wrong("enhancement.plan.patch", patch, "three whole numbers (k, j, i) of at least 1, or null")
    axes = PLAN_AXES if network.dimensions == 2 else PLAN_AXES[:1]
    return PlanSpec(
        mode=mode,
        axis=part.choice("axis", axes, "acquisition"),
        patch=None if patch is None else tuple(patch),
        overlap=part.whole("overlap", 0, 0),
        blend=part.choice("blend", PLAN_BLENDS, "centre"),
        halo=part.whole("halo", 0, 0),
        grid_mm=_parse_grid(part, network),
    )


def _parse_grid(part: _Section, network: NetworkSpec) -> float | None:
    if part.values.get("grid_mm") is None:
        return None
    if network.dimensions == 3 or part.values.get("axis") == "all":
        allowed = "left out where blocks or all three axes are taken"
        raise _wrong(f"{part.path}.grid_mm", part.values["grid_mm"], allowed)
    return _positive(part, "grid_mm")


def _modes_of(network: NetworkSpec) -> tuple[str, ...]:
    if network.dimensions == 3:
        return ("patches",)
    return ("slices",) if network.channels_in == 1 else ("slices25d",)


def _parse_contract(part: _Section) -> dict[str, Any]:
    contract = part.section("contract")
    if "modality" in contract.values:
        contract.choices("modality", MODALITIES)
    for key in ("spacing_mm", "value_range"):
        if key in contract.values and not _is_range(contract.values[key]):
            raise _wrong(f"{contract.path}.{key}", contract.values[key], "two numbers, lowest then highest")
    if "min_size" in contract.values and not _is_shape(contract.values["min_size"]):
        raise _wrong(
            f"{contract.path}.min_size", contract.values["min_size"], "three whole numbers (k, j, i)"
        )
    return dict(contract.values)


def _parse_scaling(part: _Section) -> dict[str, Any]:
    # Names are checked by intensity.fit_scaling, the one place that knows them.
    scaling = part.section("scaling")
    scaling.text("name")
    return dict(scaling.values)


def _parse_results(part: _Section) -> list[dict[str, Any]]:
    rows = part.values.get("results", [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise _wrong("enhancement.results", rows, "a list of objects")
    return [dict(row) for row in rows]


def _parse_super_resolution(part: _Section) -> SuperResolution | None:
    if part.values.get("super_resolution") is None:
        return None
    section = part.section("super_resolution")
    kinds = {
        key: _parse_refinement(section.section(key))
        for key in ("through_plane", "in_plane")
        if section.values.get(key) is not None
    }
    if not kinds:
        raise _wrong(section.path, section.values, 'an object with "through_plane" or "in_plane" or both')
    return SuperResolution(**kinds)


def _parse_keep_outside(part: _Section) -> str | None:
    if part.values.get("keep_outside") is None:
        return None
    if part.values.get("super_resolution") is not None:
        allowed = "left out of a card with super_resolution"
        raise _wrong(f"{part.path}.keep_outside", part.values["keep_outside"], allowed)
    return part.choice("keep_outside", KEEP_OUTSIDE)


def _parse_doubt(part: _Section) -> DoubtSpec | None:
    if part.values.get("doubt") is None:
        return None
    section = part.section("doubt")
    quantile = section.number("quantile", 0.5, 1.0)
    rows = section.values.get("coverage", [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise _wrong(f"{section.path}.coverage", rows, "a list of objects")
    return DoubtSpec(quantile, section.whole("reach", 0, 0), tuple(dict(row) for row in rows))


def _parse_refinement(part: _Section) -> Refinement:
    factors = part.values.get("factors")
    if not _is_range(factors) or not 1 <= factors[0] <= factors[1] <= LARGEST_FACTOR:
        allowed = f"the smallest and the largest factor, from 1 to {LARGEST_FACTOR}"
        raise _wrong(f"{part.path}.factors", factors, allowed)
    return Refinement((float(factors[0]), float(factors[1])), part.choice("profile", SLICE_PROFILES))


def _parse_fidelity(part: _Section) -> float:
    fidelity = part.number("fidelity_default", 0.0, 1.0)
    for only, needed in zip(WEIGHT_SETS, (1.0, 0.0), strict=True):
        if part.values["weight_sets"] == [only] and fidelity != needed:
            allowed = f"{needed:g} if there is only the set {only}"
            raise _wrong(f"{part.path}.fidelity_default", fidelity, allowed)
    return fidelity


def _positive(part: _Section, key: str) -> float:
    value = part.number(key, 0.0)
    if value == 0.0:
        raise _wrong(f"{part.path}.{key}", value, "a number above 0")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_range(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and value[0] <= value[1]
    )


def _is_shape(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) == 3 and all(_is_whole(item) and item >= 1 for item in value)
    )


def _wrong(path: str, value: Any, allowed: str) -> ModelError:
    shown = repr(value)
    shown = shown if len(shown) <= 80 else shown[:77] + "..."
    return ModelError(
        f'The field "{path or "(top)"}" of the model card is {shown}; it must be {allowed}.',
        "Correct the card or ask the model's author for a valid one.",
    )
