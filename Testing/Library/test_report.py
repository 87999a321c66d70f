"""The report: JSON that every reader takes, and figures of this run only."""

import json
import mmap

import numpy as np
import pytest
from command_line import make_phantom, make_volume

from GANEnhanceLib.inference import EnhanceOptions
from GANEnhanceLib.pipeline import choose_model, enhance_with_report
from GANEnhanceLib.report import describe_gain, peak_memory_mib, plain, reset_peak_memory


def _report(volume, options=None):
    steps = enhance_with_report(volume, "median", options or EnhanceOptions())
    try:
        while True:
            next(steps)
    except StopIteration as stop:
        return stop.value.report


def test_a_report_is_strict_json_also_with_an_infinite_bound():
    report = _report(make_volume(), EnhanceOptions(bound=float("inf")))
    assert json.loads(json.dumps(report, allow_nan=False)) == report


def test_values_of_numpy_and_infinity_become_plain():
    value = {"a": np.float32(0.5), "b": (np.int64(3), float("inf")), 3: np.arange(2), "c": np.bool_(True)}
    assert plain(value) == {"a": 0.5, "b": [3, None], "3": [0, 1], "c": True}
    assert plain(object).startswith("<class")


def test_the_noise_is_that_of_the_region():
    rng = np.random.default_rng(0)
    voxels = make_phantom((6, 40, 40), "float32")
    voxels[:3] += rng.normal(0, 60, (3, 40, 40))
    volume = make_volume(voxels)
    noisy = _report(volume, EnhanceOptions(roi=((0, 40), (0, 40), (0, 3))))["noise"]
    calm = _report(volume, EnhanceOptions(roi=((0, 40), (0, 40), (3, 6))))["noise"]
    assert noisy["before"] > 2 * calm["before"]
    assert noisy["after"] < noisy["before"] / 2


def test_the_gain_is_a_sentence():
    assert describe_gain({"noise": {"before": 4.0, "after": 1.0}}).endswith("4 before, 1 after (25%).")
    assert "No noise" in describe_gain({"noise": {"before": 0.0, "after": 0.0}})


def test_the_reason_of_auto_is_in_the_report():
    model, reason = choose_model("auto", None)
    assert reason and model.card.kind == "classical"
    assert choose_model("median", None)[1] == ""
    assert _report(make_volume())["model"]["chosen"] == "by name"


def test_the_peak_is_measured_anew():
    if not reset_peak_memory():
        pytest.skip("this system cannot begin anew")
    # Mapped, because an allocator may serve an array from pages that it kept and keep them again.
    with mmap.mmap(-1, 40 * 2**20) as block:
        block.write(b"1" * len(block))
        high = peak_memory_mib()
    reset_peak_memory()
    assert peak_memory_mib() < high - 30
