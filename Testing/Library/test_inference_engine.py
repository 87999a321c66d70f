"""What a run promises: a region has the voxels of the whole, equal runs equal bits, no NaN ever."""

from __future__ import annotations

import numpy as np
import pytest
from inference_cases import (
    BACKENDS,
    WrappedModel,
    enhanced,
    make_volume,
    mixing_network,
    network_of,
    two_scales,
)

from GANEnhanceLib.errors import ContractError, GANEnhanceError, InputError, ModelError, OptionError
from GANEnhanceLib.inference import EnhanceOptions, Progress, engine, enhance, run
from GANEnhanceLib.inference.plan import exact_overlap
from GANEnhanceLib.models import load_model
from GANEnhanceLib.volume import Volume

ROIS = (((0, 29), (0, 23), (4, 5)), ((3, 20), (5, 6), (0, 9)), ((28, 29), (22, 23), (16, 17)))


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Random networks: stacks of 3 slices, and 3-D."""
    folder = tmp_path_factory.mktemp("models")
    return {
        "stack": network_of(folder / "stack", channels_in=3),
        "solid": network_of(folder / "solid", dimensions=3),
    }


WAYS = {
    "k": ("stack", {"axis": "k"}),
    "j": ("stack", {"axis": "j"}),
    "i": ("stack", {"axis": "i"}),
    "tiles": ("stack", {"axis": "k", "patch": (1, 16, 12), "overlap": 4}),
    "smooth tiles": ("stack", {"axis": "j", "patch": (16, 1, 12), "overlap": 4, "blend": "smooth"}),
    "patches": ("solid", {"patch": (8, 12, 12), "overlap": 4}),
    "smooth patches": ("solid", {"patch": (8, 12, 12), "overlap": 4, "blend": "smooth"}),
}


@pytest.mark.parametrize("device", BACKENDS)
@pytest.mark.parametrize("way", WAYS)
def test_a_region_has_the_voxels_of_the_whole(models, way, device):
    """Bit for bit inside, exactly the input outside; a second whole run has the same bits."""
    name, options = WAYS[way]
    volume = make_volume((17, 23, 29))
    whole = enhanced(volume, models[name], device=device, **options).volume.voxels
    assert np.array_equal(whole, enhanced(volume, models[name], device=device, **options).volume.voxels)
    assert np.abs(whole - volume.voxels).mean() > 1  # something happened
    for roi in ROIS:
        part = enhanced(volume, models[name], device=device, roi=roi, **options).volume.voxels
        box = tuple(slice(*pair) for pair in reversed(roi))
        assert np.array_equal(part[box], whole[box])
        part = part.copy()
        part[box] = volume.voxels[box]
        assert np.array_equal(part, volume.voxels)


@pytest.mark.parametrize("device", BACKENDS)
def test_a_window_of_a_network_on_two_scales_has_the_bits_of_the_whole(tmp_path, device):
    """Its coarse blocks fall on the same voxels, wherever a window of the plane begins."""
    model, volume = two_scales(tmp_path / "scales"), make_volume((2, 141, 133))
    whole = enhanced(volume, model, device=device).volume.voxels
    assert np.abs(whole - volume.voxels).mean() > 1
    for roi in (((61, 75), (52, 57), (0, 1)), ((3, 20), (5, 6), (0, 2)), ((120, 133), (130, 141), (1, 2))):
        box = tuple(slice(*pair) for pair in reversed(roi))
        part = enhanced(volume, model, device=device, roi=roi).volume.voxels
        assert np.array_equal(part[box], whole[box])


@pytest.mark.parametrize("device", BACKENDS)
def test_slices_equal_plain_pytorch(models, device):
    """The engine computes what the network computes: stack, run, take the change, nothing else."""
    import torch

    volume = make_volume((9, 23, 30))
    result = enhanced(volume, models["stack"], device=device, precision="float32", bound=9.0)
    scaled = result.scaling.forward(volume.voxels)
    rows = np.arange(9)
    stacks = np.stack([scaled[np.clip(rows + step, 0, 8)] for step in (-1, 0, 1)], axis=1)
    with torch.inference_mode():
        plain = models["stack"].build_torch(1.0)(torch.from_numpy(stacks))[:, 0].numpy()
    assert np.abs(result.scaling.inverse(plain) - result.volume.voxels).max() < 1e-3


@pytest.mark.parametrize("device", BACKENDS)
@pytest.mark.parametrize("name", ["stack", "solid"])
def test_blocks_with_the_exact_overlap_equal_the_whole(models, name, device):
    """Twice the receptive field is enough: cut in pieces or not, the voxels agree to rounding."""
    volume = make_volume((25, 40, 40))
    model = models[name]
    overlap = 2 * model.card.network.receptive_field
    options = {"device": device, "precision": "float32", "axis": "k" if name == "stack" else None}
    whole = enhanced(volume, model, patch=(64, 64, 64), **options).volume.voxels
    blocks = enhanced(volume, model, patch=(20, 20, 20), overlap=overlap, **options).volume.voxels
    assert np.abs(blocks - whole).max() < 1e-3
    too_little = enhanced(volume, model, patch=(20, 20, 20), overlap=0, **options).volume.voxels
    assert np.abs(too_little - whole).max() > 0.1


def test_the_overlap_is_exact_where_there_is_room():
    """At least a quarter of a block stays beside twice the receptive field, else half is shared."""
    assert exact_overlap(8, 64, 1) == 16
    assert exact_overlap(46, 120, 2) == 60
    assert exact_overlap(46, 256, 2) == 92
    assert exact_overlap(3, 8, 4) == 4
    assert exact_overlap(3, 4, 4) == 0


@pytest.mark.parametrize("fidelity", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("name", ["stack", "solid"])
def test_both_backends_mix_the_same_weights(models, name, fidelity):
    """OpenVINO, whose graph gets mixed constants, and PyTorch agree; other weights give other voxels."""
    volume = make_volume((6, 15, 16))
    found = [
        enhanced(volume, models[name], device=device, precision="float32", fidelity=fidelity).volume.voxels
        for device in BACKENDS
    ]
    assert np.abs(found[0] - found[1]).max() < 1e-3
    other = enhanced(volume, models[name], precision="float32", fidelity=0.6).volume.voxels
    assert np.abs(found[0] - other).max() > 1


def test_weights_that_the_graph_does_not_hold_are_refused(tmp_path):
    """A graph whose constants have other names cannot be mixed; at its ends it can be used."""
    import onnx

    class Renamed(type(network_of(tmp_path / "plain"))):
        def onnx_path(self, weight_set):
            graph = onnx.load(super().onnx_path(weight_set))
            for node in graph.graph.node:
                node.input[:] = ["other" if name == "head.weight" else name for name in node.input]
            for tensor in graph.graph.initializer:
                tensor.name = "other" if tensor.name == "head.weight" else tensor.name
            onnx.save(graph, tmp_path / "renamed.onnx")
            return tmp_path / "renamed.onnx"

    model, volume = Renamed(tmp_path / "plain"), make_volume((2, 8, 8))
    with pytest.raises(ModelError, match="'head.weight'"):
        enhanced(volume, model, device="openvino", fidelity=0.5)
    enhanced(volume, model, device="openvino", fidelity=1.0)


@pytest.mark.parametrize("device", BACKENDS)
def test_values_outside_the_scaling_come_back_exactly(tmp_path, device):
    """Metal in CT stays metal: beyond the limits the input's voxels, inside them the network's."""
    scaling = {"name": "ct-window", "low": 0, "high": 600}
    model = network_of(tmp_path / "window", channels_in=3, scaling=scaling)
    volume = make_volume((6, 16, 16), np.int16)
    outside = (volume.voxels < 0) | (volume.voxels > 600)
    result = enhanced(volume, model, device=device).volume.voxels
    assert outside.any() and not outside.all()
    assert np.array_equal(result[outside], volume.voxels[outside])
    assert (result[~outside] != volume.voxels[~outside]).mean() > 0.5


def test_strength_scales_the_change(models):
    """0 gives the input, 0.5 half of the change."""
    volume = make_volume((5, 12, 12))
    full = enhanced(volume, models["stack"], precision="float32").volume.voxels
    half = enhanced(volume, models["stack"], precision="float32", strength=0.5).volume.voxels
    none = enhanced(volume, models["stack"], precision="float32", strength=0.0).volume.voxels
    assert np.array_equal(none, volume.voxels)
    assert np.abs((half - volume.voxels) * 2 - (full - volume.voxels)).max() < 1e-3


def test_the_bound_cuts_and_counts(tmp_path):
    """A network that adds 20 % is cut to the bound; each voxel that was cut is counted once."""
    model, volume = mixing_network(tmp_path / "gain", [1.2]), make_volume((40, 12, 12))
    result = enhanced(volume, model, bound=0.01, output_type="float32")
    change = (result.volume.voxels - volume.voxels) / result.scaling.high
    assert change.max() == pytest.approx(0.01, rel=1e-3)
    wanted = int((result.scaling.forward(volume.voxels) > 0.05).sum())
    assert abs(result.bound_hits - wanted) <= 2 and wanted > 100
    part = enhanced(volume, model, bound=0.01, roi=((0, 12), (0, 12), (1, 3)), patch=(1, 8, 8), overlap=4)
    assert part.bound_hits == int((result.scaling.forward(volume.voxels[1:3]) > 0.05).sum())
    assert enhanced(volume, model, bound=float("inf")).bound_hits == 0


def test_output_types(models):
    """Integers are rounded to nearest and clipped; float32 keeps the fractions."""
    volume = make_volume((5, 12, 12), np.uint8)
    fraction = enhanced(volume, models["stack"], output_type="float32").volume.voxels
    whole = enhanced(volume, models["stack"]).volume.voxels
    assert fraction.dtype == np.float32 and (fraction != np.rint(fraction)).any()
    assert whole.dtype == np.uint8
    assert np.array_equal(whole, np.clip(np.rint(fraction), 0, 255).astype(np.uint8))


@pytest.mark.parametrize("dimensions", [2, 3])
def test_empty_blocks_are_run_once_and_exactly(tmp_path, dimensions):
    """Slices and patches of zeros get what the network gives for zeros, without running it again."""
    import torch

    calls = []

    class Counted(torch.nn.Module):
        def __init__(self, network):
            super().__init__()
            self.network = network

        def forward(self, image):
            calls.append(float(image.abs().max()))
            return self.network(image)

    folder = tmp_path / "net"
    model = network_of(folder, channels_in=3 if dimensions == 2 else 1, dimensions=dimensions)
    voxels = make_volume((12, 8, 8)).voxels.copy()
    voxels[4:] = 0
    volume = Volume(voxels, np.eye(4), modality="MR")
    options = {"patch": (2, 8, 8), "overlap": 0, "precision": "float32", "output_type": "float32"}
    counted = enhanced(volume, WrappedModel(folder, Counted), device="cpu", **options)
    assert calls.count(0.0) == 1 and len(calls) > 1
    with torch.inference_mode():
        empty = model.build_torch(1.0)(torch.zeros((1, 3, 8, 8) if dimensions == 2 else (1, 1, 2, 8, 8)))
    rows = empty.numpy()[0] if dimensions == 2 else empty.numpy()[0, 0]
    wanted = counted.scaling.inverse(np.tile(rows, (6 // len(rows), 1, 1)))
    assert np.abs(wanted).max() > 1
    assert np.abs(counted.volume.voxels[6:] - wanted).max() < 1e-3
    found = enhanced(volume, model, device="openvino", **options).volume.voxels
    assert np.abs(found - counted.volume.voxels).max() < 1e-3


@pytest.mark.parametrize("device", BACKENDS)
def test_a_network_that_gives_nan_gives_no_result(tmp_path, device):
    """Weights that overflow: an error in one sentence, and the next run of a sound model works."""
    model, volume = mixing_network(tmp_path / "overflow", [3e38]), make_volume((4, 9, 9))
    volume = volume.with_voxels(volume.voxels - 400)
    with pytest.raises(GANEnhanceError, match="NaN or infinite"):
        enhanced(volume, model, device=device)
    sound = mixing_network(tmp_path / "sound", [1.0])
    assert np.array_equal(enhanced(volume, sound, device=device).volume.voxels, volume.voxels)


def test_a_network_that_changes_the_size_is_refused(tmp_path):
    """A module that halves its image."""
    import torch

    network_of(tmp_path / "net")
    model = WrappedModel(
        tmp_path / "net", lambda network: torch.nn.Sequential(network, torch.nn.MaxPool2d(2))
    )
    with pytest.raises(GANEnhanceError, match="shape"):
        enhanced(make_volume((2, 8, 8)), model, device="cpu")


def test_bad_volumes_and_options_are_refused(models):
    """Before any work: NaN, constant, wrong modality, region outside, wrong mode and axis for the model."""
    volume = make_volume((4, 8, 8))
    broken = volume.voxels.copy()
    broken[1, 2, 3] = np.nan
    stack, solid = models["stack"], models["solid"]
    for voxels, message in ((broken, "NaN"), (np.full((4, 8, 8), 7.0), "constant")):
        with pytest.raises(InputError, match=message):
            enhanced(volume.with_voxels(voxels), stack)
    with pytest.raises(ContractError, match="CT"):
        enhanced(Volume(volume.voxels, np.eye(4), modality="CT"), stack)
    with pytest.raises(OptionError, match="ROI"):
        enhanced(volume, stack, roi=((0, 8), (0, 8), (0, 5)))
    with pytest.raises(OptionError, match="slices25d"):
        enhanced(volume, stack, mode="slices")
    with pytest.raises(OptionError, match="3-D"):
        enhanced(volume, solid, axis="k")
    with pytest.raises(OptionError, match="overlap"):
        enhanced(volume, solid, patch=(2, 4, 4), overlap=4)


def test_progress_and_result(models):
    """The fraction rises to 1, and the result says what was done."""
    volume, seen = make_volume((9, 12, 12)), []
    options = EnhanceOptions(device="openvino", threads=1)
    result = run(volume, models["stack"], options, seen.append)
    assert all(isinstance(step, Progress) for step in seen)
    assert [step.stage for step in seen][:2] == ["checking", "loading"] and seen[-1].stage == "finishing"
    fractions = [step.fraction for step in seen]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert len([step for step in seen if step.stage == "enhancing"]) >= 9
    assert result.device.startswith("OpenVINO on the CPU (") and result.notes == ()
    assert 0 < result.seconds_in_network < result.seconds
    assert result.verdict.level == "ok" and result.scaling.name == "mr-percentile"
    assert result.provenance["model"]["sha256"] == models["stack"].sha256
    assert result.provenance["device"] == result.device


def test_closing_cancels_at_once(models):
    """After any step: nothing goes on in the backend, the input is as it was, and the next run is whole."""
    import time

    volume = make_volume((30, 64, 64))
    before = volume.voxels.copy()
    for device in BACKENDS:
        options = EnhanceOptions(device=device, threads=1)
        for steps in (1, 2, 3, 9):
            run_ = enhance(volume, models["stack"], options)
            for _ in range(steps):
                next(run_)
            began = time.perf_counter()
            run_.close()
            assert time.perf_counter() - began < 0.2
        whole = run(volume, models["stack"], options).volume.voxels
        again = run(volume, models["stack"], options).volume.voxels
        assert np.array_equal(whole, again)
    assert np.array_equal(volume.voxels, before)


def test_closing_stops_the_requests(models, monkeypatch):
    """Nothing computes on after the generator is closed."""
    opened, acquire = [], engine.acquire_backend
    monkeypatch.setattr(engine, "acquire_backend", lambda *args: opened.append(acquire(*args)) or opened[-1])
    steps = enhance(make_volume((30, 96, 96)), models["stack"], EnhanceOptions(device="openvino", threads=2))
    while next(steps).fraction == 0:
        pass
    (backend,) = opened
    assert any(backend.is_running(slot) for slot in range(backend.slots))
    steps.close()
    assert not any(backend.is_running(slot) for slot in range(backend.slots))


def test_two_runs_at_once_do_not_disturb_each_other(models):
    """Two generators in turn on two volumes, as a preview during a run: each has a backend of its own."""
    volumes = [make_volume((12, 20, 20), seed=seed) for seed in (1, 2)]
    options = EnhanceOptions(device="openvino", threads=1)
    alone = [run(volume, models["stack"], options).volume.voxels for volume in volumes]
    runs = [enhance(volume, models["stack"], options) for volume in volumes]
    results = {}
    while len(results) < 2:
        for number, steps in enumerate(runs):
            if number not in results:
                try:
                    next(steps)
                except StopIteration as end:
                    results[number] = end.value.volume.voxels
    assert all(np.array_equal(results[number], alone[number]) for number in (0, 1))


@pytest.mark.parametrize("name", ["median", "anisotropic-diffusion"])
def test_classical_models_run_through_the_same_engine(name):
    """Region equals whole, strength mixes, integers are rounded, unused options are told."""
    volume, model = make_volume((9, 20, 21), np.int16), load_model(name)
    whole = enhanced(volume, model)
    fraction = enhanced(volume, model, output_type="float32").volume.voxels
    assert np.array_equal(whole.volume.voxels, np.rint(fraction).astype(np.int16))
    half = enhanced(volume, model, output_type="float32", strength=0.5).volume.voxels
    assert np.abs(half - (fraction + volume.voxels) / 2).max() < 1e-3
    roi = ((2, 9), (3, 20), (4, 6))
    part = enhanced(volume, model, roi=roi).volume.voxels
    box = tuple(slice(*pair) for pair in reversed(roi))
    assert np.array_equal(part[box], whole.volume.voxels[box])
    assert np.array_equal(part[:4], volume.voxels[:4])
    assert whole.notes == () and whole.scaling is None and whole.bound_hits == 0
    notes = enhanced(volume, model, axis="k", device="openvino").notes
    assert len(notes) == 2 and "axis" in notes[0] and "openvino" in notes[1]
