"""What a run of the engine can be asked for, and the checks on it.

:class:`EnhanceOptions` is one frozen record that the command, the worker, the panel and scripts all fill
in. ``None`` means "as the model's card says". The text forms of these options are the business of
``GANEnhanceLib.options``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from numbers import Integral, Real

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.finer.grid import Grid
from GANEnhanceLib.models.card import PLAN_AXES, PLAN_BLENDS, PLAN_MODES

PRECISIONS = ("auto", "float32", "bfloat16", "float16")
OUTPUT_TYPES = ("input", "float32")
DEVICE_NAMES = ("auto", "cuda", "cuda:N", "mps", "openvino", "cpu")

_DEVICE = re.compile(r"auto|cuda(:\d+)?|mps|openvino|cpu")

Roi = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class EnhanceOptions:
    """Options of :func:`GANEnhanceLib.inference.enhance`; ``None`` takes the model card's value.

    Attributes:
        device: ``auto`` (CUDA, then MPS, then OpenVINO, then PyTorch on the CPU), ``cuda``, ``cuda:N``,
            ``mps``, ``openvino`` or ``cpu`` (PyTorch on the CPU).
        mode: ``slices`` (2-D), ``slices25d`` (neighbor slices as channels) or ``patches`` (3-D blocks).
        axis: array axis that slices are taken along: ``k``, ``j``, ``i``, ``acquisition`` (largest
            spacing), or ``all``: the mean of three passes (see ``models.passes``).
        strength: share of the network's change that is applied, 0 to 1.
        fidelity: 0 (perceptual weights) to 1 (fidelity weights), weights in between are interpolated.
        roi: half-open ``((i0, i1), (j0, j1), (k0, k1))`` in voxels; outside, the result is exactly the
            input.
        output_type: ``input`` (the input's voxel type) or ``float32``.
        precision: arithmetic of the network; ``auto`` takes bfloat16 or float16 only where the card has
            measured that it loses less than 0.05 dB.
        patch: block size (k, j, i) in voxels for ``patches``; in the slice modes it cuts the plane.
        overlap: voxels that neighboring blocks share along each axis.
        blend: ``centre`` (each voxel from the one block whose faces are farthest away) or ``smooth``.
        threads: CPU threads; ``None`` uses all cores this process may use.
        bound: largest change, as a share of the scaling's reference range; ``inf`` for no bound.
        scale: for super-resolution: factors along (i, j, k), 1 to keep an axis.
        spacing: for super-resolution, instead of ``scale``: spacing in mm, one for all axes (those that are
            as fine already stay) or one for each of (i, j, k).
        like: for super-resolution, instead of both: the grid of another volume. Without any of these the
            voxels become cubes, as far as the model's factors go.
        doubt: give a map of how far each voxel may be wrong, too, for models whose card has one.
    """

    device: str = "auto"
    mode: str | None = None
    axis: str | None = None
    strength: float = 1.0
    fidelity: float | None = None
    roi: Roi | None = None
    output_type: str = "input"
    precision: str = "auto"
    patch: tuple[int, int, int] | None = None
    overlap: int | None = None
    blend: str | None = None
    threads: int | None = None
    bound: float | None = None
    scale: tuple[float, float, float] | None = None
    spacing: float | tuple[float, float, float] | None = None
    like: Grid | None = None
    doubt: bool = False

    def validate(self, shape: tuple[int, int, int] | None = None) -> None:
        """Raise :class:`OptionError` for the first value that is not allowed.

        ``shape`` (k, j, i), where known, is what the ROI must lie in.
        """
        if not (isinstance(self.device, str) and _DEVICE.fullmatch(self.device)):
            raise _not_one_of("device", self.device, DEVICE_NAMES)
        _check_choice("mode", self.mode, PLAN_MODES, optional=True)
        _check_choice("axis", self.axis, PLAN_AXES, optional=True)
        _check_choice("blend", self.blend, PLAN_BLENDS, optional=True)
        _check_choice("precision", self.precision, PRECISIONS)
        _check_choice("output type", self.output_type, OUTPUT_TYPES)
        _check_unit_interval("strength", self.strength)
        if self.fidelity is not None:
            _check_unit_interval("fidelity", self.fidelity)
        if self.patch is not None:
            _check_patch(self.patch)
        if self.overlap is not None:
            _check_whole("overlap", self.overlap, least=0, unit="voxels")
        if self.threads is not None:
            _check_whole("threads", self.threads, least=1, unit="CPU threads")
        if self.bound is not None and not (_is_number(self.bound) and self.bound > 0):
            raise OptionError(
                f"The bound is {self.bound!r}, but must be a number above 0.",
                "It is the largest change allowed, as a share of the intensity range; inf switches it off.",
            )
        if self.roi is not None:
            _check_roi(self.roi, shape)
        if not isinstance(self.doubt, bool):
            raise OptionError(f"The doubt is {self.doubt!r}, but must be true or false.")
        _check_finer(self)

    def roi_slices(self, shape: tuple[int, int, int]) -> tuple[slice, slice, slice]:
        """Return the ROI as slices of a (k, j, i) array of ``shape``; the whole array without an ROI."""
        if self.roi is None:
            return tuple(slice(0, int(size)) for size in shape)
        return tuple(slice(int(start), int(stop)) for start, stop in reversed(self.roi))

    def replace(self, **changes) -> EnhanceOptions:
        """Return a copy with some values changed."""
        return replace(self, **changes)

    def to_dict(self) -> dict:
        """Return plain JSON values (tuples as lists, an infinite bound as ``"inf"``)."""
        values = asdict(self)
        if self.roi is not None:
            values["roi"] = [[int(start), int(stop)] for start, stop in self.roi]
        if self.patch is not None:
            values["patch"] = [int(size) for size in self.patch]
        if self.bound is not None and math.isinf(self.bound):
            values["bound"] = "inf"
        for name in ("scale", "spacing"):
            if isinstance(values[name], tuple):
                values[name] = [float(number) for number in values[name]]
        values["like"] = None if self.like is None else self.like.to_dict()
        return values

    @classmethod
    def from_dict(cls, values: dict) -> EnhanceOptions:
        """Make checked options from plain JSON values; :class:`OptionError` for unknown names and values."""
        if not isinstance(values, dict):
            raise OptionError(f"The options are {values!r}, but must be names with values.")
        unknown = sorted(set(values) - set(cls.__dataclass_fields__))
        if unknown:
            raise _not_one_of("option", unknown[0], tuple(cls.__dataclass_fields__))
        values = dict(values)
        if isinstance(values.get("roi"), list):
            values["roi"] = tuple(tuple(pair) if isinstance(pair, list) else pair for pair in values["roi"])
        if isinstance(values.get("patch"), list):
            values["patch"] = tuple(values["patch"])
        for name in ("scale", "spacing"):
            if isinstance(values.get(name), list):
                values[name] = tuple(values[name])
        if isinstance(values.get("like"), dict):
            values["like"] = Grid.from_dict(values["like"])
        if values.get("bound") == "inf":
            values["bound"] = math.inf
        options = cls(**values)
        options.validate()
        return options


def _is_number(value) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and not math.isnan(value)


def _is_whole(value) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _not_one_of(what: str, value, allowed: Iterable[str]) -> OptionError:
    return OptionError(f"The {what} is {value!r}, but must be one of: {', '.join(allowed)}.")


def _check_choice(what: str, value, allowed: tuple[str, ...], optional: bool = False) -> None:
    if value is None and optional:
        return
    if value not in allowed:
        raise _not_one_of(what, value, allowed)


def _check_unit_interval(what: str, value) -> None:
    if not (_is_number(value) and 0 <= value <= 1):
        raise OptionError(f"The {what} is {value!r}, but must be a number from 0 to 1.")


def _check_whole(what: str, value, least: int, unit: str) -> None:
    if not (_is_whole(value) and value >= least):
        raise OptionError(f"The {what} is {value!r}, but must be a whole number of {unit}, {least} or more.")


def _check_patch(patch) -> None:
    whole = (
        isinstance(patch, tuple) and len(patch) == 3 and all(_is_whole(size) and size >= 1 for size in patch)
    )
    if not whole:
        raise OptionError(
            f"The patch is {patch!r}, but must be three whole numbers of voxels (k, j, i), each 1 or more.",
        )


def _check_finer(options: EnhanceOptions) -> None:
    asked = [name for name in ("scale", "spacing", "like") if getattr(options, name) is not None]
    if len(asked) > 1:
        raise OptionError(f"Of {' and '.join(asked)} only one can be asked for.", "Leave the others out.")
    for name in ("scale", "spacing"):
        value = getattr(options, name)
        alone = name == "spacing" and not isinstance(value, tuple)
        numbers = (value,) if alone else value
        if value is None:
            continue
        fine = isinstance(numbers, tuple) and len(numbers) == (1 if alone else 3)
        if not (fine and all(_is_number(each) and 0 < each < math.inf for each in numbers)):
            what = "three factors (i, j, k)" if name == "scale" else "mm, one number or three (i, j, k)"
            raise OptionError(f"The {name} is {value!r}, but must be {what}, each above 0.")
    if options.like is not None and not isinstance(options.like, Grid):
        raise OptionError(f"The grid to be like is {repr(options.like)[:80]}, but must be a grid.")
    if options.like is not None and options.roi is not None:
        raise OptionError(
            "An ROI was given together with the grid of another volume.",
            "Leave the ROI out, and crop that volume instead.",
        )


def _check_roi(roi, shape: tuple[int, int, int] | None) -> None:
    pairs = isinstance(roi, tuple) and len(roi) == 3
    pairs = pairs and all(isinstance(pair, tuple) and len(pair) == 2 for pair in roi)
    if not (pairs and all(_is_whole(end) for pair in roi for end in pair)):
        raise OptionError(
            f"The ROI is {roi!r}, but must be three pairs of voxel numbers (i0, i1), (j0, j1), (k0, k1).",
            "Give it as i0:i1,j0:j1,k0:k1, where the second number of a pair is not included.",
        )
    for axis, name in enumerate("ijk"):
        start, stop = roi[axis]
        size = None if shape is None else int(shape[2 - axis])
        if start < 0 or stop <= start or (size is not None and stop > size):
            allowed = "0 or more and rising" if size is None else f"rising and within 0:{size}"
            raise OptionError(
                f"The ROI is {start}:{stop} along {name}, but must be {allowed}.",
                "Choose a region inside the volume; the second number of a pair is not included.",
            )
