"""The worker adds models as a job that can be cancelled, runs them at once, and removes them."""

import os

import pytest
from command_line import make_volume
from make_bundle import make_tiny_bundle

from GANEnhanceLib.errors import ModelError, WorkerError
from GANEnhanceLib.protocol import Cancelled
from GANEnhanceLib.worker_session import WorkerSession


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    return make_tiny_bundle(tmp_path_factory.mktemp("made") / "tiny", "random", 3, seed=2)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def session(own):
    with WorkerSession(environment={**os.environ, "GANENHANCE_MODELS": str(own)}) as session:
        yield session


def names(session):
    return [row["name"] for row in session.models() if row["source"] == "user"]


def test_a_model_comes_runs_and_goes(session, own, complete):
    stages = []
    added = session.request(
        "add_model", {"path": str(complete)}, on_progress=lambda m: stages.append(m["stage"])
    )
    assert added["name"] == "tiny" and added["folder"] == str(own / "tiny") and added["size_bytes"] > 1000
    assert set(stages) == {"copying", "verifying"}
    assert names(session) == ["tiny"]
    _voxels, report = session.enhance(make_volume(), "tiny")
    assert report["model"]["name"] == "tiny"
    with pytest.raises(ModelError, match="there already"):
        session.request("add_model", {"path": str(complete)})
    assert session.request("add_model", {"path": str(complete), "replace": True})["name"] == "tiny"
    assert session.request("remove_model", {"name": "tiny"})["size_bytes"] == added["size_bytes"]
    assert names(session) == [] and list(own.iterdir()) == []
    with pytest.raises(ModelError, match="unknown"):
        session.enhance(make_volume(), "tiny")


def test_a_model_that_is_refused_leaves_nothing(session, own, complete):
    with pytest.raises(ModelError, match="does not exist"):
        session.request("add_model", {"path": str(complete / "nothing.zip")})
    with pytest.raises(ModelError, match="not one of yours"):
        session.request("remove_model", {"name": "median"})
    assert list(own.iterdir()) == []


def test_cancelling(session, own, complete):
    with pytest.raises(Cancelled):
        session.request("add_model", {"path": str(complete)}, cancelled=lambda: True)
    session.models()
    assert not [path for path in own.iterdir() if not path.name.startswith(".")]


def test_folders_of_the_request_go_first(session, own, complete, tmp_path):
    folders = [str(tmp_path / "setting")]
    added = session.request("add_model", {"path": str(complete), "folders": folders})
    assert added["folder"] == str(tmp_path / "setting" / "tiny")
    assert "tiny" not in names(session)
    session.request("remove_model", {"name": "tiny", "folders": folders})
    assert list((tmp_path / "setting").iterdir()) == []


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("add_model", {}),
        ("add_model", {"path": 3}),
        ("add_model", {"path": "x.onnx", "card": 3}),
        ("add_model", {"path": "x.onnx", "replace": "yes"}),
        ("add_model", {"path": "x.onnx", "folders": "x"}),
        ("remove_model", {}),
        ("remove_model", {"name": ["median"]}),
    ],
)
def test_wrong_messages(session, method, params):
    with pytest.raises(WorkerError):
        session.request(method, params)


def test_rows_say_what_the_panel_shows(session):
    rows = {row["name"]: row for row in session.models()}
    shipped = rows["mr-denoise"]
    assert shipped["data"] and "this model" in shipped["quality"] and shipped["size_bytes"] > 10**6
    assert shipped["weight_sets"] == ["fidelity", "perceptual"] and shipped["scale"] == 1
    assert shipped["contract"]["modality"] == ["MR"] and shipped["residual_bound"] == 0.5
    assert shipped["risk"] == "" and shipped["architecture"] == "with-doubt"
    assert rows["median"]["residual_bound"] is None and rows["median"]["size_bytes"] == 0
