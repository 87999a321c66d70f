"""The messages between a client (the Slicer panel, `WorkerSession`) and the worker process.

This docstring is the specification; its version is `PROTOCOL_VERSION`. A client needs nothing but a way to
start a process, JSON and numpy; it may import this module (only numpy and the standard library are loaded) or
not.

Starting and ending
    The client starts `python -m GANEnhanceLib.worker` with pipes on stdin and stdout. The worker writes
    protocol to stdout and nothing else; whatever libraries print goes to stderr, which is free text for a log
    and holds nothing about a patient. Without being asked the worker sends the result of `hello` with id 0 as
    soon as it is ready. The worker ends after `shutdown`, at end of file on stdin, after SIGTERM or SIGINT,
    and when its parent is gone; a job that is running is given up. It then removes its folder. A worker that
    was killed cannot: the client removes the folder named in `hello` when the process has finished, and the
    next worker sweeps what both left.

Lines
    One JSON object a line, UTF-8, ended by a line feed, no NaN or Infinity. Readers ignore fields they do not
    know.

Requests: client to worker
    {"id": 7, "method": "enhance", "params": {...}}
    `id` is an integer above 0, chosen by the client and not used by a request that is still open.
    `params` may be missing where a method takes none.

Answers: worker to client. Each request is ended by exactly one `result` or `error`; nothing follows with that
id.
    {"id": 7, "event": "progress", "stage": "enhancing", "fraction": 0.25, "message": "", "seconds_left": 3.1}
        `fraction` 0..1 never falls; `seconds_left` may be null; at most about 20 a second.
    {"id": 7, "event": "result", ...the fields of the method, on the top level...}
    {"id": 7, "event": "error", "code": "input", "sentence": "...", "hint": "..."}
        `sentence` says what is wrong, with the value; `hint` what to do next (may be empty). Show both.
        `code` is one of ERROR_CODES. After an error the worker goes on and takes the next request.
        `id` is null when the line could not be read far enough to know it.

Order
    `hello`, `models`, `check`, `forget`, `remove_model`, `cancel` and `shutdown` are answered at once, also
    while a job runs. `enhance`, `preview`, `blend`, `interpolate`, `measure`, `flicker` and `add_model` are
    jobs: they wait in a line and run one at a time, in the order they came.

Voxels
    travel as `.npy` files (format 1.0 to 3.0, C order, no pickles) in the folder named in `hello`, which only
    the user can read (0700). File names in messages are bare names in that folder, no paths. The client
    writes the input, completely, before it sends the request, and removes it when no request needs it any
    more; it removes the worker's output when it has read it. The worker opens the input read-only and
    memory-mapped and never changes it. A name is used once: a file that was sent must not be written to any
    more, only removed, as it may still be mapped a moment after a cancel. The same file may be named in many
    requests, and should be for many previews: the worker remembers what it found out about it. While a run
    of it is kept it stays mapped (Windows refuses to remove it until `forget`; elsewhere its space is free
    only then). Outputs of failed and cancelled jobs are removed by the worker.

Method `hello`: no params.
    result: protocol (int), versions {"GANEnhanceLib": "0.1.0", "python": "3.11.7", "numpy": ..., "SimpleITK":
    ..., "openvino": ..., "torch": ...; null where not installed}, devices [{"name", "label", "available",
    "reason"}], folder (absolute path), pid (int), cores (int: CPU threads of a run),
    backends {"openvino": version | null, "torch": version | null}, network_ready (bool: some device can run
    networks), missing ("" or one or two sentences: which package this Python lacks, what does not work
    without it, and what to do), device_choice {"device": "openvino" | ... | null, "label": "OpenVINO on the
    CPU", "reason": "No GPU was found.", "warning": ""}: what device "auto" takes and why; `warning` is one
    or two sentences where a GPU is there but cannot be used. Nothing is imported to find this out.
    A worker that cannot run at all (Python older than 3.10, no numpy, no place for its folder) says so with
    an error of id 0 instead and ends with code 1.

Method `models`: params {"folders": ["extra folder", ...]} may be missing.
    result: models [{"name", "title", "version", "kind" ("network" | "classical"), "task", "modality" ["MR",
    ...; empty: any], "anatomy", "description", "limits", "licence", "data" (trained on), "quality" (measured,
    one plain sentence or ""), "contract" {...}, "residual_bound" (share of the range; null: none), "scale",
    "super_resolution" (null: the grid is kept; else {"through_plane": null | {"factors": [lowest, highest],
    "profile"}, "in_plane": the same}: the axis of the slices, and those within them), "doubt" (null: no doubt
    map; else the share of errors that shall lie below it, 0.9),
    "weight_sets", "size_bytes", "risk" ("" or why it is higher), "source" ("shipped" | "classical" | "user"),
    "folder", "sha256", "available" (bool), "reason" (why not, and what to do; else ""), "fidelity_default"
    (0..1; null: the model has one set of weights)}]. A broken bundle is listed with available false and its
    reason. `GANEnhanceLib.models.ModelEntry` describes the fields.

Method `check`: params {"volume": {"shape": [k, j, i], "dtype": "int16", "ijk_to_ras": [16 floats],
    "modality": "MR" | "CT" | "US" | null, "range": [lowest, highest] | null}, "device" ("auto" if missing),
    "models" [names or paths] | null (all of the list), "folders" as in `models`, "roi" null | [[i0, i1],
    [j0, j1], [k0, k1]] (what will be computed, for the estimates), "scale", "spacing", "like" (as in
    `enhance`; models that keep the grid pass over them)}. Reads no voxels.
    result: models {name: {"level": "ok" | "warn" | "refuse", "sentence", "hint" (of the worst finding),
    "findings" [{"check", "level", "sentence", "hint"}], "finer" (null; of a model with `super_resolution`
    {"shape" [k, j, i], "spacing_mm" [i, j, k], "factors" [i, j, k], ...} of the grid that a run would give;
    where it cannot be given, the finding's "check" is "finer"), "seconds": float | null (of a run over the
    volume on that device, without waiting in the line), "memory_mib": float | null (peak of the worker),
    "measured" (bool: the seconds come from runs on this computer, not from its speed alone)}}, device (label
    of the one that networks will run on, "" if there is none). A model that is not available is
    "refuse" with its reason. Estimates are null where nothing is known.

Method `enhance`: params
    input   {"file": "x.npy", "ijk_to_ras": [16 floats, row-major, mm], "modality": "MR" | "CT" | "US" | null,
             "name": "free text for the report; never patient data"}; the array is (k, j, i), integer or
             floating.
    model   a name of `models`, the path of a bundle, or "auto" (needs the modality).
    folders as in `models`: where names are looked for beside the usual places.
    options {} or any of: device "auto" | "cuda" | "cuda:1" | "mps" | "openvino" | "cpu"; mode null | "slices"
            | "slices25d" | "patches"; axis null | "acquisition" | "k" | "j" | "i" | "all"; strength 0..1;
            fidelity null | 0..1; roi null | [[i0, i1], [j0, j1], [k0, k1]] (half open); output_type "input" |
            "float32"; precision "auto" | "float32" | "bfloat16" | "float16"; patch null | [k, j, i]; overlap
            null | int; blend null | "centre" | "smooth"; threads null | int; bound null | float above 0 |
            "inf". Null is "as the model's card says". For models with `super_resolution` one of: scale null |
            [i, j, k] factors; spacing null | mm | [i, j, k] mm; like null | {"shape": [k, j, i],
            "ijk_to_ras": [16 floats]} (the grid of another volume; not with roi). None of them: voxels become
            cubes, as far as the model's factors go. Other models refuse them.
    region  null | {"kind": "box", "center_ras": [3], "axes_ras": [9: 3x3 row-major, the columns are unit
            axes], "size_mm": [3], "feather_mm": float} | {"kind": "mask", "file": "m.npy" ((k, j, i) on the
            input's grid, integer or bool), "label": int | null (null: all above 0), "feather_mm": float}.
            Outside the region the voxels are the input's exactly; on the feather the change fades out. With
            options.roi too, what lies in both is enhanced.
    keep    false | true: keep the change for `blend` and `forget`.
    scaling null | the `scaling` of an earlier report: take these numbers instead of fitting to this volume,
            so that all frames of a sequence are scaled alike. Must be of the kind that the model asks for;
            an error for a classical filter, whose reports have `scaling` null.
    result: file "y.npy" ((k, j, i), the grid of the input, or for super-resolution the finer one), dtype
            "int16" (numpy's name), shape [k, j, i], ijk_to_ras [16 floats] (of the result),
            doubt null | {file, dtype "float32", shape} (with options.doubt: how far each voxel may be wrong,
            value units, see inference.EnhanceResult),
            kept "kept-7" | null (null also where there was no room to keep it; report.notes says so),
            report {...} (GANEnhanceLib.report describes it: model, input, options, region, scaling, finer,
            device, seconds, noise, verdict, notes, provenance, not_for_diagnosis).
    A kept run holds the input (mapped) and the change (float32, before strength, of the box that was
    computed) in the worker's folder until `forget` or the worker's end: about four bytes a voxel of disk.

Method `preview`: the params of `enhance` and axis "k" | "j" | "i" (which slice) and index (int, from 0).
    result: file (a 2-D array; rows and columns (j, i) for axis k, (k, i) for j, (k, j) for i), dtype, shape,
            axis, index, kept, doubt (a slice, too), report. The voxels are those that `enhance` gives for
            that slice; `options.roi` is not allowed. A slice that the region does not touch is the input's
            (and its notes say so). `report.noise`, `residual` and `output` are of the slice. For
            super-resolution the slice of the finer grid that is nearest to the middle of the input's slice is
            given (its `ijk_to_ras` says where it lies), also where `options.like` names another grid.

Method `blend` (a job without a network, for a slider): params {"kept": "kept-7", "strength": 0..1,
    "axis" null | "k" | "j" | "i", "index" null | int}.
    result: file, dtype, shape, report: of the whole volume, or with axis and index of one slice of it (2-D,
            as in `preview`), for a kept preview of its slice (axis and index may be left out). Of a finer
            result, index counts its own slices; strength 0 gives the interpolated input. The voxels
            equal those of a run with that strength bit for bit, and so does the report, but for times, peak
            memory and date, which are those of the run, and doubt, which is null: the run's map is one of
            its own strength. For a slice of a whole run, noise, residual and
            output are of the slice, and the rest of the report is the run's.

Method `interpolate` (a job without a network): params {"input": {as of enhance}, "grid": {"shape": [k, j, i],
    "ijk_to_ras": [16 floats]}, "dtype": numpy's name | null (float32)}.
    result: file, dtype, shape: the volume on that grid by cubic B-splines, as `enhance` takes it for the
            input of a finer result with that grid and `blend` gives it with strength 0 (but where the model
            refines within slices, whose k-space these fill with zeros); sha256 of the
            input's voxels, as in reports. An error if the grid lies outside of the volume.

Method `forget`: params {"kept": "kept-7" | ["kept-7", ...]}.
    result: {} at once; memory and files of these runs are free as soon as no running `blend` needs them. An
    unknown name is an error, after the known ones of the list have been forgotten.

Method `measure` (a job): params {"before": {an `input` of enhance}, "after": "y.npy", "reference": "r.npy" |
    null, "data_range": float | null, "regions": {"tissue": region | null, "background": region | null}}
    (region as in `enhance`).
    result: rows [{"name", "label", "unit", "before", "after", "better" ("lower" | "higher" | "neither"),
            "note"}], data_range (float | null: the one used), slices {"file": "s.npy", "dtype", "shape",
            ...}: a stack of 2-D float32 pictures 0..1, sha256 {"before", "after"} (of the voxels, as in
            reports). `GANEnhanceLib.methods.measure` describes rows and pictures.

Method `flicker` (a job): params {"before": ["x0.npy", "x1.npy"], "after": ["y0.npy", "y1.npy"]}: two frames
    that follow one another.
    result: before {"sum", "count"}, after {"sum", "count"}: to be added up over the frames of a cine.
            `GANEnhanceLib.methods.measure` says of what.

Method `add_model` (a job): params {"path": folder | zip | .onnx | .ts | .safetensors, "card": path | null,
    "replace": bool, "folders" as in `models`}. Stages "copying" and "verifying".
    result: name, title, folder, size_bytes of the model as it was copied into the first of the user's
            folders (folders, GANENHANCE_MODELS, the one of the platform).
            The error "exists" says that a model of that name is there and may be replaced.

Method `remove_model`: params {"name", "folders" as in `models`}; only models of the user's folders.
    result: size_bytes.

Method `cancel`: params {"target": id}.
    result: {} at once. The target, waiting or running, ends with the error code "cancelled" within 0.5 s; its
    computing stops after the step it is in. A target that has ended, or never was, changes nothing. Runs that
    were kept by other jobs stay.

Method `shutdown`: no params. result: {}; then the process ends with code 0. Open jobs end with "cancelled".
"""

from __future__ import annotations

import errno
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from GANEnhanceLib.errors import (
    ContractError,
    DeviceError,
    ExistsError,
    GANEnhanceError,
    InputError,
    ModelError,
    OptionError,
    OutputError,
    WorkerError,
)

PROTOCOL_VERSION = 2
METHODS = (
    "hello",
    "models",
    "check",
    "enhance",
    "preview",
    "blend",
    "interpolate",
    "forget",
    "measure",
    "flicker",
    "add_model",
    "remove_model",
    "cancel",
    "shutdown",
)
CANCELLED = "cancelled"
UNEXPECTED = "unexpected"
ERROR_CODES = (
    "input",
    "option",
    "model",
    "exists",
    "contract",
    "device",
    "output",
    "worker",
    "error",
    CANCELLED,
    UNEXPECTED,
)
LONGEST_LINE = 4 * 1024 * 1024


class Cancelled(GANEnhanceError):
    """A job that ended because it was cancelled."""

    code = CANCELLED


class UnexpectedError(GANEnhanceError):
    """A job that ended by a fault of the program, not of the user."""

    code = UNEXPECTED


_CLASSES = {
    kind.code: kind
    for kind in (
        GANEnhanceError,
        InputError,
        OptionError,
        ModelError,
        ExistsError,
        ContractError,
        DeviceError,
        OutputError,
        WorkerError,
        Cancelled,
        UnexpectedError,
    )
}


@dataclass(frozen=True)
class Request:
    """One request: `id` above 0, `method` one of METHODS, `params` of that method."""

    id: int
    method: str
    params: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the message."""
        return {"id": self.id, "method": self.method, "params": self.params}


def encode(message: dict[str, Any]) -> bytes:
    """Return the message as one line of UTF-8 JSON with its line feed; ValueError for NaN or Infinity."""
    return (
        json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
        + b"\n"
    )


def decode(line: bytes | str) -> dict[str, Any]:
    """Return the object of one line; WorkerError if the line is not one JSON object."""
    if len(line) > LONGEST_LINE:
        raise WorkerError(
            f"A message has {len(line)} bytes; at most {LONGEST_LINE} are allowed.",
            "Send voxels as a .npy file.",
        )
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise WorkerError(
            f"A message is not JSON: {error}.", "Send one JSON object a line, in UTF-8."
        ) from error
    if not isinstance(message, dict):
        raise WorkerError(
            f"A message is a JSON {type(message).__name__}, not an object.",
            'Send {"id": 1, "method": "hello"}.',
        )
    return message


def parse_request(message: dict[str, Any]) -> Request:
    """Check the shape of a decoded request and return it; WorkerError names the wrong field."""
    number = message.get("id")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise WorkerError(f"The id of a request is {number!r}.", "Give an integer above 0.")
    method = message.get("method")
    if method not in METHODS:
        raise WorkerError(f"The method {method!r} is unknown.", f"Use one of {', '.join(METHODS)}.")
    params = message.get("params")
    if params is None:
        params = {}
    if not isinstance(params, dict):
        raise WorkerError(f"The params of {method} are a {type(params).__name__}.", "Give a JSON object.")
    return Request(number, method, params)


def progress_message(
    number: int, stage: str, fraction: float, message: str = "", seconds_left: float | None = None
) -> dict[str, Any]:
    """Return a progress event; `fraction` 0..1, `seconds_left` in seconds or None."""
    return {
        "id": number,
        "event": "progress",
        "stage": stage,
        "fraction": round(float(fraction), 4),
        "message": message,
        "seconds_left": None if seconds_left is None else round(float(seconds_left), 2),
    }


def result_message(number: int, **fields: Any) -> dict[str, Any]:
    """Return a result event; the fields of the method stand on the top level."""
    return {"id": number, "event": "result", **fields}


def error_message(number: int | None, code: str, sentence: str, hint: str = "") -> dict[str, Any]:
    """Return an error event; `code` is one of ERROR_CODES."""
    return {"id": number, "event": "error", "code": code, "sentence": sentence, "hint": hint}


def error_message_of(number: int | None, error: BaseException) -> dict[str, Any]:
    """Return the error event of an exception; one that is not of our family gets the code "unexpected"."""
    if isinstance(error, GANEnhanceError):
        return error_message(number, error.code, error.sentence, error.hint)
    if is_out_of_memory(error):
        return error_message(
            number,
            "device",
            "There is not enough memory for this volume.",
            "Close other programs, or enhance a smaller region.",
        )
    return error_message(
        number,
        UNEXPECTED,
        f"An unexpected error stopped the work ({type(error).__name__}: {first_line(error)}).",
        "Please report it with the log.",
    )


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error of numpy, ITK or PyTorch means that memory is full."""
    text = str(error).lower()
    wordings = ("allocate memory", "bad_alloc", "bad allocation", "out of memory")
    return isinstance(error, MemoryError) or any(wording in text for wording in wordings)


def exception_of(message: dict[str, Any]) -> GANEnhanceError:
    """Return the exception that an error event stands for, of the class that its code names."""
    kind = _CLASSES.get(message.get("code"), WorkerError)
    return kind(str(message.get("sentence", "")), str(message.get("hint", "")))


def first_line(error: BaseException) -> str:
    """Return the line of an exception's text that says what is wrong, at most 200 characters.

    That is the first; only SimpleITK begins with the place in its source and says the reason last.
    """
    lines = str(error).strip().splitlines() or ["no details"]
    line = lines[-1 if lines[0].startswith("Exception thrown in SimpleITK") else 0]
    return line.strip().rstrip(".")[:200]


def file_in(folder: Path, name: Any) -> Path:
    """Return the path of a file named in a message; WorkerError unless it is a bare `.npy` name.

    Names are checked on both sides: a message must not make its reader touch files outside the shared folder.
    """
    bare = isinstance(name, str) and name.endswith(".npy") and not any(c in name for c in "/\\:\0")
    if not bare or name.startswith("."):
        raise WorkerError(
            f"The file {name!r} is not a bare name ending in .npy.", "Name a file in the worker's folder."
        )
    return folder / name


def save_array(path: Path, array: np.ndarray) -> None:
    """Write an array as `.npy` in C order, as both sides write voxels; OSError if it cannot be written."""
    with open(path, "wb") as stream:
        np.lib.format.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)


def load_array(path: Path) -> np.ndarray:
    """Return a read-only, memory-mapped array of a `.npy` file; WorkerError if it is no array."""
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        if getattr(error, "errno", None) == errno.ENOMEM:
            raise MemoryError from error
        raise WorkerError(
            f"The voxel file {path.name} cannot be read ({first_line(error)}).",
            "Write it completely with numpy.save before sending the request.",
        ) from error
