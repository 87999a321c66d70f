"""Bundles are written whole or not at all, and PyTorch and ONNX are one network at any fidelity."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import numpy as np
import onnx
import pytest
import torch
from bad_bundles import _sign as sign
from make_bundle import make_tiny_bundle, tiny_metadata
from onnx import numpy_helper
from torch import nn

from GANEnhanceLib.errors import DeviceError, ModelError, OutputError
from GANEnhanceLib.models import NetworkModel, load_model, verify_bundle, write_bundle
from GANEnhanceLib.models.onnx_export import export_graph, with_weights
from GANEnhanceLib.networks import build_network

NETWORKS = {
    "2-D": ("plain-residual", {"channels_in": 1, "dimensions": 2}, 1),
    "2.5-D": ("plain-residual", {"channels_in": 3, "dimensions": 2}, 1),
    "3-D": ("plain-residual", {"channels_in": 1, "dimensions": 3}, 1),
    "unshuffle": ("residual-unshuffle", {"channels_in": 5, "channels": 8, "blocks": 2}, 2),
    "identity": ("identity", {"channels_in": 5, "dimensions": 2}, 1),
}


def random_state(architecture, arguments, seed):
    module = build_network(architecture, **arguments)
    generator = torch.Generator().manual_seed(seed)
    state = module.state_dict()
    if architecture != "identity":
        state = {key: torch.randn(v.shape, generator=generator) * 0.1 for key, v in state.items()}
    return state


def write(folder, kind, names=("fidelity", "perceptual"), **more):
    architecture, arguments, multiple = NETWORKS[kind]
    metadata = tiny_metadata(folder.name, architecture, {"dimensions": 2, **arguments})
    metadata["enhancement"]["network"].update(arguments=arguments, multiple=multiple)
    metadata["enhancement"].pop("fidelity_default")
    sets = {name: random_state(architecture, arguments, seed) for seed, name in enumerate(names)}
    return write_bundle(folder, metadata, sets, **more)


@pytest.fixture(scope="module", params=NETWORKS)
def model(request, tmp_path_factory):
    return load_model(write(tmp_path_factory.mktemp("models") / "tiny", request.param))


def initializers(path):
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}


def run_onnx(graph, image):
    sys.modules.setdefault("openvino_telemetry", None)
    import openvino

    compiled = openvino.Core().compile_model(
        openvino.Core().read_model(graph.SerializeToString()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    return compiled(image)[0]


@pytest.mark.parametrize("weight_set", ["fidelity", "perceptual"])
def test_initializers_are_the_state_dict(model, weight_set):
    found, wanted = initializers(model.onnx_path(weight_set)), model.weights(weight_set)
    assert set(found) == set(wanted)
    for key, values in wanted.items():
        np.testing.assert_array_equal(found[key], values)


@pytest.mark.parametrize("fidelity", [1.0, 0.0, 0.3])
def test_onnx_gives_what_torch_gives(model, fidelity):
    """The interpolated graph is mixed by name from the two files, as an engine without PyTorch does it."""
    graph = onnx.load(model.onnx_path("fidelity"))
    other = initializers(model.onnx_path("perceptual"))
    for tensor in graph.graph.initializer:
        mixed = fidelity * numpy_helper.to_array(tensor) + (1 - fidelity) * other[tensor.name]
        tensor.CopyFrom(numpy_helper.from_array(mixed.astype(np.float32), tensor.name))
    module = model.build_torch(fidelity)
    spec, random = model.card.network, np.random.default_rng(0)
    for batch, sizes in ((1, (6, 10, 14)), (3, (14, 8, 6))):
        image = random.random((batch, spec.channels_in, *sizes[: spec.dimensions]), np.float32)
        expected = module(torch.from_numpy(image)).numpy()
        found = run_onnx(graph, image)
        assert found.shape == expected.shape == (batch, 1, *sizes[: spec.dimensions])
        assert np.abs(found - expected).max() < 1e-4
        if spec.architecture == "identity":
            np.testing.assert_array_equal(expected[:, 0], image[:, spec.channels_in // 2])
        else:
            assert np.abs(expected[:, 0] - image[:, spec.channels_in // 2]).max() > 1e-3


def test_graph_is_modern_free_in_size_and_silent(model):
    graph = onnx.load(model.onnx_path("fidelity"))
    assert graph.opset_import[0].version >= 17
    sizes = ["d", "h", "w"][3 - model.card.network.dimensions :]
    for value, name, channels in (
        (graph.graph.input, "image", model.card.network.channels_in),
        (graph.graph.output, "enhanced", 1),
    ):
        assert [item.name for item in value] == [name]
        shape = [side.dim_param or side.dim_value for side in value[0].type.tensor_type.shape.dim]
        assert shape == ["n", channels, *sizes]
    text = model.onnx_path("fidelity").read_bytes()
    assert b".py" not in text and b"GANEnhanceLib" not in text, "no paths of the machine that exported"


def test_whole_bundle_verifies(model):
    report = verify_bundle(model.folder)
    assert [check.sentence for check in report.checks if not check.ok or check.skipped] == []
    names = [check.name for check in report.checks]
    assert names[0] == "links" and names[-1] == "parity"


def test_module_is_ready_to_run(model):
    module = model.build_torch(0.5)
    assert not module.training
    assert not any(parameter.requires_grad for parameter in module.parameters())


class Composed(nn.Module):
    """Everything that exporters like to fold: batch normalization, equal and zero weights, scalars."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.slope = nn.PReLU(4)
        self.offset = nn.Parameter(torch.zeros(4, 1, 1))
        self.scale = nn.Parameter(torch.tensor(1.0))
        self.last = nn.Conv2d(4, 1, 1)

    def forward(self, image):
        return image + self.scale * self.last(self.slope(self.norm(self.first(image))) + self.offset)


def test_weights_are_never_folded_or_merged():
    module = Composed().eval()
    graph = export_graph(Composed(), 1, 2, 1)
    state = {key: values for key, values in module.state_dict().items() if values.is_floating_point()}
    assert {tensor.name for tensor in graph.graph.initializer} == set(state)
    filled = onnx.load_model_from_string(with_weights(graph, {key: v.numpy() for key, v in state.items()}))
    image = np.random.default_rng(0).random((1, 1, 7, 9), np.float32)
    assert np.abs(run_onnx(filled, image) - module(torch.from_numpy(image)).detach().numpy()).max() < 1e-5


def test_network_with_a_weight_that_is_not_used():
    class Idle(nn.Module):
        def __init__(self):
            super().__init__()
            self.used, self.idle = nn.Conv2d(1, 1, 1), nn.Conv2d(1, 1, 1)

        def forward(self, image):
            return self.used(image)

    with pytest.raises(ModelError, match="idle.bias"):
        export_graph(Idle(), 1, 2, 1)


def test_two_exports_are_equal(tmp_path):
    first, second = (
        load_model(write(tmp_path / place / "tiny", "2-D")) for place in make(tmp_path, "a", "b")
    )
    assert first.sha256 == second.sha256
    assert first.sha256 != load_model(write(tmp_path / "tiny", "2.5-D")).sha256


def make(folder, *names):
    for name in names:
        (folder / name).mkdir()
    return names


def test_texts_come_from_the_card(tmp_path):
    folder = make_tiny_bundle(
        tmp_path / "tiny", results=[{"method": "input", "psnr": 27.25}, {"method": "median"}]
    )
    text = (folder / "docs" / "README.md").read_text(encoding="utf-8")
    for part in ("# Tiny identity", "not for diagnosis", "| input | 27.25 |", "For tests only.", "MR"):
        assert part in text
    assert "Apache License, Version 2.0" in (folder / "LICENSE").read_text(encoding="utf-8")


def test_only_one_set_of_weights(tmp_path):
    model = load_model(write(tmp_path / "tiny", "2-D", names=("perceptual",)))
    assert model.card.weight_sets == ("perceptual",) and model.card.fidelity_default == 0.0
    assert verify_bundle(model.folder).ok
    model.build_torch(0.0)
    for use in (
        lambda: model.onnx_path("fidelity"),
        lambda: model.build_torch(0.5),
        lambda: model.weights("best"),
    ):
        with pytest.raises(ModelError, match="perceptual"):
            use()


def test_interpolated_weights_lie_between(model):
    ours, theirs, mixed = model.weights("fidelity"), model.weights("perceptual"), model.mixed_weights(0.25)
    for key, values in mixed.items():
        np.testing.assert_allclose(values, 0.25 * ours[key] + 0.75 * theirs[key], rtol=1e-6, atol=1e-8)


def spoil_nan(metadata, sets):
    sets["perceptual"]["head.bias"][0] = float("nan")


def spoil_shape(metadata, sets):
    for state in sets.values():
        state["head.weight"] = state["head.weight"][:4]


def spoil_one_shape(metadata, sets):
    sets["fidelity"]["tail.bias"] = torch.zeros(2)


def spoil_key(metadata, sets):
    for state in sets.values():
        state["extra"] = torch.zeros(1)


def spoil_set(metadata, sets):
    sets["best"] = sets.pop("perceptual")


def spoil_all_sets(metadata, sets):
    sets.clear()


def spoil_field(metadata, sets):
    metadata["enhancement"]["residual_bound"] = -1


def spoil_unknown_field(metadata, sets):
    metadata["enhancement"]["residual_bund"] = 0.1


def spoil_licence(metadata, sets):
    metadata["enhancement"]["licence"] = "CC-BY-4.0"


def spoil_architecture(metadata, sets):
    metadata["enhancement"]["network"]["architecture"] = "resnet"


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (spoil_nan, "head.bias"),
        (spoil_shape, "head.weight"),
        (spoil_one_shape, "tail.bias"),
        (spoil_key, "extra"),
        (spoil_set, "best"),
        (spoil_all_sets, "No weights"),
        (spoil_field, "residual_bound"),
        (spoil_unknown_field, "residual_bund"),
        (spoil_licence, "CC-BY-4.0"),
        (spoil_architecture, "resnet"),
    ],
)
def test_nothing_is_written_for_wrong_input(tmp_path, spoil, named):
    arguments = {"channels_in": 1, "dimensions": 2}
    metadata = tiny_metadata("tiny", "plain-residual", arguments)
    sets = {name: random_state("plain-residual", arguments, 0) for name in ("fidelity", "perceptual")}
    spoil(metadata, sets)
    with pytest.raises(ModelError) as refused:
        write_bundle(tmp_path / "tiny", metadata, sets)
    assert named in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_module_that_is_not_the_architecture_leaves_nothing(tmp_path):
    """Same state dict, other forward: the files would not say the same, so nothing is written."""

    class Doubled(nn.Module):
        def __init__(self):
            super().__init__()
            self.pick = nn.Conv2d(1, 1, 1, bias=False)

        def forward(self, image):
            return 2 * self.pick(image)

    metadata = tiny_metadata("tiny", "identity", {"channels_in": 1, "dimensions": 2})
    with pytest.raises(ModelError, match="safetensors and ONNX differ"):
        write_bundle(tmp_path / "tiny", metadata, {"fidelity": Doubled().state_dict()}, Doubled)
    assert list(tmp_path.iterdir()) == []


def test_existing_folder_is_kept_unless_it_is_to_be_replaced(tmp_path):
    before = load_model(write(tmp_path / "tiny", "2-D")).sha256
    with pytest.raises(OutputError, match="exists already"):
        write(tmp_path / "tiny", "2.5-D")
    with pytest.raises(ModelError, match="licence"):
        metadata = tiny_metadata("tiny", "identity", {"channels_in": 1, "dimensions": 2})
        metadata["enhancement"]["licence"] = "other"
        write_bundle(
            tmp_path / "tiny", metadata, {"fidelity": build_network("identity").state_dict()}, replace=True
        )
    assert load_model(tmp_path / "tiny").sha256 == before
    assert load_model(write(tmp_path / "tiny", "2.5-D", replace=True)).sha256 != before
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_folder_of_other_things_is_never_replaced(tmp_path):
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="no model"):
        write(tmp_path / "tiny", "2-D", replace=True)
    assert (tmp_path / "tiny" / "thesis.txt").read_text() == "years of work"


def test_parent_that_does_not_exist(tmp_path):
    with pytest.raises(OutputError, match="nowhere"):
        write(tmp_path / "nowhere" / "tiny", "2-D")


def test_missing_package_of_the_export(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(DeviceError, match="onnx"):
        write(tmp_path / "tiny", "2-D")


def swap_onnx(bundle):
    shutil.copy(bundle / "models" / "perceptual.onnx", bundle / "models" / "fidelity.onnx")
    return "onnx", "fidelity.onnx"


def break_onnx(bundle):
    (bundle / "models" / "fidelity.onnx").write_bytes(b"\x08\x08 no graph")
    return "onnx", "fidelity.onnx"


def break_weights(bundle):
    path = bundle / "models" / "perceptual.safetensors"
    path.write_bytes(path.read_bytes()[:-4])
    return "weights", "perceptual.safetensors"


def change_arguments(bundle):
    path = bundle / "configs" / "metadata.json"
    metadata = json.loads(path.read_text())
    metadata["enhancement"]["network"]["arguments"]["blocks"] = 2
    path.write_text(json.dumps(metadata))
    return "architecture", "body.1"


def unknown_architecture(bundle):
    path = bundle / "configs" / "metadata.json"
    path.write_text(path.read_text().replace('"plain-residual"', '"resnet"'))
    return "architecture", "resnet"


@pytest.mark.parametrize(
    "spoil", [swap_onnx, break_onnx, break_weights, change_arguments, unknown_architecture]
)
def test_verify_names_what_is_wrong(tmp_path, spoil):
    bundle = make_tiny_bundle(tmp_path / "tiny", "random")
    check, named = spoil(bundle)
    sign(bundle)
    report = verify_bundle(bundle)
    (failed,) = (item for item in report.checks if not item.ok)
    assert failed.name == check and named in failed.sentence
    with pytest.raises(ModelError, match=failed.sentence[:20].replace("(", ".")):
        report.raise_if_failed()


@pytest.mark.parametrize(
    ("package", "skipped"),
    [("jsonschema", ["schema"]), ("torch", ["architecture", "parity"]), ("openvino", ["onnx", "parity"])],
)
def test_verify_says_what_it_could_not_check(tmp_path, monkeypatch, package, skipped):
    bundle = make_tiny_bundle(tmp_path / "tiny", "random")
    monkeypatch.setitem(sys.modules, package, None)
    report = verify_bundle(bundle)
    assert report.ok
    assert [check.name for check in report.checks if check.skipped] == skipped
    assert all(package in check.sentence for check in report.checks if check.skipped)


def test_model_needs_numpy_only(tmp_path):
    bundle = make_tiny_bundle(tmp_path / "tiny", "random")
    code = (
        "import sys\n"
        "for name in ('torch', 'onnx', 'safetensors', 'jsonschema', 'SimpleITK', 'skimage', 'monai'):\n"
        "    sys.modules[name] = None\n"
        "from GANEnhanceLib.models import load_model\n"
        f"model = load_model({str(bundle)!r})\n"
        "print(model.onnx_path('fidelity').name, sorted(model.mixed_weights(0.5))[0])\n"
        "try:\n"
        "    model.build_torch(1.0)\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "fidelity.onnx body.0.first.bias"
    assert done.stdout.splitlines()[1].startswith("DeviceError PyTorch is not installed.")


def test_model_of_a_folder_is_a_network_model(tmp_path):
    assert isinstance(load_model(make_tiny_bundle(tmp_path / "tiny")), NetworkModel)
