"""MONAI's own command runs a bundle off line, and gives what plain PyTorch and our engine give."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch
from make_bundle import make_tiny_bundle

from GANEnhanceLib.errors import ContractError
from GANEnhanceLib.intensity import fit_scaling, to_dtype
from GANEnhanceLib.models import load_model
from GANEnhanceLib.volume import Volume, read_volume, write_volume

OFF_LINE = """
import runpy, socket, sys
def refuse(*arguments, **more):
    raise OSError("no network in this test")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
sys.argv = ["monai.bundle", *sys.argv[1:]]
runpy.run_module("monai.bundle", run_name="__main__")
"""


def noisy_volume(dtype=np.int16, shape=(7, 21, 18), spacing=(1.0, 1.0, 3.0)):
    """Oblique, odd sizes, values up to 1000 with a few far above the scaling's limits."""
    voxels = np.random.default_rng(5).random(shape) * 1000
    voxels[3, 4:6, 5] = 5000
    angle = 0.3
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0.0], [np.sin(angle), np.cos(angle), 0.0], [0.0, 0.0, 1.0]]
    )
    ijk_to_ras = np.eye(4)
    ijk_to_ras[:3, :3] = turn * spacing
    return Volume(voxels.astype(dtype), ijk_to_ras, modality="MR")


def torch_reference(model, volume, fidelity):
    """2-D and 2.5-D slices along the acquisition axis (3-D: the whole volume), by a plain loop."""
    card = model.card
    module = model.build_torch(fidelity)
    scaling = fit_scaling(card.scaling, volume.voxels)
    x = scaling.forward(volume.voxels)
    result = np.empty_like(x)
    if card.network.dimensions == 3:
        result = module(torch.from_numpy(x)[None, None])[0, 0].numpy()
    else:
        axis = volume.acquisition_axis
        slices, out = np.moveaxis(x, axis, 0), np.moveaxis(result, axis, 0)
        reach = card.network.channels_in // 2
        for number in range(len(slices)):
            rows = [min(max(number + step, 0), len(slices) - 1) for step in range(-reach, reach + 1)]
            out[number] = module(torch.from_numpy(np.stack([slices[row] for row in rows]))[None])[
                0, 0
            ].numpy()
    changed = volume.voxels + np.clip(result - x, -card.residual_bound, card.residual_bound) * (
        scaling.high - scaling.low
    )
    inside = (x >= scaling.limits[0]) & (x <= scaling.limits[1])
    return to_dtype(np.where(inside, changed, volume.voxels).astype(np.float32), volume.voxels.dtype)


def bundle_run(bundle, fidelity):
    """Build the bundle's run from its configuration as MONAI does, in this process."""
    from monai.bundle import ConfigParser

    parser = ConfigParser()
    parser.read_config(bundle / "configs" / "inference.json")
    parser["bundle_root"], parser["fidelity"] = str(bundle), fidelity
    return parser.get_parsed_content("enhancer")


def test_command_of_monai_off_line(tmp_path):
    bundle = make_tiny_bundle(tmp_path / "tiny", "random", channels_in=5)
    volume = noisy_volume()
    write_volume(volume, tmp_path / "in.nii.gz")
    arguments = [
        *("run", "--config_file", bundle / "configs" / "inference.json", "--bundle_root", bundle),
        *("--meta_file", bundle / "configs" / "metadata.json", "--fidelity", "0.25"),
        *("--input", tmp_path / "in.nii.gz", "--output", tmp_path / "out.nii.gz"),
    ]
    done = subprocess.run(
        [sys.executable, "-c", OFF_LINE, *map(str, arguments)], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    found = read_volume(tmp_path / "out.nii.gz")
    expected = torch_reference(load_model(bundle), volume, 0.25)
    assert found.voxels.dtype == np.int16
    np.testing.assert_allclose(found.ijk_to_ras, volume.ijk_to_ras, atol=1e-6)
    # Rounding may turn a difference of 1e-7 into one step.
    assert np.abs(found.voxels.astype(int) - expected).max() <= 1
    assert (found.voxels != expected).mean() < 1e-3
    assert (found.voxels != volume.voxels).mean() > 0.5, "the network does something"
    assert load_model(bundle).name == "tiny", "MONAI left nothing in the bundle"


CASES = {
    "2-D": {"channels_in": 1},
    "2.5-D": {"channels_in": 5},
    "3-D": {"channels_in": 1, "dimensions": 3},
}


@pytest.fixture(scope="module", params=CASES)
def bundle(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "tiny"
    return make_tiny_bundle(folder, "random", seed=3, **CASES[request.param])


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 3.0), (3.0, 1.0, 1.0)], ids=["axial", "sagittal"])
@pytest.mark.parametrize("shape", [(7, 21, 18), (1, 9, 12)], ids=["stack", "one slice"])
def test_equals_plain_torch_and_the_engine(bundle, spacing, shape):
    from GANEnhanceLib.inference import EnhanceOptions, run

    volume, model = noisy_volume(np.float32, (7, 21, 18), spacing), load_model(bundle)
    volume = Volume(volume.voxels[: shape[0], : shape[1], : shape[2]].copy(), volume.ijk_to_ras, "MR")
    found = bundle_run(bundle, 0.25).enhance(volume).voxels
    assert found.dtype == np.float32
    tolerance = 1e-5 * np.ptp(volume.voxels)
    assert np.abs(found - torch_reference(model, volume, 0.25)).max() < tolerance
    engine = run(volume, model, EnhanceOptions(device="cpu", precision="float32", fidelity=0.25))
    assert np.abs(found - engine.volume.voxels).max() < tolerance
    assert np.abs(found - volume.voxels).max() > 1


def test_values_in_units_of_noise_equal_the_engine_bound_and_all(tmp_path):
    """The bound stays a share of the reference intensity, however large the scaled values are."""
    from GANEnhanceLib.inference import EnhanceOptions, run

    scaling = {"name": "mr-percentile", "noise": 0.05}
    bundle = make_tiny_bundle(tmp_path / "tiny", "random", scaling=scaling, residual_bound=0.003)
    clean = np.outer(np.linspace(400, 900, 40), np.ones(36)) * np.ones((3, 1, 1))
    noisy = Volume(clean + np.random.default_rng(0).normal(0, 5, clean.shape), np.eye(4), "MR")
    found = bundle_run(bundle, 0.5).enhance(noisy).voxels
    engine = run(noisy, load_model(bundle), EnhanceOptions(device="cpu", precision="float32", fidelity=0.5))
    assert np.abs(found - engine.volume.voxels).max() < 1e-5 * np.ptp(noisy.voxels)
    assert engine.scaling.high == pytest.approx(5 / 0.05, rel=0.1)
    largest = np.abs(engine.volume.voxels - noisy.voxels).max()
    assert largest == pytest.approx(0.003 * np.percentile(noisy.voxels, 99.5), rel=1e-3) and engine.bound_hits


def test_padding_to_a_multiple_equals_the_engine(tmp_path):
    """The half-resolution generator on odd sizes: both repeat the last voxel."""
    from test_models_bundle import write

    from GANEnhanceLib.inference import EnhanceOptions, run

    bundle = write(tmp_path / "tiny", "unshuffle")
    volume = noisy_volume(np.float32, (5, 13, 17))
    found = bundle_run(bundle, 0.5).enhance(volume).voxels
    engine = run(volume, load_model(bundle), EnhanceOptions(device="cpu", precision="float32", fidelity=0.5))
    assert np.abs(found - engine.volume.voxels).max() < 1e-5 * np.ptp(volume.voxels)
    assert np.abs(found - volume.voxels).max() > 1


def test_contract_holds_for_monai_too(bundle):
    volume = noisy_volume()
    wrong = Volume(volume.voxels, volume.ijk_to_ras, modality="CT")
    with pytest.raises(ContractError, match="CT"):
        bundle_run(bundle, 1.0).enhance(wrong)
