"""The command, the worker and the library give the same voxels, bit for bit, for the same options."""

import numpy as np
import pytest
from command_line import assert_refused, make_phantom, make_volume, run_command, write_phantom  # noqa: F401
from make_bundle import make_tiny_bundle

from GANEnhanceLib import protocol
from GANEnhanceLib.inference import EnhanceOptions, run
from GANEnhanceLib.models import load_model
from GANEnhanceLib.volume import read_volume
from GANEnhanceLib.worker_session import WorkerSession

SHAPE = (7, 33, 41)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return {
        "2-D": make_tiny_bundle(folder / "two", kind="random", channels_in=1),
        "2.5-D": make_tiny_bundle(folder / "slices", kind="random", channels_in=5),
        "3-D": make_tiny_bundle(folder / "three", kind="random", dimensions=3),
        "median": "median",
        "anisotropic-diffusion": "anisotropic-diffusion",
        "nlm": "nlm",
    }


CASES = [
    ("2-D", "int16", [], {}),
    ("2.5-D", "int16", [], {}),
    ("3-D", "uint8", [], {}),
    ("median", "int16", [], {}),
    ("anisotropic-diffusion", "float32", [], {}),
    ("nlm", "uint16", [], {}),
    ("2.5-D", "float32", ["--device", "openvino"], {"device": "openvino"}),
    ("2.5-D", "float32", ["--device", "cpu"], {"device": "cpu"}),
    ("2.5-D", "int16", ["--float", "--strength", "0.3"], {"output_type": "float32", "strength": 0.3}),
    ("2.5-D", "int16", ["--fidelity", "0.4", "--axis", "j"], {"fidelity": 0.4, "axis": "j"}),
    ("2-D", "int16", ["--roi", "3:30,2:33,1:6"], {"roi": ((3, 30), (2, 33), (1, 6))}),
    ("3-D", "int16", ["--patch", "4,16,16", "--overlap", "2"], {"patch": (4, 16, 16), "overlap": 2}),
    ("3-D", "int16", ["--blend", "smooth", "--threads", "1"], {"blend": "smooth", "threads": 1}),
    (
        "2.5-D",
        "int16",
        ["--bound", "0.01", "--precision", "float32"],
        {"bound": 0.01, "precision": "float32"},
    ),
]


@pytest.mark.parametrize(
    ("model", "dtype", "words", "values"), CASES, ids=[f"{case[0]} {' '.join(case[2])}" for case in CASES]
)
def test_command_worker_and_library_are_equal(session, models, tmp_path, model, dtype, words, values):
    source = write_phantom(tmp_path / "in.nrrd", make_phantom(SHAPE, dtype))
    options, name = EnhanceOptions(**values), str(models[model])

    done = run_command("enhance", source, tmp_path / "out.nrrd", "--model", name, "--modality", "MR", *words)
    assert done.returncode == 0, done.stderr
    command = read_volume(tmp_path / "out.nrrd").voxels

    volume = read_volume(source)
    volume = make_volume(volume.voxels).with_voxels(volume.voxels) if volume.modality is None else volume
    worker, report = session.enhance(volume, name, options)
    library = run(volume, load_model(name), options).volume.voxels

    assert not np.array_equal(command, volume.voxels), "nothing was done, so nothing is compared"
    assert command.dtype == worker.voxels.dtype == library.dtype
    assert np.array_equal(command, worker.voxels)
    assert np.array_equal(command, library)


@pytest.mark.parametrize("model", ["2-D", "2.5-D", "3-D", "median", "nlm", "anisotropic-diffusion"])
@pytest.mark.parametrize(("axis", "index"), [("k", 0), ("j", 17), ("i", 40)])
def test_a_preview_has_the_voxels_of_the_whole_run(session, models, model, axis, index):
    volume, name = make_volume(make_phantom(SHAPE)), str(models[model])
    whole, _ = session.enhance(volume, name)
    image, _ = session.preview(volume, axis, index, name)
    assert np.array_equal(image, np.take(whole.voxels, index, axis="kji".index(axis)))


def _cancelling_after(steps):
    """Return the arguments of a run that is cancelled when so many steps are done."""
    done = []

    def count(message):
        if message["fraction"] > 0:
            done.append(message)

    return {"on_progress": count, "cancelled": lambda: len(done) >= steps}


@pytest.mark.parametrize("device", ["openvino", "cpu"])
def test_a_cancelled_run_leaves_nothing_behind_in_the_next(session, models, device):
    """The network that is kept warm may have been stopped in the middle of a slice."""
    name, options = str(models["2.5-D"]), EnhanceOptions(device=device)
    big = make_volume(make_phantom((60, 300, 300)))
    expected, _ = session.enhance(make_volume(make_phantom(SHAPE)), name, options)
    for steps in (1, 3):
        with pytest.raises(protocol.Cancelled):
            session.enhance(big, name, options, **_cancelling_after(steps))
        again, _ = session.enhance(make_volume(make_phantom(SHAPE)), name, options)
        assert np.array_equal(again.voxels, expected.voxels)


def test_a_warm_worker_gives_what_a_cold_one_gives(session, models):
    volume = make_volume(make_phantom(SHAPE))
    first, _ = session.enhance(volume, str(models["2.5-D"]))
    session.enhance(volume, str(models["2-D"]))
    session.preview(volume, "i", 3, str(models["2.5-D"]), EnhanceOptions(fidelity=0.2))
    again, _ = session.enhance(volume, str(models["2.5-D"]))
    with WorkerSession() as cold:
        other, _ = cold.enhance(volume, str(models["2.5-D"]))
    assert np.array_equal(first.voxels, again.voxels) and np.array_equal(first.voxels, other.voxels)
