"""The worker's folder of voxels: private, and swept when its owner was killed."""

import os
import stat
import subprocess
import sys
import tempfile

import pytest

from GANEnhanceLib.worker_folder import LOCK_NAME, PREFIX, WorkerFolder, remove_folder, sweep_folders

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="permissions and signals of POSIX")


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def _folder_of_killed_worker(temporary):
    """A folder whose owner was killed, as the system leaves it."""
    program = (
        "import os, signal; from GANEnhanceLib.worker_folder import WorkerFolder; folder = WorkerFolder();"
        "(folder.path / 'input-1.npy').write_bytes(b'voxels'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {**os.environ, "TMPDIR": str(temporary)}
    done = subprocess.run([sys.executable, "-c", program], env=environment)
    assert done.returncode == -9
    return next(temporary.glob(PREFIX + "*"))


def test_only_the_user_can_look_into_the_folder(temporary):
    folder = WorkerFolder()
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    folder.remove()
    assert not folder.path.exists()


def test_a_killed_workers_folder_is_swept(temporary):
    left = _folder_of_killed_worker(temporary)
    assert sweep_folders(age_seconds=0) == [left]
    assert not left.exists()


def test_a_living_workers_folder_is_kept(temporary):
    folder = WorkerFolder()
    assert sweep_folders(age_seconds=0) == []
    assert (folder.path / LOCK_NAME).exists()
    folder.remove()


def test_a_young_folder_is_kept(temporary):
    left = _folder_of_killed_worker(temporary)
    assert sweep_folders() == []
    assert left.exists()


def test_a_folder_without_a_lock_is_swept_when_old(temporary):
    left = temporary / (PREFIX + "x")
    left.mkdir()
    assert sweep_folders(age_seconds=0) == [left]


def test_a_link_is_not_followed(temporary):
    kept = temporary / "kept"
    kept.mkdir()
    (kept / "file").write_bytes(b"mine")
    (temporary / (PREFIX + "link")).symlink_to(kept, target_is_directory=True)
    assert sweep_folders(age_seconds=0) == []
    assert (kept / "file").exists()


def test_other_files_are_kept(temporary):
    (temporary / "other").mkdir()
    (temporary / (PREFIX + "file")).write_bytes(b"")
    assert sweep_folders(age_seconds=0) == []
    assert len(list(temporary.iterdir())) == 2


def test_removing_twice_is_harmless(temporary):
    folder = WorkerFolder()
    folder.remove()
    folder.remove()
    remove_folder(folder.path)
