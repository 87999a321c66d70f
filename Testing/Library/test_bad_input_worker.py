"""Everything that can be wrong with the input, through the real worker: one error, and it goes on."""

import os
import resource
import sys

import numpy as np
import pytest
from bad_bundles import SPOILERS
from command_line import make_phantom, make_volume

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import (
    ContractError,
    DeviceError,
    GANEnhanceError,
    InputError,
    ModelError,
    OptionError,
)
from GANEnhanceLib.inference import EnhanceOptions
from GANEnhanceLib.worker_session import WorkerSession

MATRIX = np.eye(4).ravel().tolist()


@pytest.fixture
def refuse(session):
    """Expect a request to be refused; check that the worker lives on and keeps no voxels. Returns the
    error.
    """

    def run(job, kind, *named):
        with pytest.raises(kind) as caught:
            job()
        error = caught.value
        assert isinstance(error, GANEnhanceError) and error.sentence.endswith("."), error.sentence
        assert "\n" not in str(error) and "Traceback" not in str(error)
        for text in named:
            assert text in str(error), f"{text!r} is not in {str(error)!r}"
        assert list(session.folder.glob("*.npy")) == []
        assert session.request("hello")["pid"] == session.pid
        return error

    return run


@pytest.fixture
def refuse_array(session, refuse):
    """The same for an array that a Volume would not even take on this side."""

    def run(array, kind, *named, **fields):
        def job():
            path = session.folder / "raw.npy"
            protocol.save_array(path, array)
            source = {"file": path.name, "ijk_to_ras": MATRIX, "modality": "MR", "name": "x", **fields}
            try:
                session.request("enhance", {"input": source, "model": "median", "options": {}})
            finally:
                path.unlink()

        return refuse(job, kind, *named)

    return run


def _bundle(tmp_path, **settings):
    from make_bundle import make_tiny_bundle

    return make_tiny_bundle(tmp_path / "tiny", **{"kind": "random", **settings})


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_voxels_that_are_no_numbers(session, refuse, value):
    voxels = make_phantom(dtype="float32")
    voxels[2, 3, 4] = value
    volume = make_volume(voxels)
    refuse(lambda: session.enhance(volume, "median"), InputError, "1 of the volume's voxels", "(4, 3, 2)")


def test_a_constant_volume(session, refuse):
    volume = make_volume(np.full((4, 9, 9), 37, np.int16))
    refuse(lambda: session.enhance(volume, "median"), InputError, "constant", "37")


def test_a_label_map(session, refuse):
    labels = (make_phantom((8, 30, 30)) > 300).astype(np.uint8) * 3
    refuse(lambda: session.enhance(make_volume(labels), "median"), InputError, "label map", "2")


def test_an_empty_volume(refuse_array):
    refuse_array(np.zeros((0, 4, 4), np.int16), InputError, "empty", "(0, 4, 4)")


def test_an_rgb_volume(refuse_array):
    refuse_array(np.zeros((4, 8, 8, 3), np.uint8), InputError, "4 dimensions")


def test_complex_voxels(refuse_array):
    refuse_array(np.zeros((4, 8, 8), np.complex64), InputError, "complex64")


@pytest.mark.parametrize("matrix", [[0.0] * 16, [1.0] * 15, "x", None, [*MATRIX[:15], 2.0]])
def test_a_matrix_that_is_no_geometry(refuse_array, matrix):
    refuse_array(make_phantom(), GANEnhanceError, ijk_to_ras=matrix)


def test_a_modality_that_does_not_exist(refuse_array):
    refuse_array(make_phantom(), GANEnhanceError, "'PET'", "MR, CT, US", modality="PET")


def test_a_volume_of_another_modality_than_the_models(session, refuse, tmp_path):
    bundle = _bundle(tmp_path)
    volume = make_volume(modality="CT")
    refuse(lambda: session.enhance(volume, str(bundle)), ContractError, "CT", "MR")


def test_an_unknown_model(session, refuse):
    refuse(lambda: session.enhance(make_volume(), "mr-denoize"), ModelError, "mr-denoize", "median")


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
def test_a_bundle_that_must_not_be_loaded(session, refuse, tmp_path, spoil):
    bundle = _bundle(tmp_path)
    named = spoil(bundle)
    refuse(lambda: session.enhance(make_volume(), str(bundle)), ModelError, named)
    assert session.models([str(bundle)]), "one broken bundle must not spoil the list"


def test_a_weight_file_that_changes_while_the_worker_is_warm(session, refuse, tmp_path):
    from bad_bundles import change_weights

    bundle = _bundle(tmp_path)
    session.enhance(make_volume(), str(bundle))
    named = change_weights(bundle)
    refuse(lambda: session.enhance(make_volume(), str(bundle)), ModelError, named)


def test_an_roi_outside(session, refuse):
    options = EnhanceOptions(roi=((0, 24), (0, 20), (0, 7)))
    refuse(lambda: session.enhance(make_volume(), "median", options), OptionError, "0:7", "0:6")


@pytest.mark.parametrize("device", ["cuda:7", "mps"])
def test_a_device_that_is_not_there(session, refuse, tmp_path, device):
    bundle, options = _bundle(tmp_path), EnhanceOptions(device=device)
    refuse(lambda: session.enhance(make_volume(), str(bundle), options), DeviceError, device, "openvino")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"strength": 2}, "2"),
        ({"strength": "much"}, "'much'"),
        ({"fidelity": -0.1}, "-0.1"),
        ({"device": "gpu"}, "'gpu'"),
        ({"axis": "z"}, "'z'"),
        ({"roi": [[0, 1]]}, "ROI"),
        ({"patch": [1, 2]}, "patch"),
        ({"color": "red"}, "'color'"),
    ],
)
def test_an_option_that_is_not_allowed(session, refuse, options, named):
    class Options(EnhanceOptions):
        def to_dict(self):
            return options

    refuse(lambda: session.enhance(make_volume(), "median", Options()), OptionError, named)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux can limit another process")
def test_a_full_disk(session, refuse):
    volume = make_volume(make_phantom((12, 60, 60)))
    before = resource.prlimit(session.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(session.pid, resource.RLIMIT_FSIZE, (8000, before[1]))
    try:
        error = refuse(lambda: session.enhance(volume, "median"), GANEnhanceError, str(session.folder))
        assert error.code == "output" and error.hint
    finally:
        resource.prlimit(session.pid, resource.RLIMIT_FSIZE, before)
    assert session.enhance(volume, "median")[0].shape == volume.shape


def test_no_room_for_the_input_is_the_clients_sentence(session, monkeypatch):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8000, limits[1]))
    try:
        with pytest.raises(GANEnhanceError, match="cannot be handed to the worker") as error:
            session.enhance(make_volume(make_phantom((12, 60, 60))), "median")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert error.value.hint
    assert list(session.folder.glob("*.npy")) == []


@pytest.mark.parametrize("room", [2**23, 2**25], ids=["for nothing", "for the input only"])
def test_too_little_memory_is_said_and_survived(room):
    """An address space that has no room, as on a machine that is full."""
    if not hasattr(resource, "prlimit"):
        pytest.skip("only Linux can limit another process")
    with WorkerSession() as session:
        volume = make_volume()
        session.enhance(volume, "median")  # what is imported later would fail in other words
        size = int(next(line.split()[1] for line in open(f"/proc/{session.pid}/status") if "VmSize" in line))
        resource.prlimit(session.pid, resource.RLIMIT_AS, (size * 1024 + room, -1))
        big = make_volume(np.random.default_rng(0).integers(0, 999, (160, 300, 300), np.int16))
        with pytest.raises(DeviceError, match="memory"):
            session.enhance(big, "median")
        assert session.enhance(volume, "median")[1]["model"]["name"] == "median"


def test_the_command_and_the_worker_say_the_same(session, tmp_path, capsys):
    from command_line import write_phantom

    from GANEnhanceLib.cli import main
    from GANEnhanceLib.volume import read_volume

    path = write_phantom(tmp_path / "in.nrrd", np.full((4, 9, 9), 37, np.int16))
    for source, words, options in (
        (path, [], EnhanceOptions()),
        (write_phantom(tmp_path / "b.nrrd"), ["--roi", "0:9,0:9,0:9"], EnhanceOptions(roi=((0, 9),) * 3)),
        (write_phantom(tmp_path / "c.nrrd"), ["--model", "none"], EnhanceOptions()),
    ):
        model = "none" if "none" in words else "median"
        words = [*words, "--model", model]
        assert main(["enhance", str(source), str(tmp_path / "out.nrrd"), *words]) == 2
        with pytest.raises(GANEnhanceError) as error:
            session.enhance(read_volume(source), model, options)
        assert capsys.readouterr().err == f"ganenhance: {error.value}\n"


pytestmark = pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "fork"), reason="limits of POSIX")
