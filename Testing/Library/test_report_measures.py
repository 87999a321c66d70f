"""The figures of the report on images whose figures are known, and what they come to in words."""

import math
import time
import tracemalloc

import numpy as np
import pytest
from measure_cases import (
    GRID,
    SHAPE,
    clean_image,
    image_with_noise,
    make_case,
    make_report,
    measured,
    rows_of,
)

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.measures import judge_row
from GANEnhanceLib.metrics import mae, psnr, ssim
from GANEnhanceLib.regions import BoxRegion
from GANEnhanceLib.report_document import make_document
from GANEnhanceLib.report_words import SENTENCES, conclude, number_text, summary, warnings
from GANEnhanceLib.volume import Volume


def box(center, size, shape=SHAPE):
    """A box region: center (i, j, k) and size in mm on the grid of the cases."""
    place = (np.array([*center, 1.0]) @ GRID.T)[:3]
    return BoxRegion(shape, GRID, place, np.eye(3), size)


TISSUE, GROUND = box((50, 47, 3), (16, 16, 12)), box((8, 8, 3), (12, 12, 12))


def document_of(*rows, **report):
    """A document with these rows (name, before, after, better)."""
    keys = ("name", "before", "after", "better")
    named = [{"label": "", "unit": "", "note": "", **dict(zip(keys, row, strict=True))} for row in rows]
    return make_document(make_report(**report), {"rows": named})


def names(document):
    return [conclusion.name for conclusion in conclude(document)]


# Figures


def test_noise_and_edges_are_those_of_the_images():
    rows = rows_of(image_with_noise(20), image_with_noise(5, seed=1))
    assert (rows["noise"].before, rows["noise"].after) == (
        pytest.approx(20, rel=0.1),
        pytest.approx(5, rel=0.1),
    )
    assert rows["edge_width"].after == pytest.approx(rows["edge_width"].before, abs=0.15)
    assert rows["edge_width"].unit == "mm" and rows["edge_slope"].unit == "value units/mm"
    assert rows["mean"].after == pytest.approx(rows["mean"].before, rel=0.01)
    assert rows["largest_change"].before is None and rows["largest_change"].after > 50
    assert [judge_row(rows[name].to_dict()) for name in ("noise", "mean")] == ["better", ""]


def test_figures_of_ct_are_hounsfield_units():
    rows = rows_of(image_with_noise(20, modality="CT"), image_with_noise(5, modality="CT"))
    assert {row.unit for row in rows.values()} == {"HU", "mm", "HU/mm"}


def test_a_part_that_was_changed_is_measured_alone():
    before = image_with_noise(20)
    voxels = before.voxels.copy()
    voxels[:, 34:60, 37:63] = clean_image()[:, 34:60, 37:63]
    rows = rows_of(before, before.with_voxels(voxels))
    assert rows["noise"].before == pytest.approx(20, rel=0.15) and rows["noise"].after < 2
    assert "part that was changed" in rows["noise"].note
    assert f"{26 * 26 / 96 / 100:.0%}" in rows["largest_change"].note


def test_nothing_changed():
    before = image_with_noise(20)
    rows = rows_of(before, before.with_voxels(before.voxels.copy()))
    assert rows["largest_change"].after == 0
    assert all(judge_row(row.to_dict()) in ("same", "") for row in rows.values())


def test_contrast_to_noise_of_two_regions():
    rows = rows_of(image_with_noise(20), image_with_noise(5, seed=1), tissue=TISSUE, background=GROUND)
    assert rows["cnr"].before == pytest.approx(500 / 20, rel=0.1)
    assert rows["cnr"].after == pytest.approx(500 / 5, rel=0.1)
    assert rows["contrast"].before == pytest.approx(500, rel=0.02)
    assert rows["cnr"].note == f"{16 * 16 * 4} voxels of tissue, {12 * 12 * 4} of background."


def test_a_region_outside_leaves_the_other_figures():
    away = box((900, 900, 3), (5, 5, 5))
    rows = rows_of(image_with_noise(20), image_with_noise(5), tissue=away, background=GROUND)
    assert rows["cnr"].before is None and "does not hold" in rows["cnr"].note
    assert rows["noise"].before > 0


def test_one_region_alone_says_nothing():
    assert "cnr" not in rows_of(image_with_noise(20), image_with_noise(5), tissue=TISSUE)


def test_a_reference_gives_the_measures_of_the_library():
    before, after = image_with_noise(20), image_with_noise(5, seed=1)
    reference = before.with_voxels(clean_image())
    found = measured(before, after, reference=reference)
    rows = {row.name: row for row in found.rows}
    assert found.data_range == 500
    assert rows["psnr"].after == psnr(after.voxels, reference.voxels, 500)
    assert rows["ssim"].before == ssim(before.voxels, reference.voxels, 500)
    assert rows["mae"].before == mae(before.voxels, reference.voxels)
    assert "500 (of the reference, 20 to 520)" in rows["psnr"].note
    chosen = measured(before, after, reference=reference, data_range=1000.0)
    assert chosen.data_range == 1000
    assert {row.name: row for row in chosen.rows}["psnr"].after == pytest.approx(
        rows["psnr"].after + 20 * math.log10(2)
    )


def test_a_perfect_result_is_infinite_and_says_so():
    before, reference = image_with_noise(20), Volume(clean_image(), GRID)
    row = rows_of(before, reference, reference=reference)["psnr"]
    assert row.to_dict()["after"] is None and "Infinite after" in row.note


def test_what_cannot_be_measured_is_one_sentence():
    before = image_with_noise(20)
    other = Volume(clean_image()[:, :, :-1], GRID)
    with pytest.raises(InputError, match=r"input has 100 x 96 x 6 voxels, but the result has 99 x 96 x 6"):
        measured(before, other)
    with pytest.raises(InputError, match="but the reference has"):
        measured(before, before, reference=other)
    with pytest.raises(InputError, match="constant"):
        measured(before, before, reference=before.with_voxels(np.full(SHAPE, 3)))
    for wrong in (0.0, -4.0, float("nan")):
        with pytest.raises(OptionError, match="data range"):
            measured(before, before, reference=before, data_range=wrong)


@pytest.mark.parametrize("shape", [(1, 40, 40), (1, 1, 2), (3, 1, 9), (2, 2, 2), (40, 40, 1)])
def test_volumes_of_any_size_have_rows(shape):
    rng = np.random.default_rng(0)
    before, after = (Volume(rng.integers(0, 900, shape).astype(np.int16), GRID) for _ in range(2))
    rows = rows_of(before, after, reference=before)
    assert {"noise", "edge_width", "edge_slope", "mean", "psnr"} <= set(rows)


def test_a_large_volume_is_measured_quickly_and_without_copies():
    rng = np.random.default_rng(0)
    clean = np.tile(np.kron(clean_image()[0], np.ones((3, 3))).astype(np.int16)[:256, :256], (160, 1, 1))
    before = Volume(clean + rng.integers(-30, 31, clean.shape, dtype=np.int16), np.eye(4), "MR")
    after = Volume(clean + rng.integers(-5, 6, clean.shape, dtype=np.int16), np.eye(4), "MR")
    began = time.process_time()
    measured(before, after)
    assert time.process_time() - began < 2
    tracemalloc.start()
    try:
        measured(before, after, reference=after)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64 * 2**20  # of 60 MiB of voxels, which would be 240 as float64


# Better and worse


@pytest.mark.parametrize(
    ("before", "after", "better", "verdict"),
    [
        (10, 4, "lower", "better"),
        (10, 12, "lower", "worse"),
        (10, 12, "higher", "better"),
        (10, 9, "higher", "worse"),
        (-2, -1, "higher", "better"),
        (10, 10.01, "higher", "same"),
        (0, 0, "lower", "same"),
        (0, 1, "lower", "worse"),
        (10, 4, "neither", ""),
        (None, 4, "lower", ""),
        (4, None, "lower", ""),
    ],
)
def test_better_or_worse(before, after, better, verdict):
    assert judge_row({"before": before, "after": after, "better": better}) == verdict


@pytest.mark.parametrize(("after", "verdict"), [(3.04, "same"), (3.2, "worse"), (2.8, "better")])
def test_the_word_beside_an_edge_is_that_of_the_sentence(after, verdict):
    width = {"name": "edge_width", "before": 3.01, "after": after, "better": "lower"}
    slope = {"name": "edge_slope", "before": 20, "after": 20, "better": "higher"}
    found = [each.name for each in conclude({"measures": {"rows": [width, slope]}})]
    assert judge_row(width) == verdict
    assert found == [{"same": "edges_same", "worse": "edges_wider", "better": "edges_narrower"}[verdict]]


# Words


def test_a_good_run_in_words():
    document, _ = make_case()
    said = summary(document)
    assert said.startswith("Noise fell to 25 %.") or said.startswith("Noise fell to 2")
    assert said.endswith("No voxel was held back by the bound. The volume suits the model.")
    assert document["measures"]["conclusions"] == [c.text() for c in conclude(document)]


@pytest.mark.parametrize(
    ("rows", "name", "text"),
    [
        ([("noise", 10, 3.8, "lower")], "noise_fell", "Noise fell to 38 %."),
        ([("noise", 10, 12, "lower")], "noise_rose", "Noise rose to 120 %."),
        ([("noise", 10, 10, "lower")], "noise_same", "Noise did not change."),
        ([("noise", 0, 0, "lower")], "noise_none", "No noise was measured."),
        (
            [("edge_width", 2, 2.5, "lower"), ("edge_slope", 9, 9, "higher")],
            "edges_wider",
            "Edges became 25 % wider, so less sharp.",
        ),
        (
            [("edge_width", 2, 1.5, "lower"), ("edge_slope", 9, 9.5, "higher")],
            "edges_narrower",
            "Edges became 25 % narrower, so sharper.",
        ),
        (
            [("edge_width", 2, 1.5, "lower"), ("edge_slope", 10, 8, "higher")],
            "edges_flatter",
            "Edges are no wider than before, but 20 % less steep.",
        ),
        (
            [("edge_width", 2, 2.01, "lower"), ("edge_slope", 10, 10, "higher")],
            "edges_same",
            "Edges are as sharp as before.",
        ),
        ([("cnr", 2, 4.5, "higher")], "cnr_better", "Contrast-to-noise rose from 2 to 4.5."),
        ([("cnr", 2, 1, "higher")], "cnr_worse", "Contrast-to-noise fell from 2 to 1."),
        (
            [("mae", 2, 1, "lower")],
            "reference_better",
            "The result is closer to the reference than the input was.",
        ),
        (
            [("mae", 2, 3, "lower")],
            "reference_worse",
            "The result is farther from the reference than the input was.",
        ),
    ],
)
def test_each_figure_in_words(rows, name, text):
    document = document_of(*rows)
    (conclusion,) = [c for c in conclude(document) if c.name == name]
    assert conclusion.text() == text


def test_bound_and_contract_in_words():
    assert "bound_none" in names(document_of())
    hit = document_of(bound_hits=576)
    assert "The bound held back 576 voxels (1.00%)." in summary(hit)
    assert not any(
        name.startswith("bound") for name in names(document_of(model={"name": "median", "kind": "classical"}))
    )
    finding = {"check": "spacing", "level": "warn", "sentence": "The spacing is 9 mm.", "hint": "Look."}
    warned = document_of(contract={"level": "warn", "findings": [finding]})
    assert "contract_warn" in names(warned) and warnings(warned) == ["The spacing is 9 mm. Look."]
    assert "contract_refuse" in names(document_of(contract={"level": "refuse", "findings": []}))


def test_a_source_that_changed_is_told():
    same = make_document(make_report(), {"rows": [], "sha256": {"before": "12" * 32}})
    other = make_document(make_report(), {"rows": [], "sha256": {"before": "34" * 32}})
    assert "source_changed" not in names(same)
    assert names(other)[-1] == "source_changed"


def test_every_sentence_can_be_said_in_another_language():
    other = {name: f"<{text}>" for name, text in SENTENCES.items()}
    assert summary(document_of(("noise", 10, 3.8, "lower")), other).startswith("<Noise fell to 38 %.> <")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "\N{EN DASH}"),
        (0.0, "0"),
        (0.000123456, "0.000123"),
        (0.31697, "0.317"),
        (3.8, "3.8"),
        (26.5333, "26.5"),
        (502.71, "503"),
        (-1024.4, "-1024"),
        (12345.6, "12346"),
        (1.5e9, "1.5e+09"),
    ],
)
def test_numbers_can_be_read(value, text):
    assert number_text(value) == text


def test_the_flicker_of_a_sequence_is_a_row():
    flicker = {"before": 8.0, "after": 2.0}
    document = document_of(flicker=flicker, input={"modality": "US"})
    (row,) = document["measures"]["rows"]
    assert (row["name"], row["before"], row["after"], row["unit"]) == ("flicker", 8, 2, "value units")
    assert judge_row(row) == "better"
    assert document_of(flicker={"before": None, "after": None})["measures"]["rows"] == []
