"""`measure` and `flicker` through a real worker: the library's figures, and one sentence for bad input."""

import json
import time

import numpy as np
import pytest
from measure_cases import GRID, clean_image, image_with_noise, measured, run_to_end

from GANEnhanceLib import metrics, protocol
from GANEnhanceLib.errors import GANEnhanceError, InputError, OptionError, WorkerError
from GANEnhanceLib.measures import measure_volumes
from GANEnhanceLib.regions import region_from_dict
from GANEnhanceLib.report_slices import take_slices
from GANEnhanceLib.trust import hash_voxels
from GANEnhanceLib.volume import Volume

TISSUE = {
    "kind": "box",
    "center_ras": [50.0, 47.0, 9.0],
    "axes_ras": [1, 0, 0, 0, 1, 0, 0, 0, 1],
    "size_mm": [16.0, 16.0, 9.0],
    "feather_mm": 0.0,
}


@pytest.fixture
def files(session):
    """Write arrays into the worker's folder; returns their names."""
    names = []

    def write(*arrays):
        new = [f"case-{len(names) + number}.npy" for number in range(len(arrays))]
        for name, array in zip(new, arrays, strict=True):
            protocol.save_array(session.folder / name, array)
        names.extend(new)
        return new

    yield write
    for name in names:
        (session.folder / name).unlink(missing_ok=True)
    assert list(session.folder.glob("*.npy")) == [], "the worker left files"


def described(name, modality="MR"):
    return {"file": name, "ijk_to_ras": GRID.ravel().tolist(), "modality": modality, "name": ""}


def test_figures_are_those_of_the_library(session, files):
    before, after = image_with_noise(20), image_with_noise(5, seed=1)
    reference, mask = before.with_voxels(clean_image()), np.zeros(before.shape, np.uint8)
    mask[:, :10, :10] = 2
    one, other, truth, labels = files(before.voxels, after.voxels, reference.voxels, mask)
    background = {"kind": "mask", "file": labels, "label": 2, "feather_mm": 0.0}
    progress = []
    answer = session.request(
        "measure",
        {
            "before": described(one),
            "after": other,
            "reference": truth,
            "data_range": 400.0,
            "regions": {"tissue": TISSUE, "background": background},
        },
        on_progress=progress.append,
    )
    tissue, ground = (
        region_from_dict(region, before.shape, GRID, lambda name: mask) for region in (TISSUE, background)
    )
    expected = measured(
        before, after, reference=reference, data_range=400.0, tissue=tissue, background=ground
    )
    assert answer["rows"] == [row.to_dict() for row in expected.rows]
    assert {row["name"] for row in answer["rows"]} >= {"noise", "edge_width", "cnr", "psnr", "ssim", "mae"}
    assert answer["data_range"] == 400
    assert answer["sha256"] == {"before": hash_voxels(before.voxels), "after": hash_voxels(after.voxels)}
    stack, shown = take_slices(before, after)
    slices = answer["slices"]
    path = protocol.file_in(session.folder, slices.pop("file"))
    assert np.array_equal(protocol.load_array(path), stack)
    path.unlink()
    assert slices == {"dtype": "float32", "shape": list(stack.shape), **shown}
    assert progress and all(message["stage"] == "measuring" for message in progress)


def test_an_image_alone_is_enough(session, files):
    before, after = files(np.random.default_rng(0).normal(9, 1, (3, 40, 40)), np.full((3, 40, 40), 9.0))
    answer = session.request("measure", {"before": described(before, None), "after": after})
    (session.folder / answer["slices"]["file"]).unlink()
    assert answer["data_range"] is None
    assert [row["name"] for row in answer["rows"]] == [
        "noise",
        "edge_width",
        "edge_slope",
        "mean",
        "largest_change",
    ]
    json.dumps(answer, allow_nan=False)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"before": None}, WorkerError, "input"),
        ({"after": None}, WorkerError, "None"),
        ({"after": "../x.npy"}, WorkerError, "../x.npy"),
        ({"after": "missing.npy"}, WorkerError, "missing.npy"),
        ({"after": "other"}, InputError, "voxels, but the result has"),
        ({"reference": "other"}, InputError, "voxels, but the reference has"),
        ({"reference": "same", "data_range": 0}, OptionError, "data range is 0"),
        ({"reference": "same", "data_range": "wide"}, OptionError, "wide"),
        ({"regions": [1]}, WorkerError, "regions"),
        ({"regions": {"tissue": {"kind": "ball"}}}, OptionError, "ball"),
    ],
)
def test_bad_requests_are_one_sentence(session, files, change, error, said):
    voxels = np.random.default_rng(0).normal(9, 1, (3, 40, 40))
    names = dict(zip(("same", "other"), files(voxels, voxels[:, :-1]), strict=True))
    params = {"before": described(names["same"]), "after": names["same"]}
    change = {
        key: names.get(value, value) if isinstance(value, str) else value for key, value in change.items()
    }
    with pytest.raises(error) as raised:
        session.request("measure", {**params, **change})
    assert said in raised.value.sentence and raised.value.sentence.endswith(".")


def test_measuring_can_be_cancelled(session, files):
    voxels = np.random.default_rng(0).integers(0, 900, (60, 256, 256)).astype(np.int16)
    one, other = files(voxels, voxels + 1)
    with pytest.raises(protocol.Cancelled):
        session.request("measure", {"before": described(one), "after": other}, cancelled=lambda: True)


def test_flicker_is_that_of_the_library(session, files):
    frames = [image_with_noise(20, seed=seed).voxels for seed in range(2)]
    results = [image_with_noise(5, seed=seed + 5).voxels for seed in range(2)]
    names = files(*frames, *results)
    answer = session.request("flicker", {"before": names[:2], "after": names[2:]})
    before, after = metrics.flicker(tuple(frames), tuple(results))
    assert answer["before"] == {"sum": pytest.approx(before.total), "count": before.count}
    assert answer["after"] == {"sum": pytest.approx(after.total), "count": after.count}
    assert answer["after"]["sum"] < 0.3 * answer["before"]["sum"]


@pytest.mark.parametrize("frames", [None, [], ["a.npy"], ["a.npy", 3], "ab"])
def test_bad_frames_are_one_sentence(session, files, frames):
    (name,) = files(np.zeros((3, 8, 8)))
    with pytest.raises(GANEnhanceError) as raised:
        session.request("flicker", {"before": frames, "after": [name, name]})
    assert raised.value.code == "worker" and raised.value.sentence.endswith(".")


def test_no_step_of_measuring_is_long():
    radius = np.hypot(*np.ogrid[-1:1:256j, -1:1:256j])
    spots = radius < np.linspace(0.3, 0.9, 32)[:, None, None]
    generator = np.random.default_rng(3)
    before, after = (
        Volume((500 * spots + generator.normal(0, sigma, spots.shape)).astype(np.int16), np.eye(4), "MR")
        for sigma in (40, 10)
    )
    runs = []
    for _ in range(3):  # the least of each step: others compute meanwhile, and the first run imports
        steps = [time.thread_time()]
        for _ in measure_volumes(before, after, after):
            steps.append(time.thread_time())
        runs.append(np.diff(steps))
    least = np.min(runs, axis=0)
    total, longest = least.sum(), least.max()
    assert longest < 0.1 < total, f"{longest:.3f} s of {total:.2f} s"


def test_the_generators_of_measures_end_when_they_are_closed():
    steps = measure_volumes(image_with_noise(20), image_with_noise(5))
    next(steps)
    steps.close()
    with pytest.raises(StopIteration):
        next(steps)
    assert run_to_end(measure_volumes(image_with_noise(20), image_with_noise(5))).rows
