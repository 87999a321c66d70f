"""What every test of the library shares: the repository on the path, few threads, only the shipped models."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Set before numpy, torch or SimpleITK is imported: many small jobs are fastest with one thread.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# For this process and for the ones that tests start, whether or not the package is installed.
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))


@pytest.fixture(scope="session")
def repository() -> Path:
    """Top folder of the project."""
    return ROOT


@pytest.fixture(autouse=True)
def _no_models_of_the_user(monkeypatch):
    """A test sees the shipped models only, unless it says otherwise."""
    monkeypatch.delenv("GANENHANCE_MODELS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", os.path.join(os.path.sep, "nonexistent"))


@pytest.fixture
def one_thread():
    """PyTorch computes on one thread while a test runs."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def session():
    """A worker of a module's own, as a client sees it."""
    from GANEnhanceLib.worker_session import WorkerSession

    with WorkerSession() as session:
        yield session


@pytest.fixture(scope="session")
def t1_head():
    """The shipped T1 head as a Volume of 62 x 128 x 128 voxels (k, j, i)."""
    from GANEnhanceLib.samples import sample_path
    from GANEnhanceLib.volume import read_volume

    return read_volume(sample_path("t1-head"))


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The user's folder of models: empty, named by the environment."""
    folder = tmp_path / "own"
    monkeypatch.setenv("GANENHANCE_MODELS", str(folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return folder
