"""The worker as a process: ready, warm, cancelled, alone on stdout, and gone with everything it made."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from command_line import make_phantom, make_volume

from GANEnhanceLib import __version__, protocol
from GANEnhanceLib.errors import InputError, WorkerError
from GANEnhanceLib.inference import EnhanceOptions
from GANEnhanceLib.worker_folder import remove_folder
from GANEnhanceLib.worker_session import WorkerSession

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

WORKER = [sys.executable, "-m", "GANEnhanceLib.worker"]


def _wait_until(condition, seconds=5.0):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.01)


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A killed child of a killed parent waits for somebody to read its exit code: that is no life.
    return Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


class RawWorker:
    """A worker that is spoken to line by line."""

    def __init__(self, **settings):
        self.process = subprocess.Popen(
            WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **settings
        )
        self.hello = self.read()
        self.folder = Path(self.hello["folder"])

    def read(self):
        return protocol.decode(self.process.stdout.readline())

    def write(self, *messages):
        for message in messages:
            line = message if isinstance(message, bytes) else protocol.encode(message)
            self.process.stdin.write(line)
        self.process.stdin.flush()

    def read_end(self, number):
        """Return the last message of a request and the ones before it."""
        before = []
        while True:
            message = self.read()
            if message["id"] == number and message["event"] != "progress":
                return message, before
            before.append(message)

    def long_job(self, number=1, shape=(40, 200, 200)):
        """Start a job that takes many seconds, and wait until it computes."""
        protocol.save_array(self.folder / "x.npy", make_phantom(shape))
        self.write(_enhance(number, "nlm"))
        while self.read().get("fraction", 0) == 0:
            pass


@pytest.fixture
def raw():
    worker = RawWorker()
    yield worker
    worker.process.kill()
    worker.process.wait()
    remove_folder(worker.folder)
    for stream in (worker.process.stdin, worker.process.stdout, worker.process.stderr):
        stream.close()


def _enhance(number, model="median", file="x.npy", **params):
    source = {"file": file, "ijk_to_ras": np.eye(4).ravel().tolist(), "modality": "MR", "name": "x"}
    return {"id": number, "method": "enhance", "params": {"input": source, "model": model, **params}}


# What it says


def test_hello_tells_versions_devices_and_the_folder(session):
    hello = session.hello
    assert hello["protocol"] == protocol.PROTOCOL_VERSION
    assert hello["versions"]["GANEnhanceLib"] == __version__
    assert hello["versions"]["numpy"] == np.__version__
    assert {"SimpleITK", "openvino", "torch", "python"} <= set(hello["versions"])
    assert {"name", "label", "available", "reason"} <= set(hello["devices"][0])
    assert stat.S_IMODE(os.stat(hello["folder"]).st_mode) == 0o700
    assert session.request("hello")["pid"] == session.pid == hello["pid"]


def test_models_are_those_of_the_library(session):
    from GANEnhanceLib.models import list_models

    models = session.models()
    assert [model["name"] for model in models] == [entry.name for entry in list_models()]
    wanted = {"name", "title", "version", "kind", "modality", "description", "limits", "available", "reason"}
    assert all(wanted | {"fidelity_default"} <= set(model) for model in models)


def test_a_models_folder_of_the_user_is_listed(session, tmp_path):
    from make_bundle import make_tiny_bundle

    bundle = make_tiny_bundle(tmp_path / "tiny", kind="identity")
    names = [model["name"] for model in session.models([str(tmp_path)])]
    assert len(names) == len(session.models()) + 1
    assert json.loads((bundle / "configs" / "metadata.json").read_text())["name"] in names


def test_enhance_gives_a_volume_on_the_same_grid_and_a_report(session):
    volume = make_volume()
    before = volume.voxels.copy()
    shown = []
    enhanced, report = session.enhance(volume, "median", on_progress=shown.append)
    assert np.array_equal(volume.voxels, before)
    assert enhanced.voxels.dtype == volume.voxels.dtype and enhanced.shape == volume.shape
    assert np.array_equal(enhanced.ijk_to_ras, volume.ijk_to_ras)
    assert not np.array_equal(enhanced.voxels, volume.voxels)
    assert report["model"]["name"] == "median" and report["input"]["name"] == "phantom"
    fractions = [message["fraction"] for message in shown]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert list(session.folder.glob("*.npy")) == []


def test_options_travel(session):
    volume = make_volume()
    options = EnhanceOptions(roi=((2, 9), (3, 8), (1, 2)), output_type="float32", strength=0.5)
    enhanced, report = session.enhance(volume, "median", options)
    assert enhanced.voxels.dtype == np.float32
    changed = enhanced.voxels != volume.voxels
    inside = np.zeros(volume.shape, bool)
    inside[1:2, 3:8, 2:9] = True
    assert changed[inside].any() and not changed[~inside].any()
    assert report["options"]["strength"] == 0.5


@pytest.mark.parametrize(("axis", "index"), [("k", 2), ("j", 0), ("i", 23)])
def test_a_preview_is_the_slice_of_the_whole_run(session, axis, index):
    volume = make_volume()
    whole, _ = session.enhance(volume, "median")
    image, report = session.preview(volume, axis, index, "median")
    assert np.array_equal(image, np.take(whole.voxels, index, axis="kji".index(axis)))
    assert report["model"]["name"] == "median"


@pytest.mark.parametrize(
    ("which", "named"),
    [
        ({"axis": "k", "index": 6}, ["6", "0 to 5"]),
        ({"axis": "k", "index": -1}, ["-1", "0 to 5"]),
        ({"axis": "k", "index": "2"}, ["'2'"]),
        ({"axis": "z", "index": 2}, ["'z'", "k, j, i"]),
        ({"axis": "k", "index": 2, "options": {"roi": [[0, 1], [0, 1], [0, 1]]}}, ["ROI"]),
    ],
)
def test_a_preview_of_no_slice_is_refused(raw, which, named):
    protocol.save_array(raw.folder / "x.npy", make_phantom())
    request = _enhance(1, **which)
    raw.write({**request, "method": "preview"})
    end, _ = raw.read_end(1)
    assert end["event"] == "error" and end["code"] == "option"
    assert all(text in end["sentence"] + end["hint"] for text in named), end


# How it behaves


def test_wrong_requests_are_answered_and_the_worker_goes_on(raw):
    wrong = [
        b"not json\n",
        b"[1, 2]\n",
        b"\n",
        {"id": 1, "method": "dance"},
        {"id": 2, "method": "cancel", "params": {"target": "x"}},
        {"id": 3, "method": "enhance"},
        {"id": 4, "method": "enhance", "params": {"input": {"file": "../x.npy"}, "model": "median"}},
        {"id": 5, "method": "enhance", "params": {"input": {"file": "no.npy"}, "model": "median"}},
        {"id": 6, "method": "models", "params": {"folders": "x"}},
        _enhance(7, options={"strenght": 1}),
        _enhance(8, model=None),
        _enhance(9, options=[1]),
    ]
    raw.write(*wrong, {"id": 99, "method": "hello"})
    ends = {}
    while len(ends) < 11:
        message = raw.read()
        ends.setdefault(message["id"], message)
    assert ends.pop(99)["event"] == "result"
    assert set(ends) == {None, 1, 2, 3, 4, 5, 6, 7, 8, 9}
    for message in ends.values():
        assert message["event"] == "error" and message["sentence"] and message["code"] in protocol.ERROR_CODES
        assert message["code"] != "unexpected", message


def test_a_line_that_is_too_long_is_one_error(raw):
    raw.write(
        b'{"id": 1, "x": "' + b"x" * (2 * protocol.LONGEST_LINE) + b'"}\n', {"id": 2, "method": "hello"}
    )
    assert raw.read()["code"] == "worker"
    assert raw.read()["id"] == 2


def test_an_id_that_is_in_use_is_refused(raw):
    raw.long_job(1)
    raw.write({"id": 1, "method": "hello"})
    while (message := raw.read())["event"] == "progress":
        pass
    assert message["id"] is None and "1" in message["sentence"]


@pytest.mark.parametrize("model", ["nlm", "anisotropic-diffusion", "median"])
def test_cancel_is_answered_within_half_a_second_and_nothing_follows(raw, model):
    protocol.save_array(raw.folder / "x.npy", make_phantom((100, 250, 250)))
    raw.write(_enhance(1, model))
    while raw.read()["stage"] != "enhancing":
        pass
    begin = time.monotonic()
    raw.write({"id": 2, "method": "cancel", "params": {"target": 1}})
    end, _ = raw.read_end(1)
    assert time.monotonic() - begin < 0.5
    assert (end["event"], end["code"]) == ("error", "cancelled")
    assert raw.read() == {"id": 2, "event": "result"}
    # The next job starts when the step has ended, and nothing of the old one is heard any more.
    protocol.save_array(raw.folder / "y.npy", make_phantom())
    raw.write(_enhance(3, file="y.npy"))
    end, before = raw.read_end(3)
    assert end["event"] == "result" and {message["id"] for message in before} <= {3}


def test_hello_and_models_are_answered_while_a_job_runs(raw):
    raw.long_job(1)
    begin = time.monotonic()
    raw.write({"id": 2, "method": "models"})
    end, _ = raw.read_end(2)
    assert end["models"] and time.monotonic() - begin < 1.0


def test_cancelling_by_the_session_raises_cancelled(session):
    volume = make_volume(make_phantom((40, 200, 200)))
    begun = []
    with pytest.raises(protocol.Cancelled):
        session.enhance(volume, "nlm", on_progress=begun.append, cancelled=lambda: len(begun) > 2)
    assert session.request("hello")["pid"] == session.pid
    assert list(session.folder.glob("*.npy")) == []


def test_the_worker_stays_warm(session):
    """The second run of a model imports and reads nothing anew."""
    volume = make_volume()
    session.enhance(volume, "median")
    begin = time.monotonic()
    session.enhance(volume, "median")
    assert time.monotonic() - begin < 0.5


def test_an_error_is_raised_as_what_it_is_and_the_worker_goes_on(session):
    pid = session.pid
    with pytest.raises(InputError, match="constant"):
        session.enhance(make_volume(np.full((4, 9, 9), 3, np.int16)), "median")
    assert session.enhance(make_volume(), "median")[1]["model"]["name"] == "median"
    assert session.pid == pid


def _sitecustomize(tmp_path, text):
    """Return an environment in which Python runs `text` at its start, as a hostile library would."""
    (tmp_path / "sitecustomize.py").write_text(text)
    path = os.pathsep.join([str(tmp_path), os.environ["PYTHONPATH"]])
    return {**os.environ, "PYTHONPATH": path}


def test_what_libraries_print_does_not_reach_the_protocol(tmp_path):
    noisy = """
import os, sys, threading, time
def shout():
    while True:
        try:
            os.write(1, b"{not protocol\\n")
        except OSError:
            return
        print("nor this", flush=True)
        time.sleep(0.002)
def when_ready():
    # As soon as the worker has taken the streams: libraries are loaded later than this.
    while sys.stdout is not sys.stderr:
        time.sleep(0.001)
    shout()
if any("GANEnhanceLib.worker" in word for word in sys.orig_argv):
    threading.Thread(target=when_ready, daemon=True).start()
"""
    with WorkerSession(environment=_sitecustomize(tmp_path, noisy)) as session:
        enhanced, _ = session.enhance(make_volume(), "median")
        time.sleep(0.1)
        log = session.log
    assert "not protocol" in log and "nor this" in log
    assert "A message is not JSON" not in log


def test_a_crash_in_a_job_is_an_error_and_the_next_job_runs(tmp_path):
    """A fault in the engine itself, not in the input."""
    broken = """
import sys
if any("GANEnhanceLib.worker" in word for word in sys.orig_argv):
    import GANEnhanceLib.report as report
    real, calls = report.make_report, []
    def once_broken(*arguments):
        calls.append(1)
        if len(calls) == 1:
            raise ZeroDivisionError("division by zero")
        return real(*arguments)
    report.make_report = once_broken
"""
    with WorkerSession(environment=_sitecustomize(tmp_path, broken)) as session:
        with pytest.raises(protocol.UnexpectedError, match="ZeroDivisionError: division by zero") as error:
            session.enhance(make_volume(), "median")
        assert error.value.hint
        assert list(session.folder.glob("*.npy")) == []
        assert session.enhance(make_volume(), "median")[1]["model"]["name"] == "median"
        assert "Traceback" in session.log


# How it ends


def test_shutdown_ends_the_process_and_removes_the_folder(raw):
    raw.write({"id": 1, "method": "shutdown"})
    assert raw.read() == {"id": 1, "event": "result"}
    assert raw.process.wait(5) == 0
    assert not raw.folder.exists()


@pytest.mark.parametrize("busy", [False, True])
@pytest.mark.parametrize("way", ["shutdown", "end of file", signal.SIGTERM, signal.SIGINT])
def test_every_end_is_quick_and_leaves_no_folder(raw, way, busy):
    if busy:
        raw.long_job()
    if way == "shutdown":
        raw.write({"id": 5, "method": "shutdown"})
    elif way == "end of file":
        raw.process.stdin.close()
    else:
        raw.process.send_signal(way)
    assert raw.process.wait(3) == 0
    assert not raw.folder.exists()
    ends = [protocol.decode(line) for line in raw.process.stdout]
    ends = [message for message in ends if message["event"] != "progress"]
    assert [message["code"] for message in ends if message["id"] == 1] == (["cancelled"] if busy else [])


@pytest.mark.parametrize("busy", [False, True])
def test_the_worker_dies_with_its_parent(busy):
    """The parent is killed; another process holds the worker's stdin open, so only the parent's end tells."""
    program = f"""
import os, subprocess, sys, time
sys.path[:0] = {sys.path!r}
from test_worker import RawWorker
worker = RawWorker()
held, nowhere = worker.process.stdin.fileno(), subprocess.DEVNULL
holder = subprocess.Popen(["sleep", "30"], pass_fds=[held], stdout=nowhere)
if {busy}:
    worker.long_job()
print(worker.process.pid, holder.pid, worker.folder, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    pid, holder, folder = parent.stdout.readline().split()
    assert _lives(int(pid)) and Path(folder).exists()
    parent.kill()
    parent.communicate()
    try:
        _wait_until(lambda: not _lives(int(pid)), 4)
        assert not Path(folder).exists()
    finally:
        os.kill(int(holder), signal.SIGKILL)


def test_a_worker_started_by_a_thread_outlives_the_thread():
    """On Linux a parent's thread is a parent, too; its end must not end the worker."""
    import threading

    started = []
    thread = threading.Thread(target=lambda: started.append(WorkerSession()))
    thread.start()
    thread.join()
    with started[0] as session:
        time.sleep(1.2)
        assert session.enhance(make_volume(), "median")[1]["model"]["name"] == "median"


def test_a_worker_killed_in_the_middle_is_one_sentence_and_leaves_nothing():
    with WorkerSession() as session:
        folder, pid = session.folder, session.pid

        def kill(message):
            if message["fraction"] > 0:
                os.kill(pid, signal.SIGKILL)

        with pytest.raises(WorkerError, match="signal 9") as error:
            session.enhance(make_volume(make_phantom((40, 200, 200))), "nlm", on_progress=kill)
        assert error.value.hint
        assert not folder.exists()
        with pytest.raises(WorkerError, match="has ended"):
            session.enhance(make_volume(), "median")
        assert not folder.exists()


def test_an_interpreter_that_is_not_there_is_one_sentence():
    with pytest.raises(WorkerError, match="no-python"):
        WorkerSession(python="/no-python")


def test_an_interpreter_without_the_library_is_one_sentence():
    with pytest.raises(WorkerError, match="has ended"):
        WorkerSession(python=sys.executable, environment={"PYTHONHOME": "/nowhere"})


def test_no_place_for_the_folder_is_one_sentence():
    # Not even the superuser can make a folder in /proc; with TMPDIR, Python would fall back to other places.
    program = "import tempfile; tempfile.tempdir = '/proc'; from GANEnhanceLib.worker import main; main()"
    done = subprocess.run([sys.executable, "-c", program], stdin=subprocess.DEVNULL, capture_output=True)
    message = protocol.decode(done.stdout)
    assert done.returncode == 1 and message["code"] == "worker" and "/proc" in message["sentence"]
