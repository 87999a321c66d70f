"""The benchmark's judgment of doubt maps: shares in closed form, pooled and worst case, and real maps."""

import bench_quality  # noqa: F401
import numpy as np
import pytest
from quality.doubt import doubt_bars, judge_doubt, missing_bar, share_row
from quality.ours import OurModel, Setting
from scipy.stats import norm
from test_bench_quality_figures import case_of
from test_inference_doubt import doubting


def row_of(case, width):
    """The row of errors of N(0, 1) under a map that is `width` all over."""
    error = np.random.default_rng(0).normal(size=100_000)
    return share_row(case, 5 + error, np.full(error.shape, width, np.float32), np.full(error.shape, 5.0))


@pytest.fixture
def case():
    image = np.random.default_rng(1).random((3, 24, 22)).astype(np.float32)
    return case_of(image, image + np.float32(0.05))


def test_the_share_is_that_of_the_normal_distribution(case):
    for share in (0.8, 0.9, 0.95):
        assert row_of(case, norm.ppf(0.5 + share / 2))["share"] == pytest.approx(share, abs=0.004)
    assert row_of(case, 1.0)["mean_error"] == pytest.approx((2 / np.pi) ** 0.5, abs=0.01)


def test_the_bar_is_held_between_its_limits_and_missed_on_both_sides():
    row = {"case": "x", "level": "6 %", "voxels": 100}
    for share, held in ((0.8699, False), (0.87, True), (0.93, True), (0.9301, False)):
        assert [bar["held"] for bar in doubt_bars([{**row, "share": share}], "m")] == [held, held]
    assert doubt_bars([], "m") == []
    assert not missing_bar("m")["held"]


def test_cases_that_miss_on_both_sides_are_not_saved_by_their_mean():
    rows = [
        {"case": "low", "level": "1 %", "voxels": 300, "share": 0.85},
        {"case": "high", "level": "9 %", "voxels": 300, "share": 0.96},
    ]
    pooled, worst = doubt_bars(rows, "m")
    assert (pooled["held"], pooled["value"]) == (True, 0.905)
    assert not worst["held"] and "high, 9 %" in worst["bar"]


def test_a_model_is_judged_by_the_map_that_the_engine_gives(case, tmp_path):
    model = OurModel(doubting(tmp_path / "even", "even"))
    row = judge_doubt(model, Setting("even, fidelity 1", 1.0), case)
    found = model.enhance(case.given, Setting("even, fidelity 1", 1.0), options={"doubt": True})
    below = np.abs(found.volume.voxels - case.reference) <= found.doubt.voxels
    assert row["share"] == pytest.approx(below[case.mask].mean(), abs=1e-4)
    assert row["voxels"] == case.mask.sum()
