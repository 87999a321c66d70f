"""Regions, kept runs and blends through a real worker: the voxels, the files, the memory, and bad input."""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from command_line import make_phantom, make_volume
from make_bundle import make_tiny_bundle
from test_worker import RawWorker

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import GANEnhanceError, InputError, OptionError, WorkerError
from GANEnhanceLib.inference import EnhanceOptions
from GANEnhanceLib.worker_folder import remove_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

BOX = {
    "kind": "box",
    "center_ras": [-20.0, 20.0, 14.0],
    "axes_ras": [0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1],
    "size_mm": [12.0, 10.0, 9.0],
    "feather_mm": 3.0,
}


def mask_of(volume):
    mask = np.zeros(volume.shape, np.int16)
    mask[1:4, 5:15, 6:20] = 3
    mask[0, 0, 0] = 1
    return mask


def regions_of(volume):
    return [None, BOX, {"kind": "mask", "mask": mask_of(volume), "label": 3, "feather_mm": 2.0}]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return str(make_tiny_bundle(tmp_path_factory.mktemp("m") / "tiny", "random", 3, residual_bound=0.02))


@pytest.fixture(scope="module")
def log_model(tmp_path_factory):
    scaling = {"name": "us-log", "dynamic_range_db": 40.0}
    return str(make_tiny_bundle(tmp_path_factory.mktemp("l") / "log", "random", scaling=scaling))


@pytest.fixture
def raw():
    worker = RawWorker()
    yield worker
    worker.process.kill()
    worker.process.wait()
    remove_folder(worker.folder)
    for stream in (worker.process.stdin, worker.process.stdout, worker.process.stderr):
        stream.close()


def files_of(folder):
    return sorted(path.name for path in Path(folder).iterdir() if path.name != "owner.lock")


def comparable(report):
    """A report without what differs from run to run."""
    report = json.loads(json.dumps(report))
    for key in ("seconds", "seconds_in_network", "peak_memory_mib"):
        del report[key]
    del report["provenance"]["date"]
    return report


# Kept runs


@pytest.mark.parametrize("dtype", ["int16", "float32"])
@pytest.mark.parametrize("which", ["model", "log_model", "median"])
def test_blends_are_runs_with_that_strength(session, request, which, dtype):
    name = which if which == "median" else request.getfixturevalue(which)
    volume = make_volume(make_phantom(dtype=dtype))
    for region in regions_of(volume):
        first, report, kept = session.enhance_and_keep(
            volume, name, EnhanceOptions(strength=0.2), region=region
        )
        weak, weak_report = session.enhance(volume, name, EnhanceOptions(strength=0.2), region=region)
        assert np.array_equal(first.voxels, weak.voxels)
        assert comparable(report) == comparable(weak_report)
        for strength in (0, 0.71, 1):
            direct, wanted = session.enhance(volume, name, EnhanceOptions(strength=strength), region=region)
            voxels, report = session.blend(kept, strength)
            assert voxels.dtype == direct.voxels.dtype and np.array_equal(voxels, direct.voxels)
            assert comparable(report) == comparable(wanted)
            for axis, index in (("k", 2), ("j", 9), ("i", 23)):
                image, _ = session.blend(kept, strength, axis, index)
                assert np.array_equal(image, np.take(direct.voxels, index, "kji".index(axis)))
        session.forget(kept)
    assert files_of(session.folder) == []


@pytest.mark.parametrize(("axis", "index"), [("k", 2), ("j", 9), ("i", 11)])
def test_blends_of_a_preview_are_previews_with_that_strength(session, model, axis, index):
    volume = make_volume()
    for region in regions_of(volume):
        for name in (model, "median"):
            _, _, kept = session.preview_and_keep(volume, axis, index, name, region=region)
            options = EnhanceOptions(strength=0.4)
            direct, wanted = session.preview(volume, axis, index, name, options, region=region)
            whole, _ = session.enhance(volume, name, options, region=region)
            for which in ({}, {"axis": axis, "index": index}):
                image, report = session.blend(kept, 0.4, **which)
                assert np.array_equal(image, direct)
                assert np.array_equal(image, np.take(whole.voxels, index, "kji".index(axis)))
                assert comparable(report) == comparable(wanted)
            session.forget(kept)


def test_a_preview_beside_the_region_is_the_inputs_slice(session, model):
    volume = make_volume()
    region = {"kind": "mask", "mask": mask_of(volume), "label": 3}
    image, report, kept = session.preview_and_keep(volume, "k", 5, model, region=region)
    assert np.array_equal(image, volume.voxels[5])
    assert "does not touch" in report["notes"][0] and report["noise"] == {"before": None, "after": None}
    assert np.array_equal(session.blend(kept, 0.5)[0], volume.voxels[5])
    session.forget(kept)


def test_a_region_is_reported_and_outside_is_untouched(session, model):
    volume = make_volume()
    _, mask_region = mask_of(volume), {"kind": "mask", "mask": mask_of(volume), "label": None}
    for region in (BOX, mask_region):
        enhanced, report = session.enhance(volume, model, region=region)
        assert report["region"]["kind"] == region["kind"] == report["provenance"]["region"]["kind"]
        changed = enhanced.voxels != volume.voxels
        assert changed.any() and not changed[:, 0, 12].any()
    assert not changed[mask_of(volume) == 0].any()


def test_the_same_report_gives_the_next_frame_its_scaling(session, model):
    volume = make_volume()
    brighter = volume.with_voxels(volume.voxels * 2)
    _, first = session.enhance(volume, model)
    _, alike = session.enhance(brighter, model, scaling=first["scaling"])
    _, fitted = session.enhance(brighter, model)
    assert alike["scaling"] == first["scaling"] != fitted["scaling"]
    assert session.enhance(volume, "median")[1]["scaling"] is None


def test_the_input_may_be_removed_while_a_run_of_it_is_kept(session, model):
    volume = make_volume()
    _, _, kept = session.enhance_and_keep(volume, model)
    assert files_of(session.folder) == [f"{kept}.f32"]
    direct, _ = session.enhance(volume, model, EnhanceOptions(strength=0.5))
    assert np.array_equal(session.blend(kept, 0.5)[0], direct.voxels)
    session.forget(kept)


def test_forgotten_runs_leave_no_file_and_no_memory(session, model):
    """Twenty runs of 3.4 MB each would be seen; what one leaves is given back."""
    volume = make_volume(make_phantom((30, 160, 180)))

    def resident():
        text = Path(f"/proc/{session.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0]) / 1024

    def mapped():
        return Path(f"/proc/{session.pid}/maps").read_text().count(str(session.folder))

    sizes = []
    for _ in range(20):
        _, _, kept = session.enhance_and_keep(volume, "median")
        session.blend(kept, 0.5)
        session.forget(kept)
        sizes.append(resident())
    assert files_of(session.folder) == [] and mapped() == 0
    assert max(sizes[10:]) - min(sizes[5:10]) < 15


def test_several_are_forgotten_at_once(session):
    kept = [session.enhance_and_keep(make_volume(), "median")[2] for _ in range(3)]
    assert len(set(kept)) == 3 and len(files_of(session.folder)) == 3
    with pytest.raises(WorkerError, match="kept-x"):
        session.forget(kept[0], "kept-x", kept[1])
    with pytest.raises(WorkerError):
        session.blend(kept[1], 1.0)
    session.blend(kept[2], 1.0)
    session.forget(kept[2])
    assert files_of(session.folder) == []


# While other things go on


def _request(number, method, **params):
    return {"id": number, "method": method, "params": params}


def _run_request(number, model="median", file="x.npy", **params):
    source = {"file": file, "ijk_to_ras": np.eye(4).ravel().tolist(), "modality": "MR", "name": "x"}
    return _request(number, "enhance", input=source, model=model, **params)


def test_a_kept_run_survives_a_cancelled_later_job(raw):
    protocol.save_array(raw.folder / "x.npy", make_phantom((60, 200, 200)))
    raw.write(_run_request(1, keep=True))
    first, _ = raw.read_end(1)
    voxels = np.load(raw.folder / first["file"])
    for number, model in ((2, "nlm"), (4, "median")):
        raw.write(_run_request(number, model, keep=True))
        while raw.read().get("stage") != "enhancing":
            pass
        raw.write(_request(number + 1, "cancel", target=number))
        assert raw.read_end(number)[0]["code"] == "cancelled"
    raw.write(_request(6, "blend", kept=first["kept"], strength=1))
    end, _ = raw.read_end(6)
    assert np.array_equal(np.load(raw.folder / end["file"]), voxels)
    assert files_of(raw.folder) == sorted(["x.npy", first["file"], end["file"], "kept-1.f32"])


def test_a_blend_is_cancelled_within_half_a_second_and_leaves_nothing(raw):
    protocol.save_array(raw.folder / "x.npy", make_phantom((60, 250, 250)))
    raw.write(_run_request(1, keep=True))
    first, _ = raw.read_end(1)
    raw.write(_request(2, "blend", kept="kept-1", strength=0.5))
    while raw.read().get("stage") != "blending":
        pass
    begin = time.monotonic()
    raw.write(
        _request(3, "cancel", target=2), _request(4, "blend", kept="kept-1", strength=1, axis="k", index=0)
    )
    assert raw.read_end(2)[0]["code"] == "cancelled"
    assert time.monotonic() - begin < 0.5
    assert raw.read_end(4)[0]["shape"] == [250, 250]
    assert files_of(raw.folder) == sorted(["x.npy", first["file"], "kept-1.f32", "result-4.npy"])


def test_a_run_that_is_forgotten_during_its_blend_ends_well(raw):
    protocol.save_array(raw.folder / "x.npy", make_phantom((60, 250, 250)))
    raw.write(_run_request(1, keep=True))
    first, _ = raw.read_end(1)
    raw.write(_request(2, "blend", kept="kept-1", strength=1))
    while raw.read().get("stage") != "blending":
        pass
    raw.write(_request(3, "forget", kept="kept-1"), _request(4, "blend", kept="kept-1", strength=1))
    end, before = raw.read_end(2)
    assert {"id": 3, "event": "result"} in before
    assert np.array_equal(np.load(raw.folder / end["file"]), np.load(raw.folder / first["file"]))
    assert raw.read_end(4)[0]["code"] == "worker"
    assert "kept-1.f32" not in files_of(raw.folder)


def test_the_end_of_the_worker_removes_kept_runs(raw):
    protocol.save_array(raw.folder / "x.npy", make_phantom())
    raw.write(_run_request(1, keep=True))
    raw.read_end(1)
    raw.write(_request(2, "shutdown"))
    assert raw.process.wait(5) == 0 and not raw.folder.exists()


# Bad input


@pytest.fixture
def refuse(session):
    def run(kind, *named, method="enhance", **params):
        volume = make_volume()
        path = session.folder / "bad-input.npy"
        protocol.save_array(path, volume.voxels)
        matrix = volume.ijk_to_ras.ravel().tolist()
        source = {"file": path.name, "ijk_to_ras": matrix, "modality": "MR"}
        base = {"input": source, "model": "median"} if method in ("enhance", "preview") else {}
        try:
            with pytest.raises(kind) as caught:
                session.request(method, {**base, **params})
        finally:
            path.unlink()
        error = caught.value
        assert type(error) is not protocol.UnexpectedError, error.sentence
        assert error.sentence.endswith(".") and "\n" not in error.sentence
        for text in named:
            assert text in str(error), f"{text!r} is not in {str(error)!r}"
        assert files_of(session.folder) == []
        return error

    return run


@pytest.mark.parametrize("name", ["kept-99", "", None, 7, ["kept-1"], {"a": 1}])
def test_an_unknown_kept_run(refuse, name):
    refuse(WorkerError, "keep", method="blend", kept=name, strength=1)


@pytest.mark.parametrize("names", ["kept-99", None, 7, ["kept-98", "kept-99"], [[]], [None]])
def test_an_unknown_kept_run_cannot_be_forgotten(refuse, names):
    refuse(WorkerError, "No kept run", method="forget", kept=names)


@pytest.mark.parametrize("strength", [float("nan"), float("inf"), -0.1, 1.1, "1", None, True, [1]])
def test_a_strength_that_is_none(session, refuse, strength):
    kept = session.enhance_and_keep(make_volume(), "median")[2]
    try:
        # JSON has no NaN, but Python's reader takes it, so that it can arrive.
        params = {"kept": kept, "strength": strength}
        line = json.dumps({"id": 10**6, "method": "blend", "params": params}).encode() + b"\n"
        with pytest.raises(OptionError, match="strength"):
            _send_line(session, line)
    finally:
        session.forget(kept)


def _send_line(session, line):
    import queue

    session._answers[10**6] = queue.SimpleQueue()
    session._process.stdin.write(line)
    session._process.stdin.flush()
    return session._wait(10**6)


@pytest.mark.parametrize(
    ("which", "named"),
    [
        ({"axis": "k"}, "None"),
        ({"index": 2}, "None"),
        ({"axis": "x", "index": 2}, "'x'"),
        ({"axis": "k", "index": 6}, "0 to 5"),
        ({"axis": "k", "index": 1.0}, "1.0"),
    ],
)
def test_a_slice_that_is_none(session, which, named):
    kept = session.enhance_and_keep(make_volume(), "median")[2]
    with pytest.raises(OptionError, match=named):
        session.request("blend", {"kept": kept, "strength": 1, **which})
    session.forget(kept)


def test_another_slice_than_the_kept_one(session):
    kept = session.preview_and_keep(make_volume(), "j", 9, "median")[2]
    for axis, index in (("j", 8), ("k", 1)):
        with pytest.raises(OptionError, match="only j 9"):
            session.blend(kept, 1.0, axis, index)
    session.forget(kept)


@pytest.mark.parametrize(
    ("region", "kind", "named"),
    [
        ({"kind": "mask", "file": "no.npy"}, WorkerError, "no.npy"),
        ({"kind": "mask", "file": "../x.npy"}, WorkerError, "../x.npy"),
        ({"kind": "mask"}, WorkerError, "None"),
        ({"kind": "mask", "file": "mask.npy", "label": 9}, InputError, "9"),
        ({"kind": "mask", "file": "other.npy"}, InputError, "23"),
        ({"kind": "mask", "file": "float.npy"}, InputError, "float"),
        ({"kind": "mask", "file": "mask.npy", "label": "x"}, OptionError, "'x'"),
        ({"kind": "mask", "file": "mask.npy", "feather_mm": -1}, OptionError, "-1"),
        ({"kind": "ball"}, OptionError, "'ball'"),
        ({}, OptionError, "box, mask"),
        ("box", OptionError, "box, mask"),
        ([1], OptionError, "box, mask"),
        ({**BOX, "size_mm": [1, 2]}, OptionError, "size"),
        ({**BOX, "size_mm": [0, 2, 2]}, OptionError, "0"),
        ({**BOX, "axes_ras": [0] * 9}, OptionError, "axes"),
        ({**BOX, "center_ras": [1e6, 0, 0]}, InputError, "box"),
        ({**BOX, "center_ras": None}, OptionError, "center"),
        ({**BOX, "feather_mm": "much"}, OptionError, "'much'"),
    ],
)
@pytest.mark.parametrize("which", [{}, {"method": "preview", "axis": "k", "index": 1}])
def test_a_region_that_is_none(session, refuse, region, kind, named, which):
    arrays = {
        "mask.npy": mask_of(make_volume()),
        "other.npy": np.ones((6, 20, 23), np.uint8),
        "float.npy": np.ones((6, 20, 24), np.float32),
    }
    for name, array in arrays.items():
        protocol.save_array(session.folder / name, array)
    try:
        with pytest.raises(GANEnhanceError) as caught:
            _refused(session, region, which)
    finally:
        for name in arrays:
            (session.folder / name).unlink()
    assert type(caught.value) is kind and named in caught.value.sentence, caught.value


def _refused(session, region, which):
    volume = make_volume()
    protocol.save_array(session.folder / "bad-input.npy", volume.voxels)
    matrix = volume.ijk_to_ras.ravel().tolist()
    source = {"file": "bad-input.npy", "ijk_to_ras": matrix, "modality": "MR"}
    params = {"input": source, "model": "median", "region": region, **which}
    try:
        session.request(params.pop("method", "enhance"), params)
    finally:
        (session.folder / "bad-input.npy").unlink()


SCALING = {"name": "mr-percentile", "low": 0.0, "high": 500.0, "limits": [-0.25, 2.0]}


@pytest.mark.parametrize(
    ("scaling", "named"),
    [
        ({**SCALING, "name": "ct-window"}, "'ct-window'"),
        ({**SCALING, "high": 0}, "not one"),
        ({**SCALING, "high": "x"}, "not one"),
        ({**SCALING, "gain": 2}, "not one"),
        ({"name": "mr-percentile"}, "not one"),
        ("mr-percentile", "not one"),
        ([], "not one"),
        (7, "not one"),
    ],
)
def test_a_scaling_that_is_none(refuse, model, scaling, named):
    refuse(OptionError, named, model=model, scaling=scaling)


def test_a_scaling_for_a_filter(refuse):
    refuse(OptionError, "works without one", scaling=SCALING)


@pytest.mark.parametrize("keep", ["yes", 1.5, [1], {"a": 1}])
def test_a_keep_that_is_none(refuse, keep):
    refuse(OptionError, "keep", keep=keep)


@pytest.mark.parametrize("source", [None, 7, "x.npy", [], {}, {"file": 7}])
@pytest.mark.parametrize("method", ["enhance", "preview"])
def test_an_input_that_is_none(refuse, method, source):
    refuse(WorkerError, method=method, input=source, axis="k", index=0)


@pytest.mark.parametrize("options", [7, [1], "x", {"strength": None}])
def test_options_of_a_preview_that_are_none(refuse, options):
    refuse(OptionError, method="preview", options=options, axis="k", index=0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can limit another process")
def test_a_full_disk_still_gives_the_result_that_fits(session):
    import resource

    volume = make_volume(make_phantom((12, 60, 60)))
    before = resource.prlimit(session.pid, resource.RLIMIT_FSIZE)
    # Room for the result (int16), not for the change (float32).
    resource.prlimit(session.pid, resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        enhanced, report, kept = session.enhance_and_keep(volume, "median")
    finally:
        resource.prlimit(session.pid, resource.RLIMIT_FSIZE, before)
    assert kept is None and "was not kept" in report["notes"][0]
    assert np.array_equal(enhanced.voxels, session.enhance(volume, "median")[0].voxels)
    assert files_of(session.folder) == [] and os.path.isdir(session.folder)


def test_a_warm_preview_takes_less_than_a_second(session):
    """The bar of the panel: 512 x 512, the shipped network, two cores; also with another fidelity."""
    volume = make_volume(make_phantom((12, 512, 512)))
    with session.holding(volume):
        for fidelity in (None, 0.35, 0.65, 0.35):
            options = EnhanceOptions(fidelity=fidelity)

            def once(options=options):
                begin = time.monotonic()
                session.preview(volume, "k", 6, "mr-denoise", options)
                return time.monotonic() - begin

            assert min(once() for _ in range(3)) < 1.0
