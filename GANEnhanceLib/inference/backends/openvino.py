"""OpenVINO on the CPU, from the ONNX files of a bundle, else from its safetensors by way of PyTorch.

Measured on two cores with the shipped generator: one stream for each core beats one stream over all of them
(no waiting for each other between layers), and one request more than streams keeps both busy while Python
reads and writes voxels. Every input shape of a run is the same, so the graph is compiled for it.
"""

from __future__ import annotations

import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from GANEnhanceLib.errors import DeviceError, ModelError
from GANEnhanceLib.inference.backends import Request
from GANEnhanceLib.inference.devices import choose_precision
from GANEnhanceLib.inference.memory import OutOfMemory, is_out_of_memory
from GANEnhanceLib.models import NetworkModel
from GANEnhanceLib.models.weights import interpolate

_MAX_STREAMS = 4
_HINTS = {"float32": "f32", "bfloat16": "bf16", "float16": "f16"}
_CAPABILITIES = {"BF16": "bfloat16", "FP16": "float16"}


def import_openvino() -> Any:
    """Import OpenVINO without its telemetry client, which reports every import over the network.

    OpenVINO takes a stub of its own where ``openvino_telemetry`` cannot be imported, so it is made so.
    """
    if "openvino" not in sys.modules:
        sys.modules.setdefault("openvino_telemetry", None)
    import openvino

    return openvino


@cache
def _core() -> Any:
    return import_openvino().Core()


def native_precisions() -> tuple[str, ...]:
    """Return what the CPU computes in hardware: float32, and bfloat16 or float16 where it has them."""
    found = _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return ("float32", *(name for key, name in _CAPABILITIES.items() if key in found))


class OpenVinoBackend:
    """A network compiled for the CPU, its requests and their tensors; see :class:`backends.Backend`."""

    def __init__(self, model: NetworkModel, request: Request):
        """Read, mix and compile the weights; ModelError, DeviceError, OutOfMemory."""
        precision, notes = choose_precision(request.precision, native_precisions(), model.card, "The CPU")
        self.notes = notes
        self.label = f"OpenVINO on the CPU ({precision})"
        streams = min(request.threads, _MAX_STREAMS) if len(request.shape) == 4 else 1
        self.slots = streams + 1
        graph = _read_mixed(model, request)
        if model.card.doubt is not None and not request.doubt:
            graph = _first_channel(graph)
        try:
            compiled = _compile(graph, request, precision, streams)
            self._requests = [compiled.create_infer_request() for _ in range(self.slots)]
        except (RuntimeError, MemoryError) as error:
            raise _translated(error, model) from error
        self._running = [False] * self.slots

    def input(self, slot: int) -> np.ndarray:
        """Return the input tensor's own memory."""
        return self._requests[slot].get_input_tensor().data

    def start(self, slot: int) -> None:
        """Start a request in the background."""
        self._running[slot] = True
        self._requests[slot].start_async()

    def ready(self, slot: int, seconds: float) -> bool:
        """Wait for the request."""
        try:
            return self._requests[slot].wait_for(int(1000 * seconds))
        except RuntimeError as error:
            raise _failed(error) from error

    def output(self, slot: int) -> np.ndarray:
        """Return the output tensor's own memory."""
        self._requests[slot].wait()
        self._running[slot] = False
        return self._requests[slot].get_output_tensor().data

    def is_running(self, slot: int) -> bool:
        """Tell whether a slot was started and its output not yet taken."""
        return self._running[slot]

    def cancel(self) -> None:
        """Cancel the running requests and wait until they have stopped."""
        running = [request for slot, request in enumerate(self._requests) if self._running[slot]]
        for request in running:
            request.cancel()
        for request in running:
            try:
                request.wait()
            except RuntimeError:
                continue  # that is how a canceled request answers
        self._running = [False] * self.slots


def _compile(graph: Any, request: Request, precision: str, streams: int) -> Any:
    graph.reshape({graph.input(0): list(request.shape)})
    return _core().compile_model(
        graph,
        "CPU",
        {
            "INFERENCE_PRECISION_HINT": _HINTS[precision],
            "PERFORMANCE_HINT": "THROUGHPUT" if streams > 1 else "LATENCY",
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": request.threads,
            # A pinned thread waits behind whatever else runs on its core, and two runs would share a core.
            "ENABLE_CPU_PINNING": False,
        },
    )


def _first_channel(graph: Any) -> Any:
    """Return the graph without what makes a second channel, where it joins them last; else as it is."""
    last = graph.get_results()[0].input_value(0).get_node()
    if last.get_type_name() != "Concat":
        return graph
    return import_openvino().Model([last.input_value(0)], graph.get_parameters(), "first channel")


def _read_mixed(model: NetworkModel, request: Request) -> Any:
    """Read the graph with the weights of the fidelity: those between two sets are put in by their names."""
    fidelity = request.fidelity
    if "onnx" not in model.formats:
        return _translate(model, request)
    if fidelity >= 1 or fidelity <= 0:
        return _read(model, "fidelity" if fidelity >= 1 else "perceptual")
    graph = _read(model, "fidelity")
    constants = _constants(graph)
    weights = {
        name: values
        for name, values in _mixed_weights(model, fidelity, constants).items()
        if values.dtype.kind == "f"
    }
    wrong = [name for name, values in weights.items() if not _fits(constants.get(name), values)]
    if wrong:
        raise ModelError(
            f"The ONNX file of the model {model.card.name} does not hold the weights {wrong[0]!r} as they are"
            f" ({len(wrong)} of {len(weights)} differ), so they cannot be interpolated.",
            "Export the model again, use fidelity 0 or 1, or choose the device cpu.",
        )
    for name, values in weights.items():
        _replace(constants[name], values)
    graph.validate_nodes_and_infer_types()
    return graph


def _mixed_weights(model: NetworkModel, fidelity: float, constants: dict[str, Any]) -> dict[str, np.ndarray]:
    """Mix the two sets: the safetensors if there are any, else the constants that both graphs name."""
    if "safetensors" in model.formats:
        return model.mixed_weights(fidelity)
    other = _constants(_read(model, "perceptual"))
    # What an exporter did not name has another number in each graph; weights have names.
    both = [name for name in constants if name in other]
    sets = [{name: part[name].get_data() for name in both} for part in (constants, other)]
    return interpolate(*sets, fidelity)


def _translate(model: NetworkModel, request: Request) -> Any:
    """Make the graph from the network in PyTorch, for one shape of input."""
    module = model.build_torch(request.fidelity)
    import torch

    try:
        return import_openvino().convert_model(module, example_input=torch.zeros(request.shape))
    except RuntimeError as error:
        raise ModelError(
            f"OpenVINO cannot translate the model {model.card.name}: {_first(error)}",
            "Choose the device cpu, or ask the model's author for ONNX files.",
        ) from error


def _fits(node: Any, values: np.ndarray) -> bool:
    return node is not None and tuple(node.get_output_shape(0)) == values.shape


def _replace(node: Any, values: np.ndarray) -> None:
    mixed = import_openvino().op.Constant(np.ascontiguousarray(values, dtype=np.float32))
    mixed.set_friendly_name(node.get_friendly_name())
    for target in node.output(0).get_target_inputs():
        target.replace_source_output(mixed.output(0))


def _constants(graph: Any) -> dict[str, Any]:
    return {node.get_friendly_name(): node for node in graph.get_ops() if node.get_type_name() == "Constant"}


def _read(model: NetworkModel, weight_set: str) -> Any:
    path = Path(model.onnx_path(weight_set))
    try:
        return _core().read_model(path)
    except RuntimeError as error:
        raise ModelError(
            f"The file {path.name} of the model {model.card.name} stops OpenVINO: {_first(error)}",
            "Install the model again, or choose the device cpu.",
        ) from error


def _translated(error: Exception, model: NetworkModel) -> Exception:
    if is_out_of_memory(error):
        return OutOfMemory(str(error))
    return ModelError(
        f"The model {model.card.name} cannot be compiled by OpenVINO: {_first(error)}",
        "Choose the device cpu, or install the model again.",
    )


def _failed(error: Exception) -> Exception:
    if is_out_of_memory(error):
        return OutOfMemory(str(error))
    return DeviceError(f"OpenVINO stopped: {_first(error)}", "Choose the device cpu.")


def _first(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__


def measure_speed(precision: str) -> float:
    """Return the floating-point operations a second of one CPU thread: the best of a few small convolutions.

    A multiply-add counts as two, as in a model's card. Takes some hundredths of a second.
    """
    openvino = import_openvino()
    from openvino import opset8 as ops

    channels, size = 48, 64
    image = ops.parameter([1, channels, size, size], np.float32)
    weights = np.full((channels, channels, 3, 3), 1e-2, np.float32)
    layer = image
    for _ in range(3):
        layer = ops.convolution(layer, weights, [1, 1], [1, 1], [1, 1], [1, 1])
    compiled = _core().compile_model(
        openvino.Model([layer], [image], "speed"),
        "CPU",
        {
            "INFERENCE_PRECISION_HINT": _HINTS[precision],
            "NUM_STREAMS": 1,
            "INFERENCE_NUM_THREADS": 1,
            "ENABLE_CPU_PINNING": False,
        },
    )
    request = compiled.create_infer_request()
    request.get_input_tensor().data[:] = 0.5
    best = min(_seconds_of(request) for _ in range(12))
    return 3 * 2 * 9 * channels**2 * size**2 / best


def _seconds_of(request: Any) -> float:
    began = time.perf_counter()
    request.start_async()
    request.wait()
    return time.perf_counter() - began
