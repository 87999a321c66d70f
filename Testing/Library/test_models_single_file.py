"""One weight file and a card become a model: what can be seen from the file need not be said."""

from __future__ import annotations

import json
import re
import shutil
import sys

import numpy as np
import pytest
import torch
from command_line import run_command
from installing import add, refuse
from make_bundle import make_tiny_bundle
from model_variants import only

from GANEnhanceLib.inference import EnhanceOptions, run
from GANEnhanceLib.models import load_model, verify_bundle
from GANEnhanceLib.volume import Volume

CARD = {
    "task": "denoise",
    "modality": ["MR"],
    "anatomy": "head",
    "limits": "For tests only.",
    "licence": "Apache-2.0",
    "data": "none: the weights are random",
    "scaling": {"name": "mr-percentile"},
    "residual_bound": 0.3,
}


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    return make_tiny_bundle(tmp_path_factory.mktemp("made") / "tiny", "random", 3, seed=2)


def export_onnx(path, channels_in=1, dimensions=2, free=True):
    """A network as somebody else exports it: other names, a shape that may be fixed."""
    torch.manual_seed(3)
    make = torch.nn.Conv2d if dimensions == 2 else torch.nn.Conv3d

    class Other(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.body = make(channels_in, 4, 3, padding=1)
            self.tail = make(4, 1, 3, padding=1)

        def forward(self, x):
            middle = channels_in // 2
            return x[:, middle : middle + 1] + 0.1 * self.tail(torch.relu(self.body(x)))

    sizes = dict(enumerate("bchwd"[: 2 + dimensions]))
    sizes.pop(1)
    torch.onnx.export(
        Other().eval(),
        (torch.zeros(1, channels_in, *[16] * dimensions),),
        path,
        input_names=["x"],
        output_names=["y"],
        dynamic_axes={"x": sizes, "y": sizes} if free else None,
        dynamo=False,
    )
    return path


def write_card(path, **more):
    path.write_text(json.dumps({**CARD, **more}))
    return path


def enhanced(name, device="auto", fidelity=None):
    voxels = np.random.default_rng(1).normal(100, 20, (6, 18, 22)).astype(np.float32)
    volume = Volume(voxels, np.eye(4), "MR")
    result = run(volume, load_model(name), EnhanceOptions(device=device, fidelity=fidelity))
    assert np.abs(result.volume.voxels - voxels).max() > 0.01
    return result


@pytest.mark.parametrize(
    ("channels", "dimensions", "mode"), [(1, 2, "slices"), (3, 2, "slices25d"), (1, 3, "patches")]
)
def test_onnx_with_the_smallest_card(own, tmp_path, channels, dimensions, mode):
    export_onnx(tmp_path / "My Net v2.onnx", channels, dimensions)
    write_card(tmp_path / "My Net v2.json")
    entry = add(tmp_path / "My Net v2.onnx")
    assert entry.name == "my-net-v2" and entry.available and entry.formats == ("onnx",)
    card = load_model("my-net-v2").card
    assert card.network.channels_in == channels and card.network.dimensions == dimensions
    assert card.plan.mode == mode and card.network.receptive_field == 2
    assert card.network.flops_per_voxel == 2 * 3**dimensions * 4 * (channels + 1)
    assert card.limits == "For tests only." and card.weight_sets == ("fidelity",)
    assert enhanced("my-net-v2").device.startswith("OpenVINO")
    assert verify_bundle(own / "my-net-v2").ok


def cards_of_the_page(repository):
    page = (repository / "Docs" / "models.md").read_text(encoding="utf-8")
    return re.findall(r"^```json\n(.*?)^```", page, re.M | re.S)


def test_the_section_of_the_page_makes_a_model_for_super_resolution(own, tmp_path, repository):
    card, section = (json.loads(each) for each in cards_of_the_page(repository))
    export_onnx(tmp_path / "net.onnx")
    (tmp_path / "net.json").write_text(json.dumps({**card, "task": "super-resolution", **section}))
    add(tmp_path / "net.onnx")
    refinement = load_model("net").card.super_resolution
    assert refinement.through_plane.factors == (2, 4) and refinement.in_plane.profile == "kspace"


def test_the_smallest_card_of_the_page_is_enough(own, tmp_path, repository):
    card, _ = cards_of_the_page(repository)
    export_onnx(tmp_path / "net.onnx")
    (tmp_path / "net.json").write_text(card)
    assert add(tmp_path / "net.onnx").available
    fields = json.loads(card)
    for field in fields:
        (tmp_path / "net.json").write_text(json.dumps({key: fields[key] for key in fields if key != field}))
        assert field in refuse(tmp_path / "net.onnx", replace=True), "nothing of it can be left out"


def test_card_that_is_named_or_whole(own, tmp_path, complete):
    export_onnx(tmp_path / "net.onnx")
    whole = {"name": "other", "version": "7", "description": "Words.", "enhancement": {**CARD, "title": "T"}}
    (tmp_path / "anywhere.json").write_text(json.dumps(whole))
    entry = add(tmp_path / "net.onnx", tmp_path / "anywhere.json")
    assert (entry.name, entry.version, entry.description, entry.title) == ("other", "7", "Words.", "T")


def test_torchscript_file(own, tmp_path, complete):
    bundle = only(complete, tmp_path / "part", "torchscript")
    shutil.copy(bundle / "models" / "fidelity.ts", tmp_path / "net.ts")
    write_card(tmp_path / "net.json", network={"channels_in": 3, "dimensions": 2})
    entry = add(tmp_path / "net.ts")
    assert entry.formats == ("torchscript",) and entry.architecture == "torchscript"
    truth = load_model(complete).card.network
    assert entry.receptive_field == truth.receptive_field
    assert entry.flops_per_voxel == pytest.approx(truth.flops_per_voxel, rel=0.01)
    ours, theirs = enhanced("net"), enhanced(complete, "cpu", 1.0)
    assert ours.device.startswith("PyTorch")
    np.testing.assert_allclose(ours.volume.voxels, theirs.volume.voxels, atol=0.05)


@pytest.mark.parametrize("device", ["cpu", "openvino"])
def test_safetensors_file(own, tmp_path, complete, device):
    shutil.copy(complete / "models" / "fidelity.safetensors", tmp_path / "net.safetensors")
    truth = load_model(complete).card.network
    network = {"architecture": truth.architecture, "arguments": truth.arguments}
    write_card(tmp_path / "net.json", network={**network, "channels_in": 3, "dimensions": 2})
    entry = add(tmp_path / "net.safetensors")
    assert entry.formats == ("safetensors",) and entry.receptive_field == truth.receptive_field
    assert entry.flops_per_voxel == pytest.approx(truth.flops_per_voxel)
    ours, theirs = enhanced("net", device), enhanced(complete, device, 1.0)
    np.testing.assert_allclose(ours.volume.voxels, theirs.volume.voxels, atol=0.05)


@pytest.mark.parametrize("field", sorted(CARD))
def test_card_that_lacks_what_only_its_author_knows(own, tmp_path, field):
    export_onnx(tmp_path / "net.onnx")
    (tmp_path / "net.json").write_text(json.dumps({key: CARD[key] for key in CARD if key != field}))
    assert f"enhancement.{field}" in refuse(tmp_path / "net.onnx")


def test_cards_that_are_none(own, tmp_path):
    export_onnx(tmp_path / "net.onnx")
    assert "net.json" in refuse(tmp_path / "net.onnx") and "Docs/models.md" in refuse(tmp_path / "net.onnx")
    assert "not there" in refuse(tmp_path / "net.onnx", tmp_path / "no.json")
    (tmp_path / "net.json").write_text("[1]")
    assert "no JSON object" in refuse(tmp_path / "net.onnx")
    (tmp_path / "net.json").write_text("{")
    assert "not valid JSON" in refuse(tmp_path / "net.onnx")
    write_card(tmp_path / "net.json", network={"channels_in": 5})
    assert "does not run" in refuse(tmp_path / "net.onnx")


def test_onnx_that_refers_to_other_files(own, tmp_path):
    import onnx

    export_onnx(tmp_path / "net.onnx")
    graph = onnx.load(tmp_path / "net.onnx")
    onnx.save(graph, tmp_path / "net.onnx", save_as_external_data=True, location="w.bin", size_threshold=0)
    write_card(tmp_path / "net.json")
    assert "outside of itself" in refuse(tmp_path / "net.onnx")


def test_onnx_with_a_fixed_size(own, tmp_path):
    """OpenVINO fits such a graph to other sizes, where its layers allow it."""
    export_onnx(tmp_path / "net.onnx", free=False)
    write_card(tmp_path / "net.json")
    add(tmp_path / "net.onnx")
    assert enhanced("net").device.startswith("OpenVINO")


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".ckpt"])
def test_pickles_are_refused_with_the_way_out(own, tmp_path, suffix):
    torch.save({"w": torch.zeros(2)}, tmp_path / f"net{suffix}")
    sentence = refuse(tmp_path / f"net{suffix}")
    assert "pickle" in sentence and "save_file(torch.load(" in sentence


def test_torchscript_named_like_a_pickle(own, tmp_path):
    torch.jit.script(torch.nn.Identity()).save(str(tmp_path / "net.pt"))
    assert '"net.ts"' in refuse(tmp_path / "net.pt")


def test_pickle_named_safetensors(own, tmp_path):
    torch.save({"w": torch.zeros(2)}, tmp_path / "net.safetensors")
    network = {"architecture": "identity", "arguments": {"channels_in": 1, "dimensions": 2}}
    write_card(tmp_path / "net.json", network={**network, "channels_in": 1, "dimensions": 2})
    assert "fidelity.safetensors" in refuse(tmp_path / "net.safetensors")


def test_other_files(own, tmp_path):
    (tmp_path / "notes.txt").write_text("notes")
    assert ".onnx, .ts, .safetensors" in refuse(tmp_path / "notes.txt")
    assert "does not exist" in refuse(tmp_path / "nothing.onnx")
    (tmp_path / "empty").mkdir()
    assert "hashes.json" in refuse(tmp_path / "empty")


@pytest.mark.parametrize(
    ("suffix", "missing", "named"), [(".onnx", "openvino", "OpenVINO"), (".ts", "torch", "PyTorch")]
)
def test_card_must_say_what_cannot_be_measured_here(
    own, tmp_path, complete, monkeypatch, suffix, missing, named
):
    export_onnx(tmp_path / "net.onnx")
    torch.jit.script(torch.nn.Identity()).save(str(tmp_path / "net.ts"))
    write_card(tmp_path / "net.json", network={"channels_in": 1, "dimensions": 2})
    monkeypatch.setitem(sys.modules, missing, None)
    sentence = refuse(tmp_path / f"net{suffix}")
    assert "receptive_field" in sentence and named in sentence
    whole = {"channels_in": 1, "dimensions": 2, "receptive_field": 2, "flops_per_voxel": 144}
    write_card(tmp_path / "net.json", network=whole)
    entry = add(tmp_path / f"net{suffix}")
    assert not entry.available and named in entry.reason


def test_command_takes_a_card(own, tmp_path):
    export_onnx(tmp_path / "net.onnx")
    card = write_card(tmp_path / "words.json")
    done = run_command("models", "add", tmp_path / "net.onnx", "--card", card, "--json")
    assert json.loads(done.stdout)["added"]["name"] == "net", done.stderr
