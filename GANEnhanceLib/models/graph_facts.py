"""What an engine must know of a network that is there as a graph only, found by looking at it and running it.

Cards of ONNX and TorchScript files need not say how far the network sees and what it costs: the one is seen
from which voxels of the output change with one voxel of the input, the other is counted from the layers.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.models.card import NetworkSpec
from GANEnhanceLib.models.model import NetworkModel
from GANEnhanceLib.models.trial import Run, openvino_core, read_onnx, runs_of
from GANEnhanceLib.models.weight_files import refuse_external_data

_SIZES = {2: (64, 128, 256), 3: (32, 64)}


def input_of_onnx(path: Path) -> dict[str, int]:
    """Return "dimensions" and "channels_in" of an ONNX file, as far as its input says them.

    Empty without OpenVINO. Raises ModelError for a graph that cannot be read or has several inputs.
    """
    refuse_external_data(path)
    try:
        graph = openvino_core().read_model(path)
    except ImportError:
        return {}
    except RuntimeError as error:
        raise ModelError(f'The file "{path.name}" cannot be read as ONNX.', "Export it again.") from error
    if len(graph.inputs) != 1 or len(graph.outputs) != 1:
        raise ModelError(
            f'The network "{path.name}" has {len(graph.inputs)} inputs and {len(graph.outputs)} outputs;'
            " it must have one of each.",
            "Export a network that takes an image and returns an image.",
        )
    shape = graph.input(0).partial_shape
    if shape.rank.is_dynamic or shape.rank.get_length() not in (4, 5):
        raise ModelError(
            f'The input of the network "{path.name}" has the shape {shape}; it must be'
            " (n, channels, height, width) or (n, 1, depth, height, width).",
            "Export it with such an input.",
        )
    found = {"dimensions": shape.rank.get_length() - 2}
    return found if shape[1].is_dynamic else {**found, "channels_in": shape[1].get_length()}


def measure_graph(model: NetworkModel) -> dict[str, float]:
    """Return "receptive_field" (voxels) and "flops_per_voxel" of a bundle's network.

    Raises ImportError if nothing here can run it.
    """
    weight_set = model.card.weight_sets[0]
    (run, *_others) = runs_of(model, weight_set).values()
    count = _flops_of_onnx if "onnx" in model.formats else _flops_of_module
    return {
        "receptive_field": _receptive_field(run, model.card.network),
        "flops_per_voxel": round(count(model, weight_set), 1),
    }


def _receptive_field(run: Run, spec: NetworkSpec) -> int:
    """Return the largest distance at which one voxel changes another, in float32.

    A network that sees the whole image gets half of the largest size that was tried.
    """
    reach = 0
    for size in _SIZES[spec.dimensions]:
        size += -size % spec.multiple
        reach = max(_reach(run, spec, size, place) for place in {size // 2, size // 2 + spec.multiple - 1})
        if reach < size // 2 - spec.multiple:
            return reach
    return reach


def _reach(run: Run, spec: NetworkSpec, size: int, place: int) -> int:
    random = np.random.default_rng(0)
    image = random.random((1, spec.channels_in, *[size] * spec.dimensions), np.float32)
    changed = image.copy()
    changed[(slice(None), slice(None), *[place] * spec.dimensions)] += 4.0
    touched = np.argwhere(run(image)[0, 0] != run(changed)[0, 0])
    return int(np.abs(touched - place).max()) if len(touched) else 0


def _flops_of_onnx(model: NetworkModel, weight_set: str) -> float:
    """Count the convolutions and products of matrices of the graph, an addition as much as a product."""
    spec, graph = model.card.network, read_onnx(model, weight_set)
    sizes = [64 + -64 % spec.multiple] * spec.dimensions
    graph.reshape({graph.input(0): [1, spec.channels_in, *sizes]})
    return sum(2.0 * _products(node) for node in graph.get_ops()) / math.prod(sizes)


def _products(node: Any) -> int:
    kind = node.get_type_name()
    if kind in ("Convolution", "GroupConvolution"):
        # (output channels, input channels, kernel), grouped: (groups, output, input, kernel)
        skipped = 1 if kind == "Convolution" else 2
        return _size(node.output(0)) * math.prod(list(node.input(1).get_shape())[skipped:])
    if kind in ("ConvolutionBackpropData", "GroupConvolutionBackpropData"):
        skipped = 1 if kind == "ConvolutionBackpropData" else 2
        return _size(node.input(0)) * math.prod(list(node.input(1).get_shape())[skipped:])
    if kind == "MatMul":
        return _size(node.output(0)) * list(node.input(0).get_shape())[-1]
    return 0


def _size(port: Any) -> int:
    return math.prod(port.get_shape())


def _flops_of_module(model: NetworkModel, weight_set: str) -> float:
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    spec = model.card.network
    sizes = [64 + -64 % spec.multiple] * spec.dimensions
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.torchscript(weight_set)(torch.zeros(1, spec.channels_in, *sizes))
    return counter.get_total_flops() / math.prod(sizes)
