"""Export a generator to ONNX with the names of its state dict, one file for each weight set.

The engine interpolates the weight sets constant by constant, so every floating entry of the state dict must
be an initializer of that name and shape, whatever its values are. Exporters fold and merge constants by their
values (zero biases vanish, equal ones become one), so the graph is made once from random values, without
folding, and the weights are put into it afterwards.
"""

from __future__ import annotations

import inspect
import io
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from GANEnhanceLib.errors import ModelError

if TYPE_CHECKING:
    import onnx
    import torch

OPSET = 17
INPUT_NAME = "image"
OUTPUT_NAME = "enhanced"
_TRACE_SIZES = (8, 9, 10)


def export_graph(
    module: torch.nn.Module, channels_in: int, dimensions: int, multiple: int
) -> onnx.ModelProto:
    """Return the ONNX graph of a generator; its initializers hold random values.

    Input "image" (n, channels_in, h, w) or (n, 1, d, h, w), output "enhanced" (n, 1, h, w) or (n, 1, d, h,
    w), with the doubt as second channel where there is one, n and the sizes free (multiples of `multiple`).
    The values of `module` are overwritten. Raises ModelError if a floating entry of the state dict is no
    initializer, or an initializer no entry.
    """
    import onnx
    import torch

    _randomize(module)
    sizes = [multiple * size for size in _TRACE_SIZES[:dimensions]]
    free = {0: "n", **{axis + 2: name for axis, name in enumerate("dhw"[3 - dimensions :])}}
    buffer = io.BytesIO()
    # The exporter of TorchScript, the only one of older versions: the newer one rewrites graphs by the values
    # of their weights.
    choice = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            (torch.zeros(1, channels_in, *sizes),),
            buffer,
            input_names=[INPUT_NAME],
            output_names=[OUTPUT_NAME],
            dynamic_axes={INPUT_NAME: free, OUTPUT_NAME: free},
            opset_version=OPSET,
            do_constant_folding=False,
            # Or batch normalization is folded into the convolution before it.
            training=torch.onnx.TrainingMode.PRESERVE,
            **choice,
        )
    graph = onnx.load_model_from_string(buffer.getvalue())
    _strip_texts(graph)
    _check_names(graph, module)
    return graph


def with_weights(graph: onnx.ModelProto, weights: Mapping[str, np.ndarray]) -> bytes:
    """Return the serialized graph with its initializers replaced by `weights` (floating entries, float32)."""
    import onnx
    from onnx import numpy_helper

    filled = onnx.ModelProto()
    filled.CopyFrom(graph)
    for tensor in filled.graph.initializer:
        values = np.asarray(weights[tensor.name], np.float32)
        if values.shape != tuple(tensor.dims):
            wanted = tuple(tensor.dims)
            raise ModelError(
                f'The weights "{tensor.name}" have the shape {values.shape}, the network {wanted}.',
                "Give weights of the network that is exported.",
            )
        tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    onnx.checker.check_model(filled, full_check=True)
    return filled.SerializeToString(deterministic=True)


def _randomize(module: torch.nn.Module) -> None:
    import torch

    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for values in module.state_dict().values():
            if values.is_floating_point():
                # Above 0, because some are variances.
                values.copy_(torch.rand(values.shape, generator=generator) + 0.5)


def _strip_texts(graph: onnx.ModelProto) -> None:
    """Remove what tells of the machine that exported: source paths in node texts."""
    graph.doc_string = graph.graph.doc_string = ""
    for node in graph.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]


def _check_names(graph: onnx.ModelProto, module: torch.nn.Module) -> None:
    state = {key: tuple(v.shape) for key, v in module.state_dict().items() if v.is_floating_point()}
    initializers = {tensor.name: tuple(tensor.dims) for tensor in graph.graph.initializer}
    for key in sorted(set(state) | set(initializers)):
        if state.get(key) != initializers.get(key):
            raise ModelError(
                f'"{key}" of the network {type(module).__name__} has the shape {state.get(key)} in the state'
                f" dict and {initializers.get(key)} in the ONNX graph.",
                "Write its forward so that every parameter is used as it is.",
            )
