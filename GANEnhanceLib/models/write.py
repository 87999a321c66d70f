"""Write a bundle: metadata, MONAI configuration, weights as safetensors and ONNX, card, licence, hashes.

Everything is written beside the target and verified there; the folder appears complete under its name or not
at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib.errors import DeviceError, ModelError, OutputError
from GANEnhanceLib.models.aside import folder_aside, sweep_aside
from GANEnhanceLib.models.card import WEIGHT_SETS, ModelCard, parse_card
from GANEnhanceLib.models.files import INFERENCE, METADATA
from GANEnhanceLib.models.place import put_in_place, write_card, write_hashes, write_json
from GANEnhanceLib.models.verify import verify_bundle
from GANEnhanceLib.models.weight_files import onnx_file, safetensors_file
from GANEnhanceLib.models.weights import check_same_layout

if TYPE_CHECKING:
    import torch

_APACHE = """\
The weights and texts of this model are licensed under the Apache License, Version 2.0 (the "License"); you
may not use them except in compliance with the License. You may obtain a copy of the License at

    http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing, software distributed under the License is
distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
See the License for the specific language governing permissions and limitations under the License.
"""


def write_bundle(
    folder: Path | str,
    metadata: dict[str, Any],
    weight_sets: Mapping[str, Mapping[str, Any]],
    module_factory: Callable[[], torch.nn.Module] | None = None,
    *,
    licence_text: str | None = None,
    replace: bool = False,
    judge: Callable[[Path], object] = bool,
) -> Path:
    """Write a bundle and return its folder.

    Args:
        folder: is made; its parent must exist.
        metadata: what `metadata.complete_metadata` needs; the rest is added.
        weight_sets: state dicts (tensors or arrays) by name, "fidelity" and "perceptual" or one of them.
        module_factory: makes the untrained network whose forward is exported; by default `build_network`
            with the card's architecture and arguments.
        licence_text: content of LICENSE; may be left out if the card's licence is Apache-2.0.
        replace: take the place of an existing bundle (which is kept until the new one is complete).
        judge: is given the complete bundle before it takes its place, and may raise to keep it from it.

    Raises:
        ModelError: a wrong field of the card, weights that are not finite or do not fit the network, or an
            ONNX graph that does not keep the names of the state dict or gives other values than PyTorch.
        OutputError: the folder exists (and `replace` is false) or cannot be written.
        DeviceError: a package that export needs is not installed.
    """
    folder = Path(folder)
    make_room(folder, replace)
    _check_packages()
    sets = {name: _as_arrays(state) for name, state in weight_sets.items()}
    _check_sets(sets)
    make = module_factory or _factory_of(metadata)
    card_values, card = _complete(metadata, sets, make)
    licence = _licence(card, licence_text)
    from GANEnhanceLib.models.monai_config import inference_config

    try:
        with folder_aside(folder) as aside:
            bundle = aside / folder.name
            _write_weights(bundle, card, sets, make)
            write_json(bundle / INFERENCE, inference_config(card))
            write_card(bundle, card_values, card, licence)
            write_hashes(bundle)
            verify_bundle(bundle).raise_if_failed()
            judge(bundle)
            make_room(folder, replace)
            put_in_place(bundle, folder, aside)
    except OSError as error:
        raise OutputError(
            f'The model "{folder}" cannot be written: {error.strerror or error}.', "Free space or rights."
        ) from error
    return folder


def make_room(folder: Path, replace: bool) -> None:
    """Remove what killed processes left beside a folder, and raise OutputError unless a bundle can be written
    to it; see `write_bundle`.
    """
    sweep_aside(folder)
    if not folder.parent.is_dir():
        raise OutputError(f'The folder "{folder.parent}" does not exist.', "Make it first.")
    if folder.exists() and not replace:
        raise OutputError(
            f'"{folder}" exists already.', "Choose another folder, or say that it is to be replaced."
        )
    if folder.exists() and not (folder / METADATA).is_file():
        raise OutputError(f'"{folder}" is no model, so it is not replaced.', "Choose another folder.")


def _check_packages() -> None:
    try:
        import jsonschema  # noqa: F401
        import onnx  # noqa: F401
        import safetensors  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        raise DeviceError(
            f"Writing a model needs {error.name}, which is not installed.",
            "Run: pip install GANEnhanceLib[train]",
        ) from error


def _as_arrays(state: Mapping[str, Any]) -> dict[str, np.ndarray]:
    arrays = {}
    for key, values in state.items():
        array = np.asarray(values.detach().cpu() if hasattr(values, "detach") else values)
        arrays[key] = array.astype(np.float32) if array.dtype.kind == "f" else array
    return arrays


def _check_sets(sets: dict[str, dict[str, np.ndarray]]) -> None:
    for name in sets:
        if name not in WEIGHT_SETS:
            raise ModelError(
                f'The weight set "{name}" is unknown.', f"Allowed are {' and '.join(WEIGHT_SETS)}."
            )
    if not sets:
        raise ModelError("No weights were given.", f"Give {' and '.join(WEIGHT_SETS)}, or one of them.")
    for name, state in sets.items():
        for key, values in state.items():
            if values.dtype.kind == "f" and not np.isfinite(values).all():
                raise ModelError(
                    f'The weights "{key}" of the set "{name}" hold NaN or infinite values.', "Train again."
                )
    first, *others = sets.values()
    for other in others:
        check_same_layout(first, other)


def _factory_of(metadata: dict[str, Any]) -> Callable[[], torch.nn.Module]:
    from GANEnhanceLib.networks import build_network

    network = metadata.get("enhancement", {}).get("network", {})
    return lambda: build_network(network.get("architecture", ""), **network.get("arguments", {}))


def _complete(
    metadata: dict[str, Any], sets: dict[str, dict[str, np.ndarray]], make: Callable[[], torch.nn.Module]
) -> tuple[dict[str, Any], ModelCard]:
    import torch

    from GANEnhanceLib.models.metadata import check_schema, complete_metadata

    names = tuple(name for name in WEIGHT_SETS if name in sets)
    module = make().eval()
    state = {key: torch.from_numpy(np.array(values)) for key, values in sets[names[0]].items()}
    try:
        module.load_state_dict(state)
    except RuntimeError as error:
        raise ModelError(
            f"The weights do not fit the network {type(module).__name__}.",
            str(error).splitlines()[-1].strip(),
        ) from error
    completed = complete_metadata(metadata, names, module)
    check_schema(completed)
    return completed, parse_card(completed)


def _licence(card: ModelCard, text: str | None) -> str:
    if text is not None:
        return text
    if card.licence == "Apache-2.0":
        return f"{card.name} {card.version}, {card.raw['copyright']}\n\n{_APACHE}"
    raise ModelError(f'The text of the licence "{card.licence}" is missing.', "Give it as licence_text.")


def _write_weights(
    bundle: Path, card: ModelCard, sets: dict[str, dict[str, np.ndarray]], make: Callable[[], torch.nn.Module]
) -> None:
    from safetensors.numpy import save

    from GANEnhanceLib.models.onnx_export import export_graph, with_weights

    (bundle / "models").mkdir(parents=True)
    spec = card.network
    graph = export_graph(make(), spec.channels_in, spec.dimensions, spec.multiple)
    for name in card.weight_sets:
        # Copied, because safetensors writes the memory as it lies, whatever the order of its axes.
        arrays = {key: np.array(values, order="C") for key, values in sets[name].items()}
        (bundle / safetensors_file(name)).write_bytes(save(arrays))
        (bundle / onnx_file(name)).write_bytes(with_weights(graph, sets[name]))
