"""`check`: which models suit a volume before its voxels are there, and what a run takes."""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest
from bad_bundles import change_weights, pickle_weights
from command_line import make_phantom, make_volume
from make_bundle import make_tiny_bundle

from GANEnhanceLib.errors import GANEnhanceError, InputError, OptionError, WorkerError
from GANEnhanceLib.inference import EnhanceOptions
from GANEnhanceLib.methods.rates import Rates, cache_folder, mixed
from GANEnhanceLib.volume import Volume
from GANEnhanceLib.worker_session import WorkerSession

DESCRIBED = {
    "shape": [160, 256, 256],
    "dtype": "int16",
    "ijk_to_ras": np.eye(4).ravel().tolist(),
    "modality": "MR",
    "range": [0, 1500],
}


def worker_with(cache):
    return WorkerSession(environment={**os.environ, "GANENHANCE_CACHE": str(cache)})


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    with worker_with(tmp_path_factory.mktemp("rates")) as session:
        yield session


def check(session, described=None, **more):
    return session.request("check", {"volume": {**DESCRIBED, **(described or {})}, **more})


def for_others(session):
    """Names of the models whose contract does not know MR."""
    contracts = {model["name"]: model["contract"] or {} for model in session.models()}
    return [name for name, contract in contracts.items() if "MR" not in contract.get("modality", ["MR"])]


def test_every_model_of_the_list_is_judged(session):
    answer = check(session)
    assert list(answer["models"]) == [model["name"] for model in session.models()]
    for name in for_others(session):
        other = answer["models"].pop(name)
        assert other["level"] == "refuse" and "MR" in other["sentence"]
    assert answer["device"] == session.hello["device_choice"]["label"]
    # Voxels of 1 mm leave nothing to refine.
    finer = answer["models"].pop("mr-superres")
    assert finer["level"] == "refuse" and "nothing is to be refined" in finer["sentence"]
    thick = check(session, {"ijk_to_ras": np.diag([1.0, 1.0, 4.0, 1.0]).ravel().tolist()})["models"]
    for row in (*answer["models"].values(), thick["mr-superres"]):
        assert row["level"] == "ok" and row["sentence"]
        assert 0 < row["seconds"] < 3600 and 0 < row["memory_mib"] < 10_000


def test_the_worst_finding_is_the_one_that_is_shown(session):
    refused = check(session, {"modality": "CT"})["models"]["mr-denoise"]
    assert refused["level"] == "refuse" and "CT" in refused["sentence"] and refused["hint"]
    thick = np.diag([1.0, 1.0, 40.0, 1.0]).ravel().tolist()
    warned = check(session, {"ijk_to_ras": thick})["models"]["mr-denoise"]
    assert warned["level"] == "warn" and "40" in warned["sentence"]
    assert {finding["check"] for finding in warned["findings"]} >= {"modality", "spacing"}
    assert check(session, {"modality": "CT"})["models"]["median"]["level"] == "ok"
    assert check(session, {"modality": None})["models"]["mr-denoise"]["level"] == "ok"


def test_a_constant_volume_is_refused_before_it_is_sent(session):
    thick = np.diag([1.0, 1.0, 4.0, 1.0]).ravel().tolist()
    rows = check(session, {"range": [7, 7], "ijk_to_ras": thick})["models"]
    for row in (rows[name] for name in rows.keys() - set(for_others(session))):
        assert row["level"] == "refuse" and "constant" in row["sentence"] and "7" in row["sentence"]


def test_the_verdict_is_that_of_the_run(session, tmp_path):
    contract = {"value_range": [0, 100], "min_size": [9, 9, 9], "spacing_mm": [0.2, 0.5]}
    bundle = make_tiny_bundle(tmp_path / "tiny", "random", contract=contract)
    volume = make_volume()
    row = session.check(volume, models=[str(bundle)])["models"][str(bundle)]
    _, report = session.enhance(volume, str(bundle))
    assert row["findings"] == report["contract"]["findings"] and row["level"] == report["contract"]["level"]
    unknown = check(session, {"range": None}, models=[str(bundle)])["models"][str(bundle)]
    assert "values" not in {finding["check"] for finding in unknown["findings"]}


def test_no_voxel_is_read_and_it_is_answered_at_once(session):
    check(session)  # times a convolution, once for a computer
    begin = time.monotonic()
    answer = check(session, {"shape": [4000, 4000, 4000]})
    assert time.monotonic() - begin < 0.5
    row = answer["models"]["mr-denoise"]
    assert row["level"] == "warn" and "MiB of memory" in row["sentence"] and row["memory_mib"] > 200_000


def test_it_is_answered_while_a_job_runs(session):
    import threading

    volume = make_volume(make_phantom((40, 200, 200)))
    begun, ended = threading.Event(), threading.Event()

    def run():
        session.enhance(volume, "nlm", on_progress=lambda message: message["fraction"] and begun.set())
        ended.set()

    thread = threading.Thread(target=run)
    thread.start()
    assert begun.wait(20)
    assert check(session)["models"] and not ended.is_set()
    thread.join()


# Time and memory


def test_a_run_makes_the_estimate_a_measured_one(session):
    volume = make_volume(make_phantom((24, 128, 128)))
    for name in ("mr-denoise", "median"):
        for _ in range(2):  # the first one loads
            begin = time.monotonic()
            _, report = session.enhance(volume, name)
            seconds = time.monotonic() - begin
        row = session.check(volume)["models"][name]
        assert row["measured"]
        assert seconds / 3 < row["seconds"] < seconds * 3 + 1.0
        assert report["peak_memory_mib"] / 2 < row["memory_mib"] < report["peak_memory_mib"] * 2


def test_before_any_run_the_speed_of_the_computer_tells(tmp_path):
    """Honest to a factor of 2 where nothing else runs; here other tests may."""
    volume = make_volume(make_phantom((24, 128, 128)))
    with worker_with(tmp_path) as session:
        row = session.check(volume)["models"]["mr-denoise"]
        assert not row["measured"]
        session.enhance(volume, "mr-denoise")
        begin = time.monotonic()
        session.enhance(volume, "mr-denoise")
        seconds = time.monotonic() - begin
        assert seconds / 5 < row["seconds"] < seconds * 5 + 1.0
        # What ran tells of what has not.
        other = make_tiny_bundle(tmp_path / "other", "random", seed=3)
        row = session.check(volume, models=[str(other)])["models"][str(other)]
        assert not row["measured"] and row["seconds"] > 0


def test_a_region_takes_less(session):
    rows = [
        check(session, roi=roi)["models"]
        for roi in (None, [[0, 256], [0, 256], [0, 16]], [[0, 64], [0, 64], [0, 16]])
    ]
    # Along two of its three axes the network looks as far beyond a slab as it sees.
    for name, least in (("mr-denoise", 1.5), ("median", 2)):
        seconds = [row[name]["seconds"] for row in rows]
        assert seconds[0] > least * seconds[1] > least * seconds[2]


def test_previews_teach_nothing(tmp_path):
    """One block does not keep the device busy."""
    with worker_with(tmp_path) as session:
        session.preview(make_volume(), "k", 2, "mr-denoise")
        assert Rates(tmp_path).rows() == {}


def test_a_device_that_is_not_there_refuses_the_networks_only(session):
    answer = check(session, device="cuda:7")
    assert answer["device"] == ""
    assert "cuda:7" in answer["models"]["mr-denoise"]["sentence"]
    assert answer["models"]["mr-denoise"]["level"] == "refuse"
    assert answer["models"]["median"]["level"] == "ok"


# Models that are asked for


def test_models_may_be_named_or_given_by_folder(session, tmp_path):
    bundle = make_tiny_bundle(tmp_path / "tiny", "random")
    answer = check(session, models=["median", str(bundle), "nothing"])
    assert list(answer["models"]) == ["median", str(bundle), "nothing"]
    assert [row["level"] for row in answer["models"].values()] == ["ok", "ok", "refuse"]
    assert '"nothing"' in answer["models"]["nothing"]["sentence"]
    assert "tiny" in check(session, folders=[str(tmp_path)])["models"]


def test_a_model_with_the_name_of_another_can_be_asked_for_by_its_folder(session, tmp_path):
    twin = make_tiny_bundle(tmp_path / "median", "random")
    answer = check(session, folders=[str(tmp_path)], models=["median", str(twin)])
    assert answer["models"][str(twin)]["level"] == "ok"
    assert answer["models"]["median"]["memory_mib"] != answer["models"][str(twin)]["memory_mib"]


@pytest.mark.parametrize("spoil", [pickle_weights])
def test_a_broken_bundle_is_refused_with_its_reason(session, tmp_path, spoil):
    bundle = make_tiny_bundle(tmp_path / "tiny", "random")
    named = spoil(bundle)
    row = check(session, folders=[str(tmp_path)])["models"]["tiny"]
    assert row["level"] == "refuse" and named in row["sentence"] + row["hint"]
    assert row["seconds"] is None and row["memory_mib"] is None


def test_weights_are_not_read_for_it(session, tmp_path):
    bundle = make_tiny_bundle(tmp_path / "tiny", "random")
    change_weights(bundle)
    assert check(session, models=[str(bundle)])["models"][str(bundle)]["level"] == "ok"


# Bad input


@pytest.mark.parametrize(
    ("described", "kind", "named"),
    [
        ({"shape": [4, 4]}, InputError, "2 dimensions"),
        ({"shape": [0, 4, 4]}, InputError, "empty"),
        ({"shape": [4, 4, -1]}, WorkerError, "-1"),
        ({"shape": [4, 4, 2.5]}, WorkerError, "2.5"),
        ({"shape": "abc"}, WorkerError, "'abc'"),
        ({"shape": None}, WorkerError, "None"),
        ({"shape": [2**30] * 3}, WorkerError, "1073741824"),
        ({"dtype": "complex64"}, InputError, "complex64"),
        ({"dtype": "int17"}, WorkerError, "'int17'"),
        ({"dtype": None}, WorkerError, "None"),
        ({"dtype": "object"}, GANEnhanceError, "object"),
        ({"ijk_to_ras": [1] * 15}, WorkerError, "16 numbers"),
        ({"ijk_to_ras": [0] * 16}, InputError, "matrix"),
        ({"modality": "PET"}, WorkerError, "'PET'"),
        ({"range": [2, 1]}, OptionError, "[2, 1]"),
        ({"range": [1]}, OptionError, "[1]"),
        ({"range": "x"}, OptionError, "'x'"),
        ({"range": [0, float("inf")]}, OptionError, "inf"),
    ],
)
def test_a_volume_that_is_none(session, described, kind, named):
    line = {**DESCRIBED, **described}
    with pytest.raises(kind) as error:
        _check_with_any_json(session, {"volume": line})
    assert named in error.value.sentence and error.value.code != "unexpected"


def _check_with_any_json(session, params):
    """Send what Python's own JSON allows beyond the standard (Infinity)."""
    import queue

    session._answers[10**6] = queue.SimpleQueue()
    line = json.dumps({"id": 10**6, "method": "check", "params": params}).encode() + b"\n"
    session._process.stdin.write(line)
    session._process.stdin.flush()
    return session._wait(10**6)


@pytest.mark.parametrize(
    ("params", "kind"),
    [
        ({"volume": None}, WorkerError),
        ({"volume": [1]}, WorkerError),
        ({"models": "median"}, WorkerError),
        ({"models": [7]}, WorkerError),
        ({"models": [""]}, WorkerError),
        ({"folders": "x"}, WorkerError),
        ({"device": "gpu"}, OptionError),
        ({"device": 7}, OptionError),
        ({"roi": [[0, 1]]}, OptionError),
        ({"roi": [[0, 257], [0, 1], [0, 1]]}, OptionError),
    ],
)
def test_other_params_that_are_wrong(session, params, kind):
    with pytest.raises(kind) as error:
        session.request("check", {"volume": DESCRIBED, **params})
    assert error.value.code != "unexpected"


# The file of rates


DAMAGES = [b"", b"{", b"[]", b'{"schema": 1}', b'{"schema": 1, "rates": [1]}', b"\xff\xfe", b"{" * 100_000]
DAMAGES += [
    b'{"schema": 2, "rates": {"a": {"seconds": 1}}}',
    b'{"schema": 1, "rates": {"a": 7, "b": {"seconds": "x"}}}',
]
DAMAGES += [b'{"schema": 1, "rates": {"a": {"seconds": NaN}, "b": {"seconds": -1}, "c": {"seconds": true}}}']


@pytest.mark.parametrize("content", DAMAGES, ids=range(len(DAMAGES)))
def test_a_damaged_file_is_begun_anew(tmp_path, content):
    rates = Rates(tmp_path)
    rates.path.write_bytes(content)
    assert rates.rows() == {}
    rates.update("x", lambda old: {"seconds": 2.0 if old is None else 0.0})
    assert Rates(tmp_path).rows() == {"x": {"seconds": 2.0}}
    assert os.listdir(tmp_path) == ["rates.json"]


def test_a_worker_with_a_damaged_file_works(tmp_path):
    (tmp_path / "rates.json").write_text('{"schema": 1, "rates": {"x": {"seconds": 0}}, "')
    with worker_with(tmp_path) as session:
        assert check(session)["models"]["mr-denoise"]["seconds"] > 0
        session.enhance(make_volume(make_phantom((20, 200, 200))), "median")
        assert any("filter" in key for key in Rates(tmp_path).rows())


def test_a_place_that_cannot_be_written_is_no_fault(tmp_path):
    (tmp_path / "file").write_text("")
    with worker_with(tmp_path / "file" / "folder") as session:
        assert session.enhance(make_volume(make_phantom((20, 200, 200))), "median")
        assert check(session)["models"]["median"]["seconds"] > 0
    assert os.listdir(tmp_path) == ["file"]


def test_rows_of_others_stay_and_the_oldest_go(tmp_path):
    for number in range(230):
        Rates(tmp_path).update(f"row {number}", lambda old, number=number: {"seconds": float(number)})
    rows = Rates(tmp_path).rows()
    assert len(rows) == 200 and "row 229" in rows and "row 29" not in rows


def test_one_slow_run_does_not_decide():
    assert mixed(None, 4.0) == 4.0 and mixed(2.0, 4.0) == 3.0


def test_the_cache_is_where_the_platform_wants_it(monkeypatch, tmp_path):
    assert cache_folder() == Path(os.environ["GANENHANCE_CACHE"])
    monkeypatch.delenv("GANENHANCE_CACHE")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "ganenhance"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder() == Path("~/.cache/ganenhance").expanduser()
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert cache_folder() == tmp_path / "GANEnhance" / "Cache"
    monkeypatch.setattr("sys.platform", "darwin")
    assert cache_folder() == Path("~/Library/Caches/GANEnhance").expanduser()


def test_options_that_limit_threads_teach_nothing(tmp_path):
    with worker_with(tmp_path) as session:
        volume = Volume(make_phantom((20, 200, 200)), np.eye(4), "MR")
        session.enhance(volume, "median", EnhanceOptions(threads=1))
        assert Rates(tmp_path).rows() == {}
