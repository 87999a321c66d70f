"""Devices: what is there, what auto takes, what is imported, and that nothing calls out."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from inference_cases import enhanced, make_volume, network_of

from GANEnhanceLib.errors import DeviceError
from GANEnhanceLib.inference import list_devices
from GANEnhanceLib.inference.devices import choose_devices, choose_precision, usable_threads

ENHANCE = """
    import sys
    import numpy as np
    from GANEnhanceLib.inference import EnhanceOptions, run
    from GANEnhanceLib.models import NetworkModel
    from GANEnhanceLib.volume import Volume

    voxels = np.random.default_rng(0).random((4, 9, 10), dtype=np.float32)
    volume = Volume(voxels, np.eye(4), modality="MR")
    model = NetworkModel(sys.argv[1])
    result = run(volume, model, EnhanceOptions(device=sys.argv[2], fidelity=0.5))
    print(result.device)
"""


def run_script(script: str, *arguments: object, **environment: str) -> str:
    """Run Python code in a fresh process and return what it printed."""
    import os

    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """Folder of a random 2.5-D network."""
    return network_of(tmp_path_factory.mktemp("devices") / "net", channels_in=3).folder


def test_openvino_runs_without_torch_and_monai(bundle):
    """Auto takes OpenVINO where there is no GPU, and imports nothing that it does not need."""
    check = """
    for name in ("torch", "monai", "onnx", "safetensors", "scipy", "skimage", "SimpleITK"):
        assert name not in sys.modules, name
    """
    assert run_script(ENHANCE + check, bundle, "openvino").startswith("OpenVINO on the CPU")
    if not any(device.available for device in list_devices() if device.name in ("cuda", "mps")):
        assert run_script(ENHANCE + check, bundle, "auto").startswith("OpenVINO on the CPU")


def test_torch_runs_without_monai_and_openvino(bundle):
    """The other backend."""
    check = """
    for name in ("monai", "openvino", "onnx"):
        assert name not in sys.modules, name
    """
    assert run_script(ENHANCE + check, bundle, "cpu").startswith("PyTorch on the CPU")


def test_auto_takes_torch_where_openvino_is_missing(bundle):
    """And says so; asked for by name, the sentence names what is there."""
    hide = """
    import importlib.util, sys
    find = importlib.util.find_spec
    importlib.util.find_spec = lambda name, *rest: None if name == "openvino" else find(name, *rest)
    """
    if any(device.available for device in list_devices() if device.name in ("cuda", "mps")):
        pytest.skip("auto takes the GPU here")
    assert run_script(hide + ENHANCE, bundle, "auto").startswith("PyTorch on the CPU")
    refuse = """
    from GANEnhanceLib.errors import DeviceError
    try:
        run(volume, model, EnhanceOptions(device="openvino"))
    except DeviceError as error:
        print(error)
    """
    said = run_script(hide + ENHANCE + refuse, bundle, "cpu")
    assert "The device openvino is not there: not installed. Available are cpu, or auto." in said


def test_auto_takes_the_next_device_if_one_is_broken(bundle, tmp_path):
    """A package that is there but cannot be loaded: told in a note; asked for by name, an error."""
    (tmp_path / "openvino").mkdir()
    (tmp_path / "openvino" / "__init__.py").write_text("raise ImportError('libtbb.so.12 is missing')")
    if any(device.available for device in list_devices() if device.name in ("cuda", "mps")):
        pytest.skip("auto takes the GPU here")
    broken = f"""
    import sys
    sys.path.insert(0, {str(tmp_path)!r})
    """
    said = run_script(broken + ENHANCE + "    print(result.notes)", bundle, "auto").splitlines()
    assert said[0].startswith("PyTorch on the CPU")
    assert "libtbb.so.12 is missing" in said[1] and "The device cpu runs instead" in said[1]
    refuse = """
    from GANEnhanceLib.errors import DeviceError
    try:
        run(volume, model, EnhanceOptions(device="openvino"))
    except DeviceError as error:
        print(error)
    """
    assert "OpenVINO cannot be loaded" in run_script(broken + ENHANCE + refuse, bundle, "cpu")


def test_listing_devices_imports_no_backend():
    """Cheap enough for the worker's hello; each row is complete."""
    script = """
    import sys, time
    from GANEnhanceLib.inference import list_devices
    began = time.perf_counter()
    rows = list_devices()
    assert time.perf_counter() - began < 0.5
    for row in rows:
        assert row.name and row.label and row.available == (row.reason == ""), row
    for name in ("torch", "openvino", "monai"):
        assert name not in sys.modules, name
    print([row.name for row in rows if not row.name.startswith("cuda:")])
    """
    assert run_script(script).strip() == "['cuda', 'mps', 'openvino', 'cpu']"


def test_both_ways_of_looking_agree():
    """With PyTorch imported and without, the same devices are there."""
    names = "print([(row.name, row.available) for row in list_devices()])"
    script = f"from GANEnhanceLib.inference import list_devices; {names}"
    assert run_script(script) == run_script("import torch; " + script)


def test_a_device_that_is_not_there_is_refused(bundle):
    """The sentence names the device, the hint the ones that are there."""
    from GANEnhanceLib.models import NetworkModel

    there = [device.name for device in list_devices() if device.available]
    missing = [name for name in ("cuda", "cuda:7", "mps") if name not in there]
    assert missing
    for name in missing:
        with pytest.raises(DeviceError, match=f"device {name} is not there") as caught:
            enhanced(make_volume((2, 4, 4)), NetworkModel(bundle), device=name)
        assert all(other in caught.value.hint for other in there)
    assert choose_devices("auto") == tuple(there)


def card_with(folder, **precision):
    """Return the card of a model with measured losses."""
    return network_of(folder, precision=precision).card


def test_auto_precision_needs_a_measured_loss(tmp_path):
    """bfloat16 only where the CPU has it and the card has measured less than 0.05 dB."""
    native = ("float32", "bfloat16")
    good, bad = (
        card_with(tmp_path / "a", bfloat16_loss_db=0.01),
        card_with(tmp_path / "b", bfloat16_loss_db=0.2),
    )
    unknown = card_with(tmp_path / "c")
    assert choose_precision("auto", native, good, "The CPU") == ("bfloat16", ())
    assert choose_precision("auto", ("float32",), good, "The CPU") == ("float32", ())
    assert choose_precision("auto", native, bad, "The CPU") == ("float32", ())
    assert choose_precision("auto", native, unknown, "The CPU") == ("float32", ())
    assert choose_precision("float32", native, good, "The CPU") == ("float32", ())
    precision, notes = choose_precision("bfloat16", native, unknown, "The CPU")
    assert precision == "bfloat16" and "0.05 dB" in notes[0]
    with pytest.raises(DeviceError, match="does not compute in float16"):
        choose_precision("float16", native, good, "The CPU")


@pytest.mark.parametrize("device", ["openvino", "cpu"])
def test_the_precision_is_the_one_that_is_told(tmp_path, device):
    """bfloat16 differs from float32 a little, where the CPU has it; the label says which it was."""
    model = network_of(tmp_path / "net", channels_in=3, precision={"bfloat16_loss_db": 0.01})
    volume = make_volume((3, 32, 32))
    exact = enhanced(volume, model, device=device, precision="float32")
    assert exact.device.endswith("(float32)")
    try:
        short = enhanced(volume, model, device=device, precision="bfloat16")
    except DeviceError as error:
        assert "does not compute in bfloat16" in error.sentence
        assert enhanced(volume, model, device=device).device.endswith("(float32)")
        return
    assert short.device.endswith("(bfloat16)")
    assert enhanced(volume, model, device=device).device == short.device
    difference = abs(exact.volume.voxels - short.volume.voxels).max()
    assert 0 < difference < 0.02 * volume.voxels.max()


@pytest.mark.parametrize("device", ["openvino", "cpu"])
def test_short_types_do_not_round_the_input(tmp_path, device):
    """A network whose residual is 0 gives back the input's own bits in bfloat16, which has eight of them."""
    from make_bundle import tiny_metadata

    from GANEnhanceLib.models import NetworkModel, write_bundle
    from GANEnhanceLib.networks import build_network

    metadata = tiny_metadata("net", "residual-unshuffle", {"channels_in": 5, "dimensions": 2})
    arguments = {"channels_in": 5, "channels": 16, "blocks": 2}
    metadata["enhancement"]["network"] |= {"arguments": arguments, "multiple": 2}
    weights = build_network("residual-unshuffle", **arguments).state_dict()  # its last layer begins as 0
    model = NetworkModel(
        write_bundle(tmp_path / "net", metadata, {"fidelity": weights, "perceptual": weights})
    )
    volume = make_volume((6, 32, 32))
    try:
        result = enhanced(volume, model, device=device, precision="bfloat16")
    except DeviceError:
        result = enhanced(volume, model, device=device)  # a CPU without bfloat16
    assert (result.volume.voxels == volume.voxels).all()


def test_threads(tmp_path):
    """As asked, else no more than the process may use; PyTorch's own setting comes back."""
    import os

    import torch

    assert usable_threads(3) == 3
    assert 1 <= usable_threads() <= os.cpu_count()
    before = torch.get_num_threads()
    model = network_of(tmp_path / "net")
    enhanced(make_volume((2, 8, 8)), model, device="cpu", threads=before + 1)
    assert torch.get_num_threads() == before


WATCHED = """
    import os, socket, sys

    # The log is a file, because the telemetry client sends from a process of its own.
    log = os.open(os.path.join(os.environ["HOME"], "calls"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    watched = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.sendmsg", "urllib.Request")

    def watch(event, values):
        if event in watched or event in ("os.fork", "os.posix_spawn", "subprocess.Popen"):
            os.write(log, event.encode() + b" ")

    def refuse(*args, **kwargs):
        os.write(log, b"refused ")
        raise OSError("no network in this test")

    sys.addaudithook(watch)
    socket.socket.connect = socket.socket.connect_ex = socket.create_connection = refuse
"""
WAIT = """
    import time
    time.sleep(2.0)  # a sender in the background would have begun by now
"""


def calls_of(script: str, home, *arguments: object) -> str:
    """Run a script with a fresh home folder, without network, and return the calls it tried."""
    run_script(WATCHED + script + WAIT, *arguments, HOME=str(home), USERPROFILE=str(home), CI="")
    return (home / "calls").read_text()


def test_openvino_calls_nobody(bundle, tmp_path):
    """Its telemetry client reports every import unless it is switched off; a fresh home holds no refusal."""
    assert calls_of(ENHANCE, tmp_path, bundle, "openvino") == ""
    assert [path.name for path in tmp_path.iterdir()] == ["calls"]


def test_the_watch_sees_a_call(tmp_path):
    """The test above can fail: OpenVINO imported the plain way tries to call, and is seen."""
    from importlib.metadata import distributions

    if "openvino-telemetry" not in {entry.name.replace("_", "-") for entry in distributions()}:
        pytest.skip("this OpenVINO came without its telemetry client")
    calls = calls_of(
        """
    import openvino
    """,
        tmp_path,
    )
    assert "urllib.Request" in calls and "refused" in calls
