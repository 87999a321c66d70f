"""The worker in a Python that lacks something: what is missing is said at once, and the rest works."""

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from command_line import make_phantom, make_volume

from GANEnhanceLib.errors import DeviceError, GANEnhanceError, WorkerError
from GANEnhanceLib.worker_python import python_fault
from GANEnhanceLib.worker_session import WorkerSession

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory):
    """A Python of its own without any package, as a user may have made it."""
    folder = tmp_path_factory.mktemp("python")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return folder / "bin" / "python"


@pytest.fixture
def session_with(bare_python, tmp_path):
    """Start a worker in that Python with some of the packages that this one has."""
    sessions = []

    def start(*packages):
        for package in packages:
            for path in {file.parts[0] for file in metadata.files(package) if file.parts[0] != ".."}:
                place = Path(metadata.distribution(package).locate_file(path))
                if place.exists():
                    (tmp_path / path).symlink_to(place)
        sessions.append(
            WorkerSession(str(bare_python), {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)})
        )
        return sessions[-1]

    yield start
    for session in sessions:
        session.close()


def test_without_numpy_there_is_one_sentence_and_no_worker(bare_python, session_with):
    with pytest.raises(WorkerError, match="has no numpy") as error:
        session_with()
    assert str(bare_python) in str(error.value) and "pip install numpy" in error.value.hint


def test_with_numpy_alone_the_worker_says_what_is_missing(session_with):
    session = session_with("numpy")
    hello = session.hello
    assert "neither OpenVINO nor PyTorch" in hello["missing"] and "no SimpleITK" in hello["missing"]
    assert not hello["network_ready"] and hello["backends"] == {"openvino": None, "torch": None}
    assert hello["device_choice"]["device"] is None
    assert "only classical filters" in hello["device_choice"]["reason"]
    for row in session.check(make_volume())["models"].values():
        assert row["level"] == "refuse" and row["sentence"]
    for model in ("median", "mr-denoise"):
        with pytest.raises(GANEnhanceError) as error:
            session.enhance(make_volume(), model)
        assert error.value.code != "unexpected" and error.value.hint


def test_networks_run_with_numpy_and_openvino_alone(session_with):
    volume = make_volume(make_phantom((3, 40, 44)))
    session = session_with("numpy", "openvino")
    assert session.hello["network_ready"] and session.hello["missing"].startswith(
        "This Python has no SimpleITK"
    )
    enhanced, _, kept = session.enhance_and_keep(volume, "mr-denoise")
    with WorkerSession() as other:
        wanted, _ = other.enhance(volume, "mr-denoise")
    assert np.array_equal(enhanced.voxels, wanted.voxels)
    assert np.array_equal(session.blend(kept, 1.0)[0], wanted.voxels)
    row = session.check(volume, models=["mr-denoise"])["models"]["mr-denoise"]
    assert row["level"] != "refuse" and row["seconds"] > 0


def test_filters_run_with_numpy_and_simpleitk_alone(session_with):
    session = session_with("numpy", "SimpleITK")
    assert "neither OpenVINO" in session.hello["missing"] and "SimpleITK" not in session.hello["missing"]
    assert session.enhance(make_volume(), "median")[1]["model"]["name"] == "median"
    with pytest.raises(DeviceError, match="neither OpenVINO nor PyTorch"):
        session.enhance(make_volume(), "mr-denoise")


def test_an_old_python_is_told_as_such():
    sentence, hint = python_fault((3, 9, 10, "final", 0))
    assert "3.9.10" in sentence and "3.10" in sentence and hint
    assert python_fault((3, 10, 0, "final", 0)) is None and python_fault() is None


def test_a_package_that_is_broken_is_one_sentence(bare_python, tmp_path):
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "__init__.py").write_text(
        "raise ImportError('libfoo.so: cannot open shared object.')"
    )
    with pytest.raises(WorkerError, match=r"libfoo\.so: cannot open shared object\.") as error:
        WorkerSession(str(bare_python), {"PYTHONPATH": str(tmp_path)})
    assert error.value.hint
