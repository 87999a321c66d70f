"""Named, reversible intensity scalings between the values of a volume and the network's nominal range 0..1.

A scaling is fitted to the whole volume once and then is a handful of plain numbers, so that a slice, a region
and the whole volume are scaled alike and the numbers can be written into a report. Nothing is ever clipped:
voxels whose scaled value lies outside `limits` (metal in CT, spikes in MR) are given back exactly as they
came.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from GANEnhanceLib.errors import InputError, ModelError

SCALING_NAMES = ("ct-window", "mr-percentile", "us-display", "us-log", "unit")
REFERENCE_PERCENTILE = 99.5
LEAST_NOISE, MOST_NOISE = 0.002, 0.2
"""Shares of the reference intensity between which a noise is believed where values are scaled by it: an image
without noise would grow without bound."""
_HALF_BITS = 16
_HALF_SIZE = 1 << _HALF_BITS
_NUMBERS = ("low", "high", "percentile", "dynamic_range_db")
_POSITIVE_INFINITE = 0xFF80  # upper halves of the sorted keys of +Inf and -Inf; NaN lies beyond them
_NEGATIVE_INFINITE = 0x007F


@dataclass(frozen=True)
class FittedScaling:
    """A scaling with its numbers: value `low` is x = 0 and value `high` is x = 1.

    `limits` is the range of x that the network may change. `transform` is "linear" or "log"; with "log" the
    line from low to high is compressed as sign(u) log(1 + g |u|) / log(1 + g), where u is the linear x and g
    the amplitude ratio of `dynamic_range_db` (60 dB: 1000), as in the log compression of an ultrasound
    envelope. `floor` is what the noise of several MR coils adds to x^2, taken off the network's result.
    `span` is the x of the reference intensity: 1, unless values are scaled by their noise.
    """

    name: str
    low: float
    high: float
    limits: tuple[float, float] = (0.0, 1.0)
    transform: str = "linear"
    dynamic_range_db: float = 60.0
    floor: float = 0.0
    span: float = 1.0

    def __post_init__(self):
        """Refuse numbers that cannot be undone (ModelError)."""
        numbers = (self.low, self.high, *self.limits, self.dynamic_range_db, self.floor, self.span)
        if not all(math.isfinite(number) for number in numbers) or not self.low < self.high:
            raise ModelError(
                f"The scaling '{self.name}' goes from {self.low} to {self.high}, limits {self.limits}.",
                "The numbers must be finite and low must be below high.",
            )
        if len(self.limits) != 2 or not self.limits[0] < self.limits[1]:
            raise ModelError(
                f"The scaling '{self.name}' has the limits {self.limits}.",
                "They must be two scaled values, the lower one first.",
            )
        if self.transform not in ("linear", "log"):
            raise ModelError(
                f"The scaling '{self.name}' has the unknown transform '{self.transform}'.",
                "It must be linear or log.",
            )
        if self.dynamic_range_db <= 0:
            raise ModelError(
                f"The scaling '{self.name}' has a dynamic range of {self.dynamic_range_db} dB.",
                "It must be above 0.",
            )

    def forward(self, voxels: np.ndarray) -> np.ndarray:
        """Scale voxels (any shape, real type) to x: a new float32 array of that shape, never clipped."""
        x = np.subtract(voxels, self.low, dtype=_working_type(voxels.dtype))
        x /= self.high - self.low
        if self.transform == "log":
            gain = self._gain
            x = np.copysign(np.log1p(np.abs(x) * gain) / math.log1p(gain), x)
        return x.astype(np.float32, copy=False)

    def inverse(self, x: np.ndarray) -> np.ndarray:
        """Give the values that belong to x (any shape) as a new float32 array."""
        values = self._inverse(np.asarray(x, dtype=np.float32))
        return values.astype(np.float32, copy=False)

    def inside(self, x: np.ndarray) -> np.ndarray:
        """Say for each scaled value if the network may change it: limits[0] <= x <= limits[1] (NaN: no)."""
        return (x >= self.limits[0]) & (x <= self.limits[1])

    def apply_residual(
        self,
        voxels: np.ndarray,
        residual: np.ndarray,
        strength: "float | np.ndarray",
        out: np.ndarray | None = None,
    ) -> np.ndarray:
        """Add `strength` times a residual in scaled units to voxels; the result is in value units.

        `voxels` and `residual` have the same shape; `strength` is a number or one for each voxel. Voxels
        outside the limits, and voxels whose residual times strength is 0, come back exactly; with a floor,
        what lies on it changes with a residual of 0 too. The result is float32, or has the type of `out` if
        that is given (float64 holds 32-bit integers exactly). `out` must not be `voxels`.
        """
        if out is None:
            out = np.empty(voxels.shape, dtype=np.float32)
        x = self.forward(voxels)
        if self.floor > 0:
            residual = self._off_floor(x + residual) - x
        step = np.multiply(residual, np.asarray(strength, dtype=np.float32), dtype=np.float32)
        step[~self.inside(x)] = 0
        if self.transform == "linear":
            step *= np.float32(self.high - self.low)
            return np.add(voxels, step, out=out, dtype=out.dtype, casting="unsafe")
        np.copyto(out, voxels, casting="unsafe")
        changed = step != 0
        out[changed] = self._inverse(x[changed] + step[changed])
        return out

    def in_units_of_noise(self, sigma: float, unit: float) -> "FittedScaling":
        """Give the scaling that makes a noise of `sigma`, value units, `unit`; `low` stays.

        The noise is believed from 0.2 to 20 % of the reference intensity; the limits stay at the same values.
        Raises ModelError unless the unit is above 0.
        """
        if not (math.isfinite(unit) and unit > 0):
            raise ModelError(f"The scaling '{self.name}' has the noise {unit:g}.", "It must be above 0.")
        reference = self.high - self.low
        believed = min(max(float(sigma), LEAST_NOISE * reference), MOST_NOISE * reference)
        span = unit * reference / believed
        limits = (self.limits[0] * span, self.limits[1] * span)
        return replace(self, high=self.low + believed / unit, limits=limits, span=span)

    def to_dict(self) -> dict:
        """Give the numbers as a dictionary that JSON can hold; `from_dict` takes it back."""
        return {**asdict(self), "limits": list(self.limits)}

    @classmethod
    def from_dict(cls, numbers: dict) -> "FittedScaling":
        """Build the scaling that `to_dict` described."""
        return cls(**{**numbers, "limits": tuple(numbers["limits"])})

    @property
    def _gain(self) -> float:
        return 10 ** (self.dynamic_range_db / 20)

    def _off_floor(self, x: np.ndarray) -> np.ndarray:
        """What is left of scaled values without the floor; a network gives the root of signal and floor."""
        return np.sqrt(np.maximum(np.copysign(x * x, x) - np.float32(self.floor), 0))

    def _inverse(self, x: np.ndarray) -> np.ndarray:
        if self.transform == "log":
            gain = self._gain
            x = np.copysign(np.expm1(np.abs(x) * math.log1p(gain)) / gain, x)
        return x * (self.high - self.low) + self.low


def fit_scaling(spec: dict, voxels: np.ndarray) -> FittedScaling:
    """Fit the scaling that a model card asks for to the voxels (k, j, i) of a whole volume.

    `spec["name"]` is one of these; numbers in parentheses are taken if the spec does not give them:

    - "ct-window": x = (HU - low) / (high - low), `low` (-1024), `high` (3071), `limits` (0, 1);
    - "mr-percentile": x = value / P, P the `percentile` (99.5) of all finite voxels, so that zero stays zero
      as the physics of Rician noise needs, `limits` (-0.25, 2). A `floor` ("air") is for `VolumeFacts.fit`,
      `noise` for `metrics.fit_to_noise`: both need more than the values;
    - "us-display": as "ct-window" for log-compressed display values, `low` (0), `high` (255);
    - "us-log": log compression of a linear envelope, `low` (0), `high` (the largest value),
      `dynamic_range_db` (60), `limits` (0, 1);
    - "unit": values that are 0..1 already, `low` (0), `high` (1), `limits` (0, 1).

    Raises ModelError for a wrong spec, InputError for voxels that cannot be scaled.
    """
    name = spec.get("name")
    if name not in SCALING_NAMES:
        raise ModelError(
            f"The model asks for the unknown intensity scaling '{name}'.",
            f"Known scalings are {', '.join(SCALING_NAMES)}.",
        )
    limits = _numbers(name, "limits", spec.get("limits", (-0.25, 2.0) if name == "mr-percentile" else (0, 1)))
    number = {key: _numbers(name, key, [value])[0] for key, value in spec.items() if key in _NUMBERS}
    if name == "mr-percentile":
        high = reference_intensity(voxels, number.get("percentile", REFERENCE_PERCENTILE))
        return FittedScaling(name, 0.0, high, limits)
    if name == "us-log":
        low = number.get("low", 0.0)
        high = number["high"] if "high" in number else _largest_above(low, voxels)
        return FittedScaling(name, low, high, limits, "log", number.get("dynamic_range_db", 60.0))
    low, high = {"ct-window": (-1024.0, 3071.0), "us-display": (0.0, 255.0), "unit": (0.0, 1.0)}[name]
    return FittedScaling(name, number.get("low", low), number.get("high", high), limits)


def reference_intensity(voxels: np.ndarray, percentile: float = REFERENCE_PERCENTILE) -> float:
    """Give the percentile (0..100) of all finite voxels: the "full signal" that MR noise is measured by.

    It is numpy's linear percentile, found without sorting or copying the volume: exact for 8- and 16-bit
    integers and float32, to float32 precision for wider types. If it is not above 0 (a nearly empty volume)
    the largest value is given instead; if that is not above 0 either, InputError is raised.
    """
    if not 0 < percentile <= 100:
        raise ModelError(f"The intensity percentile is {percentile}.", "It must be above 0 and at most 100.")
    value = _percentile(voxels, percentile)
    if value <= 0:
        value = _largest(voxels)
    if value <= 0:
        raise InputError(
            f"The largest value of the volume is {value:g}, so there is no signal to scale by.",
            "Check that it is a magnitude image with values above 0.",
        )
    return value


def to_dtype(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Turn finite floats (any shape) into `dtype`: rounded to even and clipped for integers, else cast."""
    dtype = np.dtype(dtype)
    if dtype.kind not in "iu":
        return values.astype(dtype, copy=False)
    info = np.iinfo(dtype)
    ceiling = values.dtype.type(info.max)  # may round up to a value that the integer type cannot hold
    highest = ceiling if int(ceiling) <= info.max else np.nextafter(ceiling, values.dtype.type(0))
    rounded = np.rint(values)
    result = np.clip(rounded, values.dtype.type(info.min), highest).astype(dtype)
    if highest != ceiling:
        result[rounded >= ceiling] = info.max
    return result


def _working_type(dtype: np.dtype) -> type:
    """float32 where it holds every value of the type exactly, else float64."""
    return np.float32 if dtype.itemsize <= (4 if dtype.kind == "f" else 2) else np.float64


def _numbers(name: str, key: str, values: Sequence) -> tuple[float, ...]:
    try:
        return tuple(float(value) for value in values)
    except (TypeError, ValueError) as error:
        raise ModelError(
            f"The scaling '{name}' has {values!r} for its {key}.", "The model's card needs numbers there."
        ) from error


def _largest(voxels: np.ndarray) -> float:
    return _percentile(voxels, 100.0)


def _largest_above(low: float, voxels: np.ndarray) -> float:
    largest = _largest(voxels)
    if largest <= low:
        raise InputError(
            f"The largest value of the volume is {largest:g}, not above the low end {low:g} of its scaling.",
            "Check that it is an ultrasound envelope.",
        )
    return largest


def _percentile(voxels: np.ndarray, percentile: float) -> float:
    """Linear percentile of the finite voxels by counting, slice by slice: two passes with 65536 counters."""
    upper = sum(_count(_keys(part) >> _HALF_BITS) for part in _slices(voxels))
    upper[_POSITIVE_INFINITE:] = 0
    upper[: _NEGATIVE_INFINITE + 1] = 0
    total = int(upper.sum())
    if total == 0:
        raise InputError("The volume has no finite voxel.", "Check how it was made, or load it again.")
    rank = (total - 1) * percentile / 100
    first, second = math.floor(rank), math.ceil(rank)
    low, high = _order_statistics(voxels, upper, (first, second))
    return low + (high - low) * (rank - first)


def _order_statistics(voxels: np.ndarray, upper: np.ndarray, ranks: Sequence[int]) -> list[float]:
    """Values with the given ranks among the finite voxels, from the counts of their keys' upper halves."""
    before = np.cumsum(upper)
    bins = [int(np.searchsorted(before, rank, side="right")) for rank in ranks]
    lower = {number: np.zeros(_HALF_SIZE, dtype=np.int64) for number in bins}
    for part in _slices(voxels):
        keys = _keys(part)
        halves = keys >> _HALF_BITS
        for number, counts in lower.items():
            counts += _count(keys[halves == number] & (_HALF_SIZE - 1))
    values = []
    for rank, number in zip(ranks, bins, strict=True):
        rank_in_bin = rank - (int(before[number]) - int(upper[number]))
        low_half = int(np.searchsorted(np.cumsum(lower[number]), rank_in_bin, side="right"))
        values.append(_value_of_key((number << _HALF_BITS) | low_half))
    return values


def _slices(voxels: np.ndarray) -> np.ndarray:
    return voxels if voxels.ndim > 1 else voxels[np.newaxis]


def _count(numbers: np.ndarray) -> np.ndarray:
    return np.bincount(numbers, minlength=_HALF_SIZE)


def _keys(part: np.ndarray) -> np.ndarray:
    """32-bit unsigned keys that sort as the float32 values do (the radix key of IEEE 754 numbers)."""
    with np.errstate(over="ignore"):  # beyond float32: Inf, which is not counted
        values = np.ascontiguousarray(part, dtype=np.float32).ravel()
    return _ordered(values.view(np.uint32))


def _ordered(bits: np.ndarray) -> np.ndarray:
    negative = bits >> 31
    return bits ^ (negative * np.uint32(0x7FFFFFFF) + np.uint32(0x80000000))


def _value_of_key(key: int) -> float:
    bits = key ^ 0x80000000 if key & 0x80000000 else key ^ 0xFFFFFFFF
    return float(np.uint32(bits).view(np.float32))
