"""A bundle with one kind of weights runs where that kind can run, with the voxels of the complete bundle."""

from __future__ import annotations

import shutil
import sys

import numpy as np
import pytest
import torch
from bad_bundles import _sign as sign
from make_bundle import make_tiny_bundle
from model_variants import add_torchscript, only

from GANEnhanceLib.errors import DeviceError, ModelError
from GANEnhanceLib.inference import EnhanceOptions, run
from GANEnhanceLib.models import list_models, load_model, verify_bundle
from GANEnhanceLib.models.torchscript import check_torchscript_file
from GANEnhanceLib.volume import Volume


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    return make_tiny_bundle(tmp_path_factory.mktemp("made") / "tiny", "random", 3, seed=2)


def volume():
    voxels = np.random.default_rng(1).normal(100, 20, (5, 18, 22)).astype(np.float32)
    return Volume(voxels, np.diag([1.0, 1.0, 2.0, 1.0]), "MR")


def voxels(bundle, device, fidelity=None):
    options = EnhanceOptions(device=device, fidelity=fidelity, precision="float32")
    result = run(volume(), load_model(bundle), options)
    return result.volume.voxels, result


@pytest.mark.parametrize("fidelity", [1.0, 0.0, 0.4])
@pytest.mark.parametrize(
    ("kind", "device", "label"),
    [
        ("onnx", "auto", "OpenVINO"),
        ("safetensors", "openvino", "OpenVINO"),
        ("safetensors", "cpu", "PyTorch"),
        ("torchscript", "auto", "PyTorch"),
    ],
)
def test_same_voxels_as_the_complete_bundle(complete, tmp_path, kind, device, label, fidelity):
    bundle = only(complete, tmp_path / "part", kind)
    report = verify_bundle(bundle)
    assert report.ok, report.checks
    assert [check.name for check in report.checks if check.skipped] == []
    wanted, _ = voxels(complete, "openvino", fidelity)
    found, result = voxels(bundle, device, fidelity)
    assert result.device.startswith(label) and result.notes == ()
    assert np.abs(found - wanted).max() < 1e-3 * wanted.max()
    assert np.abs(found - volume().voxels).max() > 0.1
    again, _ = voxels(bundle, device, fidelity)
    np.testing.assert_array_equal(found, again)


@pytest.mark.parametrize(
    ("kind", "device", "needed"), [("onnx", "cpu", "OpenVINO"), ("torchscript", "openvino", "PyTorch")]
)
def test_a_device_that_cannot_run_it_is_told(complete, tmp_path, kind, device, needed):
    bundle = only(complete, tmp_path / "part", kind)
    with pytest.raises(DeviceError) as refused:
        voxels(bundle, device)
    assert needed in refused.value.sentence and "part" in refused.value.sentence


@pytest.mark.parametrize(
    ("kind", "missing"), [("onnx", "openvino"), ("torchscript", "torch"), ("safetensors", "torch")]
)
def test_the_list_says_which_package_is_missing(complete, tmp_path, monkeypatch, kind, missing):
    only(complete, tmp_path / "part", kind)
    monkeypatch.setitem(sys.modules, missing, None)
    (entry,) = [entry for entry in list_models([tmp_path]) if entry.name == "part"]
    assert not entry.available and f"pip install {missing}" in entry.reason
    assert entry.formats == (kind,)


def test_frozen_torchscript_runs_at_its_ends_only(complete, tmp_path):
    bundle = tmp_path / "frozen"
    shutil.copytree(complete, bundle)
    add_torchscript(bundle, freeze=True)
    for path in (bundle / "models").iterdir():
        if path.suffix != ".ts":
            path.unlink()
    sign(bundle)
    found, _ = voxels(bundle, "cpu", 1.0)
    wanted, _ = voxels(complete, "cpu", 1.0)
    assert np.abs(found - wanted).max() < 1e-3 * wanted.max()
    with pytest.raises(ModelError, match="frozen"):
        voxels(bundle, "cpu", 0.5)


def test_formats_that_differ_are_refused(complete, tmp_path):
    bundle = tmp_path / "other"
    shutil.copytree(complete, bundle)
    add_torchscript(bundle)
    shutil.copy(bundle / "models" / "perceptual.ts", bundle / "models" / "fidelity.ts")
    sign(bundle)
    (failed,) = [check for check in verify_bundle(bundle).checks if not check.ok]
    assert failed.name == "parity" and "TorchScript" in failed.sentence


class ReadsFiles(torch.nn.Module):
    def forward(self, image):
        return image + torch.from_file("/etc/hostname", False, 1)[0]


class WritesFiles(torch.nn.Module):
    def forward(self, image):
        torch.save(image, "/tmp/never")
        return image


class ActsWhenLoaded(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = 1.0

    def forward(self, image):
        return image * self.factor

    @torch.jit.export
    def __getstate__(self):
        return (self.factor, self.training)

    @torch.jit.export
    def __setstate__(self, state: tuple[float, bool]):
        self.factor, self.training = state


@pytest.mark.parametrize("network", [ReadsFiles, WritesFiles, ActsWhenLoaded])
def test_torchscript_that_could_touch_files_is_refused(complete, tmp_path, network):
    bundle = only(complete, tmp_path / "part", "torchscript")
    torch.jit.script(network()).save(str(bundle / "models" / "fidelity.ts"))
    sign(bundle)
    with pytest.raises(ModelError, match=r"models/fidelity\.ts.*is refused"):
        load_model(bundle)
    assert not verify_bundle(bundle).ok


def test_pickle_named_torchscript_is_refused(tmp_path):
    torch.save({"weight": torch.zeros(3)}, tmp_path / "model.ts")
    with pytest.raises(ModelError, match="pickle"):
        check_torchscript_file(tmp_path / "model.ts", "The file")


def test_network_that_changes_the_size_is_refused(complete, tmp_path):
    class Halves(torch.nn.Module):
        def forward(self, image):
            return torch.nn.functional.avg_pool2d(image[:, :1], 2)

    bundle = only(complete, tmp_path / "part", "torchscript")
    for weight_set in ("fidelity", "perceptual"):
        torch.jit.script(Halves()).save(str(bundle / "models" / f"{weight_set}.ts"))
    sign(bundle)
    (failed,) = [check for check in verify_bundle(bundle).checks if not check.ok]
    assert "size" in failed.sentence


def test_network_with_nan_is_refused(complete, tmp_path):
    class Spoils(torch.nn.Module):
        def forward(self, image):
            return image[:, :1] / (image[:, :1] - image[:, :1])

    bundle = only(complete, tmp_path / "part", "torchscript")
    for weight_set in ("fidelity", "perceptual"):
        torch.jit.script(Spoils()).save(str(bundle / "models" / f"{weight_set}.ts"))
    sign(bundle)
    (failed,) = [check for check in verify_bundle(bundle).checks if not check.ok]
    assert "NaN" in failed.sentence
