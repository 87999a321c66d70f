"""Bounds, contract, provenance and residual: what is said of a result is true and complete."""

import dataclasses
import hashlib
import json
import math
import tracemalloc
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import numpy as np
import pytest

import GANEnhanceLib
from GANEnhanceLib.errors import ContractError, InputError, OptionError
from GANEnhanceLib.intensity import fit_scaling
from GANEnhanceLib.trust import (
    NOT_FOR_DIAGNOSIS,
    Finding,
    Verdict,
    bound_residual,
    check_contract,
    hash_voxels,
    make_provenance,
    residual_summary,
    residual_volume,
)
from GANEnhanceLib.volume import Volume


def volume(shape=(5, 6, 7), modality="MR", spacing=(1, 1, 1), dtype="int16", name="Secret"):
    array = np.arange(math.prod(shape)).reshape(shape).astype(dtype)
    return Volume(array, np.diag([*spacing, 1.0]), modality, name)


def card(modality=("MR",), /, **contract):
    return SimpleNamespace(
        name="mr-denoise", kind="network", version="1.2", modality=tuple(modality), contract=contract, risk=""
    )


def levels(verdict):
    return {finding.check: finding.level for finding in verdict.findings}


# bounds


def test_a_residual_is_clipped_and_its_hits_are_counted():
    residual = np.array([[-0.3, -0.2, -0.1], [0, 0.2, 0.25]], np.float32)
    before = residual.copy()
    clipped, hits = bound_residual(residual, np.float32(0.2))
    assert clipped == pytest.approx(np.array([[-0.2, -0.2, -0.1], [0, 0.2, 0.2]]))
    assert clipped.dtype == np.float32
    assert hits == 2 and type(hits) is int
    assert np.array_equal(residual, before)


def test_a_residual_within_the_bound_is_not_changed():
    residual = np.array([-0.1, 0, 0.1], np.float32)
    for bound in (0.5, math.inf):
        clipped, hits = bound_residual(residual, bound)
        assert np.array_equal(clipped, residual) and hits == 0


def test_nan_is_not_hidden_by_the_bound():
    clipped, hits = bound_residual(np.array([np.nan, 5], np.float32), 1)
    assert np.isnan(clipped[0]) and clipped[1] == 1 and hits == 1


@pytest.mark.parametrize("bound", [0, -1, math.nan])
def test_a_bound_is_above_0(bound):
    with pytest.raises(OptionError, match=str(bound)):
        bound_residual(np.zeros(3), bound)


# contract


def test_a_volume_that_suits_has_only_good_findings():
    contract = card(spacing_mm=[0.5, 2], min_size=[4, 4, 4], value_range=[0, 4000])
    verdict = check_contract(volume(), contract)
    assert levels(verdict) == {"modality": "ok", "spacing": "ok", "size": "ok", "values": "ok"}
    assert verdict.level == "ok"
    verdict.raise_if_refused()


def test_another_modality_is_refused_by_name():
    for wrong in ("CT", "US", "PT"):
        verdict = check_contract(volume(modality=wrong), card(("MR", "CT") if wrong != "CT" else ("MR",)))
        assert verdict.level == "refuse"
        with pytest.raises(ContractError, match=f"{wrong}.*mr-denoise.*MR"):
            verdict.raise_if_refused()


def test_an_unknown_modality_passes_with_a_note():
    verdict = check_contract(volume(modality=None), card())
    assert verdict.level == "ok"
    assert "unknown" in verdict.findings[0].sentence and verdict.findings[0].hint


def test_a_model_for_any_modality_takes_each():
    for modality in ("MR", "CT", None):
        assert check_contract(volume(modality=modality), card(())).level == "ok"


def test_the_contract_may_narrow_the_cards_modalities():
    assert check_contract(volume(modality="CT"), card(("MR", "CT"), modality=["MR"])).level == "refuse"


@pytest.mark.parametrize(
    ("spacing", "shape", "level"),
    [
        ((1, 1, 1), (5, 6, 7), "ok"),
        ((0.4, 1, 3), (5, 6, 7), "warn"),
        ((1, 1, 3.1), (5, 6, 7), "warn"),
        ((0.5, 3, 0.5), (5, 6, 7), "ok"),
        ((1, 1, 99), (1, 6, 7), "ok"),
        ((99, 1, 1), (1, 6, 7), "warn"),
        ((float(np.float32(0.5)) - 2e-8, 1, 3.0000001), (5, 6, 7), "ok"),
    ],
)
def test_spacing(spacing, shape, level):
    verdict = check_contract(volume(shape, spacing=spacing), card(spacing_mm=[0.5, 3]))
    assert levels(verdict)["spacing"] == level


@pytest.mark.parametrize(
    ("spacing", "words"),
    [
        ((2, 2, 2), "The spacing of 2 x 2 x 2 mm is the 2 mm of the model."),
        ((1, 1, 1), "The spacing is 1 x 1 x 1 mm, but the model was made for 2 mm."),
    ],
)
def test_a_single_spacing_is_no_range_in_words(spacing, words):
    verdict = check_contract(volume(spacing=spacing), card(spacing_mm=[2, 2]))
    assert words in [finding.sentence for finding in verdict.findings]
    verdict.raise_if_refused()


def test_a_small_volume_is_warned_of():
    verdict = check_contract(volume((5, 6, 7)), card(min_size=[1, 6, 8]))
    assert levels(verdict)["size"] == "warn"
    assert "5 x 6 x 7" in verdict.findings[1].sentence and "1 x 6 x 8" in verdict.findings[1].sentence


@pytest.mark.parametrize(
    ("value_range", "level"),
    [([0, 209], "ok"), ([0, 208], "warn"), ([1, 300], "warn"), ([500, 900], "refuse")],
)
def test_range_of_values(value_range, level):
    verdict = check_contract(volume(), card(value_range=value_range))
    assert levels(verdict)["values"] == level
    assert "0 to 209" in verdict.findings[1].sentence


def test_the_worst_finding_is_the_verdict():
    ok, warn, refuse = (Finding("a", level, f"It is {level}.", "Do.") for level in ("ok", "warn", "refuse"))
    assert Verdict(()).level == "ok"
    assert Verdict((ok, warn)).level == "warn"
    assert Verdict((refuse, warn, ok)).level == "refuse"
    with pytest.raises(ContractError) as caught:
        Verdict((ok, warn, refuse)).raise_if_refused()
    assert (caught.value.sentence, caught.value.hint) == ("It is refuse.", "Do.")
    assert json.loads(json.dumps(Verdict((ok, refuse)).to_dict())) == {
        "level": "refuse",
        "findings": [
            {"check": "a", "level": "ok", "sentence": "It is ok.", "hint": "Do."},
            {"check": "a", "level": "refuse", "sentence": "It is refuse.", "hint": "Do."},
        ],
    }


# provenance


def test_the_hash_is_of_type_shape_and_bytes():
    array = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
    expected = hashlib.sha256(b"<i2 (2, 3, 4) " + array.astype("<i2").tobytes()).hexdigest()
    assert hash_voxels(array) == expected
    assert hash_voxels(np.asfortranarray(array)) == expected
    assert hash_voxels(array.astype(">i2")) == expected
    assert hash_voxels(np.repeat(array, 2, axis=2)[:, :, ::2]) == expected


def test_the_hash_tells_type_shape_and_values_apart():
    array = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
    changed = array.copy()
    changed[1, 2, 3] += 1
    others = (array.view(np.uint16), array.reshape(2, 4, 3), array.astype(np.int32), changed)
    assert len({hash_voxels(other) for other in (array, *others)}) == 5


def test_the_hash_does_not_depend_on_blocks_and_copies_nothing(tmp_path):
    array = np.random.default_rng(0).integers(-999, 999, (90, 256, 256)).astype(np.int16)
    tracemalloc.start()
    try:
        found = hash_voxels(array)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == hashlib.sha256(b"<i2 (90, 256, 256) " + array.tobytes()).hexdigest()
    assert peak < array.nbytes / 2
    np.save(tmp_path / "a.npy", array)
    assert hash_voxels(np.load(tmp_path / "a.npy", mmap_mode="r")) == found


@dataclasses.dataclass
class Options:
    strength: float = 0.5
    bound: float = math.inf
    roi: tuple | None = None


def test_provenance_tells_model_input_options_and_that_it_is_not_for_diagnosis():
    source = volume(modality="MR", spacing=(1, 1, 2.5))
    scaling = fit_scaling({"name": "mr-percentile"}, source.voxels)
    date = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=2)))
    record = make_provenance(
        SimpleNamespace(card=card(), sha256="ab" * 32),
        source,
        Options(),
        scaling=scaling,
        device="the CPU",
        verdict=check_contract(source, card()),
        bound_hits=3,
        date=date,
    )
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["software"] == f"GANEnhanceLib {GANEnhanceLib.__version__}"
    assert record["model"] == {"name": "mr-denoise", "version": "1.2", "sha256": "ab" * 32}
    assert record["input"] == {
        "shape": [5, 6, 7],
        "spacing_mm": [1.0, 1.0, 2.5],
        "type": "int16",
        "modality": "MR",
        "sha256": hash_voxels(source.voxels),
    }
    assert record["options"] == {"strength": 0.5, "bound": "inf", "roi": None}
    assert record["scaling"] == scaling.to_dict()
    assert record["contract"]["level"] == "ok"
    assert (record["device"], record["bound_hits"]) == ("the CPU", 3)
    assert record["date"] == "2026-03-04T03:06:07+00:00"
    assert record["notice"] == NOT_FOR_DIAGNOSIS == "Enhanced by a neural network; not for diagnosis."
    assert "Secret" not in json.dumps(record)


def test_provenance_leaves_out_what_is_not_known_and_is_dated_now():
    record = make_provenance(SimpleNamespace(card=card(), sha256="cd"), volume(), {"strength": np.float32(1)})
    assert not {"scaling", "device", "contract", "bound_hits"} & set(record)
    assert record["options"] == {"strength": 1.0}
    age = datetime.now(timezone.utc) - datetime.fromisoformat(record["date"])
    assert timedelta(0) <= age + timedelta(seconds=1) < timedelta(minutes=1)


# residual


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint64", "float32"])
def test_what_was_removed_is_positive(dtype):
    before = volume(dtype=dtype)
    after = before.with_voxels(
        np.where(before.voxels > 100, before.voxels - 3, before.voxels + 2).astype(dtype)
    )
    removed = residual_volume(before, after)
    assert np.array_equal(removed.voxels, np.where(before.voxels > 100, 3, -2))
    assert removed.voxels.dtype == np.float32
    assert np.array_equal(removed.ijk_to_ras, before.ijk_to_ras)


def test_the_summary_of_a_residual():
    generator = np.random.default_rng(0)
    before = volume((9, 10, 11), dtype="float32")
    after = before.with_voxels((before.voxels + generator.normal(1, 5, before.shape)).astype(np.float32))
    removed = before.voxels.astype(float) - after.voxels
    found = residual_summary(before, after, bound_hits=99)
    assert found["mean"] == pytest.approx(removed.mean())
    assert found["sd"] == pytest.approx(removed.std())
    assert found["max_abs"] == pytest.approx(np.abs(removed).max())
    assert found["bound_share"] == pytest.approx(0.1)
    assert residual_summary(before, before) == {"mean": 0, "sd": 0, "max_abs": 0, "bound_share": 0}
    json.dumps(found)


def test_volumes_of_two_sizes_have_no_residual():
    for function in (residual_volume, residual_summary):
        with pytest.raises(InputError, match=r"\(5, 6, 8\)"):
            function(volume(), volume((5, 6, 8)))


def test_a_filter_is_not_called_a_neural_network():
    filtered = SimpleNamespace(**{**vars(card()), "kind": "classical"})
    record = make_provenance(SimpleNamespace(card=filtered, sha256="ef"), volume(), {})
    assert record["notice"] == "Enhanced by a filter; not for diagnosis."
