"""Writing where it cannot work: one sentence, nothing half-written, and an older file stays as it was."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from volume_cases import SUFFIXES, voxels

from GANEnhanceLib.errors import OutputError
from GANEnhanceLib.volume import Volume, check_output_path, read_volume, write_volume

LARGE = Volume(voxels((40, 64, 64)), np.eye(4))  # 320 KiB that do not compress


def refusal(function, *arguments) -> str:
    with pytest.raises(OutputError) as caught:
        function(*arguments)
    assert caught.value.hint
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_older_file_is_replaced_and_nothing_else_is_left(tmp_path, suffix):
    path = tmp_path / f"v{suffix}"
    path.write_text("old")
    write_volume(LARGE, path)
    assert np.array_equal(read_volume(path).voxels, LARGE.voxels)
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_has_ordinary_permissions(tmp_path):
    previous = os.umask(0o022)
    try:
        write_volume(LARGE, tmp_path / "v.nrrd")
    finally:
        os.umask(previous)
    assert (tmp_path / "v.nrrd").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("function", [check_output_path, lambda path: write_volume(LARGE, path)])
def test_places_that_cannot_be_written(tmp_path, function):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.nii").mkdir()
    assert "does not exist" in refusal(function, tmp_path / "none" / "v.nii")
    assert "does not exist" in refusal(function, tmp_path / "file" / "v.nii")
    assert "is a folder" in refusal(function, tmp_path / "folder.nii")
    for name in ("v.txt", "v", ".nii", "v.mhd", "v.dcm"):
        assert ".nii.gz" in refusal(function, tmp_path / name)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that even root cannot write to")
@pytest.mark.parametrize("function", [check_output_path, lambda path: write_volume(LARGE, path)])
def test_a_folder_that_refuses_files(function):
    assert "cannot be written to" in refusal(function, Path("/proc/self/v.nii"))


def test_a_checked_path_is_given_back_and_leaves_no_trace(tmp_path):
    assert check_output_path(str(tmp_path / "v.NRRD")) == tmp_path / "v.NRRD"
    assert check_output_path(tmp_path / "r.json", (".json",)) == tmp_path / "r.json"
    assert ".json" in refusal(check_output_path, tmp_path / "r.txt", (".json",))
    assert not list(tmp_path.iterdir())


WRITE_WITH_LITTLE_ROOM = """
import resource, sys
import numpy as np
from GANEnhanceLib.errors import OutputError
from GANEnhanceLib.volume import Volume, write_volume

voxels = np.random.default_rng(0).integers(-32768, 32767, (40, 64, 64)).astype(np.int16)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_volume(Volume(voxels, np.eye(4)), sys.argv[1], compress=sys.argv[2] == "True")
except OutputError as error:
    print(error)
    sys.exit(7)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_may_not_grow(tmp_path, suffix, compress):
    path = tmp_path / f"v{suffix}"
    path.write_text("old")
    done = subprocess.run(
        [sys.executable, "-c", WRITE_WITH_LITTLE_ROOM, str(path), str(compress)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 7, done.stderr
    assert str(path) in done.stdout and len(done.stdout.splitlines()) == 1
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 200 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
        mounted = subprocess.run(mount, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("mounting a small disk is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk(small_disk, suffix):
    path = small_disk / f"v{suffix}"
    path.write_text("old")
    assert "is full" in refusal(write_volume, LARGE, path)
    assert path.read_text() == "old"
    assert list(small_disk.iterdir()) == [path]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_disk_that_is_full_only_for_the_last_bytes(tmp_path, suffix):
    small = Volume(LARGE.voxels[:2, :48, :48], np.eye(4))
    write_volume(small, tmp_path / f"whole{suffix}")
    room = (tmp_path / f"whole{suffix}").stat().st_size - 100
    program = WRITE_WITH_LITTLE_ROOM.replace("100_000", str(room)).replace(
        "voxels = ", f"voxels = np.load({str(tmp_path / 'small.npy')!r})\nunused = "
    )
    np.save(tmp_path / "small.npy", small.voxels)
    path = tmp_path / f"v{suffix}"
    done = subprocess.run([sys.executable, "-c", program, str(path), "True"], capture_output=True, text=True)
    assert done.returncode == 7, done.stdout + done.stderr
    assert not path.exists() and not list(tmp_path.glob(".ganenhance-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs interval timers")
@pytest.mark.parametrize("suffix", (".nii.gz", ".nrrd", ".mha"))
def test_an_interrupted_write_leaves_nothing(tmp_path, suffix):
    def interrupt(*_):
        raise KeyboardInterrupt

    path = tmp_path / f"v{suffix}"
    path.write_text("old")
    slow = Volume(np.tile(LARGE.voxels, (40, 1, 1)), np.eye(4))
    write_volume(LARGE, tmp_path / f"warm{suffix}")  # imports done
    previous = signal.signal(signal.SIGALRM, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, 0.02)
            write_volume(slow, path)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert path.read_text() == "old"
    assert {item.name for item in tmp_path.iterdir()} == {f"v{suffix}", f"warm{suffix}"}
