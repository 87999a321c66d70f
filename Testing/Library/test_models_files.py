"""Bundles are data of strangers: what could run code, leave the folder or was changed is refused by name."""

from __future__ import annotations

import io
import json
import os
import pickle
import shutil
import zipfile

import pytest
from bad_bundles import _sign as sign
from make_bundle import make_tiny_bundle

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.models import load_model, verify_bundle

FIDELITY = "models/fidelity.safetensors"


@pytest.fixture(scope="module")
def good_bundle(tmp_path_factory):
    return make_tiny_bundle(tmp_path_factory.mktemp("good") / "tiny", "random")


@pytest.fixture
def bundle(good_bundle, tmp_path):
    return shutil.copytree(good_bundle, tmp_path / "tiny")


def refuse(bundle, *named):
    """The bundle must neither load nor verify, and both must say the same about the file named."""
    with pytest.raises(ModelError) as refused:
        load_model(bundle)
    for text in named:
        assert text in refused.value.sentence
    report = verify_bundle(bundle)
    assert not report.ok
    failed = [check for check in report.checks if not check.ok]
    assert [check.sentence for check in failed] == [str(refused.value)]
    return refused.value


def torch_zip(path):
    import torch

    torch.save({"weight": torch.zeros(2)}, path)


def old_torch(path):
    import torch

    torch.save({"weight": torch.zeros(2)}, path, _use_new_zipfile_serialization=False)


def plain_pickle(path):
    path.write_bytes(pickle.dumps({"weight": [1.0]}, protocol=2))


class Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return open, (self.path, "w")


def test_good_bundle_loads_and_verifies(bundle):
    assert load_model(bundle).name == "tiny"
    report = verify_bundle(bundle)
    assert report.ok and not any(check.skipped for check in report.checks)
    assert json.loads(json.dumps(report.to_dict()))["ok"] is True


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".bin", ".pkl", ".ckpt", ".PT"])
@pytest.mark.parametrize("write", [torch_zip, plain_pickle])
def test_pickle_by_its_name(bundle, suffix, write):
    write(bundle / "models" / f"model{suffix}")
    sign(bundle)
    assert "pickle" in refuse(bundle, f"models/model{suffix}").sentence


@pytest.mark.parametrize("write", [torch_zip, old_torch, plain_pickle])
@pytest.mark.parametrize("place", [FIDELITY, "models/fidelity.onnx", "docs/notes.md", "LICENSE", "more.json"])
def test_pickle_under_another_name(bundle, write, place):
    write(bundle / place)
    sign(bundle)
    assert "pickle" in refuse(bundle, place).sentence


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("place", [FIDELITY, "configs/metadata.json", "hashes.json"])
def test_nothing_is_ever_unpickled(bundle, tmp_path, protocol, place):
    """Protocols 0 and 1 have no mark to be known by, but no reader of ours would run them."""
    (bundle / place).write_bytes(pickle.dumps(Bomb(tmp_path / "exploded"), protocol=protocol))
    if place != "hashes.json":
        sign(bundle)
    refuse(bundle, place)
    assert not (tmp_path / "exploded").exists()
    with open(bundle / place, "rb") as file:
        pickle.load(file).close()
    assert (tmp_path / "exploded").exists(), "the bomb of this test works"


@pytest.mark.parametrize(
    "name", ["scripts/run.py", "models/model.ts", "models/weights.h5", "configs/train.yaml"]
)
def test_unknown_kind_of_file(bundle, name):
    (bundle / name).parent.mkdir(exist_ok=True)
    (bundle / name).write_text("x = 1")
    sign(bundle)
    refuse(bundle, name)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../outside.md",
        "docs/../../outside.md",
        "C:\\weights.onnx",
        "C:/x.onnx",
        "docs//x.md",
        "",
    ],
)
def test_listed_path_that_leaves_the_folder(bundle, path):
    (bundle.parent / "outside.md").write_text("outside")
    hashes = json.loads((bundle / "hashes.json").read_text())
    hashes["sha256"][path] = "0" * 64
    (bundle / "hashes.json").write_text(json.dumps(hashes))
    assert "leaves its folder" in refuse(bundle, path).sentence


@pytest.mark.parametrize("target", ["../elsewhere", "docs/README.md"])
def test_link_to_a_file(bundle, target):
    (bundle.parent / "elsewhere").write_bytes((bundle / FIDELITY).read_bytes())
    (bundle / FIDELITY).unlink()
    (bundle / FIDELITY).symlink_to(bundle / target)
    assert "link" in refuse(bundle, FIDELITY, target.split("/")[-1]).sentence


def test_link_to_a_folder(bundle):
    shutil.move(bundle / "models", bundle.parent / "elsewhere")
    (bundle / "models").symlink_to(bundle.parent / "elsewhere")
    assert "link" in refuse(bundle, '"models"').sentence


def test_bundle_that_is_itself_reached_by_a_link(bundle, tmp_path):
    (tmp_path / "other").symlink_to(bundle)
    assert load_model(tmp_path / "other").name == "tiny"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_pipe(bundle):
    os.mkfifo(bundle / "docs" / "pipe.md")
    refuse(bundle, "docs/pipe.md", "plain file")


@pytest.mark.parametrize("name", [FIDELITY, "models/perceptual.onnx", "configs/inference.json", "LICENSE"])
def test_changed_file(bundle, name):
    content = bytearray((bundle / name).read_bytes())
    content[-2] ^= 1
    (bundle / name).write_bytes(bytes(content))
    assert "changed" in refuse(bundle, name).sentence


@pytest.mark.parametrize("name", [FIDELITY, "models/perceptual.onnx", "configs/metadata.json", "LICENSE"])
def test_missing_file(bundle, name):
    (bundle / name).unlink()
    assert "missing" in refuse(bundle, name).sentence


@pytest.mark.parametrize("name", [FIDELITY, "models/perceptual.onnx", "docs/README.md"])
def test_file_that_neither_is_there_nor_listed(bundle, name):
    (bundle / name).unlink()
    sign(bundle)
    assert "lacks" in refuse(bundle, name).sentence


def test_unlisted_file(bundle):
    (bundle / "docs" / "more.md").write_text("more")
    assert "not listed" in refuse(bundle, "docs/more.md").sentence


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1]", b'{"sha256": {}}', b'{"sha256": {"LICENSE": "abc"}}', b"\xff\xfe", b"[" * 100000],
)
def test_broken_hashes(bundle, content):
    (bundle / "hashes.json").write_bytes(content)
    refuse(bundle, "hashes.json")


@pytest.mark.parametrize("content", [b"{", b"[" * 100000, b'{"name": "tiny"}', b"null"])
def test_broken_card(bundle, content):
    (bundle / "configs" / "metadata.json").write_bytes(content)
    sign(bundle)
    refuse(bundle)


def test_folder_that_is_no_model(tmp_path):
    (tmp_path / "empty").mkdir()
    refuse(tmp_path / "empty", "hashes.json", "not a model")
    refuse(tmp_path / "nothing", "nothing", "does not exist")


def test_change_after_loading_is_seen_when_the_file_is_used(bundle):
    model = load_model(bundle)
    for name in ("models/fidelity.onnx", FIDELITY):
        (bundle / name).write_bytes((bundle / name).read_bytes() + b" ")
    with pytest.raises(ModelError, match="fidelity.onnx.*changed"):
        model.onnx_path("fidelity")
    with pytest.raises(ModelError, match="fidelity.safetensors.*changed"):
        model.weights("fidelity")
    assert model.onnx_path("perceptual").is_file()


def test_onnx_that_reads_another_file(bundle):
    import onnx

    path = bundle / "models" / "fidelity.onnx"
    graph = onnx.load(path)
    tensor = graph.graph.initializer[0]
    (bundle.parent / "outside.bin").write_bytes(tensor.raw_data)
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../outside.bin")
    path.write_bytes(graph.SerializeToString())
    sign(bundle)
    report = verify_bundle(bundle)
    assert [check.name for check in report.checks if not check.ok] == ["onnx"]
    with pytest.raises(ModelError, match="outside of itself"):
        load_model(bundle).onnx_path("fidelity")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("run", ["$__import__('os').system('true')"]),
        ("extra", {"_target_": "os.system", "command": "true"}),
        ("extra", {"_target_": "monai.apps.download_url"}),
        ("input", "%other.json::key"),
    ],
)
def test_monai_configuration_that_runs_code(bundle, key, value):
    path = bundle / "configs" / "inference.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
    sign(bundle)
    report = verify_bundle(bundle)
    failed = [check for check in report.checks if not check.ok]
    assert [check.name for check in failed] == ["config"] and key in failed[0].sentence
    assert load_model(bundle).name == "tiny", "loading never looks at that file"


def test_zip_magic_is_what_torch_writes():
    import torch

    content = io.BytesIO()
    torch.save({"weight": torch.zeros(2)}, content)
    assert zipfile.is_zipfile(content), "the tests above use the form of today's torch"
