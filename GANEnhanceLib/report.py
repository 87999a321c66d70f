"""The report of a run: plain JSON values that say what was done, by which model, on what, and with which
effect.

Fields: schema, model {name, version, title, kind, sha256, chosen}, input {name, shape (k, j, i), spacing_mm
(i, j, k), dtype, modality, sha256}, output {dtype, sha256}, options, region (its summary, or null), scaling
(the numbers that were used, to be given to the next frame of a sequence, or null), finer (of
super-resolution: shape (k, j, i), spacing_mm and factors (i, j, k), profiles by axis, resampled (onto the
grid of another volume), misfit {noise, before, after}: noise of the input, root mean square of input minus
result as measured again, before and after it was brought to agree, value units; else null), device, seconds,
seconds_in_network, peak_memory_mib, doubt (null unless the map was asked for: quantile, mean of the map in
value units and share_changed_more: of the voxels that have a doubt, those that were changed by more), noise
{before, after: standard deviation in value units, in the box that was enhanced}, residual, bound_hits,
contract (the verdict), notes, provenance, not_for_diagnosis. Of a preview, output, noise, doubt and residual
are those of the slice. Nothing of it identifies a patient: `name` is the name of the file or node, which the
user chose.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from GANEnhanceLib.inference import EnhanceOptions, EnhanceResult
    from GANEnhanceLib.inference.boxes import Box
    from GANEnhanceLib.models import Model
    from GANEnhanceLib.volume import Volume

REPORT_SCHEMA = 1
_MIB = 1024.0 * 1024.0


def make_report(
    volume: Volume, model: Model, reason: str, options: EnhanceOptions, result: EnhanceResult
) -> dict[str, Any]:
    """Return the report of a run of the engine as JSON values.

    `reason` is why "auto" took the model, or "".
    """
    from GANEnhanceLib.inference.boxes import inside
    from GANEnhanceLib.inference.task import crop_volume
    from GANEnhanceLib.models import describe_model
    from GANEnhanceLib.trust import notice_of

    before, box = crop_volume(result.source, result.frame), inside(result.box, result.frame)
    effect = describe_effect(before, result.volume, box, result.bound_hits)
    report = {
        "schema": REPORT_SCHEMA,
        "model": {**describe_model(model), "chosen": reason or "by name"},
        "input": {
            "name": volume.name,
            "shape": volume.shape,
            "spacing_mm": volume.spacing,
            "dtype": volume.voxels.dtype.name,
            "modality": volume.modality,
            "sha256": result.provenance["input"]["sha256"],
        },
        "output": effect["output"],
        "options": options.to_dict(),
        "region": result.region,
        "scaling": None if result.scaling is None else result.scaling.to_dict(),
        "finer": result.finer,
        "device": result.device,
        "seconds": result.seconds,
        "seconds_in_network": result.seconds_in_network,
        "peak_memory_mib": peak_memory_mib(),
        "doubt": describe_doubt(before, result, model),
        "noise": effect["noise"],
        "residual": effect["residual"],
        "bound_hits": result.bound_hits,
        "contract": result.verdict.to_dict(),
        "notes": result.notes,
        "provenance": result.provenance,
        "not_for_diagnosis": notice_of(model),
    }
    return plain(report)


def describe_effect(
    before: Volume, after: Volume, box: Box, bound_hits: int, noise_before: float | None = None
) -> dict[str, Any]:
    """Return what a report says of the voxels of a result: output, noise (in `box`) and residual.

    `noise_before` saves measuring it where it is known.
    """
    from GANEnhanceLib.inference.boxes import is_empty
    from GANEnhanceLib.metrics import estimate_noise
    from GANEnhanceLib.trust import hash_voxels, residual_summary

    noise = {"before": None, "after": None}
    if not is_empty(box):
        if noise_before is None:
            noise_before = estimate_noise(before.voxels[box])
        noise = {"before": noise_before, "after": estimate_noise(after.voxels[box])}
    return {
        "output": {"dtype": after.voxels.dtype.name, "sha256": hash_voxels(after.voxels)},
        "noise": noise,
        "residual": residual_summary(before, after, bound_hits),
    }


def describe_doubt(before: Volume, result: EnhanceResult, model: Model) -> dict[str, Any] | None:
    """Return what a report says of the doubt map of a result; None without one.

    `before` is the input on the grid of the result.
    """
    if result.doubt is None:
        return None
    has_doubt = result.doubt.voxels > 0
    doubt = result.doubt.voxels[has_doubt]
    change = result.volume.voxels[has_doubt].astype(np.float32) - before.voxels[has_doubt]
    return {
        "quantile": model.card.doubt.quantile,
        "mean": float(doubt.mean(dtype=np.float64)) if len(doubt) else None,
        "share_changed_more": float(np.mean(np.abs(change) > doubt)) if len(doubt) else None,
    }


def with_strength(report: Mapping[str, Any], strength: float, effect: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report of a run as it would be with another strength and its `describe_effect`."""
    options = {**report["options"], "strength": strength}
    provenance = {
        **report["provenance"],
        "options": {**report["provenance"]["options"], "strength": strength},
    }
    # The map of the run is one of its own strength.
    return plain({**report, **effect, "doubt": None, "options": options, "provenance": provenance})


def plain(value: Any) -> Any:
    """Return JSON values: numpy scalars, tuples and arrays as Python's own, NaN and infinity as null."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return str(value)


def describe_gain(report: Mapping[str, Any]) -> str:
    """Return one sentence on the noise before and after."""
    before, after = report["noise"]["before"], report["noise"]["after"]
    if not before or after is None:
        return "No noise was measured in the input."
    return f"Noise (standard deviation): {before:.4g} before, {after:.4g} after ({after / before:.0%})."


def in_doubt(report: Mapping[str, Any]) -> str:
    """Return one sentence on the doubt map, or "" without one."""
    doubt = report.get("doubt")
    if not doubt or doubt["mean"] is None:
        return ""
    return (
        f"Doubt map: {doubt['quantile']:.0%} of the errors shall lie below it; its mean is"
        f" {doubt['mean']:.4g}, and {doubt['share_changed_more']:.1%} of the voxels changed by more than it."
    )


def reset_peak_memory() -> bool:
    """Begin a new measurement of the peak; False where the system cannot, so that the process's stays."""
    try:
        Path("/proc/self/clear_refs").write_text("5")  # Linux
    except OSError:
        return False
    return True


def peak_memory_mib() -> float | None:
    """Return the peak of the process's resident memory in MiB; None where the system does not tell."""
    if sys.platform.startswith("linux"):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024.0, 1)
        return None
    if sys.platform == "win32":
        return _windows_peak_mib()
    import resource

    # macOS counts bytes, other systems kibibytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / _MIB if sys.platform == "darwin" else peak / 1024.0, 1)


def _windows_peak_mib() -> float | None:
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = [("size", wintypes.DWORD), ("faults", wintypes.DWORD), ("peak", ctypes.c_size_t)] + [
            (f"unused{number}", ctypes.c_size_t) for number in range(7)
        ]

    counters = Counters()
    counters.size = ctypes.sizeof(counters)
    process = ctypes.windll.kernel32.GetCurrentProcess
    process.restype = wintypes.HANDLE
    read = ctypes.windll.kernel32.K32GetProcessMemoryInfo
    read.argtypes = [wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD]
    if not read(process(), ctypes.byref(counters), counters.size):
        return None
    return round(counters.peak / _MIB, 1)
