"""The worker's methods as Python calls: what is sent is taken away again, and results are arrays."""

import os

import numpy as np
import pytest
from command_line import make_volume
from make_bundle import make_tiny_bundle

from GANEnhanceLib.errors import GANEnhanceError, ModelError, WorkerError
from GANEnhanceLib.worker_session import WorkerSession


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with WorkerSession(environment={**os.environ, "XDG_DATA_HOME": str(home), "HOME": str(home)}) as session:
        yield session


@pytest.fixture(autouse=True)
def _nothing_is_left_in_the_folder(session):
    yield
    assert [path.name for path in session.folder.iterdir()] == ["owner.lock"]


def test_a_result_is_measured(session):
    volume = make_volume()
    enhanced, _ = session.enhance(volume, "median")
    mask = np.zeros(volume.shape, np.uint8)
    mask[2:4, 8:12, 8:14] = 1
    region = {"kind": "mask", "mask": mask, "label": None}
    answer = session.measure(volume, enhanced.voxels, volume.voxels, 500.0, {"tissue": region})
    assert answer["rows"] and answer["data_range"] == 500.0
    assert (
        answer["pictures"].dtype == np.float32 and list(answer["pictures"].shape) == answer["slices"]["shape"]
    )


def test_flicker_of_two_frames(session):
    frames = [make_volume().voxels[number] for number in (2, 3)]
    answer = session.flicker(frames, [np.zeros_like(frame) for frame in frames])
    assert answer["before"]["count"] > 0 and answer["after"]["sum"] == 0


def test_a_model_comes_and_goes(session, tmp_path):
    bundle = make_tiny_bundle(tmp_path / "tiny", "random")
    folders = [str(tmp_path / "mine")]
    added = session.add_model(bundle, folders=folders)
    assert added["name"] == "tiny" and added["folder"].startswith(folders[0])
    _, report = session.enhance(make_volume(), "tiny", folders=folders)
    assert report["model"]["name"] == "tiny"
    assert session.remove_model("tiny", folders=folders) == added["size_bytes"]
    with pytest.raises(ModelError, match="tiny"):
        session.enhance(make_volume(), "tiny", folders=folders)


def test_auto_looks_into_the_users_folders(session, tmp_path):
    make_tiny_bundle(tmp_path / "scan-denoise", "random", modality=["CT"])
    volume = make_volume(modality="CT")
    _, report = session.enhance(volume, "auto", folders=[str(tmp_path)])
    assert report["model"]["name"] == "scan-denoise"
    assert session.enhance(volume, "auto")[1]["model"]["kind"] == "classical"
    with pytest.raises(WorkerError, match="folders"):
        session.enhance(volume, "auto", folders="mine")


def test_a_held_volume_is_sent_once(session):
    volume = make_volume()
    with session.holding(volume):
        (name,) = (path.name for path in session.folder.glob("*.npy"))
        before = (session.folder / name).stat()
        images = [session.preview(volume, "k", number, "median")[0] for number in range(3)]
        assert [path.name for path in session.folder.glob("*.npy")] == [name]
        assert (session.folder / name).stat() == before
    whole, _ = session.enhance(volume, "median")
    assert all(np.array_equal(image, whole.voxels[number]) for number, image in enumerate(images))


def test_a_file_with_the_name_of_a_removed_one_is_looked_at_anew(session):
    """What is known of a file belongs to that file, not to its name."""
    from GANEnhanceLib import protocol

    path, reports = session.folder / "x.npy", []
    for factor in (1, 3):
        protocol.save_array(path, make_volume().voxels * factor)
        source = {"file": "x.npy", "ijk_to_ras": np.eye(4).ravel().tolist(), "modality": "MR"}
        result = session.request("enhance", {"input": source, "model": "mr-denoise"})
        reports.append(result["report"])
        (session.folder / result["file"]).unlink()
        path.unlink()
    assert reports[0]["input"]["sha256"] != reports[1]["input"]["sha256"]
    assert reports[1]["scaling"]["high"] == pytest.approx(3 * reports[0]["scaling"]["high"])


def test_a_volume_that_was_refused_is_refused_again_with_the_same_sentence(session):
    volume = make_volume(np.full((4, 9, 9), 3, np.int16))
    with session.holding(volume):
        sentences = set()
        for _ in range(2):
            with pytest.raises(GANEnhanceError) as error:
                session.preview(volume, "k", 1, "median")
            sentences.add(str(error.value))
    assert len(sentences) == 1 and "constant" in sentences.pop()
