"""What a run did to an image, in figures before and after: the rows of the report's table.

All front ends measure with `measure_volumes`, so they state the same figures. A row says what it measures
(`name` for programs, `label` for people), its `unit`, the figures `before` and `after` (None where there is
none), which way is `better` ("lower", "higher", "neither"), and a `note` on how it was measured.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from GANEnhanceLib import metrics
from GANEnhanceLib.errors import InputError

if TYPE_CHECKING:
    from GANEnhanceLib.inference import Progress
    from GANEnhanceLib.regions import Region
    from GANEnhanceLib.volume import Volume

    Slices = tuple[slice, slice, slice]

_Value = TypeVar("_Value")
# Yields the fraction done, a slice at a time: what is being measured can be given up at once.
_Steps = Generator[float, None, _Value]

LOWER, HIGHER, NEITHER = "lower", "higher", "neither"
# Changes below these shares count as none. An edge's width is found to a few percent of a voxel only.
_NO_CHANGE = 0.005
_NO_EDGE_CHANGE = 0.03


@dataclass(frozen=True)
class Row:
    """One figure of the table, as the module's docstring says."""

    name: str
    label: str
    unit: str
    before: float | None
    after: float | None
    better: str
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON values; infinity is None."""
        values = asdict(self)
        for side in ("before", "after"):
            number = values[side]
            values[side] = float(number) if number is not None and math.isfinite(number) else None
        return values


@dataclass(frozen=True)
class Measured:
    """What `measure_volumes` gives: the rows, and the data range of PSNR and SSIM (None: no reference)."""

    rows: list[Row]
    data_range: float | None


def measure_volumes(
    before: Volume,
    after: Volume,
    reference: Volume | None = None,
    data_range: float | None = None,
    tissue: Region | None = None,
    background: Region | None = None,
) -> Generator[Progress, None, Measured]:
    """Measure an image before and after a run; yields progress, returns Measured.

    Noise and edges are measured in the part that was changed, where that is less than half of the volume;
    everything else in the whole volume. `data_range` is full scale for PSNR and SSIM in value units; None
    takes largest less smallest value of the reference. Contrast-to-noise needs both regions. Raises
    InputError for volumes of different shapes, OptionError for a data range that is not above 0.
    """
    _check_shapes(before, after, "input", "result")
    part, changed, largest = yield from _told(_what_changed(before.voxels, after.voxels), 0.0, 0.1)
    rows = [(yield from _told(_noise_row(before, after, part), 0.1, 0.2))]
    noise = max(rows[0].before, rows[0].after)
    rows += yield from _told(_edge_rows(before, after, part, noise), 0.2, 0.5)
    rows += yield from _told(_value_rows(before, after, changed, largest), 0.5, 0.6)
    if tissue is not None and background is not None:
        rows += _contrast_rows(before, after, tissue, background)
    if reference is not None:
        _check_shapes(before, reference, "input", "reference")
        data_range, source = _data_range(reference, data_range)
        rows += yield from _told(_reference_rows(before, after, reference, data_range, source), 0.6, 1.0)
    return Measured(rows, None if reference is None else data_range)


def value_unit(modality: str | None) -> str:
    """Return the unit of the values of a volume of a modality: only those of CT have a name."""
    return "HU" if modality == "CT" else "value units"


def flicker_row(before: float | None, after: float | None, modality: str | None) -> Row:
    """Return the row of a sequence's flicker (mean changes, as `GANEnhanceLib.metrics.flicker`)."""
    note = "Mean change from frame to frame where nothing moves in the input."
    return Row("flicker", "Flicker from frame to frame", value_unit(modality), before, after, LOWER, note)


def judge_row(row: dict[str, Any]) -> str:
    """Say whether a row (as a dictionary) became "better", "worse" or stayed the "same"; "" if unknown."""
    before, after, better = row["before"], row["after"], row["better"]
    if before is None or after is None or better not in (LOWER, HIGHER):
        return ""
    tolerance = _NO_EDGE_CHANGE if str(row.get("name")).startswith("edge_") else _NO_CHANGE
    if abs(after - before) <= tolerance * max(abs(before), abs(after)):
        return "same"
    return "better" if (after < before) == (better == LOWER) else "worse"


def _told(steps: _Steps[_Value], low: float, high: float) -> Generator[Progress, None, _Value]:
    """Run steps, telling their progress as that from `low` to `high` of the whole."""
    from GANEnhanceLib.inference import Progress

    fraction = 0.0
    while True:
        yield Progress("measuring", low + (high - low) * fraction)
        try:
            fraction = next(steps)
        except StopIteration as end:
            return end.value


def _check_shapes(one: Volume, other: Volume, one_name: str, other_name: str) -> None:
    if one.shape != other.shape:
        sizes = [" x ".join(map(str, reversed(volume.shape))) for volume in (one, other)]
        raise InputError(
            f"The {one_name} has {sizes[0]} voxels, but the {other_name} has {sizes[1]}.",
            "Choose volumes on the same grid, or resample one first.",
        )


def _what_changed(before: np.ndarray, after: np.ndarray) -> _Steps[tuple[Slices, int, float]]:
    """Return the part to measure, how many voxels changed, and the largest change of one."""
    places = [np.zeros(size, dtype=bool) for size in before.shape]
    count, largest = 0, 0.0
    for k in range(len(before)):
        yield k / len(before)
        difference = np.abs(np.subtract(after[k], before[k], dtype=np.float64))
        changed = difference > 0
        here = int(np.count_nonzero(changed))
        if here:
            count += here
            largest = max(largest, float(difference.max()))
            places[0][k] = True
            places[1] |= changed.any(1)
            places[2] |= changed.any(0)
    whole = tuple(slice(0, size) for size in before.shape)
    if not count:
        return whole, 0, 0.0
    box = tuple(slice(int(p.argmax()), len(p) - int(p[::-1].argmax())) for p in places)
    voxels = math.prod(side.stop - side.start for side in box)
    return (box if 2 * voxels < before.size else whole), count, largest


def _noise_row(before: Volume, after: Volume, part: Slices) -> _Steps[Row]:
    note = "Standard deviation of the noise in the foreground"
    whole = all(side.stop - side.start == size for side, size in zip(part, before.shape, strict=True))
    note += "." if whole else ", in the part that was changed."
    noise = []
    for volume in (before, after):
        noise.append((yield from metrics.estimate_noise_steps(volume.voxels[part])))
    return Row("noise", "Noise", value_unit(before.modality), *noise, LOWER, note)


def _edge_rows(before: Volume, after: Volume, part: Slices, noise: float) -> _Steps[list[Row]]:
    axis = before.acquisition_axis
    edges = yield from metrics.find_edges_steps(after.voxels[part], before.spacing, axis, noise)
    sharp, note = [None, None], "No edge stands out from the noise."
    if edges is not None:
        sharp = []
        for volume in (before, after):
            yield 1.0
            sharp.append(metrics.measure_sharpness(volume.voxels[part], edges))
        note = f"Mean of {len(edges)} edges that were found in the result."
    width, slope = ([getattr(s, name, None) for s in sharp] for name in ("width_mm", "gradient"))
    return [
        Row("edge_width", "Edge width (10 to 90 %)", "mm", *width, LOWER, note),
        Row("edge_slope", "Edge slope", f"{value_unit(before.modality)}/mm", *slope, HIGHER, note),
    ]


def _value_rows(before: Volume, after: Volume, changed: int, largest: float) -> _Steps[list[Row]]:
    unit, share = value_unit(before.modality), changed / before.voxels.size
    inside = metrics.foreground(before.voxels)
    yield 0.5
    means = [_mean(volume.voxels, inside) for volume in (before, after)]
    said = f"{share:.0%} of the voxels changed."
    return [
        Row("mean", "Mean value", unit, *means, NEITHER, "In the foreground of the input."),
        Row("largest_change", "Largest change of a voxel", unit, None, largest, NEITHER, said),
    ]


def _mean(voxels: np.ndarray, inside: np.ndarray) -> float:
    total = sum(float(part[mask].sum(dtype=np.float64)) for part, mask in zip(voxels, inside, strict=True))
    return total / max(1, np.count_nonzero(inside))


def _contrast_rows(before: Volume, after: Volume, tissue: Region, background: Region) -> list[Row]:
    ratio, contrast, note = [None, None], [None, None], ""
    try:
        places = [_inside(region, before.shape) for region in (tissue, background)]
        values = [
            [metrics.region_values(volume.voxels[box], inside) for box, inside in places]
            for volume in (before, after)
        ]
        ratio = [metrics.contrast_to_noise(*pair) for pair in values]
        contrast = [pair[0].mean - pair[1].mean for pair in values]
        note = f"{values[0][0].voxels} voxels of tissue, {values[0][1].voxels} of background."
    except InputError as error:
        # The other figures are still worth having.
        note = str(error)
    return [
        Row("cnr", "Contrast-to-noise ratio", "", *ratio, HIGHER, note),
        Row(
            "contrast",
            "Contrast (tissue less background)",
            value_unit(before.modality),
            *contrast,
            NEITHER,
            note,
        ),
    ]


def _inside(region: Region, shape: tuple[int, ...]) -> tuple[Slices, np.ndarray]:
    box = region.box(shape)
    return box, region.weights(box) >= 0.5


def _data_range(reference: Volume, asked: float | None) -> tuple[float, str]:
    """Return full scale in value units, and where it comes from."""
    if asked is not None:
        return asked, "as chosen"
    low = min(float(part.min()) for part in reference.voxels)
    high = max(float(part.max()) for part in reference.voxels)
    if low == high:
        raise InputError(
            f"The reference is constant: each voxel is {low:g}.", "Choose another reference volume."
        )
    return high - low, f"of the reference, {low:g} to {high:g}"


def _reference_rows(
    before: Volume, after: Volume, reference: Volume, data_range: float, source: str
) -> _Steps[list[Row]]:
    target = reference.voxels
    psnr, ssim, mae = [], [], []
    for volume in (before, after):
        psnr.append(metrics.psnr(volume.voxels, target, data_range))
        yield 0.0
        mae.append(metrics.mae(volume.voxels, target))
        ssim.append((yield from metrics.ssim_steps(volume.voxels, target, data_range)))
    note = f"Data range {data_range:g} ({source})."
    equal = [side for side, value in zip(("before", "after"), psnr, strict=True) if math.isinf(value)]
    infinite = f" Infinite {' and '.join(equal)}: the voxels are those of the reference." if equal else ""
    return [
        Row("psnr", "PSNR", "dB", *psnr, HIGHER, note + infinite),
        Row("ssim", "SSIM", "", *ssim, HIGHER, note),
        Row("mae", "Mean absolute error", value_unit(before.modality), *mae, LOWER, "Against the reference."),
    ]
