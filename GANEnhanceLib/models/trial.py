"""Run the network of a bundle on small random images, in every format that it is there in.

So it is seen before the first real volume whether a file that somebody made elsewhere keeps sizes, gives
finite values, and is the same network in each format.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np

from GANEnhanceLib.errors import DeviceError, ModelError
from GANEnhanceLib.models.card import NetworkSpec
from GANEnhanceLib.models.model import NetworkModel, build_network_with
from GANEnhanceLib.models.weight_files import format_names, onnx_file

Run = Callable[[np.ndarray], np.ndarray]
_SIZES = (12, 20, 28)
_SMALLEST = 16  # networks that halve their input several times need as many voxels to begin with


def openvino_core() -> Any:
    """Return an OpenVINO core; ImportError without OpenVINO."""
    # OpenVINO reports its import over the network unless its telemetry client cannot be imported.
    if "openvino" not in sys.modules:
        sys.modules.setdefault("openvino_telemetry", None)
    import openvino

    return openvino.Core()


def read_onnx(model: NetworkModel, weight_set: str) -> Any:
    """Return OpenVINO's graph of a weight set (ModelError if it cannot be read; ImportError)."""
    core, path = openvino_core(), model.onnx_path(weight_set)
    try:
        return core.read_model(path)
    except RuntimeError as error:
        raise ModelError(
            f'The file "{onnx_file(weight_set)}" cannot be read by OpenVINO.', "Export the model again."
        ) from error


def try_weight_set(model: NetworkModel, weight_set: str) -> float:
    """Run a weight set in all its formats, and return their largest difference.

    Raises ModelError if a network changes the size or gives values that are not finite; then, if a format
    could not be run because its package is not installed, ImportError.
    """
    runs = runs_of(model, weight_set)
    worst = 0.0
    for image in _images(model.card.network):
        channels = 1 if model.card.doubt is None else 2
        outputs = [_checked(run(image), image, format_names([kind]), channels) for kind, run in runs.items()]
        worst = max([worst, *(float(np.abs(output - outputs[0]).max()) for output in outputs[1:])])
    for kind in model.formats:
        if kind not in runs:
            raise _missing(kind)
    return worst


def runs_of(model: NetworkModel, weight_set: str) -> dict[str, Run]:
    """Return {format: function from image to image} of the formats whose package is installed.

    Raises ImportError if there is none, ModelError for a network that cannot be opened.
    """
    makers = {"safetensors": _run_safetensors, "torchscript": _run_torchscript, "onnx": _run_onnx}
    runs = {}
    for kind in model.formats:
        # DeviceError is what a model says without PyTorch.
        with suppress(ImportError, DeviceError):
            runs[kind] = makers[kind](model, weight_set)
    if not runs:
        raise _missing(model.formats[0])
    return runs


def _missing(kind: str) -> ImportError:
    package = "openvino" if kind == "onnx" else "torch"
    return ImportError(f"{package} is not installed", name=package)


def _run_onnx(model: NetworkModel, weight_set: str) -> Run:
    graph, core = read_onnx(model, weight_set), openvino_core()

    def run(image: np.ndarray) -> np.ndarray:
        try:
            fitted = graph.clone()
            fitted.reshape({fitted.input(0): list(image.shape)})
            compiled = core.compile_model(
                fitted, "CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
            )
            return np.array(compiled(image)[0])
        except RuntimeError as error:
            raise _refused("ONNX", image, error) from error

    return run


def _run_safetensors(model: NetworkModel, weight_set: str) -> Run:
    return _run_module(build_network_with(model.card, model.weights(weight_set)))


def _run_torchscript(model: NetworkModel, weight_set: str) -> Run:
    return _run_module(model.torchscript(weight_set))


def _run_module(module: Any) -> Run:
    import torch

    def run(image: np.ndarray) -> np.ndarray:
        try:
            with torch.inference_mode():
                return module(torch.from_numpy(image)).float().numpy()
        except (RuntimeError, AttributeError, TypeError) as error:
            raise _refused("PyTorch", image, error) from error

    return run


def _images(spec: NetworkSpec) -> Iterator[np.ndarray]:
    random = np.random.default_rng(0)
    for sizes in (_SIZES, _SIZES[::-1]):
        least = max(spec.multiple, _SMALLEST) if spec.multiple > 1 else 1
        shape = [-(-max(size, least) // spec.multiple) * spec.multiple for size in sizes[: spec.dimensions]]
        yield random.random((1, spec.channels_in, *shape), np.float32)


def _checked(output: np.ndarray, image: np.ndarray, kind: str, channels: int) -> np.ndarray:
    wanted = (1, channels, *image.shape[2:])
    if output.shape != wanted:
        raise ModelError(
            f"The network ({kind}) gives an image {output.shape} for one of {image.shape}; it must be"
            f" {wanted}.",
            "Generators return one channel of the size that they are given, or two where the card has doubt.",
        )
    if not np.isfinite(output).all():
        raise ModelError(
            f"The network ({kind}) gives values that are not numbers (NaN or infinite).", "Train it again."
        )
    return output


def _refused(kind: str, image: np.ndarray, error: Exception) -> ModelError:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return ModelError(
        f"The network ({kind}) does not run on an image {image.shape}: {lines[-1] if lines else error}",
        "Correct channels_in, dimensions and multiple of the card, or export the network with free sizes.",
    )
