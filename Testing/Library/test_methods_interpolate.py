"""The worker's `interpolate`, and the grid that `check` foretells: what a panel shows of finer results."""

import numpy as np
import pytest
from command_line import make_phantom, make_volume
from make_bundle import make_tiny_bundle

from GANEnhanceLib import protocol
from GANEnhanceLib.errors import InputError, WorkerError
from GANEnhanceLib.finer.grid import Grid
from GANEnhanceLib.inference import EnhanceOptions
from GANEnhanceLib.trust import hash_voxels
from GANEnhanceLib.volume import Volume

ABLE = {"through_plane": {"factors": [1.5, 4], "profile": "gaussian"}}
TURNED = np.array([[1.1, 0.3, 0, -24], [-0.3, 1.1, 0, 20], [0, 0, 1.3, 9], [0, 0, 0, 1]])


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "tiny-superres"
    fields = {"task": "super-resolution", "super_resolution": ABLE}
    return str(make_tiny_bundle(folder, "random", 3, **fields))


@pytest.fixture(scope="module")
def volume():
    return make_volume(make_phantom((7, 19, 22)))


def ask(session, volume, grid, **more):
    """Send `interpolate` as a client does; returns the voxels and the answer."""
    path = session.folder / f"in-{np.random.default_rng().integers(2**60)}.npy"
    protocol.save_array(path, volume.voxels)
    described = {"file": path.name, "ijk_to_ras": volume.ijk_to_ras.ravel().tolist(), "modality": "MR"}
    answer = session.request("interpolate", {"input": described, "grid": grid, **more})
    return np.array(protocol.load_array(session.folder / answer["file"])), answer


@pytest.mark.parametrize(
    "options",
    [{"scale": (1.0, 1.0, 3.0)}, {"like": Grid.make((8, 14, 15), TURNED)}],
    ids=["refined", "elsewhere"],
)
def test_it_is_what_a_finer_result_is_compared_with(session, bundle, volume, options):
    result, report, kept = session.enhance_and_keep(volume, bundle, EnhanceOptions(**options))
    expected, _ = session.blend(kept, 0.0)
    session.forget(kept)
    grid = Grid.of(result).to_dict()
    voxels, answer = ask(session, volume, grid, dtype=result.voxels.dtype.name)
    np.testing.assert_array_equal(voxels, expected)
    assert answer["sha256"] == hash_voxels(volume.voxels) == report["input"]["sha256"]
    floats, answer = ask(session, volume, grid)
    assert answer["dtype"] == "float32" and np.abs(floats - voxels).max() <= 0.5


def test_what_cannot_be_interpolated_is_said(session, volume):
    far = TURNED.copy()
    far[:3, 3] = 900
    with pytest.raises(InputError, match="outside of the volume"):
        ask(session, volume, Grid.make((3, 3, 3), far).to_dict())
    with pytest.raises(WorkerError, match="dtype is 'complex64'"):
        ask(session, volume, Grid.of(volume).to_dict(), dtype="complex64")


def test_the_check_tells_the_grid_or_that_there_is_none(session, bundle, volume):
    def row(volume, **asked):
        return session.check(volume, models=[bundle, "median"], **asked)["models"][bundle]

    good = row(volume, scale=[1, 1, 3])
    assert good["finer"]["shape"] == [21, 19, 22] and good["finer"]["factors"] == [1, 1, 3]
    wrong = row(volume, scale=[1, 2, 3])
    assert wrong["level"] == "refuse" and wrong["finer"] is None
    assert [each["check"] for each in wrong["findings"]] == ["finer"] and "in the plane" in wrong["sentence"]
    even = Volume(volume.voxels, np.eye(4), "MR")
    assert [each["check"] for each in row(even)["findings"]] == ["finer"]
    assert session.check(volume, models=["median"])["models"]["median"]["finer"] is None
